from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import arguments as arg
from ..const import CLOSED_JOB_STATES
from ..utils import as_step
from .dealer_repair_order_flow import ADVISOR

# A visit in one of these takes new work.
OPEN_FOR_WORK_STATES = (
    "booked",
    "intake",
    "diagnosis",
    "offered",
    "accepted",
    "in_progress",
)


class DealerRepairOrder(models.Model):
    """Work declined earlier is offered again on this visit (C7, E4)."""

    _inherit = "dealer.repair.order"

    open_finding_ids = fields.Many2many(
        "dealer.vehicle.finding",
        string="Declined or put off earlier",
        compute="_compute_open_finding_ids",
        groups="dealer_service.group_dealer_user",
        help="Remembered on the car and not on this visit yet.",
    )

    # === COMPUTE METHODS === #

    @api.depends("vehicle_id", "state", "job_ids.finding_id", "job_ids.state")
    def _compute_open_finding_ids(self):
        """List the open findings of the car, the dangerous first."""
        Finding = self.env["dealer.vehicle.finding"]
        cars = self.filtered(lambda o: o.state in OPEN_FOR_WORK_STATES).vehicle_id
        by_car = Finding.search(
            [("vehicle_id", "in", cars.ids), ("state", "=", "open")]
        ).grouped("vehicle_id")
        for order in self:
            findings = by_car.get(order.vehicle_id._origin, Finding)
            if order.state not in OPEN_FOR_WORK_STATES:
                findings = Finding
            # What came up on this very visit is not earlier.
            findings = findings.filtered(lambda f, o=order: f.order_id != o._origin)
            order.open_finding_ids = (findings - order.job_ids.finding_id).sorted(
                lambda finding: (finding.danger != "safety", not finding.is_due)
            )

    # === BUSINESS METHODS === #

    def add_findings(self, finding_ids):
        """Add a job for each finding of the car: same work, today's prices (E4).

        A finding whose job is on the visit already is not added again, so that a
        second click returns the jobs of the first. The finding is taken up when the
        customer says yes.

        :param list finding_ids: ids of `dealer.vehicle.finding`
        :raises AccessError: if the user is no advisor
        :raises UserError: if the visit takes no new work, or a finding is closed or
            of another car
        :return: ids of the jobs, one for each finding, in that order
        :rtype: list
        """
        self.ensure_one()
        self._ensure_role((ADVISOR,))
        self.check_access("write")
        self._lock()
        self._ensure_takes_work()
        findings = self.env["dealer.vehicle.finding"].browse(finding_ids)
        findings._ensure_of_car(self.vehicle_id)
        jobs = self._get_jobs_by_finding(findings)
        new = findings.filtered(lambda finding: finding not in jobs)
        new._ensure_open()
        jobs.update(zip(new, self._revive(new), strict=True))
        return [jobs[finding].id for finding in findings]

    def _ensure_takes_work(self):
        """Refuse new work on a visit that is inspected, finished or closed.

        :raises UserError: if it is
        """
        self.ensure_one()
        if self.state not in OPEN_FOR_WORK_STATES:
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(order)s is “%(state)s” and takes no new work. Open a new repair "
                    "order.",
                    order=self.name,
                    state=states[self.state],
                )
            )

    def _get_jobs_by_finding(self, findings):
        """Return the jobs of this visit that take findings up, linked if need be.

        :rtype: dict of `dealer.repair.job` by finding
        """
        alive = self.job_ids.filtered(lambda job: job.state not in CLOSED_JOB_STATES)
        jobs = {job.finding_id: job for job in alive if job.finding_id}
        packaged = {
            job.package_id: job
            for job in alive
            if job.package_id and not job.finding_id
        }
        for finding in findings - self.env["dealer.vehicle.finding"].union(*jobs):
            # Jobs of other stores are not readable; their package is.
            package = finding.sudo().job_id.package_id.sudo(False)
            if job := packaged.pop(package, None) if package else None:
                job.finding_id = finding
                jobs[finding] = job
        return jobs

    def _revive(self, findings):
        """Create the jobs of findings that are not on this visit yet.

        :return: one job for each finding
        :rtype: `dealer.repair.job`
        """
        last = max(self.job_ids.mapped("sequence"), default=0)
        addon = self._prepare_later_vals(
            self.env._("Declined or put off earlier, wished now.")
        )
        vals_list = []
        for number, finding in enumerate(findings, start=1):
            vals = finding._prepare_job_vals(self, last + number)
            vals_list.append(vals | addon)
        # An add-on is one by its step; no caller says so.
        jobs = as_step(self.env["dealer.repair.job"])
        created = jobs.create(vals_list).with_env(self.env)
        self._post_uncarried(findings.sudo().job_id)
        return created

    def _prepare_later_vals(self, reason):
        """Return what makes a new job an add-on, once the estimate is accepted.

        :param str reason: why it is needed
        :rtype: dict
        """
        if self.state not in ("accepted", "in_progress"):
            return {}
        return {"origin": "addon", "addon_reason": reason}

    def _post_uncarried(self, jobs_sudo):
        """Say which labour and parts of earlier jobs could not come along.

        :param jobs_sudo: the `dealer.repair.job` that were offered before
        """
        if lines_sudo := jobs_sudo._get_uncarried_lines(self):
            self.message_post(
                body=self.env._(
                    "Not taken over, as this store does not sell it (any more): "
                    "%(names)s. Complete the jobs.",
                    names=", ".join(lines_sudo.mapped("name")),
                )
            )

    def _action_post_leave(self):
        """Remember on the car what the customer left undecided (E4)."""
        for order in self:
            undecided = order.job_ids.filtered(lambda job: job.state == "expired")
            undecided._remember(order.closed_reason)

    @api.model
    @arg.typed(
        values=arg.mapping(finding_ids=arg.records("dealer.vehicle.finding")),
    )
    def receive(self, values):
        """Extend the reception: take up findings of the car at once (E4).

        :param dict values: as `receive`, and ``finding_ids``
        """
        values = dict(values)
        finding_ids = values.pop("finding_ids", None)
        order_id = super().receive(values)
        if finding_ids:
            self.browse(order_id).add_findings(finding_ids)
        return order_id
