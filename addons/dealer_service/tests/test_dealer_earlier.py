from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models.capacity import Calendar
from .common import VINS
from .dispatch_common import DealerDispatchCommon

NINE = "2030-03-04 09:00:00"


@tagged("post_install", "-at_install")
class TestDealerEarlier(DealerDispatchCommon):
    """Work is pulled forward when a bay or a technician becomes free (R2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(freeze_time(NINE))
        cls.order = cls._take_in("in_progress")
        cls.job = cls.order.job_ids.with_user(cls.dispatcher)
        cls.other = cls._take_in_other("in_progress").job_ids.with_user(cls.dispatcher)
        cls.Job = cls.env["dealer.repair.job"].with_user(cls.dispatcher)

    def _at(self, hour, minute=0):
        return fields.Datetime.to_datetime(NINE).replace(hour=hour, minute=minute)

    def _plan(self, job, hour, hours=2, worker=None, **more):
        more.setdefault("bay_id", self.bay.id)
        worker = worker or self.worker
        job.action_plan(
            technician_id=worker.id, start=self._at(hour), hours=hours, **more
        )

    def _suggested(self):
        return [entry["job_id"] for entry in self.Job.suggest_earlier()]

    # === ARITHMETIC === #

    def test_a_span_is_occupied_and_released(self):
        taken = Calendar([(self._at(10), self._at(11))])
        taken.occupy(self._at(9), self._at(12))
        self.assertEqual(taken.blocked_until(self._at(9), self._at(10)), self._at(10))
        self.assertFalse(taken.blocked_until(self._at(11), self._at(12)))
        self.assertFalse(taken.release(self._at(10), self._at(12)))
        self.assertTrue(taken.release(self._at(10), self._at(11)))
        self.assertFalse(taken.blocked_until(self._at(10), self._at(12)))

    # === SUGGESTIONS === #

    def test_a_job_finished_early_lets_the_next_start(self):
        self._plan(self.job, 9)
        self._plan(self.other, 13)
        self.other.action_plan(start=self._at(11))
        self.job.with_user(self.technician).action_clock_in()
        self.assertEqual(self._suggested(), [])
        with freeze_time("2030-03-04 09:40:00"):
            self.job.with_user(self.technician).action_clock_out()
            self.job.sudo()._update_state("self_checked")
            (entry,) = self.Job.suggest_earlier()
            self.assertEqual(entry["job_id"], self.other.id)
            self.assertEqual(entry["start"], "2030-03-04 09:40:00")
            self.assertEqual(entry["planned_start"], "2030-03-04 11:00:00")
            self.assertEqual(entry["gain"], 80)
            self.assertEqual((entry["bay"], entry["technician"]), ("B1", "technician"))

    def test_one_click_moves_both_reservations_and_keeps_the_promise(self):
        self._plan(self.job, 14)
        promised = self.order.promised_at
        self.job.action_pull_forward()
        self.assertEqual(self.job.planned_start, self._at(9))
        slots = self.job.sudo().reservation_ids
        self.assertEqual(len(slots), 2)
        self.assertEqual(set(slots.mapped("start")), {self._at(9)})
        self.assertEqual(set(slots.mapped("stop")), {self._at(11)})
        self.assertEqual(self.order.promised_at, promised)
        said = self.order.message_ids[0].body
        self.assertIn("instead of", said)
        self.assertIn("B1 · technician", said)

    def test_a_waiting_job_is_suggested_with_its_place(self):
        self._plan(self.other, 9, worker=self.worker2)
        bay2 = self.env["dealer.bay"].create({"name": "B2"})
        (entry,) = self.Job.suggest_earlier()
        self.assertEqual(entry["job_id"], self.job.id)
        self.assertEqual((entry["bay_id"], entry["planned_start"]), (bay2.id, False))
        self.job.action_pull_forward()
        self.assertEqual(self.job.bay_id, bay2)
        self.assertEqual(self.job.main_technician_id, self.worker)

    def test_what_overruns_still_occupies_its_place(self):
        self._plan(self.job, 9, hours=1)
        self._plan(self.other, 13)
        self.job.with_user(self.technician).action_clock_in()
        with freeze_time("2030-03-04 10:20:00"):
            self.assertEqual(self._suggested(), [])

    def test_somebody_else_takes_over_where_the_technician_is_busy(self):
        self._plan(self.job, 14)
        self._reserve(6, employee_id=self.worker.id, start=self._at(8))
        (entry,) = (e for e in self.Job.suggest_earlier() if e["job_id"] == self.job.id)
        self.assertEqual(entry["technician"], "technician2")
        self.order.requested_technician_id = self.worker
        self.assertNotIn(self.job.id, self._suggested())

    def test_a_gap_that_opens_later_is_no_news(self):
        self._reserve(4, bay_id=self.bay.id, start=self._at(8))
        self._plan(self.job, 15)
        self.assertEqual(self._suggested(), [])
        with self.assertRefused("cannot start earlier"):
            self.job.action_pull_forward()

    def test_a_few_minutes_are_not_worth_it(self):
        self.job.action_plan(self.bay.id, self.worker.id, self._at(9, 10), 1)
        self.assertNotIn(self.job.id, self._suggested())

    def test_a_car_is_in_one_place_at_a_time(self):
        second = self._add_approved_job(self.order).with_user(self.dispatcher)
        bay2 = self.env["dealer.bay"].create({"name": "B2"})
        self._plan(self.job, 9)
        self._plan(second, 14, worker=self.worker2, bay_id=bay2.id)
        self.assertNotIn(second.id, self._suggested())
        with self.assertRefused("cannot start earlier"):
            second.action_pull_forward()

    def test_work_that_waits_for_parts_is_not_suggested(self):
        self.order.job_ids.line_ids.filtered(lambda line: line.kind == "part")._write(
            {"product_id": self.missing_part.id}
        )
        self.env.invalidate_all()
        self.job.sudo().line_ids.sale_line_id.move_ids._action_cancel()
        self._plan(self.job, 14)
        self.assertNotIn(self.job.id, self._suggested())

    def test_helpers_come_along_or_the_job_stays(self):
        helpers = [{"employee_id": self.worker2.id, "share": 30}]
        self._plan(self.job, 14, helpers=helpers)
        self._plan(self.other, 16, hours=1)
        busy = self._reserve(1, employee_id=self.worker2.id)
        self.assertNotIn(self.job.id, self._suggested())
        busy.unlink()
        self.job.action_pull_forward()
        slots = self.job.sudo().reservation_ids
        self.assertEqual(len(slots), 3)
        self.assertEqual(set(slots.mapped("start")), {self._at(9)})

    def test_only_planners_pull_forward(self):
        self._plan(self.job, 14)
        for user in (self.technician, self.inspector, self.settlement_clerk):
            with self.subTest(user.name):
                with self.assertRaises(AccessError):
                    self.Job.with_user(user).suggest_earlier()
                with self.assertRaises(AccessError):
                    self.job.with_user(user).action_pull_forward()

    def test_the_number_of_queries_does_not_grow_with_jobs(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Job.suggest_earlier(limit=50)
            return self.env.cr.sql_log_count - before

        self._plan(self.job, 14, hours=1)
        self._plan(self.other, 15, hours=1)
        count()
        few = count()
        third = self._take_in(
            "in_progress", vehicle_id=self._create_vehicle(VINS[2], "京C11111").id
        ).job_ids.with_user(self.dispatcher)
        self._plan(third, 16, hours=1)
        self.assertLessEqual(count(), few + 1)
        self.assertLess(few, 70)
