from datetime import timedelta

from odoo import api, fields, models

from ..const import CERTIFICATE_CLASSES, JOB_WORKABLE_STATES, RISKS

# Working hours are looked at so many days ahead; what lasts longer is late anyway.
RISK_DAYS = 30
# A visit of so many planned hours is a major one.
MAJOR_HOURS = 8


class DealerRepairJob(models.Model):
    """Whether the promise can still be kept (C8).

    What is left of a job (planned hours less what was clocked, the running clocks
    included) is worked off in the opening hours of the store, not before its plan
    ends. The visit is `late` if the work ends after the promise, `soon` if only the
    time for wash and inspection does not fit any more.
    """

    _inherit = "dealer.repair.job"

    risk = fields.Selection(
        RISKS,
        compute="_compute_risk",
        help="Whether the promised time can be kept as things stand.",
    )
    expected_stop = fields.Datetime(
        string="Expected end",
        compute="_compute_risk",
        help="When the work on the job ends, as things stand. UTC.",
    )
    progress_percent = fields.Float(
        string="Progress (%)",
        compute="_compute_progress_percent",
        help="Clocked hours, running clocks included, in percent of the planned ones.",
    )

    @api.depends("planned_hours", "clocked_hours", "running_log_ids.start")
    def _compute_progress_percent(self):
        for job in self:
            spent = job._get_spent_hours()
            planned = job.planned_hours
            job.progress_percent = 100 * spent / planned if planned else 0.0

    @api.depends("state", "planned_stop", "planned_hours", "clocked_hours")
    @api.depends("promised_at", "running_log_ids.start")
    def _compute_risk(self):
        """Compare what is left with the promise; few queries for all jobs."""
        expected = self._get_expected_stops()
        orders = self.order_id._get_risks()
        for job in self:
            job.expected_stop = expected.get(job.id, False)
            is_open = job.state in JOB_WORKABLE_STATES
            job.risk = orders.get(job.order_id.id, "none") if is_open else "none"

    def _get_spent_hours(self):
        """Return the clocked hours of a job, running clocks included."""
        self.ensure_one()
        now = fields.Datetime.now()
        # Everybody sees how far a job is, not everybody whose clock runs.
        running_sudo = self.sudo().running_log_ids
        seconds = sum((now - log.start).total_seconds() for log in running_sudo)
        return self.clocked_hours + max(seconds, 0) / 3600

    def _get_expected_stops(self):
        """Return when each job that is still to be worked on ends, by its id.

        The jobs of a visit are done one after the other.

        :rtype: dict
        """
        now = fields.Datetime.now()
        hours = self._get_opening_hours(now)
        expected = {}
        for order_jobs in self.sudo().grouped("order_id").values():
            moment = now
            for job in order_jobs.sorted(lambda job: job.planned_start or now):
                if job.state not in JOB_WORKABLE_STATES:
                    continue
                left = max(job.planned_hours - job._get_spent_hours(), 0)
                begin = max(moment, job.planned_start or now)
                store = hours[job.company_id.id]
                stop = store.finish(begin, left) or now + timedelta(days=RISK_DAYS)
                if not job.running_log_ids:
                    stop = max(stop, job.planned_stop or stop)
                expected[job.id] = moment = stop
        return expected

    def _get_opening_hours(self, begin):
        """Return the working hours of each store of these jobs, by its id.

        :rtype: dict
        """
        capacity = self.env["dealer.capacity"]
        end = begin + timedelta(days=RISK_DAYS)
        # Everybody sees a risk, not everybody the calendars.
        companies_sudo = self.sudo().company_id
        return {
            company.id: capacity._get_store_hours(company, begin, end)
            for company in companies_sudo
        }

    def _is_major(self):
        """Tell whether the owner has to be told of a delay a day ahead (C8)."""
        jobs = self.filtered(lambda job: job.state in JOB_WORKABLE_STATES)
        classes = set(jobs.category_id.mapped("statutory_class"))
        return bool(
            classes & CERTIFICATE_CLASSES
            or sum(jobs.mapped("planned_hours")) >= MAJOR_HOURS
        )
