from odoo import api, fields, models

from ..const import JOB_APPROVED_STATES


class DealerRepairOrder(models.Model):
    """What the jobs of a visit come to: approved, and still on offer (B2)."""

    _inherit = "dealer.repair.order"

    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_total = fields.Monetary(
        string="Approved amount",
        compute="_compute_amounts",
        store=True,
        groups="dealer_service.group_dealer_price",
        help="Approved jobs, taxes included, in the store's currency.",
    )
    amount_offered = fields.Monetary(
        string="Offered amount",
        compute="_compute_amounts",
        store=True,
        groups="dealer_service.group_dealer_price",
        help="Jobs still on offer, taxes included, in the store's currency.",
    )

    @api.depends("job_ids.state", "job_ids.amount_total", "job_ids.currency_id")
    def _compute_amounts(self):
        """Sum what is approved and what is on offer, in the store's currency."""
        for order in self:
            sums = {"approved": 0.0, "offered": 0.0}
            for job in order.job_ids:
                if job.state in JOB_APPROVED_STATES:
                    key = "approved"
                elif job.state == "offered":
                    key = "offered"
                else:
                    continue
                sums[key] += job.currency_id._convert(
                    job.amount_total,
                    order.currency_id,
                    order.company_id,
                    order.company_id._dealer_today(),
                )
            order.amount_total = sums["approved"]
            order.amount_offered = sums["offered"]

    def _get_approved_jobs(self):
        """Return the jobs the customer said yes to."""
        return self.job_ids.filtered(lambda job: job.state in JOB_APPROVED_STATES)
