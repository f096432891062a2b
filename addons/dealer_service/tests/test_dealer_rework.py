from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.base.models.ir_cron import IrCron

from .workshop_common import DealerWorkshopCommon


@tagged("post_install", "-at_install")
class TestDealerRework(DealerWorkshopCommon):
    """Work that is done again, inside the house and after delivery (F12)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._take_in("in_progress")
        cls.job = cls.order.job_ids

    def _deliver(self, **values):
        self._bring_to("delivered", self.order)
        return self.vehicle.guarantee_ids

    def _come_back(self, **values):
        """Open the next visit of the car, without a job."""
        vals = {"job_ids": [], "concern": "换机油后漏油", "mileage": 30100, **values}
        return self._create_repair_order(**vals)

    def _take_back(self, guarantee, **values):
        order = self._come_back(**values)
        job_id = order.treat_as_comeback(guarantee.id)
        return order, self.env["dealer.repair.job"].browse(job_id)

    # === INTERNAL === #

    def test_a_failed_final_check_opens_one_for_each_job_that_goes_back(self):
        other = self._add_approved_job(self.order, name="刹车")
        self._bring_to("inspection", self.order)
        check = self._check(self.inspector, self.order, "final", failing=["Brakes"])
        reworks = self.order.rework_ids.sorted("job_id")
        self.assertRecordValues(
            reworks,
            [
                {
                    "kind": "internal",
                    "job_id": job.id,
                    "original_job_id": job.id,
                    "check_id": check.id,
                    "state": "open",
                    "fault": "Brakes: 重做",
                    "fault_count": 1,
                    "responsible_id": self.technician.employee_id.id,
                }
                for job in (self.job, other)
            ],
        )
        self.assertEqual(self.order.rework_count, 2)
        self.assertEqual(set(self.order.job_ids.mapped("state")), {"rework"})

    def test_the_cause_is_told_before_the_car_is_inspected_again(self):
        self._bring_to("inspection", self.order)
        self._check(self.inspector, self.order, "final", failing=["Brakes"])
        self._work_on(self.job)
        leader_order = self.order.with_user(self.team_leader)
        with self.assertRefused("choose what it is charged to"):
            leader_order.action_request_inspection()
        leader_order.rework_ids.write({"cause_class": "part", "correction": "换件"})
        leader_order.action_request_inspection()
        rework = self.order.rework_ids
        with freeze_time(fields.Datetime.now() + timedelta(minutes=1)):
            again = self._check(self.inspector, self.order, "final")
        self.assertRecordValues(rework, [{"state": "passed", "recheck_id": again.id}])

    def test_failing_again_closes_the_first_and_opens_the_next(self):
        self._bring_to("inspection", self.order)
        self._check(self.inspector, self.order, "final", failing=["Brakes"])
        self._step_work(self.order)
        self._check(self.inspector, self.order, "final", failing=["Brakes"])
        states = self.order.rework_ids.sorted("id").mapped("state")
        self.assertEqual(states, ["failed", "open"])

    def test_the_hours_are_marked_and_valued_but_not_billed(self):
        self.company.dealer_labour_cost = 60
        self._bring_to("inspection", self.order)
        self._check(self.inspector, self.order, "final", failing=["Brakes"])
        billed = self.job.billed_hours
        start = fields.Datetime.now() + timedelta(minutes=1)
        with freeze_time(start):
            self.job.with_user(self.technician).action_clock_in()
        with freeze_time(start + timedelta(minutes=30)):
            self.job.with_user(self.technician).action_clock_out()
        rework = self.order.rework_ids
        self.assertTrue(self.job.work_log_ids.sorted("id")[-1].is_rework)
        self.assertAlmostEqual(rework.hours, 0.5, 3)
        self.assertAlmostEqual(rework.cost, 30, 1)
        self.assertEqual(self.job.billed_hours, billed)
        log = self.job.work_log_ids.sorted("id")[-1]
        with freeze_time(start + timedelta(hours=1)):
            log.with_user(self.team_leader).correct(
                start, start + timedelta(minutes=15), "忘记停表"
            )
        self.assertAlmostEqual(rework.hours, 0.25, 3)
        self.assertAlmostEqual(rework.cost, 15, 1)
        for user in (self.team_leader, self.inspector, self.advisor, self.supervisor):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                rework.with_user(user).read(["cost"])
        self.assertTrue(rework.with_user(self.store_manager).cost)

    def test_a_failed_peer_check_is_closed_by_the_next(self):
        self.env["dealer.quality.item"].create({"stage": "peer", "name": "Seat"})
        self.job.with_user(self.technician).action_clock_in()
        self.job.with_user(self.parts_keeper).action_issue_parts()
        self.job.with_user(self.technician).action_finish()
        self._check(self.technician, self.order, "self", self.job)
        self._check(self.team_leader, self.order, "peer", self.job, failing=["Seat"])
        rework = self.order.rework_ids
        self.assertEqual(rework.state, "open")
        self._work_on(self.job)
        self.assertEqual(rework.state, "passed")

    def test_people_fill_in_causes_only(self):
        self._bring_to("inspection", self.order)
        self._check(self.inspector, self.order, "final", failing=["Brakes"])
        rework = self.order.rework_ids
        for vals in ({"state": "passed"}, {"verdict": "ours"}, {"attempt": 9}):
            with self.subTest(vals=vals), self.assertRefused("the steps of the visit"):
                rework.with_user(self.team_leader).write(vals)
        with self.assertRefused("for inspectors and supervisors"):
            rework.with_user(self.team_leader).is_inspection_miss = True
        rework.with_user(self.inspector).is_inspection_miss = True
        # Technician and advisor do not examine; the advisor arranges a repairer.
        for user in (self.technician, self.advisor):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                rework.with_user(user).cause_class = "part"
        rework.with_user(self.advisor).other_repairer_id = self.insurer
        self.assertFalse(rework.with_user(self.advisor).can_edit)
        self.assertTrue(rework.with_user(self.team_leader).can_edit)

    def test_nothing_was_wrong_is_not_for_the_team_to_say(self):
        self._bring_to("inspection", self.order)
        self._check(self.inspector, self.order, "final", failing=["Brakes"])
        rework = self.order.rework_ids
        led = rework.with_user(self.team_leader)
        led.write({"cause_class": "technician", "correction": "重新紧固"})
        with self.assertRefused("say whether nothing was wrong"):
            led.cause_class = "none"
        rework.with_user(self.inspector).cause_class = "none"
        with self.assertRefused("say whether nothing was wrong"):
            led.cause_class = "part"
        rework.with_user(self.supervisor).cause_class = "part"
        self.assertEqual(rework.cause_class, "part")

    def test_once_the_car_has_left_judges_alone_change_the_cause(self):
        self._bring_to("inspection", self.order)
        self._check(self.inspector, self.order, "final", failing=["Brakes"])
        self._step_work(self.order)
        self._bring_to("delivered", self.order)
        rework = self.order.rework_ids
        for user in (self.team_leader, self.inspector):
            with self.subTest(user=user.name), self.assertRefused("the car has left"):
                rework.with_user(user).cause = "别的原因"
            self.assertFalse(rework.with_user(user).can_edit)
        rework.with_user(self.supervisor).cause = "别的原因"
        self.assertEqual(rework.cause, "别的原因")
        with self.assertRaises(AccessError):
            rework.with_user(self.technician).cause = "?"
        with self.assertRefused("never deleted"):
            rework.unlink()

    # === RECOGNISING A COME-BACK === #

    def test_it_is_recognised_by_operation_part_system_and_words(self):
        self._deliver()
        vehicle = self.vehicle.with_user(self.advisor)
        for concern, products, reason in (
            (False, self.labour, "operation"),
            (False, self.oil, "part"),
            ("发动机舱漏油", None, "system"),
            ("更换机油的地方一直滴", None, "system"),
            (False, None, "running"),
        ):
            with self.subTest(concern=concern, reason=reason):
                found = vehicle.find_comebacks(concern, products and products.ids)
                self.assertEqual([one["reason"] for one in found], [reason])
        self.assertFalse(vehicle.find_comebacks("空调不制冷"))
        self.assertFalse(vehicle.find_comebacks("看看", self.pads.ids))

    def test_it_tells_what_is_left(self):
        guarantee = self._deliver()
        self.vehicle._log_odometer(30500)
        with freeze_time(fields.Datetime.now() + timedelta(days=4)):
            found = self.vehicle.with_user(self.advisor).find_comebacks(
                product_ids=self.labour.ids
            )
        self.assertEqual(
            {k: found[0][k] for k in ("guarantee_id", "km_left", "days_left", "name")},
            {
                "guarantee_id": guarantee.id,
                "km_left": 1500,
                "days_left": 6,
                "name": "更换机油",
            },
        )
        self.assertIn("更换机油机滤", found[0]["reason_text"])
        with freeze_time(fields.Datetime.now() + timedelta(days=11)):
            self.assertFalse(self.vehicle.find_comebacks())
        self.vehicle._log_odometer(32001)
        self.assertFalse(self.vehicle.find_comebacks())

    def test_words_in_common_without_a_system(self):
        self.env["dealer.fault.system"].search([]).active = False
        self._deliver()
        self.assertFalse(self.vehicle.find_comebacks("换个雨刮"))
        self.order.job_ids.sudo().cause = "底壳螺丝滑牙"
        found = self.vehicle.find_comebacks("底壳螺丝好像又松了")
        self.assertEqual(found[0]["reason"], "words")

    def test_reception_sees_it_and_takes_it(self):
        guarantee = self._deliver()
        order = self._come_back()
        self.assertEqual(order.comeback_candidate_ids, guarantee)
        proposed = order.comeback_candidate_ids.with_context(
            dealer_comeback_order_id=order.id
        )
        self.assertIn("Same system: Engine; 10 days", order.comeback_hint)
        proposed.action_treat_as_comeback()
        job = order.job_ids
        self.assertRecordValues(
            job,
            [
                {
                    "origin": "comeback",
                    "payer": "internal",
                    "guarantee_id": guarantee.id,
                    "amount_total": 0,
                    "main_technician_id": self.technician.employee_id.id,
                }
            ],
        )
        self.assertEqual(job.line_ids.product_id, self.labour)
        self.assertFalse(order.comeback_candidate_ids)
        self.assertEqual(order.treat_as_comeback(guarantee.id), job.id)
        rework = order.rework_ids
        self.assertRecordValues(
            rework,
            [
                {
                    "kind": "external",
                    "verdict": "open",
                    "attempt": 1,
                    "original_job_id": self.job.id,
                    "fault": "换机油后漏油",
                }
            ],
        )
        self.assertEqual(rework.evidence_due_at - rework.opened_at, timedelta(days=3))

    def test_refuse_foreign_or_ended_guarantees_and_other_roles(self):
        guarantee = self._deliver()
        with freeze_time(fields.Datetime.now() + timedelta(days=11)):
            order = self._come_back()
            with self.assertRefused("running when it arrived"):
                order.treat_as_comeback(guarantee.id)
            with self.assertRefused("running when it arrived"):
                order.treat_as_comeback(0)
        for user in (self.technician, self.inspector, self.settlement_clerk):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                order.with_user(user).treat_as_comeback(guarantee.id)
        with self.assertRefused("Open the visit of the car"):
            guarantee.with_user(self.advisor).action_treat_as_comeback()

    def test_a_draft_taken_by_mistake_goes_with_its_record(self):
        guarantee = self._deliver()
        order, job = self._take_back(guarantee)
        rework = order.rework_ids
        job.with_user(self.advisor).unlink()
        self.assertFalse(rework.exists())

    def test_a_guarantee_taken_off_a_draft_withdraws_it(self):
        guarantee = self._deliver()
        order, job = self._take_back(guarantee)
        job.with_user(self.advisor).write({"guarantee_id": False, "payer": "customer"})
        self.assertEqual(order.rework_ids.state, "cancelled")
        job.with_user(self.advisor).write(
            {"guarantee_id": guarantee.id, "payer": "internal"}
        )
        self.assertEqual(
            order.rework_ids.sorted("id").mapped("state"), ["cancelled", "open"]
        )

    # === THREE DAYS === #

    def test_without_evidence_it_is_free_after_three_days_once(self):
        guarantee = self._deliver()
        order, _job = self._take_back(guarantee)
        rework = order.rework_ids
        reworks = self.env["dealer.rework"]
        # Tests run in one transaction.
        self.startPatcher(
            patch.object(IrCron, "_commit_progress", lambda *_args, **_kw: 1000)
        )
        with freeze_time(rework.evidence_due_at - timedelta(seconds=1)):
            reworks._cron_decide_without_evidence()
            self.assertEqual(rework.verdict, "open")
        with freeze_time(rework.evidence_due_at):
            reworks._cron_decide_without_evidence()
            notes = len(rework.message_ids)
            self.assertRecordValues(rework, [{"verdict": "ours", "decided_by": False}])
            reworks._cron_decide_without_evidence()
            self.assertEqual(len(rework.message_ids), notes)
        with self.assertRefused("is decided already"):
            rework.with_user(self.inspector).prove_not_ours("石子击穿")

    def test_evidence_comes_too_late_even_before_the_clock_runs(self):
        guarantee = self._deliver()
        order, _job = self._take_back(guarantee)
        rework = order.rework_ids.with_user(self.inspector)
        with freeze_time(rework.evidence_due_at + timedelta(seconds=1)):
            rework.invalidate_recordset()
            with self.assertRefused("three days for evidence ended"):
                rework.prove_not_ours("石子击穿")
            with self.assertRefused("three days for evidence ended"):
                rework.accept_as_ours()

    def test_evidence_in_time_asks_the_customer_again(self):
        guarantee = self._deliver()
        order, job = self._take_back(guarantee)
        self._bring_to("offered", order)
        rework = order.rework_ids.with_user(self.inspector)
        with self.assertRefused("Evidence: write down"):
            rework.prove_not_ours(" ")
        with self.assertRaises(AccessError):
            rework.with_user(self.advisor).prove_not_ours("石子击穿")
        rework.prove_not_ours("油底壳被石子击穿，与本次维修无关")
        self.assertRecordValues(rework, [{"verdict": "not_ours", "state": "cancelled"}])
        self.assertRecordValues(
            job, [{"guarantee_id": False, "payer": "customer", "state": "draft"}]
        )
        self.assertTrue(job.amount_total)

    def test_begun_free_it_stays_free(self):
        guarantee = self._deliver()
        order, job = self._take_back(guarantee)
        self._bring_to("in_progress", order)
        job.with_user(self.technician).action_clock_in()
        rework = order.rework_ids
        self.assertEqual(rework.verdict, "ours")
        with self.assertRefused("is decided already"):
            rework.with_user(self.inspector).prove_not_ours("石子击穿")

    def test_accepting_it_ends_the_examination(self):
        guarantee = self._deliver()
        order, _job = self._take_back(guarantee)
        rework = order.rework_ids.with_user(self.team_leader)
        rework.accept_as_ours()
        self.assertRecordValues(
            rework, [{"verdict": "ours", "decided_by": self.team_leader.id}]
        )

    # === THE THIRD ATTEMPT === #

    def test_a_come_back_is_closed_by_its_final_check(self):
        guarantee = self._deliver()
        order, _job = self._take_back(guarantee)
        self._bring_to("delivered", order)
        self.assertRecordValues(
            order.rework_ids, [{"state": "passed", "verdict": "ours", "attempt": 1}]
        )

    def test_the_third_attempt_needs_another_repairer_or_a_reason(self):
        self._deliver()
        for attempt in (1, 2):
            guarantee = self.vehicle.guarantee_ids.sorted("id")[-1]
            order, _job = self._take_back(guarantee)
            self.assertEqual(order.rework_ids.attempt, attempt)
            self.assertFalse(order.rework_ids.needs_other_repairer)
            self._bring_to("delivered", order)
        order, _job = self._take_back(self.vehicle.guarantee_ids.sorted("id")[0])
        rework = order.rework_ids
        self.assertEqual(rework.attempt, 3)
        self._bring_to("diagnosis", order)
        order.promised_at = fields.Datetime.now() + timedelta(hours=4)
        with self.assertRefused("repaired 2 times"):
            order.with_user(self.advisor).action_offer()
        with self.assertRaises(AccessError):
            rework.with_user(self.advisor).allow_own_attempt("再试")
        with self.assertRefused("Reason: say why"):
            rework.with_user(self.supervisor).allow_own_attempt("")
        rework.with_user(self.supervisor).allow_own_attempt("厂家工程师到场")
        order.with_user(self.advisor).action_offer()
        self.assertEqual(order.state, "offered")

    def test_another_repairer_answers_the_third_attempt_too(self):
        self._deliver()
        rework = self.env["dealer.rework"].new(
            {"attempt": 3, "state": "open", "kind": "external"}
        )
        self.assertTrue(rework.needs_other_repairer)
        rework.other_repairer_id = self.insurer
        self.assertFalse(rework.needs_other_repairer)

    def test_a_job_may_name_its_guarantee_by_any_door(self):
        guarantee = self._deliver()
        order = self._come_back(
            job_ids=[
                Command.create(
                    self._prepare_job_vals(name="漏油", guarantee_id=guarantee.id)
                )
            ]
        )
        self.assertEqual(order.rework_ids.kind, "external")
        with self.assertRaises(UserError):
            order.job_ids.with_user(self.advisor).payer = "customer"
