from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import CLOSED_JOB_STATES
from ..utils import as_step
from .dealer_repair_order_flow import ADVISOR

# The estimate is all there is: the visit ends when it is put off.
ESTIMATE_STATES = ("diagnosis", "offered")
# The visit goes on; what the customer did not take up may be booked.
RUNNING_STATES = ("accepted", "in_progress", "inspection", "ready", "settled")
# Following visits that came to nothing do not stand in the way of another.
CALLED_OFF_STATES = ("left", "cancelled")


class DealerRepairOrder(models.Model):
    """An estimate that was not (wholly) accepted becomes another visit (B2).

    - To an appointment while the car drives away, or to a visit that begins now
      when it is back. Its open jobs are drafts there, at the prices of that day.
    - The estimate closes as left, unless something of it was approved; what was
      undecided is remembered on the car, and the new jobs take that up.
    - A visit continues in one other at most: the unique index is the judge.
    """

    _inherit = "dealer.repair.order"

    source_order_id = fields.Many2one(
        "dealer.repair.order",
        string="Continues",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The visit whose estimate is taken up here.",
    )
    next_order_ids = fields.One2many(
        "dealer.repair.order", "source_order_id", string="Continued in"
    )
    next_order_id = fields.Many2one(
        "dealer.repair.order",
        string="Following visit",
        compute="_compute_next_order_id",
    )
    can_book_rest = fields.Boolean(compute="_compute_can_convert")
    can_reopen = fields.Boolean(compute="_compute_can_convert")

    _source_once = models.UniqueIndex(
        "(source_order_id) WHERE source_order_id IS NOT NULL "
        "AND state NOT IN ('left', 'cancelled')",
        lambda env, _diag: env._(
            "This estimate was taken up in another visit meanwhile. Reload the page."
        ),
    )

    # === COMPUTE METHODS === #

    @api.depends("next_order_ids.state")
    def _compute_next_order_id(self):
        """Name the visit that this one continues in; one called off if no other."""
        for order in self:
            following = order.next_order_ids
            alive = following.filtered(lambda o: o.state not in CALLED_OFF_STATES)
            order.next_order_id = (alive or following.sorted("id"))[-1:]

    @api.depends("state", "job_ids.state", "next_order_ids.state")
    @api.depends_context("uid")
    def _compute_can_convert(self):
        """Show the two ways where role and state allow them and work is open."""
        is_advisor = self.env.su or self.env.user.has_group(ADVISOR)
        for order in self:
            is_open = (
                is_advisor
                and order.state not in ("booked", "intake")
                and not order._get_following()
                and bool(order._get_open_jobs())
            )
            order.can_book_rest = is_open
            order.can_reopen = is_open and order.state not in RUNNING_STATES

    # === ACTIONS === #

    def convert_to_appointment(self, start, bay_id, hours, signer, signature):
        """Book the open jobs of this estimate: a new, booked visit (B2, C13).

        Asked again for the same time and bay, it returns the same visit.

        :param str start: when the car is expected, UTC
        :param int bay_id: id of the `dealer.bay` to hold
        :param float hours: how long
        :param str signer: who agrees to the appointment
        :param str signature: drawn signature, base64 PNG
        :raises AccessError: if the user is no advisor
        :raises UserError: if nothing is open, the estimate was taken up already, the
            bay is taken, or a value is missing
        :return: id of the new visit
        :rtype: int
        """
        self._ensure_may_convert()
        start = self._read_booking_start(start)
        if following := self._get_following():
            wanted = (start, bay_id)
            if (following.booked_start, following.booked_bay_id.id) == wanted:
                return following.id
            following._refuse_taken_up(self)
        self._ensure_bay(bay_id)
        created = self._convert(
            {
                "state": "booked",
                "booked_start": start,
                "booked_bay_id": bay_id,
                "booked_hours": hours,
                "booking_signed_by": signer,
                "booking_signature": signature,
            }
        )
        return created.id

    def convert_to_visit(self):
        """Open a visit for a car that is back, with the open jobs of this estimate.

        Asked again, it returns the same visit.

        :raises AccessError: if the user is no advisor
        :raises UserError: if nothing is open, or the car is (still) in a workshop
        :return: id of the new visit
        :rtype: int
        """
        self._ensure_may_convert()
        if following := self._get_following():
            if following.state != "booked":
                return following.id
            following._refuse_taken_up(self)
        if self.state in RUNNING_STATES:
            raise UserError(
                self.env._(
                    "The car of %(order)s is still here. Add the jobs to this visit, "
                    "or book an appointment for them.",
                    order=self.name,
                )
            )
        return self._convert({"state": "intake"}).id

    def action_convert_to_visit(self):
        """Open the visit that takes this estimate up, as `convert_to_visit`."""
        order_id = self.convert_to_visit()
        return self._prepare_open_action(
            self._name, self.browse(order_id), self.env._("Repair order")
        )

    def action_open_source(self):
        """Open the visit that this one continues."""
        self.ensure_one()
        return self._prepare_open_action(
            self._name, self.source_order_id, self.env._("Earlier estimate")
        )

    def action_open_next(self):
        """Open the visit that this one continues in."""
        self.ensure_one()
        return self._prepare_open_action(
            self._name, self.next_order_id, self.env._("Following visit")
        )

    def propose_appointment(self):
        """Return the earliest slot from tomorrow on that holds the open jobs.

        :raises AccessError: if the user is no advisor
        :return: ``start`` (UTC), ``bay_id``, ``hours``; False where nothing is free
        :rtype: dict
        """
        self.ensure_one()
        self._ensure_role((ADVISOR,))
        self.check_access("read")
        labour = self._get_open_jobs().line_ids.filtered(lambda r: r.kind == "labour")
        hours = sum(labour.mapped("quantity")) or 1.0
        now = self.company_id._dealer_time()
        morning = now.replace(hour=0, minute=0, second=0, microsecond=0)
        after = (morning + timedelta(days=1)).astimezone(pytz.utc).replace(tzinfo=None)
        workshop = self.env["dealer.capacity"]._load(self.company_id, after)
        slot = workshop.place(hours, after)
        return {
            "start": slot and slot.start or False,
            "bay_id": slot and slot.bay and slot.bay.id or False,
            "hours": hours,
        }

    # === GUARDS === #

    def _ensure_may_convert(self):
        """Refuse other roles, and let one of two simultaneous clicks wait."""
        self.ensure_one()
        self._ensure_role((ADVISOR,))
        self.check_access("write")
        self._lock()
        self.invalidate_recordset(["next_order_ids"])

    def _ensure_convertible(self):
        """Refuse a visit without an estimate, or with nothing left to take up."""
        if self.state in ("booked", "intake"):
            raise UserError(
                self.env._(
                    "%(order)s has no estimate yet. Change the appointment, or finish "
                    "the intake first.",
                    order=self.name,
                )
            )
        if not self._get_open_jobs():
            raise UserError(
                self.env._(
                    "Nothing is open in %(order)s: every job was approved, or what "
                    "was declined is taken up or dismissed.",
                    order=self.name,
                )
            )

    def _refuse_taken_up(self, source):
        """Say where the estimate was taken up already."""
        if self.state == "booked":
            raise UserError(
                self.env._(
                    "%(estimate)s was taken up already: %(order)s is booked for "
                    "%(time)s. Change that appointment.",
                    estimate=source.name,
                    order=self.name,
                    time=self._get_booked_words(),
                )
            )
        raise UserError(
            self.env._(
                "%(estimate)s was taken up already in %(order)s. Go on there.",
                estimate=source.name,
                order=self.name,
            )
        )

    def _read_booking_start(self, start):
        """Return when a car is expected.

        :raises UserError: if it is no time, or past
        """
        try:
            start = fields.Datetime.to_datetime(start)
        except (TypeError, ValueError):
            start = False
        if not start:
            raise UserError(self.env._("Booked for: enter date and time."))
        if start <= fields.Datetime.now():
            raise UserError(self.env._("Booked for: the time is already past."))
        return start

    def _ensure_bay(self, bay_id):
        """Refuse a bay that is none, or not of this store."""
        stores = [("company_id", "=", self.company_id.id)]
        if not self.env["dealer.bay"].search([("id", "=", bay_id), *stores]):
            raise UserError(self.env._("Booked bay: choose the bay to reserve."))

    # === TOOLING === #

    def _get_following(self):
        """Return the visit that takes this one up, unless it was called off."""
        return self.next_order_ids.filtered(
            lambda order: order.state not in CALLED_OFF_STATES
        )[:1]

    def _is_estimate_only(self):
        """Tell whether the visit is open and nothing of it was approved."""
        self.ensure_one()
        return self.state in ESTIMATE_STATES and not self._get_approved_jobs()

    def _get_open_jobs(self):
        """Return the jobs that could still be taken up in another visit.

        Drafts of a visit that goes on are being written; come-backs are recognised
        anew at reception; what was taken up or dismissed since is done with.

        :rtype: `dealer.repair.job`
        """
        states = ["offered", *CLOSED_JOB_STATES]
        if self._is_estimate_only() or self.state in CALLED_OFF_STATES:
            states.append("draft")
        jobs = self.job_ids.filtered(
            lambda job: job.state in states and job.origin != "comeback"
        )
        findings = jobs._get_findings()
        return jobs.filtered(
            lambda job: job not in findings or findings[job].state == "open"
        )

    def _convert(self, vals):
        """Close the estimate as far as it is one, and open the visit that follows.

        :param dict vals: state and booking of the new visit
        :return: the new visit
        :rtype: `dealer.repair.order`
        """
        self._ensure_convertible()
        jobs = self._get_open_jobs()
        start = vals.get("booked_start")
        day = start and self.company_id._dealer_date(start)
        undecided = jobs.filtered(lambda job: job.state not in ("declined", "deferred"))
        undecided._remember(self.env._("Undecided; taken up in a later visit"), day)
        self._close_estimate()
        created = self.create(self._prepare_following_vals(vals))
        created._mark(source_order_id=self.id)
        created._carry_jobs(jobs)
        self._note_following(created)
        return created

    def _close_estimate(self):
        """Let open offers expire; end the visit unless something was approved."""
        if self._is_estimate_only():
            self.action_leave(self.env._("Comes back later"))
        else:
            self._close_open_offers()

    def _prepare_following_vals(self, vals):
        """Return the values of the visit that takes this one up.

        :param dict vals: state and booking of the new visit
        :rtype: dict
        """
        values = {
            "vehicle_id": self.vehicle_id.id,
            "company_id": self.company_id.id,
            "concern": self.concern,
            **vals,
        }
        # The file is shared by all stores; whoever sold the car is not asked again.
        vehicle_sudo = self.vehicle_id.sudo()
        former = vehicle_sudo.ownership_ids.partner_id - vehicle_sudo.owner_id
        if self.partner_id not in former:
            values.update(
                partner_id=self.partner_id.id,
                sender_name=self.sender_name,
                sender_phone=self.sender_phone,
            )
        return values

    def _carry_jobs(self, jobs):
        """Offer jobs of another visit here, and say what could not come along.

        :param jobs: `dealer.repair.job`
        """
        findings = jobs._get_findings()
        none = self.env["dealer.vehicle.finding"]
        # The package's discount and jobs of other stores are read for the advisor.
        jobs_sudo = jobs.sudo()
        last = max(self.job_ids.mapped("sequence"), default=0)
        vals_list = [
            job_sudo._prepare_carried_vals(self, last + number, findings.get(job, none))
            for number, (job, job_sudo) in enumerate(
                zip(jobs, jobs_sudo, strict=True), start=1
            )
        ]
        self.env["dealer.repair.job"].create(vals_list)
        self._post_uncarried(jobs_sudo)

    def _note_following(self, created):
        """Say on both visits where the estimate went."""
        if created.state == "booked":
            words = self.env._(
                "Taken up in %(order)s, booked for %(time)s",
                order=created.name,
                time=created._get_booked_words(),
            )
        else:
            words = self.env._(
                "Taken up in %(order)s, as the car is back", order=created.name
            )
        if self.state == "left":
            self._mark(closed_reason=words)
        self.message_post(body=words)
        created.message_post_with_source(
            "mail.message_origin_link",
            render_values={"self": created, "origin": self},
            subtype_xmlid="mail.mt_note",
        )

    def _get_booked_words(self):
        """Return the time of the appointment in the user's words."""
        moment = fields.Datetime.context_timestamp(self, self.booked_start)
        return moment.strftime("%Y-%m-%d %H:%M")

    def _mark(self, **vals):
        """Write what only the steps of a visit write."""
        as_step(self).write(vals)
