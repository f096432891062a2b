from odoo import api, fields, models

from ..const import PAYERS
from .dealer_repair_pay import get_till


class DealerRepairDeposit(models.TransientModel):
    """Take a deposit, or give one back (B6, C13)."""

    _name = "dealer.repair.deposit"
    _description = "Take or give back a deposit"

    order_id = fields.Many2one("dealer.repair.order", required=True, readonly=True)
    company_id = fields.Many2one(related="order_id.company_id")
    currency_id = fields.Many2one(related="order_id.currency_id")
    direction = fields.Selection(
        [("take", "Take a deposit"), ("refund", "Give a deposit back")],
        string="What",
        required=True,
        default="take",
    )
    payer = fields.Selection(PAYERS, default="customer", required=True)
    amount_deposit = fields.Monetary(related="order_id.amount_deposit")
    amount = fields.Monetary(
        compute="_compute_amount", store=True, readonly=False, required=True
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Paid into or out of",
        required=True,
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        domain="[('company_id', '=', company_id),"
        " ('type', 'in', ('cash', 'bank', 'credit'))]",
    )
    memo = fields.Char(string="For")

    @api.depends("direction", "order_id", "payer")
    def _compute_amount(self):
        """Propose to give back what is left of the payer's deposit."""
        for wizard in self:
            if wizard.direction == "refund":
                lines_sudo = wizard.order_id._get_open_deposit_lines(wizard.payer)
                wizard.amount = -sum(lines_sudo.mapped("amount_residual_currency"))
            else:
                wizard.amount = 0.0

    @api.depends("company_id")
    def _compute_journal_id(self):
        """Propose the store's till."""
        for wizard in self:
            wizard.journal_id = get_till(self.env, wizard.company_id)

    def action_confirm(self):
        """Take the deposit or give it back.

        :raises UserError: as `dealer.repair.order.register_deposit`
        """
        self.ensure_one()
        order = self.order_id
        register = (
            order.refund_deposit
            if self.direction == "refund"
            else order.register_deposit
        )
        register(self.amount, self.journal_id.id, self.payer, self.memo)
        return {"type": "ir.actions.act_window_close"}
