from datetime import timedelta

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import VINS
from .workshop_common import DealerWorkshopCommon


@tagged("post_install", "-at_install")
class TestDealerReservation(DealerWorkshopCommon):
    """No bay and no technician is booked twice; reservations follow the plan."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._take_in("accepted")
        cls.job = cls.order.job_ids
        cls.other_order = cls._take_in(
            "accepted", vehicle_id=cls._create_vehicle(VINS[1], "京B67890").id
        )
        cls.other_job = cls.other_order.job_ids
        cls.bay2 = cls.env["dealer.bay"].create({"name": "B2", "code": "B2"})
        cls.worker = cls.technician.employee_id
        cls.worker2 = cls.technician2.employee_id
        cls.nine = fields.Datetime.to_datetime("2030-03-04 09:00:00")

    def _plan(self, job, bay=None, worker=None, start=None, hours=1.0, user=None):
        return job.with_user(user or self.dispatcher).action_plan(
            bay_id=(bay or self.bay).id,
            technician_id=(worker or self.worker).id,
            start=start or self.nine,
            hours=hours,
        )

    def _reserve(self, **values):
        return self.env["dealer.reservation"].create(
            {"start": self.nine, "stop": self.nine + timedelta(hours=1), **values}
        )

    # === OVERLAPS === #

    def test_slots_that_touch_do_not_overlap(self):
        self._reserve(bay_id=self.bay.id)
        ten = self.nine + timedelta(hours=1)
        later = self._reserve(
            bay_id=self.bay.id, start=ten, stop=ten + timedelta(hours=1)
        )
        self.assertEqual(later.company_id, self.company)

    def test_a_taken_bay_is_refused_with_the_car_that_is_in_the_way(self):
        self._plan(self.job)
        with self.assertRefused("B1 is taken by 京A12345"):
            self._reserve(bay_id=self.bay.id, start=self.nine + timedelta(minutes=30))

    def test_a_busy_technician_is_refused(self):
        self._plan(self.job)
        with self.assertRefused("technician is taken by 京A12345"):
            self._plan(self.other_job, bay=self.bay2)
        self.assertFalse(self.other_job.reservation_ids)
        self.assertFalse(self.other_job.planned_start)

    def test_moving_a_slot_onto_another_is_refused(self):
        self._reserve(bay_id=self.bay.id)
        ten = self.nine + timedelta(hours=1)
        later = self._reserve(
            bay_id=self.bay.id, start=ten, stop=ten + timedelta(hours=1)
        )
        with self.assertRefused("B1 is taken"):
            later.start = self.nine

    def test_postgresql_refuses_a_double_booked_bay(self):
        slot = self._reserve(bay_id=self.bay.id)
        self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.ExclusionViolation) as caught,
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                """INSERT INTO dealer_reservation (bay_id, start, stop)
                   SELECT bay_id, start + interval '30 minutes', stop + interval '1 h'
                   FROM dealer_reservation WHERE id = %s""",
                [slot.id],
            )
        message = self.env["dealer.reservation"]._sql_error_to_message(caught.exception)
        self.assertIn("B1 is already taken from 3/4/30", message)

    def test_postgresql_refuses_a_double_booked_technician(self):
        slot = self._reserve(employee_id=self.worker.id)
        self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.ExclusionViolation),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                """INSERT INTO dealer_reservation (employee_id, start, stop)
                   SELECT employee_id, start, stop
                   FROM dealer_reservation WHERE id = %s""",
                [slot.id],
            )

    @mute_logger("odoo.sql_db")
    def test_two_rows_of_one_request_are_judged_by_the_database(self):
        vals = {
            "bay_id": self.bay.id,
            "start": self.nine,
            "stop": self.nine + timedelta(hours=1),
        }
        with self.assertRefused("B1 is already taken"):
            self.env["dealer.reservation"].create([vals, dict(vals)])

    @mute_logger("odoo.sql_db")
    def test_a_slot_is_for_a_bay_or_a_technician_never_both_or_neither(self):
        for values in (
            {},
            {"bay_id": self.bay.id, "employee_id": self.worker.id},
        ):
            with (
                self.subTest(values=values),
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.env.cr.savepoint(),
            ):
                self._reserve(**values)

    @mute_logger("odoo.sql_db")
    def test_a_slot_ends_after_it_starts(self):
        with (
            self.assertRaises(psycopg2.errors.CheckViolation),
            self.env.cr.savepoint(),
        ):
            self._reserve(bay_id=self.bay.id, stop=self.nine - timedelta(hours=1))

    # === PLAN === #

    def test_planning_reserves_bay_and_technician_for_the_labour_hours(self):
        self.job.with_user(self.dispatcher).action_plan(
            self.bay.id, self.worker.id, fields.Datetime.to_string(self.nine)
        )
        half_past = self.nine + timedelta(minutes=30)
        self.assertRecordValues(
            self.job,
            [
                {
                    "bay_id": self.bay.id,
                    "main_technician_id": self.worker.id,
                    "planned_hours": 0.5,
                    "planned_start": self.nine,
                    "planned_stop": half_past,
                }
            ],
        )
        self.assertRecordValues(
            self.job.reservation_ids.sorted("id"),
            [
                {"bay_id": self.bay.id, "employee_id": False, "stop": half_past},
                {"bay_id": False, "employee_id": self.worker.id, "stop": half_past},
            ],
        )
        self.assertEqual(self.job.reservation_ids.order_id, self.order)

    def test_planning_again_replaces_the_earlier_reservations(self):
        self._plan(self.job)
        self._plan(self.job, bay=self.bay2, worker=self.worker2, hours=2)
        self.assertEqual(len(self.job.reservation_ids), 2)
        self.assertEqual(self.job.reservation_ids.bay_id, self.bay2)
        self._plan(self.other_job)
        self.assertEqual(len(self.other_job.reservation_ids), 2)

    def test_the_booked_bay_of_the_visit_becomes_the_slot_of_its_job(self):
        booked = self._reserve(bay_id=self.bay.id, order_id=self.order.id)
        self._plan(self.job, hours=2)
        self.assertEqual(booked.job_id, self.job)
        self.assertEqual(booked.stop, self.nine + timedelta(hours=2))

    def test_an_assignment_without_time_reserves_nothing(self):
        self.job.with_user(self.team_leader).action_plan(technician_id=self.worker.id)
        self.assertEqual(self.job.main_technician_id, self.worker)
        self.assertFalse(self.job.reservation_ids)

    def test_editing_the_plan_of_a_job_moves_its_reservations(self):
        self._plan(self.job)
        ten = self.nine + timedelta(hours=1)
        self.job.with_user(self.dispatcher).write({"planned_start": ten})
        self.assertEqual(set(self.job.reservation_ids.mapped("start")), {ten})
        self.assertEqual(self.job.planned_stop, ten + timedelta(hours=1))

    def test_moving_a_reservation_plans_its_job_again(self):
        self._plan(self.job)
        ten = self.nine + timedelta(hours=1)
        slot = self.job.reservation_ids.filtered("bay_id")
        slot.with_user(self.dispatcher).write(
            {"start": ten, "stop": ten + timedelta(hours=2)}
        )
        self.assertEqual(set(self.job.reservation_ids.mapped("start")), {ten})
        self.assertEqual(self.job.planned_hours, 2)

    def test_the_plan_dialog_plans_the_job(self):
        action = self.job.with_user(self.dispatcher).action_open_plan()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.dispatcher)
            .with_context(**action["context"])
            .create(
                {
                    "technician_id": self.worker.id,
                    "bay_id": self.bay.id,
                    "start": self.nine,
                }
            )
        )
        wizard.action_plan()
        self.assertEqual(self.job.planned_start, self.nine)
        self.assertEqual(self.job.planned_hours, 0.5)
        action = self.job.with_user(self.dispatcher).action_open_plan()
        self.assertEqual(action["context"]["default_start"], self.nine)

    def test_one_half_of_a_plan_is_not_deleted(self):
        self._plan(self.job)
        with self.assertRefused("Take the job off the plan"):
            self.job.reservation_ids[0].with_user(self.dispatcher).unlink()
        self.job.with_user(self.dispatcher).action_unplan()
        self.assertFalse(self.job.reservation_ids)
        self.assertFalse(self.job.planned_start)

    def test_refuse_to_plan_without_the_role(self):
        for user in (self.technician, self.inspector, self.settlement_clerk):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self._plan(self.job, user=user)
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.job.with_user(user).action_unplan()

    def test_refuse_to_plan_a_job_the_customer_has_not_approved(self):
        order = self._take_in(
            "offered", vehicle_id=self._create_vehicle(VINS[2], "京C11111").id
        )
        with self.assertRefused("not approved by the customer"):
            self._plan(order.job_ids)

    def test_refuse_a_plan_without_hours(self):
        with self.assertRefused("Planned hours"):
            self._plan(self.job, hours=-1)

    def test_refuse_a_bay_of_another_store(self):
        company = self.env["res.company"].create({"name": "东城店"})
        foreign = self.env["dealer.bay"].create({"name": "X", "company_id": company.id})
        with self.assertRaises(UserError):
            self._plan(self.job, bay=foreign)

    # === GIVING BACK === #

    def test_a_changed_offer_frees_the_plan(self):
        self._plan(self.job)
        self.job.with_user(self.advisor).line_ids = [
            Command.create({"product_id": self.fee.id, "quantity": 1})
        ]
        self.assertEqual(self.job.state, "draft")
        self.assertFalse(self.job.reservation_ids)
        self.assertFalse(self.job.planned_start)

    def test_a_job_finished_early_cuts_its_reservations(self):
        start = fields.Datetime.now() - timedelta(minutes=10)
        self._plan(self.job, start=start, hours=4)
        self._bring_to("inspection", self.order)
        for slot in self.job.reservation_ids:
            self.assertLessEqual(slot.stop, fields.Datetime.now())
        self.assertEqual(self.job.planned_stop, start + timedelta(hours=4))

    def test_a_job_finished_before_its_plan_gives_the_slot_back(self):
        self._plan(self.job)
        self._bring_to("inspection", self.order)
        self.assertFalse(self.job.reservation_ids)

    # === ACCESS === #

    def test_bays_are_configured_by_the_store_manager(self):
        bay = self.bay.with_user(self.store_manager)
        bay.name = "Lift 1"
        for user in (self.dispatcher, self.technician, self.advisor):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.bay.with_user(user).name = "Mine"
        with self.assertRaises(AccessError):
            bay.unlink()

    def test_a_store_sees_its_own_bays_and_reservations_only(self):
        company = self.env["res.company"].create({"name": "东城店"})
        bay = self.env["dealer.bay"].create({"name": "X", "company_id": company.id})
        slot = self._reserve(bay_id=bay.id)
        for record in (bay, slot):
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                record.with_user(self.dispatcher).read(["display_name"])

    def test_technicians_reserve_nothing(self):
        with self.assertRaises(AccessError):
            self.env["dealer.reservation"].with_user(self.technician).create(
                {
                    "bay_id": self.bay.id,
                    "start": self.nine,
                    "stop": self.nine + timedelta(hours=1),
                }
            )
