from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, tagged

from .common import DealerProbationCommon


@freeze_time("2026-01-15 04:00:00")
@tagged("post_install", "-at_install")
class TestProbationDecide(DealerProbationCommon):
    """D1, D3, D8: extension, objection, termination, early confirmation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.probation = cls._create_probation(user=cls.env.user)
        cls.as_officer = cls.probation.with_user(cls.officer)
        cls.as_admin = cls.probation.with_user(cls.admin)

    def test_extension_needs_approver_and_reason(self):
        with self.assertRaisesRegex(UserError, "HR administrator"):
            self.as_officer.action_extend(1, "More practice")
        for reason in (False, "", "   "):
            with (
                self.subTest(reason=reason),
                self.assertRaisesRegex(UserError, "reason"),
            ):
                self.as_admin.action_extend(1, reason)
        self.as_admin.action_extend(1, " More practice ")
        self.assertEqual(str(self.probation.date_end), "2026-05-15")
        self.assertRecordValues(
            self.probation.extension_ids,
            [{"months": 1, "reason": "More practice", "approver_id": self.admin.id}],
        )

    def test_extension_never_passes_the_cap(self):
        self.as_admin.action_extend(2, "Long illness")
        with self.assertRaisesRegex(UserError, "6 months"):
            self.as_admin.action_extend(2, "Again")
        self.as_admin.action_extend(1, "Last month")
        self.assertEqual(str(self.probation.date_end), "2026-07-15")
        self.assertFalse(self.as_admin.can_extend)

    def test_extension_is_at_least_a_month(self):
        for months in (0, -1):
            with self.subTest(months=months), self.assertRaises(UserError):
                self.as_admin.action_extend(months, "Reason")

    def test_extension_only_before_the_end(self):
        with freeze_time("2026-04-14 15:59:00"):  # 23:59 in Shanghai
            self.probation.invalidate_recordset()
            self.assertTrue(self.as_admin.can_extend)
        with freeze_time("2026-04-14 16:00:00"):  # midnight in Shanghai
            self.probation.invalidate_recordset()
            self.assertFalse(self.as_admin.can_extend)
            with self.assertRaisesRegex(UserError, "ended on"):
                self.as_admin.action_extend(1, "Too late")

    def test_extension_is_written_by_the_action_only(self):
        values = {
            "probation_id": self.probation.id,
            "months": 2,
            "reason": "By the back door",
            "approver_id": self.admin.id,
            "date": "2026-01-15",
            "date_end_before": "2026-04-15",
        }
        Extension = self.env["dealer.probation.extension"]
        with self.assertRaises(UserError):
            Extension.with_user(self.admin).create(values)
        self.assertFalse(Extension.with_user(self.officer).has_access("create"))
        self.as_admin.action_extend(1, "Fine")
        with self.assertRaises(UserError):
            self.probation.extension_ids.months = 3
        with self.assertRaises(UserError):
            self.probation.extension_ids.unlink()
        with self.assertRaises(UserError):
            self.probation.unlink()

    def test_objection_by_either_side_before_the_end(self):
        self.as_officer.action_object("Wants to leave", "employee")
        self.assertRecordValues(
            self.probation,
            [
                {
                    "state": "objected",
                    "objected_by": "employee",
                    "objection_reason": "Wants to leave",
                    "date_decided": False,
                }
            ],
        )
        self.assertEqual(self.probation.activity_ids.user_id, self.admin)

    def test_objection_needs_a_reason_and_a_known_side(self):
        with self.assertRaisesRegex(UserError, "reason"):
            self.as_officer.action_object("")
        with self.assertRaisesRegex(UserError, "employee or the company"):
            self.as_officer.action_object("Reason", "neighbour")

    def test_objection_after_the_end_is_refused(self):
        with freeze_time("2026-04-15 01:00:00"):
            self.probation.invalidate_recordset()
            with self.assertRaisesRegex(UserError, "ended on"):
                self.as_officer.action_object("Too late")

    def test_objection_twice_is_refused(self):
        self.as_officer.action_object("First")
        with self.assertRaisesRegex(UserError, "already"):
            self.as_officer.action_object("Second")

    def test_withdrawn_objection_leads_to_confirmation(self):
        self.as_officer.action_object("Doubts")
        with freeze_time("2026-04-20 01:00:00"):
            self.probation.invalidate_recordset()
            self.as_admin.action_confirm()
        self.assertEqual(self.probation.state, "confirmed")
        self.assertEqual(str(self.probation.date_decided), "2026-04-20")

    def test_termination_needs_grounds_and_an_administrator(self):
        with self.assertRaisesRegex(UserError, "HR administrator"):
            self.as_officer.action_terminate("Failed the road test twice")
        with self.assertRaisesRegex(UserError, "reason"):
            self.as_admin.action_terminate(False)
        self.as_admin.action_terminate("Failed the road test twice")
        self.assertEqual(self.probation.state, "terminated")
        self.assertIn("road test", self.probation.termination_reason)

    def test_termination_after_the_end_needs_an_objection_in_time(self):
        with freeze_time("2026-04-16 01:00:00"):
            self.probation.invalidate_recordset()
            with self.assertRaisesRegex(UserError, "ended on"):
                self.as_admin.action_terminate("Too late")
        self.probation.invalidate_recordset()
        self.as_officer.action_object("In time")
        with freeze_time("2026-04-16 01:00:00"):
            self.probation.invalidate_recordset()
            self.as_admin.action_terminate("Criteria not met")
        self.assertEqual(self.probation.state, "terminated")

    def test_terminated_is_final(self):
        self.as_admin.action_terminate("Criteria not met")
        for verb, args in (
            ("action_confirm", ()),
            ("action_object", ("Reason",)),
            ("action_extend", (1, "Reason")),
            ("action_terminate", ("Reason",)),
        ):
            with self.subTest(verb=verb), self.assertRaises(UserError):
                getattr(self.as_admin, verb)(*args)

    def test_early_confirmation_is_for_the_administrator_and_repeatable(self):
        with self.assertRaisesRegex(UserError, "HR administrator"):
            self.as_officer.action_confirm()
        self.as_admin.action_confirm()
        messages = len(self.probation.message_ids)
        self.as_admin.action_confirm()
        self.assertEqual(self.probation.state, "confirmed")
        self.assertEqual(len(self.probation.message_ids), messages)

    def test_buttons_show_what_would_be_accepted(self):
        self.assertRecordValues(
            self.as_officer,
            [
                {
                    "can_confirm": False,
                    "can_extend": False,
                    "can_object": True,
                    "can_terminate": False,
                }
            ],
        )
        self.assertRecordValues(
            self.as_admin,
            [
                {
                    "can_confirm": True,
                    "can_extend": True,
                    "can_object": True,
                    "can_terminate": True,
                }
            ],
        )

    def test_decision_form_hands_over_to_the_actions(self):
        Decide = self.env["dealer.probation.decide"].with_user(self.admin)
        form = Form(
            Decide.with_context(active_id=self.probation.id, default_operation="extend")
        )
        form.months = 2
        form.reason = "Long illness"
        form.save().action_apply()
        self.assertEqual(str(self.probation.date_end), "2026-06-15")
        Decide.create(
            {
                "probation_id": self.probation.id,
                "operation": "object",
                "objector": "employee",
                "reason": "Moves away",
            }
        ).action_apply()
        self.assertEqual(self.probation.objected_by, "employee")
        Decide.create(
            {
                "probation_id": self.probation.id,
                "operation": "terminate",
                "reason": "By agreement",
            }
        ).action_apply()
        self.assertEqual(self.probation.state, "terminated")
