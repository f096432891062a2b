from odoo import fields, models

from ..const import PAYERS


class AccountPayment(models.Model):
    """Money of a visit: deposits, payments and what is given back (B6)."""

    _inherit = "account.payment"

    dealer_order_id = fields.Many2one(
        "dealer.repair.order",
        string="Repair order",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    dealer_payer = fields.Selection(PAYERS, string="Payer", readonly=True, copy=False)
    dealer_is_deposit = fields.Boolean(
        string="Deposit",
        readonly=True,
        copy=False,
        help="Taken before the invoice, or given back of such money.",
    )

    def _get_dealer_open_lines(self):
        """Return the receivable items of payments that nothing settles yet.

        :rtype: `account.move.line`
        """
        return self.move_id.line_ids.filtered(
            lambda line: (
                line.parent_state == "posted"
                and line.account_id.account_type == "asset_receivable"
                and not line.reconciled
            )
        )
