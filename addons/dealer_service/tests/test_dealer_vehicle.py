from datetime import date
from unittest.mock import patch

import psycopg2

from odoo.exceptions import (
    AccessError,
    ConcurrencyError,
    UserError,
    ValidationError,
)
from odoo.tests import Form
from odoo.tools import mute_logger

from .common import ROLES, VINS, DealerServiceCommon

WRITERS = {"advisor", "supervisor", "archivist", "store_manager", "group_manager"}
MARCH, JUNE = date(2026, 3, 1), date(2026, 6, 1)


class TestDealerVehicleVin(DealerServiceCommon):
    """One file per VIN (rule 1)."""

    def _create(self, vin, **values):
        Vehicle = self.env["dealer.vehicle"].with_user(self.advisor)
        return Vehicle.create(dict(values, vin=vin))

    def test_a_vin_is_stored_in_one_spelling(self):
        car = self._create(" lgbh52e06ny123456")
        self.assertEqual(car.vin, "LGBH52E06NY123456")
        self.assertFalse(car.vin_warning)

    def test_a_wrong_check_digit_only_warns(self):
        car = self._create("LGXC76C40P0567890")
        self.assertRegex(car.vin_warning, "position 9 is 0.*check digit is X")

    def test_a_wrong_character_is_named(self):
        with self.assertRaisesRegex(ValidationError, "VIN .* contains O, I"):
            self._create("LGBH52E06NYO2345I")

    def test_a_wrong_length_is_named(self):
        with self.assertRaisesRegex(ValidationError, "16 characters, a VIN has 17"):
            self._create("LGBH52E06NY12345")

    def test_a_second_file_is_refused_naming_the_first(self):
        with self.assertRaises(ValidationError) as caught:
            self._create(VINS[0].lower())
        self.assertIn(self.vehicle.display_name, str(caught.exception))
        self.assertIn(self.vehicle.bag_no, str(caught.exception))

    def test_an_archived_file_still_holds_its_vin(self):
        self.vehicle.action_archive()
        with self.assertRaisesRegex(ValidationError, "restore it"):
            self._create(VINS[0])

    def test_a_vin_cannot_be_given_to_two_cars_at_once(self):
        Vehicle = self.env["dealer.vehicle"]
        with self.assertRaisesRegex(ValidationError, "several cars"):
            Vehicle.create([{"vin": VINS[1]}, {"vin": VINS[1].lower()}])
        cars = Vehicle.create([{"vin": VINS[1]}, {"vin": VINS[2]}])
        with self.assertRaisesRegex(ValidationError, "already has a file"):
            cars[0].vin = VINS[2]
        with self.assertRaisesRegex(ValidationError, "several cars"):
            cars.write({"vin": "LGXC76C4XP0567890"})

    @mute_logger("odoo.sql_db")
    def test_postgresql_refuses_a_second_vin(self):
        self.env.flush_all()
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "INSERT INTO dealer_vehicle (vin, bag_no) VALUES (%s, 'x')", [VINS[0]]
            )

    def test_a_file_needs_a_vin_or_a_plate(self):
        with self.assertRaisesRegex(ValidationError, "VIN or a plate"):
            self._create("  ")
        self.assertTrue(self._create(False, license_plate="沪B6K888"))

    def test_a_vin_on_repair_orders_is_the_archivists_to_correct(self):
        self._create_repair_order()
        with self.assertRaisesRegex(UserError, "Ask the archivist"):
            self.vehicle.with_user(self.advisor).vin = VINS[1]
        self.vehicle.with_user(self.archivist).vin = VINS[1]
        self.assertEqual(self.vehicle.vin, VINS[1])

    def test_a_vin_may_be_corrected_before_the_first_visit(self):
        self.vehicle.with_user(self.advisor).vin = VINS[1]
        self.assertEqual(self.vehicle.vin, VINS[1])

    def test_a_vin_may_be_added_after_the_first_visit(self):
        car = self._create(False, license_plate="沪B6K888")
        self._create_repair_order(vehicle_id=car.id, partner_id=self.owner.id)
        car.vin = VINS[1]
        self.assertEqual(car.vin, VINS[1])


class TestDealerVehicleFile(DealerServiceCommon):
    """The file bag of a car (A2, A6, C10)."""

    def test_each_car_has_its_own_bag(self):
        cars = self.env["dealer.vehicle"].create([{"vin": VINS[1]}, {"vin": VINS[2]}])
        self.assertTrue(all(cars.mapped("bag_no")))
        self.assertNotIn("/", cars.mapped("bag_no"))
        self.assertEqual(len(set(cars.mapped("bag_no"))), 2)

    @mute_logger("odoo.sql_db")
    def test_a_bag_belongs_to_one_car(self):
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.env["dealer.vehicle"].create(
                {"vin": VINS[1], "bag_no": self.vehicle.bag_no}
            )

    def test_a_car_is_called_by_plate_model_and_tail_of_the_vin(self):
        self.assertEqual(self.vehicle.display_name, "京A12345 · 大众/朗逸 · 012345")
        self.vehicle.set_plate(False)
        self.assertEqual(self.vehicle.display_name, "大众/朗逸 · 012345")

    def test_a_car_is_found_however_its_plate_is_typed(self):
        Vehicle = self.env["dealer.vehicle"].with_user(self.technician)
        for typed in ("京A·12345", "京ａ123", "lsvnu 2180", "012345"):
            with self.subTest(typed=typed):
                found = [record_id for record_id, _name in Vehicle.name_search(typed)]
                self.assertIn(self.vehicle.id, found)
        self.assertFalse(Vehicle.name_search("京A54321"))

    def test_the_file_says_what_it_lacks(self):
        self.assertEqual(self.vehicle.completeness, 100 * 5 // 8)
        self.assertEqual(
            self.vehicle.completeness_missing,
            "address, engine number, and purchase date",
        )
        self.owner.street = "长安街1号"
        self.vehicle.write({"engine_no": "E1", "purchase_date": "2024-05-01"})
        self.assertEqual(self.vehicle.completeness, 100)
        self.assertFalse(self.vehicle.completeness_missing)

    def test_an_owner_follows_the_other(self):
        buyer = self.env["res.partner"].create({"name": "李四"})
        car = self.env["dealer.vehicle"].create({"vin": VINS[1]})
        car = car.with_user(self.advisor)
        self.assertTrue(car.set_owner(self.owner.id, MARCH))
        self.assertTrue(car.set_owner(self.owner.id, JUNE))
        self.assertTrue(car.set_owner(buyer.id, JUNE))
        self.assertEqual(car.owner_id, buyer)
        self.assertRecordValues(
            car.ownership_ids.sorted("id"),
            [
                {
                    "partner_id": self.owner.id,
                    "date_start": MARCH,
                    "date_end": JUNE,
                },
                {"partner_id": buyer.id, "date_start": JUNE, "date_end": False},
            ],
        )

    def test_an_owner_may_be_unknown(self):
        self.vehicle.set_owner(False)
        self.assertFalse(self.vehicle.owner_id)
        self.assertTrue(self.vehicle.ownership_ids.date_end)

    def test_an_owner_who_does_not_exist_is_refused(self):
        gone = self.env["res.partner"].create({"name": "x"})
        gone.unlink()
        with self.assertRaisesRegex(ValidationError, "does not exist"):
            self.vehicle.set_owner(gone.id)

    @mute_logger("odoo.sql_db")
    def test_postgresql_keeps_one_open_owner(self):
        with (
            self.assertRaises(psycopg2.errors.IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.env["dealer.vehicle.ownership"].create(
                {"vehicle_id": self.vehicle.id, "partner_id": self.insurer.id}
            )

    def test_the_form_opens_a_file_with_plate_and_owner(self):
        with Form(self.env["dealer.vehicle"].with_user(self.advisor)) as form:
            form.vin = VINS[1]
            form.license_plate = "粤BD12345"
            form.owner_id = self.owner
        car = form.record
        self.assertEqual(car.plate_ids.plate, "粤BD12345")
        self.assertEqual(car.ownership_ids.partner_id, self.owner)

    def test_the_parts_keeper_opens_the_form(self):
        Vehicle = self.env["dealer.vehicle"].with_user(self.parts_keeper)
        arch = Vehicle.get_view(view_type="form")["arch"]
        self.assertNotIn("ownership_ids", arch)
        self.assertIn("license_plate", arch)
        self.assertTrue(Vehicle.browse(self.vehicle.id).read(["display_name"]))

    def test_roles_read_and_only_the_desk_and_the_archive_write(self):
        for role in ROLES:
            car = self.vehicle.with_user(getattr(self, role))
            with self.subTest(role=role):
                self.assertTrue(car.has_access("read"))
                self.assertEqual(car.has_access("write"), role in WRITERS)
                self.assertEqual(car.has_access("create"), role in WRITERS)
                self.assertFalse(car.has_access("unlink"))

    def test_smart_buttons_lead_to_what_they_count(self):
        self._create_repair_order()
        self.env["dealer.vehicle.finding"].create(
            {"vehicle_id": self.vehicle.id, "name": "刹车片"}
        )
        car = self.vehicle.with_user(self.advisor)
        for name, action in (
            ("repair_order_count", car.action_view_repair_orders()),
            ("open_finding_count", car.action_view_findings()),
            ("guarantee_count", car.action_view_guarantees()),
        ):
            with self.subTest(name=name):
                Model = self.env[action["res_model"]]
                self.assertEqual(car[name], Model.search_count(action["domain"]))

    def test_reading_a_list_costs_the_same_for_few_and_many_cars(self):
        cars = self.env["dealer.vehicle"].create(
            [
                {"license_plate": f"京A{number}", "owner_id": self.owner.id}
                for number in range(20001, 20041)
            ]
        )
        names = ["display_name", "owner_id", "model_id", "odometer", "completeness"]
        names += ["vin_warning", "owner_phone", "open_finding_count"]

        def count_queries(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.with_user(self.advisor).read(names)
            return self.env.cr.sql_log_count - before

        count_queries(cars)
        self.assertEqual(count_queries(cars[:2]), count_queries(cars))


class TestDealerVehicleRegister(DealerServiceCommon):
    """`register` finds the file or opens one, however often it is called."""

    def setUp(self):
        super().setUp()
        self.Vehicle = self.env["dealer.vehicle"].with_user(self.advisor)

    def test_it_opens_a_file_with_all_it_is_told(self):
        car = self.Vehicle.browse(
            self.Vehicle.register(
                {
                    "vin": VINS[1],
                    "plate": "滬B·6K888",
                    "model_id": self.car_model.id,
                    "owner_id": self.owner.id,
                    "engine_no": "E1",
                    "color": "白",
                    "purchase_date": "2024-05-01",
                }
            )
        )
        self.assertRecordValues(
            car,
            [
                {
                    "vin": VINS[1],
                    "license_plate": "沪B6K888",
                    "model_id": self.car_model.id,
                    "owner_id": self.owner.id,
                    "engine_no": "E1",
                    "color": "白",
                    "purchase_date": date(2024, 5, 1),
                }
            ],
        )
        self.assertEqual(len(car.plate_ids), 1)

    def test_the_same_vin_always_gives_the_same_file(self):
        values = {"vin": VINS[1], "plate": "沪B6K888"}
        first = self.Vehicle.register(values)
        self.assertEqual(self.Vehicle.register(values), first)
        self.assertEqual(self.Vehicle.register({"vin": VINS[1].lower()}), first)

    def test_a_file_that_is_found_is_completed_but_not_overwritten(self):
        self.vehicle.color = "黑"
        found = self.Vehicle.register(
            {"vin": VINS[0], "color": "白", "engine_no": "E1", "plate": "沪B6K888"}
        )
        self.assertEqual(found, self.vehicle.id)
        self.assertRecordValues(
            self.vehicle,
            [{"color": "黑", "engine_no": "E1", "license_plate": "京A12345"}],
        )

    def test_a_car_without_vin_is_found_by_its_plate(self):
        found = self.Vehicle.register({"plate": "京A·12345"})
        self.assertEqual(found, self.vehicle.id)

    def test_a_car_known_by_its_plate_gets_its_vin(self):
        known = self.Vehicle.register({"plate": "沪B6K888"})
        found = self.Vehicle.register({"plate": "沪B6K888", "vin": VINS[1]})
        self.assertEqual(found, known)
        self.assertEqual(self.Vehicle.browse(known).vin, VINS[1])

    def test_the_plate_of_another_vin_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "is on the file of"):
            self.Vehicle.register({"vin": VINS[1], "plate": "京A12345"})

    def test_an_archived_file_returns(self):
        self.vehicle.action_archive()
        self.assertEqual(self.Vehicle.register({"vin": VINS[0]}), self.vehicle.id)
        self.assertTrue(self.vehicle.active)

    def test_an_unknown_value_is_named(self):
        with self.assertRaisesRegex(ValidationError, "unknown value bag_no"):
            self.Vehicle.register({"vin": VINS[1], "bag_no": "B1"})

    def test_vin_or_plate_is_needed(self):
        with self.assertRaisesRegex(ValidationError, "VIN or a plate"):
            self.Vehicle.register({"color": "白"})

    def test_roles_without_the_right_register_nothing(self):
        with self.assertRaises(AccessError):
            self.Vehicle.with_user(self.technician).register({"vin": VINS[0]})

    @mute_logger("odoo.sql_db")
    def test_a_file_opened_meanwhile_makes_the_request_try_again(self):
        # What another transaction committed is invisible until the next try.
        blind = patch.multiple(
            type(self.env["dealer.vehicle"]),
            _find_file=lambda self, vin, plate: self.browse(),
            _check_vins_free=lambda self, vins: None,
        )
        with blind, self.assertRaises(ConcurrencyError):
            self.Vehicle.register({"vin": VINS[0]})
