import base64
import io
import json
import zipfile
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import arguments as arg
from ..cron import run_each
from ..utils import as_step, is_step, join_sentences

MANAGER = "dealer_service.group_dealer_store_manager"
STATES = [
    ("invalid", "Incomplete"),
    ("pending", "Waiting to be sent"),
    ("sent", "Sent"),
    ("failed", "Not accepted"),
]
# Then a person looks at it.
MOST_ATTEMPTS = 10
FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=24)
BATCH = 200
# Of an error, so much is kept.
MESSAGE_LENGTH = 200
HELP_ACTIVITY = "dealer_service.mail_activity_type_compliance"


class DealerComplianceRecord(models.Model):
    """The thirteen-element repair record for the authority (電子健康檔案, section 6).

    - Built and validated by itself when a visit is settled; what is missing is said
      in words, and the record waits until it is complete. Settlement never waits.
    - Sent by the adapter that the store has chosen; a failure that may pass is tried
      again later and later, then a person is asked.
    - What was sent stays as it was. A correction is a new record naming the old one.
    """

    _name = "dealer.compliance.record"
    _description = "Electronic repair record"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", required=True, readonly=True, index="trigram")
    order_id = fields.Many2one(
        "dealer.repair.order",
        string="Repair order",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", string="Store", required=True, readonly=True, index=True
    )
    license_plate = fields.Char(string="Plate", readonly=True)
    state = fields.Selection(
        STATES, required=True, readonly=True, default="invalid", tracking=True
    )
    payload = fields.Text(string="Record (JSON)", readonly=True)
    problems = fields.Text(string="What is missing", readonly=True)
    attempts = fields.Integer(readonly=True, aggregator=False)
    next_try_at = fields.Datetime(string="Next try", readonly=True)
    last_error = fields.Char(string="Last answer", readonly=True)
    receipt = fields.Char(readonly=True, help="What the receiver answered.")
    sent_at = fields.Datetime(string="Sent on", readonly=True)
    replaces_id = fields.Many2one(
        "dealer.compliance.record",
        string="Corrects",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    replaced_by_ids = fields.One2many(
        "dealer.compliance.record", "replaces_id", string="Corrected by"
    )
    correction_reason = fields.Char(string="Why corrected", readonly=True)

    _one_per_visit = models.UniqueIndex(
        "(order_id) WHERE replaces_id IS NULL",
        lambda env, _diag: env._("This visit has its electronic record already."),
    )
    _corrected_once = models.UniqueIndex(
        "(replaces_id) WHERE replaces_id IS NOT NULL",
        lambda env, _diag: env._("This record has been corrected already."),
    )
    _queue_idx = models.Index("(next_try_at, id) WHERE state = 'pending'")

    # === BUILDING === #

    @api.model
    def _create_for_orders(self, orders):
        """Build the records of settled visits; one that is there is kept.

        Elevated: no role writes them.
        """
        record_sudo = self.sudo()
        known = record_sudo.search([("order_id", "in", orders.ids)]).order_id
        records = record_sudo.create(
            [
                {
                    "name": order.company_id._next_dealer_number(
                        "dealer.compliance.record"
                    ),
                    "order_id": order.id,
                    "company_id": order.company_id.id,
                    "license_plate": order.license_plate,
                }
                for order in orders - known
            ]
        )
        records._build()
        return records

    def _build(self):
        """Write what is to be sent, and say what it still needs."""
        for record in self:
            payload, problems = record.order_id.sudo()._prepare_compliance_payload()
            record._stamp(
                {
                    "payload": json.dumps(payload, ensure_ascii=False, indent=2),
                    "problems": join_sentences(problems) or False,
                    "state": "invalid" if problems else "pending",
                    "next_try_at": False if problems else fields.Datetime.now(),
                    "attempts": 0,
                    "last_error": False,
                    "license_plate": record.order_id.license_plate,
                }
            )

    def _ensure_manager(self):
        """Let managers and the archivist look after the records."""
        self.env["dealer.repair.order"]._ensure_role(
            (MANAGER, "dealer_service.group_dealer_archivist")
        )
        self.check_access("read")

    def action_rebuild(self):
        """Build records that were not sent yet once more, after something was added.

        :raises UserError: if one was sent
        """
        self._ensure_manager()
        self.lock_for_update()
        if self.filtered(lambda record: record.state == "sent"):
            raise UserError(
                self.env._("What was sent stays as it is. Make a correction instead.")
            )
        self._build()
        return True

    def action_retry(self):
        """Send failed records again, at the next run.

        :raises UserError: if one did not fail
        """
        self._ensure_manager()
        self.lock_for_update()
        if self.filtered(lambda record: record.state not in ("failed", "pending")):
            raise UserError(self.env._("Only what failed is sent again."))
        self._stamp(
            {"state": "pending", "attempts": 0, "next_try_at": fields.Datetime.now()}
        )
        # The queue is the system's.
        self.env.ref("dealer_service.ir_cron_send_compliance").sudo()._trigger()
        return True

    @arg.typed(reason=arg.text)
    def action_correct(self, reason=False):
        """Make a new record in place of one that was sent.

        :param str reason: why; mandatory
        :return: id of the new record
        :rtype: int
        """
        self.ensure_one()
        self._ensure_manager()
        if not (reason or "").strip():
            raise UserError(self.env._("Reason: say what is corrected."))
        self.lock_for_update()
        if self.state != "sent":
            raise UserError(
                self.env._(
                    "It was not sent yet: complete the visit and build it again."
                )
            )
        return self._correct(reason).id

    def _correct(self, reason):
        """Make the record that takes the place of this one.

        :param str reason: why
        :return: the new record
        """
        self.ensure_one()
        # No role writes records.
        record_sudo = self.sudo()
        correction = record_sudo.create(
            {
                "name": self.company_id._next_dealer_number("dealer.compliance.record"),
                "order_id": self.order_id.id,
                "company_id": self.company_id.id,
                "license_plate": self.license_plate,
                "replaces_id": self.id,
                "correction_reason": reason,
            }
        )
        correction._build()
        return correction

    @api.model
    def _follow_visits(self, orders, reason):
        """Bring the records of settled visits in line with what changed since.

        What waits is built again, what was sent is corrected by a new record.

        :param orders: `dealer.repair.order` records
        :param str reason: what changed
        """
        # No role writes records.
        records_sudo = self.sudo().search(
            [("order_id", "in", orders.ids), ("replaced_by_ids", "=", False)]
        )
        records_sudo.lock_for_update()
        for record in records_sudo:
            payload, _problems = record.order_id._prepare_compliance_payload()
            if json.loads(record.payload or "{}") == payload:
                continue
            if record.state == "sent":
                record._correct(reason)
            else:
                record._build()

    # === SENDING === #

    @api.model
    def _cron_send(self):
        """Send what waits, one by one; each result is committed at once.

        A record that somebody else holds is left to him. After a crash between the
        receiver's answer and our commit the record is sent once more; receivers
        know the list number and answer that they have it.
        """
        domain = [
            ("state", "=", "pending"),
            ("next_try_at", "<=", fields.Datetime.now()),
        ]
        todo = self.search(domain, order="next_try_at, id", limit=BATCH)

        def send(record):
            if record.state == "pending":
                record._send()

        run_each(todo, send, failed=lambda record, error: record._note_crash(error))

    def _note_crash(self, error):
        """Put a record whose adapter broke down behind the others.

        :param Exception error: what the adapter raised
        """
        self.ensure_one()
        if self.try_lock_for_update() and self.state == "pending":
            message = f"{type(error).__name__}: {error}"[:MESSAGE_LENGTH]
            self._note_failure({"status": "later", "message": message})

    def _send(self):
        """Hand one record to the store's adapter and note the outcome."""
        self.ensure_one()
        # The endpoint holds secrets that no role reads.
        endpoint_sudo = self.env["dealer.compliance.endpoint"].sudo()
        endpoint = endpoint_sudo._get_for(self.company_id)
        outcome = endpoint._deliver(self)
        if outcome["status"] == "sent":
            self._stamp(
                {
                    "state": "sent",
                    "sent_at": fields.Datetime.now(),
                    "attempts": self.attempts + 1,
                    "next_try_at": False,
                    "last_error": False,
                    "receipt": outcome["message"],
                }
            )
            self._close_help()
            return
        self._note_failure(outcome)

    def _note_failure(self, outcome):
        """Note why a record did not arrive, and when it is tried again.

        :param dict outcome: what the adapter answered
        """
        self.ensure_one()
        attempts = self.attempts + 1
        gives_up = outcome["status"] == "refused" or attempts >= MOST_ATTEMPTS
        delay = min(FIRST_DELAY * 2**attempts, LONGEST_DELAY)
        self._stamp(
            {
                "state": "failed" if gives_up else "pending",
                "attempts": attempts,
                "next_try_at": False if gives_up else fields.Datetime.now() + delay,
                "last_error": outcome["message"],
            }
        )
        if gives_up:
            self._ask_for_help()

    def _ask_for_help(self):
        """Give the advisor of the visit a task: the record did not go through."""
        self.ensure_one()
        advisor = self.order_id.advisor_id
        record = self.with_context(lang=advisor.lang)
        record.activity_schedule(
            HELP_ACTIVITY,
            summary=record.env._("The electronic repair record was not accepted"),
            note=self.last_error,
            user_id=advisor.id,
        )

    def _close_help(self):
        """Close the task: the record has arrived after all."""
        # The queue closes what it has asked for, whoever has the task.
        self.sudo().activity_feedback([HELP_ACTIVITY])

    def action_export_zip(self):
        """Download the records as JSON files in one archive."""
        self._ensure_manager()
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for record in self:
                archive.writestr(record._get_file_name(), record.payload or "{}")
        # A download of what the reader may read already.
        attachment_sudo = self.env["ir.attachment"].sudo()
        attachment = attachment_sudo.create(
            {
                "name": "repair-records.zip",
                "datas": base64.b64encode(buffer.getvalue()),
                "mimetype": "application/zip",
                "res_model": self._name,
                "res_id": self[:1].id,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }

    def _get_file_name(self):
        """Return the name of the record's file."""
        self.ensure_one()
        return f"{self.name.replace('/', '-')}.json"

    # === GUARDS === #

    def _stamp(self, vals):
        """Write what happened to records; no role writes them by hand."""
        record_sudo = as_step(self.sudo())
        record_sudo.write(vals)

    def write(self, vals):
        """Let the queue write its records, and everybody discuss them."""
        own = {
            name
            for name in vals
            if name in self._fields and not name.startswith(("activity_", "message_"))
        }
        if own and not is_step(self):
            raise UserError(
                self.env._("Electronic records are built from the visit, never edited.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Keep every record."""
        raise UserError(self.env._("Electronic records are never deleted."))
