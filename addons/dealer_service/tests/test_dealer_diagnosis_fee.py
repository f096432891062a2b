from ast import literal_eval
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import DealerServiceCommon


@tagged("post_install", "-at_install")
class TestDealerDiagnosisFee(DealerServiceCommon):
    """What a diagnosis costs, and when it costs nothing (C2, F04)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.diagnosing = cls.env["product.product"].create(
            {
                "name": "检测诊断",
                "type": "service",
                "uom_id": cls.env.ref("uom.product_uom_hour").id,
                "list_price": 100.0,
                "dealer_kind": "labour",
                "dealer_standard_hours": 1.2,
                "dealer_has_own_rate": True,
                "invoice_policy": "order",
                "taxes_id": False,
            }
        )
        cls.company.dealer_diagnosis_product_id = cls.diagnosing

    def _open(self, rule="unrepaired", **values):
        """Open a visit that comes with a complaint and no work."""
        self.company.dealer_diagnosis_fee_rule = rule
        return self._create_repair_order(**{"job_ids": False, **values})

    def _add_repair(self, order):
        """Estimate a repair and offer it."""
        order.env["dealer.repair.job"].create(self._prepare_job_vals(order_id=order.id))
        self._step_offer(order)

    def _answer(self, order, **answers):
        """Answer jobs on offer: ``fee`` and ``repair``."""
        decisions = []
        for job in order.job_ids.filtered(lambda job: job.state == "offered"):
            decision = answers.get("fee" if job.is_diagnosis_fee else "repair")
            if decision:
                decisions.append(
                    {
                        "job_id": job.id,
                        "revision": job.revision,
                        "decision": decision,
                        "reason": "太贵",
                    }
                )
        order.record_decisions(decisions, "王小明", self.signature)

    def _get_fee(self, order):
        return order.job_ids.filtered("is_diagnosis_fee")

    # === SHOWN FIRST === #

    def test_the_customer_is_told_before_anybody_diagnoses(self):
        order = self._open()
        self.assertIn("120.00", order.diagnosis_fee_note)
        self.assertIn("waived if the car is repaired", order.diagnosis_fee_note)
        self._bring_to("diagnosis", order)
        fee = self._get_fee(order)
        self.assertEqual(fee.state, "offered")
        self.assertEqual(fee.line_ids.quantity, 1.2)
        self.assertEqual(fee.amount_total, 120.0)
        self._answer(order, fee="approved")
        self.assertEqual(order.state, "diagnosis")
        self.assertEqual(fee.state, "done")
        self.assertEqual(order.approval_ids.job_id, fee)
        self.assertIn("Waived if the car is repaired", order.approval_ids.snapshot)

    def test_a_fee_asks_for_no_time_in_the_workshop(self):
        order = self._open(promised_at=fields.Datetime.now() + timedelta(minutes=5))
        promise = order.promised_at
        self._bring_to("diagnosis", order)
        self._answer(order, fee="approved")
        self.assertEqual(self._get_fee(order).state, "done")
        self.assertEqual(order.promised_at, promise)

    def test_no_sale_line_without_a_yes(self):
        order = self._open()
        self._bring_to("diagnosis", order)
        self.assertFalse(order.sudo().sale_order_ids)
        self._answer(order, fee="declined")
        self.assertFalse(order.sudo().sale_order_ids)
        self.assertFalse(order.vehicle_id.finding_ids, "A fee is no finding")
        self._answer_nothing_and_leave(order)

    def _answer_nothing_and_leave(self, order):
        order.action_leave("太贵")
        self.assertEqual(order.state, "left")
        self.assertFalse(order.sudo().invoice_ids)

    def test_no_fee_where_the_store_charges_none(self):
        order = self._open("never")
        self._bring_to("diagnosis", order)
        self.assertFalse(order.job_ids)
        self.assertFalse(order.diagnosis_fee_note)
        self.assertFalse(order.can_charge_diagnosis)
        with self.assertRaisesRegex(UserError, "charges none"):
            order.action_charge_diagnosis()

    def test_a_visit_that_comes_with_its_work_is_asked_by_hand(self):
        self.company.dealer_diagnosis_fee_rule = "unrepaired"
        order = self._bring_to("diagnosis")
        self.assertFalse(self._get_fee(order))
        self.assertTrue(order.can_charge_diagnosis)
        job_id = order.action_charge_diagnosis()
        self.assertEqual(self._get_fee(order).id, job_id)
        self.assertEqual(order.action_charge_diagnosis(), job_id, "Once only")
        self.assertFalse(order.can_charge_diagnosis)

    # === A VISIT WITHOUT REPAIR === #

    def test_who_does_not_repair_pays_the_fee_and_leaves(self):
        order = self._open()
        self._bring_to("diagnosis", order)
        self._answer(order, fee="approved")
        self._add_repair(order)
        desk = order.with_user(self.settlement_clerk)
        self.assertFalse(desk.can_invoice, "The customer still thinks about it")
        with self.assertRaisesRegex(UserError, "when the car is ready"):
            desk.action_create_invoices()
        self._answer(order, repair="declined")
        self.assertEqual(order.state, "offered")
        with self.assertRaisesRegex(UserError, "only the diagnosis fee"):
            order._ensure_can("accept")
        with self.assertRaisesRegex(UserError, "send the customer to settlement"):
            order.action_leave("太贵")
        waiting = self.env.ref("dealer_service.dealer_repair_order_action_settle")
        self.assertIn(order, order.search(literal_eval(waiting.domain)))
        self.assertTrue(desk.can_invoice)
        desk.action_create_invoices()
        with self.assertRaisesRegex(UserError, "120.00 is not paid"):
            order.action_leave("太贵")
        self.assertEqual(desk.amount_due, 120.0)
        desk.register_payment(desk.amount_due, self.cash_journal.id)
        order.action_leave("太贵")
        self.assertEqual(order.state, "left")
        self.assertEqual(order.sudo().invoice_ids.payment_state, "paid")
        self.assertEqual(order.sudo().invoice_ids.amount_total, 120.0)
        self.assertEqual(order.release_note_ids.kind, "unrepaired")
        self.assertEqual(order.settlement_list_ids.amount_total, 120.0)
        self.assertEqual(order.vehicle_id.finding_ids.mapped("state"), ["open"])
        self.assertFalse(order.vehicle_id.guarantee_ids)

    def test_a_fee_on_credit_needs_the_supervisor(self):
        order = self._open()
        self._bring_to("diagnosis", order)
        self._answer(order, fee="approved")
        desk = order.with_user(self.settlement_clerk)
        desk.action_create_invoices()
        with self.assertRaisesRegex(UserError, "is not paid"):
            order.action_leave("月结")

    def test_a_diagnosis_that_was_not_made_costs_nothing(self):
        order = self._open()
        order.sign_intake("王小明", self.signature)
        order.action_start_diagnosis()
        self._answer(order, fee="approved")
        self.assertTrue(order.sudo().sale_order_ids.order_line)
        order.action_leave("等不及")
        self.assertEqual(self._get_fee(order).state, "expired")
        self.assertFalse(order.sudo().sale_order_ids.order_line)

    # === A VISIT WITH REPAIR === #

    def test_the_fee_is_waived_when_the_car_is_repaired(self):
        order = self._open()
        self._bring_to("diagnosis", order)
        self._answer(order, fee="approved")
        self._add_repair(order)
        self._answer(order, repair="approved")
        fee = self._get_fee(order)
        self.assertEqual(order.state, "accepted")
        self.assertEqual(fee.state, "expired")
        self.assertFalse(fee.line_ids.sudo().sale_line_ids)
        self.assertIn("waived", order.message_ids[0].body)
        self._bring_to("delivered", order)
        self.assertNotIn(
            self.diagnosing, order.sudo().invoice_ids.invoice_line_ids.product_id
        )
        self.assertIn("approved", order.approval_ids.mapped("decision"))

    def test_a_fee_without_an_answer_holds_nobody_up(self):
        order = self._open()
        self._bring_to("diagnosis", order)
        self._add_repair(order)
        self._answer(order, repair="approved")
        self.assertEqual(self._get_fee(order).state, "expired")
        self._bring_to("ready", order)

    def test_an_invoiced_fee_stays_when_the_customer_changes_his_mind(self):
        order = self._open()
        self._bring_to("diagnosis", order)
        self._answer(order, fee="approved")
        order.with_user(self.settlement_clerk).action_create_invoices()
        with self.assertRaises(UserError):
            order.action_waive_diagnosis()
        self._add_repair(order)
        self._answer(order, repair="approved")
        self.assertEqual(order.state, "accepted")
        self.assertEqual(self._get_fee(order).state, "done")
        self._bring_to("delivered", order)

    def test_always_means_with_the_repair_too(self):
        order = self._open("always")
        self.assertNotIn("waived", order.diagnosis_fee_note)
        self._bring_to("diagnosis", order)
        self._add_repair(order)
        self._answer(order, fee="approved", repair="approved")
        fee = self._get_fee(order)
        self._bring_to("delivered", order)
        self.assertEqual(fee.state, "done")
        invoiced = order.sudo().invoice_ids.invoice_line_ids.product_id
        self.assertIn(self.diagnosing, invoiced)
        self.assertNotIn(fee, order.vehicle_id.guarantee_ids.job_id)
        checks = order.sudo().check_ids
        self.assertNotIn(fee, checks.line_ids.job_id | checks.job_id)

    def test_a_failed_final_check_sends_no_fee_back_to_work(self):
        order = self._open("always")
        self._bring_to("diagnosis", order)
        self._add_repair(order)
        self._answer(order, fee="approved", repair="approved")
        self._bring_to("inspection", order)
        Check = self.env["dealer.quality.check"].with_user(self.inspector)
        check = Check.browse(Check.start(order.id, "final"))
        self.assertTrue(check.line_ids)
        name = check.line_ids.filtered(lambda line: not line.is_measured)[0].name
        self._check(self.inspector, order, "final", failing=(name,))
        self.assertEqual(self._get_fee(order).state, "done")
        self.assertIn("rework", order.job_ids.mapped("state"))

    # === REFUSALS === #

    def test_the_fee_is_charged_before_a_repair_is_approved_only(self):
        self.company.dealer_diagnosis_fee_rule = "unrepaired"
        order = self._bring_to("accepted")
        self.assertFalse(order.can_charge_diagnosis)
        with self.assertRaisesRegex(UserError, "before a repair is approved"):
            order.action_charge_diagnosis()

    def test_reception_waives_a_fee_by_hand(self):
        order = self._open()
        self._bring_to("diagnosis", order)
        self.assertTrue(order.can_waive_diagnosis)
        order.action_waive_diagnosis()
        self.assertEqual(self._get_fee(order).state, "expired")
        self.assertFalse(order.can_waive_diagnosis)
        with self.assertRaisesRegex(UserError, "has no diagnosis fee"):
            order.action_waive_diagnosis()

    def test_a_visit_that_is_called_off_costs_nothing(self):
        order = self._open()
        self._bring_to("diagnosis", order)
        self._answer(order, fee="approved")
        order.action_cancel("客户改期")
        self.assertEqual(self._get_fee(order).state, "expired")
        self.assertEqual(order.state, "cancelled")

    def test_only_reception_charges_and_waives(self):
        order = self._open()
        self._bring_to("diagnosis", order)
        for user in (self.technician, self.settlement_clerk):
            for verb in ("action_charge_diagnosis", "action_waive_diagnosis"):
                with self.subTest(verb), self.assertRaises(AccessError):
                    getattr(order.with_user(user), verb)()

    def test_a_rule_needs_an_operation(self):
        self.company.dealer_diagnosis_fee_rule = "always"
        with self.assertRaisesRegex(ValidationError, "choose the operation"):
            self.company.dealer_diagnosis_product_id = False

    def test_no_work_hides_in_the_fee(self):
        """Neither a line on the fee, nor a job that somebody calls the fee."""
        order = self._open()
        self._bring_to("diagnosis", order)
        fee = self._get_fee(order)
        Line = self.env["dealer.repair.line"].with_user(self.advisor)
        with self.assertRaisesRegex(ValidationError, "holds nothing else"):
            Line.create({"job_id": fee.id, "product_id": self.labour.id, "quantity": 1})
        job = fee.create(self._prepare_job_vals(order_id=order.id))
        with self.assertRaises(UserError):
            job.write({"is_diagnosis_fee": True})
        with self.assertRaises(UserError):
            job.create(
                self._prepare_job_vals(order_id=order.id) | {"is_diagnosis_fee": True}
            )
        by_default = job.with_context(default_is_diagnosis_fee=True).create(
            self._prepare_job_vals(order_id=order.id)
        )
        self.assertFalse(by_default.is_diagnosis_fee)

    def test_who_sees_no_prices_sees_no_fee(self):
        order = self._open()
        with self.assertRaises(AccessError):
            order.with_user(self.technician).read(["diagnosis_fee_note"])
