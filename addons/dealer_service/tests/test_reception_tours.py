from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import DealerServiceCommon


class ReceptionTourCase(DealerServiceCommon, HttpCase):
    """The desk in the browser, as the advisor uses it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["dealer.service.package"].search([]).active = False
        cls.package = cls.env["dealer.service.package"].create(
            {
                "code": "desk_oil",
                "name": "机油保养",
                "category_id": cls.category.id,
                "line_ids": [
                    Command.create({"product_id": cls.labour.id, "quantity": 0.5}),
                    Command.create({"product_id": cls.oil.id, "quantity": 1}),
                ],
            }
        )

    def _tour(self, name):
        self.start_tour("/odoo/reception", name, login=self.advisor.login)
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestReceptionDeskTour(ReceptionTourCase):
    """At the counter, on a wide screen."""

    browser_size = "1440x900"

    def test_a_known_car_is_received_in_five_clicks(self):
        self._tour("dealer_desk_receive")
        order = self.vehicle.repair_order_ids
        self.assertEqual(order.state, "intake")
        self.assertEqual(order.concern, "Oil change is due")
        self.assertEqual(order.job_ids.mapped("name"), ["机油保养"])

    def test_the_desk_recognises_a_come_back_while_the_advisor_types(self):
        job = self._bring_to("delivered").job_ids
        self._tour("dealer_desk_comeback")
        order = self.vehicle.repair_order_ids - job.order_id
        self.assertEqual(order.state, "intake")
        self.assertRecordValues(
            order.job_ids,
            [{"guarantee_id": self.vehicle.guarantee_ids.id, "payer": "internal"}],
        )
        self.assertEqual(order.rework_ids.kind, "external")

    def test_a_signed_intake_leads_to_the_visit_and_back_to_the_desk(self):
        order = self._create_repair_order()
        self._tour("dealer_desk_finish_intake")
        self.assertEqual(order.state, "diagnosis")
        self.assertTrue(order.intake_signed_on)

    def test_an_unknown_car_gets_its_file_and_its_known_owner(self):
        partners = self.env["res.partner"].search_count([])
        self._tour("dealer_desk_register")
        vehicle = self.env["dealer.vehicle"].search(
            [("license_plate", "=", "沪B6K888")]
        )
        self.assertEqual(vehicle.owner_id, self.owner)
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        entry = self.env["dealer.reception.log"].search([])
        self.assertRecordValues(
            entry, [{"vehicle_id": vehicle.id, "purpose": "quote", "person": "王小明"}]
        )


@tagged("post_install", "-at_install")
class TestReceptionDeskTabletTour(ReceptionTourCase):
    """Beside the car, on a tablet held upright."""

    browser_size = "768x1024"

    def test_a_known_car_is_received_on_a_tablet(self):
        self._tour("dealer_desk_receive")
        self.assertEqual(self.vehicle.repair_order_ids.state, "intake")
