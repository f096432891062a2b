from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DealerFollowupCommon


@tagged("post_install", "-at_install")
class TestFollowupPlan(DealerFollowupCommon):
    """A7, A8: a delivery plans one follow-up in the window of the store."""

    def _prepare_for(self, delivered_at):
        """Return the planned dates of a visit delivered at a time (UTC)."""
        Order = type(self.order)
        with patch.object(
            Order, "delivered_at", fields.Datetime.to_datetime(delivered_at)
        ):
            vals = self.env["dealer.followup"]._prepare_followup_vals(self.order)
        return str(vals["date_from"]), str(vals["date_until"])

    def test_delivery_plans_one_follow_up(self):
        self.assertRecordValues(
            self.followup,
            [
                {
                    "state": "to_call",
                    "company_id": self.company.id,
                    "partner_id": self.owner.id,
                    "vehicle_id": self.vehicle.id,
                    "advisor_id": self.advisor.id,
                    "user_id": self.followup_clerk.id,
                    "log_count": 0,
                }
            ],
        )

    def test_planning_again_changes_nothing(self):
        again = self.env["dealer.followup"]._plan_for_orders(self.order)
        self.assertFalse(again)
        self.assertEqual(self._get_followup(self.order), self.followup)

    def test_database_refuses_a_second_one(self):
        values = self.env["dealer.followup"]._prepare_followup_vals(self.order)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.env["dealer.followup"].create(values)

    def test_visit_without_delivery_has_none(self):
        order = self._create_repair_order()
        self.assertFalse(self._get_followup(order))

    def test_window_runs_from_day_two_to_day_seven(self):
        table = [
            ("2026-03-10 04:00:00", "2026-03-12", "2026-03-17"),
            ("2026-12-28 04:00:00", "2026-12-30", "2027-01-04"),  # year's end
            ("2024-02-27 04:00:00", "2024-02-29", "2024-03-05"),  # leap year
            ("2026-02-27 04:00:00", "2026-03-01", "2026-03-06"),
        ]
        for delivered_at, date_from, date_until in table:
            with self.subTest(delivered_at=delivered_at):
                self.assertEqual(
                    self._prepare_for(delivered_at), (date_from, date_until)
                )

    def test_window_counts_the_days_of_the_store(self):
        # 16:30 UTC is half past midnight of the next day in Shanghai.
        self.assertEqual(
            self._prepare_for("2026-03-10 16:30:00"), ("2026-03-13", "2026-03-18")
        )
        self.company.resource_calendar_id.tz = "America/New_York"
        self.assertEqual(
            self._prepare_for("2026-03-10 03:30:00"), ("2026-03-11", "2026-03-16")
        )

    def test_window_is_a_company_setting(self):
        self.company.write(
            {"dealer_followup_from_days": 1, "dealer_followup_until_days": 3}
        )
        self.assertEqual(
            self._prepare_for("2026-03-10 04:00:00"), ("2026-03-11", "2026-03-13")
        )

    def test_window_does_not_close_before_it_opens(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation),
            self.env.cr.savepoint(),
        ):
            self.company.dealer_followup_until_days = 1
            self.env.flush_all()

    def test_clerk_gets_the_call_on_the_list(self):
        self.assertRecordValues(
            self.followup.activity_ids,
            [
                {
                    "user_id": self.followup_clerk.id,
                    "date_deadline": self.followup.date_from,
                }
            ],
        )

    def test_dates_and_state_are_not_written_by_hand(self):
        for values in (
            {"state": "done"},
            {"date_until": "2030-01-01"},
            {"satisfaction": "5"},
            {"escalated_on": "2026-01-01"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self.as_clerk.write(values)

    def test_clerk_notes_the_convenient_time(self):
        self.as_clerk.write({"preferred_time": "after 18:00", "note": "Ask for Ms Li"})
        self.assertEqual(self.followup.preferred_time, "after 18:00")

    def test_follow_up_is_never_deleted(self):
        with self.assertRaises(UserError):
            self.followup.unlink()

    def test_visit_opens_its_follow_up(self):
        order = self.order.with_user(self.advisor)
        self.assertEqual(order.action_open_followup()["res_id"], self.followup.id)
        self.assertEqual(order.followup_state, "to_call")
