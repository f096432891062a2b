import psycopg2

from odoo.exceptions import ValidationError
from odoo.tools import mute_logger

from ..const import CERTIFICATE_CLASSES, GUARANTEE_FLOORS
from .common import ROLES, DealerServiceCommon


class TestDealerRepairCategory(DealerServiceCommon):
    """Operational categories and their statutory class (sections 5 and 6)."""

    def test_each_class_starts_at_its_floor(self):
        for statutory_class, (km, days) in GUARANTEE_FLOORS.items():
            with self.subTest(statutory_class=statutory_class):
                category = self.env["dealer.repair.category"].create(
                    {
                        "name": statutory_class,
                        "code": f"T_{statutory_class}",
                        "statutory_class": statutory_class,
                    }
                )
                self.assertEqual(category.guarantee_km, km)
                self.assertEqual(category.guarantee_days, days)
                self.assertEqual(
                    category.needs_certificate, statutory_class in CERTIFICATE_CLASSES
                )

    def test_the_group_may_promise_more(self):
        category = self.category_level2.with_user(self.group_manager)
        category.write({"guarantee_km": 10000, "guarantee_days": 60})
        self.assertEqual(category.guarantee_km, 10000)

    def test_a_store_may_not_promise_less(self):
        for values in ({"guarantee_km": 4999}, {"guarantee_days": 29}):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(ValidationError, "5000 km and 30 days"),
            ):
                self.category_level2.write(values)

    def test_a_higher_class_raises_the_promise(self):
        self.category.statutory_class = "complete"
        self.assertEqual(self.category.guarantee_km, 20000)
        self.assertEqual(self.category.guarantee_days, 100)
        self.assertTrue(self.category.needs_certificate)

    @mute_logger("odoo.sql_db")
    def test_a_code_names_one_category(self):
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.category.copy({"code": self.category_level2.code})

    def test_the_trades_categories_are_there(self):
        expected = {
            "FIRST": "level1",
            "SERVICE": "level1",
            "GENERAL": "minor",
            "ACCIDENT": "special",
            "WARRANTY": "minor",
            "COMEBACK": "minor",
            "PDI": "minor",
            "FREECHECK": "minor",
            "RECALL": "special",
            "LEVEL1": "level1",
            "LEVEL2": "level2",
            "ASSEMBLY": "assembly",
            "COMPLETE": "complete",
        }
        categories = self.env["dealer.repair.category"].search(
            [("code", "in", list(expected))]
        )
        self.assertEqual(
            {category.code: category.statutory_class for category in categories},
            expected,
        )

    def test_only_the_group_manager_changes_categories(self):
        for role in ROLES:
            category = self.category.with_user(getattr(self, role))
            with self.subTest(role=role):
                self.assertTrue(category.has_access("read"))
                self.assertEqual(
                    category.has_access("write"),
                    role == "group_manager",
                )
                self.assertFalse(category.has_access("unlink"))
