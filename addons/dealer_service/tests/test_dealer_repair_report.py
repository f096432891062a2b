from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command

from .common import VINS, DealerServiceCommon

MORNING = datetime(2026, 3, 2, 1, 0)  # Nine o'clock in Shanghai.


class TestDealerRepairReport(DealerServiceCommon):
    """Each figure of the repair analysis, worked out by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.report = cls.env["dealer.repair.report"].with_user(cls.store_manager)
        cls.job_vals = cls._prepare_job_vals(
            name="前刹车片",
            line_ids=[
                Command.create({"product_id": cls.labour2.id, "quantity": 2}),
                Command.create({"product_id": cls.pads.id, "quantity": 1}),
            ],
        )

    def _figures(self, domain=(), *specs):
        """Return the figures of the rows that match, as one tuple."""
        domain = [("company_id", "=", self.company.id), *domain]
        return self.report._read_group(domain, [], specs)[0]

    def _visit(self, days=0, plate="京A12345", vin=VINS[0], **values):
        """Deliver a visit with two jobs that arrived some days after the first."""
        with freeze_time(MORNING + timedelta(days=days)):
            if vin != VINS[0]:
                values["vehicle_id"] = self._create_vehicle(vin, plate).id
            return self._bring_to(
                "delivered",
                job_ids=[
                    Command.create(self._prepare_job_vals()),
                    Command.create(self.job_vals),
                ],
                **values,
            )

    def test_a_visit_with_two_jobs_counts_once(self):
        self._visit()
        figures = self._figures([], "visits:sum", "jobs:sum", "vehicles:count_distinct")
        self.assertEqual(figures, (1.0, 2, 1))

    def test_a_job_of_two_is_half_a_visit(self):
        order = self._visit()
        domain = [("job_id", "=", order.job_ids[0].id)]
        self.assertEqual(self._figures(domain, "visits:sum"), (0.5,))

    def test_a_visit_without_job_counts_too(self):
        self._create_repair_order(job_ids=[])
        self.assertEqual(self._figures([], "visits:sum", "jobs:sum"), (1.0, 0))

    def test_revenue_splits_into_labour_and_parts(self):
        order = self._visit()
        untaxed = sum(order.job_ids.mapped("amount_untaxed"))
        lines = order.job_ids.line_ids
        labour = lines.filtered(lambda line: line.kind == "labour")
        figures = self._figures(
            [], "amount:sum", "amount_labour:sum", "amount_part:sum"
        )
        expected = (untaxed, sum(labour.mapped("price_subtotal")))
        self.assertAlmostEqual(figures[0], expected[0], 2)
        self.assertAlmostEqual(figures[1], expected[1], 2)
        self.assertAlmostEqual(figures[2], expected[0] - expected[1], 2)

    def test_average_repair_order_divides_sums_not_averages(self):
        first = self._visit()
        second = self._visit(1, "沪B6K888", VINS[1])
        jobs = first.job_ids | second.job_ids
        figures = self._figures([], "average_repair_order:avg", "labour_rate:avg")
        untaxed = sum(jobs.mapped("amount_untaxed"))
        labour = jobs.line_ids.filtered(lambda line: line.kind == "labour")
        self.assertAlmostEqual(figures[0], untaxed / 2, 2)
        rate = sum(labour.mapped("price_subtotal")) / sum(labour.mapped("quantity"))
        self.assertAlmostEqual(figures[1], rate, 2)

    def test_nothing_delivered_gives_no_rate(self):
        self._create_repair_order()
        figures = self._figures([], "on_time_rate:avg", "same_day_rate:avg")
        for figure in figures:
            self.assertIs(figure, False)

    def test_same_day_is_judged_by_the_stores_clock(self):
        order = self._visit()
        # Half past ten at night in Shanghai is the same day there, and in UTC.
        self._stamp(order, "2026-03-02 01:00:00", "2026-03-02 14:30:00")
        self.assertEqual(self._figures([], "same_day_rate:avg"), (1.0,))
        # Half past midnight in Shanghai is the next day there, not in UTC.
        self._stamp(order, "2026-03-02 01:00:00", "2026-03-02 16:30:00")
        self.assertEqual(self._figures([], "same_day_rate:avg"), (0.0,))

    def test_a_come_back_within_thirty_days_spoils_the_first_repair(self):
        first = self._visit()
        guarantee = self.vehicle.guarantee_ids[:1]
        with freeze_time(MORNING + timedelta(days=5)):
            self._create_repair_order(
                job_ids=[
                    Command.create(self._prepare_job_vals(guarantee_id=guarantee.id))
                ]
            )
        figures = self._figures([], "first_time_fix_rate:avg", "comeback_rate:avg")
        self.assertEqual(figures, (0.0, 0.5))
        self._stamp(first, "2026-01-02 01:00:00", "2026-01-03 01:00:00")
        self.assertEqual(self._figures([], "first_time_fix_rate:avg"), (1.0,))

    def test_rework_counts_what_the_final_check_sends_back(self):
        self.env["dealer.quality.item"].create({"stage": "peer", "name": "Seat"})
        with freeze_time(MORNING):
            order = self._bring_to(
                "in_progress",
                job_ids=[
                    Command.create(self._prepare_job_vals()),
                    Command.create(self.job_vals),
                ],
            ).with_env(self.env)
            job = order.job_ids[0]
            job.with_user(self.technician).action_clock_in()
            job.with_user(self.parts_keeper).action_issue_parts()
            job.with_user(self.technician).action_finish()
            self._check(self.technician, order, "self", job)
            self._check(self.team_leader, order, "peer", job, failing=["Seat"])
        rate = ("checked_jobs:sum", "reworked_jobs:sum", "rework_rate:avg")
        self.env.flush_all()
        self.assertEqual(self._figures([], *rate), (0, 0, False))
        with freeze_time(MORNING + timedelta(hours=1)):
            self._step_work(order)
            self.env.flush_all()
            self.assertEqual(self._figures([], *rate), (0, 0, False))
            check = self._check(self.inspector, order, "final", failing=["Brakes"])
        sent_back = order.rework_ids.filtered(lambda r: r.check_id == check).job_id
        with freeze_time(MORNING + timedelta(hours=2)):
            self._step_work(order)
            self._check(self.inspector, order, "final")
        self.env.flush_all()
        number = len(sent_back)
        self.assertEqual(self._figures([], *rate), (2, number, number / 2))

    def test_add_ons_with_an_answer_are_counted(self):
        order = self._bring_to("in_progress")
        for name in ("雨刮", "电瓶"):
            order.with_user(self.technician).raise_addon(
                {
                    "name": name,
                    "addon_reason": "老化",
                    "lines": [{"product_id": self.pads.id, "quantity": 1}],
                }
            )
        addons = order.job_ids.filtered(lambda job: job.origin == "addon")
        addons.with_user(self.advisor).action_offer()
        answers = [
            {"job_id": job.id, "revision": job.revision, "decision": decision}
            for job, decision in zip(addons, ("approved", "declined"), strict=True)
        ]
        order.with_user(self.advisor).record_decisions(answers, "王", self.signature)
        figures = self._figures(
            [], "addons_offered:sum", "addons_accepted:sum", "addon_acceptance:avg"
        )
        self.assertEqual(figures, (2, 1, 0.5))

    def test_a_supervisor_sees_neither_cost_nor_margin(self):
        self._visit()
        report = self.env["dealer.repair.report"].with_user(self.supervisor)
        [(amount,)] = report._read_group([], [], ["amount:sum"])
        self.assertGreater(amount, 0)
        for measure in ("cost:sum", "margin:sum", "margin_rate:avg"):
            with self.subTest(measure=measure), self.assertRaises(AccessError):
                report._read_group([], [], [measure])

    def test_cost_is_the_value_of_parts_that_left(self):
        (self.oil | self.pads).standard_price = 100
        order = self._visit()
        figures = self._figures([], "cost:sum", "margin:sum")
        self.assertAlmostEqual(figures[0], 200, 2)
        untaxed = sum(order.job_ids.mapped("amount_untaxed"))
        self.assertAlmostEqual(figures[1], untaxed - 200, 2)

    def test_another_store_is_not_counted(self):
        self._visit()
        other = self.env["res.company"].create({"name": "西城店"})
        manager = self._create_role(
            "other_manager", "dealer_service.group_dealer_store_manager", other
        )
        report = self.env["dealer.repair.report"].with_user(manager)
        self.assertFalse(report.search_count([]))

    def test_an_advisor_has_no_report(self):
        with self.assertRaises(AccessError):
            self.env["dealer.repair.report"].with_user(self.advisor).search([])

    def test_each_row_opens_its_visit(self):
        order = self._visit()
        row = self.report.search([("order_id", "=", order.id)], limit=1)
        self.assertEqual(row.action_open_order()["res_id"], order.id)

    def _stamp(self, order, arrived, delivered):
        """Set the times of a visit behind the product's back."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE dealer_repair_order SET arrived_at = %s, delivered_at = %s"
            " WHERE id = %s",
            (arrived, delivered, order.id),
        )
        self.env.invalidate_all()
