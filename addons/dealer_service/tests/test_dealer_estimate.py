import json

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .service_common import DealerServicePackageCommon


@tagged("post_install", "-at_install")
class TestDealerEstimate(DealerServicePackageCommon):
    """Estimates by symptom carry a premium; parts tell where they come from (C4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dealer_symptom_premium = 10

    def _create_job(self, method="symptom", **values):
        vals = self._prepare_job_vals(method=method, **values)
        return self._create_repair_order(job_ids=[Command.create(vals)]).job_ids

    def _premium(self, job):
        return job.line_ids.filtered("is_premium")

    # === RISK PREMIUM === #

    def test_a_job_by_symptom_carries_the_premium_on_its_labour(self):
        job = self._create_job()
        premium = self._premium(job)
        self.assertEqual((premium.price_subtotal, premium.kind), (5, "fee"))
        self.assertIn("10 %", premium.name)
        self.assertEqual(job.amount_untaxed, 50 + 380 + 5)

    def test_jobs_by_system_and_by_item_carry_none(self):
        job = self._create_job("system")
        self.assertFalse(self._premium(job))
        job.method = "item"
        self.assertFalse(self._premium(job))

    def test_the_premium_follows_the_labour(self):
        job = self._create_job()
        labour = job.line_ids[0]
        labour.quantity = 2
        self.assertEqual(self._premium(job).price_unit, 20)
        labour.price_unit = 200
        self.assertEqual(self._premium(job).price_unit, 40)
        labour.discount = 50
        self.assertEqual(self._premium(job).price_unit, 20)
        labour.unlink()
        self.assertFalse(self._premium(job))

    def test_the_premium_follows_the_way_of_estimating_and_the_payer(self):
        job = self._create_job("item")
        job.method = "symptom"
        self.assertTrue(self._premium(job))
        job.payer = "goodwill"
        self.assertFalse(self._premium(job))
        job.payer = "customer"
        self.assertTrue(self._premium(job))
        job.method = "system"
        self.assertFalse(self._premium(job))

    def test_the_premium_is_taxed_as_the_labour(self):
        tax = self.env["account.tax"].create({"name": "6", "amount": 6})
        self.labour.taxes_id = [Command.set(tax.ids)]
        job = self._create_job()
        self.assertEqual(self._premium(job).tax_ids, tax)
        self.assertEqual(self._premium(job).price_total, 5.3)

    def test_nobody_writes_a_premium_of_his_own(self):
        job = self._create_job()
        premium = self._premium(job)
        for call in (
            lambda: premium.write({"price_unit": 1}),
            lambda: premium.write({"is_premium": False}),
            lambda: job.line_ids[0].write({"is_premium": True}),
            premium.unlink,
            lambda: job.line_ids.create(
                {"job_id": job.id, "product_id": self.fee.id, "is_premium": True}
            ),
        ):
            with self.assertRaisesRegex(UserError, "risk premium follows"):
                call()
        fee = job.line_ids.with_context(default_is_premium=True).create(
            {"job_id": job.id, "product_id": self.fee.id}
        )
        self.assertFalse(fee.is_premium)

    def test_an_advisor_may_give_a_discount_on_it(self):
        job = self._create_job()
        self._premium(job).discount = 100
        self.assertEqual(job.amount_untaxed, 430)

    def test_the_customer_approves_the_premium_and_is_invoiced_for_it(self):
        job = self._create_job()
        order = self._bring_to("settled", job.order_id)
        shown = json.loads(order.approval_ids.snapshot)
        self.assertEqual([line["subtotal"] for line in shown["lines"]], [50, 380, 5])
        self.assertEqual(shown["method"], "symptom")
        self.assertEqual(order.with_env(self.env).invoice_ids.amount_untaxed, 435)

    def test_another_way_of_estimating_is_another_offer(self):
        order = self._bring_to("offered")
        job = order.job_ids.with_user(self.advisor)
        job.method = "symptom"
        self.assertEqual((job.state, job.revision), ("draft", 2))
        self.assertTrue(self._premium(job))

    def test_the_form_saves_a_job_with_its_premium(self):
        job = self._create_job()
        with Form(job) as form:
            with form.line_ids.edit(0) as line:
                line.quantity = 1
            form.correction = "更换"
        self.assertEqual(self._premium(job).price_unit, 10)

    def test_no_premium_without_the_setting(self):
        self.company.dealer_symptom_premium = 0
        self.assertFalse(self._premium(self._create_job()))

    # === WHERE PARTS COME FROM === #

    def test_a_part_of_the_customer_carries_no_guarantee(self):
        job = self._create_job("item")
        part = job.line_ids[1]
        self.assertFalse(part.guarantee_note)
        part.part_origin = "customer"
        self.assertIn("no guarantee", part.guarantee_note)
        self.assertIn("no guarantee", job.offer_notes)

    def test_consent_to_used_parts_is_kept_with_the_decision(self):
        job = self._create_job("item")
        job.line_ids[1].part_origin = "reused"
        order = self._bring_to("accepted", job.order_id)
        shown = json.loads(order.approval_ids.snapshot)
        self.assertIn("with the customer's consent", " ".join(shown["notes"]))
        self.assertTrue(shown["lines"][1]["note"])

    def test_the_guarantee_is_named_with_the_price(self):
        job = self._create_job("item")
        self.assertIn("2,000 km or 10 days", job.guarantee_text)
        order = self._bring_to("accepted", job.order_id)
        shown = json.loads(order.approval_ids.snapshot)
        self.assertIn("2,000 km or 10 days", shown["notes"][0])
