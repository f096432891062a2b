from odoo import api, fields, models

from .. import arguments as arg
from ..const import JOB_WORKABLE_STATES
from ..utils import as_step, is_step
from .dealer_job_share import FULL
from .dealer_repair_order_flow import DISPATCHER, TEAM_LEADER


class DealerRepairJob(models.Model):
    """Who did how much of a job (R4, F08)."""

    _inherit = "dealer.repair.job"

    share_ids = fields.One2many("dealer.job.share", "job_id", string="Helpers")
    main_share = fields.Float(
        string="Share of the main technician (%)",
        compute="_compute_main_share",
        help="What the helpers leave of 100 %.",
    )

    @api.depends("share_ids.share")
    def _compute_main_share(self):
        for job in self:
            job.main_share = FULL - sum(job.share_ids.mapped("share"))

    @api.constrains("main_technician_id")
    def _check_main_technician(self):
        """Nobody is main technician and helper of a job."""
        if shares := self.share_ids:
            shares._check_shares()

    @arg.typed(
        shares=arg.rows(
            ["employee_id", "share"],
            employee_id=arg.record("hr.employee"),
            share=arg.number,
        )
    )
    def set_helpers(self, shares):
        """Say who helps with a job, and with which share; replaces the helpers.

        :param list shares: dicts with ``employee_id`` and ``share`` (percent)
        :raises AccessError: if the user is neither dispatcher nor team leader
        :raises UserError: if the shares sum to more than 100 %, name the main
            technician, the visit is settled, or a helper of a planned job is busy
            then, naming the car and the bay
        """
        self.ensure_one()
        self.order_id._ensure_role((DISPATCHER, TEAM_LEADER))
        self.check_access("read")
        self.order_id._lock()
        with self.env.cr.savepoint():
            self._write_helpers(shares)
            self._book_helpers()
        return True

    def _write_helpers(self, shares):
        """Replace the helpers of a job; their time is reserved by the caller.

        :param list shares: as for `set_helpers`
        """
        job = as_step(self)
        wanted = {share["employee_id"]: share["share"] for share in shares}
        job._drop_helpers(wanted)
        for known in job.share_ids:
            known.share = wanted.pop(known.employee_id.id)
        job.share_ids.create(
            [
                {"job_id": self.id, "employee_id": employee_id, "share": share}
                for employee_id, share in wanted.items()
            ]
        )

    def _drop_helpers(self, wanted):
        """Remove the helpers that are not wanted any more.

        :param wanted: ids of `hr.employee`
        """
        job = as_step(self)
        gone = job.share_ids.filtered(lambda one: one.employee_id.id not in wanted)
        gone.unlink()

    def _get_planned_staff(self):
        """Return who is occupied by the plan of a job: technician and helpers."""
        self.ensure_one()
        return self.main_technician_id | self.share_ids.employee_id

    def _book_helpers(self):
        """Reserve the time of the helpers of planned jobs, and free that of others."""
        if is_step(self):
            return
        # Whoever sets helpers does not write the ledger.
        for job_sudo in self.sudo():
            if job_sudo.planned_start and job_sudo.state in JOB_WORKABLE_STATES:
                job_sudo.reservation_ids._book_job(job_sudo)

    def _get_billed_shares(self):
        """Return the billed hours of each technician on these jobs.

        :return: hours by `hr.employee`; without a main technician the rest belongs
            to nobody and is left out
        :rtype: dict
        """
        hours = {}
        for job in self.sudo():
            shares = [(share.employee_id, share.share) for share in job.share_ids]
            shares.append((job.main_technician_id, job.main_share))
            for employee, share in shares:
                if employee and share:
                    earned = job.billed_hours * share / FULL
                    hours[employee] = hours.get(employee, 0.0) + earned
        return hours
