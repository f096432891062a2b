from odoo import fields, models


class DealerInspectorEvaluationAnswer(models.TransientModel):
    """Ask for the words of an appeal, or of its answer."""

    _name = "dealer.inspector.evaluation.answer"
    _description = "Appeal against an evaluation"

    evaluation_id = fields.Many2one("dealer.inspector.evaluation", required=True)
    is_answer = fields.Boolean()
    appeal = fields.Text(related="evaluation_id.appeal")
    text = fields.Text(string="Words", required=True)

    def action_confirm(self):
        """Pass the words on to the evaluation."""
        self.ensure_one()
        if self.is_answer:
            self.evaluation_id.answer_appeal(self.text)
        else:
            self.evaluation_id.appeal_figures(self.text)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
