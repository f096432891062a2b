from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import VINS, DealerServiceCommon


@tagged("post_install", "-at_install")
class TestVisitTour(DealerServiceCommon, HttpCase):
    """One visit driven in the browser from gate to gate, each part by its role."""

    browser_size = "1440x900"

    def _tour(self, name, role, path):
        """Run a tour as one role, then read the database again."""
        self.start_tour(f"/odoo/{path}", f"dealer_visit_{name}", login=role.login)
        self.env.invalidate_all()

    def test_one_visit_from_gate_to_gate(self):
        self._tour("intake", self.advisor, "repair-orders")
        order = self.vehicle.repair_order_ids
        self.assertEqual(order.state, "diagnosis")
        self.assertTrue(order.intake_signed_on)
        path = f"repair-orders/{order.id}"
        self._tour("diagnosis", self.technician, "diagnosis-sheets")
        self._tour("offer", self.advisor, path)
        self.assertEqual(order.state, "accepted")
        self._tour("take_over", self.dispatcher, path)
        self._tour("issue_parts", self.parts_keeper, "jobs")
        self._tour("start", self.technician, "my-jobs")
        self._tour("addon_refused", self.advisor, path)
        self._tour("finish", self.technician, "my-jobs")
        self._tour("peer_check", self.team_leader, "peer-checks")
        self._tour("inspection", self.inspector, "inspections")
        self._tour("ready", self.advisor, path)
        self._tour("settle", self.settlement_clerk, "to-settle")
        self._tour("deliver", self.advisor, path)

        self.assertEqual(order.state, "delivered")
        self.assertEqual(order.invoice_ids.mapped("payment_state"), ["paid"])
        self.assertRecordValues(
            order.job_ids.sorted("id"),
            [
                {"name": "Oil change", "state": "done"},
                {"name": "Front brake pads", "state": "declined"},
            ],
        )
        self.assertEqual(self.vehicle.guarantee_ids.mapped("state"), ["running"])
        self.assertEqual(self.vehicle.finding_ids.mapped("state"), ["open"])


@tagged("post_install", "-at_install")
class TestTabletTour(DealerServiceCommon, HttpCase):
    """The guided intake on a tablet that the advisor holds beside the car."""

    browser_size = "768x1024"
    touch_enabled = True

    def test_walk_around_the_car(self):
        self.env["dealer.odometer"].create(
            {"vehicle_id": self.vehicle.id, "value": 29000}
        )
        order = self._create_repair_order(
            mileage=0,
            fuel_percent=0,
            walkround_done=False,
            belongings_none=False,
            papers_listed=False,
        )
        path = f"/odoo/repair-orders/{order.id}/intake"
        self.start_tour(path, "dealer_intake_walk", login=self.advisor.login)
        self.env.invalidate_all()
        self.assertEqual(order.state, "diagnosis")
        self.assertRecordValues(
            order.mark_ids,
            [{"view": "left", "kind": "dent", "note": "Rear door, 3 cm"}],
        )
        self.assertAlmostEqual(order.mark_ids.x, 0.5, 1)
        self.assertRecordValues(
            order, [{"mileage": 30000, "fuel_percent": 50, "papers_listed": True}]
        )
        ticked = order.item_ids.filtered(
            lambda item: item.is_present == (item.kind != "walkround")
        )
        self.assertEqual(
            set(ticked.mapped("name")),
            {"ABS", "Dash camera", "Vehicle licence", "Tread depth"},
        )
        self.assertEqual(order.intake_signed_by, "王小明")
        self.assertTrue(order.intake_signed_on)


@tagged("post_install", "-at_install")
class TestTillTour(DealerServiceCommon, HttpCase):
    """The clerk's till: cash and card for one bill, and the change."""

    browser_size = "1440x900"

    def test_a_mixed_payment_in_a_few_clicks(self):
        order = self._bring_to("ready")
        login = self.settlement_clerk.login
        self.start_tour("/odoo/to-settle", "dealer_till_mixed", login=login)
        self.env.invalidate_all()
        self.assertEqual(order.state, "settled")
        paid = {pay.journal_id.type: pay.amount for pay in order.sudo().payment_ids}
        self.assertEqual(paid["bank"], 100)
        self.assertAlmostEqual(paid["cash"], order.sudo().amount_total - 100)


@tagged("post_install", "-at_install")
class TestGatePhone(DealerServiceCommon, HttpCase):
    """The gate page in a real browser, as narrow as a phone gets."""

    browser_size = "360x640"
    touch_enabled = True

    def test_the_page_fits_and_one_tap_lets_the_car_out(self):
        keeper = self._create_role(
            "gate", "dealer_service.group_dealer_gate", self.company
        )
        order = self._bring_to("settled")
        order.with_user(self.advisor).sign_delivery("王小明", self.signature)
        note = order.sudo().release_note_ids
        self.browser_js(
            f"/dealer/gate/{note.token}",
            """
            const form = document.querySelector("form");
            const answer = fetch(form.action, {
                method: "POST", body: new FormData(form),
            });
            answer.then((page) => page.text()).then((text) => {
                if (document.documentElement.scrollWidth > 360) {
                    console.error("the page is wider than the phone");
                } else if (!document.body.classList.contains("go")) {
                    console.error("the page is not green");
                } else if (!text.includes("OUT")) {
                    console.error("the car is not out");
                } else {
                    console.log("test successful");
                }
            });
            """,
            ready="document.readyState === 'complete'",
            login=keeper.login,
        )
        note.invalidate_recordset()
        self.assertEqual((note.state, note.left_by), ("used", keeper.name))


@tagged("post_install", "-at_install")
class TestPhoneTour(DealerServiceCommon, HttpCase):
    """The technician's card on a phone."""

    browser_size = "375x667"
    touch_enabled = True

    def test_clock_on_a_phone(self):
        order = self._bring_to("in_progress")
        path = "/odoo/my-jobs"
        self.start_tour(path, "dealer_phone_clock", login=self.technician.login)
        self.env.invalidate_all()
        addon = order.job_ids.filtered(lambda job: job.origin == "addon")
        self.assertRecordValues(addon, [{"is_safety": True, "state": "draft"}])
        self.assertEqual(addon.photo_ids.mimetype, "image/png")
        self.assertRecordValues(
            order.job_ids.work_log_ids.sorted("id"),
            [{"pause_reason": "parts"}, {"pause_reason": False}],
        )
        self.assertFalse(order.job_ids.running_log_ids)


@tagged("post_install", "-at_install")
class TestBoardTour(DealerServiceCommon, HttpCase):
    """The workshop board, as the dispatcher uses it and the advisor sees it."""

    browser_size = "1440x900"

    def _open_all_day(self):
        """Let the hours of the day at which the test runs be open."""
        self.company.resource_calendar_id.write(
            {
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": day,
                            "dayofweek": day,
                            "hour_from": 1,
                            "hour_to": 22,
                        }
                    )
                    for day in "0123456"
                ]
            }
        )

    def test_pull_a_job_forward_with_one_click(self):
        self._open_all_day()
        order = self._bring_to("in_progress")
        self.start_tour(
            "/odoo/workshop-board", "dealer_board_pull", login=self.dispatcher.login
        )
        self.env.invalidate_all()
        self.assertEqual(order.job_ids.bay_id.name, "B1")
        self.assertEqual(len(order.job_ids.sudo().reservation_ids), 1)

    def test_plan_by_dragging_and_by_dialog(self):
        self._open_all_day()
        self.env["dealer.bay"].create({"name": "B2", "code": "B2"})
        first = self._bring_to("in_progress")
        vehicle = self._create_vehicle(VINS[1], "京B67890")
        second = self._bring_to("in_progress", vehicle_id=vehicle.id)
        self.start_tour(
            "/odoo/workshop-board",
            "dealer_board_dispatcher",
            login=self.dispatcher.login,
        )
        self.env.invalidate_all()
        self.assertEqual(first.job_ids.bay_id.name, "B2")
        self.assertEqual(second.job_ids.bay_id.name, "B1")
        self.assertGreater(first.job_ids.planned_hours, 1)
        self.assertEqual(len(first.job_ids.sudo().reservation_ids), 1)
        self.start_tour(
            "/odoo/workshop-board", "dealer_board_looker", login=self.advisor.login
        )


@tagged("post_install", "-at_install")
class TestQualityTour(DealerServiceCommon, HttpCase):
    """The inspector's drive and signature; the come-back at the counter."""

    # A tablet held upright.
    browser_size = "820x1180"
    touch_enabled = True

    def test_an_inspector_drives_twice_and_issues_the_certificate(self):
        order = self._create_repair_order()
        order.job_ids.category_id = self.category_level2
        self._bring_to("inspection", order)
        checks = self.env["dealer.quality.check"].with_user(self.inspector)
        check = checks.browse(checks.start(order.id, "final"))
        for line in check.line_ids.filtered(lambda line: not line.is_road_test):
            line.write({"result": "pass", "value": line.max_value or line.min_value})
        self.start_tour(
            f"/odoo/inspections/{check.id}",
            "dealer_quality_certificate",
            login=self.inspector.login,
        )
        self.env.invalidate_all()
        self.assertRecordValues(
            check.road_test_ids.sorted("attempt"),
            [{"result": "fail", "distance": 3}, {"result": "pass", "distance": 8}],
        )
        self.assertEqual(order.certificate_id.mileage_out, 30011)

    def test_an_advisor_recognises_a_come_back(self):
        self._bring_to("delivered")
        order = self._create_repair_order(job_ids=[], concern="机油漏了", mileage=30100)
        self.start_tour(
            f"/odoo/repair-orders/{order.id}",
            "dealer_quality_comeback",
            login=self.advisor.login,
        )
        self.env.invalidate_all()
        self.assertEqual(order.rework_ids.kind, "external")
