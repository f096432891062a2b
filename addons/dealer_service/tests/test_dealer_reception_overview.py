from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .two_stores_common import DealerTwoStoresCommon


@tagged("post_install", "-at_install")
class TestDealerReceptionOverview(DealerTwoStoresCommon):
    """Before anybody comes, the desk shows what waits."""

    def _get_overview(self, user=None):
        orders = self.env["dealer.repair.order"].with_user(user or self.advisor)
        return orders.reception_overview()

    def _get_tasks(self, user=None):
        return {
            line["id"]: [task["key"] for task in line["tasks"]]
            for line in self._get_overview(user)["tasks"]
        }

    def _create_car(self, number):
        return self._create_vehicle(f"LSVNU2180N20{number:05}", f"沪A1{number:04}")

    def _make_overdue(self, vehicles):
        yesterday = fields.Date.context_today(vehicles) - timedelta(days=1)
        vehicles.write({"file_due_date": yesterday, "custodian_id": self.archivist.id})

    def _log_visitor(self, **values):
        logs = self.env["dealer.reception.log"].with_user(self.advisor)
        return logs.create({"person": "李先生", "purpose": "quote", **values})

    # === WHAT WAITS FOR THE ADVISOR === #

    def test_a_visit_waits_for_its_advisor_at_each_gate_of_the_desk(self):
        order = self._create_repair_order()
        self.assertEqual(self._get_tasks(), {order.id: ["intake"]})
        order.sign_intake("王小明", self.signature)
        order.action_start_diagnosis()
        self.assertEqual(self._get_tasks(), {})
        order.write({"findings": "机油发黑", "cause": "到期"})
        self.assertEqual(self._get_tasks(), {order.id: ["estimate"]})
        self._bring_to("offered", order)
        self.assertEqual(self._get_tasks(), {order.id: ["answer"]})
        self._decide(order)
        self.assertEqual(self._get_tasks(), {})

    def test_additional_work_waits_for_its_offer_and_then_for_the_answer(self):
        order = self._bring_to("in_progress")
        addon = order.job_ids.sudo().create(
            self._prepare_job_vals(
                order_id=order.id, name="刹车片", origin="addon", addon_reason="磨损"
            )
        )
        self.assertEqual(self._get_tasks(), {order.id: ["addon"]})
        addon.with_user(self.advisor).action_offer()
        self.assertEqual(self._get_tasks(), {order.id: ["answer"]})

    def test_a_missed_promise_comes_first_and_in_red(self):
        late = self._bring_to("in_progress")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE dealer_repair_order SET promised_at = %s WHERE id = %s",
            (fields.Datetime.now() - timedelta(hours=1), late.id),
        )
        late.invalidate_recordset()
        self._create_repair_order(vehicle_id=self._create_car(1).id)
        first, second = self._get_overview()["tasks"]
        self.assertEqual((first["id"], first["tasks"][0]["tone"]), (late.id, "danger"))
        self.assertEqual(first["tasks"][0]["key"], "missed")
        self.assertEqual(second["tasks"][0]["key"], "intake")

    def test_own_visits_stand_before_those_of_colleagues(self):
        theirs = self._create_repair_order()
        mine = self._create_repair_order(
            vehicle_id=self._create_car(1).id, advisor_id=self.supervisor.id
        )
        lines = self._get_overview(self.supervisor)["tasks"]
        self.assertEqual([line["id"] for line in lines], [mine.id, theirs.id])
        self.assertEqual([line["is_mine"] for line in lines], [True, False])

    def test_whoever_is_no_advisor_has_no_task_at_the_desk(self):
        self._create_repair_order()
        self.assertEqual(self._get_overview(self.archivist)["tasks"], [])

    # === FILES AND VISITORS === #

    def test_overdue_files_stand_in_the_store_of_their_keeper(self):
        self._make_overdue(self.vehicle)
        (line,) = self._get_overview()["files"]
        self.assertEqual(line["id"], self.vehicle.id)
        self.assertEqual(line["keeper"], self.archivist.name)
        self.assertEqual(line["missing"], self.vehicle.completeness_missing)
        self.assertEqual(self._get_overview(self.advisor_b)["files"], [])

    def test_a_file_within_its_two_days_is_not_overdue(self):
        self.assertTrue(self.vehicle.file_due_date)
        self.assertEqual(self._get_overview()["files"], [])

    def test_who_left_without_repair_is_remembered_for_some_days(self):
        self._log_visitor(demand="问大灯价格", answer="报价 480 元")
        self._log_visitor(date=fields.Datetime.now() - timedelta(days=4))
        (line,) = self._get_overview()["visitors"]
        self.assertEqual(line["person"], "李先生")
        self.assertEqual(line["demand"], "问大灯价格")
        self.assertEqual(line["answer"], "报价 480 元")
        self.assertEqual(self._get_overview(self.advisor_b)["visitors"], [])

    # === SPEED === #

    def _fill(self, numbers):
        cars = self.env["dealer.vehicle"].concat(*map(self._create_car, numbers))
        for number, car in zip(numbers, cars, strict=True):
            self._create_repair_order(vehicle_id=car.id)
            busy = self._create_car(100 + number)
            self._bring_to("in_progress", vehicle_id=busy.id)
            self._log_visitor(vehicle_id=car.id)
        self._make_overdue(cars)
        self.env.flush_all()
        self.env.invalidate_all()

    def test_the_start_screen_grows_without_more_queries(self):
        self._fill([1])
        self._get_overview()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        self._get_overview()
        once = self.env.cr.sql_log_count - start
        self._fill([2, 3, 4])
        with self.assertQueryCount(once):
            overview = self._get_overview()
        self.assertEqual(len(overview["present"]), 8)
        self.assertEqual(len(overview["files"]), 4)
        self.assertEqual(len(overview["visitors"]), 4)
        self.assertGreaterEqual(len(overview["tasks"]), 4)
        self.assertLessEqual(once, 45)
