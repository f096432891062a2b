from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import arguments as arg
from ..const import JOB_WORKABLE_STATES
from .dealer_repair_order_flow import ADVISOR, DISPATCHER, TEAM_LEADER

PLANNERS = (DISPATCHER, TEAM_LEADER)
# Writing one of these plans the job; the value is the argument of `action_plan`.
PLAN_FIELDS = {
    "bay_id": "bay_id",
    "main_technician_id": "technician_id",
    "planned_start": "start",
    "planned_hours": "hours",
    "team_id": "team_id",
    "is_overtime": "overtime",
}
# The customer has not said yes, or no longer: nothing stays reserved.
WITHDRAWN_STATES = {"draft", "declined", "deferred", "expired"}


class DealerRepairJob(models.Model):
    """The workshop side of a job: who does it, where and when (R1-R4, F08).

    - A job is planned once the customer approved it, and until it is checked.
    - A planned job occupies its bay, its main technician and its helpers; the
      reservations follow the plan, whoever changes it and by whatever door.
    - Planned hours are worked off in the working time of bay and technician, without
      their leaves, unless it is overtime. The reservations run on through nights and
      breaks: the car stays on the lift.
    - What is finished early or withdrawn gives its reservations back.
    """

    _inherit = "dealer.repair.job"

    main_technician_id = fields.Many2one(
        "hr.employee",
        string="Main technician",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
    )
    technician_user_id = fields.Many2one(
        "res.users",
        string="User of the technician",
        related="main_technician_id.user_id",
        store=True,
        index="btree_not_null",
    )
    bay_id = fields.Many2one(
        "dealer.bay",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
    )
    planned_start = fields.Datetime(string="Planned start", copy=False, help="UTC.")
    planned_stop = fields.Datetime(
        string="Planned end", readonly=True, copy=False, help="UTC."
    )
    planned_hours = fields.Float(
        string="Planned hours",
        compute="_compute_planned_hours",
        store=True,
        readonly=False,
        copy=False,
        help="Hours of the labour lines plus the extra time, unless planned otherwise.",
    )
    is_overtime = fields.Boolean(
        string="Overtime",
        copy=False,
        help="Planned without regard to working hours and leaves.",
    )
    reservation_ids = fields.One2many("dealer.reservation", "job_id")
    check_ids = fields.One2many("dealer.quality.check", "job_id", string="Checks")
    billed_hours = fields.Float(
        string="Billed hours",
        compute="_compute_billed_hours",
        store=True,
        help="Hours of the labour lines.",
    )
    is_reworked = fields.Boolean(
        string="Sent back", readonly=True, copy=False, help="Failed a check before."
    )
    can_plan = fields.Boolean(compute="_compute_can_plan")

    _planned_stop_after_start = models.Constraint(
        "CHECK (planned_stop > planned_start)",
        lambda env, _diag: env._("The planned end lies after the planned start."),
    )

    # === COMPUTE METHODS === #

    @api.depends("line_ids.kind", "line_ids.quantity")
    def _compute_billed_hours(self):
        for job in self:
            labour = job.line_ids.filtered(lambda line: line.kind == "labour")
            job.billed_hours = sum(labour.mapped("quantity"))

    @api.depends("billed_hours", "extra_hours")
    def _compute_planned_hours(self):
        for job in self:
            job.planned_hours = job.billed_hours + job.extra_hours

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_plan(self):
        """Offer planning where state and role allow it."""
        allowed = any(self.env.user.has_group(group) for group in PLANNERS)
        is_advisor = not allowed and self.env.user.has_group(ADVISOR)
        for job in self:
            job.can_plan = job.state in JOB_WORKABLE_STATES and (
                allowed or (is_advisor and job._is_single_team())
            )

    # === CRUD METHODS === #

    def write(self, vals):
        """Plan jobs whose plan is edited, so that their reservations follow.

        :raises UserError: if the job cannot be planned or the slot is taken
        """
        plan = PLAN_FIELDS.keys() & vals.keys()
        if self.env.su or not plan:
            return super().write(vals)
        rest = {name: vals[name] for name in vals.keys() - plan - {"planned_stop"}}
        if rest:
            super().write(rest)
        for job in self:
            job._ensure_can_plan()
            job._apply_plan({name: vals[name] for name in plan})
        return True

    def _update_state(self, target, vals=None):
        """Extend to give reservations back and to remember failed checks."""
        vals = dict(vals or {})
        if target == "rework":
            vals["is_reworked"] = True
        if target in WITHDRAWN_STATES:
            vals |= {"planned_start": False, "planned_stop": False}
        result = super()._update_state(target, vals)
        reservations_sudo = self.sudo().reservation_ids
        if target in WITHDRAWN_STATES:
            reservations_sudo.unlink()
        elif target == "self_checked":
            reservations_sudo._give_back()
        return result

    # === PLANNING === #

    @arg.typed(
        bay_id=arg.record("dealer.bay"),
        technician_id=arg.record("hr.employee"),
        start=arg.moment,
        hours=arg.number,
        team_id=arg.record("dealer.team"),
        overtime=arg.flag,
    )
    def action_plan(
        self,
        bay_id=False,
        technician_id=False,
        start=False,
        hours=False,
        team_id=False,
        overtime=None,
        helpers=None,
    ):
        """Give the job to a technician and a bay, from a time on (R2, R4).

        What is left out stays as it is. Without any start the job is assigned, but
        nothing is reserved. Earlier reservations of the job are replaced. A start
        outside the working hours moves to their next beginning.

        :param int bay_id: `dealer.bay` of the same store
        :param int technician_id: `hr.employee` of the same store
        :param start: planned start, UTC
        :param float hours: planned hours; labour lines plus extra time by default
        :param int team_id: `dealer.team`; the technician's by default
        :param bool overtime: plan without regard to working hours and leaves
        :param list helpers: replaces the helpers, as `set_helpers` does
        :raises AccessError: if the user is neither dispatcher nor team leader, nor an
            advisor with work for a single team
        :raises UserError: if the job is not approved or is finished, the hours are
            not positive, or the bay or technician is taken then or does not work
        """
        self.ensure_one()
        self._ensure_can_plan()
        changes = self._prepare_plan_changes(
            bay_id=bay_id,
            technician_id=technician_id,
            start=start,
            hours=hours,
            team_id=team_id,
            overtime=overtime,
        )
        if helpers is not None:
            self.order_id._ensure_role(PLANNERS)
        self._apply_plan(changes, helpers)
        return True

    @api.model
    def _prepare_plan_changes(self, **arguments):
        """Return the arguments of `action_plan` that were given, by field name.

        :rtype: dict
        """
        changes = {
            name: arguments[argument]
            for name, argument in PLAN_FIELDS.items()
            if arguments[argument]
        }
        if arguments["overtime"] is not None:
            changes["is_overtime"] = arguments["overtime"]
        return changes

    def action_unplan(self):
        """Take jobs off the plan: bay and times are free again.

        :raises AccessError: if the user is neither dispatcher nor team leader
        """
        for job in self:
            job._ensure_can_plan()
            job._apply_plan({"bay_id": False, "planned_start": False})
        return True

    def _ensure_can_plan(self):
        """Refuse to plan what may not be worked on.

        The front desk gives work to a team that does all of it; work for several
        teams goes to the workshop (R7).

        :raises AccessError: if the user is neither dispatcher nor team leader
        :raises UserError: if the customer did not approve the job or it is finished
        """
        self.ensure_one()
        self.check_access("read")
        is_simple = self._is_single_team()
        self.order_id._ensure_role((*PLANNERS, ADVISOR) if is_simple else PLANNERS)
        if self.state not in JOB_WORKABLE_STATES:
            raise UserError(self._get_unworkable_message())

    def _apply_plan(self, changes, helpers=None):
        """Write a plan and make the reservations follow it.

        :param dict changes: values of `PLAN_FIELDS`
        :param list helpers: as for `set_helpers`; None leaves them as they are
        """
        self.ensure_one()
        vals = self._prepare_plan_vals(changes)
        # Dispatchers plan jobs they may not edit.
        job_sudo = self.sudo()
        with self.env.cr.savepoint():
            if helpers is not None:
                # Helper and main technician may change places.
                job_sudo._drop_helpers({one["employee_id"] for one in helpers})
            job_sudo.write(vals)
            if helpers is not None:
                job_sudo._write_helpers(helpers)
            job_sudo.reservation_ids._book_job(job_sudo)

    def _prepare_plan_vals(self, changes):
        """Return the values of a plan: end = start + hours of working time.

        :param dict changes: values of `PLAN_FIELDS`
        :raises UserError: if the hours are not positive, or bay and technician do
            not work
        """
        self.ensure_one()
        hours = changes.get("planned_hours", self.planned_hours)
        start = changes.get("planned_start", self.planned_start)
        stop = False
        if start:
            if hours <= 0:
                raise UserError(
                    self.env._(
                        "Planned hours: enter how long %(job)s takes.",
                        job=self._get_workshop_name(),
                    )
                )
            start = fields.Datetime.to_datetime(start).replace(microsecond=0)
            start, stop = self._get_plan_span(changes, start, hours)
        if changes.get("main_technician_id") and not changes.get("team_id"):
            worker = self.env["hr.employee"].browse(changes["main_technician_id"])
            changes = {**changes, "team_id": self.team_id._get_team_of(worker).id}
        if hours != self.planned_hours:
            # More time: there is something to ask for again.
            changes = {**changes, "progress_asked_at": False}
        return {**changes, "planned_start": start, "planned_stop": stop}

    # === WORDS === #

    def _get_workshop_name(self):
        """Return what the workshop calls a job: the plate and the concern."""
        self.ensure_one()
        job_sudo = self.sudo()
        plate = job_sudo.license_plate or job_sudo.order_id.name
        return f"{plate} · {job_sudo.name}"

    def _get_unworkable_message(self):
        """Say why nobody may work on this job."""
        self.ensure_one()
        if self.state in WITHDRAWN_STATES | {"offered"}:
            return self.env._(
                "%(job)s is not approved by the customer; no work may start.",
                job=self._get_workshop_name(),
            )
        states = dict(self._fields["state"]._description_selection(self.env))
        return self.env._(
            "%(job)s is “%(state)s”; the work on it is finished.",
            job=self._get_workshop_name(),
            state=states[self.state],
        )
