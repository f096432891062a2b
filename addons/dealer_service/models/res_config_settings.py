from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """All settings of a store; those below are the administrator's alone."""

    _name = "res.config.settings"
    _inherit = ["res.config.settings", "dealer.store.settings.mixin"]

    dealer_retention_years = fields.Integer(
        related="company_id.dealer_retention_years", readonly=False
    )
    dealer_store_code = fields.Char(
        related="company_id.dealer_store_code", readonly=False
    )
    dealer_diagnosis_fee_rule = fields.Selection(
        related="company_id.dealer_diagnosis_fee_rule", readonly=False, required=True
    )
    dealer_hour_standard = fields.Selection(
        related="company_id.dealer_hour_standard", readonly=False
    )
    dealer_weight_intake = fields.Float(
        related="company_id.dealer_weight_intake", readonly=False
    )
