from odoo import models


class DealerRepairLine(models.Model):
    """A line as the settlement list shows it."""

    _inherit = "dealer.repair.line"

    def _get_sold_line(self):
        """Return the sale line of a line of which something came back, or none.

        It has the same price, and less of it.

        :rtype: `sale.order.line`
        """
        self.ensure_one()
        sold = self.sale_line_ids[:1]
        return sold.filtered(lambda sale: sale.product_uom_qty < self.quantity)

    def _get_kept_quantity(self):
        """Return how much of a line stayed on the car: what is billed.

        :rtype: float
        """
        sold = self._get_sold_line()
        return sold.product_uom_qty if sold else self.quantity

    def _prepare_settlement_line(self):
        """Return one row of the settlement list's tables.

        ``amount`` includes the tax; a part that the customer brought costs nothing.
        Of a part that came back unused only what was kept is listed, as it is billed.

        :rtype: dict
        """
        self.ensure_one()
        billed = self._get_sold_line() or self
        origins = dict(self._fields["part_origin"]._description_selection(self.env))
        return {
            "job": self.job_id.name,
            "name": self.name,
            "code": self.product_id.default_code or "",
            "brand": self.product_id.dealer_part_brand or "",
            "origin": origins.get(self.part_origin, ""),
            "is_customer_part": self.part_origin == "customer",
            "lots": ", ".join(
                self.sale_line_ids.move_ids.move_line_ids.lot_id.mapped("name")
            ),
            "quantity": self._get_kept_quantity(),
            "unit": self.product_uom_id.name,
            "price_unit": self.price_unit,
            "discount": self.discount,
            "tax": ", ".join(self.tax_ids.mapped("name")),
            "amount_untaxed": billed.price_subtotal,
            "amount_tax": billed.price_tax,
            "amount": billed.price_total,
        }
