from odoo import api, fields, models
from odoo.exceptions import ValidationError

FEE_RULES = [
    ("never", "Never"),
    ("unrepaired", "Only if the customer does not have it repaired"),
    ("always", "Always"),
]


class ResCompany(models.Model):
    """When a store charges for a diagnosis (C2, section 6)."""

    _inherit = "res.company"

    dealer_diagnosis_fee_rule = fields.Selection(
        FEE_RULES,
        string="Diagnosis is charged",
        default="never",
        required=True,
        help="As a job of its own, which the customer answers like any other.",
    )

    @api.constrains("dealer_diagnosis_fee_rule", "dealer_diagnosis_product_id")
    def _check_dealer_diagnosis_fee(self):
        """Ask what is charged where something is."""
        for company in self:
            if company.dealer_diagnosis_fee_rule != "never" and (
                not company.dealer_diagnosis_product_id
            ):
                raise ValidationError(
                    company.env._(
                        "Diagnosis: choose the operation that %(store)s charges it "
                        "as, or charge it never.",
                        store=company.name,
                    )
                )
