import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .settlement_common import DealerSettlementCommon


class Platform(ThreadingHTTPServer):
    """A provincial platform on this machine: tokens, records, and its moods."""

    daemon_threads = True

    def __init__(self):
        self.tokens = ["T1", "T2", "T3"]
        self.known = {}
        self.calls = []
        self.mood = None
        super().__init__(("127.0.0.1", 0), _Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, path, body):
        """Return status and answer, as the protocol has it."""
        self.calls.append((path, body))
        if self.mood in (500, 404, 429):
            return self.mood, {}
        if path == "/token":
            if body.get("companypassword") != "geheim":
                return 200, {"code": "0", "status": "密码错误"}
            return 200, {"code": "1", "access_token": self.tokens[0]}
        if body.get("access_token") != self.tokens[0]:
            return 200, {"code": "-1", "status": "token失效"}
        if self.mood == "refuse":
            return 200, {"code": "0", "status": "vin错误"}
        number = body["basicInfo"]["costlistcode"]
        if number in self.known:
            return 200, {"code": "2", "status": "重复"}
        self.known[number] = body
        return 200, {"code": "1", "status": "成功"}


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.mood == "slow":
            threading.Event().wait(3)
        if self.server.mood == "redirect":
            self.send_response(302)
            self.send_header("Location", f"{self.server.url}/elsewhere")
            self.end_headers()
            return
        status, answer = self.server.answer(self.path, body)
        text = b"<html>" if self.server.mood == "html" else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *args):
        """Keep quiet."""


@tagged("post_install", "-at_install")
class TestDealerCompliance(DealerSettlementCommon):
    """The record for the authority: complete, sent once, corrected by a new one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.oil.default_code = "PJ-1030"
        cls.platform = Platform()
        cls.addClassCleanup(cls.platform.shutdown)
        cls.cron = cls.env.ref("dealer_service.ir_cron_send_compliance")

    def setUp(self):
        super().setUp()
        self.platform.mood = None
        self.platform.tokens = ["T1", "T2", "T3"]
        self.platform.known.clear()
        self.platform.calls.clear()

    def _settle(self, **values):
        order = self._make_ready(**values)
        self._step_settle(order)
        return order.with_env(self.env)

    def _use_platform(self, **values):
        vals = {
            "company_id": self.company.id,
            "kind": "http",
            "token_url": f"{self.platform.url}/token",
            "url": f"{self.platform.url}/record",
            "company_code": "310000001",
            "password": "geheim",
            "timeout": 1,
            **values,
        }
        return self.env["dealer.compliance.endpoint"].create(vals)

    def _run_cron(self, hours=0):
        with (
            freeze_time(fields.Datetime.now() + timedelta(hours=hours, seconds=1)),
            self.enter_registry_test_mode(),
        ):
            self.cron.method_direct_trigger()
        self.env.invalidate_all()

    # === BUILDING === #

    def test_a_settled_visit_has_its_complete_record(self):
        order = self._settle(vehicle_id=self.vehicle.id)
        record = order.compliance_ids
        self.assertEqual((record.state, record.problems), ("pending", False))
        data = json.loads(record.payload)
        today = fields.Date.context_today(
            order.with_context(tz=self.company.resource_calendar_id.tz)
        ).strftime("%Y%m%d")
        self.assertEqual(
            data["basicInfo"],
            {
                "vehicleplatenumber": "京A12345",
                "companyname": self.company.name,
                "vin": self.vehicle.vin,
                "repairdate": today,
                "repairmileage": 30000,
                "settledate": today,
                "faultdescription": "保养，刹车有异响",
                "costlistcode": order.settlement_list_ids.name,
            },
        )
        self.assertEqual(
            data["repairprojectlist"],
            [{"repairproject": "更换机油机滤", "workinghours": 0.5}],
        )
        self.assertEqual(
            data["vehiclepartslist"],
            [
                {
                    "partsname": self.oil.display_name,
                    "partsquantity": 1.0,
                    "partscode": "PJ-1030",
                }
            ],
        )

    def test_what_is_missing_is_said_and_settling_never_waits(self):
        self.oil.default_code = False
        order = self._settle(concern=False)
        self.assertEqual(order.state, "settled")
        record = order.compliance_ids
        self.assertEqual(record.state, "invalid")
        self.assertIn("enter the part number", record.problems)
        self._run_cron()
        self.assertEqual(record.state, "invalid")
        self.oil.default_code = "PJ-1030"
        record.with_user(self.archivist).action_rebuild()
        self.assertEqual(record.state, "pending")

    # === FILES === #

    def test_without_a_platform_the_record_becomes_a_file(self):
        record = self._settle().compliance_ids
        self._run_cron()
        self.assertEqual(record.state, "sent")
        file = self.env["ir.attachment"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)]
        )
        self.assertEqual(json.loads(file.raw), json.loads(record.payload))
        self._run_cron()
        self.assertEqual(record.attempts, 1)

    def test_records_are_downloaded_as_an_archive(self):
        record = self._settle().compliance_ids
        action = record.with_user(self.archivist).action_export_zip()
        self.assertIn("/web/content/", action["url"])
        with self.assertRaises(AccessError):
            record.with_user(self.advisor).action_export_zip()

    # === THE PLATFORM === #

    def test_a_record_is_sent_with_a_token(self):
        endpoint = self._use_platform()
        record = self._settle().compliance_ids
        self._run_cron()
        self.assertRecordValues(
            record, [{"state": "sent", "receipt": "成功", "attempts": 1}]
        )
        self.assertEqual(endpoint.access_token, "T1")
        ((_number, body),) = self.platform.known.items()
        self.assertEqual(
            {key: body[key] for key in body if key != "access_token"},
            json.loads(record.payload),
        )

    def test_a_token_is_fetched_once_for_many_records(self):
        self._use_platform()
        for _number in range(2):
            self._settle()
        self._run_cron()
        paths = [path for path, _body in self.platform.calls]
        self.assertEqual(paths, ["/token", "/record", "/record"])

    def test_an_expired_token_is_fetched_anew(self):
        endpoint = self._use_platform()
        endpoint._keep_token("T1")
        self.platform.tokens.pop(0)
        record = self._settle().compliance_ids
        self._run_cron()
        self.assertEqual(record.state, "sent")
        self.assertEqual(endpoint.access_token, "T2")

    def test_what_may_pass_is_tried_again_later_and_later(self):
        self._use_platform()
        record = self._settle().compliance_ids
        waits = []
        for mood in (500, "slow", "html", 429):
            self.platform.mood = mood
            with freeze_time(record.next_try_at):
                record._send()
                waits.append(record.next_try_at - fields.Datetime.now())
            self.assertEqual(record.state, "pending")
            self.assertTrue(record.last_error)
        self.assertEqual(waits, sorted(waits))
        self.assertLess(waits[0], waits[-1])
        self.platform.mood = None
        self._run_cron()
        self.assertEqual(record.state, "pending", "not before its time")
        self._run_cron(hours=1)
        self.assertRecordValues(record, [{"state": "sent", "attempts": 5}])

    def test_a_platform_that_is_away_is_asked_later(self):
        self._use_platform(url="http://127.0.0.1:9/record")
        record = self._settle().compliance_ids
        self._run_cron()
        self.assertEqual((record.state, record.attempts), ("pending", 1))
        self.assertIn("did not answer", record.last_error)

    def test_after_many_attempts_a_person_is_asked(self):
        self._use_platform()
        self.platform.mood = 500
        record = self._settle().compliance_ids
        for _number in range(10):
            record._send()
        self.assertEqual(record.state, "failed")
        self.assertEqual(record.activity_ids.user_id, self.advisor)
        self.platform.mood = None
        record.with_user(self.store_manager).action_retry()
        self._run_cron()
        self.assertEqual(record.state, "sent")

    def test_a_refusal_is_not_repeated(self):
        self._use_platform()
        record = self._settle().compliance_ids
        for mood, text in (("refuse", "vin错误"), (404, "404"), ("redirect", "302")):
            self.platform.mood = mood
            record._stamp({"state": "pending"})
            record._send()
            self.assertEqual(record.state, "failed")
            self.assertIn(text, record.last_error)
        self.assertNotIn("/elsewhere", [path for path, _body in self.platform.calls])

    def test_a_wrong_password_is_said_and_never_shown(self):
        self._use_platform(password="falsch")
        record = self._settle().compliance_ids
        record._send()
        self.assertEqual(record.state, "failed")
        self.assertIn("密码错误", record.last_error)
        self.assertNotIn("falsch", record.last_error)

    def test_a_record_that_arrived_before_a_crash_counts_as_sent(self):
        self._use_platform()
        record = self._settle().compliance_ids
        record._send()
        record._stamp({"state": "pending"})
        record._send()
        self.assertEqual(record.state, "sent")
        self.assertIn("Known already", record.receipt)
        self.assertEqual(len(self.platform.known), 1)

    # === CORRECTIONS AND GUARDS === #

    def test_what_was_sent_is_corrected_by_a_new_record(self):
        order = self._settle()
        record = order.compliance_ids
        with self.assertRefused("not sent yet"):
            record.with_user(self.archivist).action_correct("x")
        self._run_cron()
        with self.assertRefused("stays as it is"):
            record.with_user(self.archivist).action_rebuild()
        with self.assertRefused("say what is corrected"):
            record.with_user(self.archivist).action_correct(" ")
        payload = record.payload
        second_id = record.with_user(self.archivist).action_correct("里程写错")
        second = record.browse(second_id)
        self.assertEqual(second.replaces_id, record)
        self.assertEqual(second.state, "pending")
        self.assertEqual(record.payload, payload)
        self._run_cron()
        self.assertEqual(second.state, "sent")

    def test_nobody_edits_or_deletes_a_record(self):
        record = self._settle().compliance_ids
        for user in (self.group_manager, self.archivist, self.advisor):
            with self.assertRaises(UserError):
                record.with_user(user).write({"payload": "{}"})
            with self.assertRaises(UserError):
                record.with_user(user).unlink()
        with self.assertRefused("never edited"):
            record.sudo().write({"state": "sent"})
        for method in ("action_rebuild", "action_retry", "action_correct"):
            with self.assertRaises(AccessError):
                getattr(record.with_user(self.advisor), method)()

    def test_secrets_are_read_by_administrators_only(self):
        endpoint = self._use_platform()
        for user in (self.store_manager, self.supervisor, self.settlement_clerk):
            with self.assertRaises(AccessError):
                endpoint.with_user(user).read(["password"])
        for name in ("password", "company_code", "access_token"):
            with self.assertRaises(AccessError):
                endpoint.with_user(self.store_manager).search([(name, "!=", "x")])
        with self.assertRaises(AccessError):
            endpoint.with_user(self.store_manager).write({"url": "http://evil"})

    def test_addresses_are_asked_for(self):
        for url in (False, "ftp://platform", "platform"):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self._use_platform(url=url)
