from odoo import models

from .. import arguments as arg

# Earlier come-backs that the desk shows; the car's file has the rest.
SHOWN_COMEBACKS = 3


class DealerVehicle(models.Model):
    """What quality asks of a car: come-backs (外返, section 6), its plate's colour."""

    _inherit = "dealer.vehicle"

    @arg.typed(concern=arg.text, product_ids=arg.records("product.product"))
    def find_comebacks(self, concern=False, product_ids=None):
        """Return the running guarantees that fit what the car is brought for.

        A guarantee fits by the same operation or part, by the system that both texts
        name (see `dealer.fault.system`), or by words they share. Without concern and
        products all running guarantees are returned.

        :param str concern: the customer's words
        :param list product_ids: ids of `product.product`: labour and parts of the
            new work
        :raises AccessError: if the user may not read the car
        :return: dicts with ``guarantee_id``, ``name`` (the job), ``order``,
            ``store``, ``delivered_on``, ``end_date``, ``end_km``, ``days_left``,
            ``km_left``, ``reason`` (``operation``, ``part``, ``system``, ``words``,
            ``running``) and ``reason_text``; the surest first
        :rtype: list
        """
        self.ensure_one()
        self.check_access("read")
        guarantees = self.env["dealer.guarantee"]
        today = self.env.company._dealer_today()
        running = guarantees._running_on(self, today, self.odometer)
        products = self.env["product.product"].browse(product_ids or []).exists()
        return running._match_comebacks(concern, products, today, self.odometer)

    def _get_plate_color(self):
        """Return the colour of the plate; new energy plates have eight characters.

        :rtype: str
        """
        self.ensure_one()
        plate = (self.license_plate or "").replace("·", "").replace(" ", "")
        if not plate:
            return ""
        return self.env._("Green") if len(plate) == 8 else self.env._("Blue")

    def _prepare_reception_card(self):
        """Extend to warn of a car that came back before (外返)."""
        card = super()._prepare_reception_card()
        reworks = self.env["dealer.rework"].search(
            [
                ("vehicle_id", "=", self.id),
                ("kind", "=", "external"),
                ("state", "!=", "cancelled"),
            ],
            limit=SHOWN_COMEBACKS,
        )
        card["sections"].append(
            {
                "key": "comebacks",
                "title": self.env._("Came back before"),
                "tone": "warning",
                "lines": [rework._prepare_reception_line() for rework in reworks],
            }
        )
        return card
