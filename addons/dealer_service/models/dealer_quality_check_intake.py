from odoo import api, fields, models

from ..const import JOB_WORKABLE_STATES
from .dealer_repair_order_flow import INSPECTOR

# The customer has agreed or is about to; the car is here.
INTAKE_ORDER_STATES = ("diagnosis", "offered", "accepted", "in_progress")


class DealerQualityCheck(models.Model):
    """Intake inspection: an inspector sees big work before it begins (進廠檢驗, F11).

    The statute asks for three inspections of level-2 maintenance and overhauls:
    before the work (this one), during it (the process inspection) and at completion
    (the final check). It is asked for by itself when the workshop takes the car over,
    or when such a job is approved later. No clock starts on the job before. What it
    finds does not stop the work; the advisor is told, for add-ons.
    """

    _inherit = "dealer.quality.check"

    def _get_refusal_intake(self, job):
        """Say why the user cannot inspect a job before it begins, or return False."""
        job_sudo = job.sudo()
        if not job_sudo.category_id.needs_certificate:
            return self.env._(
                "%(job)s needs no intake inspection.", job=job._get_workshop_name()
            )
        if job_sudo.work_log_ids:
            return self.env._(
                "Work on %(job)s has begun; the intake inspection comes before it.",
                job=job._get_workshop_name(),
            )
        if job_sudo.order_id.state not in INTAKE_ORDER_STATES:
            return self.env._(
                "%(order)s is not waiting for work.", order=job.order_id.display_name
            )
        return False

    def _action_post_intake(self):
        """Tell the advisor what was found; the work may begin."""
        failed = self.line_ids.filtered(lambda line: line.result == "fail")
        if not failed:
            return
        self.order_id._raise_event(
            "intake_defects",
            self.env._(
                "Intake inspection of %(job)s found: %(points)s",
                job=self.job_id.sudo().name,
                points="; ".join(
                    ": ".join(filter(None, (line.name, line.note))) for line in failed
                ),
            ),
            job=self.job_id,
        )


class DealerRepairJob(models.Model):
    """No work of a big class before an inspector has seen the car."""

    _inherit = "dealer.repair.job"

    needs_intake_check = fields.Boolean(
        string="Intake inspection due", compute="_compute_needs_intake_check"
    )
    can_intake_check = fields.Boolean(compute="_compute_needs_intake_check")

    @api.depends(
        "state",
        "order_id.state",
        "category_id.needs_certificate",
        "check_ids.state",
        "work_log_ids",
    )
    @api.depends_context("uid")
    def _compute_needs_intake_check(self):
        """Tell which jobs an inspector has to see before they begin."""
        is_inspector = self.env.user.has_group(INSPECTOR)
        # Parts keepers open jobs too, and read no checks.
        jobs_sudo = self.sudo()
        due_sudo = jobs_sudo._get_without_intake_check()
        for job, job_sudo in zip(self, jobs_sudo, strict=True):
            job.needs_intake_check = job_sudo in due_sudo
            job.can_intake_check = (
                is_inspector
                and job_sudo in due_sudo
                and job_sudo.order_id.state in INTAKE_ORDER_STATES
            )

    def action_intake_check(self):
        """Open the intake inspection of the job.

        :return: action that opens the check
        :rtype: dict
        """
        self.ensure_one()
        return self._open_check("intake")

    def _get_without_intake_check(self):
        """Return the jobs whose class needs an intake inspection not signed yet.

        What has been begun needs none any more.
        """
        return self.filtered(
            lambda job: (
                job.category_id.needs_certificate
                and job.state in JOB_WORKABLE_STATES
                and not job.work_log_ids
                and not job.check_ids.filtered(
                    lambda check: check.stage == "intake" and check.state == "done"
                )
            )
        )

    def _request_intake_check(self):
        """Ask the inspectors to see the cars of these jobs; their waiting time runs."""
        # Who takes a car over or notes a decision writes no checks.
        checks_sudo = self.env["dealer.quality.check"].sudo()
        for job in self.sudo()._get_without_intake_check():
            checks_sudo._get_or_create_open(job.order_id, "intake", job)

    def _update_state(self, target, vals=None):
        """Extend to ask for the inspection of what is approved under way."""
        result = super()._update_state(target, vals)
        if target == "approved":
            self.filtered(
                lambda job: job.order_id.state == "in_progress"
            )._request_intake_check()
        return result

    def _get_clock_in_refusal(self):
        """Extend: big work begins after the intake inspection."""
        if refusal := super()._get_clock_in_refusal():
            return refusal
        # Technicians need not read checks to know that one is missing.
        if self.sudo()._get_without_intake_check():
            return self.env._(
                "%(job)s: an inspector has to sign the intake inspection first.",
                job=self._get_workshop_name(),
            )
        return False


class DealerRepairOrder(models.Model):
    """The workshop takes a car over: its big jobs are inspected."""

    _inherit = "dealer.repair.order"

    def _action_post_start_work(self):
        """Ask for the intake inspection of big work."""
        self.job_ids._request_intake_check()
