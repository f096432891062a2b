from odoo import api, fields, models

from ..const import PAYERS


def get_till(env, company):
    """Return the till that is proposed in a store: cash first.

    :rtype: `account.journal`
    """
    return env["account.journal"].search(
        [("company_id", "=", company.id), ("type", "in", ("cash", "bank"))],
        order="type desc, sequence, id",
        limit=1,
    )


class DealerRepairPay(models.TransientModel):
    """Take a payment at the settlement desk (B6)."""

    _name = "dealer.repair.pay"
    _description = "Take a payment"

    order_id = fields.Many2one("dealer.repair.order", required=True, readonly=True)
    company_id = fields.Many2one(related="order_id.company_id")
    currency_id = fields.Many2one(related="order_id.currency_id")
    payer = fields.Selection(PAYERS, default="customer", required=True)
    amount = fields.Monetary(
        compute="_compute_amount", store=True, readonly=False, required=True
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Paid into",
        required=True,
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        domain="[('company_id', '=', company_id),"
        " ('type', 'in', ('cash', 'bank', 'credit'))]",
    )

    @api.depends("payer", "order_id")
    def _compute_amount(self):
        """Propose what the payer still owes."""
        for wizard in self:
            invoices = wizard.order_id._get_open_invoices(wizard.payer)
            wizard.amount = sum(invoices.mapped("amount_residual"))

    @api.depends("company_id")
    def _compute_journal_id(self):
        """Propose the store's till."""
        for wizard in self:
            wizard.journal_id = get_till(self.env, wizard.company_id)

    def action_confirm(self):
        """Register the payment.

        :raises UserError: as `dealer.repair.order.register_payment`
        """
        self.ensure_one()
        self.order_id.register_payment(self.amount, self.journal_id.id, self.payer)
        return {"type": "ir.actions.act_window_close"}
