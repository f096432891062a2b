from psycopg2 import Error as DatabaseError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import DealerServiceCommon


@tagged("post_install", "-at_install")
class TestDealerDiagnosis(DealerServiceCommon):
    """The diagnosis sheet, test by test (C2, F04)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._bring_to("diagnosis").with_user(cls.advisor)
        cls.sheet = cls.order.diagnosis_id.with_user(cls.technician)
        cls.item = cls.env["dealer.diagnosis.item"].create(
            {
                "name": "充电电压",
                "unit": "V",
                "limit_kind": "range",
                "min_value": 13.5,
                "max_value": 14.8,
            }
        )

    def _test(self, **values):
        return (
            self.env["dealer.diagnosis.test"]
            .with_user(self.technician)
            .create({"diagnosis_id": self.sheet.id, **values})
        )

    def test_a_reading_is_judged_by_its_limits(self):
        cases = [
            (2.0, {"min_value": 3.0}, "out", "≥ 3 V"),
            (3.5, {"min_value": 3.0}, "ok", "≥ 3 V"),
            (14.9, {"min_value": 13.5, "max_value": 14.5}, "out", "13.5 – 14.5 V"),
            (14.0, {"min_value": 13.5, "max_value": 14.5}, "ok", "13.5 – 14.5 V"),
            (-0.2, {"min_value": 0.0, "max_value": 0.2}, "out", "0 – 0.2 V"),
            (-30.0, {"max_value": -25.0}, "ok", "≤ -25 V"),
            (0.1, {"max_value": 0.0}, "out", "≤ 0 V"),
            (7.0, {}, "judge", ""),
        ]
        for value, limits, result, text in cases:
            with self.subTest(value=value):
                test = self._test(
                    kind="reading", name="电压", value=value, unit="V", **limits
                )
                self.assertEqual(test.result, result)
                self.assertEqual(test.limits or "", text)

    def test_nobody_denies_what_the_limits_say(self):
        test = self._test(item_id=self.item.id, value=12.1)
        self.assertEqual(test.result, "out")
        with self.assertRaisesRegex(ValidationError, "give the result"):
            test.result = "ok"
        test.value = 14.1
        self.assertEqual(test.result, "ok")

    def test_a_standard_test_fills_in_what_is_wanted(self):
        """By a call, and on the screen with a reading alone."""
        test = self._test(item_id=self.item.id, value=12.1)
        self.assertEqual((test.name, test.kind), ("充电电压", "reading"))
        self.assertEqual(test.limits, "13.5 – 14.8 V")
        with Form(self.sheet) as sheet, sheet.test_ids.new() as line:
            line.item_id = self.item
            line.value = 14.0
        self.assertEqual(self.sheet.test_ids.mapped("result"), ["out", "ok"])
        self.assertEqual(self.sheet.test_summary, "1 of 2 not in order")

    def test_who_tests_is_noted(self):
        self.sheet.with_env(self.env).technician_id = False
        test = self._test(kind="check", name="目视")
        self.assertEqual(test.technician_id.user_id, self.technician)
        self.assertEqual(self.sheet.technician_id.user_id, self.technician)

    def test_codes_are_written_as_the_standard_does(self):
        first = self._test(kind="code", code=" p03 01 ", name="1缸失火")
        stored = self._test(kind="code", code="u0100-87", code_status="stored")
        self.assertEqual(self.sheet.test_ids.mapped("code"), ["P0301", "U0100-87"])
        self.assertEqual(self.sheet.trouble_codes, "P0301, U0100-87")
        self.assertEqual((first.result, stored.result), ("out", "judge"))
        for code in ("X0301", "P301", "P030G", "失火", False):
            with (
                self.subTest(code),
                self.assertRaisesRegex(ValidationError, "is none"),
            ):
                self._test(kind="code", code=code)

    def test_codes_written_as_text_stay(self):
        self.sheet.trouble_codes = "P0301"
        self._test(kind="check", name="目视")
        self.assertEqual(self.sheet.trouble_codes, "P0301")

    def test_a_test_says_what_was_tested(self):
        with self.assertRaisesRegex(ValidationError, "say what was looked at"):
            self._test(kind="check", result="ok")
        with self.assertRaisesRegex(ValidationError, "lies below"):
            self._test(name="x", min_value=3, max_value=2)
        with self.assertRaisesRegex(ValidationError, "lies below"):
            self.item.min_value = 20

    def test_a_look_is_judged_by_who_looked(self):
        look = self._test(kind="check", name="目视")
        self.assertEqual(look.result, "judge")
        look.result = "ok"
        self.assertEqual(look.result, "ok")

    def test_the_sheet_is_closed_when_it_was_explained(self):
        test = self._test(
            kind="check",
            name="目视",
            photo_ids=[Command.create({"name": "a.png", "datas": self.signature})],
        )
        photo = test.photo_ids
        self.assertTrue(self.order.can_explain)
        action = self.order.action_explain_diagnosis()
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(self.advisor)
            .with_context(**action["context"])
        ).save()
        self.assertEqual(wizard.signer, self.order.sender_name)
        wizard.signer = "王太太"
        wizard.action_confirm()
        self.assertEqual(self.order.acknowledged_by, "王太太")
        self.assertEqual(self.order.explained_by_id, self.advisor)
        self.assertTrue(self.order.acknowledged_on)
        self.assertFalse(self.order.can_explain)
        for call in (
            lambda: test.write({"note": "x"}),
            test.unlink,
            lambda: self._test(kind="check", name="x"),
            lambda: self.sheet.write({"cause": "x"}),
        ):
            with self.assertRaisesRegex(UserError, "was explained to"):
                call()
        with self.assertRaises(AccessError):
            photo.with_user(self.technician).write({"datas": self.signature})

    def test_nobody_makes_up_who_explained(self):
        for call in (
            lambda: self.order.write({"explained_by_id": self.supervisor.id}),
            lambda: self.sheet.write({"explained_by_id": self.supervisor.id}),
            lambda: self.order.write({"acknowledged_on": fields.Datetime.now()}),
        ):
            with self.assertRaisesRegex(UserError, "use the steps"):
                call()

    def test_only_reception_explains(self):
        self.assertFalse(self.sheet.can_explain)
        with self.assertRaises(AccessError):
            self.order.with_user(self.technician).acknowledge_diagnosis("王小明")

    @mute_logger("odoo.sql_db")
    def test_a_database_keeps_a_closed_sheet(self):
        self.order.acknowledge_diagnosis("王小明")
        self.env.flush_all()
        with self.assertRaises(DatabaseError), self.cr.savepoint():
            self.cr.execute(
                "UPDATE dealer_diagnosis SET explained_by_id = NULL WHERE id = %s",
                [self.sheet.id],
            )

    def test_the_parts_keeper_writes_no_diagnosis(self):
        with self.assertRaises(AccessError):
            self.env["dealer.diagnosis.test"].with_user(self.parts_keeper).create(
                {"diagnosis_id": self.sheet.id, "kind": "check", "name": "x"}
            )

    def test_the_technician_works_in_the_store(self):
        other = self.env["res.company"].create({"name": "B"})
        stranger = self.env["hr.employee"].create({"name": "x", "company_id": other.id})
        with self.assertRaisesRegex(ValidationError, "does not work in"):
            self.sheet.with_env(self.env).technician_id = stranger
        test = self._test(kind="check", name="目视")
        with self.assertRaisesRegex(ValidationError, "does not work in"):
            test.with_env(self.env).technician_id = stranger

    def test_a_list_of_sheets_asks_a_constant_number_of_queries(self):
        for value in range(20):
            self._test(item_id=self.item.id, value=value)
        self.env.flush_all()
        self.env.invalidate_all()
        sheets = self.sheet.with_env(self.env)
        with self.assertQueryCount(10):
            sheets.test_ids.read(["display_name", "reading", "limits", "result"])
            sheets.read(["visit_name", "concern", "test_summary", "findings"])
