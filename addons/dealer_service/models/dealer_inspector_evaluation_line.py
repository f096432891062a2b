from odoo import fields, models


class DealerInspectorEvaluationLine(models.Model):
    """One sheet as it counted in an inspector's month; kept for the appeal."""

    _name = "dealer.inspector.evaluation.line"
    _description = "Sheet of an evaluation"
    _inherit = ["dealer.write.once.mixin"]
    _order = "evaluation_id, id"
    _rec_name = "check_id"
    _write_once_when = "OLD.is_locked"

    evaluation_id = fields.Many2one(
        "dealer.inspector.evaluation", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="evaluation_id.company_id", store=True, precompute=True, index=True
    )
    inspector_id = fields.Many2one(
        related="evaluation_id.inspector_id", store=True, precompute=True, index=True
    )
    check_id = fields.Many2one(
        "dealer.quality.check",
        string="Sheet",
        required=True,
        index=True,
        ondelete="restrict",
    )
    license_plate = fields.Char(string="Plate", related="check_id.license_plate")
    stage = fields.Selection(related="check_id.stage")
    result = fields.Selection(related="check_id.result")
    requested_at = fields.Datetime(related="check_id.requested_at")
    weight = fields.Float()
    waited_minutes = fields.Integer(string="Waited (min)", aggregator="avg")
    used_minutes = fields.Integer(string="Took (min)", aggregator="avg")
    is_on_time = fields.Boolean(string="Inspected on time")
    is_complete = fields.Boolean(string="Complete")
    verdict = fields.Selection(
        [("right", "Right"), ("missed", "Missed"), ("false", "False alarm")]
    )
    defects = fields.Integer(help="Missed, or wrongly reported.")
    reason = fields.Char(help="The sample or rework order that showed it.")
    guaranteed_until = fields.Date(help="A come-back may show a miss until then.")
    # Set on approval: the trigger sees only its own row.
    is_locked = fields.Boolean(readonly=True)

    def _is_final(self):
        """A sheet is final once its evaluation is approved."""
        return self.is_locked
