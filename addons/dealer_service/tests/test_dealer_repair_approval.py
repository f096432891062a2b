import json
from datetime import timedelta

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DealerServiceCommon


@tagged("post_install", "-at_install")
class TestDealerRepairApproval(DealerServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_repair_order(
            job_ids=[
                Command.create(cls._prepare_job_vals()),
                Command.create(
                    cls._prepare_job_vals(
                        name="前刹车片",
                        is_safety=True,
                        line_ids=[
                            Command.create({"product_id": cls.labour2.id}),
                            Command.create({"product_id": cls.pads.id}),
                        ],
                    )
                ),
            ]
        )
        cls._bring_to("offered", cls.order)
        cls.oil_job, cls.brake_job = cls.order.job_ids

    def _answer(self, job, decision="approved", **values):
        return self.order.record_decisions(
            [dict(job_id=job.id, revision=job.revision, decision=decision, **values)],
            "王小明",
            self.signature,
        )

    def test_the_customer_decides_job_by_job(self):
        self.order.record_decisions(
            [
                {"job_id": self.oil_job.id, "revision": 1, "decision": "approved"},
                {
                    "job_id": self.brake_job.id,
                    "revision": 1,
                    "decision": "declined",
                    "reason": "下次再换",
                    "follow_up_km": 35000,
                },
            ],
            "王小明",
            self.signature,
        )
        self.assertEqual(self.oil_job.state, "approved")
        self.assertEqual(self.brake_job.state, "declined")
        self.assertEqual(self.order.state, "accepted")
        self.assertEqual(self.order.amount_total, self.oil_job.amount_total)
        self.assertRecordValues(
            self.vehicle.finding_ids,
            [
                {
                    "name": "前刹车片",
                    "reason": "下次再换",
                    "danger": "safety",
                    "follow_up_km": 35000,
                    "state": "open",
                }
            ],
        )

    def test_only_approved_jobs_write_sale_lines_and_reserve_parts(self):
        self._answer(self.oil_job)
        self._answer(self.brake_job, "deferred")
        sale = self.order.sudo().sale_order_ids
        self.assertEqual(sale.state, "sale")
        self.assertEqual(sale.partner_id, self.owner)
        self.assertEqual(
            sale.order_line.dealer_line_id.sudo(False), self.oil_job.line_ids
        )
        self.assertAlmostEqual(sale.amount_total, self.oil_job.amount_total)
        self.assertEqual(sale.picking_ids.move_ids.product_id, self.oil)
        self.assertEqual(sale.picking_ids.move_ids.quantity, 1)

    def test_a_later_approval_joins_the_payers_sale_order(self):
        self._answer(self.oil_job)
        self._answer(self.brake_job)
        sale = self.order.sudo().sale_order_ids
        self.assertEqual(len(sale), 1)
        self.assertEqual(len(sale.order_line), 4)
        self.assertAlmostEqual(sale.amount_total, self.order.amount_total)

    def test_the_snapshot_says_what_was_shown(self):
        self._answer(self.oil_job)
        approval = self.oil_job.approval_ids
        shown = json.loads(approval.snapshot)
        self.assertEqual(shown["total"], self.oil_job.amount_total)
        self.assertEqual(
            [line["name"] for line in shown["lines"]],
            ["更换机油机滤", "机油4L全合成"],
        )

    def test_repeating_the_same_answer_returns_the_first_approval(self):
        first = self._answer(self.oil_job)
        self.assertEqual(self._answer(self.oil_job), first)
        self.assertEqual(len(self.oil_job.approval_ids), 1)
        self.assertEqual(len(self.order.sudo().sale_order_ids.order_line), 2)

    def test_another_answer_to_a_decided_job_is_refused(self):
        self._answer(self.oil_job)
        with self.assertRaisesRegex(UserError, "not on offer"):
            self._answer(self.oil_job, "declined")

    def test_an_outdated_revision_is_refused(self):
        self.oil_job.line_ids[0].quantity = 1.0
        self.assertEqual((self.oil_job.state, self.oil_job.revision), ("draft", 2))
        self.oil_job.action_offer()
        with self.assertRaisesRegex(UserError, "changed after the customer saw it"):
            self.order.record_decisions(
                [{"job_id": self.oil_job.id, "revision": 1, "decision": "approved"}],
                "王小明",
                self.signature,
            )
        self._answer(self.oil_job)
        self.assertEqual(self.oil_job.approval_ids.revision, 2)

    def test_an_expired_offer_is_refused(self):
        self.env.cr.execute(
            "UPDATE dealer_repair_job SET valid_until = %s WHERE id = %s",
            [fields.Date.today() - timedelta(days=1), self.oil_job.id],
        )
        self.oil_job.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "expired on"):
            self._answer(self.oil_job)

    def test_the_night_lets_unanswered_offers_expire(self):
        self.env.cr.execute(
            "UPDATE dealer_repair_job SET valid_until = %s WHERE id = %s",
            [fields.Date.today() - timedelta(days=1), self.oil_job.id],
        )
        self.env.invalidate_all()
        cron = self.env.ref("dealer_service.ir_cron_expire_offers")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(self.oil_job.state, "expired")
        self.assertEqual(self.brake_job.state, "offered")
        self.oil_job.line_ids[0].quantity = 0.8
        self.assertEqual((self.oil_job.state, self.oil_job.revision), ("draft", 2))

    def test_evidence_is_asked_for(self):
        decision = [{"job_id": self.oil_job.id, "revision": 1, "decision": "approved"}]
        cases = [
            ("Decided by", {"signer": " ", "signature": self.signature}),
            ("Signature", {"signer": "王小明", "signature": False}),
            (
                "Remark",
                {"signer": "王小明", "signature": False, "channel": "phone"},
            ),
            ("Channel", {"signer": "王", "signature": "x", "channel": "pigeon"}),
        ]
        for sentence, values in cases:
            with self.subTest(sentence), self.assertRaisesRegex(UserError, sentence):
                self.order.record_decisions(decision, **values)
        self.order.record_decisions(
            decision, "王小明", False, channel="phone", remark="10:05 本人接听，同意"
        )
        self.assertEqual(self.oil_job.state, "approved")

    def test_bad_decision_lists_are_refused(self):
        foreign = self._create_foreign_job()
        cases = [
            ("at least one job", []),
            ("names its job", [{"decision": "approved"}]),
            ("Decision: choose", [{"job_id": self.oil_job.id, "decision": "yes"}]),
            (
                "does not belong",
                [{"job_id": foreign.id, "revision": 1, "decision": "approved"}],
            ),
        ]
        for sentence, decisions in cases:
            with self.subTest(sentence), self.assertRaisesRegex(UserError, sentence):
                self.order.record_decisions(decisions, "王小明", self.signature)

    def _create_foreign_job(self):
        vehicle = self._create_vehicle("LGBH52E06NY123456", "沪B6K888")
        return self._create_repair_order(vehicle_id=vehicle.id).job_ids

    def test_a_technician_cannot_decide_for_the_customer(self):
        with self.assertRaises(AccessError):
            self.order.with_user(self.technician).record_decisions(
                [{"job_id": self.oil_job.id, "revision": 1, "decision": "approved"}],
                "王小明",
                self.signature,
            )

    # === WRITE-ONCE === #

    @mute_logger("odoo.sql_db")
    def test_an_approval_is_never_changed_or_deleted(self):
        self._answer(self.oil_job)
        approval_sudo = self.oil_job.approval_ids.sudo()
        with self.assertRaisesRegex(UserError, "never changed or deleted"):
            approval_sudo.write({"signer": "李四"})
        with self.assertRaisesRegex(UserError, "never changed or deleted"):
            approval_sudo.unlink()
        for query in (
            "UPDATE dealer_repair_approval SET signer = 'x' WHERE id = %s",
            "DELETE FROM dealer_repair_approval WHERE id = %s",
        ):
            with (
                self.assertRaises(psycopg2.errors.RestrictViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query, [approval_sudo.id])

    def test_nobody_creates_an_approval_by_hand(self):
        with self.assertRaises(AccessError):
            self.env["dealer.repair.approval"].with_user(self.group_manager).create(
                {"order_id": self.order.id, "job_id": self.oil_job.id}
            )

    def test_the_chain_of_hashes_finds_a_tampered_row(self):
        self._answer(self.oil_job)
        self._answer(self.brake_job)
        approvals = self.order.approval_ids.sudo()
        self.assertFalse(approvals._get_broken())
        self.env.cr.execute(
            "ALTER TABLE dealer_repair_approval "
            "DISABLE TRIGGER dealer_repair_approval_write_once"
        )
        self.env.cr.execute(
            "UPDATE dealer_repair_approval SET remark = 'x' WHERE id = %s",
            [approvals[0].id],
        )
        approvals.invalidate_recordset()
        self.assertEqual(approvals._get_broken(), approvals[0])

    # === REVISIONS === #

    def test_changing_an_approved_job_takes_its_sale_lines_back(self):
        self._answer(self.oil_job)
        sale = self.order.sudo().sale_order_ids
        self.oil_job.line_ids[1].price_unit = 300
        self.assertEqual((self.oil_job.state, self.oil_job.revision), ("draft", 2))
        self.assertFalse(sale.order_line)
        self.assertEqual(sale.state, "cancel")
        self.oil_job.action_offer()
        self._answer(self.oil_job)
        self.assertAlmostEqual(
            self.order.sudo()
            .sale_order_ids.filtered(lambda s: s.state == "sale")
            .amount_total,
            self.oil_job.amount_total,
        )

    def test_adding_or_removing_a_line_is_a_new_revision(self):
        self.oil_job.line_ids = [Command.create({"product_id": self.fee.id})]
        self.assertEqual(self.oil_job.revision, 2)
        self.oil_job.action_offer()
        self.oil_job.line_ids[-1].unlink()
        self.assertEqual((self.oil_job.state, self.oil_job.revision), ("draft", 3))

    def test_changing_the_payer_is_a_new_revision(self):
        self.brake_job.write(
            {"payer": "insurance", "payer_partner_id": self.insurer.id}
        )
        self.assertEqual((self.brake_job.state, self.brake_job.revision), ("draft", 2))

    def test_work_that_started_keeps_its_price(self):
        self._answer(self.oil_job)
        self._answer(self.brake_job)
        self._step_start_work(self.order)
        self.oil_job.with_user(self.technician).action_clock_in()
        with self.assertRaisesRegex(UserError, "Raise an add-on"):
            self.oil_job.line_ids[0].quantity = 5

    def test_the_call_about_an_addon_ends_with_the_answer(self):
        self._answer(self.oil_job)
        self._answer(self.brake_job)
        self._step_start_work(self.order)
        job = self.order.job_ids.browse(
            self.order.with_user(self.technician).raise_addon(
                {
                    "name": "球头松旷",
                    "addon_reason": "影响转向",
                    "lines": [{"product_id": self.labour2.id}],
                }
            )
        )
        call = self.order.activity_ids
        self.assertEqual(call.user_id, self.advisor)
        job.with_user(self.advisor).action_offer()
        self.order.invalidate_recordset()
        self.assertTrue(self.order.activity_ids)
        self._answer(job, "declined")
        self.order.invalidate_recordset()
        self.assertFalse(self.order.activity_ids)

    def test_work_sold_later_converts_its_finding(self):
        self._answer(self.brake_job, "deferred")
        self._answer(self.oil_job)
        finding = self.vehicle.finding_ids
        revived = self.order.job_ids.create(
            self._prepare_job_vals(
                name="前刹车片", order_id=self.order.id, finding_id=finding.id
            )
        )
        revived.with_user(self.advisor).action_offer()
        self.assertEqual(finding.state, "open")
        self._answer(revived)
        self.assertEqual(
            (finding.state, finding.revived_job_id), ("converted", revived)
        )

    def test_a_refused_job_is_not_reworded(self):
        self._answer(self.oil_job, "declined")
        with self.assertRaisesRegex(UserError, "Add a new job"):
            self.oil_job.line_ids[0].quantity = 5
