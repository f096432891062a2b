from odoo import api, fields, models

from ..cron import run_each


class DealerRepairJob(models.Model):
    """Ask how far the work is before the promise is in danger (C8)."""

    _inherit = "dealer.repair.job"

    progress_asked_at = fields.Datetime(
        string="Progress asked for",
        readonly=True,
        copy=False,
        help="When the advisor was told to ask how far the job is.",
    )

    def _update_state(self, target, vals=None):
        """Extend to tell the board and bridges what the workshop does."""
        result = super()._update_state(target, vals)
        events = {
            "in_progress": "job_started",
            "paused": "job_paused",
            "self_checked": "job_finished",
        }
        if code := events.get(target):
            for job in self:
                job.order_id._raise_event(code, job=job, reason=job.pause_reason)
        return result

    @api.model
    def _raise_progress_due(self):
        """Ask for the progress of jobs that have used enough of their hours."""
        jobs = self.search(
            [
                ("state", "=", "in_progress"),
                ("order_id.state", "=", "in_progress"),
                ("progress_asked_at", "=", False),
                ("planned_hours", ">", 0),
            ],
            order="planned_start, id",
        )
        due = jobs.filtered(lambda job: job._is_progress_due())
        run_each(due, lambda job: job._ask_progress(), lock=lambda job: job.order_id)

    def _is_progress_due(self):
        """Tell whether the advisor has to ask for the progress of a job by now."""
        self.ensure_one()
        return (
            self.state == "in_progress"
            and self.order_id.state == "in_progress"
            and not self.progress_asked_at
            and self.planned_hours > 0
            and self.progress_percent >= self.company_id.dealer_progress_percent
        )

    def _ask_progress(self):
        """Ask the advisor of one job to look after it, unless it is done by now."""
        self.ensure_one()
        if not self._is_progress_due():
            return
        order = self.order_id.with_context(lang=self.order_id.advisor_id.lang)
        self.progress_asked_at = fields.Datetime.now()
        body = order.env._(
            "%(job)s has used %(percent)d %% of its %(hours)g planned hours.",
            job=self.name,
            percent=self.progress_percent,
            hours=self.planned_hours,
        )
        asked = order.activity_search(["dealer_service.mail_activity_type_progress"])
        if not asked:
            order.activity_schedule(
                "dealer_service.mail_activity_type_progress",
                user_id=order.advisor_id.id,
                summary=order.env._("Ask the workshop how far the car is"),
                note=body,
            )
        self.order_id._raise_event("progress_due", body, job=self)
