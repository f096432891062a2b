from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    dealer_offer_validity_days = fields.Integer(
        string="Estimates are valid for",
        default=7,
        help="Days after which an unanswered offer expires.",
    )
    dealer_due_soon_km = fields.Integer(
        string="Maintenance is due soon within (km)",
        default=1000,
        help="Km before the plan's mileage at which a service is offered.",
    )
    dealer_due_soon_days = fields.Integer(
        string="Maintenance is due soon within (days)",
        default=30,
        help="Days before the plan's date at which a service is offered.",
    )
    dealer_retention_years = fields.Integer(
        string="Keep repair records for",
        default=6,
        help="Years. The statute for warranty repairs asks for at least six; "
        "please have your lawyer confirm it.",
    )

    _dealer_offer_validity_positive = models.Constraint(
        "CHECK (dealer_offer_validity_days >= 0)",
        lambda env, _diag: env._("The validity of an estimate cannot be negative."),
    )
    _dealer_retention_floor = models.Constraint(
        "CHECK (dealer_retention_years >= 2)",
        lambda env, _diag: env._("Repair records are kept for at least two years."),
    )
