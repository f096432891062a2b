from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dealer_labour_rate = fields.Monetary(
        related="company_id.dealer_labour_rate",
        readonly=False,
        currency_field="currency_id",
    )
    dealer_diagnosis_product_id = fields.Many2one(
        related="company_id.dealer_diagnosis_product_id", readonly=False
    )
    dealer_diagnosis_price = fields.Monetary(
        related="company_id.dealer_diagnosis_price",
        readonly=False,
        currency_field="currency_id",
    )
    dealer_symptom_premium = fields.Float(
        related="company_id.dealer_symptom_premium", readonly=False
    )
