from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dealer_promise_buffer_minutes = fields.Integer(
        related="company_id.dealer_promise_buffer_minutes", readonly=False
    )
    dealer_promise_grace_minutes = fields.Integer(
        related="company_id.dealer_promise_grace_minutes", readonly=False
    )
    dealer_parts_lead_days = fields.Integer(
        related="company_id.dealer_parts_lead_days", readonly=False
    )
    dealer_team_waiting_max = fields.Integer(
        related="company_id.dealer_team_waiting_max", readonly=False
    )
    dealer_progress_percent = fields.Integer(
        related="company_id.dealer_progress_percent", readonly=False
    )
    dealer_notice_minor_minutes = fields.Integer(
        related="company_id.dealer_notice_minor_minutes", readonly=False
    )
    dealer_notice_major_minutes = fields.Integer(
        related="company_id.dealer_notice_major_minutes", readonly=False
    )
    dealer_clock_auto_stop = fields.Boolean(
        related="company_id.dealer_clock_auto_stop", readonly=False
    )
    dealer_clock_grace_minutes = fields.Integer(
        related="company_id.dealer_clock_grace_minutes", readonly=False
    )
