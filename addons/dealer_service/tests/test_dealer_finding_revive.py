from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged

from .common import VINS
from .service_common import DealerServicePackageCommon


@tagged("post_install", "-at_install")
class TestDealerFindingRevive(DealerServicePackageCommon):
    """What was declined is offered again in one click, and counted (C7, E4)."""

    def _decline(self, decision="declined", **values):
        """Let a first visit end with a job declined; return its finding."""
        order = self._bring_to("offered", **values)
        self._decide(order, decision, reason="太贵")
        order.with_user(self.advisor).action_leave("下次再说")
        return order.job_ids._get_findings()[order.job_ids].with_user(self.advisor)

    def _revive(self, finding, order):
        order = order.with_user(self.advisor)
        return order.job_ids.browse(order.add_findings(finding.ids))

    def test_the_same_work_comes_at_the_prices_of_today(self):
        finding = self._decline()
        self.oil.list_price = 400
        order = self._create_repair_order(job_ids=[])
        self.assertEqual(order.open_finding_ids, finding)
        job = self._revive(finding, order)
        self.assertRecordValues(
            job,
            [{"name": "更换机油", "state": "draft", "finding_id": finding.id}],
        )
        self.assertEqual(job.amount_untaxed, 50 + 400)
        self.assertFalse(order.open_finding_ids)

    def test_a_second_click_adds_nothing(self):
        finding = self._decline()
        order = self._create_repair_order(job_ids=[])
        job = self._revive(finding, order)
        self.assertEqual(self._revive(finding, order), job)
        self.assertEqual(order.job_ids, job)

    def test_the_package_that_is_on_the_visit_is_linked(self):
        order = self._create_repair_order(job_ids=[])
        self._add(self.oil_service, order)
        self._bring_to("offered", order)
        self._decide(order, "declined")
        order.with_user(self.advisor).action_leave("下次再说")
        finding = self.vehicle.finding_ids
        order = self._create_repair_order(job_ids=[])
        job = self._add(self.oil_service, order)
        self.assertEqual(job.finding_id, finding)
        job.finding_id = False
        self.assertEqual(self._revive(finding, order), job)
        self.assertEqual(job.finding_id, finding)

    def test_from_the_file_it_goes_to_the_open_visit(self):
        finding = self._decline()
        order = self._create_repair_order(job_ids=[])
        action = finding.action_revive()
        self.assertEqual(action["res_id"], order.id)
        self.assertEqual(order.job_ids.finding_id, finding)

    def test_on_the_form_it_stays_there(self):
        finding = self._decline()
        order = self._create_repair_order(job_ids=[])
        here = finding.with_context(revive_order_id=order.id)
        self.assertIs(here.action_revive(), True)
        self.assertEqual(order.job_ids.finding_id, finding)

    def test_without_a_visit_the_way_to_the_desk_is_shown(self):
        finding = self._decline()
        with self.assertRaisesRegex(RedirectWarning, "no open visit"):
            finding.action_revive()

    def test_the_desk_takes_it_up_with_the_car(self):
        finding = self._decline()
        orders = self.env["dealer.repair.order"].with_user(self.advisor)
        order = orders.browse(
            orders.receive(
                {
                    "vehicle_id": self.vehicle.id,
                    "package_ids": self.brakes.ids,
                    "finding_ids": finding.ids,
                }
            )
        )
        self.assertEqual(order.job_ids.mapped("name"), ["前刹车片", "更换机油"])

    def test_once_accepted_it_is_an_add_on(self):
        finding = self._decline()
        order = self._bring_to("accepted")
        job = self._revive(finding, order)
        self.assertEqual(job.origin, "addon")
        self.assertTrue(job.addon_reason)

    def test_a_finding_without_a_job_gives_an_empty_one(self):
        finding = self.env["dealer.vehicle.finding"].create(
            {"vehicle_id": self.vehicle.id, "name": "轮胎老化", "danger": "safety"}
        )
        job = self._revive(finding, self._create_repair_order())
        self.assertRecordValues(
            job,
            [{"name": "轮胎老化", "is_safety": True, "category_id": self.category.id}],
        )
        self.assertFalse(job.line_ids)

    def test_another_store_offers_it_at_its_own_prices(self):
        finding = self._decline()
        order = self._create_repair_order_b(vehicle_id=self.vehicle.id, job_ids=[])
        jobs = order.job_ids.browse(order.add_findings(finding.ids))
        self.assertEqual(jobs.company_id, self.company_b)
        self.assertEqual(jobs.line_ids.product_id, self.labour | self.oil)
        self.assertEqual(jobs.currency_id, order.currency_id)

    def test_declined_again_it_is_one_finding_still(self):
        finding = self._decline()
        order = self._create_repair_order(job_ids=[])
        self._revive(finding, order)
        self._bring_to("offered", order)
        self._decide(order, "deferred", reason="月底再做", follow_up_km=40000)
        self.assertRecordValues(
            self.vehicle.finding_ids,
            [{"state": "open", "reason": "月底再做", "follow_up_km": 40000}],
        )

    def test_a_withdrawn_yes_opens_it_again(self):
        finding = self._decline()
        order = self._create_repair_order(job_ids=[])
        self._revive(finding, order)
        self._bring_to("accepted", order)
        self.assertEqual(finding.state, "converted")
        order.with_user(self.advisor).action_cancel("客户改主意")
        self.assertEqual((finding.state, finding.revived_job_id.id), ("open", False))

    def test_what_does_not_fit_is_refused(self):
        finding = self._decline()
        other = self._create_repair_order(
            vehicle_id=self._create_vehicle(VINS[1], "京B67890").id
        )
        with self.assertRaisesRegex(UserError, "another car"):
            self._revive(finding, other)
        order = self._bring_to("inspection")
        with self.assertRaisesRegex(UserError, "takes no new work"):
            self._revive(finding, order)
        finding.action_dismiss("已在别处更换")
        with self.assertRaisesRegex(UserError, "already “Dismissed”"):
            finding.action_revive()
        with self.assertRaisesRegex(UserError, "choose what"):
            finding.browse().action_revive()

    def test_only_advisors_offer_it_again(self):
        finding = self._decline()
        order = self._create_repair_order(job_ids=[])
        for user in (self.technician, self.settlement_clerk):
            with self.subTest(user.name), self.assertRaises(AccessError):
                finding.with_user(user).action_revive()
            with self.subTest(user.name), self.assertRaises(AccessError):
                order.with_user(user).add_findings(finding.ids)

    def test_parts_keepers_open_the_visit_without_the_findings(self):
        self._decline()
        order = self._create_repair_order().with_user(self.parts_keeper)
        self.assertNotIn("open_finding_ids", order.fields_get())
        views = order.get_views([(False, "form")])
        self.assertNotIn("open_finding_ids", views["views"]["form"]["arch"])

    # === FIGURES === #

    def test_the_report_counts_what_was_sold(self):
        finding = self._decline()
        second = self._decline(vehicle_id=self._create_vehicle(VINS[1], "京B67890").id)
        order = self._create_repair_order(job_ids=[])
        self._revive(finding, order)
        report = self.env["dealer.finding.report"].with_user(self.advisor)
        domain = [("finding_id", "in", (finding | second).ids)]
        measures = ["finding_count:sum", "revived_count:sum", "rate:avg"]
        measures += ["amount:sum", "amount_revived:sum", "amount_rate:avg"]

        def read():
            self.env.flush_all()
            return report._read_group(domain, ["advisor_id"], measures)

        self.assertEqual(read()[0][1:4], (2, 0, 0.0))
        self._bring_to("accepted", order)
        [(advisor, noted, sold, rate, then, now, by_value)] = read()
        self.assertEqual((advisor, noted, sold, rate), (self.advisor, 2, 1, 0.5))
        self.assertEqual(now, order.job_ids.amount_total)
        self.assertAlmostEqual(by_value, now / then)
        row = report.search(domain).filtered("revived_count")
        self.assertEqual(row.revived_by_id, self.advisor)
        self.assertEqual(row.action_open_finding()["res_id"], finding.id)

    def test_the_report_is_for_the_store_and_hides_no_price_from_the_desk(self):
        finding = self._decline()
        report = self.env["dealer.finding.report"]
        domain = [("finding_id", "=", finding.id)]
        self.assertFalse(report.with_user(self.advisor_b).search(domain))
        with self.assertRaises(AccessError):
            report.with_user(self.technician).search(domain)
