from odoo import fields, models


class DealerPromise(models.TransientModel):
    """Ask for another promise and its reason, or for the supervisor's word (C5)."""

    _name = "dealer.promise"
    _description = "Change a promise"

    order_id = fields.Many2one("dealer.repair.order", required=True, readonly=True)
    old_promise = fields.Datetime(
        string="Promised before", related="order_id.promised_at"
    )
    promised_at = fields.Datetime(string="Promised for")
    reason = fields.Char(required=True)
    is_override = fields.Boolean(
        string="Stand in for it",
        help="Promise it although the workshop has no time for it by its bays, "
        "technicians and parts.",
    )
    proposal = fields.Text(string="Why this time", readonly=True)

    def action_propose(self):
        """Fill in the earliest time that the workshop can keep."""
        self.ensure_one()
        proposal = self.order_id.propose_promise()
        self.promised_at = proposal["promised_at"]
        self.proposal = "\n".join(proposal["reasons"])
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change the promise"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_confirm(self):
        """Change the promise.

        :raises UserError: as `dealer.repair.order.change_promise`
        """
        self.ensure_one()
        self.order_id.change_promise(
            self.promised_at, self.reason, override=self.is_override
        )
        return {"type": "ir.actions.act_window_close"}

    def action_approve(self):
        """Stand in for the promise as it is.

        :raises UserError: as `dealer.repair.order.approve_promise`
        """
        self.ensure_one()
        self.order_id.approve_promise(self.reason)
        return {"type": "ir.actions.act_window_close"}
