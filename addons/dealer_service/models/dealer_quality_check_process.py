from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import JOB_WORKABLE_STATES
from .dealer_repair_job_clock import STARTED_STATES, TECHNICIAN
from .dealer_repair_order_flow import INSPECTOR

# A job is looked at while it is worked on, or before the car is inspected.
PROCESS_STATES = STARTED_STATES | {"rework", "self_checked", "peer_checked"}


class DealerQualityCheck(models.Model):
    """Process inspection: an inspector looks at big work under way (過程檢驗).

    The statute asks for three inspections of level-2 maintenance and overhauls:
    before the work (the intake inspection), during it (this one) and at completion
    (the final check). The technician asks for it or the inspector comes by himself;
    the car is not handed to the final check without it. Failed, work that was
    already checked goes to rework; work under way just goes on.
    """

    _inherit = "dealer.quality.check"

    def _get_refusal_process(self, job):
        """Say why the user cannot inspect a job under way, or return False."""
        if job.state not in PROCESS_STATES:
            return self.env._(
                "%(job)s is not being worked on; there is nothing to inspect.",
                job=job._get_workshop_name(),
            )
        if self._is_own_work(job.order_id):
            return self.env._(
                "You worked on %(order)s; another inspector inspects it.",
                order=job.order_id.display_name,
            )
        return False

    def _action_post_process(self):
        """Failed: what was checked goes to rework, and has its rework order."""
        if self.result == "pass":
            return
        job = self.job_id
        job.filtered(
            lambda j: j.state in ("self_checked", "peer_checked")
        )._update_state("rework")
        self.env["dealer.rework"]._open_for_check(self, job)


class DealerRepairJob(models.Model):
    """Asking for the process inspection of a job."""

    _inherit = "dealer.repair.job"

    needs_process_check = fields.Boolean(
        string="Process inspection due", compute="_compute_needs_process_check"
    )
    can_request_process_check = fields.Boolean(compute="_compute_needs_process_check")
    can_process_check = fields.Boolean(compute="_compute_needs_process_check")

    @api.depends(
        "state", "category_id.needs_certificate", "check_ids.state", "check_ids.result"
    )
    @api.depends_context("uid")
    def _compute_needs_process_check(self):
        """Tell which jobs an inspector still has to see under way."""
        is_technician = self.env.user.has_group(TECHNICIAN)
        is_inspector = self.env.user.has_group(INSPECTOR)
        # Parts keepers open jobs too, and read no checks.
        jobs_sudo = self.sudo()
        due_jobs_sudo = jobs_sudo._get_without_process_check()
        for job, job_sudo in zip(self, jobs_sudo, strict=True):
            due = job_sudo in due_jobs_sudo
            processes = job_sudo.check_ids.filtered(lambda c: c.stage == "process")
            waits = "open" in processes.mapped("state")
            started = job.state in PROCESS_STATES
            job.needs_process_check = due
            job.can_request_process_check = (
                is_technician and due and started and not waits
            )
            job.can_process_check = is_inspector and due and started

    def action_request_process_check(self):
        """Ask the inspectors to look at the job now; their waiting time starts.

        :raises AccessError: if the user is not a technician
        :raises UserError: if the job is not worked on or needs no such inspection
        """
        self.ensure_one()
        self.order_id._ensure_role((TECHNICIAN,))
        self.check_access("read")
        if self.state not in PROCESS_STATES or not self._get_without_process_check():
            raise UserError(
                self.env._(
                    "%(job)s needs no process inspection now.",
                    job=self._get_workshop_name(),
                )
            )
        # Technicians ask for an inspection, they do not write it.
        checks_sudo = self.env["dealer.quality.check"].sudo()
        checks_sudo._get_or_create_open(self.order_id.sudo(), "process", self.sudo())
        return True

    def action_process_check(self):
        """Open the process inspection of the job.

        :return: action that opens the check
        :rtype: dict
        """
        self.ensure_one()
        return self._open_check("process")

    def _get_without_process_check(self):
        """Return the jobs whose class needs a process inspection not passed yet."""
        return self.filtered(
            lambda job: (
                job.category_id.needs_certificate
                and job.state in JOB_WORKABLE_STATES | PROCESS_STATES
                and not job.check_ids.filtered(
                    lambda check: check.stage == "process" and check.result == "pass"
                )
            )
        )


class DealerRepairOrder(models.Model):
    """No final check without the process inspection."""

    _inherit = "dealer.repair.order"

    def _get_missing_for_request_inspection(self):
        """Extend to ask for the process inspection of big work."""
        missing = super()._get_missing_for_request_inspection()
        return missing + [
            self.env._(
                "%(job)s: an inspector has to pass the process inspection first.",
                job=job.name,
            )
            for job in self._get_approved_jobs()._get_without_process_check()
        ]
