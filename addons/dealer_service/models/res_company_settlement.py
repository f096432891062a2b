from odoo import fields, models

HOUR_STANDARDS = [
    ("maker", "Manufacturer's hour quotas"),
    ("industry", "Industry's hour quotas"),
    ("own", "The repairer's own hour quotas"),
]


class ResCompany(models.Model):
    """What a store says on its settlement lists (JT/T 1133-2017)."""

    _inherit = "res.company"

    dealer_hour_standard = fields.Selection(
        HOUR_STANDARDS,
        string="Hour quotas",
        default="maker",
        help="Whose standard hours the store bills; printed on the settlement list.",
    )
