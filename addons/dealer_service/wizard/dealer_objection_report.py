from odoo import fields, models

from ..const import OBJECTION_KINDS


class DealerObjectionReport(models.TransientModel):
    """Write a report down, or answer one: one page, two large choices."""

    _name = "dealer.objection.report"
    _description = "Report or answer"

    job_id = fields.Many2one("dealer.repair.job", required=True, readonly=True)
    objection_id = fields.Many2one("dealer.objection", readonly=True)
    license_plate = fields.Char(related="job_id.license_plate")
    vin = fields.Char(related="job_id.vehicle_id.vin")
    said = fields.Text(related="objection_id.text")
    kind = fields.Selection(OBJECTION_KINDS, required=True, default="mismatch")
    text = fields.Text(string="Your words", required=True)

    def action_confirm(self):
        """Report, or answer what was reported.

        :raises UserError: as `report_objection` and `answer_report`
        """
        self.ensure_one()
        if self.objection_id:
            self.objection_id.answer_report(self.text)
        else:
            self.job_id.report_objection(self.kind, self.text)
        return {"type": "ir.actions.act_window_close", "infos": {"reload": True}}
