from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common import VINS
from .dispatch_common import DealerDispatchCommon


@tagged("post_install", "-at_install")
class TestDealerDispatch(DealerDispatchCommon):
    """The job card: who does it, when, with whom, and what comes first (F08)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._take_in("accepted")
        cls.job = cls.order.job_ids

    def _plan(self, job=None, user=None, **values):
        values = {
            "bay_id": self.bay.id,
            "technician_id": self.worker.id,
            "start": self.nine,
            "hours": 1,
            **values,
        }
        return (
            (job or self.job).with_user(user or self.dispatcher).action_plan(**values)
        )

    def _at(self, text):
        return fields.Datetime.to_datetime(f"2030-03-{text}:00")

    # === WORKING TIME === #

    def test_a_plan_leaves_out_breaks_nights_and_weekends(self):
        self._plan(hours=4)
        self.assertEqual(self.job.planned_stop, self._at("04 14:00"))
        self._plan(hours=32)
        self.assertEqual(self.job.planned_stop, self._at("08 09:00"))
        self._plan(hours=8, start=self._at("08 13:00"))
        self.assertEqual(
            self.job.planned_stop, self._at("11 13:00") - timedelta(hours=1)
        )

    def test_a_plan_respects_the_leave_of_the_technician(self):
        self._leave(self.worker, self._at("04 13:00"), self._at("05 23:00"))
        self._plan(hours=4)
        self.assertEqual(self.job.planned_stop, self._at("06 09:00"))
        self._plan(hours=4, technician_id=self.worker2.id)
        self.assertEqual(self.job.planned_stop, self._at("04 14:00"))

    def test_a_plan_respects_the_opening_hours_of_the_bay(self):
        self.bay.calendar_id = self._create_calendar("Mornings", range(5), 8, 12)
        self._plan(hours=4)
        self.assertEqual(self.job.planned_stop, self._at("05 09:00"))

    def test_a_start_outside_the_working_hours_moves_to_their_beginning(self):
        self._plan(start=self._at("03 22:00"))
        self.assertEqual(self.job.planned_start, self._at("04 08:00"))
        self.assertEqual(
            set(self.job.reservation_ids.mapped("start")), {self._at("04 08:00")}
        )

    def test_overtime_is_planned_without_regard_to_the_calendar(self):
        self._plan(start=self._at("03 22:00"), hours=3, overtime=True)
        self.assertEqual(self.job.planned_stop, self._at("04 01:00"))
        self._plan(start=self._at("03 22:00"), hours=3, overtime=False)
        self.assertEqual(self.job.planned_stop, self._at("04 11:00"))

    def test_a_technician_who_never_works_is_refused(self):
        self.worker.resource_calendar_id = self._create_calendar("Sunday", [6], 2, 3)
        with self.assertRefused("there is no working time for so many hours"):
            self._plan(hours=20)

    def test_moving_a_slot_over_a_night_keeps_the_hours_of_work(self):
        self._plan(hours=4, start=self._at("04 15:00"))
        self.assertEqual(self.job.planned_stop, self._at("05 10:00"))
        slot = self.job.reservation_ids.filtered("bay_id")
        slot.with_user(self.dispatcher).write(
            {"start": self._at("05 15:00"), "stop": self._at("06 10:00")}
        )
        self.assertEqual(self.job.planned_hours, 4)
        slot = self.job.reservation_ids.filtered("bay_id")
        slot.with_user(self.dispatcher).stop = self._at("06 12:00")
        self.assertEqual(self.job.planned_hours, 6)

    def test_the_reservation_runs_through_the_night(self):
        self._plan(hours=12)
        other = self._take_in_other("accepted").job_ids
        with self.assertRefused("B1 is taken by 京A12345"):
            self._plan(other, technician_id=self.worker2.id, start=self._at("05 08:00"))

    # === FRONT DESK === #

    def test_the_front_desk_plans_work_of_a_single_team(self):
        self.assertTrue(self.job.with_user(self.advisor).can_plan)
        self._plan(user=self.advisor)
        self.assertEqual(self.job.team_id, self.team)

    def test_work_for_several_teams_goes_to_the_workshop(self):
        self.labour2.dealer_skill_id = self.paint
        job = self._add_approved_job(
            self.order, **self._prepare_long_job(2, self.labour2)
        )
        self.env["dealer.team"].create(
            {"name": "Painters", "skill_ids": self.paint.ids}
        )
        for one in self.job | job:
            self.assertFalse(one.with_user(self.advisor).can_plan)
            with self.assertRaisesRegex(AccessError, "Dispatcher and Team leader"):
                self._plan(one, user=self.advisor)
        self._plan(job, user=self.team_leader)

    # === WARNINGS === #

    def test_a_third_waiting_car_of_a_team_is_warned_of(self):
        self.company.dealer_team_waiting_max = 1
        checked = self.job.with_user(self.dispatcher).check_plan(team_id=self.team.id)
        self.assertFalse(checked["warnings"])
        other = self._take_in_other("accepted").job_ids
        self._plan(other)
        checked = self.job.with_user(self.dispatcher).check_plan(team_id=self.team.id)
        self.assertEqual(
            checked["warnings"],
            ["Mechanics 1 has 1 waiting cars already; 1 is the most."],
        )
        self._plan(start=self._at("04 15:00"))

    def test_what_does_not_fit_is_warned_of(self):
        self.order.requested_technician_id = self.worker2
        self.bay.skill_ids = self.paint
        self.worker.dealer_skill_ids = self.paint
        checked = self.job.with_user(self.dispatcher).check_plan(
            self.bay.id, self.worker.id, self.nine, 2
        )
        self.assertEqual(checked["stop"], self._at("04 11:00"))
        text = "\n".join(checked["warnings"])
        for words in (
            "B1 is not fit for: Mechanics",
            "technician is not fit for: Mechanics",
            "The customer asked for technician2",
            "ends after the promised time",
        ):
            self.assertIn(words, text)
        self.assertFalse(self.job.planned_start)

    def test_the_dialog_shows_end_and_warnings_and_takes_the_suggestion(self):
        self.order.requested_technician_id = self.worker2
        action = self.job.with_user(self.dispatcher).action_open_plan()
        wizards = self.env[action["res_model"]].with_user(self.dispatcher)
        with Form(wizards.with_context(**action["context"])) as form:
            form.technician_id = self.worker
            form.start = self.nine
            self.assertEqual(form.stop, self._at("04 09:30"))
            self.assertIn("asked for technician2", form.warnings)
        wizard = form.record
        wizard.action_suggest()
        self.assertEqual(wizard.technician_id, self.worker2)
        self.assertIn("asked for by the customer", wizard.suggestion)
        wizard.action_plan()
        self.assertEqual(self.job.main_technician_id, self.worker2)

    # === SUGGESTIONS === #

    def test_the_least_busy_team_with_the_skill_is_suggested(self):
        idle = self.env["dealer.team"].create(
            {
                "name": "Mechanics 2",
                "leader_id": self.team_leader.employee_id.id,
                "skill_ids": self.mechanic.ids,
            }
        )
        self.env["dealer.team"].create(
            {"name": "Painters", "skill_ids": self.paint.ids}
        )
        other = self._take_in_other("accepted").job_ids
        self._plan(other, start=False, hours=3)
        suggestions = self.job.with_user(self.dispatcher).suggest_team()
        self.assertEqual(
            [entry["team"] for entry in suggestions], [idle.name, "Mechanics 1"]
        )
        self.assertEqual(suggestions[0]["technician"], "team_leader")
        self.assertEqual(suggestions[0]["bay"], "B1")
        self.assertIn("masters Mechanics, 0 h of work", suggestions[0]["reason"])
        self.assertIn("3 h of work, 1 cars waiting", suggestions[1]["reason"])

    def test_no_team_no_suggestion(self):
        self.team.skill_ids = self.paint
        self.assertEqual(self.job.with_user(self.dispatcher).suggest_team(), [])

    # === SHARES === #

    def test_helpers_share_the_billed_hours_with_the_main_technician(self):
        self._plan()
        self.job.with_user(self.dispatcher).set_helpers(
            [{"employee_id": self.worker2.id, "share": 30}]
        )
        self.assertEqual(self.job.main_share, 70)
        shares = self.job._get_billed_shares()
        self.assertAlmostEqual(shares[self.worker], 0.35)
        self.assertAlmostEqual(shares[self.worker2], 0.15)

    def test_shares_above_the_whole_are_refused(self):
        helper = self.team_leader.employee_id
        shares = [{"employee_id": self.worker2.id, "share": 60}]
        self.job.with_user(self.team_leader).set_helpers(shares)
        shares.append({"employee_id": helper.id, "share": 41})
        with self.assertRaisesRegex(ValidationError, "have 101 % together"):
            self.job.with_user(self.team_leader).set_helpers(shares)

    def test_the_main_technician_is_no_helper(self):
        self._plan()
        shares = [{"employee_id": self.worker.id, "share": 9}]
        with self.assertRaisesRegex(ValidationError, "is the main technician"):
            self.job.with_user(self.dispatcher).set_helpers(shares)

    def test_shares_of_a_settled_visit_stay(self):
        self.job.with_user(self.dispatcher).set_helpers(
            [{"employee_id": self.worker2.id, "share": 30}]
        )
        self._bring_to("settled", self.order)
        with self.assertRefused("is settled"):
            self.job.with_user(self.dispatcher).set_helpers([])

    def test_the_dialog_asks_for_helpers(self):
        action = self.job.with_user(self.dispatcher).action_open_plan()
        wizards = self.env[action["res_model"]].with_user(self.dispatcher)
        with Form(wizards.with_context(**action["context"])) as form:
            form.technician_id = self.worker
            with form.helper_ids.new() as helper:
                helper.employee_id = self.worker2
                helper.share = 25
        form.record.action_plan()
        self.assertEqual(self.job.share_ids.employee_id, self.worker2)
        action = self.job.with_user(self.dispatcher).action_open_plan()
        self.assertEqual(len(action["context"]["default_helper_ids"]), 1)

    def test_technicians_set_no_share(self):
        with self.assertRaises(AccessError):
            self.env["dealer.job.share"].with_user(self.technician).create(
                {"job_id": self.job.id, "employee_id": self.worker2.id, "share": 50}
            )

    # === PRIORITY === #

    def test_the_order_in_which_the_workshop_takes_its_work(self):
        late = self._take_in_other("accepted")
        waiting = self._take_in(
            "accepted",
            vehicle_id=self._create_vehicle(VINS[2], "京C11111").id,
            is_waiting=True,
        )
        late._guarded_write({"promised_at": self.order.promised_at + timedelta(days=1)})
        jobs = late.job_ids | self.order.job_ids | waiting.job_ids
        self.assertEqual(
            jobs._sort_by_priority(),
            waiting.job_ids | self.order.job_ids | late.job_ids,
        )
        late.job_ids.is_safety = True
        self.env.invalidate_all()
        self.assertEqual(
            jobs.with_user(self.dispatcher)._sort_by_priority().ids,
            (late.job_ids | waiting.job_ids | self.order.job_ids).ids,
        )
        self.assertEqual(late.job_ids.priority_rank, 1)
        self.assertEqual(late.job_ids.priority_reason, "Safety")
        self.assertEqual(waiting.job_ids.priority_rank, 2)

    def test_a_store_sets_its_own_order(self):
        waiting = self._take_in_other("accepted", is_waiting=True)
        waiting._guarded_write(
            {"promised_at": self.order.promised_at + timedelta(hours=1)}
        )
        jobs = waiting.job_ids | self.job
        self.assertEqual(jobs._sort_by_priority()[0], waiting.job_ids)
        self.env["dealer.priority.rule"].with_user(self.store_manager).create(
            [{"criterion": "promise"}, {"criterion": "waiting", "sequence": 20}]
        )
        self.assertEqual(jobs._sort_by_priority()[0], self.job)

    def test_ranking_many_jobs_takes_few_queries(self):
        def count(jobs):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            jobs = jobs.with_user(self.dispatcher)
            jobs.mapped("priority_rank")
            jobs.mapped("risk")
            return self.env.cr.sql_log_count - before

        count(self.job)
        few = count(self.job)
        jobs = self.job | self._take_in_other("accepted").job_ids
        for _number in range(3):
            jobs |= self._add_approved_job(self.order)
        self.assertLessEqual(count(jobs), few)
