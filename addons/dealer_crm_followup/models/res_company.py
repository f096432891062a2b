from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    dealer_followup_from_days = fields.Integer(
        string="First call from day",
        default=2,
        help="Days after delivery on which the call window opens.",
    )
    dealer_followup_until_days = fields.Integer(
        string="First call until day",
        default=7,
        help="Days after delivery after which the call is overdue.",
    )

    _dealer_followup_window = models.Constraint(
        "CHECK (dealer_followup_from_days >= 0"
        " AND dealer_followup_until_days >= dealer_followup_from_days)",
        lambda env, _diag: env._(
            "The call window opens on the day of delivery at the earliest and does "
            "not close before it opens."
        ),
    )

    def _get_followup_zone(self):
        """Return the time zone of the store: that of its working hours.

        :rtype: str
        """
        self.ensure_one()
        return self.sudo().resource_calendar_id.tz or "UTC"

    def _get_followup_today(self):
        """Return the calendar day it is now in the store.

        :rtype: date
        """
        zoned = self.with_context(tz=self._get_followup_zone())
        return fields.Date.context_today(zoned)
