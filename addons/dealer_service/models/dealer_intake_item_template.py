from odoo import fields, models

from .dealer_intake_item import ITEM_KINDS


class DealerIntakeItemTemplate(models.Model):
    """One line that every intake sheet of a store starts with (F07)."""

    _name = "dealer.intake.item.template"
    _description = "Intake item"
    _order = "kind, sequence, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(ITEM_KINDS, required=True, default="belonging")
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", string="Store", help="Empty: used in all stores."
    )
    active = fields.Boolean(default=True)
