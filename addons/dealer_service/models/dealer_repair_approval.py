import hashlib
import json

from odoo import api, fields, models


class DealerRepairApproval(models.Model):
    """What the customer was shown about one job, and what he decided (C7, C4).

    Written once. Each approval carries the hash of the visit's previous one, so
    that a row changed or removed behind Odoo's back breaks the chain. A job has at
    most one approval per price revision.
    """

    _name = "dealer.repair.approval"
    _inherit = ["dealer.write.once.mixin"]
    _description = "Customer decision"
    _order = "id"
    _rec_name = "job_id"

    order_id = fields.Many2one(
        "dealer.repair.order", required=True, index=True, ondelete="restrict"
    )
    job_id = fields.Many2one(
        "dealer.repair.job", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    revision = fields.Integer(required=True, help="The price revision shown.")
    decision = fields.Selection(
        [("approved", "Approved"), ("declined", "Declined"), ("deferred", "Later")],
        required=True,
    )
    reason = fields.Char()
    channel = fields.Selection(
        [("counter", "At the counter"), ("phone", "By telephone")], required=True
    )
    signer = fields.Char(string="Decided by", required=True)
    signature = fields.Binary(attachment=False)
    remark = fields.Char()
    decided_at = fields.Datetime(string="Decided on", required=True)
    user_id = fields.Many2one("res.users", string="Recorded by", required=True)
    currency_id = fields.Many2one("res.currency", required=True)
    amount_total = fields.Monetary(
        string="Amount shown",
        help="Taxes included, as shown to the customer.",
        groups="dealer_service.group_dealer_price",
    )
    snapshot = fields.Text(
        required=True,
        help="Exactly what was shown, as JSON.",
        groups="dealer_service.group_dealer_price",
    )
    promised_at = fields.Datetime(
        string="Promise shown",
        compute="_compute_promised_at",
        compute_sudo=True,
        help="When the car would be ready, as the customer was told. UTC.",
    )
    previous_hash = fields.Char(help="Hash of the visit's previous decision.")
    content_hash = fields.Char(
        string="Hash", required=True, help="SHA-256 over this decision and the last."
    )

    _revision_once = models.UniqueIndex(
        "(job_id, revision)",
        lambda env, _diag: env._("This price was already decided on."),
    )

    @api.depends("snapshot")
    def _compute_promised_at(self):
        """Read the promise out of what was shown, which nobody can change."""
        for approval in self:
            shown = json.loads(approval.snapshot or "{}").get("promised_at")
            approval.promised_at = fields.Datetime.to_datetime(shown)

    @api.model
    def _create_chained(self, order, vals_list):
        """Create approvals of one visit, each chained to the one before.

        The caller holds the lock of the visit.

        :param dealer.repair.order order: the visit
        :param list vals_list: values without hashes
        :rtype: `dealer.repair.approval`
        """
        last = self.search([("order_id", "=", order.id)], order="id desc", limit=1)
        previous = last.content_hash
        for vals in vals_list:
            vals["company_id"] = order.company_id.id
            vals["previous_hash"] = previous
            previous = vals["content_hash"] = self._hash(vals)
        return self.create(vals_list)

    @api.model
    def _hash(self, vals):
        """Return the SHA-256 of what a decision says and of its predecessor."""
        signature = vals.get("signature") or ""
        if isinstance(signature, bytes):
            signature = signature.decode()
        content = {
            "job": vals["job_id"],
            "revision": vals["revision"],
            "decision": vals["decision"],
            "reason": vals.get("reason") or "",
            "channel": vals["channel"],
            "signer": vals["signer"],
            "signature": hashlib.sha256(signature.encode()).hexdigest(),
            "remark": vals.get("remark") or "",
            "decided_at": fields.Datetime.to_string(vals["decided_at"]),
            "user": vals["user_id"],
            "snapshot": vals["snapshot"],
            "previous": vals.get("previous_hash") or "",
        }
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def _get_broken(self):
        """Return the approvals whose content or place in the chain was altered.

        :rtype: `dealer.repair.approval`
        """
        broken = self.browse()
        previous = {}
        for approval in self.sorted("id"):
            vals = {
                name: approval[name]
                for name in (
                    "revision",
                    "decision",
                    "reason",
                    "channel",
                    "signer",
                    "signature",
                    "remark",
                    "decided_at",
                    "snapshot",
                    "previous_hash",
                )
            }
            vals.update(job_id=approval.job_id.id, user_id=approval.user_id.id)
            expected = previous.get(approval.order_id)
            if (
                self._hash(vals) != approval.content_hash
                or (approval.previous_hash or None) != expected
            ):
                broken |= approval
            previous[approval.order_id] = approval.content_hash
        return broken
