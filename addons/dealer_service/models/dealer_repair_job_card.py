from odoo import api, fields, models

from ..const import JOB_WORKABLE_STATES
from .dealer_repair_order_flow import TEAM_LEADER


class DealerRepairJob(models.Model):
    """The technician's card: what is agreed, how long it takes, one tap to work (C8).

    A technician whose clock runs elsewhere is asked whether to stop that one and
    start this. Jobs that nobody was named for may be picked by the technicians of a
    team whose leader allows it.
    """

    _inherit = "dealer.repair.job"

    work_summary = fields.Char(
        string="Agreed",
        compute="_compute_work_summary",
        help="Labour and parts the customer agreed to, without prices.",
    )
    running_starts = fields.Json(
        string="Running clocks since",
        compute="_compute_running_starts",
        help="Start of every clock that runs on the job, UTC.",
    )

    @api.depends("line_ids.name", "line_ids.quantity")
    def _compute_work_summary(self):
        """Name the lines of the job in one sentence."""
        for job in self:
            job.work_summary = " · ".join(
                f"{line.product_id.name or line.name} × {line.quantity:g}"
                if line.kind == "part"
                else line.product_id.name or line.name
                for line in job.line_ids
            )

    @api.depends("work_log_ids.start", "work_log_ids.stop")
    def _compute_running_starts(self):
        for job in self:
            job.running_starts = [
                fields.Datetime.to_string(log.start)
                for log in job.work_log_ids
                if not log.stop
            ]

    # === ACTIONS === #

    def action_start(self):
        """Start the user's clock here; ask first if it runs on another job.

        :raises UserError: as `action_clock_in`
        :return: the action that asks, or True
        """
        self.ensure_one()
        log_sudo = self._get_my_running_log()
        if log_sudo and log_sudo.job_id != self and not self._get_clock_in_refusal():
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Your clock runs elsewhere"),
                "res_model": "dealer.work.log.switch",
                "view_mode": "form",
                "target": "new",
                "context": {"default_job_id": self.id},
            }
        return self.action_clock_in()

    def action_raise_addon(self):
        """Open the sheet for what was found during the work (F09)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_service.dealer_repair_addon_action"
        )
        return {**action, "context": {"default_order_id": self.order_id.id}}

    # === TOOLING === #

    def _get_my_running_log(self):
        """Return the log on which the user's clock runs in this store, elevated."""
        employee_sudo = self._get_clock_employee()
        return self.env["dealer.work.log"].sudo()._get_running(employee_sudo)

    def _get_clock_in_refusal(self):
        """Extend to keep free jobs for the leader to hand out, where he wants so."""
        if refusal := super()._get_clock_in_refusal():
            return refusal
        # Everybody in the workshop knows the teams.
        job_sudo = self.sudo()
        is_free = not job_sudo.main_technician_id and self.state in JOB_WORKABLE_STATES
        team_sudo = job_sudo.team_id
        if not (is_free and team_sudo) or team_sudo.can_pick_up:
            return False
        if self.env.su or self.env.user.has_group(TEAM_LEADER):
            return False
        return self.env._(
            "Jobs of %(team)s are handed out by %(leader)s. Ask for this one.",
            team=team_sudo.name,
            leader=team_sudo.leader_id.name or self.env._("the dispatcher"),
        )
