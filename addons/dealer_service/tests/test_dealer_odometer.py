import psycopg2

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form
from odoo.tools import mute_logger

from .common import ROLES, VINS, DealerServiceCommon


class TestDealerOdometer(DealerServiceCommon):
    """The mileage log: write-once, and what of it is trusted (C6, rule 3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.car = cls.env["dealer.vehicle"].create({"vin": VINS[1]})

    def _read(self, value, day, **values):
        """Enter a reading by hand, as the archivist."""
        Reading = self.env["dealer.odometer"].with_user(self.archivist)
        return Reading.create(
            dict(values, vehicle_id=self.car.id, value=value, date=f"{day} 08:00:00")
        )

    def test_the_mileage_is_the_highest_reading(self):
        self.assertEqual(self.car.odometer, 0)
        self._read(10000, "2026-01-01")
        self._read(15000, "2026-02-01")
        self.assertEqual(self.car.odometer, 15000)

    def test_a_lower_reading_needs_a_reason(self):
        self._read(15000, "2026-01-01")
        with self.assertRaisesRegex(ValidationError, "9000 km .* 15000 km"):
            self._read(9000, "2026-02-01", reason="  ")

    def test_a_reading_with_a_reason_is_a_new_base(self):
        wrong = self._read(150000, "2026-01-01")
        base = self._read(16000, "2026-02-01", reason="一月多打了一个零")
        self.assertEqual(self.car.odometer, 16000)
        self.assertFalse(wrong.is_trusted)
        self.assertTrue(base.is_trusted)
        self._read(17000, "2026-03-01")
        self.assertEqual(self.car.odometer, 17000)
        with self.assertRaisesRegex(ValidationError, "17000 km"):
            self._read(16500, "2026-04-01")

    def test_an_old_reading_may_be_added_where_it_fits(self):
        self._read(15000, "2026-03-01")
        self._read(10000, "2026-01-01")
        self.assertEqual(self.car.odometer, 15000)
        with self.assertRaisesRegex(ValidationError, "16000 km .* 15000 km"):
            self._read(16000, "2026-02-01")

    def test_an_old_reading_before_a_new_base_need_not_fit_it(self):
        self._read(500, "2026-03-01", reason="更换仪表")
        self._read(80000, "2026-01-01")
        self.assertEqual(self.car.odometer, 500)

    def test_impossible_readings_are_refused(self):
        for value in (-1, 2_000_000):
            with (
                self.subTest(value=value),
                self.assertRaisesRegex(ValidationError, "Mileage"),
            ):
                self._read(value, "2026-01-01")

    def test_a_visit_logs_its_mileage_once(self):
        order = self._create_repair_order()
        car = self.vehicle.with_user(self.advisor)
        reading = car._log_odometer(30000, order=order)
        self.assertEqual(car._log_odometer(30000, order=order), reading)
        self.assertEqual(reading.order_id, order)
        self.assertFalse(reading.env.su)
        later = car._log_odometer(30012, order=order)
        self.assertEqual(self.vehicle.odometer_ids, later + reading)
        self.assertEqual(self.vehicle.odometer, 30012)

    def test_a_visit_needs_a_reason_for_less(self):
        self.car._log_odometer(30000)
        with self.assertRaisesRegex(ValidationError, "29000 km .* 30000 km"):
            self.car._log_odometer(29000)

    def test_the_reason_of_a_visit_makes_a_new_base(self):
        self.car._log_odometer(30000)
        self.car._log_odometer(100, reason="更换仪表")
        self.assertEqual(self.car.odometer, 100)

    def test_the_archivist_enters_a_reading_on_the_form(self):
        self._read(10000, "2026-01-01")
        with Form(self.car.with_user(self.archivist)) as form:
            with form.odometer_ids.new() as line:
                line.value = 12000
        self.assertEqual(self.car.odometer, 12000)

    def test_a_reading_is_never_changed(self):
        reading = self._read(10000, "2026-01-01")
        with self.assertRaisesRegex(UserError, "never changed or deleted"):
            reading.value = 1
        reading_sudo = reading.sudo()
        with self.assertRaisesRegex(UserError, "never changed or deleted"):
            reading_sudo.reason = "x"
        with self.assertRaisesRegex(UserError, "never changed or deleted"):
            reading_sudo.unlink()

    @mute_logger("odoo.sql_db")
    def test_postgresql_keeps_readings_too(self):
        reading = self._read(10000, "2026-01-01")
        self.env.flush_all()
        for query in (
            "UPDATE dealer_odometer SET value = 1 WHERE id = %s",
            "DELETE FROM dealer_odometer WHERE id = %s",
        ):
            with (
                self.subTest(query=query),
                self.assertRaises(psycopg2.errors.RestrictViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query, [reading.id])

    def test_only_the_archivist_enters_readings_by_hand(self):
        allowed = {"archivist", "store_manager", "group_manager"}
        for role in ROLES:
            Reading = self.env["dealer.odometer"].with_user(getattr(self, role))
            with self.subTest(role=role):
                self.assertEqual(Reading.has_access("create"), role in allowed)
                self.assertFalse(Reading.has_access("write"))
                self.assertFalse(Reading.has_access("unlink"))
