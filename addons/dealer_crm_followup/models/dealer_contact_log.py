from odoo import fields, models

from ..const import CHANNELS, OUTCOMES, SATISFACTION


class DealerContactLog(models.Model):
    """One call or letter, as it was (A9, A10, C12, F15).

    Written by ``dealer.followup.action_log_contact`` and never changed or deleted.
    The row keeps only what belongs to the contact itself; customer, car and visit
    are read through the follow-up, so that merging two customer files does not
    touch the archive. ``acted_for_id`` names the assigned clerk when somebody else
    stood in.
    """

    _name = "dealer.contact.log"
    _description = "Contact log"
    _inherit = ["dealer.write.once.mixin"]
    _order = "contacted_at desc, id desc"
    _rec_name = "followup_id"

    followup_id = fields.Many2one(
        "dealer.followup",
        string="Follow-up",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", string="Store", required=True, index=True, ondelete="restrict"
    )
    order_id = fields.Many2one(related="followup_id.order_id", string="Visit")
    partner_id = fields.Many2one(related="followup_id.partner_id", string="Customer")
    vehicle_id = fields.Many2one(related="followup_id.vehicle_id")
    contacted_at = fields.Datetime(string="Time", required=True)
    user_id = fields.Many2one(
        "res.users", string="Clerk", required=True, ondelete="restrict"
    )
    acted_for_id = fields.Many2one(
        "res.users", string="Stood in for", ondelete="restrict"
    )
    channel = fields.Selection(CHANNELS, required=True)
    outcome = fields.Selection(OUTCOMES, required=True)
    call_back_on = fields.Date(string="Call back on")
    use_of_car = fields.Text(string="Use of the car")
    opinion = fields.Text(string="Opinion of us")
    advice = fields.Text(string="Driving and care advice given")
    next_service = fields.Text(string="Next service reminder")
    events = fields.Text(string="Events and offers")
    potential_need = fields.Text()
    satisfaction = fields.Selection(SATISFACTION)
    note = fields.Text(string="Notes")
