from odoo.tests import tagged

from .common import DealerServiceCommon


@tagged("post_install", "-at_install")
class TestGateToGate(DealerServiceCommon):
    def test_one_car_goes_from_gate_to_gate(self):
        """A walk-in visit passes every state, by the hands of each role (B0)."""
        order = self._create_repair_order()
        for state in (
            "diagnosis",
            "offered",
            "accepted",
            "in_progress",
            "inspection",
            "ready",
            "settled",
            "delivered",
        ):
            with self.subTest(state=state):
                self._bring_to(state, order)
                self.assertEqual(order.state, state)
        self.assertTrue(order.delivered_at)
        self.assertEqual(self.vehicle.odometer, 30000)
        guarantee = self.vehicle.guarantee_ids
        self.assertEqual((guarantee.km, guarantee.days), (2000, 10))
        order_sudo = order.sudo()
        self.assertRecordValues(
            order_sudo.invoice_ids, [{"state": "posted", "payment_state": "paid"}]
        )
        self.assertEqual(
            order_sudo.invoice_ids.amount_total,
            sum(order.job_ids.mapped("amount_total")),
        )
