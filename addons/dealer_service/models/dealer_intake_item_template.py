from odoo import fields, models

from .dealer_intake_item import ITEM_KINDS, WALKROUND_BLOCKS


class DealerIntakeItemTemplate(models.Model):
    """One line that every intake sheet of a store starts with (F07)."""

    _name = "dealer.intake.item.template"
    _description = "Intake item"
    _inherit = ["dealer.shared.list.mixin"]
    _order = "kind, sequence, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(ITEM_KINDS, required=True, default="belonging")
    block = fields.Selection(
        WALKROUND_BLOCKS, help="Walk-round: where the point is looked at."
    )
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        index=True,
        default=lambda self: self._default_list_company(),
        help="Empty: used in all stores.",
    )
    active = fields.Boolean(default=True)

    _block_of_walkround = models.Constraint(
        "CHECK (block IS NULL OR kind = 'walkround')",
        lambda env, _diag: env._("Block: only points of the walk-round have one."),
    )
