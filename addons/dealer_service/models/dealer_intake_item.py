from odoo import api, fields, models

ITEM_KINDS = [
    ("belonging", "Belonging"),
    ("document", "Document"),
    ("walkround", "Walk-round"),
]


class DealerIntakeItem(models.Model):
    """A thing in the car, a paper handed over or a point of the walk-round (C6).

    Locked with its sheet once the customer has signed; only ``returned`` is
    filled later, at delivery.
    """

    _name = "dealer.intake.item"
    _description = "Intake sheet line"
    _order = "kind, sequence, id"

    intake_id = fields.Many2one(
        "dealer.intake", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(ITEM_KINDS, required=True, default="belonging")
    name = fields.Char(required=True)
    is_present = fields.Boolean(
        string="Present / OK",
        help="Belongings and papers: it is in the car. Walk-round: no damage.",
    )
    condition = fields.Char(help="Damage, place, number of pieces.")
    returned = fields.Boolean(string="Handed back")

    def _ensure_sheet_open(self):
        """Refuse to change the lines of a sheet the customer has signed."""
        self.intake_id._ensure_unsigned()

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse new lines on a signed sheet."""
        items = super().create(vals_list)
        items._ensure_sheet_open()
        return items

    def write(self, vals):
        """Let only ``returned`` change on a signed sheet."""
        if set(vals) - {"returned"}:
            self._ensure_sheet_open()
        result = super().write(vals)
        if "intake_id" in vals:
            self._ensure_sheet_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        """Keep the lines of a signed sheet."""
        self._ensure_sheet_open()
