from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dealer_probation_months = fields.Integer(
        related="company_id.dealer_probation_months", readonly=False
    )
    dealer_probation_max_months = fields.Integer(
        related="company_id.dealer_probation_max_months", readonly=False
    )
    dealer_offer_days = fields.Integer(
        related="company_id.dealer_offer_days", readonly=False
    )
