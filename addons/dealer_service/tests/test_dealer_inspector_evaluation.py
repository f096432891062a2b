from datetime import date, datetime, timedelta
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_cron import IrCron

from .workshop_common import DealerWorkshopCommon

FIGURES = "odoo.addons.dealer_service.models.dealer_inspector_evaluation_figures"


@tagged("post_install", "-at_install")
class TestInspectorEvaluation(DealerWorkshopCommon):
    """An inspector's month: what counts, who decides, what stays (D18)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.quality_head = cls._create_role(
            "quality_head", "dealer_service.group_dealer_quality_head", cls.company
        )
        cls._employ(cls.quality_head)
        cls.Evaluation = cls.env["dealer.inspector.evaluation"]
        cls.now = datetime(2026, 3, 10, 2, 0)

    def _inspect(self, waited=5, took=20, failing=(), order=None, **values):
        """Take a car through its final check; minutes from request to end."""
        with freeze_time(self.now):
            order = order or self._create_repair_order(**values)
            self._bring_to("inspection", order)
        checks = self.env["dealer.quality.check"].with_user(self.inspector)
        with freeze_time(self.now + timedelta(minutes=waited)):
            checks.start(order.id, "final")
        with freeze_time(self.now + timedelta(minutes=waited + took)):
            return self._check(self.inspector, order, "final", failing=failing)

    def _deliver(self, check):
        with freeze_time(self.now + timedelta(hours=3)):
            order = check.order_id
            order.with_user(self.advisor).write(
                dict.fromkeys(
                    ("prep_washed", "prep_cleaned", "prep_settings", "prep_old_parts"),
                    True,
                )
            )
            order.with_user(self.advisor).action_ready()
            self._bring_to("delivered", order)
        return order

    def _evaluate(self, day=None):
        with freeze_time(day or self.now + timedelta(days=25)):
            evaluation = self.Evaluation.search(
                [("inspector_id", "=", self.inspector.id)]
            ) or self.Evaluation._generate(date(2026, 3, 1)).filtered(
                lambda one: one.inspector_id == self.inspector
            )
            evaluation._refresh()
        return evaluation

    def _figure_of(self, check):
        check.invalidate_recordset()
        return check.with_env(self.env)

    # === ONE SHEET === #

    def test_a_sheet_is_on_time_by_all_three_clocks(self):
        night = datetime(2026, 3, 10, 15, 40)
        for number, (waited, took, moment, expected) in enumerate(
            (
                (15, 30, self.now, True),
                (16, 30, self.now, False),
                (15, 31, self.now, False),
                (5, 20, night, False),
            )
        ):
            self.now = moment
            vehicle = self._create_vehicle(
                f"LTEST0000000000{number:02}", f"京A1000{number}"
            )
            with self.subTest(waited=waited, took=took, moment=moment):
                check = self._inspect(waited, took, vehicle_id=vehicle.id)
                self.assertEqual(self._figure_of(check).is_on_time, expected)

    def test_bigger_work_weighs_more_and_may_take_longer(self):
        check = self._inspect(took=59)
        self.assertRecordValues(
            self._figure_of(check),
            [{"weight": 1, "allowed_minutes": 30, "is_on_time": False}],
        )
        other = self._create_vehicle("LGBH52E06NY123456", "沪B6K888")
        with freeze_time(self.now):
            order = self._create_repair_order(vehicle_id=other.id)
            order.job_ids.category_id = self.category_level2
        check = self._inspect(took=59, order=order)
        self.assertRecordValues(
            self._figure_of(check),
            [
                {
                    "heaviest_class": "level2",
                    "weight": 2.5,
                    "allowed_minutes": 60,
                    "is_on_time": True,
                    "is_complete": True,
                    "waited_minutes": 5,
                    "used_minutes": 59,
                }
            ],
        )
        process = order.check_ids.filtered(lambda one: one.stage == "process")
        self.assertEqual(process.weight, 1)

    # === THE MONTH === #

    def test_a_month_with_one_car_and_then_a_miss(self):
        check = self._inspect()
        evaluation = self._evaluate()
        self.assertRecordValues(
            evaluation,
            [
                {
                    "inspection_count": 1,
                    "workload": 1,
                    "accuracy": 100,
                    "has_accuracy_defects": False,
                    "completeness": 100,
                    "timeliness": 100,
                    "is_provisional": True,
                    "final_from": False,
                    "accuracy_defects_text": "N/A",
                }
            ],
        )
        order = self._deliver(check)
        evaluation = self._evaluate(datetime(2026, 3, 20, 15, 0))
        self.assertTrue(evaluation.is_provisional)
        self.assertEqual(evaluation.final_from, date(2026, 3, 21))
        evaluation = self._evaluate(datetime(2026, 4, 2, 4, 0))
        self.assertFalse(evaluation.is_provisional)
        # It comes back: the inspector or supervisor says it was to be found.
        with freeze_time(self.now + timedelta(days=2)):
            visit = self._create_repair_order(job_ids=[], mileage=30100)
            visit.treat_as_comeback(self.vehicle.guarantee_ids.id)
            evaluation = self._evaluate(datetime(2026, 4, 2, 4, 0))
            self.assertTrue(evaluation.is_provisional)
            rework = visit.rework_ids
            rework.with_user(self.team_leader).accept_as_ours()
            rework.with_user(self.supervisor).is_inspection_miss = True
        evaluation = self._evaluate(datetime(2026, 4, 2, 4, 0))
        self.assertRecordValues(
            evaluation,
            [
                {
                    "accuracy": 0,
                    "has_accuracy": True,
                    "missed_sheets": 1,
                    "missed_defects": 1,
                    "accuracy_defects": 0,
                    "has_accuracy_defects": True,
                }
            ],
        )
        self.assertRecordValues(
            evaluation.line_ids, [{"verdict": "missed", "reason": rework.name}]
        )
        self.assertEqual(order.state, "delivered")

    def test_a_failure_that_was_none_is_a_false_alarm(self):
        check = self._inspect(failing=["Brakes"])
        self.assertTrue(self._evaluate().is_provisional)
        self._explain_reworks(check.order_id, correction="无故障")
        check.order_id.rework_ids.with_user(self.inspector).cause_class = "none"
        evaluation = self._evaluate()
        self.assertRecordValues(
            evaluation,
            [
                {
                    "accuracy": 0,
                    "false_sheets": 1,
                    "reported_defects": 1,
                    "false_defects": 1,
                    "has_accuracy_defects": False,
                }
            ],
        )
        self.assertEqual(evaluation.line_ids.verdict, "false")

    def test_a_sheet_begun_and_never_signed_is_missing(self):
        with freeze_time(self.now):
            order = self._bring_to("inspection")
            checks = self.env["dealer.quality.check"].with_user(self.inspector)
            checks.start(order.id, "final")
        evaluation = self._evaluate()
        self.assertRecordValues(
            evaluation,
            [
                {
                    "inspection_count": 0,
                    "required_sheets": 1,
                    "completeness": 0,
                    "has_completeness": True,
                    "has_accuracy": False,
                    "accuracy_text": "N/A",
                    "has_score": False,
                    "grade": False,
                }
            ],
        )

    def test_the_month_is_the_stores_own(self):
        self.now = datetime(2026, 3, 31, 15, 0)
        self._inspect(waited=1, took=58)
        self.assertEqual(self._evaluate(datetime(2026, 4, 2)).inspection_count, 1)
        start, stop = self.Evaluation._get_period(self.company, date(2026, 3, 9))
        self.assertEqual(start, datetime(2026, 2, 28, 16, 0))
        self.assertEqual(stop, datetime(2026, 3, 31, 16, 0))

    def test_working_days_stand_in_for_attendance(self):
        employee = self.inspector.employee_id
        calendar = self._create_calendar("Weekdays", range(5), 8, 12, 13, 17)
        calendar.tz = "Asia/Shanghai"
        employee.resource_calendar_id = calendar
        employee.tz = "Asia/Shanghai"
        evaluation = self._evaluate(datetime(2026, 4, 2))
        # March 2026 has 22 weekdays.
        self.assertEqual(evaluation.attended_days, 22)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "年假",
                "resource_id": self.inspector.employee_id.resource_id.id,
                "calendar_id": calendar.id,
                "date_from": "2026-03-02 00:00:00",
                "date_to": "2026-03-03 15:59:59",
            }
        )
        self.assertEqual(self._evaluate(datetime(2026, 4, 2)).attended_days, 20)
        self.assertEqual(self._evaluate(datetime(2026, 3, 6, 15)).attended_days, 3)

    def test_the_nightly_run_is_idempotent_and_cheap(self):
        self._inspect()
        with freeze_time("2026-04-01 20:00:00"):
            self._run_cron()
            mine = [("inspector_id", "=", self.inspector.id)]
            self.assertEqual(
                sorted(self.Evaluation.search(mine).mapped("month")),
                [date(2026, 3, 1), date(2026, 4, 1)],
            )
            number = self.Evaluation.search_count([])
            self._run_cron()
            self.assertEqual(self.Evaluation.search_count([]), number)

    def test_judges_compute_months_that_have_no_figures(self):
        self._inspect()
        mine = [("inspector_id", "=", self.inspector.id)]
        with self.assertRaises(AccessError):
            self.Evaluation.with_user(self.inspector).action_generate()
        self.Evaluation.with_user(self.supervisor).action_generate()
        evaluation = self.Evaluation.search(mine)
        self.assertRecordValues(
            evaluation, [{"month": date(2026, 3, 1), "inspection_count": 1}]
        )

    # === SAMPLES === #

    def test_samples_are_drawn_and_recorded_by_the_quality_head(self):
        check = self._inspect()
        Sample = self.env["dealer.inspection.sample"]
        start, stop = self.Evaluation._get_period(self.company, date(2026, 3, 1))
        sample = Sample._propose(self.company, start, stop)
        self.assertEqual(sample.check_id, check.with_env(self.env))
        self.assertFalse(Sample._propose(self.company, start, stop))
        mine = sample.with_user(self.quality_head)
        for arguments, sentence in (
            (("maybe",), "choose right, missed or false"),
            (("false", "无"), "a passed sheet can have missed"),
            (("missed",), "Note: say what was found"),
            (("missed", "漏油", 0), "Note: say what was found"),
        ):
            with self.subTest(arguments), self.assertRefused(sentence):
                mine.record_result(*arguments)
        for user in (self.inspector, self.supervisor):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                sample.with_user(user).record_result("right")
        mine.record_result("missed", "左前轮螺栓力矩不足", 2)
        with self.assertRefused("recorded already"):
            mine.action_right()
        with self.assertRefused("never changed or deleted"):
            sample.note = "?"
        evaluation = self._evaluate()
        self.assertRecordValues(
            evaluation,
            [{"missed_sheets": 1, "missed_defects": 2, "sample_done": 1}],
        )

    def test_nobody_looks_again_at_his_own_sheet(self):
        self.inspector.group_ids += self.env.ref(
            "dealer_service.group_dealer_quality_head"
        )
        check = self._inspect()
        sample = self.env["dealer.inspection.sample"].create({"check_id": check.id})
        with self.assertRefused("You signed this sheet"):
            sample.with_user(self.inspector).record_result("right")

    # === APPEAL AND APPROVAL === #

    def test_appeal_answer_approval_and_then_nothing_more(self):
        check = self._inspect()
        self._deliver(check)
        evaluation = self._evaluate()
        mine = evaluation.with_user(self.inspector)
        judged = evaluation.with_user(self.quality_head)
        with freeze_time("2026-04-03 02:00:00"):
            with self.assertRefused("There is no open appeal"):
                judged.answer_appeal("维持")
            with self.assertRefused("Appeal: say which figure"):
                mine.appeal_figures(" ")
            with self.assertRefused("Only the inspector may appeal"):
                judged.appeal_figures("?")
            self.assertTrue(mine.can_appeal)
            mine.appeal_figures("10 日那辆车等的是返工，不是我")
            with self.assertRefused("decided already"):
                mine.appeal_figures("再来")
            with self.assertRefused("Answer the appeal first"):
                judged.action_approve()
            with self.assertRefused("Answer: write it down"):
                judged.answer_appeal("")
            judged.answer_appeal("已核对，返工时间不计")
            judged.action_approve()
        self.assertRecordValues(
            evaluation, [{"state": "approved", "approved_by": self.quality_head.id}]
        )
        for record, vals in (
            (evaluation, {"score": 100}),
            (evaluation.line_ids, {"is_on_time": False}),
        ):
            with self.assertRefused("never changed or deleted"):
                record.write(vals)
            with self.assertRefused("never changed or deleted"):
                record.unlink()
        with self.assertRefused("is approved and stays"):
            judged.action_refresh()
        score = evaluation.score
        self._evaluate()
        self.assertEqual(evaluation.score, score)
        self.env.flush_all()
        for table, column in (
            ("dealer_inspector_evaluation", "score"),
            ("dealer_inspector_evaluation_line", "weight"),
        ):
            with (
                self.subTest(table),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.RestrictViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(f"UPDATE {table} SET {column} = 1")

    def test_figures_stay_as_of_the_appeal_until_it_is_answered(self):
        check = self._inspect()
        evaluation = self._evaluate()
        judged = evaluation.with_user(self.quality_head)
        self.assertEqual(evaluation.inspection_count, 1)
        evaluation.with_user(self.inspector).appeal_figures("不对")
        self.assertIn("Accuracy: 100.0 %", evaluation.appealed_figures)
        self.assertIn(check.display_name, evaluation.appealed_figures)
        line = evaluation.line_ids
        # Another inspection of that month comes in, and the night passes.
        vehicle = self._create_vehicle("LGBH52E06NY123456", "沪B6K888")
        self._inspect(vehicle_id=vehicle.id)
        with freeze_time("2026-03-11 20:00:00"):
            self._run_cron()
        with self.assertRefused("Answer the appeal first"):
            judged.action_refresh()
        self.assertEqual(evaluation.inspection_count, 1)
        self.assertEqual(evaluation.line_ids, line)
        judged.answer_appeal("补录")
        with freeze_time("2026-03-12 20:00:00"):
            self._run_cron()
        self.assertEqual(evaluation.inspection_count, 1)
        figures = evaluation.appealed_figures
        judged.action_refresh()
        self.assertEqual(evaluation.inspection_count, 2)
        self.assertEqual(evaluation.appealed_figures, figures)

    def _run_cron(self):
        """Run the night job in the transaction of the test; count its commits."""
        lots = []

        def commit(_cron, processed=0, *, remaining=None, **_kw):
            lots.append((processed, remaining))
            return 1000

        with patch.object(IrCron, "_commit_progress", commit):
            self.Evaluation._cron_evaluate()
        return lots

    def test_the_nightly_run_works_in_lots_and_leaves_old_months_alone(self):
        old = self.Evaluation._generate(date(2025, 1, 1))
        with freeze_time("2026-03-01 20:00:00"):
            old._refresh()
        self.assertFalse(any(old.mapped("is_provisional")))
        with (
            freeze_time("2026-04-01 20:00:00"),
            patch(f"{FIGURES}.BATCH", 1),
        ):
            lots = self._run_cron()
            number = self.Evaluation.search_count([("month", ">=", "2026-03-01")])
            self.assertEqual(lots, [(1, number - 1 - i) for i in range(number)])
            self.assertEqual(self._run_cron(), [], "each once a night")
        self.assertEqual(set(old.mapped("computed_at")), {datetime(2026, 3, 1, 20, 0)})

    def test_provisional_figures_are_not_approved(self):
        check = self._inspect()
        evaluation = self._evaluate()
        judged = evaluation.with_user(self.supervisor)
        with freeze_time("2026-03-12 02:00:00"), self.assertRefused("not left yet"):
            judged.action_approve()
        self._deliver(check)
        self.category.guarantee_days = 10
        with (
            freeze_time("2026-03-12 02:00:00"),
            self.assertRefused("until the guarantees have ended"),
        ):
            judged.action_approve()

    def test_each_sees_what_is_meant_for_him(self):
        evaluation = self._evaluate()
        own = self.Evaluation.with_user(self.inspector).search([])
        self.assertEqual(own, evaluation)
        everybody = self.Evaluation.with_user(self.quality_head).search([])
        self.assertIn(evaluation, everybody)
        self.assertGreater(len(everybody), 1)
        with self.assertRaises(AccessError):
            evaluation.with_user(self.inspector).action_approve()
        with self.assertRaises(AccessError):
            self.Evaluation.with_user(self.technician).search([])
        heads_own = everybody.filtered(
            lambda one: one.inspector_id == self.quality_head
        )
        with self.assertRefused("your own figures"):
            heads_own.with_user(self.quality_head).action_approve()
        with self.assertRaises(AccessError):
            evaluation.with_user(self.quality_head).score = 100

    def test_hr_opens_them_from_the_employee(self):
        evaluation = self._evaluate()
        employee = self.inspector.employee_id
        self.assertEqual(employee.dealer_evaluation_count, 1)
        action = employee.action_open_evaluations()
        self.assertEqual(self.Evaluation.search(action["domain"]), evaluation)
