from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from odoo.addons.base.models.ir_cron import IrCron

from .settlement_common import DealerSettlementCommon

# 07:30 on the 19th in Shanghai, still the 18th in UTC.
MORNING = "2026-03-18 23:30:00"
# 21:30 on the 18th in Honolulu, the 19th in UTC already.
EVENING = "2026-03-19 07:30:00"


@tagged("post_install", "-at_install")
class TestDealerStoreTime(DealerSettlementCommon):
    """Today is the store's: for the desk, the gate, the reports and the night jobs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._move_to("Asia/Shanghai")
        for role in (cls.advisor, cls.settlement_clerk, cls.supervisor):
            role.partner_id.tz = False

    @classmethod
    def _move_to(cls, zone):
        """Put the store somewhere else; its address says nothing of it."""
        cls.company.resource_calendar_id.tz = zone
        cls.company.partner_id.tz = False

    @staticmethod
    def _run(cron):
        """Run a night job in the transaction of the test."""
        with patch.object(IrCron, "_commit_progress", lambda *_args, **_kw: 1000):
            cron()

    def test_the_zone_is_that_of_the_working_hours_whoever_asks(self):
        public = self.env.ref("base.public_user")
        for user in (self.env.user, self.advisor, public):
            company = self.company.with_user(user).with_context(tz="Asia/Tokyo")
            self.assertEqual(company._dealer_tz(), "Asia/Shanghai")
        self.company.resource_calendar_id = False
        self.assertEqual(self.company._dealer_tz(), "UTC")
        self.company.partner_id.tz = "Asia/Urumqi"
        self.assertEqual(self.company._dealer_tz(), "Asia/Urumqi")

    def test_the_day_begins_and_ends_by_the_clock_of_the_store(self):
        for zone, moment, today in (
            ("Asia/Shanghai", MORNING, date(2026, 3, 19)),
            ("Pacific/Honolulu", EVENING, date(2026, 3, 18)),
        ):
            self._move_to(zone)
            with freeze_time(moment):
                self.assertEqual(self.company._dealer_today(), today)
                self.env.flush_all()
                rows = self.env.execute_query(self.company._dealer_zones_sql())
                self.assertIn((self.company.id, zone), rows)

    def test_an_offer_is_valid_until_the_evening_of_its_last_day(self):
        self.company.dealer_offer_validity_days = 1
        with freeze_time(MORNING):
            order = self._bring_to("offered", vehicle_id=self._create_car().id)
            job = order.job_ids
            self.assertEqual(job.valid_until, date(2026, 3, 20))
        cron = self.env["dealer.repair.job"]._cron_expire_offers
        # 23:30 of the last day, then half past midnight, in the store.
        for moment, state in (
            ("2026-03-20 15:30:00", "offered"),
            ("2026-03-20 16:30:00", "expired"),
        ):
            with freeze_time(moment):
                self._run(cron)
                self.assertEqual(job.with_env(self.env).state, state)

    def test_an_offer_west_of_utc_lives_on_after_midnight_in_utc(self):
        self._move_to("Pacific/Honolulu")
        self.company.dealer_offer_validity_days = 0
        with freeze_time(EVENING):
            order = self._bring_to("offered", vehicle_id=self._create_car().id)
            self.assertEqual(order.job_ids.valid_until, date(2026, 3, 18))
            self._run(self.env["dealer.repair.job"]._cron_expire_offers)
            self.assertEqual(order.job_ids.state, "offered")
            self._decide(order)
            self.assertEqual(order.job_ids.state, "approved")

    def test_credits_invoices_and_payments_bear_the_day_of_the_store(self):
        with freeze_time(MORNING):
            order = self._make_ready("customer")
            order.action_create_invoices()
            invoice = order.sudo().invoice_ids
            self.assertEqual(invoice.invoice_date, date(2026, 3, 19))
            with self.assertRefused("today or a later day"):
                order.with_user(self.supervisor).approve_credit(
                    "customer", "2026-03-18", "熟客"
                )
            order.with_user(self.supervisor).approve_credit(
                "customer", "2026-03-19", "熟客"
            )
            self.assertFalse(self._get_row(invoice).days_overdue)
        # 23:30 in the store: the guard lets the car pass, an hour later not.
        public = order.with_user(self.env.ref("base.public_user")).sudo()
        for moment, holds, days in (
            ("2026-03-19 15:30:00", True, 0),
            ("2026-03-19 16:30:00", False, 1),
        ):
            with freeze_time(moment):
                self.assertEqual(
                    public._is_credit_approved(
                        "customer", invoice.partner_id, invoice.amount_residual
                    ),
                    holds,
                )
                self.assertEqual(self._get_row(invoice).days_overdue, days)
        with freeze_time("2026-03-19 23:30:00"):
            (payment_id,) = order.register_payment(
                invoice.amount_residual, self.cash_journal.id
            )
            payment = self.env["account.payment"].browse(payment_id)
            self.assertEqual(payment.date, date(2026, 3, 20))

    def _get_row(self, invoice):
        self.env.invalidate_all()
        report = self.env["dealer.arrears.report"]
        return report.search([("move_id", "=", invoice.id)])

    def test_a_file_is_due_and_overdue_by_the_day_of_the_store(self):
        with freeze_time(MORNING):
            car = self._create_car()
            self.assertEqual(car.file_due_date, date(2026, 3, 21))
        cron = self.env["dealer.vehicle"]._cron_alert_overdue_files
        for moment, told in (
            ("2026-03-21 15:30:00", False),
            ("2026-03-21 16:30:00", date(2026, 3, 22)),
        ):
            with freeze_time(moment):
                car.invalidate_recordset()
                self.assertEqual(car.is_file_overdue, bool(told))
                self._run(cron)
                self.assertEqual(car.file_alerted_on, told)

    def test_same_day_and_last_service_are_days_of_the_store(self):
        with freeze_time("2026-03-18 15:00:00"):
            order = self._bring_to("ready", vehicle_id=self._create_car().id)
        # 23:00 and 23:50 in Shanghai are one day, 00:30 is the next.
        self.env.flush_all()
        with freeze_time("2026-03-18 16:30:00"):
            self._bring_to("delivered", order)
        self.env.flush_all()
        row = self.env["dealer.repair.report"].search(
            [("order_id", "=", order.id)], limit=1
        )
        self.assertEqual(row.same_day_visits, 0)
        (done,) = order.vehicle_id.with_env(self.env)._get_work_done()[
            order.vehicle_id.id
        ]
        self.assertEqual(done.date, date(2026, 3, 19))

    def test_printed_times_are_those_of_the_store(self):
        with freeze_time(MORNING):
            printed = self.env["dealer.form"]._get_printed_on(self.company)
        self.assertIn("7:30", printed)
        note = self.env["dealer.release.note"].new({"company_id": self.company.id})
        moment = fields.Datetime.to_datetime(MORNING) + timedelta(minutes=5)
        self.assertEqual(note._format_time(moment), "03-19 07:35")
