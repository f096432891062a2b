from odoo import fields, models

ITEM_KINDS = [
    ("belonging", "Belonging"),
    ("document", "Document"),
    ("lamp", "Warning lamp"),
    ("walkround", "Walk-round"),
]
WALKROUND_BLOCKS = [
    ("engine", "Engine bay"),
    ("exterior", "Exterior"),
    ("tyres", "Tyres"),
    ("chassis", "Chassis and brakes"),
    ("interior", "Interior"),
    ("meters", "Meters"),
]


class DealerIntakeItem(models.Model):
    """A thing in the car, a paper, a warning lamp or a point of the walk-round (C6).

    Locked with its sheet once the customer has signed; only ``returned`` is
    filled later, until the delivery sheet is signed too. What was handed back line
    by line and the tick "belongings handed back" of the delivery always agree.
    """

    _name = "dealer.intake.item"
    _description = "Intake sheet line"
    _inherit = ["dealer.signed.line.mixin"]
    _order = "kind, sequence, id"
    _signed_sheet = "intake_id"
    _signed_open = frozenset({"returned"})

    intake_id = fields.Many2one(
        "dealer.intake", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(ITEM_KINDS, required=True, default="belonging")
    block = fields.Selection(WALKROUND_BLOCKS, help="Where the point is looked at.")
    name = fields.Char(required=True)
    is_present = fields.Boolean(
        string="Present / OK",
        help="Belongings and papers: it is in the car. Warning lamp: it is lit. "
        "Walk-round: no damage.",
    )
    condition = fields.Char(help="Damage, place, number of pieces.")
    returned = fields.Boolean(string="Handed back")

    def write(self, vals):
        """Keep the tick of the delivery sheet in step with the lines.

        :raises UserError: if the car was accepted already
        """
        if "returned" not in vals:
            return super().write(vals)
        self._ensure_not_delivered()
        result = super().write(vals)
        self.intake_id.order_ids._sync_belongings_returned()
        return result

    def _ensure_not_delivered(self):
        """Refuse to note hand-backs after the customer has accepted the car."""
        delivery = self.intake_id.order_ids.delivery_id
        delivery._ensure_unsigned()

    def _filtered_to_return(self):
        """Return belongings and papers that the customer gets back."""
        return self.filtered(
            lambda item: item.kind in ("belonging", "document") and item.is_present
        )
