import json

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .parts_common import DealerPartsCommon


@tagged("post_install", "-at_install")
class TestDealerPartsReturn(DealerPartsCommon):
    """A part comes back: reason, team leader's check, stock, and what is paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pad_job = cls._add_part_job(cls.order, cls.pads, 2)
        cls.pad_line = cls.pad_job.requisition_ids.line_ids
        cls.sale_line = cls._get_sale_line(cls.pad_job)
        cls.requisition.with_user(cls.parts_keeper).action_issue()
        cls.pad_job.requisition_ids.with_user(cls.parts_keeper).action_issue()

    def _ask(self, quantity=1, reason="surplus", user=None):
        line = self.pad_line.with_user(user or self.technician)
        return_id = line.ask_return(quantity, reason, "多领了")
        return self.env["dealer.parts.return"].browse(return_id)

    def _bring_back(self, quantity=1, reason="surplus"):
        record = self._ask(quantity, reason)
        record.with_user(self.team_leader).action_check()
        record.with_user(self.parts_keeper).action_receive()
        return record

    def _free_quantity(self, product):
        return self.env["stock.quant"]._get_available_quantity(
            product, self.warehouse.lot_stock_id
        )

    def test_the_leader_checks_before_the_keeper_takes_it(self):
        record = self._ask()
        self.assertEqual(record.state, "asked")
        with self.assertRefused("To check"):
            record.with_user(self.parts_keeper).action_receive()
        for user in (self.technician, self.parts_keeper, self.advisor):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                record.with_user(user).action_check()
        record.with_user(self.team_leader).action_check()
        with self.assertRaises(AccessError):
            record.with_user(self.team_leader).action_receive()
        record.with_user(self.parts_keeper).action_receive()
        self.assertRecordValues(
            record,
            [
                {
                    "state": "done",
                    "asked_by_id": self.technician.id,
                    "checked_by_id": self.team_leader.id,
                    "received_by_id": self.parts_keeper.id,
                }
            ],
        )
        self.assertEqual(record.picking_ids.state, "done")
        with self.assertRefused("Done"):
            record.with_user(self.parts_keeper).action_receive()

    def test_what_is_not_used_is_not_paid_and_is_free_again(self):
        price = self.pad_job.amount_total
        free = self._free_quantity(self.pads)
        self._bring_back()
        self.assertRecordValues(
            self.sale_line, [{"product_uom_qty": 1, "qty_delivered": 1}]
        )
        self.assertEqual(self._free_quantity(self.pads), free + 1)
        self.assertEqual(self.pad_job.amount_total, price, "what was signed stays")
        self.assertRecordValues(
            self.pad_line,
            [{"quantity_approved": 2, "quantity_sold": 1, "quantity_issued": 1}],
        )
        self.assertEqual(self.pad_job.parts_state, "issued")

    def test_what_comes_back_does_not_stop_the_work(self):
        self.pad_job.with_user(self.technician).action_clock_in()
        self._bring_back()
        self.assertEqual(self.pad_job.state, "in_progress")
        self.assertFalse(self.pad_job.requisition_ids.missing_since)

    def test_all_of_it_comes_back(self):
        self._bring_back(2, "not_needed")
        self.assertEqual(self.sale_line.product_uom_qty, 0)
        self.assertEqual(self.pad_line.state, "released")
        self.assertEqual(self.pad_job.parts_state, "none")

    def test_a_wrong_part_is_replaced_and_paid_once(self):
        self._bring_back(1, "wrong_part")
        self.assertRecordValues(
            self.sale_line, [{"product_uom_qty": 2, "qty_delivered": 1}]
        )
        self.assertEqual(self.pad_job.parts_state, "ready")
        self.pad_job.requisition_ids.with_user(self.parts_keeper).action_issue()
        self.assertEqual(self.sale_line.qty_delivered, 2)
        self.assertEqual(self.pad_job.parts_state, "issued")

    def test_a_defective_part_is_kept_out_of_the_free_stock(self):
        free = self._free_quantity(self.pads)
        record = self._bring_back(1, "defective")
        self.assertEqual(
            record.picking_ids.move_ids.move_line_ids.location_dest_id.name,
            "Defective parts",
        )
        self.assertEqual(self._free_quantity(self.pads), free - 1)

    def test_a_serial_number_comes_back(self):
        product, serials = self._take_in_tracked("serial", ["SN1", "SN2"])
        job = self._add_part_job(self.order, product, 1)
        requisition = job.requisition_ids.with_user(self.parts_keeper)
        requisition.issue(
            [{"line_id": requisition.line_ids.id, "lot_id": serials[1].id}]
        )
        line = requisition.line_ids.with_user(self.team_leader)
        record = self.env["dealer.parts.return"].browse(line.ask_return(1, "customer"))
        self.assertEqual(record.state, "checked", "a leader needs no second look")
        record.with_user(self.parts_keeper).action_receive()
        self.assertEqual(record.picking_ids.move_ids.lot_ids, serials[1])

    def test_what_was_not_fetched_is_released_by_the_check(self):
        job = self._add_part_job(self.order, self.oil, 3)
        free = self._free_quantity(self.oil)
        line = job.requisition_ids.line_ids.with_user(self.technician)
        record = self.env["dealer.parts.return"].browse(
            line.ask_return(1, "not_needed")
        )
        self.assertEqual(record.kind, "release")
        record.with_user(self.team_leader).action_check()
        self.assertEqual(record.state, "done")
        self.assertEqual(self._free_quantity(self.oil), free + 1)
        self.assertRecordValues(
            line.sudo(), [{"quantity_sold": 2, "quantity_reserved": 2}]
        )
        moves = self._get_sale_line(job).move_ids.filtered(
            lambda move: move.state != "cancel"
        )
        self.assertEqual(sum(moves.mapped("product_uom_qty")), 2)

    def test_no_more_comes_back_than_is_on_the_car(self):
        self._ask(1)
        with self.assertRefused("only 2 left"):
            self._ask(2)
        for quantity in (0, -1):
            with self.subTest(quantity=quantity), self.assertRefused("more than zero"):
                self._ask(quantity)
        with self.assertRefused("Reason: choose one of"):
            self._ask(1, "because")

    def test_a_refused_return_stays_on_the_car(self):
        record = self._ask()
        with self.assertRefused("say why"):
            record.with_user(self.team_leader).refuse(" ")
        record.with_user(self.team_leader).refuse("包装已拆")
        self.assertRecordValues(record, [{"state": "refused", "refusal": "包装已拆"}])
        self.assertEqual(self.pad_line.quantity_issued, 2)

    def test_inspection_waits_for_parts_on_their_way_back(self):
        record = self._ask()
        self.assertIn("the team leader checks it first", self.order.missing)
        record.with_user(self.team_leader).action_check()
        self.env.invalidate_all()
        self.assertIn("the parts keeper takes it in first", self.order.missing)
        record.with_user(self.parts_keeper).action_receive()
        self.env.invalidate_all()
        self.assertNotIn("comes back", self.order.missing)

    def test_another_store_sees_none_of_it(self):
        store = self.env["res.company"].create({"name": "东城店"})
        record = self._ask()
        for role, group in (
            ("parts_keeper", "stock.group_stock_user"),
            ("team_leader", "dealer_service.group_dealer_team_leader"),
        ):
            stranger = self._create_role(role, group, store)
            with self.subTest(role=role), self.assertRaises(AccessError):
                record.with_user(stranger).read(["state"])
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.requisition.with_user(stranger).read(["name"])

    # === MONEY === #

    def _finish(self):
        for job in self.order.job_ids:
            self._work_on(job)
        self.order.with_user(self.team_leader).action_request_inspection()
        self._step_final_check(self.order)

    def _list_totals(self):
        return self.order._get_settlement_list()["totals"]

    def _read_report(self):
        self.env.flush_all()
        self.env.invalidate_all()
        report = self.env["dealer.repair.report"]
        row = report.search([("job_id", "=", self.pad_job.id)])
        return row.amount, row.amount_part

    def test_what_came_back_brings_nothing_in(self):
        amount, parts = self._read_report()
        self._bring_back()
        self.assertEqual(self._read_report(), (amount / 2, parts / 2))
        self._bring_back()
        self.assertEqual(self._read_report(), (0, 0))

    def _list_reported_parts(self, record):
        parts = json.loads(record.payload)["vehiclepartslist"]
        return {part["partsname"]: part["partsquantity"] for part in parts}

    def test_the_authority_is_told_what_stayed_on_the_car(self):
        self._finish()
        self._step_settle(self.order)
        record = self.order.compliance_ids
        pads = self.pad_job.line_ids.name
        self.assertEqual(self._list_reported_parts(record)[pads], 2)
        self._bring_back()
        self.assertEqual(self.order.compliance_ids, record, "not sent: built again")
        self.assertEqual(self._list_reported_parts(record)[pads], 1)
        record._stamp({"state": "sent"})
        self._bring_back()
        correction = self.order.compliance_ids - record
        self.assertEqual(correction.replaces_id, record)
        self.assertIn("Parts came back", correction.correction_reason)
        self.assertNotIn(pads, self._list_reported_parts(correction))
        self.assertEqual(self._list_reported_parts(record)[pads], 1)

    def test_returned_before_the_invoice_it_is_not_billed(self):
        self._bring_back()
        self._finish()
        self._step_settle(self.order)
        self.assertEqual(self.order.state, "settled")
        billed = self.order.invoice_ids.invoice_line_ids.filtered(
            lambda line: line.product_id == self.pads
        )
        self.assertEqual(billed.quantity, 1)
        listed = self.order._get_settlement_list()
        pads = [line for line in listed["parts"] if line["quantity"] == 1]
        self.assertTrue(pads, "the settlement list shows what was kept")
        totals = listed["totals"]
        self.assertAlmostEqual(totals["total"], totals["invoiced"], 2)

    def test_returned_after_the_invoice_it_is_credited_and_settled(self):
        self._finish()
        desk = self.order.with_user(self.settlement_clerk)
        desk.action_create_invoices()
        before = self.order.amount_due
        self._bring_back()
        self.assertIn("invoice", self.order.missing)
        desk.action_create_invoices()
        credit = self.order.invoice_ids.filtered(
            lambda move: move.move_type == "out_refund"
        )
        self.assertEqual(credit.state, "posted")
        self.assertEqual(credit.invoice_line_ids.quantity, 1)
        self.assertAlmostEqual(self.order.amount_due, before - credit.amount_total)
        self.assertEqual(credit.payment_state, "paid", "set off against the invoice")
        desk.register_payment(self.order.amount_due, self.cash_journal.id)
        self.env.invalidate_all()
        desk.action_settle()
        self.assertEqual(self.order.state, "settled")

    def test_returned_after_payment_the_money_goes_back(self):
        self._finish()
        self._step_settle(self.order)
        desk = self.order.with_user(self.settlement_clerk)
        self.assertFalse(desk.can_invoice)
        self._bring_back()
        self.env.invalidate_all()
        self.assertTrue(desk.can_invoice)
        self.assertIn("the credit note is missing", self.order.missing)
        desk.action_create_invoices()
        self.env.invalidate_all()
        self.assertTrue(desk.can_pay_back)
        self.assertIn("is owed back", self.order.missing)
        with self.assertRefused("is owed back"):
            self._step_deliver(self.order)
        with self.assertRefused("till or bank account of this store"):
            desk.pay_back(0)
        with self.assertRefused("Nothing is owed back"):
            desk.pay_back(self.cash_journal.id, "insurance")
        with self.assertRaises(AccessError):
            self.order.with_user(self.advisor).pay_back(self.cash_journal.id)
        received = self._list_totals()["received"]
        (payment_id,) = desk.pay_back(self.cash_journal.id)
        self.env.invalidate_all()
        payment = self.env["account.payment"].browse(payment_id)
        self.assertEqual(payment.dealer_order_id, self.order)
        totals = self._list_totals()
        self.assertAlmostEqual(totals["received"], received - payment.amount, 2)
        self.assertAlmostEqual(totals["received"], totals["total"], 2)
        self.assertEqual(self.order.amount_due, 0)
        self.assertNotIn("owed back", self.order.missing)
        self._step_deliver(self.order)
        self.assertEqual(self.order.state, "delivered")
