from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from .. import arguments as arg
from ..const import JOB_WORKABLE_STATES
from ..utils import as_step
from .dealer_capacity import HORIZON
from .dealer_repair_order_flow import ADVISOR, DISPATCHER, SUPERVISOR

# Promises are given to the quarter of an hour.
ROUND_MINUTES = 15
OPEN_JOB_STATES = {"draft", "offered"} | JOB_WORKABLE_STATES


class DealerRepairOrder(models.Model):
    """A promise that the workshop can keep (C5).

    The earliest time comes from what bays and technicians with the trade still have
    free in their working hours, after the work that waits already, from when the
    parts are there, and from the minutes for wash and inspection. An offer with an
    earlier promise is refused, unless the supervisor stands in for it. A store that
    has not set up bays and technicians is not held up.
    """

    _inherit = "dealer.repair.order"

    requested_technician_id = fields.Many2one(
        "hr.employee",
        string="Technician asked for",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
        help="Whom the customer wants to do the work; the promise waits for him or "
        "her (R5).",
    )
    promise_reasons = fields.Text(
        string="Why this time",
        readonly=True,
        copy=False,
        help="How the proposed time was worked out.",
    )
    promise_approved_at = fields.Datetime(
        string="Promise approved",
        readonly=True,
        copy=False,
        help="The promised time that the supervisor stands in for.",
    )

    # === ACTIONS === #

    def propose_promise(self):
        """Work out the earliest time that can be promised (C5); write nothing.

        :raises AccessError: if the user neither receives nor dispatches cars
        :return: ``promised_at`` (UTC, or False if no end can be seen) and
            ``reasons``, a list of sentences
        :rtype: dict
        """
        self.ensure_one()
        self._ensure_role((ADVISOR, DISPATCHER))
        self.check_access("read")
        estimate = self._estimate_promise()
        earliest = estimate["earliest"]
        return {
            "promised_at": earliest and self._round_promise(earliest),
            "reasons": estimate["reasons"],
        }

    def action_propose_promise(self):
        """Promise the earliest time, and note why it is that one.

        :raises UserError: if no end can be seen, or the promise was given already
        """
        for order in self:
            proposal = order.propose_promise()
            if not proposal["promised_at"]:
                raise UserError("\n".join(proposal["reasons"]))
            order.promised_at = proposal["promised_at"]
            as_step(order).promise_reasons = "\n".join(proposal["reasons"])
        return True

    @arg.typed(reason=arg.text)
    def approve_promise(self, reason):
        """Stand in for a promise that the capacity does not allow (supervisor).

        :param str reason: why it will be kept all the same
        :raises AccessError: if the user is no supervisor
        :raises UserError: without a reason or a promised time
        """
        self.ensure_one()
        self._ensure_role((SUPERVISOR,))
        self.check_access("read")
        if not (reason or "").strip():
            raise UserError(self.env._("Reason: say why the promise will be kept."))
        if not self.promised_at:
            raise UserError(self.env._("Promised for: enter the time first."))
        as_step(self).promise_approved_at = self.promised_at
        self.message_post(
            body=self.env._(
                "Promise approved for %(time)s: %(reason)s",
                time=format_datetime(self.env, self.promised_at, dt_format="short"),
                reason=reason,
            )
        )
        return True

    # === GUARD === #

    def _get_missing_for_offer(self):
        """Extend to ask for a promise that can be kept."""
        missing = super()._get_missing_for_offer()
        if not missing and (refusal := self._get_promise_refusal()):
            missing.append(refusal)
        return missing

    def _get_promise_refusal(self, promised_at=None, jobs=None):
        """Say which promise is the earliest, if the one given is too early.

        :param promised_at: the promise to check; the visit's own by default
        :param jobs: as for `_estimate_promise`
        """
        self.ensure_one()
        promised_at = promised_at or self.promised_at
        if self.promise_approved_at and self.promise_approved_at == promised_at:
            return False
        # Most promises are for the next days; only a refusal looks further ahead.
        days = promised_at and (promised_at - fields.Datetime.now()).days + 2
        if days and 0 < days < HORIZON:
            estimate = self._estimate_promise(jobs, days)
            if estimate["is_whole"] and self._is_promise_kept(promised_at, estimate):
                return False
        estimate = self._estimate_promise(jobs)
        if self._is_promise_kept(promised_at, estimate):
            return False
        earliest = estimate["earliest"]
        if not earliest:
            return " ".join(estimate["reasons"])
        return self.env._(
            "Promised for: the workshop cannot have the car ready before %(time)s. "
            "Propose that time, or ask the supervisor to approve the promise.",
            time=format_datetime(
                self.env, self._round_promise(earliest), dt_format="short"
            ),
        )

    def _is_promise_kept(self, promised_at, estimate):
        """Tell whether the workshop can keep a promise, a little tolerance allowed.

        :param dict estimate: of `_estimate_promise`
        """
        if not estimate["is_checked"]:
            return True
        earliest = estimate["earliest"]
        grace = timedelta(minutes=self.company_id.dealer_promise_grace_minutes)
        return bool(earliest and promised_at and promised_at >= earliest - grace)

    # === ESTIMATE === #

    def _estimate_promise(self, jobs=None, days=HORIZON):
        """Work out when the car can be ready at the earliest.

        :param jobs: `dealer.repair.job` to be done; all that are not finished or
            refused by default
        :param int days: how far ahead to look
        :return: ``earliest`` (UTC, or False if no end can be seen), ``reasons``,
            ``is_checked``: whether the store has bays and technicians to count with,
            and ``is_whole``: whether the days were enough for the work that waits, so
            that a longer look would find the same end
        :rtype: dict
        """
        self.ensure_one()
        now = fields.Datetime.now()
        # The promise counts work and people that the advisor need not see.
        order_sudo = self.sudo()
        jobs = order_sudo.job_ids if jobs is None else jobs.sudo()
        jobs = jobs.filtered(
            lambda job: job.state in OPEN_JOB_STATES and not job.is_diagnosis_fee
        )
        workshop = self.env["dealer.capacity"]._load(self.company_id, now, days)
        ahead = order_sudo._get_jobs_ahead(now)
        arrivals = (ahead + jobs)._get_parts_arrival()
        waiting, is_whole = self._place_ahead(workshop, ahead, arrivals)
        reasons = self._say_set_up(workshop)
        if waiting:
            reasons.append(
                self.env._("Work that waits already: %(hours)g h.", hours=waiting)
            )
        stop, placed = self._place_jobs(workshop, jobs, arrivals)
        reasons += placed
        ready = stop and self._add_buffer(workshop, stop, reasons)
        return {
            "earliest": ready or False,
            "reasons": reasons,
            "is_checked": bool(workshop.bays and workshop.technicians),
            "is_whole": is_whole,
        }

    def _get_jobs_ahead(self, now):
        """Return the work of other cars that no reservation stands for yet."""
        jobs = self.env["dealer.repair.job"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("order_id", "!=", self.id),
                ("order_id.state", "in", ("accepted", "in_progress")),
                ("state", "in", list(JOB_WORKABLE_STATES)),
                "|",
                ("planned_stop", "=", False),
                ("planned_stop", "<=", now),
            ]
        )
        return jobs._sort_by_priority()

    def _place_ahead(self, workshop, ahead, arrivals):
        """Let the work that waits already take its time.

        :return: its hours, and whether all of it that can begin in the days looked at
            found its end there
        :rtype: tuple
        """
        cursors, total, is_whole = {}, 0, True
        for job in ahead:
            arrival = arrivals.get(job.id, (workshop.begin,))[0]
            after = max(cursors.get(job.order_id.id, workshop.begin), arrival)
            worker = job.main_technician_id.id if job.state != "approved" else False
            for skill, hours in job._get_skill_hours():
                slot = self._place(workshop, hours, after, skill, worker)
                total += hours
                is_whole &= bool(slot) or after >= workshop.end
                if slot:
                    after = slot.stop
            cursors[job.order_id.id] = after
        return round(total, 1), is_whole

    def _place(self, workshop, hours, after, skill, worker):
        """Take the earliest slot; the technician only if the workshop knows him."""
        if worker not in [technician.id for technician in workshop.technicians]:
            worker = False
        slot = workshop.place(hours, after, skill, worker)
        if slot:
            workshop.take(slot)
        return slot

    def _place_jobs(self, workshop, jobs, arrivals):
        """Place the jobs of this visit one after the other, as parts arrive.

        :return: when the last one is done (or False), and the sentences why
        :rtype: tuple
        """
        reasons = []
        after = workshop.begin
        none = (workshop.begin, False)
        for job in jobs.sorted(lambda job: arrivals.get(job.id, none)[0]):
            arrival, words = arrivals.get(job.id, none)
            if words:
                reasons.append(words)
            if job.planned_stop and job.planned_stop > workshop.begin:
                after = max(after, job.planned_stop)
                continue
            after = max(after, arrival)
            for skill, hours in job._get_skill_hours():
                slot = self._place(
                    workshop, hours, after, skill, self.requested_technician_id.id
                )
                if not slot:
                    reasons.append(self._say_no_end(job))
                    return False, reasons
                reasons.append(self._say_slot(job, slot))
                after = slot.stop
        return after, reasons

    def _add_buffer(self, workshop, stop, reasons):
        """Return when the car is washed and inspected after the work."""
        minutes = self.company_id.dealer_promise_buffer_minutes
        if not minutes:
            return stop
        reasons.append(
            self.env._("Wash and inspection: %(minutes)s minutes.", minutes=minutes)
        )
        return workshop.hours.finish(stop, minutes / 60)

    def _round_promise(self, moment):
        """Return the next full quarter of an hour."""
        rest = timedelta(
            minutes=moment.minute % ROUND_MINUTES,
            seconds=moment.second,
            microseconds=moment.microsecond,
        )
        return moment + (timedelta(minutes=ROUND_MINUTES) - rest if rest else rest)

    # === WORDS === #

    def _say_set_up(self, workshop):
        """Say what the store has not set up, and is therefore not counted."""
        store = self.company_id.sudo().name
        reasons = []
        if not workshop.bays:
            reasons.append(
                self.env._("%(store)s has no bays set up: none counted.", store=store)
            )
        if not workshop.technicians:
            reasons.append(
                self.env._(
                    "%(store)s has no teams or technicians' skills set up: none "
                    "counted.",
                    store=store,
                )
            )
        return reasons

    def _say_slot(self, job, slot):
        """Say where, by whom and when a piece of work can be done."""
        people = [resource.name for resource in (slot.bay, slot.technician) if resource]
        return self.env._(
            "%(job)s: %(where)s from %(start)s to %(stop)s.",
            job=job.name,
            where=" · ".join(people) or self.env._("workshop"),
            start=format_datetime(self.env, slot.start, dt_format="short"),
            stop=format_datetime(self.env, slot.stop, dt_format="short"),
        )

    def _say_no_end(self, job):
        """Say that no bay and technician have the time within the horizon."""
        if self.requested_technician_id:
            return self.env._(
                "%(job)s: %(technician)s has no time in the coming weeks. Ask the "
                "customer about another technician.",
                job=job.name,
                technician=self.sudo().requested_technician_id.name,
            )
        return self.env._(
            "%(job)s: no bay and technician have the time in the coming weeks. Ask "
            "the dispatcher.",
            job=job.name,
        )
