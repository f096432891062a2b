from datetime import date

import psycopg2
from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import VINS
from .service_common import DealerServicePackageCommon


@freeze_time("2026-06-15 04:00:00")
@tagged("post_install", "-at_install")
class TestDealerMaintenancePlan(DealerServicePackageCommon):
    """What is due on a car: the plan's intervals, the visits, the odometer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._create_package("first", "首保", {cls.labour: 0.5})
        cls.plan = cls.env["dealer.maintenance.plan"].create(
            {
                "model_id": cls.car_model.id,
                "item_ids": [
                    Command.create(
                        {
                            "package_id": cls.oil_service.id,
                            "first_package_id": cls.first.id,
                            "first_km": 5000,
                            "first_months": 6,
                            "every_km": 10000,
                            "every_months": 12,
                        }
                    )
                ],
            }
        )
        cls.item = cls.plan.item_ids
        # The labour of both services is the same here; only the package counts.
        cls.first.line_ids.product_id = cls.labour2

    def _due(self, vehicle=None):
        return (vehicle or self.vehicle).with_user(self.advisor).get_due_items()

    def _drive_to(self, km):
        self.vehicle._log_odometer(km)

    def _serve(self, day, km, package=None):
        """Bring the car for a package on a day, and take it home again."""
        with freeze_time(f"{day} 04:00:00"):
            order = self._create_repair_order(job_ids=[], mileage=km)
            self._add(package or self.oil_service, order)
            self._bring_to("delivered", order)
        return order

    # === THE FIRST TIME === #

    def test_a_new_car_is_due_for_its_first_service(self):
        self.vehicle.purchase_date = "2026-01-20"
        self._drive_to(1200)
        (due,) = self._due()
        self.assertEqual(due["package_id"], self.first.id)
        self.assertEqual((due["due_km"], due["due_date"]), (5000, date(2026, 7, 20)))
        self.assertEqual(due["state"], "later")

    def test_km_or_months_whichever_comes_first(self):
        self.vehicle.purchase_date = "2026-01-20"
        self._drive_to(4100)
        self.assertEqual(self._due()[0]["state"], "soon")
        self._drive_to(5001)
        self.assertEqual(self._due()[0]["state"], "overdue")

    def test_the_months_alone_make_it_due(self):
        self.vehicle.purchase_date = "2025-12-20"
        self.assertEqual(self._due()[0]["state"], "soon")
        self.vehicle.purchase_date = "2025-11-20"
        self.assertEqual(self._due()[0]["state"], "overdue")

    def test_an_old_car_that_was_never_here_is_asked_about(self):
        self._drive_to(62000)
        (due,) = self._due()
        self.assertEqual(
            (due["state"], due["package_id"]), ("unknown", self.oil_service.id)
        )
        self.assertIn("10,000 km or 12 months", due["reason"])

    # === EVERY TIME === #

    def test_the_next_time_counts_from_the_last_one(self):
        self._serve("2026-02-10", 30000)
        (due,) = self._due()
        self.assertEqual((due["last_km"], due["last_date"]), (30000, date(2026, 2, 10)))
        self.assertEqual((due["due_km"], due["due_date"]), (40000, date(2027, 2, 10)))
        self.assertEqual(due["state"], "later")
        self._drive_to(39100)
        self.assertEqual(self._due()[0]["state"], "soon")
        self._drive_to(40100)
        due = self._due()[0]
        self.assertEqual(due["state"], "overdue")
        self.assertIn("10,100 km and 4 months", due["reason"])

    def test_the_first_service_starts_the_regular_ones(self):
        self._serve("2026-02-10", 5000, self.first)
        (due,) = self._due()
        self.assertEqual(
            (due["package_id"], due["due_km"]), (self.oil_service.id, 15000)
        )

    def test_a_bigger_service_counts_as_the_smaller(self):
        big = self._create_package(
            "big", "二级维护", {self.fee: 1}, included_ids=[self.oil_service.id]
        )
        self._serve("2026-02-10", 30000, big)
        self.assertEqual(self._due()[0]["last_km"], 30000)

    def test_the_same_labour_by_hand_counts_too(self):
        with freeze_time("2026-02-10 04:00:00"):
            self._bring_to("delivered", self._create_repair_order(mileage=30000))
        self.assertEqual(self._due()[0]["last_km"], 30000)

    def test_work_that_was_declined_does_not_count(self):
        with freeze_time("2026-02-10 04:00:00"):
            order = self._bring_to("offered", mileage=30000)
            self._decide(order, "declined", reason="太贵")
        self.assertFalse(self._due()[0]["last_date"])

    def test_another_store_sees_what_was_done(self):
        self._serve("2026-02-10", 30000)
        due = self.vehicle.with_user(self.advisor_b).get_due_items()
        self.assertEqual(due[0]["last_km"], 30000)

    # === WHICH PLAN === #

    def test_the_brands_plan_serves_models_without_one(self):
        self.plan.write({"model_id": False, "brand_id": self.car_model.brand_id.id})
        self.assertEqual(len(self._due()), 1)
        own = self.plan.copy({"model_id": self.car_model.id, "brand_id": False})
        self.assertFalse(own.item_ids)
        self.assertEqual(self._due(), [])

    def test_an_electric_car_needs_no_oil(self):
        self.oil_service.drive = "engine"
        self.assertTrue(self._due())
        self.vehicle.energy = "electric"
        self.assertEqual(self._due(), [])

    def test_a_plan_belongs_to_a_model_or_a_brand(self):
        brand = self.car_model.brand_id
        for vals in (
            {},
            {"model_id": self.car_model.id, "brand_id": brand.id},
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.cr.savepoint(),
            ):
                self.env["dealer.maintenance.plan"].create(vals)

    def test_a_model_has_one_plan(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.cr.savepoint(),
        ):
            self.env["dealer.maintenance.plan"].create({"model_id": self.car_model.id})

    def test_plans_name_packages_of_all_stores_only(self):
        own = self._create_package(
            "own", "店内", {self.labour: 1}, company_id=self.company.id
        )
        with self.assertRaisesRegex(ValidationError, "one store only"):
            self.item.package_id = own

    # === WHERE IT SHOWS === #

    def test_what_is_due_is_suggested_first(self):
        self._drive_to(62000)
        self.oil_service.sequence = 99
        first = self._suggest()[0]
        self.assertEqual(first["id"], self.oil_service.id)
        self.assertIn("the plan says", first["reason"])

    def test_what_is_not_due_yet_is_not_pushed(self):
        self._serve("2026-06-10", 30000)
        self._serve("2026-06-11", 30010, self.brakes)
        self._serve("2026-06-12", 30020, self.brakes)
        self.assertEqual(self._suggest()[0]["id"], self.brakes.id)

    def test_what_is_on_the_visit_already_is_not_suggested(self):
        self._add(self.oil_service)
        self.assertNotIn(self.oil_service.id, [o["id"] for o in self._suggest()])

    def test_the_file_of_the_car_lists_it(self):
        self._drive_to(62000)
        summary = self.vehicle.with_user(self.technician).due_summary
        self.assertIn("机油保养", summary)
        self.assertIn("Ask the customer", summary)

    def test_due_items_of_many_cars_are_read_at_once(self):
        cars = self.vehicle | self._create_vehicle(VINS[1], "京A00002")
        cars.with_user(self.advisor)._get_due_items()
        self.env.invalidate_all()
        with self.assertQueryCount(18):
            cars.with_user(self.advisor)._get_due_items()

    def test_only_people_who_read_cars_ask(self):
        outsider = self.env["res.users"].create({"name": "X", "login": "outsider"})
        with self.assertRaises(AccessError):
            self.vehicle.with_user(outsider).get_due_items()
