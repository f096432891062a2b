from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .. import arguments as arg
from ..const import PAYERS
from .dealer_repair_order_flow import SETTLEMENT

ARREARS_SQL = """
    SELECT dealer_order_id
      FROM account_move
     WHERE dealer_order_id IS NOT NULL
       AND state = 'posted'
       AND move_type IN ('out_invoice', 'out_refund')
  GROUP BY dealer_order_id
    HAVING SUM(amount_residual_signed) > 0
"""


class DealerRepairOrder(models.Model):
    """Settlement: real invoices, real payments, credit by approval (B6).

    Amounts are those of posted invoices, in the store's currency. Money that is
    still open after settlement is an arrear (欠收) and equals the residual of the
    invoices at any moment: nothing is stored twice.
    """

    _inherit = "dealer.repair.order"

    amount_invoiced = fields.Monetary(
        string="Invoiced",
        compute="_compute_settlement",
        groups="dealer_service.group_dealer_price",
    )
    amount_due = fields.Monetary(
        string="Open balance",
        compute="_compute_settlement",
        search="_search_amount_due",
        groups="dealer_service.group_dealer_price",
        help="Not paid yet of the posted invoices of this visit.",
    )
    settlement_summary = fields.Html(
        string="Balance by payer",
        compute="_compute_settlement_summary",
        groups="dealer_service.group_dealer_price",
    )
    can_invoice = fields.Boolean(compute="_compute_can_invoice")
    can_pay = fields.Boolean(compute="_compute_can_invoice")

    # === COMPUTE METHODS === #

    @api.depends("invoice_ids.amount_residual_signed", "invoice_ids.state")
    def _compute_settlement(self):
        """Sum what is invoiced and what is open, in one query for all visits."""
        self.env["account.move"].flush_model()
        # Advisors see the balance of a visit without accounting rights.
        move_sudo = self.env["account.move"].sudo()
        sums = {
            order.id: (total, residual)
            for order, total, residual in move_sudo._read_group(
                self._get_invoice_domain(self.ids),
                ["dealer_order_id"],
                ["amount_total_signed:sum", "amount_residual_signed:sum"],
            )
        }
        for order in self:
            order.amount_invoiced, order.amount_due = sums.get(order.id, (0.0, 0.0))

    @api.model
    def _get_invoice_domain(self, order_ids):
        """Return the domain of the posted customer documents of visits."""
        return Domain(
            [
                ("dealer_order_id", "in", list(order_ids)),
                ("state", "=", "posted"),
                ("move_type", "in", ("out_invoice", "out_refund")),
            ]
        )

    def _search_amount_due(self, operator, value):
        """Find visits with an open balance: ``amount_due > 0`` or ``= 0``."""
        # A search of one's own asks for no right to read the field.
        self._check_field_access(self._fields["amount_due"], "read")
        if (operator, value) == (">", 0):
            positive = True
        elif operator == "in" and list(value) == [0]:
            positive = False
        else:
            return NotImplemented
        self.env["account.move"].flush_model()
        self.env.cr.execute(ARREARS_SQL)
        order_ids = [row[0] for row in self.env.cr.fetchall()]
        return Domain("id", "in" if positive else "not in", order_ids)

    @api.depends("invoice_ids.amount_residual_signed", "job_ids.state")
    def _compute_settlement_summary(self):
        """Show per payer what was approved, invoiced, paid and is open."""
        for order in self:
            order.settlement_summary = self.env["ir.qweb"]._render(
                "dealer_service.settlement_summary",
                {"order": order, "rows": order._get_payer_rows()},
            )

    def _get_payer_rows(self):
        """Return one dict per payer: name, approved, invoiced, paid, due.

        :rtype: list
        """
        self.ensure_one()
        labels = dict(self._fields_payer_labels())
        rows = []
        order_sudo = self.sudo()
        for sale_sudo in order_sudo.sale_order_ids.filtered(
            lambda sale: sale.state == "sale"
        ):
            invoices = sale_sudo.invoice_ids.filtered(lambda m: m.state == "posted")
            invoiced = sum(invoices.mapped("amount_total_in_currency_signed"))
            due = sum(move.amount_residual * -move.direction_sign for move in invoices)
            rows.append(
                {
                    "payer": labels[sale_sudo.dealer_payer],
                    "partner": sale_sudo.partner_id.display_name,
                    "currency": sale_sudo.currency_id,
                    "approved": sale_sudo.amount_total,
                    "invoiced": invoiced,
                    "paid": invoiced - due,
                    "due": due,
                    "deposit": -sum(
                        order_sudo._get_open_deposit_lines(
                            sale_sudo.dealer_payer, sale_sudo.partner_id
                        ).mapped("amount_residual_currency")
                    ),
                    "numbers": ", ".join(invoices.mapped("name")),
                }
            )
        return rows

    def _fields_payer_labels(self):
        """Return the payers with their names in the user's language."""
        return (
            self.env["dealer.repair.job"]
            ._fields["payer"]
            ._description_selection(self.env)
        )

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_invoice(self):
        """Show invoice and payment buttons to the settlement desk."""
        desk = self.env.su or self.env.user.has_group(SETTLEMENT)
        for order in self:
            order.can_invoice = desk and order.state == "ready"
            order.can_pay = desk and order.state in ("ready", "settled", "delivered")

    # === GUARDS === #

    def _get_missing_for_settle(self):
        """Every payer's invoice posted, and paid or covered by a credit (B6)."""
        missing = []
        labels = dict(self._fields_payer_labels())
        order_sudo = self.sudo()
        for sale_sudo in order_sudo._get_billable_sales():
            payer = labels[sale_sudo.dealer_payer]
            posted = sale_sudo.invoice_ids.filtered(lambda m: m.state == "posted")
            if not posted or sale_sudo.invoice_status == "to invoice":
                missing.append(
                    self.env._("%(payer)s: the invoice is missing.", payer=payer)
                )
                continue
            due = sum(posted.mapped("amount_residual_signed"))
            if self.currency_id.compare_amounts(due, 0) < 0:
                continue
            if not self.currency_id.is_zero(due) and not self._is_credit_approved(
                sale_sudo.dealer_payer, posted.partner_id, due
            ):
                missing.append(
                    self.env._(
                        "%(payer)s: %(amount)s is not paid. Take the payment, or ask "
                        "the supervisor to approve a credit with a due date.",
                        payer=payer,
                        amount=self.currency_id.format(due),
                    )
                )
        missing += self._get_missing_deposit_refund()
        return missing + self._get_missing_pay_back()

    def _get_billable_sales(self):
        """Return the confirmed sale orders that somebody has to pay."""
        return self.sale_order_ids.filtered(
            lambda sale: (
                sale.state == "sale" and not sale.currency_id.is_zero(sale.amount_total)
            )
        )

    # === ACTIONS === #

    def action_create_invoices(self):
        """Create and post the invoice of every payer.

        Calling it again creates nothing new.

        :raises UserError: if the car is not ready
        :return: ids of the posted invoices
        :rtype: list
        """
        self._ensure_role((SETTLEMENT,))
        self.check_access("read")
        self._lock()
        for order in self:
            order._ensure_invoiceable()
        # The desk invoices visits without Sales rights.
        orders_sudo = self.sudo()
        orders_sudo._get_approved_jobs()._deliver_labour()
        sales_sudo = orders_sudo._get_billable_sales().filtered(
            lambda sale: sale.invoice_status == "to invoice"
        )
        for company, sales in sales_sudo.grouped("company_id").items():
            moves = sales.with_company(company)._create_invoices(final=True)
            moves.invoice_date = company._dealer_today()
            moves.action_post()
        orders_sudo._apply_deposits()
        orders_sudo._ensure_settlement_lists()
        posted = orders_sudo.invoice_ids.filtered(lambda move: move.state == "posted")
        return posted.ids

    def _ensure_invoiceable(self):
        """Refuse to invoice what is not finished yet."""
        self.ensure_one()
        if self.state not in ("ready", "settled"):
            raise UserError(
                self.env._(
                    "%(order)s: invoices are made when the car is ready.",
                    order=self.name,
                )
            )

    def _ensure_payer(self, payer):
        """Refuse a payer that does not exist."""
        if payer not in dict(PAYERS):
            raise UserError(
                self.env._(
                    "Payer: choose one of %(known)s.", known=", ".join(dict(PAYERS))
                )
            )

    def _get_open_invoices(self, payer):
        """Return the posted invoices of one payer that are not fully paid."""
        self.ensure_one()
        self._ensure_payer(payer)
        sales_sudo = self.sudo().sale_order_ids.filtered(
            lambda sale: sale.dealer_payer == payer
        )
        return sales_sudo.invoice_ids.filtered(
            lambda move: (
                move.state == "posted"
                and move.move_type == "out_invoice"
                and not move.currency_id.is_zero(move.amount_residual)
            )
        )

    @arg.typed(
        amount=arg.number,
        journal_id=arg.integer,
        payer=arg.text,
        partner_id=arg.record("res.partner"),
    )
    def register_payment(self, amount, journal_id, payer="customer", partner_id=False):
        """Take a payment for the open invoices of one payer.

        :param float amount: in the invoice's currency; at most what is open
        :param int journal_id: cash or bank journal of the store
        :param str payer: a key of `const.PAYERS`
        :param int partner_id: who pays (`res.partner`), where several of that kind
            owe; the first invoice's partner by default
        :raises UserError: if nothing is open, or the amount is wrong
        :return: ids of the payments (`account.payment`)
        :rtype: list
        """
        self.ensure_one()
        self._ensure_role((SETTLEMENT,))
        self.check_access("read")
        self._lock()
        invoices = self._get_open_invoices(payer)
        # One payment has one payer, and never pays another one's invoice.
        partner = self.env["res.partner"].browse(
            partner_id or invoices[:1].partner_id.id
        )
        invoices = invoices.filtered(lambda move: move.partner_id == partner)
        journal_sudo = self.env["account.journal"].sudo().browse(journal_id).exists()
        self._ensure_payable(invoices, journal_sudo, amount)
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoices.ids
        )
        # The desk takes payments for visits without Accounting rights.
        register_sudo = register.sudo()
        wizard = register_sudo.create(
            {
                "amount": amount,
                "journal_id": journal_sudo.id,
                "group_payment": True,
                "payment_date": self.company_id._dealer_today(),
            }
        )
        payments_sudo = wizard._create_payments().sudo()
        payments_sudo.write({"dealer_order_id": self.id, "dealer_payer": payer})
        return payments_sudo.ids

    def _ensure_payable(self, invoices, journal, amount):
        """Refuse payments that fit no invoice or no till of the store."""
        if not invoices:
            raise UserError(self.env._("Nothing is open for this payer."))
        self._ensure_till(journal)
        due = sum(invoices.mapped("amount_residual"))
        currency = invoices.currency_id[:1]
        if currency.compare_amounts(amount, 0) <= 0:
            raise UserError(self.env._("Amount: enter more than zero."))
        if currency.compare_amounts(amount, due) > 0:
            raise UserError(
                self.env._(
                    "Amount: %(amount)s is more than the open %(due)s.",
                    amount=currency.format(amount),
                    due=currency.format(due),
                )
            )

    def _ensure_till(self, journal):
        """Refuse to take or pay money elsewhere than at a till of the store."""
        if not journal or journal.company_id != self.company_id:
            raise UserError(
                self.env._("Paid into: choose a till or bank account of this store.")
            )
        if journal.type not in ("cash", "bank", "credit"):
            raise UserError(
                self.env._("Paid into: payments go to a cash or bank journal.")
            )

    def action_settle(self):
        """Close the account of a visit (B6): ready → settled.

        :raises UserError: naming each payer whose invoice or payment is missing
        """
        self._ensure_can("settle")
        self._update_state("settle")
        return True

    def _action_post_settle(self):
        """Do what follows a settlement. Extended by file, and by bridges."""
        self.sudo()._ensure_settlement_lists()
