from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ROLES, DealerServiceCommon


@tagged("post_install", "-at_install")
class TestDealerStoreSettings(DealerServiceCommon):
    """A store manager sets the rates and limits of the own store, nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.store_b = cls.env["res.company"].create({"name": "东城店"})
        cls.settings = cls.env["dealer.store.settings"].with_user(cls.store_manager)
        cls.own = cls.settings.browse(cls.company.id)

    def test_the_manager_sets_the_own_store(self):
        with Form(self.own) as form:
            form.dealer_labour_rate = 280
            form.dealer_offer_validity_days = 5
            form.dealer_diagnosis_product_id = self.labour
        self.assertEqual(self.company.dealer_labour_rate, 280)
        self.assertEqual(self.company.dealer_offer_validity_days, 5)
        self.assertEqual(self.company.dealer_diagnosis_product_id, self.labour)
        self.assertEqual(
            self.own.read(["dealer_labour_rate"])[0]["dealer_labour_rate"], 280
        )

    def test_every_setting_is_on_the_form_and_explained(self):
        arch = self.env["dealer.store.settings"].get_view(view_type="form")["arch"]
        for name in self.settings._get_setting_names():
            with self.subTest(name=name):
                self.assertIn(f'name="{name}"', arch)

    def test_the_menu_opens_the_own_store_or_a_list(self):
        self.assertEqual(self.settings._get_open_action()["res_id"], self.company.id)
        self.store_manager.company_ids = [Command.link(self.store_b.id)]
        several = self.settings.with_context(
            allowed_company_ids=(self.company + self.store_b).ids
        )
        self.assertNotIn("res_id", several._get_open_action())

    def test_another_store_is_neither_seen_nor_changed(self):
        other = self.settings.browse(self.store_b.id)
        self.assertEqual(self.settings.search([]), self.own)
        with self.assertRaises(AccessError):
            other.read(["dealer_labour_rate"])
        with self.assertRaises(AccessError):
            other.dealer_labour_rate = 1
        self.assertFalse(self.store_b.dealer_labour_rate)

    def test_other_fields_of_a_store_are_not_written(self):
        for name, value in (
            ("name", "Mine"),
            ("company_id", self.store_b.id),
            ("currency_id", self.env.ref("base.USD").id),
            ("dealer_store_code", "X"),
            ("dealer_retention_years", 2),
        ):
            with self.subTest(name=name), self.assertRaises(AccessError):
                self.own.write({name: value})
        with self.assertRaises(AccessError):
            self.company.with_user(self.store_manager).dealer_labour_rate = 1

    def test_nobody_else_sets_anything_or_adds_a_store(self):
        for role in ROLES:
            if role in ("store_manager", "group_manager"):
                continue
            records = self.own.with_user(getattr(self, role))
            with self.subTest(role=role), self.assertRaises(AccessError):
                records.write({"dealer_labour_rate": 1})
            with self.subTest(role=role), self.assertRaises(AccessError):
                records.read(["dealer_labour_rate"])
        with self.assertRaises(AccessError):
            self.settings.create({"dealer_labour_rate": 1})
        with self.assertRaises(AccessError):
            self.own.unlink()

    @mute_logger("odoo.sql_db")
    def test_a_value_out_of_range_is_refused(self):
        with self.assertRaises(CheckViolation):
            self.own.dealer_progress_percent = 200
            self.env.flush_all()
