from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .workshop_common import DealerWorkshopCommon

# A Wednesday, 10:00 in Shanghai.
NOW = "2026-03-18 02:00:00"


@tagged("post_install", "-at_install")
class TestDealerTechnicianReport(DealerWorkshopCommon):
    """Billed and clocked hours apart, and the three figures made of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Weekdays from 8 to 12 and from 13 to 17, in Shanghai.
        calendar = cls._create_calendar("Workshop", range(5), 8, 12, 13, 17)
        calendar.tz = "Asia/Shanghai"
        cls.company.resource_calendar_id = calendar
        staff = cls.technician.employee_id | cls.technician2.employee_id
        staff.resource_calendar_id = calendar
        cls.worker = cls.technician.employee_id
        with freeze_time(NOW):
            cls.order = cls._take_in("in_progress")
            cls.job = cls.order.job_ids
        cls.report = cls.env["dealer.technician.report"].with_user(cls.store_manager)

    def _work(self, start, hours, job=None, employee=None, **values):
        """File a stopped clock."""
        start = fields.Datetime.to_datetime(start)
        return self.env["dealer.work.log"].create(
            {
                "job_id": (job or self.job).id,
                "employee_id": (employee or self.worker).id,
                "start": start,
                "stop": start + timedelta(hours=hours),
                **values,
            }
        )

    def _finish(self, job=None, state="self_checked", technician=None):
        job = (job or self.job).sudo()
        job.main_technician_id = technician or self.worker
        for step in ("in_progress", state):
            job._update_state(step)

    def _read(self, date="2026-03-18", employee=None):
        self.env.flush_all()
        return self.report.search(
            [("employee_id", "=", (employee or self.worker).id), ("date", "=", date)]
        )

    def test_efficiency_is_billed_by_clocked(self):
        self._work(NOW, 0.4)
        self._finish()
        self.assertRecordValues(
            self._read(),
            [
                {
                    "clocked_hours": 0.4,
                    "billed_hours": 0.5,
                    "available_hours": 8,
                    "efficiency": 1.25,
                    "productivity": 0.05,
                    "proficiency": 0.0625,
                    "company_id": self.company.id,
                }
            ],
        )

    def test_a_helper_earns_his_share_and_the_main_technician_the_rest(self):
        helper = self.technician2.employee_id
        self._work(NOW, 0.4)
        self._work(NOW, 0.4, employee=helper)
        self.job.with_user(self.dispatcher).set_helpers(
            [{"employee_id": helper.id, "share": 40}]
        )
        self._finish()
        self.assertAlmostEqual(self._read().billed_hours, 0.3)
        self.assertAlmostEqual(self._read(employee=helper).billed_hours, 0.2)

    def test_unfinished_work_is_clocked_and_not_billed(self):
        self._work(NOW, 1)
        row = self._read()
        self.assertEqual((row.clocked_hours, row.billed_hours), (1, 0))

    def test_rework_is_clocked_and_earns_nothing_again(self):
        self._work(NOW, 1)
        self._finish()
        self._work("2026-03-19 02:00:00", 2, is_rework=True)
        self.assertEqual(self._read().billed_hours, 0.5)
        row = self._read("2026-03-19")
        self.assertEqual(
            (row.clocked_hours, row.rework_hours, row.billed_hours), (2, 2, 0)
        )

    def test_a_corrected_clock_counts_once(self):
        log = self._work(NOW, 4).with_user(self.team_leader)
        log.correct(NOW, "2026-03-18 03:00:00", "忘记停表")
        self.assertEqual(self._read().clocked_hours, 1)

    def test_rows_of_late_employees_have_an_id_too(self):
        self.env.cr.execute(
            "SELECT setval('hr_employee_id_seq', 50000),"
            " setval('hr_version_id_seq', GREATEST(50000,"
            " (SELECT last_value FROM hr_version_id_seq)))"
        )
        worker = self.env["hr.employee"].create(
            {"name": "新来的", "company_id": self.company.id}
        )
        self._work(NOW, 1, employee=worker)
        row = self._read(employee=worker)
        self.assertEqual(row.clocked_hours, 1)
        self.assertLess(row.id, 2**31)

    def test_the_day_is_the_stores_own(self):
        # 07:30 on the 19th in Shanghai.
        self._work("2026-03-18 23:30:00", 1)
        self.assertFalse(self._read("2026-03-18").clocked_hours)
        self.assertEqual(self._read("2026-03-19").clocked_hours, 1)

    def test_leave_is_not_available_and_counts_once(self):
        self._work(NOW, 1)
        Leave = self.env["resource.calendar.leaves"]
        calendar = self.company.resource_calendar_id
        # Afternoon off, and a store holiday over the same afternoon.
        for values in (
            {"resource_id": self.worker.resource_id.id},
            {"calendar_id": calendar.id},
        ):
            Leave.create(
                {
                    "name": "off",
                    "company_id": self.company.id,
                    "date_from": "2026-03-18 05:00:00",
                    "date_to": "2026-03-18 09:00:00",
                    **values,
                }
            )
        self.assertEqual(self._read().available_hours, 4)
        self.assertEqual(self._read().productivity, 0.25)

    def test_productivity_never_passes_a_hundred_percent(self):
        self._work("2026-03-18 00:00:00", 11)
        row = self._read()
        self.assertEqual((row.available_hours, row.productivity), (11, 1))
        # A Sunday in the workshop.
        self._work("2026-03-22 01:00:00", 3)
        self.assertEqual(self._read("2026-03-22").productivity, 1)

    def test_groups_are_quotients_of_sums(self):
        self._work("2026-03-16 01:00:00", 4)
        self._work("2026-03-17 01:00:00", 1)
        self._finish()
        self.env.flush_all()
        ((clocked, billed, efficiency),) = self.report._read_group(
            [
                ("employee_id", "=", self.worker.id),
                ("date", "<=", "2026-03-18"),
            ],
            aggregates=["clocked_hours:sum", "billed_hours:sum", "efficiency:avg"],
        )
        self.assertEqual((clocked, billed), (5, 0.5))
        self.assertAlmostEqual(efficiency, 0.1)

    def test_scheduled_days_without_a_clock_lower_productivity(self):
        self._work("2026-03-16 01:00:00", 8)
        ((productivity,),) = self.report._read_group(
            [
                ("employee_id", "=", self.worker.id),
                ("date", ">=", "2026-03-16"),
                ("date", "<=", "2026-03-17"),
            ],
            aggregates=["productivity:avg"],
        )
        self.assertAlmostEqual(productivity, 0.5)

    # === WHO SEES WHAT === #

    def test_technicians_see_their_own_figures_and_leaders_all(self):
        self._work(NOW, 1)
        self._work(NOW, 1, employee=self.technician2.employee_id)
        for user, seen in (
            (self.technician, self.worker),
            (self.team_leader, self.worker | self.technician2.employee_id),
            (self.supervisor, self.worker | self.technician2.employee_id),
        ):
            rows = self.report.with_user(user).search([("date", "=", "2026-03-18")])
            rows = rows.sudo().filtered("clocked_hours")
            with self.subTest(user=user.name):
                self.assertEqual(rows.employee_id, seen)
        with self.assertRaises(AccessError):
            self.report.with_user(self.advisor).search([])

    @freeze_time("2026-03-18 10:00:00")
    def test_my_figures_are_mine(self):
        self._work(NOW, 0.5)
        self._work("2026-03-03 02:00:00", 1.5)
        self._work(NOW, 5, employee=self.technician2.employee_id)
        self._finish()
        figures = self.report.with_user(self.technician).get_my_figures()
        self.assertEqual(figures["today"]["clocked"], "0.5")
        self.assertEqual(figures["today"]["efficiency"], "100%")
        self.assertEqual(figures["month"]["clocked"], "2.0")
        self.assertEqual(figures["month"]["efficiency"], "25%")
        self.assertIn("÷", figures["help"]["efficiency"])
        nobody = self.report.with_user(self.team_leader).get_my_figures()
        self.assertEqual(nobody["today"]["efficiency"], "–")

    def test_refuse_figures_to_others(self):
        with self.assertRaises(AccessError):
            self.report.with_user(self.advisor).get_my_figures()
