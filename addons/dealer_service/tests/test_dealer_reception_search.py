from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import VINS
from .two_stores_common import DealerTwoStoresCommon


@tagged("post_install", "-at_install")
class TestDealerReceptionSearch(DealerTwoStoresCommon):
    """The desk finds a car by whatever the customer can say of it."""

    def _find(self, text, user=None):
        vehicles = self.env["dealer.vehicle"].with_user(user or self.advisor)
        return vehicles.reception_search(text)

    def _assert_found(self, text, match, exact=False):
        found = self._find(text)
        with self.subTest(text):
            self.assertTrue(found, "nothing found")
            first = found[0]
            self.assertEqual(
                (first["vehicle_id"], first["match"], first["exact"]),
                (self.vehicle.id, match, exact),
            )

    def test_a_plate_in_every_spelling(self):
        for text in ("京A12345", " 京a·12345 ", "京Ａ１２３４５"):
            self._assert_found(text, "plate", exact=True)
        for text in ("A12345", "345", "京A12", "A12"):
            self._assert_found(text, "plate_part")

    def test_a_vin_and_its_tail(self):
        self._assert_found("lsvnu2180n2012345", "vin", exact=True)
        for text in ("012345", "N2012345", "2345", "LSVNU218"):
            self.assertIn(self.vehicle.id, [r["vehicle_id"] for r in self._find(text)])

    def test_a_telephone_number_in_every_spelling(self):
        for stored in ("138-0000-0001", "+86 138 0000 0001", "008613800000001"):
            self.owner.phone = stored
            for text in ("13800000001", "138 0000 0001", "+86 138-0000-0001"):
                with self.subTest(stored):
                    self._assert_found(text, "phone")
            self._assert_found("0001", "phone_tail")

    def test_a_landline_keeps_its_digits(self):
        self.owner.phone = "021-8613 4455"
        self._assert_found("02186134455", "phone")
        self._assert_found("86134455", "phone")

    def test_the_beginning_of_a_name(self):
        self._assert_found("王小明", "name")
        self._assert_found("王小", "name")
        self.owner.name = "Robert Smith"
        self._assert_found("robert s", "name")

    def test_a_file_bag(self):
        self._assert_found(self.vehicle.bag_no, "bag", exact=True)

    def test_a_plate_that_the_car_had_before(self):
        self.vehicle.plate_ids.date_start = "2026-01-01"
        self.vehicle.set_plate("沪B6K888", date="2026-02-01")
        self._assert_found("京A12345", "former_plate")

    def test_too_little_or_nothing_finds_nothing(self):
        for text in (False, "", "  ", "A", "12", "王", "%", "%%%%", "____"):
            with self.subTest(text):
                self.assertEqual(self._find(text), [])

    def test_wildcards_are_letters(self):
        self.owner.name = "100%_Cars"
        self._assert_found("100%_c", "name")
        self.assertEqual(self._find("100__c"), [])

    def test_a_customer_without_a_car_is_found(self):
        partner = self.env["res.partner"].create(
            {"name": "赵无车", "phone": "139 0000 0002"}
        )
        for text in ("13900000002", "赵无"):
            found = self._find(text)
            self.assertEqual(len(found), 1)
            self.assertFalse(found[0]["vehicle_id"])
            self.assertEqual(found[0]["partner_id"], partner.id)

    def test_colleagues_are_no_customers(self):
        self.technician.partner_id.phone = "139 0000 0003"
        self.assertEqual(self._find("13900000003"), [])

    def test_a_private_customer_of_another_store_stays_there(self):
        self.env["res.partner"].create(
            {
                "name": "钱东城",
                "phone": "139 0000 0004",
                "company_id": self.company_b.id,
            }
        )
        self.assertEqual(self._find("13900000004"), [])
        self.assertEqual(len(self._find("13900000004", self.advisor_b)), 1)

    def test_it_says_where_the_car_stands(self):
        order = self._create_repair_order()
        own = self._find("京A12345")[0]
        self.assertEqual(own["order_id"], order.id)
        self.assertEqual(own["store"], self.company.name)
        other = self._find("京A12345", self.advisor_b)[0]
        self.assertFalse(other["order_id"])
        self.assertFalse(other["state"])
        self.assertEqual(other["store"], self.company.name)

    def test_an_archived_file_comes_last(self):
        other = self._create_vehicle(VINS[1], "沪A12345")
        self.assertEqual(self._find("A12345")[0]["vehicle_id"], other.id)
        other.active = False
        found = self._find("A12345")
        self.assertEqual(
            [(row["vehicle_id"], row["active"]) for row in found],
            [(self.vehicle.id, True), (other.id, False)],
        )

    def test_each_car_stands_once(self):
        self.owner.name = "A12345"
        found = [row["vehicle_id"] for row in self._find("A12345")]
        self.assertEqual(len(found), len(set(found)))

    def test_who_works_at_the_desk(self):
        for role in ("advisor", "archivist", "supervisor", "store_manager"):
            self.assertTrue(self._find("京A12345", getattr(self, role)))
        for role in ("technician", "dispatcher", "inspector", "parts_keeper"):
            with self.subTest(role), self.assertRaises(AccessError):
                self._find("京A12345", getattr(self, role))

    def test_a_few_queries_whatever_is_found(self):
        self._find("A12345")
        for number in range(6):
            self._create_vehicle(f"LSVNU2180N20{number:05}", f"沪A1234{number}")
        self.env.flush_all()
        self.env.invalidate_all()
        self._find("A1234")
        self.env.invalidate_all()
        with self.assertQueryCount(3):
            self.assertEqual(len(self._find("A1234")), 7)
