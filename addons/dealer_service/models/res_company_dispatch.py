from odoo import fields, models


class ResCompany(models.Model):
    """Settings of dispatch, promises and progress (C5, C8, R3, R8)."""

    _inherit = "res.company"

    dealer_promise_buffer_minutes = fields.Integer(
        string="Wash and inspection",
        default=30,
        help="Minutes between the end of the work and the promised time.",
    )
    dealer_promise_grace_minutes = fields.Integer(
        string="Promise tolerance",
        default=30,
        help="Minutes by which a promise may be earlier than the capacity allows, "
        "e.g. because the customer took some time to agree.",
    )
    dealer_parts_lead_days = fields.Integer(
        string="Parts to order take",
        default=3,
        help="Days until a part arrives that is neither on stock nor on its way, "
        "unless its supplier says otherwise.",
    )
    dealer_team_waiting_max = fields.Integer(
        string="Waiting cars per team",
        default=2,
        help="More cars than these waiting for one team give a warning.",
    )
    dealer_progress_percent = fields.Integer(
        string="Ask for progress at",
        default=70,
        help="Percent of the planned hours of a job.",
    )
    dealer_notice_minor_minutes = fields.Integer(
        string="Delay notice, minor jobs",
        default=60,
        help="Minutes before the promised time.",
    )
    dealer_notice_major_minutes = fields.Integer(
        string="Delay notice, major jobs",
        default=1440,
        help="Minutes before the promised time; major are overhauls, level-2 "
        "maintenance and visits of eight hours and more.",
    )
    dealer_clock_auto_stop = fields.Boolean(
        string="Stop forgotten clocks",
        default=True,
        help="Stops clocks that run on after the end of the shift, as of its end.",
    )
    dealer_clock_grace_minutes = fields.Integer(
        string="Forgotten after",
        default=180,
        help="Minutes after the end of the shift; overtime of up to so long is "
        "clocked as usual.",
    )
    dealer_priority_rule_ids = fields.One2many(
        "dealer.priority.rule", "company_id", string="Priority of the workshop"
    )

    _dealer_dispatch_positive = models.Constraint(
        "CHECK (dealer_promise_buffer_minutes >= 0"
        " AND dealer_promise_grace_minutes >= 0"
        " AND dealer_parts_lead_days >= 0"
        " AND dealer_team_waiting_max >= 0"
        " AND dealer_notice_minor_minutes >= 0"
        " AND dealer_notice_major_minutes >= 0"
        " AND dealer_clock_grace_minutes >= 0)",
        lambda env, _diag: env._("The times of the workshop cannot be negative."),
    )
    _dealer_progress_between = models.Constraint(
        "CHECK (dealer_progress_percent BETWEEN 1 AND 100)",
        lambda env, _diag: env._("Ask for progress at: enter 1 to 100 percent."),
    )
