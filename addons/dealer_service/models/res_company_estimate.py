from odoo import fields, models


class ResCompany(models.Model):
    """What a store charges for its work, and how it estimates (C4)."""

    _inherit = "res.company"

    dealer_labour_rate = fields.Monetary(
        string="Labour rate per hour",
        currency_field="currency_id",
        help="Price of a labour hour in this store, before price lists. Zero: each "
        "operation has its own sales price.",
    )
    dealer_diagnosis_product_id = fields.Many2one(
        "product.product",
        string="Diagnosis",
        domain="[('dealer_kind', '=', 'labour')]",
        ondelete="restrict",
        check_company=True,
        help="The operation that a diagnosis is charged as.",
    )
    dealer_diagnosis_price = fields.Monetary(
        string="Price of a diagnosis",
        currency_field="currency_id",
        help="For one unit (an hour) of the diagnosis, before price lists. Zero: the "
        "labour rate.",
    )
    dealer_symptom_premium = fields.Float(
        string="Risk premium (%)",
        digits=(5, 2),
        help="Added to the labour of jobs that are estimated by symptom, as a line "
        "of its own that the customer sees and approves.",
    )

    _dealer_rates_positive = models.Constraint(
        "CHECK (COALESCE(dealer_labour_rate, 0) >= 0 "
        "AND COALESCE(dealer_diagnosis_price, 0) >= 0)",
        lambda env, _diag: env._("Labour rate: a price cannot be negative."),
    )
    _dealer_symptom_premium_range = models.Constraint(
        "CHECK (COALESCE(dealer_symptom_premium, 0) BETWEEN 0 AND 100)",
        lambda env, _diag: env._("Risk premium: enter 0 to 100 percent."),
    )
