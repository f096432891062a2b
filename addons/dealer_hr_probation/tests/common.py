from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon


class DealerProbationCommon(BaseCommon):
    """Two stores, one user per HR role, and employees with contracts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.other_company = cls.env["res.company"].create({"name": "West store"})
        cls.officer = new_test_user(
            cls.env, "probation_officer", "hr.group_hr_user", company_id=cls.company.id
        )
        cls.admin = new_test_user(
            cls.env,
            "probation_admin",
            "hr.group_hr_manager",
            company_id=cls.company.id,
        )
        cls.clerk = new_test_user(
            cls.env, "probation_clerk", "base.group_user", company_id=cls.company.id
        )
        cls.recruiter = new_test_user(
            cls.env,
            "probation_recruiter",
            "hr_recruitment.group_hr_recruitment_user",
            company_id=cls.company.id,
        )
        cls.manager = cls.env["hr.employee"].create(
            {"name": "Manager Ma", "work_email": "ma@example.com"}
        )

    @classmethod
    def _create_employee(cls, start="2026-01-15", end=False, **values):
        """Create an employee with a contract; no contract when start is False."""
        values = {
            "name": "Li Wei",
            "parent_id": cls.manager.id,
            "work_email": "liwei@example.com",
            "hr_responsible_id": cls.admin.id,
            **values,
        }
        if start:
            values |= {
                "date_version": start,
                "contract_date_start": start,
                "contract_date_end": end,
            }
        return cls.env["hr.employee"].create(values)

    @classmethod
    def _create_probation(cls, employee=None, user=None, **values):
        """Start a probation as the given user, the HR officer by default."""
        employee = employee or cls._create_employee()
        return (
            cls.env["dealer.probation"]
            .with_user(user or cls.officer)
            .create({"employee_id": employee.id, **values})
        )

    def _run_cron(self, xml_id):
        """Run one of the addon's jobs the way the scheduler does."""
        with self.enter_registry_test_mode():
            self.env.ref(f"dealer_hr_probation.{xml_id}").method_direct_trigger()
        self.env.invalidate_all()
