import base64

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DealerServiceCommon, draw_signature


@tagged("post_install", "-at_install")
class TestDealerIntake(DealerServiceCommon):
    """The walk around the car: what it asks for, and what it keeps (C6, F07)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_repair_order().with_user(cls.advisor)

    def _missing(self, step):
        return self.order._get_intake_progress()[step]["missing"]

    def _items(self, kind):
        return self.order.item_ids.filtered(lambda item: item.kind == kind)

    # === THE LISTS === #

    def test_a_sheet_starts_with_the_list_of_its_store(self):
        template = self.env["dealer.intake.item.template"]
        own = template.create(
            {"name": "Winch", "kind": "lamp", "company_id": self.company.id}
        )
        other = self.env["res.company"].create({"name": "B"})
        template.create({"name": "Crane", "kind": "lamp", "company_id": other.id})
        self.env.ref("dealer_service.intake_item_lamp_airbag").active = False
        commands = self.order.intake_id._prepare_item_commands(self.company)
        names = [command[2]["name"] for command in commands]
        self.assertIn(own.name, names)
        self.assertNotIn("Crane", names)
        self.assertNotIn("Airbag", names)

    def test_lamps_are_off_and_points_in_order_until_somebody_says_so(self):
        self.assertTrue(self._items("lamp"))
        self.assertFalse(any(self._items("lamp").mapped("is_present")))
        self.assertTrue(all(self._items("walkround").mapped("is_present")))
        self.assertTrue(all(self._items("walkround").mapped("block")))

    # === WHAT IS MISSING === #

    def test_each_step_says_what_it_still_needs(self):
        self.assertEqual(list(self.order.intake_progress)[0], "gate")
        self.assertFalse(self._missing("gate"))
        self.assertEqual(len(self._missing("sign")), 1)
        self.order.write({"mileage": 0, "belongings_none": False})
        self.assertIn("Mileage", self._missing("gate")[0])
        self.assertIn("Belongings", self._missing("belongings")[0])
        self.assertEqual(
            "\n".join(self._missing("gate") + self._missing("belongings")),
            "\n".join(self.order.missing.split("\n")[:2]),
        )

    def test_a_point_that_is_not_in_order_needs_a_word(self):
        point = self._items("walkround")[0]
        point.is_present = False
        self.assertIn(point.name, self._missing("points")[0])
        self.order.sign_intake("王小明", self.signature)
        with self.assertRaisesRegex(UserError, "say what is not in order"):
            self.order.action_start_diagnosis()
        point.condition = "漏油"
        self.assertFalse(self._missing("points"))

    # === MARKS === #

    def _mark(self, **values):
        vals = {"view": "left", "x": 0.25, "y": 0.5, "kind": "dent", **values}
        self.order.write({"mark_ids": [Command.create(vals)]})
        return self.order.mark_ids[-1:]

    def test_marks_are_numbered_in_the_order_they_were_placed(self):
        self._mark()
        self._mark(view="top", kind="chip", note="引擎盖")
        self.assertRecordValues(
            self.order.mark_ids,
            [
                {"number": 1, "view": "left", "kind": "dent", "x": 0.25},
                {"number": 2, "view": "top", "kind": "chip", "x": 0.25},
            ],
        )
        self.order.mark_ids[0].unlink()
        self.assertEqual(self.order.mark_ids.number, 1)

    @mute_logger("odoo.sql_db")
    def test_a_mark_lies_on_the_drawing(self):
        with self.assertRaises(CheckViolation), self.cr.savepoint():
            self._mark(x=1.5)
            self.env.flush_all()

    def test_marks_are_locked_with_the_sheet(self):
        mark = self._mark()
        self._bring_to("diagnosis", self.order)
        for call in (
            lambda: mark.write({"note": "x"}),
            lambda: mark.write({"x": 0.1}),
            mark.unlink,
            self._mark,
        ):
            with (
                self.assertRaisesRegex(UserError, "was signed by"),
                self.cr.savepoint(),
            ):
                call()

    def test_the_workshop_looks_at_marks_and_places_none(self):
        mark = self._mark()
        self.assertEqual(mark.with_user(self.technician).kind, "dent")
        with self.assertRaises(AccessError):
            mark.with_user(self.technician).note = "x"

    # === THE SIGNATURE === #

    def test_what_changes_after_the_signature_is_signed_again(self):
        changes = [
            lambda: self.order.write({"mileage": 30001}),
            lambda: self._items("lamp")[0].write({"is_present": True}),
            self._mark,
            lambda: self.order.write({"valuables": "相机"}),
            lambda: self.order.write(
                {"photo_ids": [Command.create({"name": "a.jpg", "raw": b"x"})]}
            ),
        ]
        for number, change in enumerate(changes):
            with self.subTest(number):
                self.order.sign_intake("王小明", self.signature)
                self.env.flush_all()
                self.env.invalidate_all()
                self.assertFalse(self._missing("sign"))
                change()
                self.assertIn("changed after it was signed", self._missing("sign")[0])
                with self.assertRaisesRegex(UserError, "sign again"):
                    self.order.action_start_diagnosis()
        self.order.sign_intake("王小明", self.signature)
        self.order.action_start_diagnosis()
        self.assertEqual(self.order.state, "diagnosis")

    def test_a_form_may_save_sheet_and_signature_together(self):
        point = self._items("walkround")[0]
        self.order.write(
            {
                "intake_signature": draw_signature(),
                "intake_signed_by": "王小明",
                "mileage": 30500,
                "item_ids": [Command.update(point.id, {"condition": "旧"})],
                "mark_ids": [Command.create({"view": "top", "x": 0.1, "y": 0.1})],
            }
        )
        self.assertFalse(self._missing("sign"))

    def test_nobody_writes_the_seal(self):
        for record in (self.order, self.order.intake_id):
            with self.assertRaisesRegex(UserError, "cannot be written"):
                record.write({"intake_seal": "x"})

    # === AT DELIVERY === #

    def _settle_with_belongings(self):
        items = (self._items("belonging") + self._items("document"))[:2]
        items.is_present = True
        self._bring_to("settled", self.order)
        return items

    def test_lines_and_tick_of_what_was_handed_back_agree(self):
        items = self._settle_with_belongings()
        self.assertIn(items[0].name, "\n".join(self.order._get_missing("deliver")))
        items[0].returned = True
        self.assertFalse(self.order.belongings_returned)
        items[1].returned = True
        self.assertTrue(self.order.belongings_returned)
        items[1].returned = False
        self.assertFalse(self.order.belongings_returned)
        self.order.belongings_returned = True
        self.assertTrue(all(items.mapped("returned")))

    def test_nothing_is_handed_back_after_the_car_was_accepted(self):
        items = self._settle_with_belongings()
        self._bring_to("delivered", self.order)
        self.assertTrue(all(items.mapped("returned")))
        with self.assertRaisesRegex(UserError, "was accepted by"):
            items[0].returned = False

    # === THE PAGE === #

    def test_the_page_opens_for_its_visit(self):
        action = self.order.action_open_intake()
        self.assertEqual(action["tag"], "dealer_intake")
        self.assertEqual(action["context"]["active_id"], self.order.id)

    def test_a_tap_is_one_write_and_comes_back_with_the_progress(self):
        mark = {"view": "front", "x": 0.5, "y": 0.5, "kind": "crack"}
        saved = self.order.web_save(
            {"mark_ids": [Command.create(mark)], "fuel_percent": 0},
            {"intake_progress": {}, "mark_ids": {"fields": {"number": {}}}},
        )
        self.assertEqual(saved[0]["mark_ids"][0]["number"], 1)
        self.assertTrue(saved[0]["intake_progress"]["gate"]["missing"])

    def test_the_seal_is_the_same_for_every_reader(self):
        self.order.sign_intake("王小明", self.signature)
        for role in (self.advisor, self.store_manager, self.technician):
            self.env.invalidate_all()
            sheet = self.order.intake_id.with_user(role)
            self.assertEqual(sheet._get_seal(), sheet.intake_seal)
        self.assertTrue(base64.b64decode(self.order.intake_signature))
