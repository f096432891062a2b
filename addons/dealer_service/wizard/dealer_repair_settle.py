from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..const import FREE_PAYERS, PAYERS
from .dealer_repair_pay import get_till


class DealerRepairSettle(models.TransientModel):
    """The till: what each payer owes, what is handed over, the change (B6).

    One press makes the invoices, sets deposits off, takes every payment and settles
    the visit; if anything is refused, nothing of it happens.
    """

    _name = "dealer.repair.settle"
    _description = "Settle a visit"

    order_id = fields.Many2one("dealer.repair.order", required=True, readonly=True)
    company_id = fields.Many2one(related="order_id.company_id")
    license_plate = fields.Char(related="order_id.license_plate")
    partner_id = fields.Many2one(related="order_id.partner_id")
    payer_line_ids = fields.One2many(
        "dealer.repair.settle.payer",
        "settle_id",
        string="Payers",
        compute="_compute_payer_line_ids",
    )
    payment_line_ids = fields.One2many(
        "dealer.repair.settle.payment",
        "settle_id",
        string="Taken now",
        compute="_compute_payment_line_ids",
        store=True,
        readonly=False,
    )
    currency_id = fields.Many2one(related="order_id.currency_id")
    amount_open = fields.Monetary(
        string="To be paid", compute="_compute_amounts", help="Less deposits."
    )
    amount_taken = fields.Monetary(string="Taken in all", compute="_compute_amounts")
    amount_rest = fields.Monetary(string="Still open", compute="_compute_amounts")
    amount_change = fields.Monetary(string="Change", compute="_compute_amounts")

    @api.depends("order_id")
    def _compute_payer_line_ids(self):
        """List who pays, and how much is open."""
        for wizard in self:
            wizard.payer_line_ids = [Command.clear()] + [
                Command.create(vals) for vals in wizard.order_id._prepare_till_rows()
            ]

    @api.depends("order_id")
    def _compute_payment_line_ids(self):
        """Propose that the client pays all in cash."""
        for wizard in self:
            till = get_till(self.env, wizard.company_id)
            rows = [
                row
                for row in wizard.order_id._prepare_till_rows()
                if row["payer"] == "customer" and row["amount_open"] > 0
            ]
            wizard.payment_line_ids = [Command.clear()] + [
                Command.create(
                    {
                        "payer": row["payer"],
                        "partner_id": row["partner_id"],
                        "journal_id": till.id,
                        "amount": row["amount_open"],
                    }
                )
                for row in rows
            ]

    @api.depends(
        "order_id",
        "payment_line_ids.amount",
        "payment_line_ids.journal_id",
        "payment_line_ids.payer",
    )
    def _compute_amounts(self):
        """Add up what is handed over; too much cash is given back as change."""
        for wizard in self:
            due = wizard._get_open_by_payer()
            taken, change = 0.0, 0.0
            for payer, lines in wizard.payment_line_ids.grouped("payer").items():
                handed = sum(lines.mapped("amount"))
                cash_lines = lines.filtered(lambda line: line.journal_id.type == "cash")
                cash = sum(cash_lines.mapped("amount"))
                back = min(max(handed - due.get(payer, 0.0), 0.0), cash)
                change += back
                taken += handed - back
            wizard.amount_open = sum(due.values())
            wizard.amount_taken = taken
            wizard.amount_change = change
            wizard.amount_rest = wizard.amount_open - taken

    def _get_open_by_payer(self):
        """Return what each kind of payer owes now.

        :rtype: dict
        """
        due = {}
        for row in self.order_id._prepare_till_rows() if self.order_id else ():
            due[row["payer"]] = due.get(row["payer"], 0.0) + row["amount_open"]
        return due

    def action_confirm(self):
        """Invoice, take the payments, settle.

        :raises UserError: as `dealer.repair.order.pay_and_settle`
        """
        self.ensure_one()
        self.order_id.pay_and_settle(self._prepare_payments())
        return self._close(self.env._("Settled. The release note is issued."))

    def action_pay_only(self):
        """Invoice and take the payments; the visit stays open."""
        self.ensure_one()
        self.order_id.pay_and_settle(self._prepare_payments(), settle=False)
        return self._close(self.env._("The payments are taken."))

    def _close(self, message):
        """Close the till with a note on the screen."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {
                    "type": "ir.actions.act_window_close",
                    "infos": {"done": True},
                },
            },
        }

    def _prepare_payments(self):
        """Return the payments without the change, cash last.

        :rtype: list
        """
        payments = []
        rest = self._get_open_by_payer()
        lines = self.payment_line_ids.filtered("amount")
        for line in lines.sorted(lambda line: line.journal_id.type == "cash"):
            amount = line.amount
            if line.journal_id.type == "cash":
                amount = min(amount, max(rest.get(line.payer, 0.0), 0.0))
            if not amount:
                continue
            rest[line.payer] = rest.get(line.payer, 0.0) - amount
            payments.append(
                {
                    "payer": line.payer,
                    "journal_id": line.journal_id.id,
                    "amount": amount,
                    "partner_id": line.partner_id.id,
                }
            )
        return payments


class DealerRepairSettlePayer(models.TransientModel):
    """What one payer owes for the visit."""

    _name = "dealer.repair.settle.payer"
    _description = "Payer of a visit"

    settle_id = fields.Many2one("dealer.repair.settle", ondelete="cascade", index=True)
    payer = fields.Selection(PAYERS, readonly=True)
    partner_id = fields.Many2one("res.partner", string="Invoiced to", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_total = fields.Monetary(string="Bill", readonly=True)
    amount_paid = fields.Monetary(string="Paid before", readonly=True)
    amount_open = fields.Monetary(string="Still to pay", readonly=True)
    credit_until = fields.Date(string="Credit until", readonly=True)


class DealerRepairSettlePayment(models.TransientModel):
    """One thing that is put on the counter: notes, a card, a transfer."""

    _name = "dealer.repair.settle.payment"
    _description = "Payment of a visit"

    settle_id = fields.Many2one("dealer.repair.settle", ondelete="cascade", index=True)
    company_id = fields.Many2one(related="settle_id.company_id")
    currency_id = fields.Many2one(related="settle_id.currency_id")
    payer = fields.Selection(PAYERS, default="customer", required=True)
    partner_id = fields.Many2one("res.partner", string="Paid by")
    journal_id = fields.Many2one(
        "account.journal",
        string="Paid into",
        required=True,
        domain="[('company_id', '=', company_id),"
        " ('type', 'in', ('cash', 'bank', 'credit'))]",
    )
    amount = fields.Monetary(string="Amount handed over", required=True)

    @api.constrains("payer")
    def _check_payer(self):
        """Take no money for what the store bears."""
        if any(line.payer in FREE_PAYERS for line in self):
            raise UserError(
                self.env._("The store bears this itself: there is nothing to pay.")
            )
