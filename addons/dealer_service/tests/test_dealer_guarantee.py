from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError

from .common import ROLES, VINS, DealerServiceCommon


class TestDealerGuarantee(DealerServiceCommon):
    """What a store promised at delivery, and how long it holds (C5, section 6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.Guarantee = cls.env["dealer.guarantee"].with_user(cls.advisor)

    def _open(self, day="2026-03-01 02:00:00", vehicle=None, **job_vals):
        """Open the guarantee of a job that leaves on a day at 30000 km."""
        order = self._create_repair_order(
            vehicle_id=(vehicle or self.vehicle).id,
            job_ids=[Command.create(self._prepare_job_vals(**job_vals))],
        )
        with freeze_time(day):
            return self.Guarantee._open_for_jobs(order.job_ids)

    def test_delivery_opens_one_for_each_job(self):
        order = self._bring_to("delivered")
        guarantee = self.vehicle.guarantee_ids
        self.assertRecordValues(
            guarantee,
            [
                {
                    "job_id": order.job_ids.id,
                    "order_id": order.id,
                    "category_id": self.category.id,
                    "company_id": self.company.id,
                    "start_km": 30000,
                    "km": 2000,
                    "days": 10,
                    "end_km": 32000,
                    "state": "running",
                }
            ],
        )
        self.assertFalse(self.Guarantee._open_for_jobs(order.job_ids))

    def test_it_begins_on_the_day_of_the_store(self):
        guarantee = self._open("2026-02-28 20:00:00")
        self.assertEqual(guarantee.start_date, date(2026, 3, 1))
        self.assertEqual(guarantee.end_date, date(2026, 3, 11))

    def test_it_runs_through_its_last_day_in_the_store(self):
        guarantee = self._open()
        for moment, state in (
            ("2026-03-11 15:59:00", "running"),
            ("2026-03-11 16:01:00", "expired"),
        ):
            with self.subTest(moment=moment), freeze_time(moment):
                self.assertState(guarantee, state)

    @freeze_time("2026-03-02 02:00:00")
    def test_it_ends_with_its_last_kilometre(self):
        guarantee = self._open()
        self.vehicle._log_odometer(32000)
        self.assertState(guarantee, "running")
        self.vehicle._log_odometer(32001)
        self.assertState(guarantee, "expired")

    def assertState(self, guarantee, state):
        """The field, and every way of searching it, agree."""
        guarantee.invalidate_recordset()
        other = "expired" if state == "running" else "running"
        own = [("id", "=", guarantee.id)]
        self.assertEqual(guarantee.state, state)
        self.assertTrue(self.Guarantee.search(own + [("state", "=", state)]))
        self.assertTrue(self.Guarantee.search(own + [("state", "!=", other)]))
        self.assertFalse(self.Guarantee.search(own + [("state", "=", other)]))
        self.assertFalse(self.Guarantee.search(own + [("state", "!=", state)]))
        self.assertTrue(guarantee.filtered_domain([("state", "=", state)]))
        self.assertFalse(guarantee.filtered_domain([("state", "=", other)]))

    def test_own_work_opens_none(self):
        self.assertFalse(self._open(payer="internal"))

    def test_goodwill_and_warranty_work_is_guaranteed_too(self):
        for payer, vin, plate in (
            ("goodwill", VINS[1], "沪B6K888"),
            ("warranty", VINS[2], "粤BD12345"),
        ):
            with self.subTest(payer=payer):
                guarantee = self._open(
                    vehicle=self._create_vehicle(vin, plate),
                    payer=payer,
                    payer_partner_id=self.insurer.id,
                )
                self.assertEqual(guarantee.days, 10)

    def test_a_job_without_category_promises_nothing(self):
        self.assertFalse(self._open(category_id=False))

    def test_running_on_a_day_and_at_a_mileage(self):
        guarantee = self._open()
        running_on = self.Guarantee._running_on
        for day, km, expected in (
            (date(2026, 3, 1), 30000, guarantee),
            (date(2026, 3, 11), 32000, guarantee),
            (date(2026, 3, 11), 0, guarantee),
            (date(2026, 3, 11), 32001, self.Guarantee),
            (date(2026, 3, 12), 30000, self.Guarantee),
            (date(2026, 2, 28), 30000, self.Guarantee),
        ):
            with self.subTest(day=day, km=km):
                self.assertEqual(running_on(self.vehicle, day, km), expected)

    def test_opening_many_costs_no_query_for_each(self):
        order = self._create_repair_order(
            job_ids=[
                Command.create(self._prepare_job_vals(name=str(number)))
                for number in range(12)
            ]
        )

        def count_queries(jobs):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Guarantee._open_for_jobs(jobs)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count_queries(order.job_ids[:1])
        self.assertEqual(
            count_queries(order.job_ids[1:3]), count_queries(order.job_ids[3:])
        )

    def test_nobody_writes_a_promise(self):
        guarantee = self._open()
        for role in set(ROLES) - {"parts_keeper"}:
            record = guarantee.with_user(getattr(self, role))
            with self.subTest(role=role):
                self.assertTrue(record.has_access("read"))
                for operation in ("create", "write", "unlink"):
                    self.assertFalse(record.has_access(operation))
        with self.assertRaises(AccessError):
            guarantee.with_user(self.store_manager).end_km = 99999

    def test_other_stores_read_what_was_promised(self):
        guarantee = self._open()
        store = self.env["res.company"].create({"name": "东城店"})
        colleague = self._create_role(
            "east", "dealer_service.group_dealer_advisor", store
        )
        guarantee = guarantee.with_user(colleague)
        self.assertIn("更换机油", guarantee.display_name)
        self.assertIn(guarantee.state, ("running", "expired"))
