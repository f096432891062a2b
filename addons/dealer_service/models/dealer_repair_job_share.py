from odoo import api, fields, models

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

    def set_helpers(self, shares):
        """Say who helps with a job, and with which share; replaces the helpers.

        :param list shares: dicts with ``employee_id`` and ``share`` (percent)
        :raises AccessError: if the user is neither dispatcher nor team leader
        :raises UserError: if the shares sum to more than 100 %, name the main
            technician, or the visit is settled
        """
        self.ensure_one()
        self.order_id._ensure_role((DISPATCHER, TEAM_LEADER))
        self.check_access("read")
        self.order_id._lock()
        wanted = {share["employee_id"]: share["share"] for share in shares}
        gone = self.share_ids.filtered(lambda one: one.employee_id.id not in wanted)
        gone.unlink()
        for known in self.share_ids:
            known.share = wanted.pop(known.employee_id.id)
        self.env["dealer.job.share"].create(
            [
                {"job_id": self.id, "employee_id": employee_id, "share": share}
                for employee_id, share in wanted.items()
            ]
        )
        return True

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
