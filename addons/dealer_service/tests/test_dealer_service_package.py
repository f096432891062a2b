import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .service_common import DealerServicePackageCommon


@tagged("post_install", "-at_install")
class TestDealerServicePackage(DealerServicePackageCommon):
    """Work sold as one thing: its price, its job, and what to offer a car."""

    # === WHAT IT COSTS === #

    def test_hours_are_those_of_the_labour(self):
        self.assertEqual(self.oil_service.hours, 0.5)
        self.assertEqual(self.brakes.hours, 0.8)

    def test_the_price_shown_is_the_price_of_its_job(self):
        tax = self.env["account.tax"].create({"name": "13", "amount": 13})
        (self.labour | self.oil).taxes_id = [Command.set(tax.ids)]
        self.oil_service.discount = 10
        order = self._create_repair_order(job_ids=[])
        job = order.job_ids.browse(order.add_packages(self.oil_service.ids))
        self.assertEqual(self.oil_service.price, 437.31)
        self.assertEqual(job.amount_total, 437.31)

    def test_the_owner_pays_the_prices_of_his_price_list(self):
        self.owner.property_product_pricelist = self.env["product.pricelist"].create(
            {
                "name": "Fleet",
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 10})
                ],
            }
        )
        offers = {offer["id"]: offer for offer in self._suggest()}
        self.assertEqual(offers[self.oil_service.id]["price"], 387)
        self.assertEqual(self.oil_service.price, 430)
        order = self._create_repair_order(job_ids=[])
        job = order.job_ids.browse(order.add_packages(self.oil_service.ids))
        self.assertEqual(job.amount_total, 387)

    def test_each_store_shows_the_price_in_its_currency(self):
        package = self.oil_service.with_company(self.company_b)
        self.assertEqual(package.currency_id, self.company_b.currency_id)
        offers = self._suggest(user=self.advisor_b)
        self.assertEqual(offers[0]["currency_id"], self.company_b.currency_id.id)

    def test_prices_of_many_packages_are_asked_for_at_once(self):
        for number in range(60):
            self._create_package(f"n{number}", "保养", {self.labour: 0.5, self.oil: 1})
        packages = self.env["dealer.service.package"].with_user(self.advisor)
        packages = packages.search([])
        packages.mapped("price")
        self.env.invalidate_all()
        with self.assertQueryCount(24):
            packages.mapped("price")

    # === ON A VISIT === #

    def test_a_package_becomes_one_complete_job(self):
        order = self._create_repair_order(job_ids=[])
        ids = order.add_packages((self.oil_service | self.brakes).ids)
        jobs = order.job_ids.browse(ids)
        self.assertRecordValues(
            jobs,
            [
                {"name": "机油保养", "package_id": self.oil_service.id},
                {"name": "前刹车片", "package_id": self.brakes.id},
            ],
        )
        self.assertEqual(jobs.category_id, self.category)
        self.assertRecordValues(
            jobs[0].line_ids,
            [
                {"product_id": self.labour.id, "quantity": 0.5, "price_unit": 100},
                {"product_id": self.oil.id, "quantity": 1, "price_unit": 380},
            ],
        )
        self._bring_to("accepted", order)
        self.assertEqual(set(jobs.mapped("state")), {"approved"})

    def test_the_second_click_adds_nothing(self):
        order = self._create_repair_order(job_ids=[])
        first = order.add_packages(self.oil_service.ids)
        self.assertEqual(order.add_packages(self.oil_service.ids), first)
        self.assertEqual(order.job_ids.ids, first)

    def test_a_declined_package_may_be_added_again_and_is_taken_up(self):
        order = self._create_repair_order(job_ids=[])
        declined = order.job_ids.browse(order.add_packages(self.brakes.ids))
        self._bring_to("offered", order)
        self._decide(order, "declined", reason="太贵")
        again = order.job_ids.browse(order.add_packages(self.brakes.ids))
        self.assertNotEqual(again, declined)
        self.assertEqual(again.finding_id, self.vehicle.finding_ids)

    def test_while_the_work_goes_on_a_package_is_an_addon(self):
        order = self._bring_to("in_progress")
        job = order.job_ids.browse(
            order.with_user(self.advisor).add_packages(self.brakes.ids)
        )
        self.assertEqual(job.origin, "addon")
        job.with_user(self.advisor).action_offer()
        self.assertEqual(job.state, "offered")

    def test_a_free_category_makes_the_job_free(self):
        self.category.default_payer = "goodwill"
        order = self._create_repair_order(job_ids=[])
        job = order.job_ids.browse(order.add_packages(self.oil_service.ids))
        self.assertEqual((job.payer, job.amount_total), ("goodwill", 0))

    def test_a_finished_visit_takes_no_package(self):
        order = self._bring_to("ready").with_user(self.advisor)
        with self.assertRaisesRegex(UserError, "takes no new job"):
            order.add_packages(self.oil_service.ids)

    def test_only_advisors_add_packages(self):
        order = self._create_repair_order()
        for user in (self.technician, self.dispatcher, self.settlement_clerk):
            with self.subTest(user.name), self.assertRaises(AccessError):
                order.with_user(user).add_packages(self.oil_service.ids)

    def test_what_is_not_sold_here_is_refused(self):
        foreign = self._create_package(
            "b", "东城", {self.labour: 1}, company_id=self.company_b.id
        )
        gone = self._create_package("g", "旧", {self.labour: 1}, active=False)
        empty = self._create_package("e", "空", {})
        order = self._create_repair_order(job_ids=[])
        for package, sentence in (
            (foreign, "not sold"),
            (gone, "not sold"),
            (empty, "no labour"),
        ):
            with self.assertRaisesRegex(UserError, sentence):
                order.add_packages(package.ids)
        with self.assertRaisesRegex(UserError, "record of Service package that exists"):
            order.add_packages([2**30])

    def test_a_job_keeps_its_package(self):
        order = self._create_repair_order(job_ids=[])
        order.add_packages(self.oil_service.ids)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.ForeignKeyViolation),
            self.cr.savepoint(),
        ):
            self.oil_service.unlink()

    # === WHAT TO OFFER === #

    def test_suggestions_carry_name_price_hours_and_reason(self):
        offers = self._suggest()
        self.assertEqual(
            [offer["id"] for offer in offers], (self.oil_service | self.brakes).ids
        )
        self.assertEqual(offers[0]["name"], "机油保养")
        self.assertEqual((offers[0]["price"], offers[0]["hours"]), (430, 0.5))
        self.assertTrue(offers[0]["reason"])
        self.assertEqual(len(self._suggest(limit=1)), 1)

    def test_what_was_declined_comes_first(self):
        order = self._create_repair_order(job_ids=[])
        order.add_packages(self.brakes.ids)
        self._bring_to("offered", order)
        self._decide(order, "declined", reason="太贵")
        first = self._suggest()[0]
        self.assertEqual(first["id"], self.brakes.id)
        self.assertIn("Declined", first["reason"])

    def test_a_declined_job_of_the_same_labour_names_the_package(self):
        vals = self._prepare_job_vals(
            line_ids=[
                Command.create({"product_id": self.labour2.id}),
                Command.create({"product_id": self.pads.id}),
            ]
        )
        order = self._bring_to("offered", job_ids=[Command.create(vals)])
        self._decide(order, "declined", reason="太贵")
        self.assertEqual(self._suggest()[0]["id"], self.brakes.id)
        # The car may come to another store next time.
        self.assertEqual(self._suggest(user=self.advisor_b)[0]["id"], self.brakes.id)

    def test_the_stores_favourite_comes_before_the_others(self):
        order = self._create_repair_order(job_ids=[])
        order.add_packages(self.brakes.ids)
        self._bring_to("accepted", order)
        other = self._create_vehicle("LGBH52E06NY123456", "京A00002")
        first = self._suggest(other)[0]
        self.assertEqual(first["id"], self.brakes.id)
        self.assertIn("1 times", first["reason"])
        self.assertEqual(
            self._suggest(other, user=self.advisor_b)[0]["id"], self.oil_service.id
        )

    def test_only_what_fits_the_car_is_offered(self):
        self.vehicle.energy = "petrol"
        self.oil_service.drive = "engine"
        self.brakes.brand_ids = self.env["fleet.vehicle.model.brand"].create(
            {"name": "宝马"}
        )
        self.assertEqual([o["id"] for o in self._suggest()], self.oil_service.ids)
        self.vehicle.energy = "electric"
        self.assertEqual(self._suggest(), [])
        self.brakes.brand_ids |= self.vehicle.model_id.brand_id
        self.assertEqual([o["id"] for o in self._suggest()], self.brakes.ids)

    def test_roles_that_see_no_price_are_told_none(self):
        self.assertFalse(self._suggest(user=self.technician)[0]["price"])
        with self.assertRaises(AccessError):
            self.oil_service.with_user(self.technician).read(["price"])

    def test_suggestions_speak_the_users_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        package = self.oil_service.with_context(lang="zh_CN")
        package.name = "机油保养套餐"
        model = self.env["dealer.service.package"].with_user(self.advisor)
        offers = model.with_context(lang="zh_CN").suggest(self.vehicle.id)
        self.assertEqual(offers[0]["name"], "机油保养套餐")

    # === HOW IT IS KEPT === #

    def test_labour_proposes_its_standard_hours(self):
        package = self._create_package("x", "X", {})
        package.line_ids = [
            Command.create({"product_id": self.labour2.id}),
            Command.create({"product_id": self.pads.id}),
        ]
        self.assertEqual(package.line_ids.mapped("quantity"), [0.8, 1])

    def test_only_labour_parts_sublet_and_fees_belong_to_it(self):
        chair = self.env["product.product"].create({"name": "椅子"})
        with self.assertRaisesRegex(ValidationError, "not set up for repairs"):
            self._create_package("x", "X", {chair: 1})

    def test_a_code_is_used_once_in_a_store(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.cr.savepoint(),
        ):
            self._create_package("oil", "X", {})
