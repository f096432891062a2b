from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.base.models.ir_cron import IrCron

from .settlement_common import DealerSettlementCommon


@tagged("post_install", "-at_install")
class TestDealerArrears(DealerSettlementCommon):
    """Arrears by age, live from the ledger, and people reminded once (B6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._make_ready("customer", "insurance")
        cls.order.action_create_invoices()
        supervised = cls.order.with_user(cls.supervisor)
        cls.due_date = cls.today + timedelta(days=10)
        for payer in ("customer", "insurance"):
            supervised.approve_credit(payer, cls.due_date, "月结")
        cls.order.action_settle()
        cls.report = cls.env["dealer.arrears.report"].with_user(cls.supervisor)

    def _get_rows(self):
        return self.report.search([("order_id", "=", self.order.id)])

    def test_open_invoices_are_listed_by_payer(self):
        rows = self._get_rows().sorted("payer")
        self.assertEqual(rows.mapped("payer"), ["customer", "insurance"])
        self.assertEqual(rows.partner_id, self.owner | self.insurer)
        self.assertAlmostEqual(sum(rows.mapped("amount_due")), self.order.amount_due)
        self.assertEqual(set(rows.mapped("age")), {"not_due"})
        self.assertEqual(set(rows.mapped("due_date")), {self.due_date})

    def test_ages_count_from_the_due_date(self):
        for days, age in (
            (-1, "not_due"),
            (0, "d30"),
            (30, "d30"),
            (31, "d60"),
            (60, "d60"),
            (61, "d90"),
            (90, "d90"),
            (91, "older"),
        ):
            with freeze_time(self.due_date + timedelta(days=days)):
                self.env.invalidate_all()
                rows = self._get_rows()
                self.assertEqual(set(rows.mapped("age")), {age}, days)
                self.assertEqual(rows[0].days_overdue, max(days, 0))

    def test_a_payment_shortens_the_list_at_once(self):
        due = sum(self.order._get_open_invoices("customer").mapped("amount_residual"))
        self.order.register_payment(due - 1, self.cash_journal.id)
        row = self._get_rows().filtered(lambda row: row.payer == "customer")
        self.assertAlmostEqual(row.amount_due, 1)
        self.order.register_payment(1, self.cash_journal.id)
        self.assertEqual(self._get_rows().mapped("payer"), ["insurance"])

    def test_the_pivot_sums_by_partner_and_age(self):
        groups = self.report._read_group(
            [("order_id", "=", self.order.id)],
            ["partner_id", "age"],
            ["amount_due:sum"],
        )
        self.assertEqual(len(groups), 2)
        self.assertAlmostEqual(sum(group[2] for group in groups), self.order.amount_due)

    def test_the_list_takes_a_fixed_number_of_queries(self):
        self._get_rows().mapped("amount_due")
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            rows = self._get_rows()
            rows.read(["partner_id", "license_plate", "order_id", "amount_due"])

    def test_a_store_sees_its_own_arrears_and_the_workshop_none(self):
        other = self.report.with_user(self.roles_b["supervisor"])
        self.assertFalse(other.search([("order_id", "=", self.order.id)]))
        with self.assertRaises(AccessError):
            self.report.with_user(self.technician).search([])

    def test_a_row_opens_its_visit(self):
        action = self._get_rows()[0].action_open_visit()
        self.assertEqual(action["res_id"], self.order.id)

    def test_a_customer_s_statement_adds_up(self):
        statement = self.owner._get_dealer_statement()
        self.assertEqual(
            [item["visit"] for item in statement["items"]], [self.order.name]
        )
        self.assertAlmostEqual(statement["total"], statement["items"][0]["due"])
        self.assertAlmostEqual(statement["by_age"]["not_due"], statement["total"])

    # === REMINDERS === #

    def _remind(self, days):
        """Run the reminders so many days after the due date."""
        with freeze_time(self.due_date + timedelta(days=days)):
            # Each run is a transaction of its own.
            self.env.invalidate_all()
            with patch.object(IrCron, "_commit_progress", lambda *_a, **_kw: 1000):
                self.env["dealer.repair.order"]._cron_remind_arrears()
        return self.order.activity_ids

    def test_nobody_is_reminded_too_early(self):
        self.assertFalse(self._remind(-4))

    def test_the_advisor_is_reminded_before_and_the_supervisor_after(self):
        tasks = self._remind(-3)
        self.assertEqual(len(tasks), 2)
        self.assertEqual(tasks.user_id, self.advisor)
        self.assertEqual(set(tasks.mapped("date_deadline")), {self.due_date})
        late = self._remind(1) - tasks
        self.assertEqual(len(late), 4)
        self.assertEqual(late.user_id, self.advisor | self.supervisor)

    def test_reminders_come_once_for_each_due_date(self):
        tasks = self._remind(-3)
        self.assertEqual(self._remind(-2), tasks)
        self.order._get_open_invoices("customer").invoice_date_due = (
            self.due_date + timedelta(days=20)
        )
        self.assertEqual(self._remind(-1), tasks)
        again = self._remind(18) - tasks
        summaries = again.filtered(lambda task: "due soon" in task.summary)
        self.assertEqual(len(summaries), 1)

    def test_nobody_is_reminded_of_what_is_paid(self):
        for payer in ("customer", "insurance"):
            due = sum(self.order._get_open_invoices(payer).mapped("amount_residual"))
            self.order.register_payment(due, self.cash_journal.id, payer)
        self.assertFalse(self._remind(5))

    def test_the_tasks_are_closed_once_everything_is_paid(self):
        self.assertTrue(self._remind(1))
        for payer in ("customer", "insurance"):
            self.assertTrue(self.order.activity_ids)
            due = sum(self.order._get_open_invoices(payer).mapped("amount_residual"))
            self.order.register_payment(due, self.cash_journal.id, payer)
        self.assertFalse(self.order.activity_ids)

    def test_each_reads_the_task_in_his_own_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.supervisor.lang = "zh_CN"
        self.advisor.lang = "en_US"
        tasks = self._remind(1)
        mine = tasks.filtered(lambda task: task.user_id == self.advisor)
        theirs = tasks.filtered(lambda task: task.user_id == self.supervisor)
        self.assertIn("is overdue", mine[0].summary)
        self.assertNotIn("is overdue", theirs[0].summary)

    def test_a_reminder_names_no_amount(self):
        summary = self._remind(1)[:1].summary
        self.assertIn(self.order.sudo().invoice_ids[0].name[:3], summary)
        amount = self._get_rows()[0].amount_due
        self.assertNotIn(f"{amount:.2f}", summary)
