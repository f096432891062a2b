from odoo import fields, models

from ..const import PAYERS


class AccountMove(models.Model):
    _inherit = "account.move"

    dealer_order_id = fields.Many2one(
        "dealer.repair.order",
        string="Repair order",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    dealer_payer = fields.Selection(PAYERS, string="Payer", readonly=True, copy=False)
    dealer_reminded_soon = fields.Date(
        string="Reminded before",
        readonly=True,
        copy=False,
        help="The due date that somebody was reminded of in advance.",
    )
    dealer_reminded_late = fields.Date(
        string="Reminded after",
        readonly=True,
        copy=False,
        help="The due date that somebody was reminded of when it had passed.",
    )

    _dealer_open_idx = models.Index(
        "(company_id, dealer_order_id) WHERE dealer_order_id IS NOT NULL "
        "AND state = 'posted' AND payment_state IN ('not_paid', 'partial')"
    )

    def _reverse_move_vals(self, default_values, cancel=True):
        """Override of `account` to keep credit notes with the visit."""
        values = super()._reverse_move_vals(default_values, cancel=cancel)
        values["dealer_order_id"] = self.dealer_order_id.id
        values["dealer_payer"] = self.dealer_payer
        return values

    def _invoice_paid_hook(self):
        """Override of `account` to close the tasks about arrears."""
        result = super()._invoice_paid_hook()
        self.dealer_order_id._close_arrears()
        return result
