import base64

from psycopg2.errors import RestrictViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import VINS, DealerServiceCommon, draw_signature

LONG_AGO = "2020-01-01 00:00:00"
# Sheet of the visit, the time of its signature, who could write the sheet.
SHEETS = [
    ("intake_id", "intake_signed_on"),
    ("diagnosis_id", "acknowledged_on"),
    ("delivery_id", "delivery_signed_on"),
]


@tagged("post_install", "-at_install")
class TestDealerSigned(DealerServiceCommon):
    """What nobody does to a sheet that was signed, by whatever way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_repair_order()
        cls.advised = cls.order.with_user(cls.advisor)

    def _deliver(self):
        self._bring_to("diagnosis", self.order)
        self.advised.acknowledge_diagnosis("王小明")
        return self._bring_to("delivered", self.order)

    def test_nobody_dates_a_signature(self):
        for sheet, time in SHEETS:
            for role in ("advisor", "supervisor", "store_manager"):
                user = getattr(self, role)
                with self.subTest(time, role=role):
                    for record in (self.order, self.order[sheet]):
                        with self.assertRaisesRegex(UserError, "cannot be written"):
                            record.with_user(user).write({time: LONG_AGO})
        with self.assertRaises(UserError):
            self.order.diagnosis_id.with_user(self.technician).write(
                {"acknowledged_on": LONG_AGO}
            )

    def test_no_signature_is_dated_at_birth(self):
        vehicle = self._create_vehicle(VINS[1], "京B12345")
        for _sheet, time in SHEETS:
            with self.subTest(time), self.assertRaises(UserError):
                self._create_repair_order(vehicle_id=vehicle.id, **{time: LONG_AGO})
        Order = self.env["dealer.repair.order"].with_user(self.advisor)
        dated = {f"default_{time}": LONG_AGO for _sheet, time in SHEETS}
        order = Order.with_context(**dated).create({"vehicle_id": vehicle.id})
        for _sheet, time in SHEETS:
            self.assertFalse(order[time], time)

    def test_the_steps_date_the_signatures(self):
        order = self._deliver()
        for _sheet, time in SHEETS:
            self.assertTrue(order[time], time)

    def test_a_sheet_is_born_with_its_visit_only(self):
        for sheet, _time in SHEETS:
            records = self.order[sheet].with_user(self.advisor)
            for call in (
                lambda records=records: records.create({}),
                records.copy,
                lambda records=records: records.with_context(
                    dealer_visit=True, dealer_transition=True
                ).create({}),
            ):
                with (
                    self.subTest(sheet),
                    self.assertRaisesRegex(UserError, "Open a repair order"),
                    self.cr.savepoint(),
                ):
                    call()

    def test_a_signed_sheet_is_closed_to_all(self):
        order = self._deliver()
        changes = [
            ({"mileage": 1}, "was signed by 王小明"),
            ({"intake_signature": draw_signature()}, "was signed by 王小明"),
            ({"photo_ids": [(5,)]}, "was signed by 王小明"),
            ({"cause": "x"}, "was explained to 王小明"),
            ({"acknowledged_by": "x"}, "was explained to 王小明"),
            ({"delivery_mileage": 1}, "was accepted by 王小明"),
        ]
        for vals, sentence in changes:
            with self.subTest(vals), self.assertRaisesRegex(UserError, sentence):
                order.with_user(self.advisor).write(vals)
            with self.subTest(vals), self.assertRaisesRegex(UserError, sentence):
                order.sudo().write(vals)
        for sheet, _time in SHEETS:
            with self.subTest(sheet), self.assertRaises(UserError):
                order[sheet].sudo().unlink()

    @mute_logger("odoo.sql_db")
    def test_the_database_keeps_what_was_signed(self):
        order = self._deliver()
        self.env.flush_all()
        for statement in (
            "UPDATE dealer_intake SET mileage = 1 WHERE id = %s",
            "UPDATE dealer_intake SET intake_signed_on = NULL WHERE id = %s",
            "UPDATE dealer_intake SET intake_signed_on = '2020-01-01' WHERE id = %s",
            "DELETE FROM dealer_intake WHERE id = %s",
        ):
            with (
                self.subTest(statement),
                self.assertRaises(RestrictViolation),
                self.cr.savepoint(flush=False),
            ):
                self.cr.execute(statement, [order.intake_id.id])

    def test_a_drawn_signature_is_not_exchanged(self):
        """Neither by its attachment, nor by a second one beside it."""
        self._bring_to("diagnosis", self.order)
        Attachment = self.env["ir.attachment"].with_user(self.advisor)
        link = {
            "res_model": "dealer.intake",
            "res_id": self.order.intake_id.id,
            "res_field": "intake_signature",
        }
        drawing = Attachment.search([(name, "=", link[name]) for name in link])
        self.assertTrue(drawing)
        calls = [
            lambda: drawing.write({"raw": b"x"}),
            lambda: drawing.write({"res_id": self.order.id}),
            drawing.unlink,
            lambda: Attachment.create(dict(link, name="x", raw=b"x")),
        ]
        for number, call in enumerate(calls):
            with (
                self.subTest(number),
                self.assertRaisesRegex(AccessError, "signed"),
                self.cr.savepoint(),
            ):
                call()
        self.assertEqual(
            base64.b64decode(self.advised.intake_signature),
            base64.b64decode(self.signature),
        )

    def test_a_photo_of_the_signed_sheet_stays(self):
        Attachment = self.env["ir.attachment"].with_user(self.advisor)
        photo, spare = Attachment.create(
            [{"name": name, "raw": b"x"} for name in ("door.jpg", "spare.jpg")]
        )
        self.advised.photo_ids = photo
        spare.write({"res_model": "dealer.repair.order", "res_id": self.order.id})
        self._bring_to("diagnosis", self.order)
        for call in (photo.unlink, lambda: photo.write({"raw": b"y"})):
            with self.assertRaisesRegex(AccessError, "door.jpg"), self.cr.savepoint():
                call()
        spare.unlink()
