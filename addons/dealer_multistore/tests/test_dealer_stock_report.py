from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon

ROLES = (
    "dealer_service.group_dealer_advisor",
    "dealer_service.group_dealer_technician",
    "dealer_service.group_dealer_team_leader",
    "dealer_service.group_dealer_dispatcher",
    "dealer_service.group_dealer_inspector",
    "dealer_service.group_dealer_settlement",
    "dealer_service.group_dealer_followup",
    "dealer_service.group_dealer_archivist",
    "dealer_service.group_dealer_supervisor",
    "dealer_service.group_dealer_store_manager",
    "dealer_service.group_dealer_group_manager",
    "stock.group_stock_user",
)


@tagged("post_install", "-at_install")
class TestDealerStockReport(BaseCommon):
    """E1: stock is visible across stores, by quantity only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.east = cls.env["res.company"].create({"name": "East store"})
        cls.west = cls.env["res.company"].create({"name": "West store"})
        cls.east_shelf = cls._create_shelf(cls.east)
        cls.west_shelf = cls._create_shelf(cls.west)
        cls.pad = cls._create_part(
            "TST-PAD-01", name="Front brake pads", barcode="6901234567892"
        )
        cls._put(cls.pad, cls.east_shelf, 5)
        cls._put(cls.pad, cls.west_shelf, 2)
        cls.roles = {
            role: new_test_user(
                cls.env,
                f"stores_{role.rpartition('_')[2]}_{index}",
                role,
                company_id=cls.east.id,
                company_ids=[(6, 0, cls.east.ids)],
            )
            for index, role in enumerate(ROLES)
        }
        cls.advisor = cls.roles["dealer_service.group_dealer_advisor"]

    @classmethod
    def _create_shelf(cls, company):
        """Create an internal location of a store, with or without a warehouse."""
        return cls.env["stock.location"].create(
            {"name": "Shelf", "usage": "internal", "company_id": company.id}
        )

    @classmethod
    def _create_part(cls, number, **values):
        """Create a storable part."""
        return cls.env["product.product"].create(
            {
                "name": "Brake part",
                "default_code": number,
                "type": "consu",
                "is_storable": True,
                **values,
            }
        )

    @classmethod
    def _put(cls, product, location, quantity):
        """Put a quantity on a shelf."""
        cls.env["stock.quant"]._update_available_quantity(product, location, quantity)

    def _create_move(self, source, destination, quantity):
        """Create a confirmed move of brake pads between two locations."""
        company = destination.company_id or source.company_id
        move = (
            self.env["stock.move"]
            .with_company(company)
            .create(
                {
                    "product_id": self.pad.id,
                    "product_uom_qty": quantity,
                    "location_id": source.id,
                    "location_dest_id": destination.id,
                    "company_id": company.id,
                }
            )
        )
        move._action_confirm(merge=False)
        return move

    def _search_rows(self, user=None, domain=Domain.TRUE):
        """Return the rows of the test parts as a user sees them, East first."""
        report = self.env["dealer.stock.report"].with_user(user or self.advisor)
        report.invalidate_model()
        return report.search(Domain("default_code", "=like", "TST-%") & domain)

    def test_every_role_sees_every_store(self):
        for role, user in self.roles.items():
            with self.subTest(role=role):
                rows = self._search_rows(user)
                self.assertEqual(
                    [(row["store_name"], row["quantity"]) for row in rows.read()],
                    [("East store", 5), ("West store", 2)],
                )

    def test_store_and_part_are_named_although_the_store_is_foreign(self):
        self._put(
            self._create_part("TST-WEST", company_id=self.west.id), self.west_shelf, 1
        )
        rows = self._search_rows(domain=Domain("default_code", "=", "TST-WEST"))
        [row] = rows.web_read(
            {
                "company_id": {"fields": {"display_name": {}}},
                "product_id": {"fields": {"display_name": {}}},
            }
        )
        self.assertEqual(row["company_id"]["display_name"], "West store")
        self.assertEqual(row["product_id"]["display_name"], "[TST-WEST] Brake part")

    def test_outsiders_do_not_read_it(self):
        outsider = new_test_user(self.env, "stores_outsider", "base.group_user")
        with self.assertRaises(AccessError):
            self._search_rows(outsider)

    def test_nobody_writes_it(self):
        for role, user in self.roles.items():
            rows = self._search_rows(user)
            for operation in ("write", "create", "unlink"):
                with self.subTest(role=role, operation=operation):
                    self.assertFalse(rows.has_access(operation))

    def test_no_field_tells_cost_or_margin(self):
        own_fields = {
            name
            for name, field in self.env["dealer.stock.report"]._fields.items()
            if field._module == "dealer_multistore"
        }
        self.assertEqual(
            own_fields,
            {
                "barcode",
                "categ_id",
                "company_id",
                "default_code",
                "free_quantity",
                "incoming_quantity",
                "product_id",
                "product_name",
                "product_tmpl_id",
                "product_uom_id",
                "quantity",
                "reserved_quantity",
                "store_name",
            },
        )

    def test_quants_themselves_stay_within_the_store(self):
        quants = self.env["stock.quant"].with_user(self.advisor)
        self.assertEqual(
            quants.search([("product_id", "=", self.pad.id)]).company_id, self.east
        )

    def test_reserved_parts_are_not_free(self):
        move = self._create_move(
            self.east_shelf, self.env.ref("stock.stock_location_customers"), 3
        )
        move._action_assign()
        self.assertRecordValues(
            self._search_rows(),
            [
                {"quantity": 5, "reserved_quantity": 3, "free_quantity": 2},
                {"quantity": 2, "reserved_quantity": 0, "free_quantity": 2},
            ],
        )

    def test_incoming_parts_are_shown_until_they_arrive(self):
        suppliers = self.env.ref("stock.stock_location_suppliers")
        move = self._create_move(suppliers, self.west_shelf, 4)
        self.assertEqual(self._search_rows().mapped("incoming_quantity"), [0, 4])
        move.quantity = 4
        move.picked = True
        move._action_done()
        self.assertRecordValues(
            self._search_rows(),
            [
                {"quantity": 5, "incoming_quantity": 0},
                {"quantity": 6, "incoming_quantity": 0},
            ],
        )

    def test_moving_between_own_shelves_is_not_incoming(self):
        self._create_move(self.east_shelf, self._create_shelf(self.east), 1)
        self.assertEqual(self._search_rows().mapped("incoming_quantity"), [0, 0])

    def test_several_shelves_of_a_store_are_one_row(self):
        self._put(self.pad, self._create_shelf(self.east), 7)
        self.assertEqual(self._search_rows().mapped("quantity"), [12, 2])

    def test_goods_outside_the_stores_do_not_count(self):
        customers = self.env.ref("stock.stock_location_customers")
        self._put(self.pad, customers, 9)
        self.assertEqual(self._search_rows().mapped("quantity"), [5, 2])

    def test_parts_are_found_by_number_name_and_barcode(self):
        report = self.env["dealer.stock.report"].with_user(self.advisor)
        for domain in (
            [("default_code", "ilike", "pad-01")],
            [("barcode", "=", "6901234567892")],
            [("product_name", "ilike", "brake pads")],
            [("product_id", "ilike", "brake pads")],
        ):
            with self.subTest(domain=domain):
                self.assertEqual(report.search(domain).product_id, self.pad)

    def test_parts_are_named_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.pad.with_context(lang="zh_CN").name = "前刹车片"
        report = self.env["dealer.stock.report"].with_user(self.advisor)
        rows = report.with_context(lang="zh_CN").search(
            [("product_name", "=", "前刹车片")]
        )
        self.assertEqual(rows.product_id, self.pad)
        self.assertFalse(report.search([("product_name", "=", "前刹车片")]))

    def test_stores_are_compared_side_by_side(self):
        groups = self.env["dealer.stock.report"].with_user(self.advisor)
        result = groups.formatted_read_group(
            [("product_id", "=", self.pad.id)], ["company_id"], ["free_quantity:sum"]
        )
        self.assertEqual(
            [(row["company_id"][1], row["free_quantity:sum"]) for row in result],
            [("East store", 5), ("West store", 2)],
        )

    def test_list_needs_the_same_queries_for_many_rows(self):
        self._count_list_queries()  # warms up the caches of access rights
        few = self._count_list_queries()
        for index in range(20):
            self._put(self._create_part(f"TST-{index:03}"), self.east_shelf, 1)
        self._count_list_queries()
        many = self._count_list_queries()
        self.assertEqual(len(self._search_rows()), 22)
        self.assertEqual(few, many)

    def _count_list_queries(self):
        """Return the queries that reading the list takes, whatever its length."""
        report = self.env["dealer.stock.report"].with_user(self.advisor)
        self.env.flush_all()
        report.invalidate_model()
        before = self.env.cr.sql_log_count
        rows = report.search_fetch(
            [("default_code", "=like", "TST-%")], ["store_name", "free_quantity"]
        )
        self.assertTrue(rows.mapped("free_quantity"))
        return self.env.cr.sql_log_count - before
