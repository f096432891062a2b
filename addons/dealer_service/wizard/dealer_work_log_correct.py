from odoo import fields, models


class DealerWorkLogCorrect(models.TransientModel):
    """Ask a team leader for the right times of a log (F08)."""

    _name = "dealer.work.log.correct"
    _description = "Correct a work log"

    log_id = fields.Many2one("dealer.work.log", required=True, readonly=True)
    employee_id = fields.Many2one(related="log_id.employee_id")
    job_id = fields.Many2one(related="log_id.job_id")
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Write the correction.

        :raises UserError: as `dealer.work.log.correct`
        """
        self.ensure_one()
        self.log_id.correct(self.start, self.stop, self.reason)
        return {"type": "ir.actions.act_window_close"}
