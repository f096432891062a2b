from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError

from .common import DealerServiceCommon


class TestDealerFinding(DealerServiceCommon):
    """Declined and deferred work is remembered on the car (C7)."""

    def _create(self, **values):
        vals = {"vehicle_id": self.vehicle.id, "name": "前刹车片磨损"}
        Finding = self.env["dealer.vehicle.finding"].with_user(self.advisor)
        return Finding.create(dict(vals, **values))

    def _create_colleague(self):
        """Return an advisor of another store."""
        store = self.env["res.company"].create({"name": "东城店"})
        return self._create_role("east", "dealer_service.group_dealer_advisor", store)

    def assertDue(self, finding, due):
        """The field, and every way of searching it, agree."""
        own = [("id", "=", finding.id)]
        finding.invalidate_recordset()
        self.assertEqual(finding.is_due, due)
        self.assertEqual(bool(finding.search(own + [("is_due", "=", True)])), due)
        self.assertEqual(bool(finding.search(own + [("is_due", "!=", True)])), not due)
        self.assertEqual(bool(finding.search(own + [("is_due", "=", False)])), not due)

    def test_a_finding_is_due_on_its_day(self):
        finding = self._create(follow_up_date=date(2026, 6, 1))
        with freeze_time("2026-05-31 02:00:00"):
            self.assertDue(finding, False)
        with freeze_time("2026-06-01 02:00:00"):
            self.assertDue(finding, True)

    def test_a_finding_is_due_at_its_mileage(self):
        finding = self._create(follow_up_km=35000)
        self.assertDue(finding, False)
        self.vehicle._log_odometer(35000)
        self.assertDue(finding, True)

    def test_a_finding_without_a_date_is_not_due(self):
        self.assertDue(self._create(), False)

    def test_dismissing_needs_a_reason(self):
        finding = self._create()
        with self.assertRaisesRegex(ValidationError, "前刹车片磨损"):
            finding.action_dismiss("  ")
        self.assertTrue(finding.action_dismiss("在别处更换"))
        self.assertEqual(finding.state, "dismissed")
        self.assertEqual(finding.dismiss_reason, "在别处更换")
        self.assertDue(finding, False)

    def test_the_reason_may_be_noted_before(self):
        finding = self._create(dismiss_reason="车已出售")
        finding.with_user(self.followup_clerk).action_dismiss()
        self.assertEqual(finding.state, "dismissed")

    def test_a_closed_finding_is_not_closed_again(self):
        finding = self._create()
        finding.action_dismiss("在别处更换")
        with self.assertRaisesRegex(UserError, "already “Dismissed”"):
            finding.action_dismiss("再次")
        with self.assertRaisesRegex(UserError, "already “Dismissed”"):
            finding._convert(self.env["dealer.repair.job"])

    def test_taking_it_up_links_the_job(self):
        finding = self._create()
        job = self._create_repair_order().job_ids
        finding._convert(job)
        self.assertEqual(finding.state, "converted")
        self.assertEqual(finding.revived_job_id, job)

    def test_the_state_is_not_written_by_hand(self):
        finding = self._create()
        with self.assertRaisesRegex(UserError, "follows from"):
            finding.state = "converted"
        with self.assertRaisesRegex(UserError, "follows from"):
            self._create(state="dismissed")
        Finding = self.env["dealer.vehicle.finding"].with_user(self.advisor)
        with self.assertRaisesRegex(UserError, "follows from"):
            Finding.with_context(default_state="dismissed").create(
                {"vehicle_id": self.vehicle.id, "name": "x"}
            )

    def test_a_declined_job_leaves_a_finding(self):
        order = self._bring_to("offered")
        self._decide(
            order,
            "declined",
            reason="太贵",
            danger="safety",
            follow_up_date="2026-12-01",
        )
        self.assertRecordValues(
            self.vehicle.finding_ids,
            [
                {
                    "job_id": order.job_ids.id,
                    "order_id": order.id,
                    "reason": "太贵",
                    "danger": "safety",
                    "state": "open",
                }
            ],
        )

    def test_the_price_is_for_those_who_see_prices(self):
        finding = self._create(amount=320)
        self.assertEqual(finding.amount, 320)
        with self.assertRaises(AccessError):
            finding.with_user(self.technician).read(["amount"])
        self.assertTrue(finding.with_user(self.technician).read(["name"]))

    def test_workshop_roles_read_only(self):
        finding = self._create()
        for role in ("technician", "team_leader", "dispatcher", "inspector"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                finding.with_user(getattr(self, role)).action_dismiss("x")

    def test_other_stores_read_but_do_not_write(self):
        finding = self._create().with_user(self._create_colleague())
        self.assertEqual(finding.name, "前刹车片磨损")
        with self.assertRaises(AccessError):
            finding.name = "其他"
        with self.assertRaises(AccessError):
            finding.action_dismiss("x")

    def test_another_store_may_take_it_up(self):
        finding = self._create()
        job = self._create_repair_order(
            job_ids=[Command.create(self._prepare_job_vals())]
        ).job_ids
        finding.with_user(self._create_colleague())._convert(job)
        self.assertEqual(finding.state, "converted")
