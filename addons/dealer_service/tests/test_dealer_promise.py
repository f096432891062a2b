from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..models.capacity import Calendar, Hours, Resource, Workshop, find_span
from .dispatch_common import DealerDispatchCommon

MONDAY = "2030-03-04 09:00:00"


def at(day, hour, minute=0):
    return datetime(2030, 3, day, hour, minute)


@tagged("post_install", "-at_install")
class TestDealerPromise(DealerDispatchCommon):
    """A promise that the workshop can keep, worked out from what it has (C5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(freeze_time(MONDAY))
        cls.order = cls._take_in(
            "diagnosis", job_ids=[Command.create(cls._prepare_long_job(2))]
        ).with_user(cls.advisor)

    def _promise(self, **values):
        return self.order.propose_promise(**values)["promised_at"]

    def _offer(self, day, hour, minute=0):
        self.order.promised_at = at(day, hour, minute)
        self.order.action_offer()

    # === ARITHMETIC === #

    def test_hours_are_worked_off_in_working_time(self):
        hours = Hours(
            [(at(4, 8), at(4, 12)), (at(4, 13), at(4, 17)), (at(5, 8), at(5, 12))]
        )
        for start, length, stop in (
            (at(4, 8), 4, at(4, 12)),
            (at(4, 11), 2, at(4, 14)),
            (at(4, 12), 1, at(4, 14)),
            (at(4, 6), 8.5, at(5, 8, 30)),
            (at(4, 9), 0, at(4, 9)),
            (at(5, 11), 2, None),
            (at(5, 12), 1, None),
        ):
            with self.subTest(start=start, length=length):
                self.assertEqual(hours.finish(start, length), stop)
        self.assertEqual(hours.between(at(4, 11), at(5, 9)), 6)
        taken = Calendar([(at(4, 13), at(4, 14)), (at(4, 9), at(4, 10))])
        self.assertEqual(find_span(hours, [taken], at(4, 8), 1), (at(4, 8), at(4, 9)))
        self.assertEqual(find_span(hours, [taken], at(4, 8), 2), (at(4, 10), at(4, 12)))
        self.assertEqual(find_span(hours, [taken], at(4, 8), 3), (at(4, 14), at(4, 17)))

    def test_the_soonest_pair_of_bay_and_technician_is_found(self):
        day = Hours([(at(4, 8), at(4, 17))])
        bays = [
            Resource(1, "A", set(), day, [(at(4, 8), at(4, 11))]),
            Resource(2, "B", {7}, day, [(at(4, 8), at(4, 10))]),
        ]
        people = [
            Resource(3, "X", {7}, day, [(at(4, 10), at(4, 12))]),
            Resource(4, "Y", {8}, day),
        ]
        workshop = Workshop(bays, people, day, at(4, 8), at(4, 17))
        slot = workshop.place(1, at(4, 8), skill=7)
        self.assertEqual((slot.bay.name, slot.technician.name), ("B", "X"))
        self.assertEqual(slot.start, at(4, 12))
        workshop.take(slot)
        slot = workshop.place(1, at(4, 8), skill=7)
        self.assertEqual((slot.start, slot.stop), (at(4, 13), at(4, 14)))
        self.assertEqual(workshop.place(1, at(4, 8), skill=8).start, at(4, 11))
        self.assertIsNone(workshop.place(10, at(4, 8)))

    # === PROPOSAL === #

    def test_an_idle_workshop_promises_work_and_buffer(self):
        proposal = self.order.propose_promise()
        self.assertEqual(proposal["promised_at"], at(4, 11, 30))
        self.assertRegex(proposal["reasons"][0], "B1 · technician from .* to ")
        self.assertIn("Wash and inspection: 30 minutes.", proposal["reasons"])
        self.assertFalse(self.order.promised_at)

    def test_a_promise_waits_for_the_bay(self):
        self._reserve(5, at(4, 8), bay_id=self.bay.id)
        self.assertEqual(self._promise(), at(4, 15, 30))

    def test_a_promise_waits_for_a_technician_with_the_skill(self):
        self.worker.dealer_skill_ids = self.paint
        self._reserve(2, at(4, 9), employee_id=self.worker2.id)
        self.assertEqual(self._promise(), at(4, 14, 30))
        self._leave(self.worker2, at(4, 0), at(5, 23))
        self.assertEqual(self._promise(), at(6, 10, 30))

    def test_a_promise_comes_after_the_work_that_waits(self):
        self._take_in_other(
            "accepted", job_ids=[Command.create(self._prepare_long_job(3))]
        )
        proposal = self.order.propose_promise()
        self.assertEqual(proposal["promised_at"], at(4, 15, 30))
        self.assertIn("Work that waits already: 3 h.", proposal["reasons"])

    def test_a_promise_waits_for_missing_parts(self):
        lines = [
            Command.create({"product_id": self.labour.id, "quantity": 1}),
            Command.create({"product_id": self.missing_part.id, "quantity": 1}),
        ]
        self.order.job_ids = [
            Command.create(self._prepare_job_vals(name="大灯", line_ids=lines))
        ]
        self.assertEqual(self._promise(), at(7, 10, 30))
        self._expect_part(at(5, 10))
        proposal = self.order.propose_promise()
        self.assertEqual(proposal["promised_at"], at(5, 11, 30))
        self.assertTrue(
            any("大灯总成 arrive on" in text for text in proposal["reasons"])
        )
        self._add_stock(self.missing_part, 1)
        self.env.invalidate_all()
        self.assertEqual(self._promise(), at(4, 13, 30))

    def _expect_part(self, date):
        """Let one missing part be on its way."""
        kind = self.warehouse.in_type_id
        move = self.env["stock.move"].create(
            {
                "product_id": self.missing_part.id,
                "product_uom_qty": 1,
                "picking_type_id": kind.id,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
                "date": date,
            }
        )
        move._action_confirm()
        move.date = date

    def test_the_technician_whom_the_customer_wants_sets_the_time(self):
        self._reserve(24, at(4, 9), employee_id=self.worker2.id)
        self.assertEqual(self._promise(), at(4, 11, 30))
        self.order.requested_technician_id = self.worker2
        self.assertEqual(self._promise(), at(5, 11, 30))

    def test_the_button_fills_in_time_and_reasons(self):
        self.order.action_propose_promise()
        self.assertEqual(self.order.promised_at, at(4, 11, 30))
        self.assertIn("B1 · technician", self.order.promise_reasons)
        self.order.action_offer()
        self.assertEqual(self.order.state, "offered")

    def test_the_number_of_queries_does_not_grow_with_reservations(self):
        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.order.propose_promise()
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for day in range(1, 29):
            self._reserve(1, datetime(2030, 4, day, 9), bay_id=self.bay.id)
            self._reserve(1, datetime(2030, 4, day, 9), employee_id=self.worker.id)
        self.assertEqual(count(), few)
        self.assertLess(few, 60)

    # === GATE === #

    def test_a_promise_that_does_not_fit_is_refused_with_the_earliest(self):
        with self.assertRefused("cannot have the car ready before 3/4/30, 11:30"):
            self._offer(4, 10)
        self._offer(4, 11, 0)
        self.assertEqual(self.order.state, "offered")

    def test_a_promise_within_days_minds_work_that_takes_weeks(self):
        self._take_in_other(
            "accepted", job_ids=[Command.create(self._prepare_long_job(60))]
        )
        proposal = self.order.propose_promise()["promised_at"]
        self.assertGreater(proposal, at(12, 8))
        with self.assertRaisesRegex(UserError, "before 3/13/30"):
            self._offer(4, 16)
        self.order.promised_at = proposal
        self.order.action_offer()

    def test_an_archived_trade_is_still_asked_for(self):
        self.worker.dealer_skill_ids = self.mechanic
        self.worker2.dealer_skill_ids = self.paint
        self.mechanic.active = False
        self._reserve(2, at(4, 9), employee_id=self.worker.id)
        self.assertEqual(self._promise(), at(4, 14, 30))

    def test_the_supervisor_stands_in_for_a_promise(self):
        self.order.promised_at = at(4, 10)
        with self.assertRaises(AccessError):
            self.order.approve_promise("加班")
        order = self.order.with_user(self.supervisor)
        with self.assertRefused("Reason"):
            order.approve_promise(" ")
        order.approve_promise("加班")
        self.order.promised_at = at(4, 9, 30)
        with self.assertRefused("before"):
            self.order.action_offer()
        self._offer(4, 10)
        said = "\n".join(self.order.message_ids.mapped("body"))
        self.assertIn("Promise approved for 3/4/30, 10:00", said)

    def test_nobody_writes_the_approval_of_a_promise(self):
        with self.assertRefused("use the steps"):
            self.order.write({"promise_approved_at": at(4, 10)})

    def test_a_store_without_bays_or_people_is_not_held_up(self):
        self.bay.active = False
        self._offer(4, 9, 30)
        self.assertEqual(self.order.state, "offered")
        proposal = self.order.propose_promise()
        self.assertIn("no bays set up", proposal["reasons"][0])

    def test_a_customer_who_wants_somebody_without_time_is_told(self):
        self.order.requested_technician_id = self.worker2
        self._leave(self.worker2, at(1, 0), datetime(2031, 1, 1))
        with self.assertRefused("technician2 has no time in the coming weeks"):
            self._offer(8, 9)

    def test_refuse_to_propose_without_the_role(self):
        for user in (self.technician, self.settlement_clerk):
            with self.subTest(user.name), self.assertRaises(AccessError):
                self.order.with_user(user).propose_promise()

    # === CHANGE === #

    def test_a_given_promise_is_changed_with_a_reason_only(self):
        self._offer(4, 15)
        with self.assertRefused("the customer was told 3/4/30, 3:00"):
            self.order.promised_at = at(4, 16)
        with self.assertRefused("say why"):
            self.order.change_promise(at(4, 16), "")
        with self.assertRefused("in the future"):
            self.order.change_promise(at(4, 8), "x")
        self.order.with_user(self.dispatcher).change_promise(at(4, 16), "缺件")
        self.assertRecordValues(
            self.order.promise_change_ids.sudo(),
            [
                {
                    "old_promise": at(4, 15),
                    "new_promise": at(4, 16),
                    "reason": "缺件",
                    "user_id": self.dispatcher.id,
                }
            ],
        )
        self.assertEqual(self.order.promised_at, at(4, 16))
        self.assertEqual(self.order.first_promised_at, at(4, 15))
        self.assertIn("缺件", self.order.message_ids[0].body)

    def test_the_history_of_promises_is_never_changed(self):
        self._offer(4, 15)
        self.order.change_promise(at(4, 16), "缺件")
        with self.assertRefused("never changed"):
            self.order.promise_change_ids.sudo().reason = "x"

    def test_the_dialog_changes_the_promise(self):
        self._offer(4, 15)
        wizard = (
            self.env["dealer.promise"]
            .with_user(self.advisor)
            .create({"order_id": self.order.id, "reason": "客户晚来"})
        )
        wizard.action_propose()
        self.assertEqual(wizard.promised_at, at(4, 11, 30))
        wizard.promised_at = at(4, 16)
        wizard.action_confirm()
        self.assertEqual(self.order.promised_at, at(4, 16))

    def test_no_promise_no_change(self):
        with self.assertRaises(UserError):
            self.order.change_promise(fields.Datetime.now() + timedelta(hours=9), "x")

    def test_a_changed_promise_fits_the_capacity_too(self):
        self._offer(4, 15)
        self._reserve(3, at(4, 9), bay_id=self.bay.id)
        with self.assertRefused("cannot have the car ready before 3/4/30, 3:30"):
            self.order.change_promise(at(4, 14), "客户赶时间")
        with self.assertRaises(AccessError):
            self.order.change_promise(at(4, 14), "客户赶时间", override=True)
        self.assertFalse(self.order.promise_change_ids)
        self.order.with_user(self.supervisor).change_promise(
            at(4, 14), "加班完成", override=True
        )
        change = self.order.promise_change_ids.sudo()
        self.assertTrue(change.is_override)
        self.assertEqual(change.reason, "加班完成")
        self.assertEqual(self.order.promise_approved_at, at(4, 14))

    def test_an_override_that_was_not_needed_is_none(self):
        self._offer(4, 15)
        self.order.with_user(self.supervisor).change_promise(
            at(4, 16), "客户晚来", override=True
        )
        self.assertFalse(self.order.promise_change_ids.sudo().is_override)

    # === ADD-ONS === #

    def _offer_addon(self, hours=4, extra=1.0):
        """Let the workshop find more while it works, and offer it."""
        order = self._bring_to("in_progress", self.order)
        job_id = order.with_user(self.technician).raise_addon(
            {
                "name": "前刹车片",
                "addon_reason": "剩余2mm",
                "extra_hours": extra,
                "lines": [{"product_id": self.labour.id, "quantity": hours}],
            }
        )
        job = self.env["dealer.repair.job"].browse(job_id).with_user(self.advisor)
        job.action_offer()
        return job

    def test_an_approved_addon_moves_the_promise_as_the_customer_was_told(self):
        self._offer(4, 15)
        job = self._offer_addon()
        # Two hours of the first job, five of the add-on, half an hour to wash.
        self.assertEqual(self.order.offered_promise, at(5, 8, 30))
        self.assertEqual(self.order.promised_at, at(4, 15))
        with self.subTest("nothing moves before he says yes"):
            self.assertFalse(self.order.promise_change_ids)
        self._decide(self.order)
        self.assertEqual(self.order.promised_at, at(5, 8, 30))
        self.assertFalse(self.order.offered_promise)
        (change,) = self.order.promise_change_ids
        self.assertEqual(change.old_promise, at(4, 15))
        self.assertIn("前刹车片", change.reason)
        self.assertFalse(change.is_override)
        approval = job.approval_ids
        self.assertEqual(approval.promised_at, at(5, 8, 30))
        said = "\n".join(self.order.message_ids.mapped("body"))
        self.assertIn("Promised for 3/5/30, 8:30", said)

    def test_the_promise_change_raises_its_event(self):
        self._offer(4, 15)
        self._offer_addon()
        with patch.object(type(self.order), "_action_post_event") as hook:
            self._decide(self.order)
        codes = {call.args[0]: call.args[1] for call in hook.call_args_list}
        self.assertEqual(codes["promise_changed"]["new"], at(5, 8, 30))

    def test_a_declined_addon_leaves_the_promise(self):
        self._offer(4, 15)
        self._offer_addon()
        self._decide(self.order, "declined")
        self.assertEqual(self.order.promised_at, at(4, 15))
        self.assertFalse(self.order.promise_change_ids)
        self.assertFalse(self.order.offered_promise)

    def test_an_addon_that_fits_keeps_the_promise(self):
        self._offer(5, 16)
        self._offer_addon()
        self.assertEqual(self.order.offered_promise, at(5, 16))
        self._decide(self.order)
        self.assertEqual(self.order.promised_at, at(5, 16))
        self.assertFalse(self.order.promise_change_ids)

    def test_a_yes_to_a_time_that_is_gone_is_refused(self):
        self._offer(4, 15)
        self._offer_addon()
        self._reserve(8, at(4, 9), bay_id=self.bay.id)
        with self.assertRefused("cannot have the car ready before"):
            self._decide(self.order)
        self.assertFalse(self.order.approval_ids.filtered("job_id.addon_reason"))

    def test_the_dialog_shows_the_promise_of_now_before_the_answer(self):
        self._offer(4, 15)
        self._offer_addon()
        self._reserve(8, at(4, 9), bay_id=self.bay.id)
        dialog = Form(
            self.env["dealer.repair.decide"]
            .with_user(self.advisor)
            .with_context(default_order_id=self.order.id)
        )
        self.assertEqual(dialog.old_promise, at(4, 15))
        self.assertEqual(dialog.promised_at, at(5, 16, 30))
        dialog.signer = "王小明"
        dialog.signature = self.signature
        with dialog.line_ids.edit(0) as line:
            line.decision = "approved"
        dialog.save().action_confirm()
        self.assertEqual(self.order.promised_at, at(5, 16, 30))

    def test_nobody_writes_the_promise_on_offer(self):
        with self.assertRefused("use the steps"):
            self.order.write({"offered_promise": at(4, 10)})
