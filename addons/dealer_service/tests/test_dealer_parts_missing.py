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

    # === PAUSED BY ITSELF === #

    def _lose(self, quantity=100):
        """Find on the shelf that the oil reserved for the car is not there."""
        quant = self.env["stock.quant"].search(
            [
                ("product_id", "=", self.oil.id),
                ("location_id", "=", self.warehouse.lot_stock_id.id),
            ]
        )
        quant.with_context(inventory_mode=True).write(
            {"inventory_quantity": 100 - quantity}
        )
        quant.action_apply_inventory()
        self.env.invalidate_all()

    def test_work_stops_when_its_parts_turn_out_missing(self):
        self.job.with_user(self.technician).action_clock_in()
        self._lose()
        self.assertEqual(self.job.parts_state, "waiting")
        self.assertRecordValues(
            self.job, [{"state": "paused", "pause_reason": "parts"}]
        )
        log = self.job.work_log_ids
        self.assertTrue(log.stop)
        self.assertEqual(log.pause_reason, "parts")
        for user in (self.technician, self.dispatcher, self.advisor):
            with self.subTest(user=user.name):
                told = self._get_inbox(user).filtered(
                    lambda message: (
                        "机油" in message.body and "waits for parts" in message.body
                    )
                )
                self.assertEqual(len(told), 1)

    def test_all_clocks_of_the_job_stop(self):
        self.job.with_user(self.technician).action_clock_in()
        self.job.with_user(self.technician2).action_clock_in()
        self._lose()
        self.assertTrue(all(self.job.work_log_ids.mapped("stop")))

    def test_who_goes_on_with_something_else_is_not_stopped_again(self):
        job = self.job.with_user(self.technician)
        job.action_clock_in()
        self._lose()
        job.action_clock_in()
        self.requisition._watch_parts()
        self.env["stock.move"].search(
            [("product_id", "=", self.oil.id)]
        )._action_assign()
        self.assertEqual(self.job.state, "in_progress")
        self.assertEqual(
            len(self.job.work_log_ids.filtered(lambda log: not log.stop)), 1
        )

    def test_asking_without_being_blocked_stops_nothing(self):
        job = self.wait_job.with_user(self.technician)
        job.action_clock_in()
        self.wait_requisition.sudo().missing_since = False
        job.request_parts()
        self.assertEqual(self.wait_job.state, "in_progress")

    def test_the_job_is_to_be_done_again_when_its_parts_arrive(self):
        self.job.with_user(self.technician).action_clock_in()
        self._lose()
        self._receive(self.oil, 1)
        self.env.invalidate_all()
        self.assertRecordValues(
            self.job,
            [{"state": "paused", "pause_reason": "resume", "parts_arrived": True}],
        )
        self.assertTrue(all(self.job.work_log_ids.mapped("stop")))
        self.job.with_user(self.technician).action_clock_in()
        self.assertRecordValues(
            self.job, [{"state": "in_progress", "pause_reason": False}]
        )

    def test_a_job_to_be_done_waits_again_when_its_parts_are_lost(self):
        self.job.with_user(self.technician).action_clock_in()
        self._lose()
        self._receive(self.oil, 1)
        self._lose()
        self.assertEqual(self.job.pause_reason, "parts")

    def test_another_pause_stays_when_parts_arrive(self):
        job = self.wait_job.with_user(self.technician)
        job.action_clock_in()
        job.action_clock_out("break")
        self._receive(self.missing_part, 2)
        self.assertEqual(self.wait_job.pause_reason, "break")

    def test_nobody_chooses_to_be_done_as_a_reason(self):
        job = self.wait_job.with_user(self.technician)
        job.action_clock_in()
        with self.assertRefused("Reason: choose one of"):
            job.action_clock_out("resume")

    # === WHO IS TOLD === #

    def test_people_of_several_stores_and_other_roles_are_told_of_the_arrival(self):
        other = self.env["res.company"].create({"name": "东城店"})
        group = self.env["res.groups"].create(
            {
                "name": "Shift leaders",
                "implied_ids": [
                    (4, self.env.ref("dealer_service.group_dealer_dispatcher").id)
                ],
            }
        )
        self.dispatcher.write(
            {
                "group_ids": [
                    (3, self.env.ref("dealer_service.group_dealer_dispatcher").id),
                    (4, group.id),
                ],
                "company_ids": [(4, other.id)],
                "company_id": other.id,
            }
        )
        self._receive(self.missing_part, 2)
        told = self._get_inbox(self.dispatcher).filtered(
            lambda message: "have arrived" in message.body
        )
        self.assertEqual(len(told), 1)

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
