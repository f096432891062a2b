from odoo import fields, models


class DealerComplianceCorrect(models.TransientModel):
    """Ask why an electronic record is corrected, then make the new one (section 6)."""

    _name = "dealer.compliance.correct"
    _description = "Correct an electronic record"

    record_id = fields.Many2one(
        "dealer.compliance.record", required=True, readonly=True
    )
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Make the correction and show it.

        :raises UserError: as `dealer.compliance.record.action_correct`
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correction"),
            "res_model": "dealer.compliance.record",
            "res_id": self.record_id.action_correct(self.reason),
            "view_mode": "form",
        }
