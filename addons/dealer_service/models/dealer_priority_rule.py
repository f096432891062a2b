from odoo import fields, models

PRIORITIES = [
    ("safety", "Safety or come-back"),
    ("waiting", "Customer waits in the store"),
    ("appointment", "Appointment on time"),
    ("promise", "Earliest promise"),
    ("arrival", "Order of arrival"),
]


class DealerPriorityRule(models.Model):
    """What comes first in the workshop of a store, in the order of its lines (R8).

    A store without lines follows the order of `PRIORITIES`.
    """

    _name = "dealer.priority.rule"
    _description = "Priority of the workshop"
    _order = "company_id, sequence, id"
    _rec_name = "criterion"

    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    sequence = fields.Integer(default=10)
    criterion = fields.Selection(PRIORITIES, required=True)

    _criterion_uniq = models.UniqueIndex(
        "(company_id, criterion)",
        lambda env, _diag: env._("Each criterion stands once in the order of a store."),
    )
