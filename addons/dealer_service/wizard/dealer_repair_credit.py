from odoo import fields, models

from ..const import PAYERS


class DealerRepairCredit(models.TransientModel):
    """Let a balance stay open until a date (B6)."""

    _name = "dealer.repair.credit"
    _description = "Approve a credit"

    order_id = fields.Many2one("dealer.repair.order", required=True, readonly=True)
    payer = fields.Selection(PAYERS, default="customer", required=True)
    due_date = fields.Date(string="Due date", required=True)
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Approve the credit.

        :raises UserError: as `dealer.repair.order.approve_credit`
        """
        self.ensure_one()
        self.order_id.approve_credit(self.payer, self.due_date, self.reason)
        return {"type": "ir.actions.act_window_close"}
