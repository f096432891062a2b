from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .. import arguments as arg
from ..const import FREE_PAYERS
from .dealer_repair_order_flow import SETTLEMENT

# An ended visit takes no more money before its invoice.
ENDED_STATES = ("delivered", "left", "cancelled")


class DealerRepairOrder(models.Model):
    """Money taken before the invoice (C13, B6).

    A deposit is a real payment on the payer's account, linked to the visit. It is
    set off against the payer's invoice at the moment that is posted; what is left
    over goes back to the payer before the visit is settled. Deposits of one payer
    never pay another one's invoice.
    """

    _inherit = "dealer.repair.order"

    payment_ids = fields.One2many(
        "account.payment",
        "dealer_order_id",
        string="Payments",
        groups="account.group_account_invoice,account.group_account_readonly",
    )
    amount_deposit = fields.Monetary(
        string="Open deposit",
        compute="_compute_amount_deposit",
        search="_search_amount_deposit",
        groups="dealer_service.group_dealer_price",
        help="Taken before the invoice and neither set off nor given back yet, "
        "in the store's currency.",
    )

    # === COMPUTE METHODS === #

    @api.depends("payment_ids.state", "invoice_ids.amount_residual_signed")
    def _compute_amount_deposit(self):
        """Sum the open items of the deposits, in one query for all visits."""
        self.env["account.move.line"].flush_model()
        # Advisors see the deposit of a visit without accounting rights.
        line_sudo = self.env["account.move.line"].sudo()
        sums = (
            {
                order.id: -residual
                for order, residual in line_sudo._read_group(
                    self._get_deposit_domain()
                    & Domain("payment_id.dealer_order_id", "in", self.ids),
                    ["payment_id.dealer_order_id"],
                    ["amount_residual:sum"],
                )
            }
            if self.ids
            else {}
        )
        for order in self:
            order.amount_deposit = sums.get(order.id, 0.0)

    @api.model
    def _get_deposit_domain(self):
        """Return the domain of the open items of deposits."""
        return Domain(
            [
                ("payment_id.dealer_order_id", "!=", False),
                ("payment_id.dealer_is_deposit", "=", True),
                ("parent_state", "=", "posted"),
                ("account_id.account_type", "=", "asset_receivable"),
                ("reconciled", "=", False),
            ]
        )

    def _search_amount_deposit(self, operator, value):
        """Find visits with a deposit: ``amount_deposit > 0``."""
        self._check_field_access(self._fields["amount_deposit"], "read")
        if (operator, value) != (">", 0):
            return NotImplemented
        line_sudo = self.env["account.move.line"].sudo()
        groups = line_sudo._read_group(
            self._get_deposit_domain(), ["payment_id.dealer_order_id"]
        )
        return Domain("id", "in", [order.id for (order,) in groups])

    # === ACTIONS === #

    @arg.typed(
        amount=arg.number,
        journal_id=arg.integer,
        payer=arg.text,
        partner_id=arg.record("res.partner"),
        memo=arg.text,
    )
    def register_deposit(
        self, amount, journal_id, payer="customer", memo=False, partner_id=False
    ):
        """Take money before the invoice exists.

        :param float amount: in the currency that the payer is billed in
        :param int journal_id: cash or bank journal of the store
        :param str payer: a key of `const.PAYERS`
        :param str memo: what it is for
        :param int partner_id: who pays (`res.partner`), where several of that kind do
        :raises UserError: if the visit has ended, the payer has an open invoice
            already, or nobody pays in that place
        :return: id of the payment (`account.payment`)
        :rtype: int
        """
        self.ensure_one()
        self._ensure_role((SETTLEMENT,))
        self.check_access("read")
        self._lock()
        if self.state in ENDED_STATES:
            raise UserError(
                self.env._("%(order)s has ended; no deposit is taken.", order=self.name)
            )
        if self._get_open_invoices(payer):
            raise UserError(
                self.env._("The invoice is made already: take a payment instead.")
            )
        partner = self._get_payer_partner(payer, partner_id)
        payment = self._create_deposit_payment(
            "inbound", amount, journal_id, payer, partner, memo
        )
        self.message_post(
            body=self.env._(
                "Deposit taken: %(amount)s (%(partner)s)",
                amount=payment.currency_id.format(payment.amount),
                partner=partner.name,
            )
        )
        return payment.id

    @arg.typed(
        amount=arg.number,
        journal_id=arg.integer,
        payer=arg.text,
        partner_id=arg.record("res.partner"),
        memo=arg.text,
    )
    def refund_deposit(
        self, amount, journal_id, payer="customer", memo=False, partner_id=False
    ):
        """Give back what is left of a deposit.

        The parameters are those of :meth:`register_deposit`.

        :raises UserError: if less is left
        :return: id of the payment (`account.payment`)
        :rtype: int
        """
        self.ensure_one()
        self._ensure_role((SETTLEMENT,))
        self.check_access("read")
        self._lock()
        partner = self._get_payer_partner(payer, partner_id)
        lines_sudo = self._get_open_deposit_lines(payer, partner)
        currency = lines_sudo.currency_id[:1] or self.currency_id
        left = -sum(lines_sudo.mapped("amount_residual_currency"))
        if currency.compare_amounts(amount, left) > 0:
            raise UserError(
                self.env._(
                    "Amount: %(amount)s is more than the open deposit of %(left)s.",
                    amount=currency.format(amount),
                    left=currency.format(left),
                )
            )
        payment = self._create_deposit_payment(
            "outbound", amount, journal_id, payer, partner, memo
        )
        (lines_sudo | payment._get_dealer_open_lines()).reconcile()
        self.message_post(
            body=self.env._(
                "Deposit given back: %(amount)s (%(partner)s)",
                amount=currency.format(amount),
                partner=partner.name,
            )
        )
        return payment.id

    # === TOOLING === #

    def _get_payer_partner(self, payer, partner_id=False):
        """Return who pays in a payer's place.

        :raises UserError: if nobody does, or it is not said which of several
        :rtype: `res.partner`
        """
        self.ensure_one()
        self._ensure_payer(payer)
        if payer in FREE_PAYERS:
            raise UserError(
                self.env._("The store bears this itself: there is nothing to pay.")
            )
        jobs_sudo = self.sudo().job_ids.filtered(lambda job: job.payer == payer)
        partners = jobs_sudo.bill_partner_id
        if payer == "customer":
            partners |= self.sudo().partner_id
        if partner_id:
            partners = partners.filtered(lambda partner: partner.id == partner_id)
        if len(partners) != 1:
            raise UserError(
                self.env._("Payer: choose who pays; this visit has no or several such.")
            )
        return partners

    def _create_deposit_payment(
        self, direction, amount, journal_id, payer, partner, memo
    ):
        """Post a payment on a payer's account before or beside an invoice."""
        journal_sudo = self.env["account.journal"].sudo().browse(journal_id).exists()
        self._ensure_till(journal_sudo)
        jobs_sudo = self.sudo().job_ids.filtered(lambda job: job.payer == payer)
        currency = jobs_sudo.currency_id[:1] or self.currency_id
        if currency.compare_amounts(amount, 0) <= 0:
            raise UserError(self.env._("Amount: enter more than zero."))
        # The desk takes deposits without Accounting rights.
        payment_sudo = self.env["account.payment"].sudo()
        payment = payment_sudo.with_company(self.company_id).create(
            {
                "payment_type": direction,
                "partner_type": "customer",
                "partner_id": partner.id,
                "amount": currency.round(amount),
                "currency_id": currency.id,
                "journal_id": journal_sudo.id,
                "date": self.company_id._dealer_today(),
                "memo": " ".join(filter(None, (self.name, memo))),
                "dealer_order_id": self.id,
                "dealer_payer": payer,
                "dealer_is_deposit": True,
            }
        )
        payment.action_post()
        return payment

    def _get_open_deposit_lines(self, payer=None, partner=None):
        """Return the open items of the deposits of one payer, or of all.

        :rtype: `account.move.line`
        """
        payments_sudo = self.sudo().payment_ids.filtered(
            lambda payment: (
                payment.dealer_is_deposit
                and payment.payment_type == "inbound"
                and payer in (None, payment.dealer_payer)
                and (not partner or payment.partner_id == partner)
            )
        )
        return payments_sudo._get_dealer_open_lines()

    def _apply_deposits(self):
        """Set the deposits off against the invoices of the same payers."""
        for order in self:
            for sale_sudo in order.sudo().sale_order_ids:
                lines = order._get_open_deposit_lines(
                    sale_sudo.dealer_payer, sale_sudo.partner_id
                )
                moves = sale_sudo.invoice_ids.filtered(
                    lambda move: (
                        move.state == "posted" and move.move_type == "out_invoice"
                    )
                )
                open_items = moves.line_ids.filtered(
                    lambda line: (
                        line.account_id.account_type == "asset_receivable"
                        and not line.reconciled
                    )
                )
                for account, deposits in lines.grouped("account_id").items():
                    due = open_items.filtered(
                        lambda line, a=account: line.account_id == a
                    )
                    if due:
                        (deposits | due).reconcile()

    def _get_missing_deposit_refund(self):
        """Name the payers whose deposit was more than their bill.

        :rtype: list of sentences
        """
        self.ensure_one()
        missing = []
        lines_sudo = self._get_open_deposit_lines()
        for partner, lines in lines_sudo.grouped("partner_id").items():
            currency = lines.currency_id[:1]
            left = -sum(lines.mapped("amount_residual_currency"))
            missing.append(
                self.env._(
                    "%(partner)s: %(amount)s of the deposit is left over. "
                    "Give it back.",
                    partner=partner.name,
                    amount=currency.format(left),
                )
            )
        return missing
