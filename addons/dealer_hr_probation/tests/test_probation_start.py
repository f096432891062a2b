import psycopg2

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import DealerProbationCommon


@freeze_time("2026-01-15 04:00:00")
@tagged("post_install", "-at_install")
class TestProbationStart(DealerProbationCommon):
    """D1, D7: a probation starts in a contract, once."""

    def test_probation_starts_with_the_contract_for_three_months(self):
        probation = self._create_probation()
        self.assertRecordValues(
            probation,
            [
                {
                    "company_id": self.company.id,
                    "date_start": probation.date_start,
                    "months": 3,
                    "cap_months": 6,
                    "state": "running",
                    "days_left": 90,
                }
            ],
        )
        self.assertEqual(str(probation.date_start), "2026-01-15")
        self.assertEqual(str(probation.date_end), "2026-04-15")

    def test_company_setting_is_the_default_length(self):
        self.company.dealer_probation_months = 1
        self.assertEqual(self._create_probation().months, 1)

    def test_no_contract_no_probation(self):
        employee = self._create_employee(start=False)
        with self.assertRaisesRegex(ValidationError, "no labour contract"):
            self._create_probation(employee)

    def test_first_day_lies_in_the_contract(self):
        employee = self._create_employee(start="2026-02-01")
        with self.assertRaisesRegex(ValidationError, "no labour contract"):
            self._create_probation(employee, date_start="2026-01-31")

    def test_contract_below_three_months_allows_no_probation(self):
        employee = self._create_employee(end="2026-04-13")
        with self.assertRaisesRegex(ValidationError, "allows no probation"):
            self._create_probation(employee)

    def test_one_probation_per_employee(self):
        employee = self._create_employee()
        self._create_probation(employee)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self._create_probation(employee)

    def test_rehired_employee_gets_no_second_probation(self):
        employee = self._create_employee(end="2026-12-31")
        self._create_probation(employee)
        employee.create_version(
            {
                "date_version": "2028-01-01",
                "contract_date_start": "2028-01-01",
                "contract_date_end": False,
            }
        )
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self._create_probation(employee, date_start="2028-01-01")

    def test_second_employee_file_of_the_same_person_is_found(self):
        number = "110101199003070123"
        self._create_probation(self._create_employee(identification_id=number))
        twin = self._create_employee(name="Li W.", identification_id=number)
        with self.assertRaisesRegex(ValidationError, "another employee file"):
            self._create_probation(twin)

    def test_same_person_may_have_a_probation_in_another_company(self):
        number = "110101199003070123"
        self._create_probation(self._create_employee(identification_id=number))
        twin = self._create_employee(
            name="Li W.",
            identification_id=number,
            company_id=self.other_company.id,
            parent_id=False,
        )
        probation = self._create_probation(twin, user=self.env.user)
        self.assertEqual(probation.company_id, self.other_company)

    def test_start_values_do_not_change_afterwards(self):
        probation = self._create_probation()
        for values in (
            {"date_start": "2026-02-01"},
            {"months": 6},
            {"state": "confirmed"},
            {"date_end": "2026-01-16"},
            {"statutory_cap": 6},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                probation.write(values)

    def test_state_cannot_be_given_at_the_start(self):
        with self.assertRaises(UserError):
            self._create_probation(state="confirmed")
        employee = self._create_employee()
        probation = (
            self.env["dealer.probation"]
            .with_context(default_state="confirmed", default_statutory_cap=99)
            .create({"employee_id": employee.id})
        )
        self.assertEqual(probation.state, "running")
        self.assertEqual(probation.statutory_cap, 6)

    def test_evaluation_is_free_text(self):
        probation = self._create_probation()
        probation.note = "Careful with customers"
        self.assertIn("Careful", probation.note)

    def test_form_fills_the_period_from_the_employee(self):
        employee = self._create_employee(end="2027-01-14")
        form = Form(self.env["dealer.probation"].with_user(self.officer))
        form.employee_id = employee
        self.assertEqual(str(form.date_start), "2026-01-15")
        self.assertEqual(form.statutory_cap, 2)
        self.assertEqual(str(form.date_end), "2026-03-15")
        probation = form.save()
        self.assertEqual(probation.display_name, "Li Wei from 2026-01-15")

    def test_employee_button_opens_the_probation(self):
        employee = self._create_employee().with_user(self.officer)
        action = employee.action_open_dealer_probation()
        self.assertFalse(action["res_id"])
        self.assertEqual(employee.dealer_probation_label, "Start")
        probation = self._create_probation(employee)
        self.assertEqual(
            employee.action_open_dealer_probation()["res_id"], probation.id
        )
        self.assertEqual(employee.dealer_probation_label, "90 days left")

    def test_untouched_probation_may_be_deleted_by_the_administrator(self):
        probation = self._create_probation().with_user(self.admin)
        probation.unlink()
        self.assertFalse(probation.exists())

    def test_decided_probation_is_kept(self):
        probation = self._create_probation().with_user(self.admin)
        probation.action_confirm()
        with self.assertRaises(UserError):
            probation.unlink()
