from datetime import timedelta

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import VINS
from .workshop_common import DealerWorkshopCommon


@tagged("post_install", "-at_install")
class TestDealerWorkLog(DealerWorkshopCommon):
    """Clocks run on approved work only, one at a time, and stay as they were."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._take_in("in_progress")
        cls.job = cls.order.job_ids
        cls.my_job = cls.job.with_user(cls.technician)
        cls.worker = cls.technician.employee_id
        cls.worker2 = cls.technician2.employee_id

    def _create_other_order(self, state):
        vehicle = self._create_vehicle(VINS[1], "京B67890")
        return self._take_in(state, vehicle_id=vehicle.id)

    # === CLOCK IN === #

    def test_clocking_in_starts_the_job_and_takes_it_over(self):
        self.assertTrue(self.my_job.can_clock_in)
        self.my_job.action_clock_in()
        self.assertRecordValues(
            self.job.work_log_ids,
            [
                {
                    "employee_id": self.worker.id,
                    "order_id": self.order.id,
                    "company_id": self.company.id,
                    "stop": False,
                    "is_rework": False,
                }
            ],
        )
        self.assertEqual(self.job.state, "in_progress")
        self.assertEqual(self.job.main_technician_id, self.worker)
        self.my_job.invalidate_recordset()
        self.assertFalse(self.my_job.can_clock_in)
        self.assertTrue(self.my_job.can_clock_out)
        self.assertEqual(self.my_job.my_clock_start, self.job.work_log_ids.start)
        self.assertFalse(self.job.with_user(self.technician2).my_clock_start)

    def test_refuse_to_work_on_what_is_not_approved(self):
        order = self._create_other_order("offered")
        job = order.job_ids.with_user(self.technician)
        self.assertFalse(job.can_clock_in)
        with self.assertRefused("not approved by the customer"):
            job.action_clock_in()

    def test_refuse_to_work_before_the_workshop_accepted_the_car(self):
        order = self._create_other_order("accepted")
        job = order.job_ids.with_user(self.technician)
        self.assertFalse(job.can_clock_in)
        with self.assertRefused("only while the workshop has the car"):
            job.action_clock_in()

    def test_refuse_to_work_on_a_declined_add_on(self):
        addon = self.order.job_ids.with_user(self.advisor).create(
            self._prepare_job_vals(order_id=self.order.id, name="前刹车片")
        )
        for decision in (None, "declined"):
            if decision:
                addon.action_offer()
                self._decide(self.order, decision, reason="下次")
            with (
                self.subTest(decision=decision),
                self.assertRefused("not approved by the customer"),
            ):
                addon.with_user(self.technician).action_clock_in()

    def test_refuse_a_second_clock_naming_the_job_of_the_first(self):
        order = self._create_other_order("in_progress")
        self.my_job.action_clock_in()
        with self.assertRefused("runs on 京A12345 · 更换机油"):
            order.job_ids.with_user(self.technician).action_clock_in()

    def test_postgresql_refuses_a_second_running_clock(self):
        self.my_job.action_clock_in()
        self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                """INSERT INTO dealer_work_log (job_id, employee_id, start)
                   SELECT job_id, employee_id, start FROM dealer_work_log
                   WHERE id = %s""",
                self.job.work_log_ids.ids,
            )

    def test_two_technicians_share_a_job(self):
        self.my_job.action_clock_in()
        self.job.with_user(self.technician2).action_clock_in()
        self.assertEqual(len(self.job.running_log_ids), 2)
        self.assertEqual(self.job.main_technician_id, self.worker)

    def test_refuse_people_who_do_not_repair(self):
        for user in (self.advisor, self.inspector, self.dispatcher):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.job.with_user(user).action_clock_in()

    def test_refuse_a_technician_without_employee(self):
        stranger = self._create_role(
            "stranger", "dealer_service.group_dealer_technician", self.company
        )
        with self.assertRefused("no employee for this clock"):
            self.job.with_user(stranger).action_clock_in()

    def test_team_leaders_clock_for_others_technicians_do_not(self):
        with self.assertRaises(AccessError):
            self.my_job.action_clock_in(technician_id=self.worker2.id)
        led_job = self.job.with_user(self.team_leader)
        led_job.action_clock_in(technician_id=self.worker2.id)
        self.assertEqual(self.job.running_log_ids.employee_id, self.worker2)
        led_job.action_clock_out(technician_id=self.worker2.id)
        self.assertFalse(self.job.running_log_ids)

    def test_refuse_an_employee_of_another_store(self):
        company = self.env["res.company"].create({"name": "东城店"})
        foreign = self.env["hr.employee"].create(
            {"name": "外人", "company_id": company.id}
        )
        with self.assertRefused("no employee for this clock"):
            self.job.with_user(self.team_leader).action_clock_in(foreign.id)

    def test_the_cards_cost_the_same_queries_for_any_number_of_jobs(self):
        for number in range(4):
            self._add_approved_job(self.order, name=f"job {number}")
        names = ["can_clock_in", "can_clock_out", "can_finish", "my_clock_start"]
        jobs = self.my_job.browse(self.order.job_ids.ids)
        jobs.read(names)
        counts = []
        for some in (jobs[0], jobs):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.read(names)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    # === CLOCK OUT === #

    def test_a_pause_with_a_reason_pauses_the_job(self):
        with freeze_time("2030-03-04 09:00:00"):
            self.my_job.action_clock_in()
        with freeze_time("2030-03-04 10:30:00"):
            self.my_job.action_clock_out("parts")
        self.assertRecordValues(
            self.job.work_log_ids, [{"hours": 1.5, "pause_reason": "parts"}]
        )
        self.assertRecordValues(
            self.job,
            [{"state": "paused", "pause_reason": "parts", "clocked_hours": 1.5}],
        )
        self.my_job.action_clock_in()
        self.assertRecordValues(
            self.job, [{"state": "in_progress", "pause_reason": False}]
        )

    def test_the_job_goes_on_while_another_clock_runs(self):
        self.my_job.action_clock_in()
        self.job.with_user(self.technician2).action_clock_in()
        self.my_job.action_clock_out("break")
        self.assertEqual(self.job.state, "in_progress")
        self.job.with_user(self.technician2).action_clock_out()
        self.assertEqual(self.job.state, "in_progress")

    def test_refuse_to_stop_a_clock_that_does_not_run(self):
        self.assertFalse(self.my_job.can_clock_out)
        with self.assertRefused("is not running"):
            self.my_job.action_clock_out("parts")

    def test_refuse_an_unknown_reason(self):
        self.my_job.action_clock_in()
        with self.assertRefused("Reason: choose one of parts"):
            self.my_job.action_clock_out("lunch")

    def test_the_pause_dialog_stops_the_clock(self):
        self.my_job.action_clock_in()
        action = self.my_job.action_pause()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.technician)
            .with_context(**action["context"])
            .create({"reason": "customer"})
        )
        wizard.action_pause()
        self.assertEqual(self.job.pause_reason, "customer")

    # === WRITE ONCE === #

    def test_a_stopped_clock_is_never_changed_or_deleted(self):
        self.my_job.action_clock_in()
        self.my_job.action_clock_out()
        log = self.job.work_log_ids
        with self.assertRefused("never changed or deleted"):
            log.hours = 8
        with self.assertRefused("never changed or deleted"):
            log.unlink()
        self.env.flush_all()
        for query in (
            "UPDATE dealer_work_log SET hours = 8 WHERE id = %s",
            "DELETE FROM dealer_work_log WHERE id = %s",
        ):
            with (
                self.subTest(query=query),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.RestrictViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query, log.ids)

    def test_a_log_entered_with_its_stop_knows_its_hours(self):
        start = fields.Datetime.now() - timedelta(hours=2)
        log = self.env["dealer.work.log"].create(
            {
                "job_id": self.job.id,
                "employee_id": self.worker.id,
                "start": start,
                "stop": start + timedelta(minutes=45),
            }
        )
        self.env.flush_all()
        self.assertEqual(log.hours, 0.75)
        self.assertEqual(self.job.clocked_hours, 0.75)

    @mute_logger("odoo.sql_db")
    def test_a_clock_cannot_stop_before_it_started(self):
        self.my_job.action_clock_in()
        log = self.job.work_log_ids
        with (
            self.assertRaises(psycopg2.errors.CheckViolation),
            self.env.cr.savepoint(),
        ):
            log.stop = log.start - timedelta(hours=1)
            log.flush_recordset()

    def test_clocks_are_written_by_the_actions_only(self):
        self.my_job.action_clock_in()
        log = self.job.work_log_ids
        for user in (self.technician, self.team_leader, self.store_manager):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                log.with_user(user).write({"stop": fields.Datetime.now()})
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                log.with_user(user).copy()

    def test_a_store_sees_its_own_clocks_only(self):
        self.my_job.action_clock_in()
        company = self.env["res.company"].create({"name": "东城店"})
        stranger = self._create_role(
            "stranger", "dealer_service.group_dealer_team_leader", company
        )
        with self.assertRaises(AccessError):
            self.job.work_log_ids.with_user(stranger).read(["start"])
        with self.assertRaises(AccessError):
            self.job.with_user(stranger).action_clock_in()

    # === FINISH === #

    def test_finishing_stops_the_clock_and_opens_the_self_check(self):
        self.my_job.action_clock_in()
        action = self.my_job.action_finish()
        check = self.env["dealer.quality.check"].browse(action["res_id"])
        self.assertFalse(self.job.running_log_ids)
        self.assertRecordValues(
            check, [{"stage": "self", "job_id": self.job.id, "state": "open"}]
        )
        self.assertEqual(self.my_job.action_finish()["res_id"], check.id)

    def test_refuse_to_finish_what_nobody_started(self):
        self.assertFalse(self.my_job.can_finish)
        with self.assertRefused("nothing to finish"):
            self.my_job.action_finish()

    def test_refuse_to_finish_the_work_of_others(self):
        self.my_job.action_clock_in()
        self.assertFalse(self.job.with_user(self.technician2).can_finish)
        with self.assertRefused("for a technician who worked on"):
            self.job.with_user(self.technician2).action_finish()

    def test_hours_after_a_failed_check_are_rework(self):
        self.my_job.action_clock_in()
        self.my_job.action_finish()
        self._check(self.technician, self.order, "self", self.job)
        self._check(self.team_leader, self.order, "peer", self.job, failing=["Brakes"])
        self.assertEqual(self.job.state, "rework")
        self.my_job.action_clock_in()
        self.assertEqual(self.job.state, "in_progress")
        self.assertTrue(self.job.running_log_ids.is_rework)
        self.my_job.action_clock_out("break")
        self.my_job.action_clock_in()
        self.assertTrue(self.job.running_log_ids.is_rework)
        self.assertEqual(self.job.billed_hours, 0.5)

    # === PARTS === #

    def test_issuing_hands_out_the_parts_of_this_job_only(self):
        self._add_part_job(self.order, self.pads, 2)
        first, second = self.order.job_ids
        self.assertEqual(
            self.order.job_ids._get_open_parts().product_id, self.oil | self.pads
        )
        action = first.with_user(self.parts_keeper).action_issue_parts()
        self.assertEqual(action["params"]["type"], "success")
        self.assertFalse(first._get_open_parts())
        self.assertEqual(second._get_open_parts().product_id, self.pads)
        second.with_user(self.parts_keeper).action_issue_parts()
        self.assertFalse(self.order.job_ids._get_open_parts())

    def test_issuing_says_what_is_still_missing(self):
        self._add_stock(self.missing_part, 1)
        job = self._add_part_job(self.order, self.missing_part, 3)
        action = job.with_user(self.parts_keeper).action_issue_parts()
        self.assertIn("大灯总成 × 2", action["params"]["message"])
        with self.assertRefused("Nothing is reserved .*大灯总成 × 2"):
            job.with_user(self.parts_keeper).action_issue_parts()
        self._add_stock(self.missing_part, 2)
        job.with_user(self.parts_keeper).action_issue_parts()
        with self.assertRefused("are issued"):
            job.with_user(self.parts_keeper).action_issue_parts()

    def test_parts_with_lots_are_chosen_on_the_transfer(self):
        self.missing_part.tracking = "lot"
        lot = self.env["stock.lot"].create(
            {"name": "L1", "product_id": self.missing_part.id}
        )
        job = self._add_part_job(self.order, self.missing_part, 1)
        self._add_stock(self.missing_part, 1, lot)
        job.with_user(self.parts_keeper).action_issue_parts()
        self.assertFalse(job._get_open_parts())
        issued = job.line_ids.sale_line_id.move_ids.move_line_ids
        self.assertEqual(issued.lot_id, lot)

    def test_parts_of_the_customer_need_no_issue(self):
        job = self._add_part_job(self.order, self.pads, 1, part_origin="customer")
        self.assertFalse(job._get_open_parts())

    def test_refuse_to_issue_parts_without_keeping_them(self):
        for user in (self.technician, self.advisor, self.dispatcher):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.job.with_user(user).action_issue_parts()
