from datetime import datetime, time, timedelta

from pytz import timezone, utc

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from .. import arguments as arg
from ..cron import run_each
from .dealer_repair_order_flow import TEAM_LEADER


class DealerWorkLog(models.Model):
    """No clock is left running overnight unnoticed (C8, F08).

    - A clock that still runs so long after the end of the technician's shift is
      stopped as of that end, marked, and the job paused. Somebody who started after
      the shift is stopped as of midnight.
    - A stopped clock is final. The team leader corrects it through a new log that
      names it; then the new one counts, the old one does not.
    """

    _inherit = "dealer.work.log"

    is_auto_stopped = fields.Boolean(
        string="Stopped by itself",
        readonly=True,
        help="The clock was forgotten and stopped as of the end of the shift.",
    )
    corrects_id = fields.Many2one(
        "dealer.work.log",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The log that this one counts instead of.",
    )
    correction_ids = fields.One2many(
        "dealer.work.log", "corrects_id", string="Corrected by"
    )
    correction_reason = fields.Char(string="Why corrected", readonly=True)
    can_correct = fields.Boolean(compute="_compute_can_correct")

    _corrected_once = models.UniqueIndex(
        "(corrects_id) WHERE corrects_id IS NOT NULL",
        lambda env, _diag: env._(
            "This log was corrected already; correct the new one."
        ),
    )

    @api.depends("stop", "correction_ids")
    @api.depends_context("uid")
    def _compute_can_correct(self):
        """Offer the correction of stopped clocks to team leaders."""
        allowed = self.env.su or self.env.user.has_group(TEAM_LEADER)
        for log in self:
            log.can_correct = bool(allowed and log.stop and not log.correction_ids)

    # === CORRECTION === #

    @arg.typed(start=arg.moment, stop=arg.moment, reason=arg.text)
    def correct(self, start, stop, reason):
        """Count another time instead of this log.

        :param start: UTC
        :param stop: UTC, not in the future
        :param str reason: why the log was wrong
        :raises AccessError: if the user is no team leader
        :raises UserError: without a reason, for a running or corrected log, or times
            in which the technician was clocked elsewhere
        :return: id of the new log
        :rtype: int
        """
        self.ensure_one()
        self.check_access("read")
        self.order_id._ensure_role((TEAM_LEADER,))
        self.order_id._lock()
        start = fields.Datetime.to_datetime(start)
        stop = fields.Datetime.to_datetime(stop)
        self._ensure_correctable(start, stop, reason)
        # Logs are written through clocks and corrections only.
        log_sudo = self.sudo()
        return log_sudo.create(
            {
                "job_id": self.job_id.id,
                "employee_id": self.employee_id.id,
                "start": start,
                "stop": stop,
                "is_rework": self.is_rework,
                "corrects_id": self.id,
                "correction_reason": reason,
            }
        ).id

    def _ensure_correctable(self, start, stop, reason):
        """Refuse a correction that cannot be true."""
        if not (reason or "").strip():
            raise UserError(self.env._("Reason: say why the log was wrong."))
        if not self.stop:
            raise UserError(self.env._("This clock still runs; stop it first."))
        if self.sudo().correction_ids:
            raise UserError(
                self.env._("This log was corrected already; correct the new one.")
            )
        if not start or not stop or start >= stop or stop > fields.Datetime.now():
            raise UserError(
                self.env._("Start and stop: the work ended after it began, and by now.")
            )
        # Leaders see the store's logs; a technician may have worked in another.
        other_sudo = self.sudo().search(
            [
                ("employee_id", "=", self.employee_id.id),
                ("id", "!=", self.id),
                ("correction_ids", "=", False),
                ("start", "<", stop),
                "|",
                ("stop", "=", False),
                ("stop", ">", start),
            ],
            limit=1,
        )
        if other_sudo:
            raise UserError(
                self.env._(
                    "%(technician)s was clocked on %(job)s from %(start)s.",
                    technician=other_sudo.employee_id.name,
                    job=other_sudo.job_id._get_workshop_name(),
                    start=format_datetime(
                        self.env, other_sudo.start, dt_format="short"
                    ),
                )
            )

    # === CRON === #

    @api.model
    def _cron_stop_forgotten(self):
        """Stop the clocks that run on after the end of the shift.

        Safe to run again, twice at once, and after a kill (`run_each`).
        """
        running = self.search(
            [
                ("stop", "=", False),
                ("company_id.dealer_clock_auto_stop", "=", True),
            ],
            order="start, id",
        )
        ends = running._get_shift_ends()
        now = fields.Datetime.now()
        forgotten = running.filtered(lambda log: now >= ends[log.id] + log._get_grace())

        def stop(log):
            # Somebody may have stopped it since it was found.
            if not log.stop:
                log._stop_forgotten(ends[log.id])

        run_each(forgotten, stop, lock=lambda log: log.order_id)

    def _get_grace(self):
        """Return how long after the shift a clock is taken for overtime."""
        return timedelta(minutes=self.company_id.dealer_clock_grace_minutes)

    def _get_shift_ends(self):
        """Return the end of the shift in which each clock was started, by log id.

        :rtype: dict
        """
        ends = {}
        capacity = self.env["dealer.capacity"]
        for company, logs in self.grouped("company_id").items():
            begin = min(logs.mapped("start")) - timedelta(days=1)
            end = max(logs.mapped("start")) + timedelta(days=2)
            hours = capacity._get_technician_hours(
                company, logs.employee_id, begin, end
            )
            for log in logs:
                ends[log.id] = log._get_shift_end(hours[log.employee_id])
        return ends

    def _get_shift_end(self, hours):
        """Return the end of the shift of one clock, or midnight after it."""
        self.ensure_one()
        zone = timezone(self.company_id._dealer_tz())
        day = utc.localize(self.start).astimezone(zone).date()
        midnight = zone.localize(datetime.combine(day + timedelta(days=1), time.min))
        midnight = midnight.astimezone(utc).replace(tzinfo=None)
        stops = [stop for start, stop in hours.spans if start < midnight]
        last = max(stops, default=midnight)
        return last if last > self.start else midnight

    def _stop_forgotten(self, stop):
        """Stop one forgotten clock, pause its job and tell the team leader."""
        self.ensure_one()
        self.write({"stop": stop, "pause_reason": "break", "is_auto_stopped": True})
        job = self.job_id
        if job.state == "in_progress" and all(job.work_log_ids.mapped("stop")):
            job._update_state("paused", {"pause_reason": "break"})
        leader = job.team_id._get_team_of(self.employee_id).leader_id.user_id
        if leader:
            order = job.order_id.with_context(lang=leader.lang)
            order.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=leader.id,
                summary=order.env._(
                    "Forgotten clock of %(name)s: correct it",
                    name=self.employee_id.name,
                ),
            )
        job.order_id._raise_event("clock_stopped", job=job, log=self)
