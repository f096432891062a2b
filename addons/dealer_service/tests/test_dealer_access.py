import csv
from pathlib import Path

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .access_common import DealerAccessCommon
from .common import ROLES, VINS

# Each line: model, shared by all stores, operations of each role (r, w, c, d).
EXPECTED = Path(__file__).with_name("access_matrix.csv")
OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
NO_PRICE_ROLES = ("technician", "team_leader", "dispatcher", "inspector", "archivist")
PRICE_FIELDS = {
    "dealer.repair.order": (
        "amount_total",
        "amount_offered",
        "amount_invoiced",
        "amount_due",
        "amount_deposit",
        "settlement_summary",
        "sale_order_ids",
        "invoice_ids",
    ),
    "dealer.repair.job": ("amount_untaxed", "amount_tax", "amount_total"),
    "dealer.repair.line": (
        "list_price_unit",
        "price_unit",
        "discount",
        "tax_ids",
        "price_subtotal",
        "price_tax",
        "price_total",
        "sale_line_id",
        "sale_line_ids",
    ),
    "dealer.repair.approval": ("amount_total", "snapshot"),
    "dealer.vehicle.finding": ("amount",),
    "dealer.finding.report": ("amount", "amount_revived", "amount_rate"),
    "dealer.service.package": ("price", "discount"),
    "dealer.credit.approval": ("amount",),
    "dealer.settlement.list": ("amount_total", "content"),
    "dealer.arrears.report": ("amount_total", "amount_due"),
}


@tagged("post_install", "-at_install")
class TestDealerAccess(DealerAccessCommon):
    """Who reads, writes, creates and deletes what, in the own and another store."""

    def _read_expectations(self):
        with EXPECTED.open(encoding="utf-8") as lines:
            yield from csv.DictReader(lines)

    # === THE TABLE === #

    def test_every_model_stands_in_the_table(self):
        models = {
            name
            for name, model in self.env.items()
            if name.startswith("dealer.")
            and model._original_module == "dealer_service"
            and not (model._abstract or model._transient)
        }
        self.assertEqual({row["model"] for row in self._read_expectations()}, models)
        self.assertEqual(set(self.records), models)
        for model, records in self.records.items():
            self.assertTrue(records, model)

    def test_each_role_has_its_operations_in_its_own_store(self):
        for row in self._read_expectations():
            record = self.records[row["model"]][:1]
            for role in ROLES:
                mine = record.with_user(getattr(self, role))
                found = "".join(
                    letter
                    for letter, name in OPERATIONS.items()
                    if mine.has_access(name)
                )
                with self.subTest(row["model"], role=role):
                    self.assertEqual(found, row[role])

    def test_another_store_neither_reads_nor_writes_documents(self):
        for row in self._read_expectations():
            record = self.records[row["model"]][:1]
            for role, user in self.roles_b.items():
                theirs = record.with_user(user)
                found = {
                    letter
                    for letter, name in OPERATIONS.items()
                    if letter != "c" and theirs.has_access(name)
                }
                expected = set(row[role]) & set(row["other_store"]) - {"c"}
                with self.subTest(row["model"], role=role):
                    self.assertEqual(found, expected)
                    if "r" not in found:
                        self.env.invalidate_all()
                        with self.assertRaises(AccessError):
                            theirs.read(["id", "display_name"])

    @mute_logger("odoo.sql_db")
    def test_what_the_table_refuses_is_refused_by_the_calls_too(self):
        """`has_access` and the real calls agree, on what a role may not do."""
        for row in self._read_expectations():
            record = self.records[row["model"]][:1]
            for role in ("technician", "parts_keeper", "advisor"):
                mine = record.with_user(getattr(self, role))
                refused = set("rwcd") - set(row[role])
                calls = {
                    "r": lambda mine=mine: mine.read(["display_name"]),
                    "w": lambda mine=mine: mine.write({"display_name": "x"}),
                    "c": lambda mine=mine: mine.create({}),
                    "d": lambda mine=mine: mine.unlink(),
                }
                self.env.invalidate_all()
                for letter in refused:
                    with (
                        self.subTest(row["model"], role=role, call=letter),
                        self.assertRaises(UserError),
                        self.env.cr.savepoint(),
                    ):
                        calls[letter]()

    # === PRICES === #

    def test_the_workshop_reads_no_price(self):
        for model, names in PRICE_FIELDS.items():
            for role in NO_PRICE_ROLES:
                records = self.records[model].with_user(getattr(self, role))
                self.env.invalidate_all()
                for name in names:
                    with self.subTest(model, role=role, field=name):
                        self.assertNotIn(name, records.fields_get())
                        with self.assertRaises(AccessError):
                            records.read([name])

    def test_the_workshop_finds_no_price_by_other_ways(self):
        ways = {
            "search": lambda model, name: model.search([(name, ">", 0)]),
            "order": lambda model, name: model.search([], order=name),
            "group": lambda model, name: model.formatted_read_group(
                [], [], [f"{name}:sum"]
            ),
            "group by": lambda model, name: model.formatted_read_group([], [name]),
            "path": lambda model, name: model.search([("id", "any", [(name, ">", 0)])]),
            "read": lambda model, name: model.search_read([], [name]),
        }
        stored = {
            "dealer.repair.order": "amount_total",
            "dealer.repair.job": "amount_total",
            "dealer.repair.line": "price_unit",
            "dealer.repair.approval": "amount_total",
            "dealer.credit.approval": "amount",
        }
        for role in NO_PRICE_ROLES:
            for model, name in stored.items():
                records = self.env[model].with_user(getattr(self, role))
                for way, call in ways.items():
                    with (
                        self.subTest(model, role=role, way=way),
                        self.assertRaises(AccessError),
                    ):
                        call(records, name)

    def test_the_workshop_finds_no_open_balance(self):
        for role in NO_PRICE_ROLES:
            orders = self.order.with_user(getattr(self, role))
            with self.subTest(role), self.assertRaises(AccessError):
                orders.search([("amount_due", ">", 0)])

    def test_the_workshop_exports_no_price(self):
        export = self.env.ref("base.group_allow_export")
        for role in NO_PRICE_ROLES:
            user = getattr(self, role)
            user.group_ids += export
            for model, path in (
                ("dealer.repair.job", "amount_total"),
                ("dealer.repair.job", "line_ids/price_unit"),
                ("dealer.repair.order", "job_ids/amount_total"),
                ("dealer.credit.approval", "amount"),
            ):
                self.env.invalidate_all()
                records = self.records[model].with_user(user)
                with (
                    self.subTest(model, role=role, path=path),
                    self.assertRaises(AccessError),
                ):
                    records.export_data(["id", path])

    def test_who_needs_prices_sees_them(self):
        for role in ("advisor", "settlement_clerk", "supervisor", "store_manager"):
            order = self.order.with_user(getattr(self, role))
            self.env.invalidate_all()
            self.assertEqual(order.read(["amount_due"])[0]["amount_due"], 485.9)
            self.assertTrue(order.job_ids.read(["amount_total"])[0]["amount_total"])
            self.assertTrue(order.job_ids.line_ids.read(["price_unit"]))

    # === THE OTHER STORE === #

    def test_an_advisor_never_finds_visits_of_another_store(self):
        orders = self.env["dealer.repair.order"].with_user(self.advisor_b)
        self.assertEqual(orders.search([]), self.order_b)
        self.assertEqual(orders.search_count([]), 1)
        self.assertFalse(orders.search([("id", "=", self.order.id)]))
        self.assertFalse(orders.name_search(self.order.name))
        self.assertFalse(orders.name_search(self.vehicle.license_plate))
        groups = orders.formatted_read_group([], ["state"], ["__count"])
        self.assertEqual([group["__count"] for group in groups], [1])
        jobs = self.env["dealer.repair.job"].with_user(self.advisor_b)
        self.assertEqual(jobs.search([]), self.order_b.job_ids)
        groups = jobs.formatted_read_group([], ["order_id"], ["__count"])
        self.assertEqual([group["order_id"][0] for group in groups], self.order_b.ids)

    def test_the_shared_car_shows_an_advisor_no_visit_of_another_store(self):
        self.env.invalidate_all()
        vehicle = self.vehicle.with_user(self.advisor_b)
        self.assertFalse(vehicle.repair_order_ids)
        self.assertEqual(vehicle.repair_order_count, 0)
        self.assertFalse(vehicle.search([("repair_order_ids.state", "=", "delivered")]))
        # The road test is a reading, too.
        self.assertEqual(vehicle.odometer, 30008)
        self.assertTrue(vehicle.guarantee_ids)
        self.assertEqual(vehicle.finding_ids.name, "雨刮")

    def test_an_advisor_takes_no_step_on_a_visit_of_another_store(self):
        order = self._create_repair_order(
            vehicle_id=self._create_vehicle(VINS[1], "沪B6K888").id
        ).with_user(self.advisor_b)
        self.advisor_b.group_ids += self.env.ref("base.group_allow_export")
        self.env.invalidate_all()
        calls = [
            lambda: order.read(["name"]),
            lambda: order.write({"concern": "x"}),
            lambda: order.export_data(["name"]),
            lambda: order.sign_intake("王", self.signature),
            order.action_start_diagnosis,
            order.action_offer,
            lambda: order.action_cancel("x"),
            lambda: order.action_leave("x"),
            lambda: order.record_decisions([{}], "王", self.signature),
            lambda: order.job_ids.action_offer(),
            lambda: order.message_post(body="x"),
            lambda: self._create_foreign_job(order),
            lambda: self._create_foreign_item(order),
        ]
        for number, call in enumerate(calls):
            with (
                self.subTest(number),
                self.assertRaises(AccessError),
                self.env.cr.savepoint(),
            ):
                call()
        self.assertEqual(order.sudo().state, "intake")

    def _create_foreign_job(self, order):
        jobs = self.env["dealer.repair.job"].with_user(self.advisor_b)
        jobs.create(self._prepare_job_vals(order_id=order.id))

    def _create_foreign_item(self, order):
        items = self.env["dealer.intake.item"].with_user(self.advisor_b)
        items.create(
            {"intake_id": order.sudo().intake_id.id, "name": "x", "kind": "belonging"}
        )

    def test_other_roles_take_no_step_in_another_store(self):
        order = self._bring_to(
            "accepted", vehicle_id=self._create_vehicle(VINS[1], "沪B6K888").id
        )
        job = order.job_ids
        users = self.roles_b
        self.env.invalidate_all()
        calls = {
            "dispatcher": lambda user: order.with_user(user).action_start_work(True),
            "technician": lambda user: job.with_user(user).action_clock_in(),
            "team_leader": lambda user: job.with_user(user).action_plan(
                bay_id=self.bay_b.id, start="2031-01-01 08:00:00", hours=1
            ),
            "parts_keeper": lambda user: job.with_user(user).action_issue_parts(),
            "settlement_clerk": lambda user: order.with_user(
                user
            ).action_create_invoices(),
            "supervisor": lambda user: order.with_user(user).approve_credit(
                "customer", "2031-01-01", "x"
            ),
            "inspector": lambda user: (
                self.env["dealer.quality.check"]
                .with_user(user)
                .start(order.id, "final")
            ),
        }
        for role, call in calls.items():
            with (
                self.subTest(role),
                self.assertRaises(AccessError),
                self.env.cr.savepoint(),
            ):
                call(users[role])

    def test_a_bay_of_another_store_is_not_booked(self):
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.env["dealer.reservation"].with_user(self.advisor_b).create(
                {
                    "bay_id": self.bay.id,
                    "start": "2031-02-01 08:00:00",
                    "stop": "2031-02-01 09:00:00",
                }
            )
        self.assertEqual(len(self.bay.reservation_ids), 1)

    def test_the_group_manager_sees_the_stores_he_is_given(self):
        manager = self.group_manager
        manager.company_ids += self.company_b
        orders = self.env["dealer.repair.order"].with_user(manager)
        both = self.company | self.company_b
        found = orders.with_context(allowed_company_ids=both.ids).search([])
        self.assertLessEqual(self.order | self.order_b, found)
        found = orders.with_context(allowed_company_ids=self.company_b.ids).search([])
        self.assertEqual(found, self.order_b)
