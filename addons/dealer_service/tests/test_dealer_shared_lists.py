from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ROLES, DealerServiceCommon


@tagged("post_install", "-at_install")
class TestDealerSharedLists(DealerServiceCommon):
    """The manager of one store does not change the lists of all stores."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shared = {
            model: cls.env[model].create(vals)
            for model, vals in (
                ("dealer.intake.item.template", {"name": "Umbrella"}),
                ("dealer.quality.item", {"name": "Seat", "stage": "final"}),
                ("dealer.fault.system", {"name": "Horn", "keywords": "horn"}),
                ("dealer.service.package", cls._prepare_package("SHARED")),
            )
        }
        cls.store_b = cls.env["res.company"].create({"name": "东城店"})

    @classmethod
    def _prepare_package(cls, code):
        return {
            "name": code,
            "code": code,
            "category_id": cls.category.id,
            "line_ids": [Command.create({"product_id": cls.labour.id})],
        }

    def _copy_vals(self, model):
        """Return values of a new row of a list."""
        row = self.shared[model]
        if model == "dealer.service.package":
            return self._prepare_package("OWN")
        return {
            name: row[name] for name in ("name", "stage", "keywords") if name in row
        }

    def test_store_manager_reads_but_does_not_change_what_all_stores_use(self):
        for model, row in self.shared.items():
            with self.subTest(model=model):
                row = row.with_user(self.store_manager)
                self.assertTrue(row.read(["name"]))
                with self.assertRaisesRegex(AccessError, "all stores use this"):
                    row.name = "Mine"
                with self.assertRaisesRegex(AccessError, "all stores use this"):
                    row.action_archive()
                with self.assertRaisesRegex(AccessError, "all stores use this"):
                    row.update_field_translations("name", {"en_US": "Mine"})

    def test_store_manager_does_not_take_a_shared_row_for_his_store(self):
        for model, row in self.shared.items():
            with self.subTest(model=model), self.assertRaises(AccessError):
                row.with_user(self.store_manager).company_id = self.company

    def test_new_rows_of_a_store_manager_belong_to_the_store(self):
        for model in self.shared:
            with self.subTest(model=model):
                records = self.env[model].with_user(self.store_manager)
                row = records.create(self._copy_vals(model))
                self.assertEqual(row.company_id, self.company)
                row.name = "Changed"
                with self.assertRaises(AccessError):
                    row.company_id = False
                with self.assertRaises(AccessError):
                    row.company_id = self.store_b

    def test_store_manager_creates_nothing_for_all_stores(self):
        for model in self.shared:
            records = self.env[model].with_user(self.store_manager)
            vals = self._copy_vals(model)
            for company in (False, self.store_b.id):
                with self.subTest(model=model), self.assertRaises(AccessError):
                    records.create({**vals, "company_id": company})

    def test_store_manager_does_not_touch_the_lines_of_a_shared_package(self):
        package = self.shared["dealer.service.package"].with_user(self.store_manager)
        with self.assertRaises(AccessError):
            package.line_ids.quantity = 9
        with self.assertRaises(AccessError):
            package.line_ids.unlink()
        with self.assertRaises(AccessError):
            self.env["dealer.service.package.line"].with_user(
                self.store_manager
            ).create({"package_id": package.id, "product_id": self.oil.id})

    def test_store_manager_keeps_the_lines_of_his_own_package(self):
        packages = self.env["dealer.service.package"].with_user(self.store_manager)
        package = packages.create(self._prepare_package("OWN"))
        package.line_ids = [Command.create({"product_id": self.oil.id})]
        package.line_ids[0].unlink()
        self.assertEqual(package.line_ids.product_id, self.oil)
        shared = self.shared["dealer.service.package"]
        with self.assertRaises(AccessError):
            package.line_ids.package_id = shared

    def test_group_manager_keeps_what_all_stores_use(self):
        for model, row in self.shared.items():
            with self.subTest(model=model):
                row.with_user(self.group_manager).name = "Ours"
                records = self.env[model].with_user(self.group_manager)
                self.assertFalse(records.create(self._copy_vals(model)).company_id)

    def test_only_the_group_manager_changes_lists_without_stores(self):
        names = (
            "dealer.repair.category",
            "dealer.maintenance.plan",
            "dealer.maintenance.plan.item",
        )
        for name in names:
            for role in ROLES:
                model = self.env[name].with_user(getattr(self, role))
                for operation in ("write", "create"):
                    with self.subTest(name=name, role=role):
                        self.assertEqual(
                            model.has_access(operation), role == "group_manager"
                        )

    def test_store_manager_names_technicians_of_his_store_for_a_skill(self):
        skill = self.env["dealer.skill"].create({"name": "Tyres", "code": "TYRE-T"})
        other = self.env["hr.employee"].create(
            {"name": "Theirs", "company_id": self.store_b.id}
        )
        skill.employee_ids = other
        own = self.technician.employee_id
        self.env.invalidate_all()
        managed = skill.with_user(self.store_manager)
        managed.employee_ids = [Command.set(own.ids)]
        self.env.invalidate_all()
        self.assertEqual(skill.employee_ids, own + other)
        self.env.invalidate_all()
        managed.employee_ids = [Command.unlink(own.id)]
        managed.employee_ids = [Command.clear()]
        self.env.invalidate_all()
        self.assertEqual(skill.employee_ids, other)
        third = other.create({"name": "Third", "company_id": self.store_b.id})
        self.env.invalidate_all()
        with self.assertRaisesRegex(AccessError, "own store"):
            managed.employee_ids = [Command.link(third.id)]
        with self.assertRaisesRegex(AccessError, "group manager"):
            managed.name = "Wheels"
        with self.assertRaises(AccessError):
            managed.create({"name": "Wheels"})
