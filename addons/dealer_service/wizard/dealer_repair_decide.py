from odoo import api, fields, models
from odoo.fields import Command

from ..const import DANGER_LEVELS


class DealerRepairDecide(models.TransientModel):
    """The customer's answer at the counter or on the phone, job by job (C4, C7)."""

    _name = "dealer.repair.decide"
    _description = "Customer decision on jobs"

    order_id = fields.Many2one("dealer.repair.order", required=True, readonly=True)
    partner_id = fields.Many2one(related="order_id.partner_id")
    line_ids = fields.One2many("dealer.repair.decide.line", "decide_id")
    channel = fields.Selection(
        [("counter", "At the counter"), ("phone", "By telephone")],
        default="counter",
        required=True,
    )
    signer = fields.Char(string="Decided by", required=True)
    signature = fields.Binary()
    remark = fields.Char()
    old_promise = fields.Datetime(
        string="Promised before", related="order_id.promised_at"
    )
    promised_at = fields.Datetime(
        string="Ready by, if approved",
        help="The earliest time that the workshop can keep with the work on offer. "
        "Tell the customer before he answers; his yes makes it the promise.",
    )
    currency_id = fields.Many2one(related="order_id.currency_id")
    estimate_summary = fields.Html(related="order_id.estimate_summary")
    amount_approved = fields.Monetary(
        string="Approved", compute="_compute_amount_approved"
    )

    @api.depends("line_ids.decision", "line_ids.amount_total")
    def _compute_amount_approved(self):
        """Sum what the customer says yes to, taxes included."""
        for wizard in self:
            approved = wizard.line_ids.filtered(
                lambda line: line.decision == "approved"
            )
            wizard.amount_approved = sum(approved.mapped("amount_total"))

    @api.model
    def default_get(self, fields):
        """Start with the jobs on offer, at the revision the customer sees."""
        values = super().default_get(fields)
        order = self.env["dealer.repair.order"].browse(values.get("order_id"))
        offered = order.job_ids.filtered(lambda job: job.state == "offered")
        values["signer"] = order.sender_name
        if offered and order.promised_at:
            values["promised_at"] = order._get_promise_with(offered)
        values["line_ids"] = [
            Command.create(
                {
                    "job_id": job.id,
                    "revision": job.revision,
                    "amount_total": job.amount_total,
                }
            )
            for job in offered
        ]
        return values

    def action_confirm(self):
        """File the decisions.

        :raises UserError: as `dealer.repair.order.record_decisions`
        """
        self.ensure_one()
        self.order_id.record_decisions(
            [line._prepare_decision() for line in self.line_ids],
            self.signer,
            self.signature,
            channel=self.channel,
            remark=self.remark,
            promised_at=self.promised_at,
        )
        return {"type": "ir.actions.act_window_close"}


class DealerRepairDecideLine(models.TransientModel):
    """The answer about one job."""

    _name = "dealer.repair.decide.line"
    _description = "Customer decision on one job"

    decide_id = fields.Many2one("dealer.repair.decide", ondelete="cascade", index=True)
    job_id = fields.Many2one("dealer.repair.job", required=True, readonly=True)
    revision = fields.Integer(readonly=True)
    currency_id = fields.Many2one(related="job_id.currency_id")
    payer = fields.Selection(related="job_id.payer")
    offer_notes = fields.Text(related="job_id.offer_notes")
    amount_total = fields.Monetary(string="Price", readonly=True)
    decision = fields.Selection(
        [("approved", "Yes"), ("declined", "No"), ("deferred", "Later")],
        string="Answer",
        required=True,
        help="Nothing is chosen in advance: the customer says it for each job.",
    )
    reason = fields.Char()
    danger = fields.Selection(DANGER_LEVELS)
    follow_up_date = fields.Date(string="Follow up on")
    follow_up_km = fields.Integer(string="Follow up at (km)")

    def _prepare_decision(self):
        """Return the decision in the form `record_decisions` takes.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "job_id": self.job_id.id,
            "revision": self.revision,
            "decision": self.decision,
            "reason": self.reason,
            "danger": self.danger,
            "follow_up_date": self.follow_up_date,
            "follow_up_km": self.follow_up_km,
        }
