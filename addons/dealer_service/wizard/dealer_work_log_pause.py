from odoo import fields, models

from ..const import PAUSE_REASONS


class DealerWorkLogPause(models.TransientModel):
    """Ask a technician why the work stops, then stop the clock."""

    _name = "dealer.work.log.pause"
    _description = "Pause work"

    job_id = fields.Many2one("dealer.repair.job", required=True, readonly=True)
    license_plate = fields.Char(related="job_id.license_plate")
    reason = fields.Selection(PAUSE_REASONS, required=True, default="parts")

    def action_pause(self, reason=False):
        """Stop the user's clock; the last clock pauses the job.

        :param str reason: key of `PAUSE_REASONS`; what was chosen by default
        """
        self.ensure_one()
        self.job_id.action_clock_out(reason or self.reason)
        return {
            "type": "ir.actions.act_window_close",
            "infos": {"reload": True},
        }
