from odoo import api, models
from odoo.exceptions import UserError

from ..const import PRESENT_STATES


class DealerRepairOrder(models.Model):
    """Which visit, of which car and whom: once each, and for good (C10)."""

    _inherit = "dealer.repair.order"

    @api.model
    def _get_store_id(self, vals):
        """Return the id of the store (`res.company`) that a new visit belongs to."""
        default = self.env.context.get("default_company_id")
        return vals.get("company_id") or default or self.env.company.id

    def _find_by_external_ref(self, vals_list):
        """Return, for each values dict, the visit that already has its reference."""
        refs = {vals["external_ref"] for vals in vals_list if vals.get("external_ref")}
        if not refs:
            return [self.browse()] * len(vals_list)
        found = {
            (order.company_id.id, order.external_ref): order
            for order in self.search([("external_ref", "in", list(refs))])
        }
        return [
            found.get(
                (
                    self._get_store_id(vals),
                    vals.get("external_ref"),
                ),
                self.browse(),
            )
            for vals in vals_list
        ]

    def _ensure_cars_free(self, vals_list):
        """Refuse a second open visit of a car that stands in a workshop.

        The unique index is the judge; this gives the sentence that names where.
        """
        vehicle_ids = [
            vals["vehicle_id"]
            for vals in vals_list
            if vals.get("vehicle_id") and vals["state"] == "intake"
        ]
        if not vehicle_ids:
            return
        # Visits of other stores count too, hence the elevated look.
        order_sudo = self.sudo().search(
            [("vehicle_id", "in", vehicle_ids), ("state", "in", PRESENT_STATES)],
            limit=1,
        )
        if order_sudo:
            raise UserError(
                self.env._(
                    "%(car)s is already in the workshop of %(store)s "
                    "(%(order)s). Close that visit first.",
                    car=order_sudo.vehicle_id.license_plate
                    or order_sudo.vehicle_id.vin,
                    store=order_sudo.company_id.name,
                    order=order_sudo.name,
                )
            )

    def _ensure_identity_open(self, vals):
        """Keep car and customer of a visit whose sheets and prices name them."""
        for order in self:
            new_car = vals.get("vehicle_id", order.vehicle_id.id) != order.vehicle_id.id
            if new_car and order.state not in ("booked", "intake"):
                raise UserError(
                    order.env._(
                        "Vehicle: it was received with %(order)s and cannot be "
                        "exchanged. Cancel the visit and open one for the other car.",
                        order=order.name,
                    )
                )
            client = order.partner_id.id
            if vals.get("partner_id", client) != client and any(
                job.state not in ("draft", "expired") for job in order.job_ids
            ):
                raise UserError(
                    order.env._(
                        "Customer: %(order)s has offered or approved prices for "
                        "%(name)s. Cancel the visit and open one for the other "
                        "customer.",
                        order=order.name,
                        name=order.partner_id.name,
                    )
                )
