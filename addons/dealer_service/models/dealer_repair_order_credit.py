from odoo import fields, models
from odoo.exceptions import UserError

from .. import arguments as arg
from .dealer_repair_order_flow import SUPERVISOR

STORE_MANAGER = "dealer_service.group_dealer_store_manager"


class DealerRepairOrder(models.Model):
    """Balances that a supervisor lets stay open: within limits, until a date (B6).

    - A credit belongs to one payer in one role: a partner who pays as customer and
      as insurer needs two.
    - The customer's credit limit (Odoo's own, per store) holds for everybody; the
      way out is a higher limit or a payment.
    - Above the store's maximum for supervisors, the store manager approves.
    """

    _inherit = "dealer.repair.order"

    @arg.typed(payer=arg.text, due_date=arg.date, reason=arg.text)
    def approve_credit(self, payer, due_date, reason):
        """Let a payer's balance stay open until a date (arrears).

        :param str payer: a key of `const.PAYERS`
        :param str due_date: when it is due, ISO date, today or later
        :param str reason: why
        :raises UserError: if nothing is open, date or reason is missing, or a limit
            is passed
        :return: id of the approval (`dealer.credit.approval`)
        :rtype: int
        """
        self.ensure_one()
        self._ensure_role((SUPERVISOR,))
        self.check_access("read")
        self._lock()
        due_date = fields.Date.to_date(due_date)
        self._ensure_credit_reasoned(due_date, reason)
        invoices = self._get_open_invoices(payer)
        if not invoices:
            raise UserError(self.env._("Nothing is open for this payer."))
        by_partner = invoices.grouped("partner_id")
        for partner, moves in by_partner.items():
            self._ensure_within_limits(
                partner, sum(moves.mapped("amount_residual_signed"))
            )
        # A write-once record that only this door creates.
        credit_sudo = self.env["dealer.credit.approval"].sudo()
        credits = credit_sudo.create(
            [
                self._prepare_credit_vals(payer, moves, partner, due_date, reason)
                for partner, moves in by_partner.items()
            ]
        )
        invoices.invoice_date_due = due_date
        self.message_post(
            body=self.env._(
                "Credit approved until %(date)s: %(reason)s",
                date=due_date,
                reason=reason,
            )
        )
        return credits[:1].id

    def _ensure_credit_reasoned(self, due_date, reason):
        """Refuse a credit without an end or without a reason."""
        if not due_date or due_date < self.company_id._dealer_today():
            raise UserError(self.env._("Due date: choose today or a later day."))
        if not (reason or "").strip():
            raise UserError(self.env._("Reason: say why the balance may stay open."))

    def _ensure_within_limits(self, partner, amount):
        """Refuse a credit above the supervisor's or the customer's limit.

        :param partner: who is billed
        :param float amount: to stay open, in the store's currency
        """
        company, currency = self.company_id, self.currency_id
        maximum = company.dealer_credit_max
        manager = self.env.su or self.env.user.has_group(STORE_MANAGER)
        if maximum and not manager and currency.compare_amounts(amount, maximum) > 0:
            raise UserError(
                self.env._(
                    "%(amount)s is more than the %(maximum)s that a supervisor may "
                    "approve. Ask the store manager to approve it.",
                    amount=currency.format(amount),
                    maximum=currency.format(maximum),
                )
            )
        # What a customer owes is the ledger's; supervisors do not read it.
        debtor_sudo = partner.commercial_partner_id.sudo().with_company(company)
        limit = debtor_sudo.credit_limit
        limited = company.account_use_credit_limit or (
            debtor_sudo.use_partner_credit_limit
        )
        # The invoice that is to stay open is part of what is owed; the sum is asked
        # for anew, as core does not know when it changes.
        debtor_sudo.invalidate_recordset(["credit"])
        owed = debtor_sudo.credit
        if limited and limit and currency.compare_amounts(owed, limit) > 0:
            raise UserError(
                self.env._(
                    "%(partner)s would owe %(owed)s; the credit limit is %(limit)s. "
                    "Take a payment, or have the credit limit raised.",
                    partner=debtor_sudo.name,
                    owed=currency.format(owed),
                    limit=currency.format(limit),
                )
            )

    def _prepare_credit_vals(self, payer, invoices, partner, due_date, reason):
        """Return the values of the credit approval of one payer.

        :rtype: dict
        """
        return {
            "order_id": self.id,
            "company_id": self.company_id.id,
            "payer": payer,
            "partner_id": partner.id,
            "currency_id": self.currency_id.id,
            "amount": sum(invoices.mapped("amount_residual_signed")),
            "due_date": due_date,
            "reason": reason,
            "user_id": self.env.uid,
            "approved_at": fields.Datetime.now(),
        }

    def _is_credit_approved(self, payer, partners, due):
        """Tell whether the latest credit of a payer still covers what is open.

        :param str payer: a key of `const.PAYERS`
        :param partners: who is billed
        :param float due: open balance, in the store's currency
        """
        # Approvals from before payers were noted hold for their partner.
        credit_sudo = self.sudo().credit_ids.filtered(
            lambda credit: (
                credit.payer in (False, payer) and credit.partner_id in partners
            )
        )[:1]
        return (
            bool(credit_sudo)
            and credit_sudo.due_date >= self.company_id._dealer_today()
            and self.currency_id.compare_amounts(credit_sudo.amount, due) >= 0
        )
