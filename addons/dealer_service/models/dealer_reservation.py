import re
from contextlib import contextmanager

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

# Fields that say who or what is occupied, and when.
SLOT_FIELDS = {"bay_id", "employee_id", "start", "stop"}
# One key of an exclusion constraint as PostgreSQL prints it: resource and times.
EXCLUSION_KEY = re.compile(r'\[(\d+),\d+\), \["([^"]+)","([^"]+)"\)')


def _taken_message(model_name):
    """Return the sentence of an exclusion constraint on one kind of resource.

    :param str model_name: ``dealer.bay`` or ``hr.employee``
    :return: a callable as `models.Constraint` expects it
    """

    def message(env, diag):
        keys = EXCLUSION_KEY.findall((diag and diag.message_detail) or "")
        if not keys:
            return env._("This bay or technician is already reserved at that time.")
        resource_id, start, stop = keys[-1]
        resource_sudo = env[model_name].sudo().browse(int(resource_id))
        return env._(
            "%(resource)s is already taken from %(start)s to %(stop)s.",
            resource=resource_sudo.name,
            start=format_datetime(env, start, dt_format="short"),
            stop=format_datetime(env, stop, dt_format="short"),
        )

    return message


class DealerReservation(models.Model):
    """A bay or a technician, occupied from--to (C13, R4).

    - Each row occupies one bay or one technician, never both.
    - Times are UTC and half open: 10:00--11:00 and 11:00--12:00 do not touch.
    - No bay and no technician is ever booked twice. An exclusion constraint in
      PostgreSQL holds the rule under concurrency; the check before it only
      gives the friendlier sentence, with the car that is in the way.
    - The plan of a job is one row for its bay, one for its main technician and one
      for each helper. Moving one of them plans the job again, so all stay together.
    - Reservations are no statutory records: what is given back is cut or deleted.
    """

    _name = "dealer.reservation"
    _description = "Reservation of a bay or a technician"
    _inherit = ["dealer.workshop.notice.mixin"]
    _order = "start, id"
    _check_company_auto = True

    bay_id = fields.Many2one(
        "dealer.bay", index="btree_not_null", ondelete="restrict", check_company=True
    )
    employee_id = fields.Many2one(
        "hr.employee",
        string="Technician",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    start = fields.Datetime(required=True, help="UTC.")
    stop = fields.Datetime(required=True, help="UTC; the slot ends before it.")
    job_id = fields.Many2one(
        "dealer.repair.job",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    order_id = fields.Many2one(
        "dealer.repair.order",
        string="Visit",
        compute="_compute_order_id",
        store=True,
        precompute=True,
        readonly=False,
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        index=True,
    )
    note = fields.Char()
    color = fields.Integer(related="bay_id.color")

    _bay_or_employee = models.Constraint(
        "CHECK ((bay_id IS NULL) <> (employee_id IS NULL))",
        lambda env, _diag: env._("Reserve either a bay or a technician."),
    )
    _stop_after_start = models.Constraint(
        "CHECK (stop > start)",
        lambda env, _diag: env._("A reservation ends after it starts."),
    )
    _bay_no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(bay_id, bay_id, '[]') WITH &&,"
        " tsrange(start, stop) WITH &&) WHERE (bay_id IS NOT NULL)",
        _taken_message("dealer.bay"),
    )
    _employee_no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(employee_id, employee_id, '[]') WITH &&,"
        " tsrange(start, stop) WITH &&) WHERE (employee_id IS NOT NULL)",
        _taken_message("hr.employee"),
    )

    # === COMPUTE METHODS === #

    @api.depends("job_id")
    def _compute_order_id(self):
        for reservation in self:
            if reservation.job_id:
                reservation.order_id = reservation.job_id.order_id

    @api.depends("bay_id", "employee_id")
    def _compute_company_id(self):
        for reservation in self:
            resource = reservation.bay_id or reservation.employee_id
            reservation.company_id = resource.company_id

    @api.depends("bay_id", "employee_id", "order_id", "note")
    def _compute_display_name(self):
        for reservation in self:
            resource = reservation.bay_id or reservation.employee_id
            parts = (resource.name, reservation._get_occupant())
            reservation.display_name = " · ".join(filter(None, parts))

    def _get_occupant(self):
        """Tell in a word what occupies the slot: plate, visit or note."""
        self.ensure_one()
        order_sudo = self.sudo().order_id
        return order_sudo.vehicle_id.license_plate or order_sudo.name or self.note

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Reserve the slots, or say which car is in the way.

        :raises UserError: if a bay or technician is taken at that time
        """
        self._ensure_free([self._prepare_slot(vals) for vals in vals_list])
        with self._translate_overlap():
            return super().create(vals_list)

    def write(self, vals):
        """Move the slots; moving the plan of a job plans the job again.

        :raises UserError: if a bay or technician is taken at that time
        """
        if not SLOT_FIELDS & vals.keys():
            return super().write(vals)
        plans = self.browse() if self.env.su else self._filter_plans()
        for plan in plans:
            plan.job_id.action_plan(**plan._prepare_plan_arguments(vals))
        others = self - plans
        others._ensure_free([other._prepare_slot(vals) for other in others])
        with self._translate_overlap():
            super(DealerReservation, others).write(vals)
        rest = {name: vals[name] for name in vals.keys() - SLOT_FIELDS}
        if rest and plans:
            super(DealerReservation, plans).write(rest)
        return True

    @api.ondelete(at_uninstall=False)
    def _unlink_except_plan(self):
        """Keep the plan of a job in one piece."""
        if self.env.su:
            return
        if plan := self._filter_plans()[:1]:
            raise UserError(plan._get_plan_message())

    # === OVERLAPS === #

    def _prepare_slot(self, vals):
        """Return the slot a record has, or will have once ``vals`` are written.

        :return: ``(bay id, employee id, start, stop)``
        :rtype: tuple
        """

        def get(name):
            value = vals[name] if name in vals else self[name]
            return value.id if isinstance(value, models.BaseModel) else value

        return (
            get("bay_id"),
            get("employee_id"),
            fields.Datetime.to_datetime(get("start")),
            fields.Datetime.to_datetime(get("stop")),
        )

    @api.model
    def _get_overlap_domain(self, bay_id, employee_id, start, stop):
        """Return the domain of what occupies a slot."""
        if not (start and stop):
            return Domain.FALSE
        resource = Domain.FALSE
        if bay_id:
            resource |= Domain("bay_id", "=", bay_id)
        if employee_id:
            resource |= Domain("employee_id", "=", employee_id)
        return resource & Domain("start", "<", stop) & Domain("stop", ">", start)

    def _ensure_free(self, slots):
        """Refuse slots that somebody else occupies.

        :param list slots: tuples of `_prepare_slot`; ``self`` is not in the way
        :raises UserError: naming the bay or technician, the car and the times
        """
        domain = Domain.OR(self._get_overlap_domain(*slot) for slot in slots)
        if domain.is_false():
            return
        domain &= Domain("id", "not in", self.ids)
        if taken_sudo := self.sudo().search(domain, limit=1):
            raise UserError(taken_sudo._get_taken_message())

    def _get_taken_message(self):
        """Say who occupies this slot, where and until when."""
        self.ensure_one()
        resource = self.bay_id or self.employee_id
        occupant = self._get_occupant() or self.env._("another reservation")
        if self.employee_id and self.job_id.bay_id:
            occupant = f"{occupant} ({self.job_id.bay_id.name})"
        return self.env._(
            "%(resource)s is taken by %(occupant)s from %(start)s to %(stop)s.",
            resource=resource.name,
            occupant=occupant,
            start=format_datetime(self.env, self.start, dt_format="short"),
            stop=format_datetime(self.env, self.stop, dt_format="short"),
        )

    @contextmanager
    def _translate_overlap(self):
        """Turn the verdict of the exclusion constraint into its sentence."""
        try:
            with self.env.cr.savepoint():
                yield
        except psycopg2.errors.ExclusionViolation as error:
            raise UserError(self._sql_error_to_message(error)) from error

    # === PLAN OF A JOB === #

    def _filter_plans(self):
        """Return the reservations that are the plan of their job."""
        return self.filtered(
            lambda slot: (
                slot.job_id
                and (
                    (slot.bay_id and slot.bay_id == slot.job_id.bay_id)
                    or slot.employee_id in slot.job_id._get_planned_staff()
                )
            )
        )

    def _is_helper(self):
        """Tell whether this is the time of a helper."""
        self.ensure_one()
        employee = self.employee_id
        return bool(employee and employee in self.job_id.share_ids.employee_id)

    def _get_plan_message(self):
        """Say whose plan a slot is, and how it is given back."""
        self.ensure_one()
        return self.env._(
            "This is the plan of %(job)s. Take the job off the plan instead.",
            job=self.job_id.display_name,
        )

    def _prepare_plan_arguments(self, vals):
        """Return the arguments of `action_plan` that move this slot."""
        self.ensure_one()
        bay_id, employee_id, start, stop = self._prepare_slot(vals)
        arguments = {"start": start}
        if self._is_helper():
            if employee_id != self.employee_id.id:
                arguments["helpers"] = self._prepare_helpers(employee_id)
            vals = {}
        else:
            arguments |= {"bay_id": bay_id, "technician_id": employee_id}
        # Moved as it is, a job takes the hours it took, nights in between or not.
        if stop - start != self.stop - self.start:
            arguments["hours"] = self.job_id._get_plan_hours(vals, start, stop)
        return arguments

    def _prepare_helpers(self, employee_id):
        """Return the helpers of the job, with another one instead of this one.

        :rtype: list
        """
        return [
            {
                "employee_id": employee_id
                if share.employee_id == self.employee_id
                else share.employee_id.id,
                "share": share.share,
            }
            for share in self.job_id.share_ids
        ]

    @api.model
    def _book_job(self, job):
        """Make the reservations of a job follow its plan.

        The slot the visit got when it was booked becomes the slot of the first
        job that is planned.

        :param job: a single `dealer.repair.job`
        """
        booked = job.reservation_ids or self.search(
            [("order_id", "=", job.order_id.id), ("job_id", "=", False)]
        )
        wanted = [("bay_id", bay) for bay in job.bay_id]
        wanted += [("employee_id", worker) for worker in job._get_planned_staff()]
        if not job.planned_start:
            wanted = []
        # Whoever stays keeps his slot; only then a slot changes hands.
        kept = {}
        for is_same in (True, False):
            for name, resource in wanted:
                if resource not in kept:
                    slots = booked.filtered(name)
                    if is_same:
                        slots = slots.filtered(lambda s, n=name, r=resource: s[n] == r)
                    if slots:
                        kept[resource] = slots[0]
                        booked -= slots[0]
        booked.unlink()
        for name, resource in wanted:
            vals = {
                name: resource.id,
                "start": job.planned_start,
                "stop": job.planned_stop,
                "job_id": job.id,
            }
            if resource in kept:
                kept[resource].write(vals)
            else:
                self.create(vals)

    def _give_back(self):
        """Free what is left of these slots: cut what runs, delete what is to come."""
        now = fields.Datetime.now()
        running = self.filtered(lambda slot: slot.start < now < slot.stop)
        running.write({"stop": now})
        self.filtered(lambda slot: slot.start >= now).unlink()
