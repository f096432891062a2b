import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .workshop_common import DealerWorkshopCommon


@tagged("post_install", "-at_install")
class TestDealerCertificate(DealerWorkshopCommon):
    """No certificate, no delivery; what is signed stays (F14, section 6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._take_in("in_progress")
        cls.big_job = cls._add_approved_job(
            cls.order, category_id=cls.category_level2.id
        )

    def _pass(self):
        self._bring_to("inspection", self.order)
        check = self._check(self.inspector, self.order, "final")
        return check, self.order.certificate_id

    # === INTAKE INSPECTION === #

    def _accept(self):
        """Bring a big job up to the moment at which the workshop takes the car."""
        car = self._create_vehicle("LGBH52E06NY123456", "沪B6K888")
        job = self._prepare_job_vals(category_id=self.category_level2.id)
        order = self._bring_to(
            "accepted", vehicle_id=car.id, job_ids=[Command.create(job)]
        )
        return order.with_env(self.env)

    def test_big_work_begins_after_the_intake_inspection(self):
        order = self._accept()
        job = order.job_ids
        self.assertFalse(order.check_ids)
        order.with_user(self.dispatcher).action_start_work(washed=True)
        check = order.check_ids
        self.assertRecordValues(
            check, [{"stage": "intake", "state": "open", "started_at": False}]
        )
        mine = job.with_user(self.technician)
        self.assertTrue(mine.needs_intake_check)
        self.assertFalse(mine.can_clock_in)
        with self.assertRefused("sign the intake inspection first"):
            mine.action_clock_in()
        with self.assertRaises(AccessError):
            mine.action_intake_check()
        seen = job.with_user(self.inspector)
        self.assertTrue(seen.can_intake_check)
        self.assertEqual(seen.action_intake_check()["res_id"], check.id)
        self._check(self.inspector, order, "intake", job)
        self.assertEqual((check.weight, check.is_complete), (0.5, True))
        self.env.invalidate_all()
        self.assertTrue(mine.can_clock_in)
        mine.action_clock_in()
        with self.assertRefused("has begun"):
            self._check(self.inspector, order, "intake", job)

    def test_what_the_intake_inspection_finds_is_told_and_stops_nothing(self):
        self.env["dealer.quality.item"].create({"stage": "intake", "name": "Hose"})
        order = self._accept()
        order.with_user(self.dispatcher).action_start_work(washed=True)
        self._check(self.inspector, order, "intake", order.job_ids, ["Hose"])
        self.assertIn("Hose: 重做", order.message_ids[0].body)
        self.assertFalse(order.rework_ids)
        order.job_ids.with_user(self.technician).action_clock_in()

    def test_small_work_needs_no_intake_inspection(self):
        small_job = self.order.job_ids - self.big_job
        with self.assertRefused("needs no intake inspection"):
            small_job.with_user(self.inspector).action_intake_check()

    # === PROCESS INSPECTION === #

    def test_big_work_is_inspected_while_it_goes_on(self):
        job = self.big_job.with_user(self.technician)
        with self.assertRefused("needs no process inspection now"):
            job.action_request_process_check()
        job.action_clock_in()
        self.assertTrue(job.needs_process_check)
        self.assertTrue(job.can_request_process_check)
        job.action_request_process_check()
        self.assertFalse(job.can_request_process_check)
        check = self.order.check_ids.filtered(lambda c: c.stage == "process")
        self.assertRecordValues(check, [{"state": "open", "started_at": False}])
        with self.assertRaises(AccessError):
            job.action_process_check()
        opened = self.big_job.with_user(self.inspector).action_process_check()
        self.assertEqual(opened["res_id"], check.id)
        self._check(self.inspector, self.order, "process", self.big_job)
        self.assertFalse(self.big_job.needs_process_check)
        self.assertEqual(self.big_job.state, "in_progress")

    def test_the_final_check_is_not_asked_without_it(self):
        small_job = self.order.job_ids - self.big_job
        self._work_on(small_job)
        self.big_job.with_user(self.technician).action_clock_in()
        self.big_job.with_user(self.parts_keeper).action_issue_parts()
        self.big_job.with_user(self.technician).action_finish()
        self._check(self.technician, self.order, "self", self.big_job)
        self._check(self.team_leader, self.order, "peer", self.big_job)
        with self.assertRefused("has to pass the process inspection first"):
            self.order.with_user(self.team_leader).action_request_inspection()
        self._check(self.inspector, self.order, "process", self.big_job)
        self.order.with_user(self.team_leader).action_request_inspection()
        self.assertEqual(self.order.state, "inspection")

    def test_failed_after_the_peer_check_it_sends_the_job_back(self):
        self.env["dealer.quality.item"].create({"stage": "process", "name": "Seal"})
        self.big_job.with_user(self.technician).action_clock_in()
        self.big_job.with_user(self.parts_keeper).action_issue_parts()
        self._check(self.inspector, self.order, "process", self.big_job, ["Seal"])
        self.assertEqual(self.big_job.state, "in_progress")
        rework = self.order.rework_ids
        self.assertRecordValues(rework, [{"kind": "internal", "state": "open"}])
        self._check(self.inspector, self.order, "process", self.big_job)
        self.assertEqual(rework.state, "passed")

    def test_small_work_needs_none(self):
        self.assertFalse(
            (self.order.job_ids - self.big_job)._get_without_process_check()
        )

    # === CERTIFICATE === #

    def test_passing_the_final_check_issues_it(self):
        self.vehicle.engine_no = "DLS149262"
        check, certificate = self._pass()
        self.assertRecordValues(
            certificate,
            [
                {
                    "state": "valid",
                    "order_id": self.order.id,
                    "check_id": check.id,
                    "client_name": "王小明",
                    "license_plate": "京A12345",
                    "plate_color": "Blue",
                    "vin": self.vehicle.vin,
                    "engine_no": "DLS149262",
                    "category_names": "Level 2",
                    "contract_no": self.order.name,
                    "mileage_in": 30000,
                    "mileage_out": 30008,
                    "inspector_id": self.inspector.id,
                    "repairer_name": self.company.name,
                }
            ],
        )
        self.assertEqual(check.certificate_no, certificate.name)
        self.assertTrue(certificate.statement)

    def test_small_work_gets_a_quality_card_only(self):
        other = self._create_vehicle("LGBH52E06NY123456", "粤BD12345")
        order = self._bring_to("delivered", vehicle_id=other.id)
        self.assertFalse(order.certificate_ids)
        card = order._get_quality_card()
        self.assertFalse(card["certificate"])
        self.assertEqual(card["guarantees"][0]["days"], 10)
        self.assertEqual(card["invoices"], order.sudo().invoice_ids.mapped("name"))
        self.assertEqual(other._get_plate_color(), "Green")

    def test_the_car_neither_gets_ready_nor_leaves_without_it(self):
        _check, certificate = self._pass()
        certificate.with_user(self.supervisor).void("发动机号错误")
        self.assertEqual(certificate.state, "void")
        order = self.order.with_user(self.advisor)
        order.write(
            dict.fromkeys(
                ("prep_washed", "prep_cleaned", "prep_settings", "prep_old_parts"),
                True,
            )
        )
        with self.assertRefused("Completion certificate: .* is void"):
            order.action_ready()
        self.assertIn("is void; an inspector", order.missing)
        self.assertIn("is void", "".join(order.sudo()._get_missing_for_deliver()))

    def test_void_and_reissue_in_one_step(self):
        _check, certificate = self._pass()
        new_id = certificate.with_user(self.inspector).void("发动机号错误", True)
        new = self.env["dealer.certificate"].browse(new_id)
        self.assertEqual(self.order.certificate_id, new)
        self.assertEqual(new.replaces_id, certificate)
        self.assertNotEqual(new.name, certificate.name)
        self.assertEqual(certificate.void_reason, "发动机号错误")
        with self.assertRefused("is void already"):
            certificate.with_user(self.inspector).void("再次")
        found = self.env["dealer.certificate"].search(
            [("state", "=", "valid"), ("order_id", "=", self.order.id)]
        )
        self.assertEqual(found, new)
        self._bring_to("delivered", self.order)
        self.assertEqual(new.received_by, "王小明")

    def test_a_certificate_that_went_with_the_car_is_only_exchanged(self):
        self._pass()
        order = self.order.with_user(self.advisor)
        order.write(
            dict.fromkeys(
                ("prep_washed", "prep_cleaned", "prep_settings", "prep_old_parts"),
                True,
            )
        )
        order.action_ready()
        self._bring_to("delivered", self.order)
        certificate = self.order.certificate_id
        with self.assertRefused("went with the car"):
            certificate.with_user(self.supervisor).void("错误")
        self.assertTrue(certificate.with_user(self.inspector).void("错误", True))

    def test_who_may_void_and_that_nobody_writes_one(self):
        _check, certificate = self._pass()
        for user in (self.advisor, self.technician, self.settlement_clerk):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                certificate.with_user(user).void("错误")
        with self.assertRaises(AccessError):
            certificate.with_user(self.supervisor).void("错误", True)
        with self.assertRefused("Reason: say why"):
            certificate.with_user(self.inspector).void(" ")
        with self.assertRaises(UserError):
            certificate.copy()
        with self.assertRefused("never changed or deleted"):
            certificate.engine_no = "X"
        self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.RestrictViolation),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE dealer_certificate SET vin = 'X' WHERE id = %s",
                [certificate.id],
            )

    def test_numbers_run_by_store(self):
        _check, certificate = self._pass()
        number = self.company._next_dealer_number(certificate._name)
        self.assertNotEqual(number, certificate.name)
        self.env["ir.sequence"].search(
            [("code", "=", "dealer.certificate")]
        ).active = False
        with self.assertRefused("has no number sequence"):
            self.company._next_dealer_number(certificate._name)
