from datetime import date

import psycopg2
from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import BaseCase
from odoo.tools import mute_logger

from ..models.plate import is_valid_plate, normalise_plate
from .common import VINS, DealerServiceCommon

MARCH, JUNE = date(2026, 3, 1), date(2026, 6, 1)


class TestPlateText(BaseCase):
    """GA 36, section 6."""

    def test_every_way_of_typing_gives_one_spelling(self):
        for typed, plate in (
            ("京A·12345", "京A12345"),
            ("京a 123-45", "京A12345"),
            ("京Ａ１２３４５", "京A12345"),
            ("滬B6K888", "沪B6K888"),
            ("粵B·D12345", "粤BD12345"),
            ("遼A1234學", "辽A1234学"),
            ("臨京A12345", "临京A12345"),
            (False, ""),
        ):
            with self.subTest(typed=typed):
                self.assertEqual(normalise_plate(typed), plate)

    def test_ordinary_new_energy_and_temporary_plates_are_plates(self):
        for plate in (
            "京A12345",
            "沪B6K888",
            "京A1234警",
            "粤Z1234港",
            "粤BD12345",
            "沪AA12345",
            "川A12345D",
            "川A12345K",
            "临京A12345",
            "京A临12345",
            "京A1234临",
        ):
            with self.subTest(plate=plate):
                self.assertTrue(is_valid_plate(plate))

    def test_anything_else_is_no_plate(self):
        for plate in (
            "A12345",
            "京A1234",
            "京A123456",
            "京A1234I",
            "京A1O345",
            "京112345",
            "粤BL12345",
            "川A12345L",
            "粤BDI2345",
            "临京A临12345",
            "ABC-123",
        ):
            with self.subTest(plate=plate):
                self.assertFalse(is_valid_plate(plate))


class TestDealerPlate(DealerServiceCommon):
    """A plate may move between cars over time (rule 1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.car = cls.env["dealer.vehicle"].create({"vin": VINS[1]})
        cls.other = cls.env["dealer.vehicle"].create({"vin": VINS[2]})
        cls.env.flush_all()

    def assertPlates(self, car, *periods):
        self.assertEqual(
            car.plate_ids.sorted("id").mapped(
                lambda period: (period.plate, period.date_start, period.date_end)
            ),
            list(periods),
        )

    def test_a_plate_is_stored_in_one_spelling(self):
        self.car.with_user(self.advisor).set_plate("滬Ｂ·6k888", MARCH)
        self.assertEqual(self.car.license_plate, "沪B6K888")
        self.assertPlates(self.car, ("沪B6K888", MARCH, False))

    def test_the_same_plate_again_changes_nothing(self):
        self.assertTrue(self.car.set_plate("沪B6K888", MARCH))
        self.assertTrue(self.car.set_plate("沪B·6K888", JUNE))
        self.assertPlates(self.car, ("沪B6K888", MARCH, False))

    def test_a_new_plate_ends_the_former_on_that_day(self):
        self.car.set_plate("沪B6K888", MARCH)
        self.car.set_plate("粤BD12345", JUNE)
        self.assertEqual(self.car.license_plate, "粤BD12345")
        self.assertPlates(
            self.car, ("沪B6K888", MARCH, JUNE), ("粤BD12345", JUNE, False)
        )

    def test_an_empty_plate_takes_it_off_the_car(self):
        self.car.set_plate("沪B6K888", MARCH)
        self.car.set_plate(False, JUNE)
        self.assertFalse(self.car.license_plate)
        self.assertPlates(self.car, ("沪B6K888", MARCH, JUNE))

    @freeze_time("2026-06-01")
    def test_without_a_date_it_holds_from_today(self):
        self.car.set_plate("沪B6K888")
        self.assertPlates(self.car, ("沪B6K888", JUNE, False))

    def test_what_is_no_plate_is_refused_with_an_example(self):
        with self.assertRaisesRegex(ValidationError, "“12345”.*京A12345"):
            self.car.set_plate("12345")

    def test_a_plate_of_another_car_is_refused_naming_that_car(self):
        self.other.set_plate("沪B6K888", MARCH)
        with self.assertRaises(ValidationError) as caught:
            self.car.set_plate("沪B6K888", JUNE)
        self.assertIn(self.other.display_name, str(caught.exception))
        self.assertIn(self.other.bag_no, str(caught.exception))
        self.assertEqual(self.other.license_plate, "沪B6K888")

    def test_a_plate_may_be_taken_over(self):
        self.other.set_plate("沪B6K888", MARCH)
        self.car.set_plate("沪B6K888", JUNE, take_over=True)
        self.assertPlates(self.other, ("沪B6K888", MARCH, JUNE))
        self.assertPlates(self.car, ("沪B6K888", JUNE, False))
        self.assertFalse(self.other.license_plate)

    def test_a_plate_given_up_is_free_again(self):
        self.other.set_plate("沪B6K888", MARCH)
        self.other.set_plate(False, JUNE)
        self.car.set_plate("沪B6K888", JUNE)
        self.assertEqual(self.car.license_plate, "沪B6K888")

    def test_two_cars_may_swap_plates_in_one_write(self):
        self.car.set_plate("沪B6K888", MARCH)
        self.other.set_plate("粤BD12345", MARCH)
        self.env["dealer.vehicle.plate"]._open(
            {self.car: "粤BD12345", self.other: "沪B6K888"}, JUNE
        )
        self.assertEqual(self.car.license_plate, "粤BD12345")
        self.assertEqual(self.other.license_plate, "沪B6K888")

    def test_a_period_cannot_begin_before_the_one_it_ends(self):
        self.car.set_plate("沪B6K888", JUNE)
        with self.assertRaisesRegex(ValidationError, "沪B6K888 is entered from"):
            self.car.set_plate("粤BD12345", MARCH)

    @freeze_time("2026-03-01")
    def test_a_plate_is_entered_once_its_day_has_come(self):
        with self.assertRaisesRegex(ValidationError, "in the future"):
            self.car.set_plate("沪B6K888", JUNE)

    def test_writing_the_field_moves_the_period(self):
        self.car.with_user(self.advisor).license_plate = "沪B·6K888"
        self.car.with_user(self.advisor).write({"license_plate": "粤BD12345"})
        self.assertEqual(self.car.license_plate, "粤BD12345")
        self.assertEqual(
            self.car.plate_ids.sorted("id").mapped("plate"), ["沪B6K888", "粤BD12345"]
        )
        self.assertFalse(self.car.plate_ids[0].date_end)

    def test_an_import_opens_the_plates_of_all_its_cars(self):
        self.other.license_plate = "川A12345D"
        cars = self.env["dealer.vehicle"].create(
            [{"license_plate": "沪B6K888"}, {"license_plate": "粤BD·12345"}]
        )
        self.env.invalidate_all()
        self.assertEqual(cars.mapped("license_plate"), ["沪B6K888", "粤BD12345"])
        self.assertEqual(len(cars.plate_ids), 2)
        with self.assertRaisesRegex(ValidationError, "is on the file of"):
            self.env["dealer.vehicle"].create({"license_plate": "川A·12345D"})

    def test_workshop_roles_change_no_plate(self):
        for role in ("technician", "dispatcher", "inspector", "parts_keeper"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.car.with_user(getattr(self, role)).set_plate("沪B6K888")

    def test_the_archivist_corrects_periods_by_hand(self):
        self.car.set_plate("沪B6K888", JUNE)
        car = self.car.with_user(self.archivist)
        car.write(
            {
                "plate_ids": [
                    Command.update(car.plate_ids.id, {"date_start": MARCH}),
                    Command.update(car.plate_ids.id, {"date_end": JUNE}),
                    Command.create({"plate": "粤bd12345", "date_start": JUNE}),
                ]
            }
        )
        self.assertEqual(self.car.license_plate, "粤BD12345")

    @mute_logger("odoo.sql_db")
    def test_postgresql_refuses_overlapping_periods(self):
        Plate = self.env["dealer.vehicle.plate"]
        closed = {
            "vehicle_id": self.car.id,
            "plate": "沪B6K888",
            "date_start": MARCH,
            "date_end": JUNE,
        }
        Plate.create(closed)
        for change in ({"plate": "粤BD12345"}, {"vehicle_id": self.other.id}):
            with (
                self.subTest(change=change),
                self.assertRaises(psycopg2.errors.ExclusionViolation),
                self.env.cr.savepoint(),
            ):
                Plate.create(dict(closed, **change, date_start=date(2026, 5, 1)))

    @mute_logger("odoo.sql_db")
    def test_postgresql_refuses_a_second_open_period(self):
        self.car.set_plate("沪B6K888", MARCH)
        for values in (
            {"vehicle_id": self.car.id, "plate": "粤BD12345"},
            {"vehicle_id": self.other.id, "plate": "沪B6K888"},
        ):
            with (
                self.subTest(values=values),
                self.assertRaises(psycopg2.errors.IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.env["dealer.vehicle.plate"].create(dict(values, date_start=JUNE))

    @mute_logger("odoo.sql_db")
    def test_a_period_ends_after_it_began(self):
        self.car.set_plate("沪B6K888", JUNE)
        with (
            self.assertRaises(psycopg2.errors.CheckViolation),
            self.env.cr.savepoint(),
        ):
            self.car.plate_ids.date_end = MARCH
