from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .settlement_common import DealerSettlementCommon


@tagged("post_install", "-at_install")
class TestDealerDeposit(DealerSettlementCommon):
    """Money taken before the invoice is set off, or given back, to the cent (B6)."""

    def _get_balance(self, partner):
        """Return what a partner owes on the ledger, deposits deducted."""
        self.env.flush_all()
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "child_of", partner.commercial_partner_id.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        return sum(lines.mapped("amount_residual"))

    def test_a_deposit_is_set_off_against_the_invoice(self):
        order = self._make_ready("customer")
        payment = self.env["account.payment"].browse(
            order.register_deposit(50, self.cash_journal.id, memo="大灯订货")
        )
        self.assertRecordValues(
            payment,
            [
                {
                    "partner_id": self.owner.id,
                    "dealer_order_id": order.id,
                    "dealer_payer": "customer",
                    "dealer_is_deposit": True,
                    "amount": 50,
                }
            ],
        )
        self.assertIn("大灯订货", payment.memo)
        self.assertAlmostEqual(order.amount_deposit, 50)
        self.assertEqual(order.search([("amount_deposit", ">", 0)]), order)
        order.action_create_invoices()
        invoice = order.sudo().invoice_ids
        self.assertAlmostEqual(invoice.amount_residual, invoice.amount_total - 50)
        self.assertEqual(order.amount_deposit, 0)
        self.assertAlmostEqual(order.amount_due, invoice.amount_total - 50)
        order.register_payment(order.amount_due, self.cash_journal.id)
        order.action_settle()
        self.assertAlmostEqual(self._get_balance(self.owner), 0)

    def test_a_deposit_for_the_whole_bill_leaves_nothing_to_pay(self):
        order = self._make_ready("customer")
        order.register_deposit(order.amount_total, self.cash_journal.id)
        order.action_create_invoices()
        self.assertEqual(order.amount_due, 0)
        order.action_settle()
        self.assertEqual(order.state, "settled")

    def test_what_is_left_of_a_deposit_goes_back_before_the_visit_is_settled(self):
        order = self._make_ready("customer")
        order.register_deposit(order.amount_total + 80, self.cash_journal.id)
        order.action_create_invoices()
        self.assertAlmostEqual(order.amount_deposit, 80)
        with self.assertRefused("of the deposit is left over. Give it back"):
            order.action_settle()
        with self.assertRefused("is more than the open deposit"):
            order.refund_deposit(80.01, self.cash_journal.id)
        order.refund_deposit(80, self.cash_journal.id)
        self.assertEqual(order.amount_deposit, 0)
        order.action_settle()
        self.assertAlmostEqual(self._get_balance(self.owner), 0)

    def test_a_deposit_is_given_back_in_parts(self):
        order = self._make_ready("customer")
        order.register_deposit(order.amount_total + 80, self.cash_journal.id)
        order.action_create_invoices()
        order.refund_deposit(30, self.cash_journal.id)
        self.assertAlmostEqual(order.amount_deposit, 50)
        order.refund_deposit(50, self.cash_journal.id)
        self.assertEqual(order.amount_deposit, 0)

    def test_several_deposits_add_up(self):
        order = self._make_ready("customer")
        order.register_deposit(30, self.cash_journal.id)
        order.register_deposit(20, self.bank_journal.id)
        self.assertAlmostEqual(order.amount_deposit, 50)
        order.action_create_invoices()
        self.assertAlmostEqual(order.amount_due, order.amount_total - 50)

    def test_a_deposit_pays_no_other_payer(self):
        order = self._make_ready("customer", "insurance")
        order.register_deposit(order.amount_total, self.cash_journal.id)
        order.action_create_invoices()
        due = {row["payer"]: row["due"] for row in order._get_payer_rows()}
        self.assertEqual(due["Self-paid"], 0)
        self.assertGreater(due["Insurance"], 0)
        self.assertGreater(order.amount_deposit, 0)

    def test_the_same_partner_in_two_roles_is_kept_apart(self):
        jobs = [
            Command.create(self._prepare_fee_job("customer")),
            Command.create(self._prepare_fee_job("insurance", self.owner)),
        ]
        order = self._make_ready(job_ids=jobs)
        order.register_deposit(40, self.cash_journal.id, "insurance")
        order.action_create_invoices()
        paid = {row["payer"]: row["paid"] for row in order._get_payer_rows()}
        self.assertEqual(paid, {"Self-paid": 0, "Insurance": 40})

    def test_a_visit_that_ends_gives_its_deposit_back(self):
        order = self._bring_to("diagnosis").with_user(self.settlement_clerk)
        order.register_deposit(100, self.cash_journal.id)
        order.with_user(self.advisor).action_leave("太贵")
        with self.assertRefused("has ended"):
            order.register_deposit(1, self.cash_journal.id)
        order.refund_deposit(100, self.cash_journal.id)
        self.assertEqual(order.amount_deposit, 0)
        self.assertAlmostEqual(self._get_balance(self.owner), 0)

    def test_an_impossible_deposit_is_refused(self):
        order = self._make_ready("customer", "internal")
        with self.assertRefused("more than zero"):
            order.register_deposit(0, self.cash_journal.id)
        with self.assertRefused("more than zero"):
            order.register_deposit(-1, self.cash_journal.id)
        with self.assertRefused("of this store"):
            order.register_deposit(1, self.bank_journal_b.id)
        with self.assertRefused("bears this itself"):
            order.register_deposit(1, self.cash_journal.id, "internal")
        with self.assertRefused("choose who pays"):
            order.register_deposit(1, self.cash_journal.id, "insurance")
        with self.assertRefused("choose one of"):
            order.register_deposit(1, self.cash_journal.id, "nobody")
        order.action_create_invoices()
        with self.assertRefused("take a payment instead"):
            order.register_deposit(1, self.cash_journal.id)
        with self.assertRefused("is more than the open deposit"):
            order.refund_deposit(1, self.cash_journal.id)

    def test_only_the_desk_takes_deposits(self):
        order = self._make_ready("customer")
        for user in (self.advisor, self.technician, self.supervisor):
            for method in ("register_deposit", "refund_deposit"):
                with self.assertRaisesRegex(AccessError, "Settlement clerk"):
                    getattr(order.with_user(user), method)(1, self.cash_journal.id)

    def test_prices_are_hidden_from_the_workshop(self):
        order = self._make_ready("customer")
        with self.assertRaises(AccessError):
            order.with_user(self.technician).read(["amount_deposit"])
        with self.assertRaises(AccessError):
            order.with_user(self.technician).search([("amount_deposit", ">", 0)])
