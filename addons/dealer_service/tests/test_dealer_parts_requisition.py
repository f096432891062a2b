from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .parts_common import DealerPartsCommon


@tagged("post_install", "-at_install")
class TestDealerPartsRequisition(DealerPartsCommon):
    """F10: parts leave the stock against an approved job, on one paper per job."""

    # === OPENING === #

    def test_a_requisition_opens_by_itself_with_what_was_sold(self):
        self.assertRecordValues(
            self.requisition,
            [
                {
                    "company_id": self.company.id,
                    "parts_state": "ready",
                    "urgency": "planned",
                    "requested_by_id": False,
                }
            ],
        )
        self.assertRecordValues(
            self.line,
            [
                {
                    "product_id": self.oil.id,
                    "quantity_sold": 1,
                    "quantity_issued": 0,
                    "quantity_reserved": 1,
                    "quantity_missing": 0,
                    "state": "ready",
                }
            ],
        )

    def test_nothing_is_requested_before_the_customer_approves(self):
        order = self._bring_to(
            "offered",
            vehicle_id=self._create_vehicle("LGBH52E06NY123456", "京B12345").id,
        )
        self.assertFalse(order.job_ids.requisition_ids)
        self.assertEqual(order.job_ids.parts_state, "none")
        with self.assertRefused("not approved by the customer"):
            order.job_ids.with_user(self.technician).request_parts()

    def test_a_changed_job_keeps_its_requisition(self):
        order = self._take_in(
            "accepted",
            vehicle_id=self._create_vehicle("LGBH52E06NY123456", "京B12345").id,
        )
        job, requisition = order.job_ids, order.job_ids.requisition_ids
        part = job.line_ids.filtered(lambda line: line.kind == "part")
        part.with_user(self.advisor).quantity = 2
        self.assertEqual(job.parts_state, "none")
        job.with_user(self.advisor).action_offer()
        self._decide(order)
        self.assertEqual(job.requisition_ids, requisition)
        self.assertEqual(requisition.line_ids.quantity_reserved, 2)
        self.assertEqual(job.parts_state, "ready")

    def test_a_part_of_the_customer_is_on_the_paper_but_not_on_stock(self):
        job = self._add_part_job(self.order, self.pads, 1, part_origin="customer")
        self.assertRecordValues(
            job.requisition_ids.line_ids,
            [{"state": "customer", "quantity_reserved": 0, "quantity_missing": 0}],
        )
        self.assertEqual(job.requisition_ids.urgency, "done")
        with self.assertRefused("All parts of"):
            job.with_user(self.parts_keeper).action_issue_parts()

    def test_nobody_writes_the_paper_by_hand(self):
        for user in (self.parts_keeper, self.advisor, self.technician):
            with self.subTest(user=user.name), self.assertRefused("by hand"):
                self.requisition.with_user(user).write({"issued_by_id": user.id})
        with self.assertRaises(AccessError):
            self.line.with_user(self.technician).old_part = "shop"
        with self.assertRefused("by hand"):
            self.requisition.with_user(self.parts_keeper).copy()
        with self.assertRefused("promised date and the old part"):
            self.line.with_user(self.parts_keeper).repair_line_id = 1

    # === ASKING === #

    def test_a_technician_asks_and_the_keeper_is_told(self):
        job = self.job.with_user(self.technician)
        job.action_clock_in()
        job.request_parts(note="请送到 3 号工位")
        self.assertRecordValues(
            self.requisition,
            [
                {
                    "requested_by_id": self.technician.id,
                    "request_note": "请送到 3 号工位",
                    "urgency": "asked",
                }
            ],
        )
        told = self._get_inbox(self.parts_keeper)[:1]
        self.assertIn("京A12345", told.body)
        self.assertIn("3 号工位", told.body)
        self.assertEqual(self.job.state, "in_progress", "nothing is missing")

    def test_asking_twice_tells_the_keeper_once(self):
        job = self.job.with_user(self.technician)
        job.request_parts()
        before = len(self._get_inbox(self.parts_keeper))
        job.request_parts(note="快一点")
        self.assertEqual(len(self._get_inbox(self.parts_keeper)), before)
        self.assertEqual(self.requisition.request_note, "快一点")

    def test_what_was_not_sold_leads_to_an_addon(self):
        job = self.job.with_user(self.technician)
        with self.assertRefused("did not approve this.*Raise an add-on"):
            job.request_parts([{"product_id": self.pads.id, "quantity": 1}])
        with self.assertRefused("did not approve this.*Raise an add-on"):
            job.request_parts([{"product_id": self.oil.id, "quantity": 2}])
        job.request_parts([{"product_id": self.oil.id, "quantity": 1}])

    def test_asking_is_for_technicians(self):
        for user in (self.parts_keeper, self.dispatcher, self.inspector):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.job.with_user(user).request_parts()

    def test_a_bad_request_is_refused_in_a_sentence(self):
        job = self.job.with_user(self.technician)
        with self.assertRefused("choose one from the list"):
            job.request_parts([{"product_id": 0, "quantity": 1}])
        with self.assertRefused("more than zero"):
            job.request_parts([{"product_id": self.oil.id, "quantity": -1}])

    # === ISSUING === #

    def test_one_tap_issues_and_names_the_keeper(self):
        requisition = self.requisition.with_user(self.parts_keeper)
        requisition.action_issue()
        self.assertRecordValues(
            self.requisition,
            [
                {
                    "issued_by_id": self.parts_keeper.id,
                    "parts_state": "issued",
                    "urgency": "done",
                }
            ],
        )
        self.assertEqual(self.line.quantity_issued, 1)
        self.requisition.with_user(self.technician).action_receive()
        self.assertEqual(self.requisition.received_by_id, self.technician)

    def test_a_transfer_validated_in_the_stock_app_counts_the_same(self):
        moves = self._get_sale_line(self.job).move_ids
        picking = moves.picking_id.with_user(self.parts_keeper)
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(self.requisition.issued_by_id, self.parts_keeper)
        self.assertEqual(self.job.parts_state, "issued")

    def test_a_part_of_the_quantity_is_issued(self):
        job = self._add_part_job(self.order, self.pads, 4)
        requisition = job.requisition_ids.with_user(self.parts_keeper)
        line = requisition.line_ids
        requisition.issue([{"line_id": line.id, "quantity": 3}])
        self.assertRecordValues(
            line, [{"quantity_issued": 3, "quantity_reserved": 1, "state": "ready"}]
        )
        self.assertEqual(job.parts_state, "ready")
        requisition.action_issue()
        self.assertEqual(job.parts_state, "issued")

    def test_no_more_than_the_shelf_holds_is_issued(self):
        requisition = self.requisition.with_user(self.parts_keeper)
        for values, sentence in (
            ({"line_id": self.line.id, "quantity": 2}, "only 1 on the shelf"),
            ({"line_id": self.line.id, "quantity": 0}, "more than zero"),
            ({"line_id": 0}, "not on the requisition"),
        ):
            with self.subTest(values=values), self.assertRefused(sentence):
                requisition.issue([values])
        with self.assertRefused("at least one part"):
            requisition.issue([])
        self.assertFalse(self.line.quantity_issued)

    def test_only_keepers_issue(self):
        for user in (self.technician, self.team_leader, self.advisor):
            with self.subTest(user=user.name):
                with self.assertRaises(AccessError):
                    self.requisition.with_user(user).action_issue()
                with self.assertRaises(AccessError):
                    self.requisition.with_user(user).issue([{"line_id": self.line.id}])

    def test_the_serial_number_in_hand_is_the_one_issued(self):
        product, serials = self._take_in_tracked("serial", ["SN1", "SN2"])
        job = self._add_part_job(self.order, product, 1)
        requisition = job.requisition_ids.with_user(self.parts_keeper)
        line = requisition.line_ids
        self.assertIn("SN1", line.shelf)
        requisition.issue(
            [{"line_id": line.id, "quantity": 1, "lot_id": serials[1].id}]
        )
        self.assertEqual(line.lot_names, "SN2")
        self.assertEqual(job.parts_state, "issued")
        quants = self.env["stock.quant"]._gather(
            product, self.warehouse.lot_stock_id, lot_id=serials[0]
        )
        self.assertEqual(sum(quants.mapped("available_quantity")), 1)

    def test_a_lot_of_another_part_or_an_empty_one_is_refused(self):
        product, lots = self._take_in_tracked("lot", ["L1", "L2"])
        other, other_lots = self._take_in_tracked("lot", ["X1"])
        job = self._add_part_job(self.order, product, 5)
        self._add_part_job(self.order, product, 5)
        requisition = job.requisition_ids.with_user(self.parts_keeper)
        values = {"line_id": requisition.line_ids.id, "quantity": 5}
        with self.assertRefused("is no lot of"):
            requisition.issue([dict(values, lot_id=other_lots.id)])
        with self.assertRefused("L2: only 0 left"):
            requisition.issue([dict(values, lot_id=lots[1].id)])

    # === WHAT PEOPLE SEE === #

    def test_stock_kept_for_a_car_names_it(self):
        quant = self.env["stock.quant"]._gather(self.oil, self.warehouse.lot_stock_id)
        keeper_quant = quant.with_user(self.parts_keeper)
        self.assertIn("京A12345", keeper_quant.dealer_reserved_for)
        self.assertIn(self.order.name, keeper_quant.dealer_reserved_for)
        action = self.oil.with_user(self.parts_keeper).action_open_reserved_cars()
        picks = self.env["stock.move.line"].with_user(self.parts_keeper)
        picks = picks.search(action["domain"])
        self.assertRecordValues(picks, [{"dealer_job_id": self.job.id, "quantity": 1}])
        self.requisition.with_user(self.parts_keeper).action_issue()
        self.env.invalidate_all()
        self.assertFalse(keeper_quant.dealer_reserved_for)

    def test_the_keepers_list_takes_few_queries(self):
        self._add_part_job(self.order, self.pads, 2)
        self._add_part_job(self.order, self.missing_part, 1)
        requisitions = self.env["dealer.parts.requisition"].with_user(self.parts_keeper)
        specification = {
            name: {}
            for name in (
                "license_plate",
                "to_issue_text",
                "missing_text",
                "parts_expected_on",
                "technician_name",
                "can_issue",
            )
        }
        requisitions.web_search_read([], specification)
        counts = []
        for _more in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            requisitions.web_search_read([], specification)
            counts.append(self.env.cr.sql_log_count - start)
            self._add_part_job(self.order, self.pads, 1)
            self._add_part_job(self.order, self.oil, 1)
        self.assertLessEqual(counts[1], counts[0], "no query per requisition")

    def test_no_price_and_no_cost_on_the_paper(self):
        models = ("dealer.parts.requisition", "dealer.parts.requisition.line")
        for model in models:
            names = self.env[model].with_user(self.technician).fields_get()
            found = [n for n in names if "price" in n or "cost" in n or "amount" in n]
            self.assertFalse(found)

    def test_the_promised_day_and_the_old_part_are_filled_in(self):
        job = self._add_part_job(self.order, self.missing_part, 1)
        line = job.requisition_ids.line_ids.with_user(self.parts_keeper)
        self.assertFalse(job.parts_expected_on)
        today = fields.Date.today()
        line.write({"promised_on": today, "old_part": "shop"})
        self.assertEqual(job.parts_expected_on, today)
        old_parts = self.order.with_user(self.advisor)._get_old_parts()
        self.assertEqual([row["result"] for row in old_parts], ["returned", "shop"])

    def test_old_parts_follow_payer_origin_and_wish(self):
        self.assertEqual(self.order.old_part_wish, "return")
        oem = self._add_part_job(self.order, self.pads, 1)
        core = self._add_part_job(
            self.order, self.pads, 1, part_origin="remanufactured"
        )
        jobs = oem | core
        self.assertEqual(
            jobs.requisition_ids.line_ids.mapped("old_part"), ["returned", "core"]
        )
