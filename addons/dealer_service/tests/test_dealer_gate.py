import re

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .settlement_common import DealerSettlementCommon


@tagged("post_install", "-at_install")
class TestDealerGate(DealerSettlementCommon, HttpCase):
    """The page on the gate keeper's phone: who sees what, and what a tap does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._make_ready("customer")
        cls._step_settle(cls.order)
        cls.order.with_user(cls.advisor).sign_delivery("王小明", cls.signature)
        cls.note = cls.order.release_note_ids.sudo()
        cls.path = f"/dealer/gate/{cls.note.token}"
        cls.device = (
            cls.env["dealer.gate.device"]
            .with_user(cls.store_manager)
            .create({"name": "东门", "lang": "en_US"})
        )

    def _press(self, page, path):
        """Submit a form of a page, as a browser does."""
        token = re.search(r'name="csrf_token" value="(\w+)"', page.text).group(1)
        return self.url_open(path, data={"csrf_token": token})

    def _pair(self, device=None):
        """Make this browser the phone at the gate."""
        device = device or self.device
        device.action_invite()
        path = f"/dealer/gate/pair/{device.code}"
        page = self.url_open(path)
        return self._press(page, f"{path}/confirm")

    def test_a_paired_phone_sees_go_and_lets_the_car_out_once(self):
        self._pair()
        page = self.url_open(self.path)
        self.assertIn("GO", page.text)
        self.assertIn(self.note.license_plate, page.text)
        self.assertNotIn(self.owner.name, page.text)
        self.assertNotIn(
            "200", re.sub(r"<style>.*?</style>", "", page.text, flags=re.S)
        )
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        page = self._press(page, f"{self.path}/out")
        self.assertIn("OUT", page.text)
        self.note.invalidate_recordset()
        self.assertRecordValues(self.note, [{"state": "used", "left_by": "东门"}])
        left_at = self.note.left_at
        page = self.url_open(self.path)
        self.assertIn("STOP", page.text)
        self.assertNotIn("left_the_gate", page.text)
        self.note.invalidate_recordset()
        self.assertEqual(self.note.left_at, left_at)

    def test_looking_at_a_note_lets_nobody_out(self):
        self._pair()
        self.url_open(self.path)
        self.assertEqual(self.url_open(f"{self.path}/out").status_code, 405)
        self.note.invalidate_recordset()
        self.assertEqual(self.note.state, "issued")

    def test_a_tap_without_its_page_is_refused(self):
        self._pair()
        answer = self.url_open(f"{self.path}/out", data={"csrf_token": "x"})
        self.assertEqual(answer.status_code, 400)
        self.note.invalidate_recordset()
        self.assertEqual(self.note.state, "issued")

    def test_the_customer_s_own_phone_learns_nothing(self):
        page = self.url_open(self.path)
        self.assertEqual(page.status_code, 403)
        self.assertNotIn(self.note.license_plate, page.text)
        unknown = self.url_open("/dealer/gate/nothing")
        self.assertEqual((unknown.status_code, unknown.text), (403, page.text))
        self.authenticate(self.advisor.login, self.advisor.login)
        self.assertEqual(self.url_open(self.path).status_code, 403)

    def test_an_open_account_is_a_stop_without_amounts(self):
        self._pair()
        self.order.sudo().invoice_ids.line_ids.remove_move_reconcile()
        page = self.url_open(self.path)
        self.assertIn("STOP", page.text)
        self.assertIn("account is not closed", page.text)
        self.assertNotIn("left_the_gate", page.text)

    def test_a_link_is_used_up_by_the_first_phone_and_not_by_looking(self):
        self.device.action_invite()
        path = f"/dealer/gate/pair/{self.device.code}"
        self.url_open(path)
        page = self.url_open(path)
        self._press(page, f"{path}/confirm")
        self.device.invalidate_recordset()
        self.assertTrue(self.device.paired_at)
        self.assertFalse(self.device.code)
        again = self._press(page, f"{path}/confirm")
        self.assertIn("was used or is too old", again.text)

    def test_an_archived_phone_is_shut_out(self):
        self._pair()
        self.device.active = False
        self.assertEqual(self.url_open(self.path).status_code, 403)

    def test_a_new_link_shuts_the_former_phone_out(self):
        self._pair()
        self.device.action_invite()
        self.assertEqual(self.url_open(self.path).status_code, 403)

    def test_a_phone_of_another_store_knows_no_car_of_this_one(self):
        device_b = (
            self.env["dealer.gate.device"]
            .with_user(self.roles_b["store_manager"])
            .create({"name": "B", "lang": "en_US", "company_id": self.company_b.id})
        )
        self._pair(device_b)
        page = self.url_open(self.path)
        self.assertIn("belongs to no car of this store", page.text)
        self.assertNotIn(self.note.license_plate, page.text)

    def test_a_user_of_the_gate_needs_no_pairing(self):
        self.authenticate(self.gate_keeper.login, self.gate_keeper.login)
        page = self.url_open(self.path)
        self.assertIn("GO", page.text)
        self._press(page, f"{self.path}/out")
        self.note.invalidate_recordset()
        self.assertEqual(self.note.left_by, "gate_keeper")

    def test_a_code_that_cannot_be_read_is_looked_up_by_plate_or_number(self):
        self._pair()
        plate = self.note.license_plate
        self.assertIn("GO", self.url_open(f"/dealer/gate?search={plate.lower()}").text)
        self.assertIn("GO", self.url_open(f"/dealer/gate?search={self.note.name}").text)
        page = self.url_open("/dealer/gate?search=%25")
        self.assertIn("No release note for", page.text)

    def test_a_road_test_is_let_out_and_in(self):
        self._pair()
        order = self._bring_to("in_progress", vehicle_id=self._create_car().id)
        note = (
            self.env["dealer.release.note"]
            .browse(
                order.with_user(self.technician).issue_temporary_pass(reason="试车")
            )
            .sudo()
        )
        path = f"/dealer/gate/{note.token}"
        page = self.url_open(path)
        self.assertIn("Road test", page.text)
        page = self._press(page, f"{path}/out")
        page = self.url_open(path)
        self.assertIn("OUTSIDE", page.text)
        page = self._press(page, f"{path}/in")
        self.assertIn("BACK", page.text)
        note.invalidate_recordset()
        self.assertTrue(note.returned_at)

    def test_secrets_of_phones_are_read_by_nobody_who_works_here(self):
        self._pair()
        for user in (self.group_manager, self.store_manager, self.advisor):
            with self.assertRaises(AccessError):
                self.device.with_user(user).read(["secret_digest"])
