from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .service_common import DealerServicePackageCommon


@tagged("post_install", "-at_install")
class TestDealerEstimateWork(DealerServicePackageCommon):
    """Work is added in a few clicks, and the estimate adds up per payer (C4, F05)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["dealer.fault.system"].search([]).active = False
        cls.system = cls.env["dealer.fault.system"].create(
            {"name": "制动", "keywords": "刹车 制动"}
        )

    def setUp(self):
        super().setUp()
        self.order = self._create_repair_order(job_ids=[]).with_user(self.advisor)

    def _add_work(self, **values):
        values.setdefault("lines", [{"product_id": self.labour2.id}])
        return self.order.job_ids.browse(self.order.add_work(values))

    def _open(self):
        model = self.env["dealer.repair.work"].with_user(self.advisor)
        return Form(model.with_context(default_order_id=self.order.id))

    # === ADD WORK === #

    def test_labour_and_parts_become_a_job_that_is_ready_to_offer(self):
        job = self._add_work(
            lines=[
                {"product_id": self.pads.id, "quantity": 2},
                {"product_id": self.labour2.id},
            ]
        )
        self.assertRecordValues(
            job, [{"name": "前刹车片", "method": "item", "state": "draft"}]
        )
        self.assertRecordValues(
            job.line_ids,
            [
                {"product_id": self.pads.id, "quantity": 2},
                {"product_id": self.labour2.id, "quantity": 0.8},
            ],
        )
        self.assertFalse(job._get_missing_for_offer())

    def test_lines_are_added_to_a_draft_job(self):
        job = self._add_work()
        same = self._add_work(lines=[{"product_id": self.pads.id}], job_id=job.id)
        self.assertEqual(same, job)
        self.assertEqual(job.line_ids.product_id, self.labour2 | self.pads)

    def test_work_is_refused_where_it_does_not_fit(self):
        for values, sentence in (
            ({"lines": []}, "choose at least one"),
            ({"lines": [{"quantity": 1}]}, "names its product"),
            ({"lines": [{"product_id": 1, "price_unit": 1}]}, "price_unit"),
            ({"total": 3}, "total"),
        ):
            with (
                self.subTest(values),
                self.assertRaisesRegex(ValidationError, sentence),
            ):
                self._add_work(**values)
        with self.assertRaisesRegex(UserError, "draft job"):
            self._add_work(job_id=-1)
        with self.assertRaises(AccessError):
            self.order.with_user(self.technician).add_work({})

    def test_the_system_proposes_its_labour_and_parts(self):
        found = self.order.suggest_operations(system_id=self.system.id)
        products = self.env["product.product"].browse(found)
        self.assertIn(self.labour2, products)
        self.assertIn(self.pads, products)
        self.assertNotIn(self.oil, products)
        kinds = products.mapped("dealer_kind")
        self.assertEqual(kinds, sorted(kinds))

    def test_the_symptom_is_read_and_a_diagnosis_proposed_first(self):
        self.company.dealer_diagnosis_product_id = self.labour
        found = self.order.suggest_operations("刹车异响")
        self.assertEqual(found[0], self.labour.id)
        self.assertIn(self.pads.id, found)

    # === THE DIALOG === #

    def test_a_package_is_added_by_one_tick(self):
        form = self._open()
        self.assertFalse(form.amount_total)
        names = [
            form.package_ids.edit(number).package_id.name
            for number in range(len(form.package_ids))
        ]
        self.assertEqual(set(names), {"机油保养", "前刹车片"})
        with form.package_ids.edit(names.index("前刹车片")) as line:
            self.assertTrue(line.reason)
            line.is_chosen = True
        self.assertEqual(form.amount_total, 400)
        form.save().action_add()
        self.assertEqual(self.order.job_ids.package_id, self.brakes)
        self.assertEqual(len(self._open().package_ids), 1)

    def test_the_symptom_fills_the_list_and_what_is_ticked_is_added(self):
        self.company.dealer_symptom_premium = 10
        form = self._open()
        form.method = "symptom"
        form.name = "刹车异响"
        products = [
            form.line_ids.edit(number).product_id
            for number in range(len(form.line_ids))
        ]
        with form.line_ids.edit(products.index(self.labour2)) as line:
            self.assertFalse(line.is_chosen)
            line.is_chosen = True
        self.assertEqual(form.amount_total, 80)
        form.save().action_add()
        job = self.order.job_ids
        self.assertEqual((job.name, job.method), ("刹车异响", "symptom"))
        self.assertEqual(job.line_ids.filtered("is_premium").price_unit, 8)

    def test_the_system_names_the_job(self):
        form = self._open()
        form.method = "system"
        form.system_id = self.system
        with form.line_ids.edit(0) as line:
            line.is_chosen = True
        form.save().action_add()
        self.assertEqual(self.order.job_ids.name, "制动")

    def test_nothing_ticked_is_refused(self):
        with self.assertRaisesRegex(UserError, "Tick a service package"):
            self._open().save().action_add()

    # === TOTALS === #

    def test_the_estimate_adds_up_by_decision_payer_and_kind(self):
        self.company.dealer_symptom_premium = 10
        tax = self.env["account.tax"].create(
            {"name": "13 %", "amount": 13, "type_tax_use": "sale"}
        )
        self.oil.taxes_id = tax
        order = self.order
        order.write(
            {
                "job_ids": [
                    Command.create(self._prepare_job_vals(method="symptom")),
                    Command.create(
                        {
                            "name": "拖车",
                            "category_id": self.category.id,
                            "payer": "insurance",
                            "payer_partner_id": self.insurer.id,
                            "line_ids": [Command.create({"product_id": self.fee.id})],
                        }
                    ),
                ]
            }
        )
        self.fee.taxes_id = False
        order.job_ids[1].line_ids.tax_ids = False
        rows = order.get_estimate_totals()
        self.assertEqual(
            [(row["group"], row["payer"], row["partner_id"]) for row in rows],
            [
                ("open", "customer", self.owner.id),
                ("open", "insurance", self.insurer.id),
            ],
        )
        first = rows[0]
        parts = [first[name] for name in ("labour", "part", "premium", "tax", "total")]
        self.assertEqual(parts, [50, 380, 5, 49.4, 484.4])
        self.assertEqual((rows[1]["fee"], rows[1]["total"]), (200, 200))
        self._bring_to("offered", order)
        order.record_decisions(
            [
                {"job_id": job.id, "revision": job.revision, "decision": decision}
                for job, decision in zip(
                    order.job_ids, ("approved", "declined"), strict=True
                )
            ],
            "王小明",
            self.signature,
        )
        self.assertEqual(
            [(row["group"], row["payer"]) for row in order.get_estimate_totals()],
            [("approved", "customer"), ("refused", "insurance")],
        )
        html = str(order.estimate_summary)
        self.assertIn("Risk premium", html)
        self.assertNotIn("Sublet", html)

    def test_workshop_roles_see_no_totals(self):
        with self.assertRaises(AccessError):
            self.order.with_user(self.technician).get_estimate_totals()

    def test_many_visits_are_added_up_in_a_few_queries(self):
        for _number in range(3):
            self._add_work()
        orders = self.order
        self.env.flush_all()

        def count():
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            orders.mapped("estimate_summary")
            return self.cr.sql_log_count - start

        count()
        few = count()
        for _number in range(20):
            self._add_work()
        self.env.flush_all()
        self.assertLessEqual(count(), few + 1)
