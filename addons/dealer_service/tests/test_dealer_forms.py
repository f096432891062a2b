from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .forms_common import DealerFormCommon


@tagged("post_install", "-at_install")
class TestDealerForms(DealerFormCommon):
    """The printed forms F01–F14 say what the records say."""

    def test_the_customer_file_names_owner_car_and_bag(self):
        self._assert_prints(
            "form_f01", self.vehicle, "F01", "王小明", "LSVNU2180N2012345", "京A12345"
        )

    def test_the_estimate_shows_each_job_with_its_price_and_guarantee(self):
        order = self._bring_to("offered")
        self._assert_prints("form_f05", order, "F05", order.name, "更换机油", "430.00")

    def test_the_repair_order_carries_the_customers_signature(self):
        order = self._bring_to("in_progress")
        self._assert_prints("form_f06", order, "F06", order.name, "京A12345")

    def test_the_appointment_names_time_and_bay(self):
        order = self._book_visit()
        self._assert_prints("form_f02", order, "F02", order.name, self.bay.name)

    def test_the_register_lists_appointments_only(self):
        booked = self._book_visit()
        walk_in = self._create_other_visit()
        self._assert_prints("form_f03", booked | walk_in, "F03", "京A12345")
        [page] = self._print("form_f03", booked | walk_in)
        self.assertNotIn("沪B6K888", page)

    def test_additional_work_shows_reason_and_answer(self):
        order = self._bring_to("in_progress")
        job_id = order.with_user(self.technician).raise_addon(
            {
                "name": "前轮内侧吃胎",
                "addon_reason": "花纹只剩 1.5 毫米",
                "is_safety": True,
                "lines": [{"product_id": self.pads.id, "quantity": 1}],
            }
        )
        job = order.job_ids.browse(job_id).with_user(self.advisor)
        job.action_offer()
        self._decide(order, "declined", reason="下个月再做")
        self._assert_prints("form_f09", job, "F09", "1.5 毫米", "下个月再做")

    def test_the_sheets_of_a_visit_print_what_was_noted(self):
        order = self._bring_to("delivered")
        final = order.check_ids.filtered(lambda check: check.stage == "final")
        wanted = {
            "form_f07": (order, self.advisor, order.intake_signed_by),
            "form_f08": (order.job_ids, self.team_leader, "更换机油"),
            "form_f10": (order.job_ids.requisition_ids, self.parts_keeper, "机油4L"),
            "form_f11": (final, self.inspector, final.line_ids[0].name),
        }
        for form, (records, user, word) in wanted.items():
            self._assert_prints(
                form, records.sudo(False), form[-3:].upper(), word, user=user
            )

    def test_the_diagnosis_shows_readings_beside_their_limits(self):
        order = self._bring_to("diagnosis")
        photo = {"name": "a.png", "datas": self.signature}
        order.diagnosis_id.with_user(self.technician).test_ids = [
            Command.create(
                {
                    "name": "充电电压",
                    "value": 12.1,
                    "unit": "V",
                    "min_value": 13.5,
                    "max_value": 14.8,
                    "photo_ids": [Command.create(photo)],
                }
            ),
            Command.create({"kind": "code", "code": "P0562", "name": "电压过低"}),
        ]
        order.acknowledge_diagnosis("王太太")
        for user in (self.advisor, self.technician):
            self._assert_prints(
                "form_f04",
                order,
                "F04",
                "12.1 V",
                "14.8 V",
                "✗",
                "P0562",
                "王太太",
                user=user,
            )

    def test_the_customer_signs_below_the_price_of_the_diagnosis(self):
        self.company.write(
            {
                "dealer_diagnosis_product_id": self.labour.id,
                "dealer_diagnosis_fee_rule": "unrepaired",
            }
        )
        order = self._create_repair_order(job_ids=False)
        [page] = self._print("form_f07", order)
        self.assertIn("waived if the car is repaired here", page)
        [page] = self._print("form_f07", order, self.technician)
        self.assertNotIn("waived", page, "A technician sees no prices")

    def test_work_done_again_says_why_and_by_whom(self):
        order = self._bring_to("inspection")
        self._check(
            self.inspector,
            order,
            "final",
            failing=[self._get_failing_line(order)],
        )
        self._explain_reworks(order)
        rework = order.with_user(self.team_leader).rework_ids
        self._assert_prints(
            "form_f12",
            rework,
            "F12",
            rework.name,
            "更换机油",
            "重新紧固",
            user=self.team_leader,
        )

    def _get_failing_line(self, order):
        """Return the name of a point of the final check that can fail."""
        Check = self.env["dealer.quality.check"].with_user(self.inspector)
        lines = Check.browse(Check.start(order.id, "final")).line_ids
        return lines.filtered(lambda line: not line.is_measured)[0].name

    def test_paper_and_screen_show_one_settlement_list(self):
        self.oil.dealer_part_brand = "嘉实多"
        order = self._bring_to("delivered")
        record = order.settlement_list_ids.with_user(self.settlement_clerk)
        words = ("机油4L", "嘉实多", "430.00", order.name)
        self._assert_prints("form_f13", record, "F13", *words, user=record.env.user)
        for word in words:
            self.assertIn(word, record.content)
        old_part = order._get_old_parts()[0]
        self.assertIn(old_part["label"], record.content)
        [page] = self._print("form_f13", record, self.settlement_clerk)
        self.assertIn(f"{old_part['part']} × 1", page)

    def test_the_release_note_carries_the_guarantee_card(self):
        order = self._bring_to("delivered")
        guarantee = order._get_quality_card()["guarantees"][0]
        self.assertEqual(guarantee["job"], "更换机油")
        self._assert_prints(
            "form_f14",
            order.release_note_ids.sudo(False),
            "F14",
            "京A12345",
            "更换机油",
            str(guarantee["km"]),
            str(guarantee["end_km"]),
        )

    def test_the_card_is_printed_before_the_car_is_handed_over(self):
        order = self._bring_to("settled")
        card = order._get_quality_card()
        self.assertEqual(
            [(row["job"], row["days"], row["end_date"]) for row in card["guarantees"]],
            [("更换机油", 10, False)],
        )
        self._assert_prints("form_f14", order.release_note_ids.sudo(False), "F14")

    def test_a_damage_is_printed_with_its_number_and_place(self):
        order = self._create_repair_order()
        order.write(
            {
                "mark_ids": [
                    Command.create(
                        {
                            "view": "left",
                            "x": 0.5,
                            "y": 0.5,
                            "kind": "dent",
                            "note": "凹陷",
                        }
                    )
                ]
            }
        )
        self._assert_prints("form_f07", order, "凹陷")

    def test_several_forms_print_in_one_go(self):
        orders = self._bring_to("offered") | self._create_other_visit()
        pages = self._print("form_f05", orders)
        for order in orders:
            self.assertIn(order.name, "\n".join(pages))
        self.assertEqual(len(pages), 2)

    def test_a_technician_prints_no_prices(self):
        order = self._bring_to("offered")
        with self.assertRaises(AccessError):
            self._print("form_f05", order, self.technician)

    def _book_visit(self):
        """Hold the bay for tomorrow."""
        return self._create_repair_order(
            state="booked",
            booked_start=fields.Datetime.now() + timedelta(days=1),
            booked_bay_id=self.bay.id,
            booking_signature=self.signature,
            booking_signed_by="王小明",
        )

    def _create_other_visit(self):
        """Open a visit of a second car, still without an offer."""
        vehicle = self._create_vehicle("LGBH52E06NY123456", "沪B6K888")
        return self._create_repair_order(vehicle_id=vehicle.id)
