from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dealer_hour_standard = fields.Selection(
        related="company_id.dealer_hour_standard", readonly=False
    )
