from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .settlement_common import DealerSettlementCommon


@tagged("post_install", "-at_install")
class TestDealerTill(DealerSettlementCommon):
    """From "to settle" to settled on one screen: mixed payments, change, credit."""

    def _open_till(self, order):
        model = self.env["dealer.repair.settle"].with_user(self.settlement_clerk)
        return Form(model.with_context(default_order_id=order.id))

    def _put_down(self, form, *payments):
        """Replace what is proposed by payments of (journal, amount[, payer])."""
        while len(form.payment_line_ids):
            form.payment_line_ids.remove(0)
        for journal, amount, *payer in payments:
            with form.payment_line_ids.new() as line:
                line.journal_id = journal
                line.amount = amount
                if payer:
                    line.payer = payer[0]

    def test_the_whole_bill_in_cash_is_proposed(self):
        order = self._make_ready("customer")
        form = self._open_till(order)
        self.assertAlmostEqual(form.amount_open, order.amount_total)
        self.assertAlmostEqual(form.amount_taken, order.amount_total)
        self.assertEqual(form.amount_rest, 0)
        form.save().action_confirm()
        self.assertEqual(order.state, "settled")
        self.assertEqual(order.amount_due, 0)
        self.assertEqual(order.release_note_ids.state, "issued")

    def test_mixed_payments_with_change(self):
        order = self._make_ready("customer")
        form = self._open_till(order)
        self._put_down(form, (self.bank_journal, 150), (self.cash_journal, 100))
        total = order.amount_total
        self.assertAlmostEqual(form.amount_change, 250 - total)
        self.assertEqual(form.amount_rest, 0)
        form.save().action_confirm()
        self.assertEqual(order.state, "settled")
        amounts = {
            payment.journal_id: payment.amount for payment in order.sudo().payment_ids
        }
        self.assertEqual(amounts[self.bank_journal], 150)
        self.assertAlmostEqual(amounts[self.cash_journal], total - 150)

    def test_too_much_by_card_is_refused_and_nothing_is_booked(self):
        order = self._make_ready("customer")
        form = self._open_till(order)
        self._put_down(form, (self.bank_journal, order.amount_total + 1))
        with self.assertRefused("is more than the open"):
            form.save().action_confirm()
        self.assertFalse(order.sudo().payment_ids)
        self.assertFalse(order.sudo().invoice_ids)

    def test_too_little_is_refused_with_the_rest(self):
        order = self._make_ready("customer")
        form = self._open_till(order)
        self._put_down(form, (self.cash_journal, 10))
        with self.assertRefused("is not paid. Take the payment, or ask"):
            form.save().action_confirm()
        self.assertEqual(order.state, "ready")
        self.assertFalse(order.sudo().payment_ids)

    def test_the_money_can_be_taken_without_settling(self):
        order = self._make_ready("customer")
        form = self._open_till(order)
        self._put_down(form, (self.cash_journal, 10))
        form.save().action_pay_only()
        self.assertEqual(order.state, "ready")
        self.assertAlmostEqual(order.amount_due, order.amount_total - 10)
        order.with_user(self.supervisor).approve_credit(
            "customer", "2099-12-31", "月结"
        )
        form = self._open_till(order)
        self._put_down(form)
        form.save().action_confirm()
        self.assertEqual(order.state, "settled")

    def test_a_deposit_is_deducted(self):
        order = self._make_ready("customer")
        order.register_deposit(60, self.cash_journal.id)
        form = self._open_till(order)
        self.assertAlmostEqual(form.amount_open, order.amount_total - 60)
        form.save().action_confirm()
        self.assertEqual(order.state, "settled")

    def test_each_payer_is_listed_and_pays_his_own(self):
        order = self._make_ready("customer", "insurance", "internal")
        form = self._open_till(order)
        payers = [line["payer"] for line in form.payer_line_ids._records]
        self.assertEqual(sorted(payers), ["customer", "insurance"])
        due = order._prepare_till_rows()
        self._put_down(
            form,
            (self.cash_journal, due[0]["amount_open"], due[0]["payer"]),
            (self.bank_journal, due[1]["amount_open"], due[1]["payer"]),
        )
        form.save().action_confirm()
        self.assertEqual(order.state, "settled")
        self.assertEqual(
            order.sudo().payment_ids.mapped("partner_id"), self.owner | self.insurer
        )

    def test_payments_by_call_are_one_transaction(self):
        order = self._make_ready("customer")
        with self.assertRefused("journal_id is missing"):
            order.pay_and_settle([{"amount": 1}])
        self.assertFalse(order.sudo().invoice_ids)
        payment = {"amount": order.amount_total, "journal_id": self.cash_journal.id}
        self.assertEqual(len(order.pay_and_settle([payment])), 1)
        self.assertEqual(order.state, "settled")

    def test_only_the_desk_opens_the_till(self):
        order = self._make_ready("customer")
        for user in (self.advisor, self.technician, self.supervisor):
            with self.assertRaises(AccessError):
                order.with_user(user).pay_and_settle([])
            with self.assertRaises(AccessError):
                order.with_user(user).action_open_till()

    def test_the_store_s_own_cost_is_the_manager_s_to_see(self):
        self.oil.standard_price = 250
        job = self._prepare_job_vals(payer="internal")
        order = self._make_ready(job_ids=[Command.create(job)])
        self.assertEqual(order.with_user(self.store_manager).cost_internal, 250)
        with self.assertRaises(AccessError):
            order.with_user(self.supervisor).read(["cost_internal"])
        order.pay_and_settle()
        self.assertEqual(order.amount_due, 0)
        self.assertEqual(order.settlement_list_ids.amount_total, 0)
