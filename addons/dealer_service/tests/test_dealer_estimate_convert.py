from datetime import timedelta

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import VINS
from .service_common import DealerServicePackageCommon


@tagged("post_install", "-at_install")
class TestDealerEstimateConvert(DealerServicePackageCommon):
    """An estimate that was not taken up becomes an appointment or a visit (B2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start = fields.Datetime.now().replace(microsecond=0) + timedelta(days=3)

    def _book(self, order, user=None, **values):
        vals = {
            "start": fields.Datetime.to_string(self.start),
            "bay_id": self.bay.id,
            "hours": 1.5,
            "signer": "王小明",
            "signature": self.signature,
            **values,
        }
        order = order.with_user(user or self.advisor)
        return order.browse(order.convert_to_appointment(**vals))

    def _reopen(self, order):
        order = order.with_user(self.advisor)
        return order.browse(order.convert_to_visit())

    # === TO AN APPOINTMENT === #

    def test_an_unanswered_estimate_is_booked_and_its_visit_closed(self):
        order = self._bring_to("offered")
        booked = self._book(order)
        self.assertRecordValues(
            booked,
            [
                {
                    "state": "booked",
                    "source_order_id": order.id,
                    "vehicle_id": self.vehicle.id,
                    "partner_id": self.owner.id,
                    "booked_start": self.start,
                    "booked_bay_id": self.bay.id,
                    "booked_hours": 1.5,
                }
            ],
        )
        self.assertEqual(booked.reservation_ids.bay_id, self.bay)
        self.assertEqual((order.state, order.next_order_id), ("left", booked))
        self.assertIn(booked.name, order.closed_reason)
        self.assertEqual(order.job_ids.state, "expired")
        self.assertRecordValues(
            booked.job_ids,
            [
                {
                    "name": "更换机油",
                    "state": "draft",
                    "revision": 1,
                    "origin": "estimate",
                }
            ],
        )
        self.assertEqual(booked.job_ids.line_ids.product_id, self.labour | self.oil)
        self.assertRecordValues(
            self.vehicle.finding_ids,
            [
                {
                    "state": "open",
                    "job_id": order.job_ids.id,
                    "follow_up_date": self.start.date(),
                    "amount": order.job_ids.amount_total,
                }
            ],
        )
        self.assertEqual(booked.job_ids.finding_id, self.vehicle.finding_ids)

    def test_the_jobs_cost_what_the_price_list_says_now(self):
        order = self._create_repair_order()
        order.job_ids.line_ids[1].write({"price_unit": 300, "discount": 5})
        self._bring_to("offered", order)
        self.oil.list_price = 400
        line = self._book(order).job_ids.line_ids[1]
        self.assertEqual((line.price_unit, line.discount), (400, 0))
        self.assertFalse(line.is_price_by_hand)

    def test_a_package_keeps_its_discount_of_today(self):
        order = self._create_repair_order(job_ids=[])
        self._add(self.oil_service, order)
        self._bring_to("offered", order)
        self.oil_service.discount = 10
        job = self._book(order).job_ids
        self.assertEqual(job.package_id, self.oil_service)
        self.assertEqual(job.amount_total, 387)

    def test_the_risk_premium_follows_the_setting_of_today(self):
        self.company.dealer_symptom_premium = 10
        order = self._create_repair_order(
            job_ids=[Command.create(self._prepare_job_vals(method="symptom"))]
        )
        self._bring_to("offered", order)
        self.company.dealer_symptom_premium = 20
        job = self._book(order).job_ids
        self.assertEqual(job.line_ids.filtered("is_premium").price_unit, 10)

    def test_a_declined_job_keeps_its_finding(self):
        order = self._bring_to("offered")
        self._decide(order, "declined", reason="太贵")
        booked = self._book(order)
        self.assertEqual(len(self.vehicle.finding_ids), 1)
        self.assertEqual(booked.job_ids.finding_id, self.vehicle.finding_ids)
        self.assertEqual(self.vehicle.finding_ids.reason, "太贵")

    def test_a_yes_in_the_next_visit_takes_the_finding_up(self):
        booked = self._book(self._bring_to("offered"))
        booked.action_arrive()
        booked.write(
            {
                "mileage": 30500,
                "fuel_percent": 50,
                "walkround_done": True,
                "belongings_none": True,
                "papers_listed": True,
            }
        )
        self._bring_to("accepted", booked)
        self.assertRecordValues(
            self.vehicle.finding_ids,
            [{"state": "converted", "revived_job_id": booked.job_ids.id}],
        )

    def test_a_partly_accepted_visit_goes_on_and_the_rest_is_booked(self):
        order = self._create_repair_order(
            job_ids=[
                Command.create(self._prepare_job_vals()),
                Command.create(self._prepare_job_vals(name="前刹车片")),
            ]
        )
        self._bring_to("offered", order)
        first, second = order.job_ids
        order.record_decisions(
            [{"job_id": first.id, "revision": 1, "decision": "approved"}],
            "王小明",
            self.signature,
        )
        booked = self._book(order)
        self.assertEqual(order.state, "accepted")
        self.assertEqual((first.state, second.state), ("approved", "expired"))
        self.assertEqual(booked.job_ids.mapped("name"), ["前刹车片"])
        self.assertFalse(order.closed_reason)

    def test_drafts_of_a_visit_that_goes_on_stay_there(self):
        order = self._bring_to("accepted")
        self._add(self.brakes, order)
        with self.assertRaisesRegex(UserError, "Nothing is open"):
            self._book(order)

    def test_an_expired_estimate_is_booked(self):
        order = self._bring_to("offered")
        order.job_ids.sudo()._update_state("expired")
        booked = self._book(order)
        self.assertEqual(len(booked.job_ids), 1)
        self.assertEqual(len(self.vehicle.finding_ids), 1)

    def test_what_was_dismissed_is_not_offered_again(self):
        order = self._bring_to("offered")
        self._decide(order, "declined")
        self.vehicle.finding_ids.with_user(self.advisor).action_dismiss("车已出售")
        with self.assertRaisesRegex(UserError, "Nothing is open"):
            self._book(order)

    # === TO A VISIT === #

    def test_a_car_that_is_back_gets_a_visit_with_the_open_jobs(self):
        order = self._bring_to("offered")
        order.with_user(self.advisor).action_leave("先比较价格")
        self.assertEqual(self.vehicle.finding_ids.reason, "先比较价格")
        again = self._reopen(order)
        self.assertRecordValues(
            again, [{"state": "intake", "source_order_id": order.id}]
        )
        self.assertEqual(again.job_ids.finding_id, self.vehicle.finding_ids)

    def test_a_forgotten_estimate_closes_when_the_car_is_back(self):
        order = self._bring_to("offered")
        again = self._reopen(order)
        self.assertEqual((order.state, again.state), ("left", "intake"))

    def test_a_cancelled_visit_gives_all_its_jobs(self):
        order = self._bring_to("accepted")
        order.with_user(self.advisor).action_cancel("客户改期")
        self.assertEqual(len(self._reopen(order).job_ids), 1)

    def test_a_car_that_is_still_here_gets_no_second_visit(self):
        order = self._create_repair_order(
            job_ids=[
                Command.create(self._prepare_job_vals()),
                Command.create(self._prepare_job_vals(name="前刹车片")),
            ]
        )
        self._bring_to("offered", order)
        decisions = [
            {"job_id": job.id, "revision": 1, "decision": decision}
            for job, decision in zip(
                order.job_ids, ("approved", "deferred"), strict=True
            )
        ]
        order.record_decisions(decisions, "王小明", self.signature)
        self.assertTrue(order.can_book_rest)
        self.assertFalse(order.can_reopen)
        with self.assertRaisesRegex(UserError, "still here"):
            self._reopen(order)

    def test_a_new_owner_is_the_customer_of_the_new_visit(self):
        order = self._bring_to("offered")
        order.with_user(self.advisor).action_leave("过户")
        buyer = self.env["res.partner"].create({"name": "李四"})
        self.vehicle.set_owner(buyer.id)
        again = self._reopen(order)
        self.assertEqual((again.partner_id, again.sender_name), (buyer, "李四"))

    def test_what_the_store_does_not_sell_any_more_is_named(self):
        order = self._bring_to("offered")
        self.oil.active = False
        again = self._reopen(order)
        self.assertEqual(again.job_ids.line_ids.product_id, self.labour)
        self.assertTrue(any("机油4L全合成" in str(m.body) for m in again.message_ids))

    # === ONCE === #

    def test_a_second_click_returns_the_first_visit(self):
        order = self._bring_to("offered")
        booked = self._book(order)
        self.assertEqual(self._book(order), booked)
        other = self._bring_to("offered", vehicle_id=self._car().id)
        again = self._reopen(other)
        self.assertEqual(self._reopen(other), again)

    def _car(self):
        return self._create_vehicle(VINS[1], "京B67890")

    def test_another_time_is_refused_and_the_appointment_named(self):
        order = self._bring_to("offered")
        booked = self._book(order)
        later = fields.Datetime.to_string(self.start + timedelta(days=1))
        for call in (
            lambda: self._book(order, start=later),
            lambda: self._reopen(order),
        ):
            with self.assertRaisesRegex(UserError, booked.name):
                call()

    def test_a_called_off_appointment_makes_room_for_another(self):
        order = self._bring_to("offered")
        self._book(order).action_cancel("改期")
        booked = self._book(order)
        self.assertEqual(booked.state, "booked")
        self.assertEqual(len(booked.job_ids), 1)
        self.assertEqual(len(self.vehicle.finding_ids), 1)
        self.assertEqual(order.next_order_id, booked)

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_a_second_following_visit(self):
        order = self._bring_to("offered")
        booked = self._book(order)
        other = self._create_repair_order(vehicle_id=self._car().id)
        with self.assertRaises(psycopg2.errors.UniqueViolation), self.cr.savepoint():
            other._mark(source_order_id=booked.source_order_id.id)
            self.env.flush_all()

    # === REFUSALS === #

    def test_a_visit_without_an_estimate_is_refused(self):
        order = self._create_repair_order()
        self.assertFalse(order.can_book_rest)
        with self.assertRaisesRegex(UserError, "no estimate yet"):
            self._book(order)

    def test_wrong_bookings_are_refused_and_leave_the_estimate_alone(self):
        order = self._bring_to("offered")
        for values, sentence in (
            ({"start": False}, "enter date and time"),
            ({"start": "morgen"}, "enter date and time"),
            ({"start": "2020-01-01 08:00:00"}, "already past"),
            ({"bay_id": 0}, "choose the bay"),
            ({"bay_id": self.bay_b.id}, "choose the bay"),
            ({"hours": 0}, "Bay hours"),
            ({"signature": False}, "Consent signature"),
        ):
            with (
                self.subTest(values),
                self.assertRaisesRegex(UserError, sentence),
                self.cr.savepoint(),
            ):
                self._book(order, **values)
            self.env.invalidate_all()
            self.assertEqual(order.state, "offered")

    def test_a_taken_bay_is_refused(self):
        self._book(self._bring_to("offered"))
        other = self._bring_to("offered", vehicle_id=self._car().id)
        with self.assertRaisesRegex(UserError, "B1 is taken"), self.cr.savepoint():
            self._book(other)
        self.env.invalidate_all()
        self.assertEqual(other.state, "offered")

    def test_only_advisors_of_the_store_convert(self):
        order = self._bring_to("offered")
        for user in (self.technician, self.settlement_clerk, self.advisor_b):
            with self.subTest(user.name), self.assertRaises(AccessError):
                self._book(order, user)

    def test_the_link_is_not_written_by_hand(self):
        order = self._bring_to("offered")
        other = self._create_repair_order(vehicle_id=self._car().id)
        with self.assertRaisesRegex(UserError, "steps of the repair order"):
            other.source_order_id = order

    def test_a_slot_is_proposed_from_tomorrow_on(self):
        order = self._bring_to("offered").with_user(self.advisor)
        slot = order.propose_appointment()
        self.assertEqual(slot["hours"], 0.5)
        self.assertTrue(slot["bay_id"])
        tomorrow = fields.Date.context_today(order) + timedelta(days=1)
        self.assertGreaterEqual(
            fields.Datetime.context_timestamp(order, slot["start"]).date(), tomorrow
        )
