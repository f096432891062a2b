from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import VINS, DealerServiceCommon


@tagged("post_install", "-at_install")
class TestDealerRepairOrder(DealerServiceCommon):
    def assertRefused(self, sentence, function, *args, **kwargs):
        """Expect one clear sentence."""
        with self.assertRaisesRegex(UserError, sentence):
            function(*args, **kwargs)

    # === CREATE === #

    def test_owner_and_sender_are_proposed_from_the_car(self):
        order = self._create_repair_order()
        self.assertEqual(order.partner_id, self.owner)
        self.assertEqual(order.sender_name, "王小明")
        self.assertEqual(order.sender_phone, "138-0000-0001")
        self.assertRegex(order.name, r"^RO/\w+/\d{4}/\d{5}$")

    def test_an_empty_external_reference_is_none(self):
        first = self._create_repair_order(external_ref="ERP-1")
        first.external_ref = ""
        vehicle = self._create_vehicle(VINS[1], "京B12345")
        other = self._create_repair_order(external_ref="", vehicle_id=vehicle.id)
        self.assertEqual((first + other).mapped("external_ref"), [False, False])

    def test_the_same_external_reference_returns_the_first_visit(self):
        first = self._create_repair_order(external_ref="ERP-1")
        again = self._create_repair_order(external_ref="ERP-1")
        self.assertEqual(again, first)
        vehicle = self._create_vehicle(VINS[1], "沪B6K888")
        both = (
            self.env["dealer.repair.order"]
            .with_user(self.advisor)
            .create(
                [
                    {"vehicle_id": self.vehicle.id, "external_ref": "ERP-1"},
                    {"vehicle_id": vehicle.id, "external_ref": "ERP-2"},
                ]
            )
        )
        self.assertEqual(both[0], first)
        self.assertEqual(both[1].vehicle_id, vehicle)

    def test_a_car_in_the_workshop_is_not_received_twice(self):
        first = self._create_repair_order()
        self.assertRefused(
            rf"京A12345 is already in the workshop.*{first.name}",
            self._create_repair_order,
        )

    def test_a_visit_cannot_be_created_in_a_later_state(self):
        self.assertRefused(
            "starts booked or in intake", self._create_repair_order, state="ready"
        )

    def test_state_and_times_cannot_be_written(self):
        order = self._create_repair_order()
        for values in ({"state": "delivered"}, {"settled_at": fields.Datetime.now()}):
            self.assertRefused("use the steps", order.write, values)

    def test_a_visit_is_neither_deleted_nor_copied(self):
        order = self._create_repair_order()
        self.assertRefused("never deleted", order.sudo().unlink)
        self.assertRefused("cannot be duplicated", order.copy)

    # === BOOKING === #

    def test_a_booking_needs_time_bay_consent_and_signature(self):
        with self.assertRaisesRegex(ValidationError, "choose the bay"):
            self._create_repair_order(state="booked")

    def _book(self, **values):
        start = fields.Datetime.now() + timedelta(days=1)
        return self._create_repair_order(
            state="booked",
            booked_start=start,
            booked_hours=2,
            booked_bay_id=self.bay.id,
            booking_signed_by="王小明",
            booking_signature=self.signature,
            **values,
        )

    def test_a_booked_car_arrives_into_intake(self):
        order = self._book()
        self.assertEqual(order.state, "booked")
        self.assertEqual(order.reservation_ids.bay_id, self.bay)
        order.action_arrive()
        self.assertEqual(order.state, "intake")

    def test_two_bookings_cannot_have_the_same_bay(self):
        self._book()
        vehicle = self._create_vehicle(VINS[1], "沪B6K888")
        with self.assertRaises(UserError):
            self._book(vehicle_id=vehicle.id)

    def test_a_cancelled_booking_frees_its_bay(self):
        order = self._book()
        order.action_cancel("客户改期")
        self.assertFalse(order.reservation_ids)

    # === INTAKE === #

    def test_the_intake_sheet_starts_with_the_stores_list(self):
        order = self._create_repair_order()
        names = order.item_ids.mapped("name")
        self.assertIn("Fire extinguisher", names)
        self.assertIn("Vehicle licence", names)
        self.assertIn("Body and paint", names)

    def test_intake_names_everything_that_is_missing(self):
        order = self._create_repair_order(
            mileage=0, fuel_percent=0, walkround_done=False, papers_listed=False
        )
        with self.assertRaises(UserError) as refusal:
            order.action_start_diagnosis()
        for word in ("Mileage", "Fuel", "Walk-round", "Papers", "signature"):
            self.assertIn(word, str(refusal.exception))
        self.assertEqual(order.state, "intake")
        self.assertIn("Mileage", order.missing)

    def test_a_lower_mileage_needs_a_reason(self):
        self._bring_to("delivered")
        order = self._create_repair_order(mileage=29000)
        order.sign_intake("王小明", self.signature)
        self.assertRefused(
            "29000 km is below the last known 30000 km", order.action_start_diagnosis
        )
        order.mileage_reason = "更换仪表"
        order.action_start_diagnosis()
        self.assertEqual(order.state, "diagnosis")

    def test_a_signed_intake_sheet_is_locked(self):
        order = self._bring_to("diagnosis")
        self.assertRefused("signed by 王小明", order.write, {"mileage": 1})
        self.assertRefused(
            "signed by 王小明",
            order.item_ids[0].with_user(self.advisor).write,
            {"is_present": True},
        )
        order.item_ids[0].with_user(self.advisor).returned = True

    def test_an_explained_diagnosis_is_closed(self):
        order = self._bring_to("diagnosis")
        order.acknowledge_diagnosis("王小明")
        self.assertRefused("closed", order.write, {"cause": "其他"})

    def test_a_photo_taken_before_saving_is_seen_by_the_workshop(self):
        photo = self._upload(self.advisor)
        with self.assertRaises(AccessError):
            photo.with_user(self.technician).read(["name"])
        order = self._create_repair_order(photo_ids=[Command.link(photo.id)])
        self.assertTrue(photo.with_user(self.technician).read(["name"]))
        later = self._upload(self.advisor)
        order.photo_ids = [Command.link(later.id)]
        self.assertTrue(later.with_user(self.technician).read(["name"]))

    def _upload(self, user):
        """Upload a photo for a record that is not saved yet."""
        return (
            self.env["ir.attachment"]
            .with_user(user)
            .create(
                {
                    "name": "IMG_1.png",
                    "datas": self.signature,
                    "res_model": "dealer.repair.order",
                    "res_id": 0,
                }
            )
        )

    def test_an_addon_carries_its_photo_but_nobody_elses(self):
        order = self._bring_to("in_progress")
        addon = {
            "name": "球头松旷",
            "addon_reason": "影响转向",
            "lines": [{"product_id": self.labour2.id}],
        }
        foreign = self._upload(self.settlement_clerk)
        with self.assertRaises(AccessError):
            order.with_user(self.technician).raise_addon(
                dict(addon, photo_ids=foreign.ids)
            )
        own = self._upload(self.technician)
        job_id = order.with_user(self.technician).raise_addon(
            dict(addon, photo_ids=own.ids)
        )
        self.assertEqual(order.job_ids.browse(job_id).photo_ids, own)
        self.assertTrue(own.with_user(self.advisor).read(["name"]))

    # === OFFER === #

    def test_an_offer_needs_diagnosis_jobs_and_a_future_promise(self):
        order = self._create_repair_order(job_ids=[])
        order.sign_intake("王小明", self.signature)
        order.action_start_diagnosis()
        with self.assertRaises(UserError) as refusal:
            order.action_offer()
        for word in ("Test result", "Cause", "Promised for", "at least one job"):
            self.assertIn(word, str(refusal.exception))
        order.promised_at = fields.Datetime.now() - timedelta(hours=1)
        self.assertRefused("already past", order.action_offer)

    def test_a_job_without_lines_cannot_be_offered(self):
        order = self._create_repair_order(
            job_ids=[Command.create(self._prepare_job_vals(line_ids=[]))]
        )
        self._step_diagnosis(order)
        self.assertRefused("add labour or parts", self._step_offer, order)

    def test_the_first_promise_is_remembered(self):
        order = self._bring_to("offered")
        first = order.promised_at
        order.change_promise(first + timedelta(hours=3), "客户要求晚点取车")
        self.assertEqual(order.promised_at, first + timedelta(hours=3))
        self.assertEqual(order.first_promised_at, first)

    # === WORKSHOP === #

    def test_work_starts_on_an_accepted_washed_car_only(self):
        order = self._bring_to("offered")
        self.assertRefused(
            "is “Offered”; “In progress” is not",
            order.with_user(self.dispatcher).action_start_work,
            True,
        )
        self._decide(order)
        self.assertRefused("Wash", order.with_user(self.dispatcher).action_start_work)

    def test_inspection_waits_for_checks_parts_and_answers(self):
        order = self._bring_to("in_progress")
        order.with_user(self.technician).raise_addon(
            {
                "name": "前刹车片磨损",
                "addon_reason": "剩余2mm",
                "lines": [{"product_id": self.pads.id, "quantity": 1}],
            }
        )
        with self.assertRaises(UserError) as refusal:
            order.with_user(self.team_leader).action_request_inspection()
        for word in ("no answer", "self-check", "not issued"):
            self.assertIn(word, str(refusal.exception))

    def test_a_car_is_not_ready_before_final_check_and_preparation(self):
        order = self._bring_to("inspection")
        with self.assertRaises(UserError) as refusal:
            order.with_user(self.advisor).action_ready()
        self.assertIn("Final check", str(refusal.exception))
        self.assertIn("wash the car", str(refusal.exception))

    def test_a_failed_final_check_sends_the_car_back(self):
        order = self._bring_to("inspection")
        check = self.env["dealer.quality.check"].with_user(self.inspector)
        first = check.browse(check.start(order.id, "final")).line_ids[0].name
        self._check(self.inspector, order, "final", failing=(first,))
        self.assertEqual(order.state, "in_progress")
        self.assertEqual(order.job_ids.state, "rework")

    # === HAND-OVER === #

    def test_an_unpaid_car_is_not_delivered(self):
        order = self._bring_to("ready")
        self.assertRefused("is “Ready”; “Delivered” is not", self._step_deliver, order)
        self.assertRefused(
            "invoice is missing",
            order.with_user(self.settlement_clerk).action_settle,
        )

    def test_delivery_names_everything_that_is_missing(self):
        order = self._bring_to("settled")
        with self.assertRaises(UserError) as refusal:
            order.action_deliver()
        for word in ("Joint inspection", "Belongings", "Old parts", "signature"):
            self.assertIn(word, str(refusal.exception))

    def test_the_mileage_at_delivery_is_not_below_intake(self):
        order = self._bring_to("settled")
        order.delivery_mileage = 29990
        self.assertRefused("29990 km is below", self._step_deliver, order)

    # === ENDING EARLY === #

    def test_a_customer_leaves_unrepaired_with_a_reason(self):
        order = self._bring_to("offered")
        self.assertRefused("say why", order.action_leave)
        order.action_leave("太贵")
        self.assertEqual((order.state, order.closed_reason), ("left", "太贵"))
        self.assertEqual(order.job_ids.state, "expired")

    def test_a_customer_who_approved_work_does_not_just_leave(self):
        order = self._bring_to("accepted")
        self.assertRefused(
            "is “Accepted”; “Left unrepaired” is not", order.action_leave, "赶时间"
        )

    def test_cancelling_takes_the_sale_lines_away(self):
        order = self._bring_to("accepted")
        lines = order.job_ids.line_ids.sudo().sale_line_ids
        moves = lines.move_ids
        order.action_cancel("客户取消")
        self.assertEqual(order.state, "cancelled")
        self.assertFalse(lines.exists())
        self.assertEqual(set(moves.mapped("state")), {"cancel"})
        self.assertEqual(order.job_ids.state, "draft")

    def test_a_visit_is_not_cancelled_once_work_started(self):
        order = self._bring_to("in_progress")
        self.assertRefused(
            "is “In progress”; “Cancelled” is not",
            order.with_user(self.advisor).action_cancel,
            "x",
        )

    # === SPEED === #

    def test_a_longer_list_asks_no_more_queries(self):
        """Lists cost the same number of queries for any number of visits."""
        vins = [f"LSVNU2180N30000{number:02d}" for number in range(6)]
        for number, vin in enumerate(vins):
            vehicle = self._create_vehicle(vin, f"沪C0000{number}")
            self._create_repair_order(vehicle_id=vehicle.id)
        orders = self.env["dealer.repair.order"].with_user(self.advisor)
        spec = {
            name: {}
            for name in (
                "name",
                "license_plate",
                "state",
                "amount_total",
                "amount_due",
                "missing",
                "can_offer",
                "has_open_offers",
            )
        }
        counts = []
        for limit in (2, 2, 6):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders.web_search_read([], spec, limit=limit)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    # === ROLES === #

    def test_each_step_refuses_roles_that_do_not_take_it(self):
        order = self._create_repair_order()
        refused = {
            "action_start_diagnosis": self.technician,
            "action_offer": self.settlement_clerk,
            "action_start_work": self.advisor,
            "action_request_inspection": self.technician,
            "action_ready": self.technician,
            "action_create_invoices": self.advisor,
            "action_settle": self.advisor,
            "action_deliver": self.technician,
        }
        for action, user in refused.items():
            with (
                self.subTest(action=action),
                self.assertRaisesRegex(AccessError, "This step is for"),
            ):
                getattr(order.with_user(user), action)()

    def test_buttons_follow_state_and_role(self):
        order = self._bring_to("accepted")
        self.assertTrue(order.with_user(self.dispatcher).can_start_work)
        self.assertFalse(order.with_user(self.advisor).can_start_work)
        self.assertTrue(order.with_user(self.advisor).can_cancel)
        self.assertFalse(order.with_user(self.advisor).can_deliver)
