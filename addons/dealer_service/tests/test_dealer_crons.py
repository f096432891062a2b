from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_cron import IrCron

from ..cron import run_each
from .settlement_common import DealerSettlementCommon

CRON = "odoo.addons.dealer_service.cron"
LOCK = "SELECT 1 FROM res_country WHERE id = %s FOR UPDATE NOWAIT"


@tagged("post_install", "-at_install")
class TestDealerCrons(DealerSettlementCommon):
    """Scheduled actions: one record that fails or is held stops no other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.oil.default_code = "PJ-1030"

    def setUp(self):
        super().setUp()
        self.commits = []
        self.seconds = 1000

        def commit(_self, processed=0, *, remaining=None, **_kwargs):
            self.commits.append((processed, remaining))
            return self.seconds

        # Tests run in one transaction.
        self.startPatcher(patch.object(IrCron, "_commit_progress", commit))
        self.partners = self.env["res.partner"].create(
            [{"name": name} for name in ("A", "B", "C")]
        )

    # === EACH RECORD === #

    def test_each_record_is_committed(self):
        run_each(self.partners, lambda partner: partner.write({"ref": "seen"}))
        self.assertEqual(set(self.partners.mapped("ref")), {"seen"})
        self.assertEqual(self.commits, [(0, 3)] + [(1, None)] * 3)

    @mute_logger(CRON)
    def test_a_record_that_fails_is_rolled_back_and_the_next_one_goes_on(self):
        failures = []

        def step(partner):
            partner.ref = "seen"
            if partner == self.partners[0]:
                raise ValueError("broken")

        run_each(
            self.partners, step, failed=lambda partner, _err: failures.append(partner)
        )
        self.assertEqual(self.partners.mapped("ref"), [False, "seen", "seen"])
        self.assertEqual(failures, [self.partners[0]])

    @mute_logger(CRON, "odoo.sql_db")
    def test_an_error_of_postgresql_stays_with_its_record(self):
        def step(partner):
            if partner == self.partners[0]:
                self.env.cr.execute("SELECT 1 / 0")
            partner.ref = "seen"

        run_each(self.partners, step)
        self.assertEqual(self.partners.mapped("ref"), [False, "seen", "seen"])

    @mute_logger("odoo.sql_db")
    def test_a_record_that_somebody_changed_meanwhile_did_not_fail(self):
        failures = []

        def step(partner):
            if partner == self.partners[0]:
                raise SerializationFailure("changed")
            partner.ref = "seen"

        run_each(self.partners, step, failed=lambda *args: failures.append(args))
        self.assertEqual(self.partners.mapped("ref"), [False, "seen", "seen"])
        self.assertFalse(failures)

    def test_a_run_stops_when_its_time_is_over(self):
        self.seconds = 0
        run_each(self.partners, lambda partner: partner.write({"ref": "seen"}))
        self.assertEqual(self.partners.mapped("ref"), ["seen", False, False])

    def test_a_record_that_another_run_holds_is_left_to_it(self):
        # Committed rows that no test writes: the other run has its own cursor.
        held, free = self.env.ref("base.cn"), self.env.ref("base.tw")
        seen = []
        with self.registry.cursor() as other:
            other.execute(LOCK, [held.id])
            run_each(held + free, seen.append)
        self.assertEqual(seen, [free])

    def test_what_belongs_to_a_record_is_held_as_well(self):
        held = self.env.ref("base.cn")
        seen = []
        with self.registry.cursor() as other:
            other.execute(LOCK, [held.id])
            run_each(self.partners, seen.append, lock=lambda _partner: held)
        self.assertFalse(seen)

    # === THE ACTIONS === #

    @mute_logger(CRON)
    def test_an_adapter_that_breaks_down_delays_its_record_only(self):
        orders = [self._make_ready(), self._make_ready_other()]
        for order in orders:
            self._step_settle(order)
        first, second = (order.sudo().compliance_ids for order in orders)
        endpoint = type(self.env["dealer.compliance.endpoint"])
        deliver = endpoint._deliver

        def break_down(endpoint, record):
            if record == first:
                raise KeyError("token")
            return deliver(endpoint, record)

        with (
            patch.object(endpoint, "_deliver", break_down),
            freeze_time(fields.Datetime.now() + timedelta(seconds=2)),
        ):
            self.env["dealer.compliance.record"]._cron_send()
        self.assertEqual((first.state, second.state), ("pending", "sent"))
        self.assertEqual(first.attempts, 1)
        self.assertIn("KeyError", first.last_error)
        self.assertGreater(first.next_try_at, fields.Datetime.now())

    def _make_ready_other(self):
        """Bring the visit of another car to its settlement."""
        car = self._create_vehicle("LGBH52E06NY123456", "京B12345")
        return self._make_ready(vehicle_id=car.id)

    def test_the_task_about_a_record_speaks_the_advisor_s_language_and_closes(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.advisor.lang = "zh_CN"
        order = self._make_ready()
        self._step_settle(order)
        record = order.sudo().compliance_ids
        record._stamp({"attempts": 9})
        record._note_failure({"status": "later", "message": "503"})
        self.assertEqual(record.activity_ids.user_id, self.advisor)
        words = record.with_context(lang="zh_CN").env._(
            "The electronic repair record was not accepted"
        )
        self.assertEqual(record.activity_ids.summary, words)
        record._stamp({"state": "pending"})
        record._send()
        self.assertEqual(record.state, "sent")
        self.assertFalse(record.activity_ids)
