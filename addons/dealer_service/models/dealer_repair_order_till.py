from odoo import fields, models
from odoo.exceptions import UserError

from .. import arguments as arg
from .dealer_repair_order_flow import SETTLEMENT


class DealerRepairOrder(models.Model):
    """From "to settle" to settled in one press (B6)."""

    _inherit = "dealer.repair.order"

    cost_internal = fields.Monetary(
        string="Cost borne by the store",
        compute="_compute_cost_internal",
        groups="dealer_service.group_dealer_store_manager",
        help="Parts of internal and goodwill jobs, at their present cost. Nothing of "
        "it is collected.",
    )

    def _compute_cost_internal(self):
        """Sum the cost of the parts that nobody pays."""
        for order in self:
            lines = order._get_approved_jobs().line_ids.filtered(
                lambda line: (
                    line.kind == "part"
                    and line.job_id.payer in ("internal", "goodwill")
                    and line.part_origin != "customer"
                )
            )
            # Costs are the accountants'; the manager sees this sum only.
            lines_sudo = lines.sudo().with_company(order.company_id)
            order.cost_internal = sum(
                line.quantity * line.product_id.standard_price for line in lines_sudo
            )

    @arg.typed(
        payments=arg.rows(
            amount=arg.number,
            journal_id=arg.integer,
            payer=arg.text,
            partner_id=arg.record("res.partner"),
        ),
        settle=arg.flag,
    )
    def pay_and_settle(self, payments=(), settle=True):
        """Make the invoices, set deposits off, take payments and settle, or nothing.

        :param list payments: ``{"payer", "journal_id", "amount", "partner_id"}``;
            ``partner_id`` may be left out
        :param bool settle: close the account; otherwise only take the money
        :raises UserError: as each of these steps; one sentence per missing thing
        :return: ids of the payments (`account.payment`)
        :rtype: list
        """
        self.ensure_one()
        self.action_create_invoices()
        payment_ids = []
        for payment in payments:
            try:
                payment_ids += self.register_payment(
                    payment["amount"],
                    payment["journal_id"],
                    payment.get("payer", "customer"),
                    payment.get("partner_id", False),
                )
            except KeyError as error:
                raise UserError(
                    self.env._("Payments: %(key)s is missing.", key=error.args[0])
                ) from None
        if settle:
            self.action_settle()
        return payment_ids

    def _prepare_till_rows(self):
        """Return what each payer owes now, invoiced or not yet.

        :rtype: list of values of `dealer.repair.settle.payer`
        """
        self.ensure_one()
        self._ensure_role((SETTLEMENT,))
        self.check_access("read")
        rows = []
        today = self.company_id._dealer_today()
        for sale_sudo in self.sudo()._get_billable_sales():
            payer, partner = sale_sudo.dealer_payer, sale_sudo.partner_id
            invoices = sale_sudo.invoice_ids.filtered(lambda m: m.state == "posted")
            deposit = -sum(
                self._get_open_deposit_lines(payer, partner).mapped(
                    "amount_residual_currency"
                )
            )
            due = sum(move.amount_residual * -move.direction_sign for move in invoices)
            open_amount = due if invoices else sale_sudo.amount_total - deposit
            credit = self.sudo().credit_ids.filtered(
                lambda credit, sale=sale_sudo, moves=invoices: (
                    credit.payer in (False, sale.dealer_payer)
                    and credit.partner_id in (sale.partner_id | moves.partner_id)
                    and credit.due_date >= today
                )
            )[:1]
            rows.append(
                {
                    "payer": payer,
                    "partner_id": partner.id,
                    "currency_id": sale_sudo.currency_id.id,
                    "amount_total": sale_sudo.amount_total,
                    "amount_paid": sale_sudo.amount_total - open_amount,
                    "amount_open": max(open_amount, 0.0),
                    "credit_until": credit.due_date,
                }
            )
        return rows

    def action_open_till(self):
        """Open the till for the visit."""
        self.ensure_one()
        self._ensure_role((SETTLEMENT,))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_service.dealer_repair_settle_action"
        )
        action["context"] = {"default_order_id": self.id}
        return action
