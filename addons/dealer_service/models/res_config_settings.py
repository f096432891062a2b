from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dealer_offer_validity_days = fields.Integer(
        related="company_id.dealer_offer_validity_days", readonly=False
    )
    dealer_due_soon_km = fields.Integer(
        related="company_id.dealer_due_soon_km", readonly=False
    )
    dealer_due_soon_days = fields.Integer(
        related="company_id.dealer_due_soon_days", readonly=False
    )
    dealer_retention_years = fields.Integer(
        related="company_id.dealer_retention_years", readonly=False
    )
    dealer_store_code = fields.Char(
        related="company_id.dealer_store_code", readonly=False
    )
    dealer_credit_max = fields.Monetary(
        related="company_id.dealer_credit_max",
        readonly=False,
        currency_field="currency_id",
    )
    dealer_arrears_days = fields.Integer(
        related="company_id.dealer_arrears_days", readonly=False
    )
