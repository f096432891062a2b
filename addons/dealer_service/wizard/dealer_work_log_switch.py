from odoo import api, fields, models
from odoo.tools import format_datetime


class DealerWorkLogSwitch(models.TransientModel):
    """Stop the clock on one job and start it on another, in one step (C8)."""

    _name = "dealer.work.log.switch"
    _description = "Switch the clock"

    job_id = fields.Many2one(
        "dealer.repair.job", string="Job to start", required=True, readonly=True
    )
    running_job_id = fields.Many2one(
        "dealer.repair.job", string="Job to stop", compute="_compute_running"
    )
    message = fields.Char(compute="_compute_running")

    @api.depends("job_id")
    @api.depends_context("uid")
    def _compute_running(self):
        """Say where the clock runs."""
        for wizard in self:
            log_sudo = wizard.job_id._get_my_running_log()
            wizard.running_job_id = log_sudo.job_id
            wizard.message = log_sudo and self.env._(
                "Your clock runs on %(job)s since %(start)s.",
                job=log_sudo.job_id._get_workshop_name(),
                start=format_datetime(self.env, log_sudo.start, dt_format="HH:mm"),
            )

    def action_switch(self, reason=False):
        """Stop that clock, with a reason, and start this one.

        :param str reason: key of `PAUSE_REASONS`
        :raises UserError: as `dealer.repair.job.action_clock_in`
        """
        self.ensure_one()
        if self.running_job_id:
            self.running_job_id.action_clock_out(reason)
        self.job_id.action_clock_in()
        return {"type": "ir.actions.act_window_close", "infos": {"reload": True}}
