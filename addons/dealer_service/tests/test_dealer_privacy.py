from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..models.phone import mask_phone
from .common import DealerServiceCommon

MASKED = "138****0001"
WHOLE = "138-0000-0001"
WORKSHOP = ("technician", "team_leader", "inspector", "dispatcher", "parts_keeper")
OFFICE = (
    "advisor",
    "settlement_clerk",
    "followup_clerk",
    "archivist",
    "supervisor",
    "store_manager",
    "group_manager",
)


@tagged("post_install", "-at_install")
class TestDealerPrivacy(DealerServiceCommon):
    """Who does not call customers sees no whole numbers; few export (PIPL)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_repair_order()

    def _read(self, record, field, role):
        record = record.with_user(getattr(self, role))
        return record.read([field])[0][field]

    def test_numbers_are_masked(self):
        for phone, masked in (
            ("138-0000-0001", "138****0001"),
            ("+86 138 0000 0001", "138****0001"),
            ("010-65551234", "010****1234"),
            ("12345", "****45"),
            ("ask Wang", "****"),
            ("", ""),
            (False, False),
        ):
            with self.subTest(phone=phone):
                self.assertEqual(mask_phone(phone), masked)

    def test_the_workshop_sees_masked_numbers(self):
        for role in WORKSHOP:
            with self.subTest(role=role):
                self.assertEqual(self._read(self.owner, "phone", role), MASKED)
        for role in ("technician", "inspector", "team_leader", "dispatcher"):
            with self.subTest(role=role):
                self.assertEqual(self._read(self.order, "sender_phone", role), MASKED)
                self.assertEqual(self._read(self.vehicle, "owner_phone", role), MASKED)

    def test_who_calls_customers_sees_whole_numbers(self):
        for role in OFFICE:
            with self.subTest(role=role):
                self.assertEqual(self._read(self.owner, "phone", role), WHOLE)
                self.assertEqual(self._read(self.order, "sender_phone", role), WHOLE)

    def test_a_technician_who_is_an_advisor_too_sees_whole_numbers(self):
        self.technician.group_ids = [
            Command.link(self.env.ref("dealer_service.group_dealer_advisor").id)
        ]
        self.assertEqual(self._read(self.owner, "phone", "technician"), WHOLE)

    def test_users_of_other_apps_see_their_contacts(self):
        salesman = new_test_user(
            self.env,
            "dealer_salesman",
            groups="base.group_user,sales_team.group_sale_salesman",
        )
        owner = self.owner.with_user(salesman)
        self.assertEqual(owner.read(["phone"])[0]["phone"], WHOLE)

    def test_colleagues_companies_and_suppliers_stay_reachable(self):
        self.insurer.write({"phone": WHOLE, "is_company": True})
        self.advisor.partner_id.phone = WHOLE
        supplier = self.env["res.partner"].create(
            {"name": "张三", "phone": WHOLE, "supplier_rank": 1}
        )
        for partner in (self.insurer, self.advisor.partner_id, supplier):
            with self.subTest(partner=partner.name):
                self.assertEqual(self._read(partner, "phone", "parts_keeper"), WHOLE)

    def test_no_read_lets_a_whole_number_out(self):
        partners = self.env["res.partner"].with_user(self.technician)
        domain = [("id", "=", self.owner.id)]
        self.assertEqual(partners.search_read(domain, ["phone"])[0]["phone"], MASKED)
        found = partners.web_search_read(domain, {"phone": {}, "phone_sanitized": {}})
        self.assertEqual(found["records"][0]["phone"], MASKED)
        self.assertNotIn("13800000001", str(found))
        order = self.order.with_user(self.technician)
        nested = order.web_read({"partner_id": {"fields": {"phone": {}}}})
        self.assertEqual(nested[0]["partner_id"]["phone"], MASKED)

    def test_nobody_guesses_a_number(self):
        partners = self.env["res.partner"].with_user(self.technician)
        orders = self.env["dealer.repair.order"].with_user(self.technician)
        for call in (
            lambda: partners.search([("phone", "like", "138")]),
            lambda: partners.search_count([("phone_sanitized", "=like", "138%")]),
            lambda: partners.search([("phone_mobile_search", "ilike", "1380")]),
            lambda: partners.formatted_read_group([], ["phone"], ["__count"]),
            lambda: partners.formatted_read_group([], [], ["phone:array_agg"]),
            lambda: orders.search([("sender_phone", "like", "138")]),
            lambda: orders.search([("partner_id.phone", "like", "138")]),
        ):
            with self.assertRaisesRegex(AccessError, "service advisor"):
                call()

    def test_the_car_is_compared_by_its_whole_vin(self):
        self.assertEqual(
            self._read(self.vehicle, "vin", "technician"), self.vehicle.vin
        )

    def test_the_server_itself_reads_whole_numbers(self):
        self.assertEqual(self.owner.with_user(self.technician).phone, WHOLE)

    def test_customer_data_is_exported_by_few(self):
        allow = self.env.ref("base.group_allow_export")
        for records, field in (
            (self.owner, "phone"),
            (self.vehicle, "vin"),
            (self.order, "sender_phone"),
            (self.vehicle.ownership_ids, "partner_id"),
        ):
            self.advisor.group_ids = [Command.link(allow.id)]
            with self.assertRaisesRegex(AccessError, "exported by the store manager"):
                records.with_user(self.advisor).export_data([field])
            exported = records.with_user(self.store_manager).export_data([field])
            self.assertTrue(exported["datas"])
        self.advisor.group_ids = [
            Command.link(self.env.ref("dealer_service.group_dealer_export").id)
        ]
        self.assertTrue(self.owner.with_user(self.advisor).export_data(["name"]))
