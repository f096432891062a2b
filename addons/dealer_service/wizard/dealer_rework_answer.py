from odoo import fields, models

ANSWERS = [
    ("not_ours", "It is not caused by our repair"),
    ("own_attempt", "We try again ourselves"),
]


class DealerReworkAnswer(models.TransientModel):
    """Ask for the words behind a decision about a come-back."""

    _name = "dealer.rework.answer"
    _description = "Decide on a come-back"

    rework_id = fields.Many2one("dealer.rework", required=True)
    answer = fields.Selection(ANSWERS, required=True)
    text = fields.Text(string="Because", required=True)

    def action_confirm(self):
        """Pass the words on to the rework order."""
        self.ensure_one()
        if self.answer == "not_ours":
            self.rework_id.prove_not_ours(self.text)
        else:
            self.rework_id.allow_own_attempt(self.text)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
