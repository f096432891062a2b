from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list

from ..const import JOB_WORKABLE_STATES
from ..utils import as_step


class DealerRepairOrder(models.Model):
    """What more work does to the promise (C5, C7).

    Work that is offered after the promise was given carries the time at which the
    car would be ready with it. The customer hears it together with the price; the
    approval records it; his yes makes it the promise, with its history. A promise
    that the workshop keeps in spite of the work stays as it is.
    """

    _inherit = "dealer.repair.order"

    offered_promise = fields.Datetime(
        string="Ready by, with what is on offer",
        readonly=True,
        copy=False,
        help="When the car will be ready if the customer approves all that is on "
        "offer. UTC.",
    )

    def _propose_offered_promise(self):
        """Work out the promise that goes with what is on offer now.

        :raises UserError: if no end of the work can be seen
        """
        for order in self:
            order_guarded = as_step(order.sudo())
            order_guarded.offered_promise = order._get_promise_with(
                order.job_ids.filtered(lambda job: job.state == "offered")
            )

    def _get_promise_with(self, jobs):
        """Return the promise that holds if these jobs are done, too.

        :param jobs: `dealer.repair.job` on offer
        :raises UserError: if no end of the work can be seen
        :return: the promise as it is, if the workshop can keep it; the earliest
            otherwise. Naive UTC
        """
        self.ensure_one()
        estimate = self._estimate_promise(self._get_work_with(jobs))
        if self._is_promise_kept(self.promised_at, estimate):
            return self.promised_at
        if not estimate["earliest"]:
            raise UserError(" ".join(estimate["reasons"]))
        return self._round_promise(estimate["earliest"])

    def _get_work_with(self, jobs):
        """Return these jobs and the visit's approved ones that are not finished."""
        return jobs | self.job_ids.filtered(
            lambda job: job.state in JOB_WORKABLE_STATES
        )

    # === DECISION === #

    def _get_promise_shown(self, promised_at):
        """Return when the customer was told that the car will be ready.

        :param promised_at: what the caller says; UTC or False
        """
        said = fields.Datetime.to_datetime(promised_at) or self.offered_promise
        return said or self.promised_at

    def _ensure_promise_shown(self, shown, approved):
        """Refuse a yes to a time that the workshop cannot keep (any more).

        The very first yes says nothing new: its promise was checked with the offer.

        :raises UserError: naming the earliest time
        """
        is_first = self.state == "offered" and shown == self.promised_at
        if not approved or is_first:
            return
        work = self._get_work_with(approved)
        if refusal := self._get_promise_refusal(shown, work):
            raise UserError(refusal)

    def _keep_promise_shown(self, shown, approved):
        """Make what the customer said yes to the promise."""
        if approved and shown and shown != self.promised_at:
            names = format_list(self.env, approved.mapped("name"))
            self._change_promise(
                shown, self.env._("Approved by the customer: %(jobs)s", jobs=names)
            )
        is_open = any(job.state == "offered" for job in self.job_ids)
        if self.offered_promise and not is_open:
            order_guarded = as_step(self.sudo())
            order_guarded.offered_promise = False
