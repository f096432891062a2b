from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dealer_diagnosis_fee_rule = fields.Selection(
        related="company_id.dealer_diagnosis_fee_rule", readonly=False, required=True
    )
