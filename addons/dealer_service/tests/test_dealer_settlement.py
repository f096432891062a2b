from datetime import timedelta

import psycopg2
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .two_stores_common import DealerTwoStoresCommon

PAYERS = ("customer", "insurance", "warranty", "internal")


@tagged("post_install", "-at_install")
class TestDealerSettlement(DealerTwoStoresCommon):
    """B6: one invoice per payer, real payments, and arrears that equal residuals."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.maker = cls.env["res.partner"].create({"name": "上汽大众"})
        partners = {"insurance": cls.insurer, "warranty": cls.maker}
        jobs = [
            Command.create(
                cls._prepare_job_vals(
                    name=payer,
                    payer=payer,
                    payer_partner_id=partners.get(payer, cls.env["res.partner"]).id,
                    line_ids=[Command.create({"product_id": cls.fee.id})],
                )
            )
            for payer in PAYERS
        ]
        cls.order = cls._bring_to("ready", job_ids=jobs)
        cls.order = cls.order.with_user(cls.settlement_clerk)
        cls.today = fields.Date.today()

    def _pay(self, amount, payer="customer", journal=None, order=None):
        journal = journal or self.cash_journal
        return (order or self.order).register_payment(amount, journal.id, payer)

    def _approve_credit(self, payer="customer", days=30, reason="月结"):
        order = self.order.with_user(self.supervisor)
        return order.approve_credit(payer, self.today + timedelta(days=days), reason)

    def _get_due(self, payer):
        invoices = self.order._get_open_invoices(payer)
        return sum(invoices.mapped("amount_residual"))

    def assertRefused(self, sentence, function, *args, **kwargs):
        """Expect one sentence, and no payment, credit or state left behind."""
        before = self._take_snapshot()
        with self.assertRaisesRegex(UserError, sentence), self.env.cr.savepoint():
            function(*args, **kwargs)
        self.assertEqual(self._take_snapshot(), before)

    def _take_snapshot(self):
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT o.state,
                   (SELECT count(*) FROM account_payment),
                   (SELECT count(*) FROM dealer_credit_approval),
                   (SELECT sum(amount_residual) FROM account_move)
              FROM dealer_repair_order o WHERE o.id = %s
            """,
            [self.order.id],
        )
        return self.env.cr.fetchall()

    # === INVOICES === #

    def test_each_payer_gets_one_sale_order_and_one_invoice(self):
        self.order.action_create_invoices()
        sales = self.order.sudo().sale_order_ids.sorted("id")
        self.assertRecordValues(
            sales,
            [
                {"dealer_payer": "customer", "partner_id": self.owner.id},
                {"dealer_payer": "insurance", "partner_id": self.insurer.id},
                {"dealer_payer": "warranty", "partner_id": self.maker.id},
                {"dealer_payer": "internal", "partner_id": self.owner.id},
            ],
        )
        self.assertEqual([len(sale.invoice_ids) for sale in sales], [1, 1, 1, 0])
        invoices = self.order.sudo().invoice_ids
        self.assertEqual(invoices, sales.invoice_ids)
        self.assertEqual(set(invoices.mapped("state")), {"posted"})
        self.assertEqual(invoices.partner_id, self.owner | self.insurer | self.maker)
        for sale in sales[:3]:
            self.assertAlmostEqual(sale.amount_total, sale.invoice_ids.amount_total)

    def test_creating_invoices_again_creates_nothing(self):
        first = self.order.action_create_invoices()
        self.assertEqual(len(first), 3)
        self.assertEqual(sorted(self.order.action_create_invoices()), sorted(first))
        self.assertEqual(len(self.order.sudo().sale_order_ids.invoice_ids), 3)

    def test_the_car_is_ready_before_it_is_invoiced(self):
        order = self._create_repair_order_b().with_user(
            self.roles_b["settlement_clerk"]
        )
        self.assertRefused("when the car is ready", order.action_create_invoices)

    def test_the_balance_is_shown_by_payer(self):
        self.order.action_create_invoices()
        self._pay(100, "insurance")
        rows = {row["partner"]: row for row in self.order._get_payer_rows()}
        row = rows[self.insurer.display_name]
        self.assertAlmostEqual(row["approved"], row["invoiced"])
        self.assertAlmostEqual(row["paid"], 100)
        self.assertAlmostEqual(row["due"], row["approved"] - 100)

    # === PAYMENTS === #

    def test_a_visit_is_settled_when_every_payer_has_paid(self):
        self.assertRefused(
            "Self-paid: the invoice is missing", self.order.action_settle
        )
        self.order.action_create_invoices()
        for payer in ("customer", "insurance", "warranty"):
            self.assertRefused("is not paid", self.order.action_settle)
            self._pay(self._get_due(payer), payer)
        self.order.action_settle()
        self.assertEqual(self.order.state, "settled")
        self.assertEqual(self.order.amount_due, 0)
        states = set(self.order.sudo().invoice_ids.mapped("payment_state"))
        self.assertEqual(states, {"paid"})

    def test_a_part_payment_leaves_the_rest_open(self):
        self.order.action_create_invoices()
        due = self._get_due("customer")
        self._pay(26)
        self.assertAlmostEqual(self._get_due("customer"), due - 26)
        self._pay(due - 26)
        self.assertRefused("Nothing is open", self._pay, 1)

    def test_an_impossible_payment_is_refused(self):
        self.order.action_create_invoices()
        due = self._get_due("customer")
        sale_journal = self.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", self.company.id)], limit=1
        )
        gone = self.env["account.journal"].browse(2**31 - 1)
        self.assertRefused("is more than the open", self._pay, due + 0.01)
        self.assertRefused("more than zero", self._pay, 0)
        self.assertRefused("more than zero", self._pay, -5)
        self.assertRefused("Payer: choose one of", self._pay, 1, "nobody")
        self.assertRefused("Nothing is open", self._pay, 1, "goodwill")
        self.assertRefused(
            "cash or bank journal", self._pay, 1, "customer", sale_journal
        )
        self.assertTrue(self.bank_journal_b)
        self.assertRefused(
            "of this store", self._pay, 1, "customer", self.bank_journal_b
        )
        self.assertRefused("of this store", self._pay, 1, "customer", gone)

    def test_a_payment_to_two_insurers_takes_no_more_than_the_amount(self):
        second = self.env["res.partner"].create({"name": "平安产险"})
        order = self._bring_to(
            "ready",
            vehicle_id=self._create_vehicle("LGBH52E06NY123456", "沪B6K888").id,
            job_ids=[
                Command.create(
                    self._prepare_job_vals(
                        name=insurer.name,
                        payer="insurance",
                        payer_partner_id=insurer.id,
                        line_ids=[Command.create({"product_id": self.fee.id})],
                    )
                )
                for insurer in (self.insurer, second)
            ],
        ).with_user(self.settlement_clerk)
        order.action_create_invoices()
        due = order.amount_due
        self._pay(50, "insurance", order=order)
        self.assertAlmostEqual(order.amount_due, due - 50)

    def test_a_credit_holds_where_the_invoice_goes_to_another_address(self):
        self.env["res.partner"].create(
            {"name": "财务部", "type": "invoice", "parent_id": self.owner.id}
        )
        vehicle = self._create_vehicle("LGBH52E06NY123456", "沪B6K889")
        order = self._bring_to("ready", vehicle_id=vehicle.id)
        order.with_user(self.settlement_clerk).action_create_invoices()
        self.assertNotEqual(order.sudo().invoice_ids.partner_id, self.owner)
        order.with_user(self.supervisor).approve_credit(
            "customer", "2099-12-31", "月结客户"
        )
        order.with_user(self.settlement_clerk).action_settle()
        self.assertEqual(order.state, "settled")

    def test_only_the_desk_invoices_pays_and_settles(self):
        for user in (self.advisor, self.technician, self.dispatcher, self.supervisor):
            order = self.order.with_user(user)
            for call in (
                order.action_create_invoices,
                order.action_settle,
                lambda order=order: self._pay(1, order=order),
            ):
                with self.assertRaisesRegex(AccessError, "Settlement clerk"):
                    call()

    # === CREDIT === #

    def test_a_credit_lets_the_visit_be_settled_and_stays_an_arrear(self):
        self.order.action_create_invoices()
        for payer in ("customer", "warranty"):
            self._pay(self._get_due(payer), payer)
        due = self._get_due("insurance")
        credit_id = self._approve_credit("insurance")
        credit = self.env["dealer.credit.approval"].browse(credit_id)
        self.assertRecordValues(
            credit,
            [
                {
                    "partner_id": self.insurer.id,
                    "amount": due,
                    "due_date": self.today + timedelta(days=30),
                    "reason": "月结",
                    "user_id": self.supervisor.id,
                }
            ],
        )
        self.order.action_settle()
        self.assertAlmostEqual(self.order.amount_due, due)
        self.assertIn(self.order, self._find_arrears())
        self._pay(due, "insurance")
        self.assertNotIn(self.order, self._find_arrears())

    def test_a_credit_covers_only_what_was_open_when_it_was_given(self):
        self.order.action_create_invoices()
        for payer in ("insurance", "warranty"):
            self._pay(self._get_due(payer), payer)
        due = self._get_due("customer")
        payment = self.env["account.payment"].browse(self._pay(due - 10))
        self._approve_credit("customer")
        payment.move_id.line_ids.remove_move_reconcile()
        self.assertAlmostEqual(self._get_due("customer"), due)
        self.assertRefused("is not paid", self.order.action_settle)

    def test_a_credit_covers_nothing_after_its_due_date(self):
        self.order.action_create_invoices()
        for payer in ("insurance", "warranty"):
            self._pay(self._get_due(payer), payer)
        self._approve_credit("customer", days=1)
        with freeze_time(fields.Datetime.now() + timedelta(days=3)):
            self.assertRefused("is not paid", self.order.action_settle)

    def test_only_a_supervisor_approves_a_credit_with_date_and_reason(self):
        self.order.action_create_invoices()
        for user in (self.settlement_clerk, self.advisor, self.technician):
            with self.assertRaisesRegex(AccessError, "Business supervisor"):
                self.order.with_user(user).approve_credit("customer", self.today, "x")
        self.assertRefused(
            "today or a later day", self._approve_credit, "customer", days=-1
        )
        self.assertRefused("say why", self._approve_credit, "customer", reason=" ")
        self.assertRefused("Nothing is open", self._approve_credit, "internal")
        self._approve_credit("customer", days=0)

    @mute_logger("odoo.sql_db")
    def test_a_credit_is_never_changed_or_deleted(self):
        self.order.action_create_invoices()
        credit = self.env["dealer.credit.approval"].browse(self._approve_credit())
        self.assertRefused("never changed", credit.write, {"amount": 1})
        self.assertRefused("never changed", credit.unlink)
        for query in ("UPDATE %s SET reason = 'x'", "DELETE FROM %s"):
            with (
                self.assertRaises(psycopg2.errors.RestrictViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query % "dealer_credit_approval")
        with self.assertRaises(AccessError):
            credit.with_user(self.group_manager).create({"reason": "by hand"})

    # === ARREARS === #

    def _find_arrears(self):
        return self.order.search([("amount_due", ">", 0)])

    def _get_residuals(self):
        """Return the open balance of each visit, as the ledger has it."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT m.dealer_order_id, sum(l.amount_residual)
              FROM account_move m
              JOIN account_move_line l ON l.move_id = m.id
              JOIN account_account a ON a.id = l.account_id
             WHERE m.dealer_order_id IS NOT NULL AND m.state = 'posted'
               AND a.account_type = 'asset_receivable'
          GROUP BY m.dealer_order_id HAVING sum(l.amount_residual) > 0
            """
        )
        return {row[0]: float(row[1]) for row in self.env.cr.fetchall()}

    def assertArrearsAgree(self):
        """Compare search and field with the ledger."""
        arrears = self._find_arrears()
        residuals = self._get_residuals()
        self.assertEqual(set(arrears.ids), set(residuals))
        for order in arrears:
            self.assertAlmostEqual(order.amount_due, residuals[order.id])
        settled = self.order.search([("amount_due", "=", 0)])
        self.assertFalse(arrears & settled)
        self.assertEqual(len(arrears | settled), self.order.search_count([]))

    def test_arrears_equal_the_ledger_at_every_moment(self):
        self.assertArrearsAgree()
        self.assertFalse(self._find_arrears())
        self.order.action_create_invoices()
        self.assertArrearsAgree()
        self.assertEqual(self._find_arrears(), self.order)
        for payer in ("customer", "insurance", "warranty"):
            self._pay(10, payer)
            self.assertArrearsAgree()
            self._pay(self._get_due(payer), payer)
            self.assertArrearsAgree()
        self.assertFalse(self._find_arrears())

    def test_a_credit_note_lowers_the_arrear(self):
        self.order.action_create_invoices()
        due = self.order.amount_due
        invoice = self.order.sudo().invoice_ids[:1]
        invoice._reverse_moves([{}], cancel=True)
        self.assertAlmostEqual(self.order.amount_due, due - invoice.amount_total)
        self.assertArrearsAgree()

    # === NOTHING TO PAY === #

    def test_an_internal_visit_is_settled_without_an_invoice(self):
        order = self._bring_to(
            "ready",
            vehicle_id=self._create_vehicle("LGBH52E06NY123456", "沪B6K888").id,
            job_ids=[Command.create(self._prepare_job_vals(payer="internal"))],
        ).with_user(self.settlement_clerk)
        self.assertEqual(order.action_create_invoices(), [])
        order.action_settle()
        self.assertEqual(order.state, "settled")
        self.assertFalse(order.sudo().invoice_ids)
        self.assertEqual(order.amount_due, 0)
