from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class DealerVehicleOwnership(models.Model):
    """Who owned a car, from which day to which (rule 1)."""

    _name = "dealer.vehicle.ownership"
    _description = "Owner of a car"
    _inherit = ["dealer.vehicle.period.mixin", "dealer.personal.data.mixin"]
    _masked_phone_fields = ("phone",)
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Owner", required=True, index=True, ondelete="restrict"
    )
    phone = fields.Char(related="partner_id.phone")

    @api.model
    def _open(self, owners, date=False):
        """Give cars their owner from a day on; what is so already stays untouched.

        :param dict owners: `res.partner` (empty for none) by `dealer.vehicle` record
        :param date date: first day; today if not given
        :raises ValidationError: if an owner does not exist, or entered later
        """
        date = fields.Date.to_date(date) or self.env.company._dealer_today()
        partners = self.env["res.partner"].union(*owners.values())
        if partners.exists() != partners:
            raise ValidationError(
                self.env._("Owner: this contact does not exist any more.")
            )
        held = self._search_from(
            Domain("vehicle_id", "in", [car.id for car in owners]), date
        )
        kept = held.filtered(
            lambda period: (
                not period.date_end and owners[period.vehicle_id] == period.partner_id
            )
        )
        (held - kept)._close(date)
        done = kept.vehicle_id
        self.create(
            [
                {"vehicle_id": car.id, "partner_id": owner.id, "date_start": date}
                for car, owner in owners.items()
                if owner and car not in done
            ]
        )
