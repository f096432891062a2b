from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import VINS
from .two_stores_common import DealerTwoStoresCommon


@tagged("post_install", "-at_install")
class TestDealerReceptionRegister(DealerTwoStoresCommon):
    """An unknown car gets its file and owner in one step, and nobody comes twice."""

    def _register(self, user=None, **values):
        vehicles = self.env["dealer.vehicle"].with_user(user or self.advisor)
        return vehicles.reception_register(values)

    def _get_new_values(self, **values):
        return {
            "plate": "沪B6K888",
            "vin": VINS[1],
            "model_id": self.car_model.id,
            "owner_name": "李新客",
            "owner_phone": "139 0000 1234",
            "owner_street": "南京路1号",
            **values,
        }

    def _count(self):
        return (
            self.env["dealer.vehicle"].search_count([]),
            self.env["res.partner"].search_count([]),
        )

    def test_car_and_owner_are_created_together(self):
        result = self._register(**self._get_new_values())
        vehicle = self.env["dealer.vehicle"].browse(result["vehicle_id"])
        self.assertRecordValues(
            vehicle, [{"license_plate": "沪B6K888", "vin": VINS[1]}]
        )
        self.assertRecordValues(
            vehicle.owner_id,
            [{"name": "李新客", "phone": "139 0000 1234", "street": "南京路1号"}],
        )

    def test_the_same_submission_again_creates_nothing(self):
        first = self._register(**self._get_new_values())
        before = self._count()
        again = self._register(**self._get_new_values())
        self.assertFalse(again["vehicle_id"])
        cars = again["duplicates"]["cars"]
        self.assertEqual({car["vehicle_id"] for car in cars}, {first["vehicle_id"]})
        self.assertEqual(self._count(), before)

    def test_a_known_number_is_offered(self):
        before = self._count()
        result = self._register(
            **self._get_new_values(owner_phone="+86 138 0000 0001", owner_name="王小明")
        )
        self.assertFalse(result["vehicle_id"])
        customer = result["duplicates"]["customers"][0]
        self.assertEqual(customer["partner_id"], self.owner.id)
        self.assertEqual(customer["plates"], ["京A12345"])
        self.assertEqual(self._count(), before)

    def test_the_known_owner_is_chosen(self):
        result = self._register(
            **self._get_new_values(owner_id=self.owner.id, owner_phone="138-0000-0001")
        )
        vehicle = self.env["dealer.vehicle"].browse(result["vehicle_id"])
        self.assertEqual(vehicle.owner_id, self.owner)

    def test_a_spouse_may_have_the_same_number(self):
        values = self._get_new_values(owner_phone="13800000001", other_person=True)
        result = self._register(**values)
        vehicle = self.env["dealer.vehicle"].browse(result["vehicle_id"])
        self.assertEqual(vehicle.owner_id.name, "李新客")

    def test_the_same_name_and_number_is_the_same_person(self):
        values = self._get_new_values(
            owner_phone="13800000001", owner_name="王 小明", other_person=True
        )
        result = self._register(**values)
        self.assertFalse(result["vehicle_id"])
        self.assertEqual(len(result["duplicates"]["customers"]), 1)

    def test_a_plate_on_another_car_is_offered_then_taken_over(self):
        self.vehicle.plate_ids.date_start = "2026-01-01"
        values = self._get_new_values(plate="京a·12345")
        result = self._register(**values)
        self.assertEqual(
            [car["vehicle_id"] for car in result["duplicates"]["cars"]],
            [self.vehicle.id],
        )
        result = self._register(**values, take_over=True)
        vehicle = self.env["dealer.vehicle"].browse(result["vehicle_id"])
        self.assertEqual(vehicle.license_plate, "京A12345")
        self.assertFalse(self.vehicle.license_plate)

    def test_a_plate_is_not_taken_over_by_a_car_without_vin(self):
        values = self._get_new_values(plate="京A12345", vin=False)
        with self.assertRaisesRegex(UserError, "VIN"):
            self._register(**values, take_over=True)

    def test_each_missing_thing_is_named(self):
        for values, message in (
            ({"owner_name": " "}, "Owner"),
            ({"owner_phone": ""}, "Telephone"),
            ({"plate": "", "vin": ""}, "VIN or a plate"),
            ({"plate": "ABC"}, "Plate"),
            ({"vin": "LSVNU"}, "VIN"),
            ({"mileage": 3}, "mileage"),
        ):
            with (
                self.subTest(values),
                self.assertRaisesRegex(ValidationError, message),
                self.env.cr.savepoint(),
            ):
                self._register(**self._get_new_values(**values))

    def test_who_opens_files(self):
        for role in ("technician", "settlement_clerk", "parts_keeper"):
            user = getattr(self, role)
            with self.subTest(role), self.assertRaises(AccessError):
                self._register(user, **self._get_new_values())
        self.assertTrue(self._register(self.archivist, **self._get_new_values()))

    # === VISITS WITHOUT REPAIR === #

    def test_a_visit_without_repair_names_who_came(self):
        logs = self.env["dealer.reception.log"].with_user(self.advisor)
        entry = logs.create({"vehicle_id": self.vehicle.id, "demand": "保养多少钱"})
        self.assertRecordValues(
            entry,
            [
                {
                    "person": "王小明",
                    "phone": "138-0000-0001",
                    "partner_id": self.owner.id,
                    "purpose": "inquiry",
                    "user_id": self.advisor.id,
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertFalse(self.vehicle.repair_order_ids)
        with self.assertRaises(UserError):
            entry.with_user(self.store_manager).sudo().unlink()

    def test_an_unknown_visitor_gives_a_name(self):
        logs = self.env["dealer.reception.log"].with_user(self.advisor)
        entry = logs.create({"person": "路过的先生", "purpose": "quote"})
        self.assertFalse(entry.partner_id)

    # === FILE BAGS === #

    def test_a_file_bag_is_with_one_person(self):
        loans = self.env["dealer.file.loan"].with_user(self.archivist)
        loan = loans.create({"vehicle_id": self.vehicle.id})
        card = self.vehicle.with_user(self.advisor).reception_card()
        self.assertEqual(card["vehicle"]["bag_holder"], self.archivist.name)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            loans.create({"vehicle_id": self.vehicle.id})
        loan.action_return()
        self.assertTrue(loan.date_in)
        self.assertTrue(loans.create({"vehicle_id": self.vehicle.id}))
