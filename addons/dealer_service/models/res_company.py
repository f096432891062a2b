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
    dealer_credit_max = fields.Monetary(
        string="Supervisors approve credits up to",
        help="For one payer of one visit, in the store's currency; above it, the "
        "store manager approves. 0: no limit.",
    )
    dealer_arrears_days = fields.Integer(
        string="Remind before a credit is due",
        default=3,
        help="Days before the due date on which the advisor is reminded.",
    )

    _dealer_credit_max_positive = models.Constraint(
        "CHECK (dealer_credit_max >= 0)",
        lambda env, _diag: env._("The limit of credits cannot be negative."),
    )
    _dealer_arrears_days_positive = models.Constraint(
        "CHECK (dealer_arrears_days >= 0)",
        lambda env, _diag: env._("Days before the due date: cannot be negative."),
    )
    _dealer_offer_validity_positive = models.Constraint(
        "CHECK (dealer_offer_validity_days >= 0)",
        lambda env, _diag: env._("The validity of an estimate cannot be negative."),
    )
    _dealer_retention_floor = models.Constraint(
        "CHECK (dealer_retention_years >= 2)",
        lambda env, _diag: env._("Repair records are kept for at least two years."),
    )
