from odoo.tests import freeze_time, tagged

from .common import DealerProbationCommon

CRON = "ir_cron_dealer_probation_confirm"


@tagged("post_install", "-at_install")
class TestProbationConfirm(DealerProbationCommon):
    """D8: the daily job converts what ended without an objection."""

    @classmethod
    @freeze_time("2026-01-15 04:00:00")
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = cls._create_employee()
        cls.probation = cls._create_probation(cls.employee)

    def test_nothing_happens_before_the_end(self):
        with freeze_time("2026-04-14 10:00:00"):
            self._run_cron(CRON)
        self.assertEqual(self.probation.state, "running")

    def test_the_day_is_the_one_at_the_place_of_work(self):
        with freeze_time("2026-04-14 15:59:00"):  # 23:59 in Shanghai
            self._run_cron(CRON)
        self.assertEqual(self.probation.state, "running")
        with freeze_time("2026-04-14 16:01:00"):  # 00:01 in Shanghai
            self._run_cron(CRON)
        self.assertEqual(self.probation.state, "confirmed")
        self.assertEqual(str(self.probation.date_decided), "2026-04-15")

    def test_employee_manager_and_hr_are_told_once(self):
        with freeze_time("2026-04-15 04:00:00"):
            self._run_cron(CRON)
            self._run_cron(CRON)
        message = self.probation.message_ids.filtered("subject")
        self.assertEqual(len(message), 1)
        self.assertIn("regular employee", message.body)
        self.assertLessEqual(
            self.employee.work_contact_id
            | self.manager.work_contact_id
            | self.admin.partner_id,
            message.partner_ids,
        )
        self.assertEqual(len(self.probation.activity_ids), 1)
        self.assertEqual(self.probation.activity_ids.user_id, self.admin)

    @freeze_time("2026-04-01 04:00:00")
    def test_an_objection_stops_the_conversion(self):
        self.probation.action_object("Doubts")
        with freeze_time("2026-04-20 04:00:00"):
            self._run_cron(CRON)
        self.assertEqual(self.probation.state, "objected")

    def test_an_extension_moves_the_conversion(self):
        with freeze_time("2026-04-01 04:00:00"):
            self.probation.with_user(self.admin).action_extend(1, "Long illness")
        with freeze_time("2026-04-20 04:00:00"):
            self._run_cron(CRON)
        self.assertEqual(self.probation.state, "running")
        with freeze_time("2026-05-15 04:00:00"):
            self._run_cron(CRON)
        self.assertEqual(self.probation.state, "confirmed")

    def test_without_a_contract_hr_is_alerted_once(self):
        self.employee.contract_date_end = "2026-03-31"
        with freeze_time("2026-04-15 04:00:00"):
            self._run_cron(CRON)
            self._run_cron(CRON)
        self.assertEqual(self.probation.state, "running")
        self.assertEqual(len(self.probation.activity_ids), 1)
        self.assertIn("no contract", self.probation.activity_ids.summary)

    def test_departed_employee_is_not_confirmed(self):
        self.employee.action_archive()
        with freeze_time("2026-04-15 04:00:00"):
            self._run_cron(CRON)
        self.assertEqual(self.probation.state, "running")

    def test_leap_day_end_is_confirmed_on_the_leap_day(self):
        with freeze_time("2027-11-29 04:00:00"):
            employee = self._create_employee(start="2027-11-29", name="Wang Fang")
            probation = self._create_probation(employee)
        self.assertEqual(str(probation.date_end), "2028-02-29")
        with freeze_time("2028-02-28 04:00:00"):
            self._run_cron(CRON)
        self.assertEqual(probation.state, "running")
        with freeze_time("2028-02-29 04:00:00"):
            self._run_cron(CRON)
        self.assertEqual(probation.state, "confirmed")
