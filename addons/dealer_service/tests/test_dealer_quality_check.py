import base64
from datetime import timedelta

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .workshop_common import DealerWorkshopCommon


@tagged("post_install", "-at_install")
class TestDealerQualityCheck(DealerWorkshopCommon):
    """Three pairs of eyes: who may check, what a check needs, what it does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._take_in("in_progress")
        cls.job = cls.order.job_ids
        cls.my_job = cls.job.with_user(cls.technician)

    @classmethod
    def _create_item(cls, stage, name, **values):
        return cls.env["dealer.quality.item"].create(
            {"stage": stage, "name": name, **values}
        )

    def _start(self, user, stage, job=None):
        Check = self.env["dealer.quality.check"].with_user(user)
        check_id = Check.start(self.order.id, stage, job.id if job else False)
        return Check.browse(check_id)

    def _answers(self, check, **overrides):
        """Answer every line with a pass; ``overrides`` by item name."""
        answers = []
        for line in check.line_ids:
            answer = {"line_id": line.id, "result": "pass"}
            if line.is_measured:
                answer["value"] = line.max_value or line.min_value
            answer.update(overrides.get(line.name, {}))
            answers.append(answer)
        return answers

    def _work(self, job=None):
        job = (job or self.job).with_user(self.technician)
        job.action_clock_in()
        if job._get_open_parts():
            job.with_user(self.parts_keeper).action_issue_parts()
        job.action_clock_out()

    def _add_job(self, **values):
        return self._add_approved_job(self.order, name="刹车", **values)

    # === SELF CHECK === #

    def test_a_passed_self_check_moves_the_job(self):
        self._work()
        check = self._start(self.technician, "self", self.job)
        self.assertTrue(check.line_ids)
        self.assertTrue(check.can_finish)
        self.assertEqual(check.finish("OK", self._answers(check)), "pass")
        self.assertEqual(self.job.state, "self_checked")
        self.assertEqual(check.inspector_id, self.technician)
        self.assertTrue(check.started_at and check.finished_at)

    def test_a_failed_self_check_lets_the_work_go_on(self):
        self._create_item("self", "Seat")
        self._work()
        check = self._start(self.technician, "self", self.job)
        answers = self._answers(check, Seat={"result": "fail", "note": "脏"})
        self.assertEqual(check.finish("NOK", answers), "fail")
        self.assertEqual(self.job.state, "in_progress")
        self.assertNotEqual(self._start(self.technician, "self", self.job), check)

    def test_starting_twice_returns_the_open_check(self):
        self._work()
        check = self._start(self.technician, "self", self.job)
        self.assertEqual(self._start(self.technician, "self", self.job), check)

    def test_the_self_check_is_for_those_who_worked_on_the_job(self):
        self._work()
        with self.assertRefused("for a technician who worked on"):
            self._start(self.technician2, "self", self.job)
        with self.assertRaises(AccessError):
            self._start(self.inspector, "self", self.job)

    def test_refuse_a_check_without_job_or_of_an_unknown_stage(self):
        with self.assertRefused("Choose a job of"):
            self._start(self.technician, "self")
        with self.assertRefused("Stage: choose one of"):
            self._start(self.technician, "entry", self.job)

    def test_refuse_to_finish_while_a_clock_runs_on_the_job(self):
        self._work()
        self.job.with_user(self.technician2).action_clock_in()
        check = self._start(self.technician, "self", self.job)
        with self.assertRefused("technician2 is still running"):
            check.finish("OK", self._answers(check))

    # === PEER CHECK === #

    def test_the_peer_check_is_for_a_team_leader_who_did_not_self_check(self):
        led_job = self.job.with_user(self.team_leader)
        led_job.action_clock_in()
        led_job.action_finish()
        self._check(self.team_leader, self.order, "self", self.job)
        with self.assertRefused("You did the self-check"):
            self._start(self.team_leader, "peer", self.job)
        with self.assertRaises(AccessError):
            self._start(self.technician, "peer", self.job)

    def test_refuse_a_peer_check_before_the_self_check(self):
        self._work()
        with self.assertRefused("no passed self-check"):
            self._start(self.team_leader, "peer", self.job)
        with self.assertRefused("no passed self-check"):
            self.job.with_user(self.team_leader).action_peer_check()

    def test_the_peer_check_opens_from_the_job(self):
        self._work()
        self._check(self.technician, self.order, "self", self.job)
        led_job = self.job.with_user(self.team_leader)
        self.assertTrue(led_job.can_peer_check)
        action = led_job.action_peer_check()
        check = self.env["dealer.quality.check"].browse(action["res_id"])
        self.assertEqual(check.stage, "peer")

    def test_a_failed_peer_check_sends_the_job_to_rework(self):
        self._create_item("peer", "Seat")
        self._work()
        self._check(self.technician, self.order, "self", self.job)
        check = self._check(
            self.team_leader, self.order, "peer", self.job, failing=["Seat"]
        )
        self.assertEqual(check.result, "fail")
        self.assertEqual(self.job.state, "rework")
        self.assertTrue(self.job.is_reworked)

    # === THE INSPECTORS' QUEUE === #

    def test_come_backs_safety_and_rework_come_first(self):
        orders = {}
        for number, kind in enumerate(("plain", "rework", "safety", "comeback")):
            car = self._create_vehicle(
                f"LSVNU2180N20777{number:02}", f"京A7770{number}"
            )
            order = self._take_in("inspection", vehicle_id=car.id)
            orders[kind] = order
        self._check(self.inspector, orders["rework"], "final", failing=["Brakes"])
        self._step_work(orders["rework"])
        # What is said later moves the check that waits.
        orders["safety"].job_ids.sudo().is_safety = True
        orders["comeback"].job_ids.sudo().origin = "comeback"
        ids = [order.id for order in orders.values()]
        checks = self.env["dealer.quality.check"].with_user(self.inspector)
        waiting = checks.search(
            [("order_id", "in", ids), ("state", "=", "open")],
            order="queue, requested_at",
        )
        self.assertEqual(
            waiting.order_id,
            orders["comeback"] + orders["safety"] + orders["rework"] + orders["plain"],
        )
        done = checks.search(
            [
                ("order_id", "=", orders["rework"].id),
                ("state", "=", "done"),
                ("stage", "=", "final"),
            ]
        )
        self.assertEqual(done.queue, "4_other", "a finished check keeps its place")

    def test_the_inspectors_list_and_cards_show_the_queue(self):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "dealer_service.dealer_quality_check_action_final"
        )
        for view_id, view_type in action["views"]:
            if view_type == "form":
                continue
            arch = self.env["dealer.quality.check"].get_view(view_id, view_type)["arch"]
            self.assertIn("state desc, queue, requested_at", arch)

    # === COMPLETENESS === #

    def test_every_line_needs_a_result_and_the_check_a_conclusion(self):
        self._create_item("self", "Seat")
        self._work()
        check = self._start(self.technician, "self", self.job)
        answers = [a for a in self._answers(check, Seat={"line_id": 0}) if a["line_id"]]
        with self.assertRefused("Seat: no result"):
            check.finish("OK", answers)
        with self.assertRefused("Conclusion: sum up"):
            check.finish(" ", self._answers(check))

    def test_a_failed_line_needs_a_note_and_a_photo_where_asked(self):
        self._create_item("self", "Seat", needs_photo_on_fail=True)
        self._work()
        check = self._start(self.technician, "self", self.job)
        answers = self._answers(check, Seat={"result": "fail"})
        with self.assertRefused("note what is wrong.\nSeat.*add a photo"):
            check.finish("NOK", answers)
        line = check.line_ids.filtered(lambda line: line.name == "Seat")
        photo = {
            "name": "seat.png",
            "datas": base64.b64encode(b"photo"),
            "res_model": line._name,
            "res_id": line.id,
        }
        line.write({"note": "破损", "photo_ids": [Command.create(photo)]})
        check.finish("NOK", answers)
        self.assertEqual(line.photo_ids.name, "seat.png")

    def test_a_value_outside_the_limits_can_only_fail(self):
        self._create_item(
            "self", "Pads", is_measured=True, min_value=3, max_value=12, uom="mm"
        )
        self._work()
        check = self._start(self.technician, "self", self.job)
        line = check.line_ids.filtered(lambda line: line.name == "Pads")
        self.assertEqual(line.limits, "≥ 3, ≤ 12 mm")
        for value in (2.5, 13):
            with (
                self.subTest(value=value),
                self.assertRefused("outside ≥ 3, ≤ 12 mm"),
            ):
                check.finish("OK", self._answers(check, Pads={"value": value}))
        with self.assertRefused("Pads: enter the measured value"):
            check.finish("OK", self._answers(check, Pads={"value": None}))
        failed = {"result": "fail", "value": 2.5, "note": "磨损"}
        self.assertEqual(check.finish("NOK", self._answers(check, Pads=failed)), "fail")

    def test_zero_is_a_value_when_it_was_measured(self):
        self._create_item("self", "CO", is_measured=True, max_value=0.5, uom="%")
        self._work()
        check = self._start(self.technician, "self", self.job)
        answers = self._answers(check, CO={"value": 0})
        self.assertEqual(check.finish("OK", answers), "pass")

    def test_a_line_that_does_not_apply_needs_no_value(self):
        self._create_item("self", "CO", is_measured=True, max_value=0.5, uom="%")
        self._work()
        check = self._start(self.technician, "self", self.job)
        answers = self._answers(check, CO={"result": "na", "value": None})
        self.assertEqual(check.finish("OK", answers), "pass")

    def test_refuse_results_of_foreign_lines(self):
        self._work()
        check = self._start(self.technician, "self", self.job)
        with self.assertRefused("names a line of this check"):
            check.finish("OK", [{"line_id": 0, "result": "pass"}])

    # === FINAL CHECK === #

    def test_requesting_the_inspection_queues_the_final_check(self):
        self._bring_to("inspection", self.order)
        check = self.order.check_ids.filtered(lambda c: c.stage == "final")
        self.assertRecordValues(check, [{"state": "open", "started_at": False}])
        self.assertEqual(self._start(self.inspector, "final"), check)
        self.assertTrue(check.started_at)

    def test_the_final_check_is_for_an_inspector_in_inspection(self):
        with self.assertRefused("not waiting for inspection"):
            self._start(self.inspector, "final")
        self._bring_to("inspection", self.order)
        for user in (self.technician, self.team_leader, self.advisor):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self._start(user, "final")

    def test_nobody_inspects_work_of_his_own(self):
        self.technician.group_ids += self.env.ref(
            "dealer_service.group_dealer_inspector"
        )
        self._bring_to("inspection", self.order)
        with self.assertRefused("You worked on"):
            self._start(self.technician, "final")

    def test_a_passed_final_check_finishes_every_job(self):
        self._add_job()
        self._bring_to("inspection", self.order)
        check = self._check(self.inspector, self.order, "final")
        self.assertEqual(set(self.order.job_ids.mapped("state")), {"done"})
        self.assertFalse(check.certificate_no)
        concerns = check.line_ids.filtered("job_id")
        self.assertEqual(concerns.job_id, self.order.job_ids)

    def test_a_failed_final_check_sends_all_jobs_back_by_default(self):
        self._add_job()
        self._bring_to("inspection", self.order)
        self._check(self.inspector, self.order, "final", failing=["Brakes"])
        self.assertEqual(set(self.order.job_ids.mapped("state")), {"rework"})
        self.assertEqual(self.order.state, "in_progress")

    def test_a_failed_line_that_names_a_job_sends_only_that_one_back(self):
        other = self._add_job()
        self._bring_to("inspection", self.order)
        check = self._start(self.inspector, "final")
        failed = {"result": "fail", "note": "异响", "job_id": other.id}
        check.finish("NOK", self._answers(check, Brakes=failed))
        self.assertEqual(other.state, "rework")
        self.assertEqual(self.job.state, "peer_checked")
        self.assertTrue(check.line_ids.filtered(lambda line: line.result == "fail"))

    def test_the_visit_is_inspected_again_after_rework(self):
        self._bring_to("inspection", self.order)
        first = self._check(self.inspector, self.order, "final", failing=["Brakes"])
        with freeze_time(fields.Datetime.now() + timedelta(minutes=30)):
            self._bring_to("ready", self.order)
        finals = self.order.check_ids.filtered(lambda c: c.stage == "final") - first
        self.assertRecordValues(finals, [{"result": "pass", "state": "done"}])

    def test_a_class_that_needs_a_certificate_gets_its_number(self):
        self._add_job(category_id=self.category_level2.id)
        self._bring_to("inspection", self.order)
        check = self._check(self.inspector, self.order, "final")
        self.assertTrue(check.certificate_no)
        self.assertEqual(check.road_test_km, 8)
        self.assertTrue(check.has_road_test)

    def test_the_button_finishes_what_was_filled_in_on_the_screen(self):
        self._bring_to("inspection", self.order)
        check = self._start(self.inspector, "final")
        check.write(
            {
                "conclusion": "合格",
                "line_ids": [
                    Command.update(line.id, {"result": "pass"})
                    for line in check.line_ids
                ],
            }
        )
        check.action_finish()
        self.assertEqual(self.job.state, "done")

    # === WRITE ONCE AND ACCESS === #

    def test_a_finished_check_is_never_changed_or_deleted(self):
        self._work()
        check = self._check(self.technician, self.order, "self", self.job)
        check = check.with_env(self.env)
        for record, vals in (
            (check, {"conclusion": "?"}),
            (check.line_ids[0], {"result": "fail"}),
        ):
            with self.assertRefused("never changed or deleted"):
                record.write(vals)
            with self.assertRefused("never changed or deleted"):
                record.unlink()
        with self.assertRefused("was finished by technician"):
            check.finish("OK")
        with self.assertRefused("was finished by technician"):
            check.line_ids.create({"check_id": check.id, "name": "More"})
        self.env.flush_all()
        for query, record_id in (
            ("UPDATE dealer_quality_check SET result = NULL WHERE id = %s", check.id),
            (
                "DELETE FROM dealer_quality_check_line WHERE id = %s",
                check.line_ids[0].id,
            ),
        ):
            with (
                self.subTest(query=query),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.RestrictViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query, [record_id])

    def test_nobody_passes_a_check_by_writing_it(self):
        self._work()
        check = self._start(self.technician, "self", self.job)
        for vals in ({"state": "done"}, {"result": "pass"}, {"started_at": False}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                check.write(vals)
        with self.assertRaises(UserError):
            check.line_ids[0].min_value = 0
        with self.assertRaises(AccessError):
            check.create({"order_id": self.order.id, "stage": "final"})
        with self.assertRaises(AccessError):
            check.unlink()

    def test_each_role_fills_in_its_own_stage(self):
        self._bring_to("inspection", self.order)
        check = self._start(self.inspector, "final")
        check.conclusion = "合格"
        for user in (self.technician, self.team_leader, self.advisor):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                check.with_user(user).conclusion = "不合格"
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                check.line_ids[0].with_user(user).result = "fail"

    def test_check_lists_are_kept_by_the_store_manager(self):
        item = self._create_item("final", "Seat", company_id=self.company.id)
        item.with_user(self.store_manager).standard = "Clean"
        for user in (self.inspector, self.technician, self.advisor):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                item.with_user(user).standard = "Any"

    def test_items_of_another_class_or_store_are_not_asked(self):
        company = self.env["res.company"].create({"name": "东城店"})
        self._create_item("self", "Theirs", company_id=company.id)
        self._create_item("self", "Overhaul", statutory_class="complete")
        self._create_item("self", "Minor", statutory_class="minor")
        self._work()
        check = self._start(self.technician, "self", self.job)
        names = check.line_ids.mapped("name")
        self.assertIn("Minor", names)
        self.assertNotIn("Theirs", names)
        self.assertNotIn("Overhaul", names)

    @mute_logger("odoo.sql_db")
    def test_limits_and_road_tests_make_sense(self):
        for vals in (
            {"is_measured": True, "min_value": 3, "max_value": 2},
            {"is_road_test": True},
        ):
            with (
                self.subTest(vals=vals),
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.env.cr.savepoint(),
            ):
                self._create_item("final", "Odd", **vals)
