from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.base.models.ir_cron import IrCron

from .dispatch_common import DealerDispatchCommon

MONDAY = "2030-03-04 09:00:00"


def at(day, hour, minute=0):
    return datetime(2030, 3, day, hour, minute)


@tagged("post_install", "-at_install")
class TestDealerProgress(DealerDispatchCommon):
    """Asked in time, told in time; no clock runs on unnoticed (C8)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clock = cls.enterClassContext(freeze_time(MONDAY))
        cls.order = cls._take_in(
            "in_progress", job_ids=[Command.create(cls._prepare_long_job(2))]
        )
        cls.order._guarded_write({"promised_at": at(4, 16)})
        cls.job = cls.order.job_ids

    def setUp(self):
        super().setUp()
        # Tests run in one transaction.
        self.startPatcher(
            patch.object(IrCron, "_commit_progress", lambda *_args, **_kw: 1000)
        )
        self.clock.move_to(MONDAY)
        # Frozen, all records of a test have one time.
        self.patch(self.env.cr, "_now", None)

    def _move(self, day, hour, minute=0):
        self.clock.move_to(at(day, hour, minute))
        self.env.cr._now = None
        self.env.invalidate_all()

    def _watch(self):
        self.env["dealer.repair.order"]._cron_watch_progress()
        self.env.invalidate_all()

    def _activities(self, kind):
        return self.order.activity_search([f"dealer_service.mail_activity_type_{kind}"])

    # === RISK === #

    def test_the_risk_of_a_promise(self):
        # Promised for 16:00, two hours of work, half an hour of wash.
        self.assertEqual(self.job.risk, "none")
        self.assertEqual(self.job.expected_stop, at(4, 11))
        self._move(4, 13, 30)
        self.assertEqual(self.job.risk, "none")
        self._move(4, 13, 31)
        self.assertEqual(self.order.risk, "soon")
        self._move(4, 14, 1)
        self.assertEqual(self.order.risk, "late")
        found = self.env["dealer.repair.order"].search(
            [("risk", "=", "late"), ("id", "=", self.order.id)]
        )
        self.assertEqual(found, self.order)
        self.assertFalse(found.search([("risk", "=", "none"), ("id", "=", found.id)]))

    def test_clocked_hours_lower_the_risk(self):
        self.job.with_user(self.technician).action_clock_in()
        self._move(4, 10, 30)
        self.assertEqual(self.job.progress_percent, 75)
        self.assertEqual(self.job.expected_stop, at(4, 11))
        self.assertEqual(self.job.risk, "none")

    def test_a_plan_after_the_promise_is_late(self):
        self.job.with_user(self.dispatcher).action_plan(
            self.bay.id, self.worker.id, at(4, 15)
        )
        self.assertEqual(self.job.risk, "late")

    # === CRON === #

    def test_the_advisor_is_told_once_to_ask_for_progress(self):
        self.job.with_user(self.technician).action_clock_in()
        self._move(4, 10, 20)
        self._watch()
        self.assertFalse(self._activities("progress"))
        self._move(4, 10, 25)
        self._watch()
        self._watch()
        activity = self._activities("progress")
        self.assertEqual(activity.user_id, self.advisor)
        self.assertIn("70 % of its 2 planned hours", activity.note)
        posted = self.order.message_ids.filtered(
            lambda message: "planned hours" in message.body
        )
        self.assertEqual(len(posted), 1)

    def test_a_delay_is_reported_once_for_each_promise(self):
        self._move(4, 14, 30)
        self._watch()
        self._watch()
        activity = self._activities("delay")
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.advisor)
        self.assertEqual(self.order.delay_warned_for, self.order.promised_at)
        self.order.with_user(self.advisor).change_promise(at(4, 17), "缺件")
        self.assertFalse(self._activities("delay"))
        self._watch()
        self.assertFalse(self._activities("delay"))
        self._move(4, 15, 30)
        self._watch()
        self.assertEqual(len(self._activities("delay")), 1)

    def test_a_tight_promise_is_reported_when_the_notice_begins(self):
        self._move(4, 13, 45)
        self.assertEqual(self.order.risk, "soon")
        self._watch()
        self.assertFalse(self._activities("delay"))
        self.company.dealer_notice_minor_minutes = 140
        self._watch()
        self.assertTrue(self._activities("delay"))

    def test_major_work_is_reported_a_day_ahead(self):
        self.assertFalse(self.job._is_major())
        job = self._prepare_long_job(1, category_id=self.category_level2.id)
        order = self._take_in_other("in_progress", job_ids=[Command.create(job)])
        self.assertTrue(order.job_ids._is_major())
        order._guarded_write({"promised_at": at(5, 8, 30)})
        self._move(4, 16, 15)
        self.assertEqual(order.risk, "soon")
        self._watch()
        self.assertTrue(order.delay_warned_for)

    def test_the_question_is_closed_with_the_work(self):
        self.job.with_user(self.technician).action_clock_in()
        self._move(4, 10, 45)
        self._watch()
        self.job.with_user(self.technician).action_finish()
        self._check(self.technician, self.order, "self", self.job)
        self._check(self.team_leader, self.order, "peer", self.job)
        self.order.with_user(self.team_leader).action_request_inspection()
        self.assertFalse(self._activities("progress"))

    def test_the_cron_takes_few_queries_for_nothing_to_do(self):
        self._watch()
        with self.assertQueryCount(40):
            self.env["dealer.repair.order"]._cron_watch_progress()

    # === FORGOTTEN CLOCKS === #

    def _stop_forgotten(self):
        self.env["dealer.work.log"]._cron_stop_forgotten()
        self.env.invalidate_all()

    def test_a_forgotten_clock_stops_as_of_the_end_of_the_shift(self):
        self.team.leader_id = self.team_leader.employee_id
        self.job.with_user(self.technician).action_clock_in()
        self._move(4, 19, 59)
        self._stop_forgotten()
        log = self.job.work_log_ids
        self.assertFalse(log.stop)
        self._move(4, 20)
        self._stop_forgotten()
        self.assertRecordValues(
            log,
            [{"stop": at(4, 17), "is_auto_stopped": True, "pause_reason": "break"}],
        )
        self.assertEqual(self.job.state, "paused")
        self.assertEqual(self.order.activity_ids[0].user_id, self.team_leader)

    def test_work_after_the_shift_is_stopped_at_midnight(self):
        self._move(4, 18)
        self.job.with_user(self.technician).action_clock_in()
        self._move(5, 2)
        self._stop_forgotten()
        self.assertFalse(self.job.work_log_ids.stop)
        self._move(5, 3)
        self._stop_forgotten()
        self.assertEqual(self.job.work_log_ids.stop, at(5, 0))

    def test_a_store_that_does_not_want_it_is_left_alone(self):
        self.company.dealer_clock_auto_stop = False
        self.job.with_user(self.technician).action_clock_in()
        self._move(6, 9)
        self._stop_forgotten()
        self.assertFalse(self.job.work_log_ids.stop)

    def test_the_leader_corrects_a_log_by_a_new_one(self):
        self.job.with_user(self.technician).action_clock_in()
        self._move(5, 9)
        self._stop_forgotten()
        log = self.job.work_log_ids
        self.assertEqual(self.job.clocked_hours, 8)
        leader = log.with_user(self.team_leader)
        with self.assertRaises(AccessError):
            log.with_user(self.technician).correct(at(4, 9), at(4, 11), "x")
        with self.assertRefused("say why"):
            leader.correct(at(4, 9), at(4, 11), "")
        with self.assertRefused("Start and stop"):
            leader.correct(at(4, 11), at(4, 9), "x")
        wizard = (
            self.env["dealer.work.log.correct"]
            .with_user(self.team_leader)
            .create(
                {
                    "log_id": log.id,
                    "start": at(4, 9),
                    "stop": at(4, 11),
                    "reason": "忘了停表",
                }
            )
        )
        wizard.action_confirm()
        self.assertEqual(self.job.clocked_hours, 2)
        self.assertEqual(log.correction_ids.correction_reason, "忘了停表")
        self.assertEqual(log.stop, at(4, 17))
        with self.assertRefused("corrected already"):
            leader.correct(at(4, 9), at(4, 10), "x")

    def test_a_correction_never_puts_somebody_in_two_places(self):
        self.job.with_user(self.technician).action_clock_in()
        self._move(4, 10)
        self.job.with_user(self.technician).action_clock_out("parts")
        self._move(4, 11)
        self.job.with_user(self.technician).action_clock_in()
        self._move(4, 12)
        self.job.with_user(self.technician).action_clock_out("parts")
        first = self.job.work_log_ids.sorted("start")[0]
        with self.assertRefused("technician was clocked on 京A12345"):
            first.with_user(self.team_leader).correct(
                at(4, 9), fields.Datetime.now() - timedelta(minutes=30), "x"
            )
