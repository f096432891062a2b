from odoo import fields, models

from ..const import CHANNELS, OUTCOMES, SATISFACTION
from ..models.dealer_followup_contact import CONTACT_FIELDS


class DealerFollowupContact(models.TransientModel):
    """The call form: the blocks of the script, then the result (F15)."""

    _name = "dealer.followup.contact"
    _description = "Log a contact"

    followup_id = fields.Many2one(
        "dealer.followup",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    partner_id = fields.Many2one(related="followup_id.partner_id")
    phone = fields.Char(related="followup_id.phone")
    vehicle_id = fields.Many2one(related="followup_id.vehicle_id")
    preferred_time = fields.Char(related="followup_id.preferred_time")
    channel = fields.Selection(CHANNELS, required=True, default="phone")
    outcome = fields.Selection(OUTCOMES, required=True)
    call_back_on = fields.Date(string="Call back on")
    use_of_car = fields.Text(string="Use of the car")
    opinion = fields.Text(string="Opinion of us")
    advice = fields.Text(string="Driving and care advice given")
    next_service = fields.Text(string="Next service reminder")
    events = fields.Text(string="Events and offers")
    potential_need = fields.Text(
        help="Reported to the supervisor as a lead.",
    )
    satisfaction = fields.Selection(SATISFACTION)
    note = fields.Text(string="Notes")

    def action_log(self):
        """Hand the answers to the follow-up, which checks and keeps them.

        :raises UserError: when the follow-up refuses a value
        """
        self.ensure_one()
        values = {name: self[name] for name in CONTACT_FIELDS if self[name]}
        if self.outcome != "reached":
            values.pop("satisfaction", None)
        self.followup_id.action_log_contact(values)
        return {"type": "ir.actions.act_window_close"}
