from odoo.tests import HttpCase, tagged

from .common import DealerServiceCommon


@tagged("post_install", "-at_install")
class TestDiagnosisTour(DealerServiceCommon, HttpCase):
    """The diagnosis sheet on a technician's phone, explained at the desk (C2, F04)."""

    browser_size = "375x667"

    def test_diagnosed_on_a_phone(self):
        self.env["dealer.diagnosis.item"].search([]).active = False
        self.env["dealer.diagnosis.item"].create(
            {
                "name": "Charging voltage",
                "unit": "V",
                "limit_kind": "range",
                "min_value": 13.5,
                "max_value": 14.8,
            }
        )
        order = self._create_repair_order()
        order.sign_intake("王小明", self.signature)
        order.action_start_diagnosis()
        self.start_tour(
            "/odoo/diagnosis-sheets",
            "dealer_phone_diagnosis",
            login=self.technician.login,
        )
        self.env.invalidate_all()
        self.assertRecordValues(
            order.test_ids,
            [
                {"name": "Charging voltage", "code": False, "result": "out"},
                {"name": False, "code": "P0562", "result": "out"},
            ],
        )
        self.assertEqual(order.trouble_codes, "P0562")
        self.assertEqual(order.technician_id, self.technician.employee_id)
        self.assertTrue(order.findings and order.diagnosed_on)

        self.browser_size = "1440x900"
        self.start_tour(
            f"/odoo/repair-orders/{order.id}",
            "dealer_diagnosis_explained",
            login=self.advisor.login,
        )
        self.env.invalidate_all()
        self.assertEqual(order.acknowledged_by, "Mrs. Wang")
        self.assertEqual(order.explained_by_id, self.advisor)
