from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dealer_followup_from_days = fields.Integer(
        related="company_id.dealer_followup_from_days", readonly=False
    )
    dealer_followup_until_days = fields.Integer(
        related="company_id.dealer_followup_until_days", readonly=False
    )
