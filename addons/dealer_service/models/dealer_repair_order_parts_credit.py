from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import arguments as arg
from .dealer_repair_order_flow import SETTLEMENT


class DealerRepairOrder(models.Model):
    """Parts that come back after the invoice: credit note, offset, money back (B6).

    The next press on "Create invoices" makes the credit note. It is set off against
    what the same payer still owes; what was paid already is paid back.
    """

    _inherit = "dealer.repair.order"

    can_pay_back = fields.Boolean(compute="_compute_can_pay_back")

    @api.depends("state", "invoice_ids.amount_residual_signed", "invoice_ids.state")
    @api.depends_context("uid")
    def _compute_can_pay_back(self):
        """Show the button where a credit note is open."""
        desk = self.env.su or self.env.user.has_group(SETTLEMENT)
        # The desk sees what is owed without accounting rights.
        for order, order_sudo in zip(self, self.sudo(), strict=True):
            order.can_pay_back = desk and bool(order_sudo._get_open_credits())

    def _compute_can_invoice(self):
        """Extend: after settlement only to credit what came back."""
        result = super()._compute_can_invoice()
        desk = self.env.su or self.env.user.has_group(SETTLEMENT)
        for order in self:
            if desk and order.state == "settled" and order._is_credit_missing():
                order.can_invoice = True
        return result

    # === GATES === #

    def _get_missing_for_deliver(self):
        """Extend: what came back is credited and paid back before the car goes."""
        missing = super()._get_missing_for_deliver()
        if self._is_credit_missing():
            missing.append(
                self.env._(
                    "Returned parts: the credit note is missing. Ask the settlement "
                    "clerk to create the invoices again."
                )
            )
        return missing + self._get_missing_pay_back()

    def _get_missing_pay_back(self):
        """Name the payers to whom money is owed back.

        :rtype: list of sentences
        """
        labels = dict(self._fields_payer_labels())
        missing = []
        for sale_sudo in self.sudo().sale_order_ids:
            credits_sudo = self._get_open_credits() & sale_sudo.invoice_ids
            if credits_sudo:
                missing.append(
                    self.env._(
                        "%(payer)s: %(amount)s is owed back for returned parts. Pay it "
                        "back.",
                        payer=labels[sale_sudo.dealer_payer],
                        amount=self.currency_id.format(
                            sum(credits_sudo.mapped("amount_residual"))
                        ),
                    )
                )
        return missing

    def _is_credit_missing(self):
        """Tell whether something that was billed has come back since."""
        self.ensure_one()
        order_sudo = self.sudo()
        return any(
            line.qty_to_invoice < 0
            for line in order_sudo.sale_order_ids.order_line
            if line.dealer_line_id
        )

    def _get_open_credits(self):
        """Return the posted credit notes that are not offset or paid, elevated."""
        order_sudo = self.sudo()
        return order_sudo.invoice_ids.filtered(
            lambda move: (
                move.state == "posted"
                and move.move_type == "out_refund"
                and not move.currency_id.is_zero(move.amount_residual)
            )
        )

    # === ACTIONS === #

    def action_create_invoices(self):
        """Extend to set credit notes off against what the same payer owes."""
        result = super().action_create_invoices()
        for order in self:
            order._offset_credits()
        return result

    def _offset_credits(self):
        """Reconcile open credit notes with open invoices of the same payer."""
        self.ensure_one()
        for sale_sudo in self.sudo().sale_order_ids:
            moves = sale_sudo.invoice_ids.filtered(lambda move: move.state == "posted")
            lines = moves.line_ids.filtered(
                lambda line: (
                    line.account_id.account_type == "asset_receivable"
                    and not line.reconciled
                )
            )
            for items in lines.grouped("account_id").values():
                if len(items.move_id.grouped("move_type")) > 1:
                    items.reconcile()

    @arg.typed(journal_id=arg.integer, payer=arg.text)
    def pay_back(self, journal_id, payer="customer"):
        """Pay back what a payer had paid for parts that came back.

        :param int journal_id: cash or bank journal of the store
        :param str payer: a key of `const.PAYERS`
        :raises AccessError: if the user is not of the settlement desk
        :raises UserError: if nothing is owed, or the journal is no till of the store
        :return: ids of the payments (`account.payment`)
        :rtype: list
        """
        self.ensure_one()
        self._ensure_role((SETTLEMENT,))
        self.check_access("read")
        self._lock()
        sales_sudo = self.sudo().sale_order_ids.filtered(
            lambda sale: sale.dealer_payer == payer
        )
        credits_sudo = self._get_open_credits() & sales_sudo.invoice_ids
        if not credits_sudo:
            raise UserError(self.env._("Nothing is owed back to this payer."))
        journal_sudo = self.env["account.journal"].sudo().browse(journal_id).exists()
        self._ensure_payable(
            credits_sudo, journal_sudo, sum(credits_sudo.mapped("amount_residual"))
        )
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=credits_sudo.ids
        )
        # The desk pays without Accounting rights.
        register_sudo = register.sudo()
        wizard_sudo = register_sudo.create(
            {
                "journal_id": journal_sudo.id,
                "group_payment": True,
                "payment_date": self.company_id._dealer_today(),
            }
        )
        payments_sudo = wizard_sudo._create_payments().sudo()
        payments_sudo.write({"dealer_order_id": self.id, "dealer_payer": payer})
        return payments_sudo.ids
