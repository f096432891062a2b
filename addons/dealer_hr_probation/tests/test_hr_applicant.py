from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import DealerProbationCommon

CRON = "ir_cron_hr_applicant_offer_overdue"


@freeze_time("2026-02-25 04:00:00")
@tagged("post_install", "-at_install")
class TestHrApplicant(DealerProbationCommon):
    """D6: the offer letter reaches the applicant within five days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.applicant = cls.env["hr.applicant"].create(
            {
                "partner_name": "Chen Jie",
                "user_id": cls.recruiter.id,
                "company_id": cls.company.id,
                "exam_date": "2026-02-25",
            }
        )
        cls.as_recruiter = cls.applicant.with_user(cls.recruiter)

    def test_offer_is_due_five_calendar_days_after_the_exam(self):
        table = [
            ("2026-02-25", "2026-03-02"),
            ("2024-02-25", "2024-03-01"),  # leap year
            ("2026-12-29", "2027-01-03"),
            (False, False),
        ]
        for exam, due in table:
            with self.subTest(exam=exam):
                self.applicant.exam_date = exam
                self.assertEqual(str(self.applicant.offer_due), str(due))

    def test_days_are_a_company_setting(self):
        self.company.dealer_offer_days = 3
        self.applicant.exam_date = "2026-02-26"
        self.assertEqual(str(self.applicant.offer_due), "2026-03-01")

    def test_offer_is_overdue_after_the_last_day(self):
        with freeze_time("2026-03-02 15:59:00"):  # still 2 March in Shanghai
            self.applicant.invalidate_recordset()
            self.assertFalse(self.as_recruiter.offer_overdue)
        with freeze_time("2026-03-02 16:00:00"):
            self.applicant.invalidate_recordset()
            self.assertTrue(self.as_recruiter.offer_overdue)
            late = self.as_recruiter.search([("offer_overdue", "=", True)])
            self.assertIn(self.applicant, late)
            in_time = self.as_recruiter.search([("offer_overdue", "=", False)])
            self.assertNotIn(self.applicant, in_time)

    def test_sent_or_refused_is_not_overdue(self):
        with freeze_time("2026-03-10 04:00:00"):
            self.as_recruiter.action_send_offer()
            self.assertFalse(self.applicant.offer_overdue)
            self.applicant.offer_sent_on = False
            self.assertTrue(self.applicant.offer_overdue)
            self.applicant.active = False
            self.assertFalse(self.applicant.offer_overdue)

    def test_sending_twice_keeps_the_first_day(self):
        self.as_recruiter.action_send_offer()
        with freeze_time("2026-02-27 04:00:00"):
            self.as_recruiter.action_send_offer()
        self.assertEqual(str(self.applicant.offer_sent_on), "2026-02-25")

    def test_sending_needs_an_exam(self):
        self.applicant.exam_date = False
        with self.assertRaisesRegex(UserError, "exam date"):
            self.as_recruiter.action_send_offer()

    def test_letter_is_not_dated_before_the_exam(self):
        with self.assertRaises(ValidationError):
            self.applicant.offer_sent_on = "2026-02-24"

    def test_recruiter_is_alerted_once_per_deadline(self):
        with freeze_time("2026-03-02 04:00:00"):
            self._run_cron(CRON)
        self.assertFalse(self.applicant.activity_ids)
        with freeze_time("2026-03-03 04:00:00"):
            self._run_cron(CRON)
            self._run_cron(CRON)
        self.assertEqual(self.applicant.activity_ids.user_id, self.recruiter)
        self.applicant.exam_date = "2026-03-05"
        with freeze_time("2026-03-20 04:00:00"):
            self._run_cron(CRON)
        self.assertEqual(len(self.applicant.activity_ids), 2)
