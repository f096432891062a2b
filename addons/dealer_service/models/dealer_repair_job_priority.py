from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.tools import format_list

from ..const import JOB_WORKABLE_STATES
from .dealer_priority_rule import PRIORITIES

# A car that came so much after its time is no appointment any more.
APPOINTMENT_GRACE = timedelta(minutes=15)
# What a job is before somebody starts on it.
WAITING_STATES = {"approved", "rework"}


class DealerRepairJob(models.Model):
    """What comes first in the workshop (R8)."""

    _inherit = "dealer.repair.job"

    priority_rank = fields.Integer(
        string="Rank",
        compute="_compute_priority",
        help="Place among the jobs of the store that are still to be worked on; "
        "1 comes first.",
    )
    priority_reason = fields.Char(string="Why first", compute="_compute_priority")

    @api.depends("state", "is_safety", "origin", "order_id.is_waiting", "promised_at")
    def _compute_priority(self):
        """Rank jobs among all open jobs of their stores; few queries for all."""
        ranks = {}
        open_jobs = self.filtered(lambda job: job.state in JOB_WORKABLE_STATES)
        if open_jobs:
            # A rank counts what the user may not see, too.
            jobs_sudo = self.sudo().search(
                [
                    ("company_id", "in", open_jobs.company_id.ids),
                    ("state", "in", list(JOB_WORKABLE_STATES)),
                    ("order_id.state", "in", ("accepted", "in_progress")),
                ]
            )
            for jobs in jobs_sudo.grouped("company_id").values():
                ordered = jobs._sort_by_priority()
                ranks |= {job.id: rank for rank, job in enumerate(ordered, 1)}
        for job in self:
            job.priority_rank = ranks.get(job._origin.id, 0)
            job.priority_reason = format_list(job.env, job._get_priority_reasons())

    def _sort_by_priority(self):
        """Return these jobs in the order in which the workshop takes them (R8).

        The criteria are compared one after the other, in the order that the store
        has set (`dealer.priority.rule`); by default:

        1. safety, and come-backs: a car of ours that came back or is dangerous;
        2. the customer waits in the store;
        3. an appointment that came on time, up to a quarter of an hour late;
        4. the earliest promise; no promise comes last;
        5. the order of arrival.
        """
        orders = self._get_priority_orders()
        jobs_sudo = self.sudo()
        keys = {
            job.id: job._get_priority_key(orders[job.company_id.id])
            for job in jobs_sudo
        }
        return self.sorted(lambda job: keys[job.id])

    def _get_priority_orders(self):
        """Return the order of criteria of each store of these jobs, by its id.

        :rtype: dict
        """
        companies = self.sudo().company_id
        # Everybody is ranked by the rules, but only managers may read them.
        rules_sudo = self.env["dealer.priority.rule"].sudo()
        rules_sudo = rules_sudo.search([("company_id", "in", companies.ids)])
        own = rules_sudo.grouped("company_id")
        standard = [criterion for criterion, _label in PRIORITIES]
        return {
            company.id: [rule.criterion for rule in own[company]]
            if company in own
            else standard
            for company in companies
        }

    def _get_priority_key(self, criteria):
        """Return what a job is sorted by; smaller comes first."""
        self.ensure_one()
        order = self.order_id
        values = {
            "safety": not (self.is_safety or self.origin == "comeback"),
            "waiting": not order.is_waiting,
            "appointment": not self._is_appointment_on_time(),
            "promise": order.promised_at or datetime.max,
            "arrival": order.arrived_at or datetime.max,
        }
        return (*(values[name] for name in criteria), self.sequence, self.id)

    def _is_appointment_on_time(self):
        """Tell whether the car came to its appointment, and not too late."""
        order = self.order_id
        return bool(
            order.booked_start
            and order.arrived_at
            and order.arrived_at <= order.booked_start + APPOINTMENT_GRACE
        )

    def _get_priority_reasons(self):
        """Say in words why a job comes before others.

        :rtype: list
        """
        self.ensure_one()
        job_sudo = self.sudo()
        checks = [
            (job_sudo.is_safety, self.env._("Safety")),
            (job_sudo.origin == "comeback", self.env._("Come-back")),
            (job_sudo.order_id.is_waiting, self.env._("Customer waits")),
            (
                job_sudo._is_appointment_on_time(),
                self.env._("Appointment on time"),
            ),
        ]
        return [words for fulfilled, words in checks if fulfilled]
