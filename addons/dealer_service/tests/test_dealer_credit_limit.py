from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .settlement_common import DealerSettlementCommon


@tagged("post_install", "-at_install")
class TestDealerCreditLimit(DealerSettlementCommon):
    """A credit is one payer's, and within the limits of customer and supervisor."""

    def _approve(self, order, payer="customer", user=None):
        due_date = self.today + timedelta(days=30)
        return order.with_user(user or self.supervisor).approve_credit(
            payer, due_date, "月结"
        )

    def _set_limit(self, partner, limit):
        partner.with_company(self.company).write({"credit_limit": limit})

    def test_a_credit_of_one_role_covers_no_other_role_of_the_same_partner(self):
        jobs = [
            Command.create(self._prepare_fee_job("customer")),
            Command.create(self._prepare_fee_job("insurance", self.owner)),
        ]
        order = self._make_ready(job_ids=jobs)
        order.action_create_invoices()
        self._approve(order, "insurance")
        with self.assertRefused("^Self-paid: .* is not paid"):
            order.action_settle()
        self._approve(order, "customer")
        order.action_settle()
        self.assertEqual(
            set(order.credit_ids.mapped("payer")), {"customer", "insurance"}
        )

    def test_a_customer_owes_no_more_than_his_credit_limit(self):
        first = self._make_ready("customer")
        first.action_create_invoices()
        self._set_limit(self.owner, first.amount_due * 1.5)
        self._approve(first)
        second = self._make_ready("customer")
        second.action_create_invoices()
        with self.assertRefused("would owe .* the credit limit is"):
            self._approve(second)
        with self.assertRefused("would owe .* the credit limit is"):
            self._approve(second, user=self.store_manager)
        second.register_payment(second.amount_due * 0.6, self.cash_journal.id)
        self._approve(second)

    def test_a_store_s_limit_holds_where_a_customer_has_none_of_his_own(self):
        order = self._make_ready("customer")
        order.action_create_invoices()
        self.env["ir.default"].set(
            "res.partner", "credit_limit", 1.0, company_id=self.company.id
        )
        self._approve(order)
        self.company.account_use_credit_limit = True
        with self.assertRefused("the credit limit is"):
            self._approve(order)

    def test_above_the_supervisor_s_maximum_the_manager_approves(self):
        order = self._make_ready("customer")
        order.action_create_invoices()
        self.company.dealer_credit_max = order.amount_due - 0.01
        with self.assertRefused("Ask the store manager"):
            self._approve(order)
        self._approve(order, user=self.store_manager)
        order.action_settle()
        self.assertEqual(order.state, "settled")

    def test_the_manager_sets_a_customer_s_limit_and_nobody_else(self):
        owner = self.owner.with_user(self.store_manager)
        owner.dealer_credit_limit = 500
        self.assertEqual(self.owner.with_company(self.company).credit_limit, 500)
        self.assertEqual(owner.with_user(self.supervisor).dealer_credit_limit, 500)
        with self.assertRaisesRegex(AccessError, "Store manager"):
            self.owner.with_user(self.supervisor).dealer_credit_limit = 5
        with self.assertRaises(AccessError):
            self.owner.with_user(self.advisor).dealer_credit_limit = 5
