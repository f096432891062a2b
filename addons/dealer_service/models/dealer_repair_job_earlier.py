from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

from .dealer_repair_job_clock import STARTED_STATES
from .dealer_repair_job_priority import WAITING_STATES
from .dealer_repair_job_workshop import PLANNERS

# Nobody moves a car for less than this.
MIN_GAIN = timedelta(minutes=15)
# A place that is free later than this is no news yet.
SOON = timedelta(hours=1)


class DealerRepairJob(models.Model):
    """Pull work forward when a bay or a technician becomes free (R2, C5).

    - Suggested are jobs that nobody has started and that could start within the
      hour: planned ones at least a quarter of an hour earlier than planned, waiting
      ones at all. They come in the order in which the workshop takes its work.
    - The car is here and no other job of it is in hand or planned before; its parts
      are there; helpers are free, too.
    - The technician (whom the customer asked for, or who was planned) and the bay
      stay if they can; otherwise somebody with the skill takes over.
    - Work that overruns its plan occupies its bay and its people until it is done.
    - Nothing ends later than planned, so promises are kept.
    """

    _inherit = "dealer.repair.job"

    # === ACTIONS === #

    @api.model
    def suggest_earlier(self, limit=3):
        """Suggest which jobs of the current store can start earlier; write nothing.

        The number of queries does not depend on the number of jobs.

        :param int limit: how many to return
        :raises AccessError: if the user is neither dispatcher nor team leader
        :return: dicts with ``job_id``, ``plate``, ``name``, ``technician_id``,
            ``technician``, ``bay_id``, ``bay``, ``start``, ``stop``,
            ``planned_start`` (or False), ``promised_at`` (UTC) and ``gain``, minutes
        :rtype: list
        """
        self.env["dealer.repair.order"]._ensure_role(PLANNERS)
        # Suggestions weigh what other people of the store are busy with.
        jobs_sudo = self.sudo()._get_not_started(self.env.company)
        if not jobs_sudo:
            return []
        found = []
        workshop = jobs_sudo._load_workshop()
        arrivals = jobs_sudo._get_parts_arrival()
        for job in jobs_sudo:
            if job.id in arrivals or not job._is_next_of_car():
                continue
            if slot := job._get_slot_earlier(workshop):
                found.append(job._prepare_earlier(slot))
            if len(found) >= limit:
                break
        return found

    def action_pull_forward(self):
        """Start the job as early as it can: both reservations move (R2).

        :raises AccessError: if the user is neither dispatcher nor team leader
        :raises UserError: if the job cannot start earlier (any more)
        """
        self.ensure_one()
        self.order_id._ensure_role(PLANNERS)
        self.check_access("read")
        self.order_id._lock()
        job_sudo = self.sudo()
        slot = False
        if job_sudo in job_sudo._get_not_started(self.company_id):
            is_next = job_sudo._is_next_of_car() and not job_sudo._get_parts_arrival()
            slot = is_next and job_sudo._get_slot_earlier(job_sudo._load_workshop())
        if not slot:
            raise UserError(
                self.env._(
                    "%(job)s cannot start earlier: the place was taken meanwhile, or "
                    "car or parts are not there. Reload the board.",
                    job=self._get_workshop_name(),
                )
            )
        before = self.planned_start
        self._apply_plan(self._prepare_earlier_changes(slot))
        self._record_pull(before)
        return True

    # === WHICH JOBS === #

    @api.model
    def _get_not_started(self, company):
        """Return the jobs of a store that nobody has started, first things first."""
        limit = fields.Datetime.now() + MIN_GAIN
        jobs = self.search(
            Domain("company_id", "=", company.id)
            & Domain("state", "in", list(WAITING_STATES))
            & Domain("order_id.state", "in", ("accepted", "in_progress"))
            & Domain("planned_hours", ">", 0)
            & (
                Domain("planned_start", "=", False)
                | Domain("planned_start", ">=", limit)
            )
        )
        return jobs._sort_by_priority()

    def _is_next_of_car(self):
        """Tell whether no other job of the car is in hand or comes before."""
        others = self.order_id.job_ids - self
        if any(job.state in STARTED_STATES for job in others):
            return False
        planned = others.filtered(
            lambda job: job.planned_start and job.state in WAITING_STATES
        )
        return not planned or bool(
            self.planned_start
            and self.planned_start <= min(planned.mapped("planned_start"))
        )

    # === WHERE AND WHEN === #

    def _load_workshop(self):
        """Return the workshop from this minute on, with what overruns its plan."""
        now = fields.Datetime.now().replace(second=0)
        company = self.company_id[:1]
        workshop = self.env["dealer.capacity"]._load(company, now, days=7)
        running = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "in", list(STARTED_STATES)),
                "|",
                ("planned_stop", "=", False),
                ("planned_stop", "<=", now + SOON),
            ]
        )
        expected = running._get_expected_stops()
        for job in running:
            is_overrun = job._get_spent_hours() >= job.planned_hours
            stop = now + 2 * SOON if is_overrun else expected.get(job.id, now)
            resources = workshop.find(bay_id=job.bay_id.id)
            # People who paused may do something else; the car stays on the lift.
            for log in job.running_log_ids:
                resources += workshop.find(technician_id=log.employee_id.id)
            for resource in resources:
                resource.taken.occupy(now, stop)
        return workshop

    def _get_slot_earlier(self, workshop):
        """Return where the job could start soon and earlier than planned, or None.

        :param workshop: of `_load_workshop`
        """
        spans = [
            (resource, slot.start, slot.stop)
            for slot in self.reservation_ids
            for resource in workshop.find(slot.bay_id.id, slot.employee_id.id)
        ]
        parts = self._get_skill_hours()
        skill = max(parts, key=lambda part: part[1])[0] if parts else False
        latest = workshop.begin + SOON
        if self.planned_start:
            latest = min(latest, self.planned_start - MIN_GAIN)
        with workshop.released(spans):
            for technician_id, bay_id in self._get_choices(workshop):
                slot = workshop.place(
                    self.planned_hours, workshop.begin, skill, technician_id, bay_id
                )
                if slot and slot.start <= latest and self._is_allowed(workshop, slot):
                    return slot
        return None

    def _get_choices(self, workshop):
        """Return whom and which bay to try, best first; False is anybody.

        :rtype: list
        """
        wish = self.order_id.requested_technician_id.id
        worker, bay = wish or self.main_technician_id.id, self.bay_id.id
        known = {resource.id for resource in workshop.technicians}
        worker = worker if worker in known else False
        choices = [(worker, bay), (worker, False)]
        if not wish:
            choices += [(False, bay), (False, False)]
        return list(dict.fromkeys(choices))

    def _is_allowed(self, workshop, slot):
        """Refuse slots that end later than planned or in which a helper is busy."""
        if self.planned_stop and slot.stop > self.planned_stop:
            return False
        helpers = self.share_ids.employee_id
        if slot.technician and slot.technician.id in helpers.ids:
            return False
        return not any(
            resource.taken.blocked_until(slot.start, slot.stop)
            for helper in helpers
            for resource in workshop.find(technician_id=helper.id)
        )

    # === WORDS AND VALUES === #

    def _prepare_earlier(self, slot):
        """Return one suggestion.

        :rtype: dict
        """
        planned, promised = self.planned_start, self.promised_at
        to_string = fields.Datetime.to_string
        return {
            "job_id": self.id,
            "plate": self.license_plate or self.order_id.name,
            "name": self.name,
            "technician_id": slot.technician.id if slot.technician else False,
            "technician": slot.technician.name if slot.technician else "",
            "bay_id": slot.bay.id if slot.bay else False,
            "bay": slot.bay.name if slot.bay else "",
            "start": to_string(slot.start),
            "stop": to_string(slot.stop),
            "planned_start": to_string(planned) if planned else False,
            "promised_at": to_string(promised) if promised else False,
            "gain": round((planned - slot.start).total_seconds() / 60)
            if planned
            else 0,
        }

    def _prepare_earlier_changes(self, slot):
        """Return the values of the plan that takes a slot.

        :rtype: dict
        """
        changes = {"planned_start": slot.start}
        if slot.technician:
            changes["main_technician_id"] = slot.technician.id
        if slot.bay:
            changes["bay_id"] = slot.bay.id
        return changes

    def _record_pull(self, before):
        """Tell on the visit, and its advisor, that the work starts earlier.

        :param before: when it was to start, or False
        """
        job_sudo = self.sudo()
        time = {"dt_format": "short"}
        start = format_datetime(self.env, self.planned_start, **time)
        old = before and format_datetime(self.env, before, **time)
        who = " · ".join(
            filter(None, (job_sudo.bay_id.name, job_sudo.main_technician_id.name))
        )
        values = {"job": self.name, "start": start, "old": old, "who": who}
        body = (
            self.env._(
                "%(job)s starts at %(start)s instead of %(old)s: %(who)s.", **values
            )
            if before
            else self.env._("%(job)s starts at %(start)s: %(who)s.", **values)
        )
        self.order_id._raise_event(
            "job_pulled_forward", body, job=self, old=before, new=self.planned_start
        )
