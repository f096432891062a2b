from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import DealerProbationCommon


@freeze_time("2026-01-15 04:00:00")
@tagged("post_install", "-at_install")
class TestProbationAccess(DealerProbationCommon):
    """Who sees and does what, in the own and in another store."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.probation = cls._create_probation(user=cls.env.user)

    def test_other_staff_have_no_access(self):
        for user in (self.clerk, self.recruiter):
            probation = self.probation.with_user(user)
            for operation in ("read", "write", "create", "unlink"):
                with self.subTest(user=user.login, operation=operation):
                    self.assertFalse(probation.has_access(operation))

    def test_officer_starts_and_reads_but_does_not_delete(self):
        probation = self.probation.with_user(self.officer)
        for operation in ("read", "write", "create"):
            self.assertTrue(probation.has_access(operation))
        self.assertFalse(probation.has_access("unlink"))

    def test_contract_dates_are_for_the_administrator(self):
        with self.assertRaises(AccessError):
            self.probation.with_user(self.officer).read(["contract_date_start"])
        values = self.probation.with_user(self.admin).read(["contract_date_start"])
        self.assertEqual(str(values[0]["contract_date_start"]), "2026-01-15")

    def test_officer_reads_the_whole_form(self):
        views = (
            self.env["dealer.probation"]
            .with_user(self.officer)
            .get_views([(False, "form"), (False, "list"), (False, "kanban")])
        )
        names = [
            name
            for name in views["models"]["dealer.probation"]["fields"]
            if name in self.probation._fields
        ]
        self.assertNotIn("contract_date_end", names)
        self.assertTrue(self.probation.with_user(self.officer).read(names))

    def test_plain_user_still_reads_employees(self):
        employee = self.probation.employee_id.with_user(self.clerk)
        self.assertEqual(employee.name, "Li Wei")
        with self.assertRaises(AccessError):
            employee.read(["dealer_probation_ids"])

    def test_another_store_stays_hidden(self):
        stranger_employee = self._create_employee(
            name="Zhao Min", company_id=self.other_company.id, parent_id=False
        )
        stranger = self._create_probation(stranger_employee, user=self.env.user)
        for user in (self.officer, self.admin):
            probations = self.env["dealer.probation"].with_user(user)
            with self.subTest(user=user.login):
                self.assertNotIn(stranger, probations.search([]))
                self.assertIn(self.probation, probations.search([]))
                with self.assertRaises(AccessError):
                    stranger.with_user(user).read(["state"])
