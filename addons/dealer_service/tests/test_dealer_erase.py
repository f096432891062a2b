from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .common import ROLES, DealerServiceCommon


class TestDealerErase(DealerServiceCommon):
    """A person is made unrecognisable on request, records stay (PIPL, section 6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner.write(
            {
                "email": "wang@example.com",
                "street": "长安街1号",
                "city": "北京",
                "comment": "VIP",
            }
        )
        cls.address = cls.env["res.partner"].create(
            {"name": "王小明公司", "parent_id": cls.owner.id, "type": "delivery"}
        )

    def _erase(self, user=None):
        return self.owner.with_user(user or self.archivist).action_dealer_erase()

    def test_the_person_and_the_addresses_become_unrecognisable(self):
        self.assertTrue(self._erase())
        for person in self.owner + self.address:
            with self.subTest(person=person.id):
                self.assertEqual(person.name, f"Erased person {person.id}")
                self.assertFalse(person.active)
                self.assertFalse(person.phone or person.email or person.street)
                self.assertFalse(person.city or person.comment or person.image_1920)

    def test_the_car_stays_with_its_owner_period(self):
        self._erase()
        self.assertEqual(self.vehicle.owner_id, self.owner)
        self.assertEqual(self.vehicle.ownership_ids.partner_id, self.owner)

    def test_the_erasure_is_noted(self):
        self._erase()
        self.assertIn("Personal data erased by", self.owner.message_ids[0].body)

    def test_former_names_leave_the_history(self):
        # What is created is not tracked until its transaction ends.
        self.env.cr.flush()
        car = self.vehicle.with_env(self.env(context={}))
        car.set_owner(self.insurer.id)
        car.env.flush_all()
        self.env.cr.flush()
        tracking = self.env["mail.tracking.value"].search(
            [("old_value_integer", "=", self.owner.id)]
        )
        self.assertIn("王小明", tracking.mapped("old_value_char"))
        self._erase()
        self.assertEqual(
            set(tracking.mapped("old_value_char")), {f"Erased person {self.owner.id}"}
        )

    def test_erasing_again_changes_nothing(self):
        self._erase()
        self.assertTrue(self._erase())
        self.assertEqual(self.owner.name, f"Erased person {self.owner.id}")

    def test_an_open_visit_is_finished_first(self):
        order = self._create_repair_order()
        with self.assertRaisesRegex(UserError, order.name):
            self._erase()
        self.assertEqual(self.owner.name, "王小明")
        order.action_cancel("客户取消")
        self.assertTrue(self._erase())

    def test_money_due_is_settled_first(self):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.owner.id,
                "invoice_line_ids": [
                    Command.create({"name": "工时", "price_unit": 100})
                ],
            }
        )
        invoice.action_post()
        with self.assertRaisesRegex(UserError, "not settled"):
            self._erase()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.assertTrue(self._erase())

    def test_a_portal_login_is_closed(self):
        user = new_test_user(
            self.env,
            "wang@example.com",
            groups="base.group_portal",
            partner_id=self.owner.id,
        )
        self._erase()
        self.assertFalse(user.active)
        self.assertEqual(user.login, f"erased-{user.id}")

    def test_a_colleague_is_not_erased(self):
        with self.assertRaisesRegex(UserError, "colleague"):
            self.advisor.partner_id.with_user(self.archivist).action_dealer_erase()

    def test_only_archivist_and_store_manager_erase(self):
        allowed = {"archivist", "store_manager", "group_manager"}
        for role in set(ROLES) - allowed:
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._erase(getattr(self, role))
        self.assertTrue(self._erase(self.store_manager))

    def test_a_contact_leads_to_its_cars(self):
        owner = self.owner.with_user(self.advisor)
        self.assertEqual(owner.dealer_vehicle_count, 1)
        action = owner.action_view_dealer_vehicles()
        self.assertEqual(
            self.env["dealer.vehicle"].search(action["domain"]), self.vehicle
        )
        self.assertEqual(self.insurer.dealer_vehicle_count, 0)

    def test_staff_without_a_dealer_role_open_contacts(self):
        clerk = new_test_user(self.env, "plain_clerk", groups="base.group_user")
        partner = self.owner.with_user(clerk)
        self.assertEqual(partner.read(["name"])[0]["name"], "王小明")
        self.assertNotIn(
            "dealer_vehicle_count", partner.get_view(view_type="form")["arch"]
        )
