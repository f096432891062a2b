from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import VINS
from .two_stores_common import DealerTwoStoresCommon


@tagged("post_install", "-at_install")
class TestDealerSheets(DealerTwoStoresCommon):
    """What a hand-written call may not do to the sheets and amounts of a visit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_repair_order()
        cls.other = cls._create_repair_order(
            vehicle_id=cls._create_vehicle(VINS[1], "京B12345").id
        )

    def test_a_visit_keeps_its_own_sheets(self):
        """A signed sheet is not exchanged for another visit's, open one."""
        self._bring_to("diagnosis", self.order)
        for name in ("intake_id", "diagnosis_id", "delivery_id"):
            with self.assertRaises(UserError), self.cr.savepoint():
                self.order.write({name: self.other[name].id})
            with self.assertRaises(UserError), self.cr.savepoint():
                self._create_repair_order(
                    vehicle_id=self._create_vehicle(VINS[2], "京C12345").id,
                    **{name: self.other[name].id},
                )

    def test_no_line_is_moved_onto_a_signed_sheet(self):
        self._bring_to("diagnosis", self.order)
        item = self.env["dealer.intake.item"].with_user(self.advisor)
        item = item.create({"intake_id": self.other.intake_id.id, "name": "手机"})
        with self.assertRaises(UserError):
            item.intake_id = self.order.intake_id

    def test_a_sheet_stays_in_the_store_of_its_visit(self):
        for sheet in ("intake", "diagnosis", "delivery"):
            with self.assertRaises(UserError):
                self.order[f"{sheet}_id"].write(
                    {f"{sheet}_company_id": self.company_b.id}
                )

    def test_only_an_advisor_notes_that_a_diagnosis_was_explained(self):
        self._bring_to("diagnosis", self.order)
        sheet = self.order.diagnosis_id.with_user(self.technician)
        with self.assertRaises(AccessError):
            sheet.acknowledged_by = "王小明"

    def test_nobody_closes_a_colleagues_activity_through_a_job(self):
        """The call of an add-on is done for whoever answers; no other activity."""
        self._bring_to("offered", self.order)
        activity = self.owner.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.archivist.id
        )
        with self.assertRaises(UserError):
            self.order.job_ids.call_activity_id = activity

    def test_the_store_of_the_context_is_the_store_of_the_sheets(self):
        self.advisor.company_ids += self.company_b
        Order = self.env["dealer.repair.order"].with_user(self.advisor)
        order = Order.with_context(
            allowed_company_ids=(self.company + self.company_b).ids,
            default_company_id=self.company_b.id,
        ).create({"vehicle_id": self._create_vehicle(VINS[2], "京C12345").id})
        self.assertEqual(order.intake_company_id, order.company_id)

    def test_no_default_of_the_context_is_a_time_or_an_amount(self):
        Order = self.env["dealer.repair.order"].with_user(self.advisor)
        vehicle = self._create_vehicle(VINS[2], "京C12345")
        order = Order.with_context(
            default_settled_at="2020-01-01 00:00:00", default_amount_total=1.0
        ).create({"vehicle_id": vehicle.id})
        self.assertFalse(order.settled_at)
        self.assertEqual(order.amount_total, 0)
        job = order.job_ids.with_context(
            default_price_total=1.0, default_amount_total=1.0
        ).create(
            {
                "order_id": order.id,
                "name": "x",
                "line_ids": [
                    Command.create({"product_id": self.labour.id, "quantity": 1.0})
                ],
            }
        )
        self.assertEqual(job.amount_total, job.amount_untaxed + job.amount_tax)
        self.assertGreaterEqual(job.amount_total, 100.0)
