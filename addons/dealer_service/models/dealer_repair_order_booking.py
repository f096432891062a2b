from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import ValidationError


class DealerRepairOrder(models.Model):
    """Booked visits: a bay held for a car that is still to come (C13)."""

    _inherit = "dealer.repair.order"

    booked_start = fields.Datetime(
        string="Booked for", help="When the car is expected."
    )
    booked_hours = fields.Float(
        string="Bay hours", default=1.0, help="How long the bay is held."
    )
    booked_bay_id = fields.Many2one(
        "dealer.bay", string="Booked bay", check_company=True
    )
    booking_signature = fields.Binary(string="Consent signature", copy=False)
    booking_signed_by = fields.Char(string="Consent given by", copy=False)
    reservation_ids = fields.One2many(
        "dealer.reservation", "order_id", string="Reservations"
    )

    def _reserve_booking(self):
        """Hold the bay of each booked visit.

        :raises ValidationError: if time, bay, consent or signature is missing
        """
        vals_list = []
        for order in self:
            missing = order._get_missing_booking()
            if missing:
                raise ValidationError("\n".join(missing))
            vals_list.append(
                {
                    "bay_id": order.booked_bay_id.id,
                    "order_id": order.id,
                    "company_id": order.company_id.id,
                    "start": order.booked_start,
                    "stop": order.booked_start + timedelta(hours=order.booked_hours),
                }
            )
        # Advisors book bays through a visit, not in the ledger itself.
        reservation_sudo = self.env["dealer.reservation"].sudo()
        reservation_sudo.create(vals_list)

    def _get_missing_booking(self):
        """Return what a booking still needs: time, bay, consent and signature.

        :rtype: list of sentences
        """
        self.ensure_one()
        checks = [
            (self.booked_start, self.env._("Booked for: enter date and time.")),
            (self.booked_bay_id, self.env._("Booked bay: choose the bay to reserve.")),
            (
                self.booked_hours > 0,
                self.env._("Bay hours: enter how long the bay is needed."),
            ),
            (
                self.booking_signed_by and self.booking_signature,
                self.env._(
                    "Consent signature: the customer agrees to the appointment."
                ),
            ),
        ]
        return [sentence for fulfilled, sentence in checks if not fulfilled]

    def _release_reservations(self):
        """Give back the bays and technicians held for these visits."""
        reservation_sudo = self.env["dealer.reservation"].sudo()
        reservation_sudo.search(
            [
                "|",
                ("order_id", "in", self.ids),
                ("job_id.order_id", "in", self.ids),
            ]
        ).unlink()
