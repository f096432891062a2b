import psycopg2

from odoo.fields import Date
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import DealerProbationCommon


@freeze_time("2026-01-15 04:00:00")
@tagged("post_install", "-at_install")
class TestProbationCap(DealerProbationCommon):
    """D1: the shorter of the statutory and the company cap wins."""

    def test_statutory_cap_follows_the_length_of_the_contract(self):
        table = [
            # contract start, contract end, months
            ("2026-01-15", "2026-04-13", 0),  # one day short of three months
            ("2026-01-15", "2026-04-14", 1),  # three months
            ("2026-01-15", "2027-01-13", 1),  # one day short of a year
            ("2026-01-15", "2027-01-14", 2),  # one year
            ("2026-01-15", "2029-01-13", 2),  # one day short of three years
            ("2026-01-15", "2029-01-14", 6),  # three years
            ("2026-01-15", False, 6),  # open-ended
            ("2024-02-29", "2025-02-27", 2),  # a year from a leap day
            ("2025-11-30", "2026-02-27", 1),  # three months into February
            (False, False, 0),
        ]
        for start, end, months in table:
            with self.subTest(start=start, end=end):
                cap = self.env["dealer.probation"]._get_statutory_cap(
                    Date.to_date(start), Date.to_date(end)
                )
                self.assertEqual(cap, months)

    def test_law_wins_and_the_reason_says_so(self):
        employee = self._create_employee(end="2028-01-14")
        probation = self._create_probation(employee)
        self.assertRecordValues(
            probation,
            [{"months": 3, "cap_months": 2, "cap_source": "law", "policy_cap": 6}],
        )
        self.assertEqual(str(probation.date_end), "2026-03-15")
        self.assertIn("1 to 3 years allows 2 months", probation.cap_reason)
        self.assertIn("art. 19", probation.cap_reason)

    def test_policy_wins_and_the_reason_says_so(self):
        self.company.dealer_probation_max_months = 4
        probation = self._create_probation(months=5)
        self.assertEqual(probation.cap_source, "policy")
        self.assertEqual(str(probation.date_end), "2026-05-15")
        self.assertIn("At most 4 months by company policy", probation.cap_reason)

    def test_half_a_year_is_never_exceeded(self):
        probation = self._create_probation(months=9)
        self.assertEqual(str(probation.date_end), "2026-07-15")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation),
            self.env.cr.savepoint(),
        ):
            self.company.dealer_probation_max_months = 7
            self.env.flush_all()

    def test_end_falls_on_the_last_day_of_a_shorter_month(self):
        table = [
            ("2026-01-31", 1, "2026-02-28"),
            ("2024-01-31", 1, "2024-02-29"),  # leap year
            ("2023-11-30", 3, "2024-02-29"),
            ("2024-02-29", 6, "2024-08-29"),
            ("2026-08-31", 6, "2027-02-28"),
            ("2026-03-31", 3, "2026-06-30"),
            ("2025-12-15", 3, "2026-03-15"),  # over the year's end
        ]
        for start, months, end in table:
            with self.subTest(start=start, months=months):
                probation = self._create_probation(
                    self._create_employee(start=start), months=months
                )
                self.assertEqual(str(probation.date_end), end)

    def test_end_stays_when_contract_or_policy_change_later(self):
        employee = self._create_employee(end="2029-01-14")
        probation = self._create_probation(employee)
        self.company.dealer_probation_months = 1
        self.company.dealer_probation_max_months = 1
        employee.contract_date_end = "2026-02-20"
        self.env.flush_all()
        self.assertEqual(probation.cap_months, 6)
        self.assertEqual(str(probation.date_end), "2026-04-15")
