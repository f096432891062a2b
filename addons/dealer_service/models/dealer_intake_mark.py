from odoo import api, fields, models

CAR_VIEWS = [
    ("left", "Left side"),
    ("right", "Right side"),
    ("top", "From above"),
    ("front", "Front"),
    ("rear", "Rear"),
]
MARK_KINDS = [
    ("scratch", "Scratch"),
    ("dent", "Dent"),
    ("crack", "Crack"),
    ("chip", "Stone chip"),
    ("rust", "Rust"),
    ("missing", "Part missing"),
]


class DealerIntakeMark(models.Model):
    """A damage marked on the drawing of the car at intake (C6, F07).

    ``x`` and ``y`` are fractions of the width and the height of the drawing of
    ``view``, from its left upper corner. ``number`` is what stands in the mark on
    drawing and print. Locked with the sheet.
    """

    _name = "dealer.intake.mark"
    _description = "Damage mark"
    _inherit = ["dealer.signed.line.mixin"]
    _order = "intake_id, id"
    _rec_name = "kind"
    _signed_sheet = "intake_id"

    intake_id = fields.Many2one(
        "dealer.intake", required=True, index=True, ondelete="cascade"
    )
    number = fields.Integer(compute="_compute_number")
    view = fields.Selection(CAR_VIEWS, required=True)
    x = fields.Float(required=True, digits=(5, 4), help="0 is left, 1 is right.")
    y = fields.Float(required=True, digits=(5, 4), help="0 is the top, 1 the bottom.")
    kind = fields.Selection(
        MARK_KINDS, string="Damage", required=True, default="scratch"
    )
    note = fields.Char()

    _on_the_drawing = models.Constraint(
        "CHECK (x BETWEEN 0 AND 1 AND y BETWEEN 0 AND 1)",
        lambda env, _diag: env._("A mark lies on the drawing: x and y are 0 to 1."),
    )

    @api.depends("intake_id.mark_ids")
    def _compute_number(self):
        """Number the marks of each sheet from 1, in the order they were placed."""
        for sheet in self.intake_id:
            for number, mark in enumerate(sheet.mark_ids, 1):
                mark.number = number
        for mark in self.filtered(lambda mark: not mark.number):
            mark.number = 0
