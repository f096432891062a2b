import pytz

from odoo import fields, models

from ..const import MAX_PROBATION_MONTHS


class ResCompany(models.Model):
    _inherit = "res.company"

    dealer_probation_months = fields.Integer(
        string="Usual probation",
        default=3,
        help="Months a probation lasts unless the contract allows less.",
    )
    dealer_probation_max_months = fields.Integer(
        string="Longest probation",
        default=MAX_PROBATION_MONTHS,
        help="Months a probation may last with all its extensions. "
        "Never more than half a year.",
    )
    dealer_offer_days = fields.Integer(
        string="Offer letter within",
        default=5,
        help="Calendar days after the exam within which the offer letter "
        "reaches the applicant.",
    )

    _dealer_probation_months_range = models.Constraint(
        "CHECK (dealer_probation_months >= 1"
        " AND dealer_probation_months <= dealer_probation_max_months"
        " AND dealer_probation_max_months <= 6)",
        lambda env, _diag: env._(
            "The usual probation is at least one month and not above the longest "
            "probation, and the longest probation is at most six months."
        ),
    )
    _dealer_offer_days_positive = models.Constraint(
        "CHECK (dealer_offer_days >= 0)",
        lambda env, _diag: env._("The days for an offer letter cannot be negative."),
    )

    def _get_hr_today(self):
        """Return the calendar day it is now at this company's place of work.

        :return: the date in the time zone of the company's working hours
        :rtype: date
        """
        self.ensure_one()
        tz = pytz.timezone(self.sudo().resource_calendar_id.tz or "UTC")
        now = fields.Datetime.now().replace(tzinfo=pytz.utc)
        return now.astimezone(tz).date()
