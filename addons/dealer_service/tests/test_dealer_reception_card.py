from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .two_stores_common import DealerTwoStoresCommon


@tagged("post_install", "-at_install")
class TestDealerReceptionCard(DealerTwoStoresCommon):
    """One screen shows what matters of a car before it is received."""

    def _get_card(self, user=None):
        return self.vehicle.with_user(user or self.advisor).reception_card()

    def _deliver_with_declined_work(self):
        declined = self._prepare_job_vals(name="雨刮")
        order = self._bring_to(
            "offered",
            job_ids=[
                Command.create(self._prepare_job_vals()),
                Command.create(declined),
            ],
        )
        answers = [
            {"job_id": job.id, "revision": 1, "decision": decision}
            for job, decision in zip(
                order.job_ids, ("approved", "declined"), strict=True
            )
        ]
        order.record_decisions(answers, "王小明", self.signature)
        return self._bring_to("delivered", order)

    def _book(self, **values):
        vals = {
            "state": "booked",
            "booked_start": fields.Datetime.now() + timedelta(hours=1),
            "booked_bay_id": self.bay.id,
            "booking_signed_by": "王小明",
            "booking_signature": self.signature,
            **values,
        }
        return self._create_repair_order(**vals)

    def test_the_car_its_owner_and_its_file(self):
        self.vehicle.cabinet_no = "A-3"
        self.vehicle._log_odometer(41000)
        card = self._get_card()
        self.assertEqual(card["vehicle"]["plate"], "京A12345")
        self.assertEqual(card["vehicle"]["odometer"], 41000)
        self.assertTrue(card["vehicle"]["odometer_date"])
        self.assertEqual(card["vehicle"]["cabinet_no"], "A-3")
        self.assertEqual(card["vehicle"]["completeness"], self.vehicle.completeness)
        self.assertEqual(card["owner"]["phone"], "138-0000-0001")
        self.assertTrue(card["can_receive"])

    def test_what_runs_on_the_car(self):
        self._deliver_with_declined_work()
        card = self._get_card()
        guarantee = card["guarantees"][0]
        self.assertEqual(guarantee["days_left"], self.category.guarantee_days)
        self.assertEqual(guarantee["km_left"], self.category.guarantee_km)
        self.assertEqual([line["name"] for line in card["findings"]], ["雨刮"])
        self.assertTrue(card["findings"][0]["amount"])
        self.assertEqual(len(card["history"]), 1)
        self.assertTrue(card["history"][0]["amount"])

    def test_another_store_sees_no_price_and_no_staff(self):
        self._deliver_with_declined_work()
        self._create_repair_order()
        card = self._get_card(self.advisor_b)
        for visit in card["history"] + card["open_visits"]:
            self.assertEqual(visit["store"], self.company.name)
            self.assertFalse(visit["id"])
            self.assertFalse({"amount", "advisor", "name", "sender"} & set(visit))
        self.assertFalse(card["findings"][0]["amount"])
        self.assertEqual(len(card["guarantees"]), 1)

    def test_the_archivist_sees_no_price_and_receives_nothing(self):
        self._deliver_with_declined_work()
        card = self._get_card(self.archivist)
        self.assertNotIn("amount", card["history"][0])
        self.assertFalse(card["findings"][0]["amount"])
        self.assertFalse(card["can_receive"])

    def test_the_workshop_does_not_see_the_desk(self):
        for role in ("technician", "inspector", "parts_keeper"):
            user = getattr(self, role)
            orders = self.env["dealer.repair.order"].with_user(user)
            with self.subTest(role):
                with self.assertRaises(AccessError):
                    self._get_card(user)
                with self.assertRaises(AccessError):
                    orders.reception_overview()

    def test_the_appointment_of_today(self):
        with freeze_time("2026-03-02 02:00:00"):
            self._book()
            appointment = self._get_card()["appointments"][0]
            self.assertTrue(appointment["is_today"])
            orders = self.env["dealer.repair.order"].with_user(self.advisor)
            overview = orders.reception_overview()
            self.assertEqual(len(overview["appointments"]), 1)
        with freeze_time("2026-03-04 02:00:00"):
            self.assertFalse(self._get_card()["appointments"][0]["is_today"])
            self.assertEqual(orders.reception_overview()["appointments"], [])

    def test_the_number_of_queries_does_not_grow(self):
        self._deliver_with_declined_work()
        self._get_card()
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        self._get_card()
        once = self.env.cr.sql_log_count - start
        self._deliver_with_declined_work()
        self._deliver_with_declined_work()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(once):
            card = self._get_card()
        self.assertEqual(len(card["history"]), 3)
        self.assertLessEqual(once, 44)

    # === RECEIVING === #

    def _receive(self, user=None, **values):
        orders = self.env["dealer.repair.order"].with_user(user or self.advisor)
        order_id = orders.receive({"vehicle_id": self.vehicle.id, **values})
        return orders.browse(order_id)

    def test_a_visit_is_opened_from_the_desk(self):
        order = self._receive(concern="保养", sender_name="王太太")
        self.assertRecordValues(
            order,
            [
                {
                    "state": "intake",
                    "concern": "保养",
                    "sender_name": "王太太",
                    "partner_id": self.owner.id,
                    "advisor_id": self.advisor.id,
                }
            ],
        )

    def test_a_car_in_the_house_is_not_received_twice(self):
        self._receive()
        with self.assertRaisesRegex(UserError, "already in the workshop"):
            self._receive()

    def test_the_expected_car_arrives_with_its_appointment(self):
        booked = self._book()
        order = self._receive(order_id=booked.id, concern="空调不冷")
        self.assertEqual(order, booked)
        self.assertEqual(order.state, "intake")
        self.assertEqual(order.concern, "空调不冷")

    def test_a_file_without_owner_asks_for_the_owner(self):
        self.vehicle.ownership_ids.unlink()
        with self.assertRaisesRegex(UserError, "Customer"):
            self._receive()

    def test_only_advisors_receive(self):
        for role in ("archivist", "technician", "settlement_clerk"):
            with self.subTest(role), self.assertRaises(AccessError):
                self._receive(getattr(self, role))

    def test_an_unknown_value_is_named(self):
        with self.assertRaisesRegex(UserError, "mileage"):
            self._receive(mileage=3)

    # === COME-BACK === #

    def test_a_come_back_is_received_as_such_in_one_step(self):
        first = self._bring_to("delivered")
        guarantee = self.vehicle.guarantee_ids
        order = self._receive(concern="机油漏了", guarantee_ids=guarantee.ids)
        self.assertRecordValues(
            order.job_ids,
            [{"guarantee_id": guarantee.id, "payer": "internal", "cause": "机油漏了"}],
        )
        self.assertEqual(order.rework_ids.original_job_id, first.job_ids)

    def test_no_visit_is_opened_for_a_guarantee_of_another_car(self):
        self._bring_to("delivered")
        other = self._create_vehicle("LSVNU2180N2000007", "沪A12347")
        orders = self.env["dealer.repair.order"].with_user(self.advisor)
        values = {
            "vehicle_id": other.id,
            "partner_id": self.owner.id,
            "guarantee_ids": self.vehicle.guarantee_ids.ids,
        }
        with self.assertRaisesRegex(UserError, "Guarantee: choose one of this car"):
            orders.receive(values)
