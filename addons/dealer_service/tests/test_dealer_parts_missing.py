from odoo import fields
from odoo.tests import tagged

from .parts_common import DealerPartsCommon


@tagged("post_install", "-at_install")
class TestDealerPartsMissing(DealerPartsCommon):
    """A part is not on stock: the job waits, the part is proposed, then it arrives."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wait_job = cls._add_part_job(cls.order, cls.missing_part, 2)
        cls.wait_requisition = cls.wait_job.requisition_ids

    def test_a_missing_part_is_noticed_at_approval(self):
        self.assertEqual(self.wait_job.parts_state, "waiting")
        self.assertEqual(self.wait_requisition.urgency, "waiting")
        self.assertTrue(self.wait_requisition.missing_since)
        self.assertIn("大灯总成 × 2", self.wait_job.parts_missing_text)
        messages = self.order.message_ids.filtered(
            lambda message: "waits for parts" in (message.body or "")
        )
        self.assertEqual(len(messages), 1)

    def test_a_purchase_is_proposed_once(self):
        rule = self.env["stock.warehouse.orderpoint"].search(
            [("product_id", "=", self.missing_part.id)]
        )
        self.assertRecordValues(
            rule,
            [{"trigger": "manual", "location_id": self.warehouse.lot_stock_id.id}],
        )
        self.assertEqual(rule.qty_to_order, 2)
        keeper = self.wait_requisition.with_user(self.parts_keeper)
        action = keeper.action_order()
        self.assertEqual(action["domain"], [("id", "in", rule.ids)])
        self._add_part_job(self.order, self.missing_part, 1)
        self.env.invalidate_all()
        self.assertEqual(rule.search([("product_id", "=", self.missing_part.id)]), rule)
        self.assertEqual(rule.qty_to_order, 3)

    def test_nothing_to_order_is_said(self):
        with self.assertRefused("Nothing is missing"):
            self.requisition.with_user(self.parts_keeper).action_order()

    def test_a_blocked_technician_pauses_by_asking(self):
        job = self.wait_job.with_user(self.technician)
        job.action_clock_in()
        job.request_parts(is_blocked=True)
        self.assertRecordValues(
            self.wait_job, [{"state": "paused", "pause_reason": "parts"}]
        )
        self.assertFalse(self.wait_job.running_log_ids)

    def test_pausing_for_parts_is_asking_for_them(self):
        job = self.wait_job.with_user(self.technician)
        job.action_clock_in()
        job.action_clock_out("parts")
        self.assertEqual(self.wait_requisition.requested_by_id, self.technician)

    def test_a_receipt_reserves_and_tells_who_waits(self):
        job = self.wait_job.with_user(self.technician)
        job.action_clock_in()
        job.request_parts(is_blocked=True)
        self._receive(self.missing_part, 1)
        self.assertEqual(self.wait_job.parts_state, "partial")
        self.assertFalse(self.wait_job.parts_arrived)
        self._receive(self.missing_part, 1)
        self.assertRecordValues(
            self.wait_job, [{"parts_state": "ready", "parts_arrived": True}]
        )
        self.assertRecordValues(
            self.wait_requisition, [{"missing_since": False, "urgency": "asked"}]
        )
        for user in (self.technician, self.dispatcher, self.advisor):
            with self.subTest(user=user.name):
                told = self._get_inbox(user).filtered(
                    lambda message: "have arrived" in message.body
                )
                self.assertEqual(len(told), 1)
        job.action_clock_in()
        self.assertEqual(self.wait_job.state, "in_progress")

    def test_the_car_that_waits_longest_gets_the_part(self):
        later = self._add_part_job(self.order, self.missing_part, 2)
        self._receive(self.missing_part, 2)
        self.assertEqual(self.wait_job.parts_state, "ready")
        self.assertEqual(later.parts_state, "waiting")

    def test_the_day_of_an_order_under_way_is_shown(self):
        day = fields.Datetime.add(fields.Datetime.now(), days=2)
        supplier = self.env.ref("stock.stock_location_suppliers")
        move = self.env["stock.move"].create(
            {
                "product_id": self.missing_part.id,
                "product_uom_qty": 2,
                "location_id": supplier.id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "date": day,
            }
        )
        move._action_confirm()
        self.env.invalidate_all()
        job = self.wait_job.with_user(self.technician)
        self.assertEqual(job.parts_expected_on, day.date())
        self.assertEqual(
            self.wait_requisition.with_user(self.parts_keeper).parts_expected_on,
            day.date(),
        )

    def test_the_inspection_waits_and_names_the_way_out(self):
        self.assertIn(
            "大灯总成: not issued yet. The parts keeper issues it, or the team leader "
            "releases it as not needed.",
            self.order.missing,
        )
        line = self.wait_requisition.line_ids.with_user(self.team_leader)
        line.ask_return(2, "customer")
        self.assertNotIn("大灯总成: not issued", self.order.missing)
        self.assertEqual(self.wait_job.parts_state, "none")
        self.assertFalse(self.wait_requisition.missing_since)
