from odoo.exceptions import AccessError
from odoo.tests import tagged

from .settlement_common import DealerSettlementCommon


@tagged("post_install", "-at_install")
class TestDealerStoreNumber(DealerSettlementCommon):
    """Each store counts its own visits; numbers given stay."""

    def _get_next(self, company):
        return company._next_dealer_number("dealer.repair.order")

    def test_each_store_counts_on_its_own(self):
        self.company.dealer_store_code = "ZD"
        self.company_b.dealer_store_code = "DC"
        first, other, second = (
            self._get_next(self.company),
            self._get_next(self.company_b),
            self._get_next(self.company),
        )
        self.assertRegex(first, r"^RO/ZD/\d{4}/\d{5}$")
        self.assertRegex(other, r"^RO/DC/\d{4}/\d{5}$")
        self.assertEqual(int(second[-5:]), int(first[-5:]) + 1)

    def test_a_visit_takes_the_number_of_its_store(self):
        self.company.dealer_store_code = "ZD"
        order = self._create_repair_order()
        self.assertTrue(order.name.startswith("RO/ZD/"))
        order_b = self._create_repair_order_b(vehicle_id=self._create_car().id)
        self.assertFalse(order_b.name.startswith("RO/ZD/"))

    def test_a_new_store_gets_its_sequences_once(self):
        store = self.env["res.company"].create({"name": "新店"})
        domain = [("company_id", "=", store.id), ("code", "=like", "dealer.%")]
        sequences = self.env["ir.sequence"].search(domain)
        self.assertIn("dealer.repair.order", sequences.mapped("code"))
        self.assertIn("dealer.release.note", sequences.mapped("code"))
        store._create_dealer_sequences()
        self.assertEqual(self.env["ir.sequence"].search_count(domain), len(sequences))

    def test_a_changed_code_changes_the_numbers_to_come(self):
        self.company.dealer_store_code = "ZD"
        order = self._create_repair_order()
        name = order.name
        self.company.dealer_store_code = "HQ"
        self.assertEqual(order.name, name)
        self.assertTrue(self._get_next(self.company).startswith("RO/HQ/"))

    def test_a_manager_of_a_store_changes_no_sequence(self):
        with self.assertRaises(AccessError):
            self.company.with_user(self.store_manager).dealer_store_code = "X"
