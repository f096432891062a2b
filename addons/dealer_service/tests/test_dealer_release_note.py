from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .settlement_common import DealerSettlementCommon


@tagged("post_install", "-at_install")
class TestDealerReleaseNote(DealerSettlementCommon):
    """The gate opens when all doors of the visit are open, and once (F14)."""

    def _sign(self, order):
        order.with_user(self.advisor).sign_delivery("王小明", self.signature)

    def _settle(self, *payers):
        order = self._make_ready(*payers or ("customer",))
        self._step_settle(order)
        return order

    def _get_note(self, order, kind="final"):
        notes = order.release_note_ids.filtered(lambda note: note.kind == kind)
        return notes.with_user(self.gate_keeper)

    def test_a_settled_visit_has_its_note_by_itself(self):
        order = self._settle()
        self.assertRecordValues(
            order.release_note_ids,
            [
                {
                    "kind": "final",
                    "state": "issued",
                    "license_plate": order.license_plate,
                    "issued_by": self.settlement_clerk.id,
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertGreaterEqual(len(order.release_note_ids.sudo().token), 32)
        self.assertTrue(order.release_note_ids.with_user(self.advisor).qr_image)

    def test_the_gate_stops_a_car_whose_hand_over_is_not_signed(self):
        order = self._settle()
        note = self._get_note(order)
        self.assertFalse(note.is_go)
        self.assertIn("not signed", note.verdict)
        with self.assertRefused("not signed"):
            note.action_check_out()
        self._sign(order)
        note.invalidate_recordset()
        self.assertTrue(note.is_go)

    def test_a_car_leaves_the_gate_once(self):
        order = self._settle()
        self._sign(order)
        note = self._get_note(order)
        note.action_check_out()
        self.assertEqual(note.state, "used")
        self.assertEqual(note.left_by, "gate_keeper")
        self.assertEqual(order.left_gate_at, note.left_at)
        with self.assertRefused("was used on"):
            note.action_check_out()

    def test_an_account_that_is_open_again_stops_the_car(self):
        order = self._settle()
        self._sign(order)
        note = self._get_note(order)
        self.assertTrue(note.is_go)
        order.sudo().invoice_ids.line_ids.remove_move_reconcile()
        note.invalidate_recordset()
        self.assertIn("account is not closed", note.verdict)
        with self.assertRefused("account is not closed"):
            note.action_check_out()

    def test_a_credit_opens_the_gate_until_it_is_due(self):
        order = self._make_ready("customer")
        order.action_create_invoices()
        tomorrow = self.today + timedelta(days=1)
        order.with_user(self.supervisor).approve_credit("customer", tomorrow, "月结")
        order.action_settle()
        self._sign(order)
        note = self._get_note(order)
        self.assertTrue(note.is_go)
        with freeze_time(fields.Datetime.now() + timedelta(days=3)):
            note.invalidate_recordset()
            self.assertFalse(note.is_go)

    def test_the_gate_reads_no_amounts_and_no_names(self):
        order = self._settle()
        order.sudo().invoice_ids.line_ids.remove_move_reconcile()
        note = self._get_note(order)
        self.assertNotRegex(note.verdict, r"\d")
        self.assertNotIn(self.owner.name, note.verdict)
        with self.assertRaises(AccessError):
            note.read(["order_id"])
        with self.assertRaises(AccessError):
            note.read(["token"])
        with self.assertRaises(AccessError):
            order.with_user(self.gate_keeper).read(["name"])

    def test_a_car_that_leaves_unrepaired_may_pass(self):
        order = self._bring_to("diagnosis", vehicle_id=self._create_car().id)
        order.with_user(self.advisor).action_leave("太贵")
        note = self._get_note(order, "unrepaired")
        self.assertTrue(note.is_go)
        note.action_check_out()
        self.assertTrue(order.left_gate_at)

    def test_a_booking_that_is_called_off_needs_no_note(self):
        order = self._bring_to("accepted", vehicle_id=self._create_car().id)
        order.with_user(self.advisor).action_cancel("客户取消")
        self.assertEqual(len(self._get_note(order, "unrepaired")), 1)

    def test_a_road_test_goes_out_and_comes_back(self):
        order = self._bring_to("in_progress", vehicle_id=self._create_car().id)
        note_id = order.with_user(self.technician).issue_temporary_pass(
            reason="试车", minutes=45
        )
        note = self.env["dealer.release.note"].browse(note_id)
        note = note.with_user(self.gate_keeper)
        self.assertTrue(note.is_go)
        note.action_check_out()
        self.assertEqual(note.state, "out")
        self.assertFalse(order.left_gate_at)
        with self.assertRefused("is outside since"):
            note.action_check_out()
        note.action_check_in()
        self.assertTrue(note.returned_at)
        with self.assertRefused("not outside"):
            note.action_check_in()

    def test_a_pass_ends(self):
        order = self._bring_to("in_progress", vehicle_id=self._create_car().id)
        note_id = order.with_user(self.technician).issue_temporary_pass(
            "errand", "洗车", 30
        )
        note = self.env["dealer.release.note"].browse(note_id)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=31)):
            self.assertIn("was valid until", note.verdict)

    def test_impossible_passes_are_refused(self):
        order = self._bring_to("in_progress", vehicle_id=self._create_car().id)
        order = order.with_user(self.technician)
        with self.assertRefused("say why"):
            order.issue_temporary_pass()
        with self.assertRefused("choose road test"):
            order.issue_temporary_pass("final", "x")
        for minutes in (0, -1, 721):
            with self.assertRefused("valid for up to 12 hours"):
                order.issue_temporary_pass(reason="x", minutes=minutes)
        gone = self._settle()
        self._sign(gone)
        gone.with_user(self.advisor).write(
            {
                "joint_inspection": True,
                "belongings_returned": True,
                "old_parts_result": "none",
            }
        )
        gone.with_user(self.advisor).action_deliver()
        with self.assertRefused("not in the house"):
            gone.with_user(self.technician).issue_temporary_pass(reason="x")

    def test_the_manager_revokes_a_note_and_the_desk_issues_another(self):
        order = self._settle()
        self._sign(order)
        note = self._get_note(order)
        with self.assertRaisesRegex(AccessError, "Store manager"):
            note.with_user(self.settlement_clerk).action_revoke()
        note.with_user(self.store_manager).action_revoke()
        self.assertIn("revoked", note.verdict)
        second = self.env["dealer.release.note"].browse(order.issue_release_note())
        self.assertNotEqual(second, note)
        self.assertTrue(second.is_go)

    def test_nobody_edits_a_note(self):
        note = self._settle().release_note_ids
        for user in (self.group_manager, self.gate_keeper):
            with self.assertRaises(UserError):
                note.with_user(user).write({"state": "used"})
            with self.assertRaises(UserError):
                note.with_user(user).unlink()
            with self.assertRaises(AccessError):
                note.with_user(user).create({"kind": "final"})
        with self.assertRefused("never edited"):
            note.sudo().write({"state": "used"})

    def test_only_the_gate_lets_cars_out_of_its_own_store(self):
        order = self._settle()
        self._sign(order)
        note = self._get_note(order)
        for user in (self.advisor, self.technician, self.settlement_clerk):
            with self.assertRaisesRegex(AccessError, "Gate keeper"):
                note.with_user(user).action_check_out()
        other = self._create_role(
            "gate_b", "dealer_service.group_dealer_gate", self.company_b
        )
        with self.assertRaises(AccessError):
            note.with_user(other).action_check_out()
