from odoo import fields, models

from ..const import JOB_APPROVED_STATES

# What comes first to the inspector; sorted by key.
QUEUES = [
    ("1_comeback", "Come-back"),
    ("2_safety", "Safety"),
    ("3_rework", "Rework"),
    ("4_other", "In order of request"),
]
QUEUE_FIELDS = {"is_safety", "origin", "guarantee_id"}


class DealerQualityCheck(models.Model):
    """In which order inspectors take what waits (section 3).

    Cars whose customer complained come first, then work that safety depends on, then
    rework; the rest in the order of request. Finished checks keep their place.
    """

    _inherit = "dealer.quality.check"

    queue = fields.Selection(
        QUEUES,
        string="Comes first",
        readonly=True,
        help="Inspectors take come-backs first, then safety, then rework; each in the "
        "order of request.",
    )

    def _prepare_check_vals(self, order, stage, job):
        """Extend with the place in the inspectors' queue."""
        vals = super()._prepare_check_vals(order, stage, job)
        return vals | {"queue": self._get_queue(order, job)}

    def _get_queue(self, order, job):
        """Return where a check of a job, or of a whole visit, stands in the queue.

        :param order: a single `dealer.repair.order`
        :param job: a `dealer.repair.job`; empty for the whole visit
        :return: a key of ``QUEUES``
        :rtype: str
        """
        jobs = job or order.job_ids.filtered(lambda j: j.state in JOB_APPROVED_STATES)
        if any(j.origin == "comeback" or j.guarantee_id for j in jobs):
            return "1_comeback"
        if any(jobs.mapped("is_safety")):
            return "2_safety"
        if any(jobs.mapped("is_reworked")):
            return "3_rework"
        return "4_other"


class DealerRepairJob(models.Model):
    """A job that turns out to matter moves its checks forward."""

    _inherit = "dealer.repair.job"

    def write(self, vals):
        """Extend to keep the place of checks that wait."""
        result = super().write(vals)
        if QUEUE_FIELDS & vals.keys():
            # Who may say that a job is about safety writes no checks.
            checks_sudo = self.env["dealer.quality.check"].sudo()
            waiting = checks_sudo.search(
                [("order_id", "in", self.order_id.ids), ("state", "=", "open")]
            )
            for check in waiting:
                queue = check._get_queue(check.order_id, check.job_id)
                if check.queue != queue:
                    check.queue = queue
        return result
