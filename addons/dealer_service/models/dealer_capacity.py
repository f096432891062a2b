from datetime import timedelta

from pytz import utc

from odoo import api, fields, models
from odoo.fields import Domain

from .capacity import Hours, Resource, Workshop

# How far ahead the workshop is looked at, days.
HORIZON = 45


class DealerCapacity(models.AbstractModel):
    """What the bays and technicians of a store can still do (C5, C13, R2).

    - A bay counts if it is active and no car wash. A technician counts if he or she
      is in an active team of the store or has a workshop skill.
    - Working time is the resource calendar (the store's where there is none) without
      leaves; what the ledger of reservations holds is taken.
    - A few queries, however many reservations there are.
    """

    _name = "dealer.capacity"
    _description = "Capacity of a workshop"

    @api.model
    def _load(self, company, begin=None, days=HORIZON, ignore_jobs=None):
        """Return the workshop of a store from a moment on.

        :param begin: naive UTC; now by default
        :param ignore_jobs: `dealer.repair.job` whose reservations do not count
        :rtype: `capacity.Workshop`
        """
        begin = begin or fields.Datetime.now()
        end = begin + timedelta(days=days)
        # Advisors plan with leaves and reservations that they need not see. Work may
        # still ask for a trade that is archived by now.
        company_sudo = company.sudo()
        bays_sudo = self._get_bays(company_sudo)
        technicians_sudo = self._get_technicians(company_sudo)
        taken = self._get_taken(bays_sudo, technicians_sudo, begin, end, ignore_jobs)
        # Most people and bays keep the hours of the store: each calendar is read once.
        known = {}
        hours = self._get_technician_hours(
            company_sudo, technicians_sudo, begin, end, known
        )
        store_key = (company_sudo.resource_calendar_id, company_sudo)
        if store_key not in known:
            known[store_key] = self._get_store_hours(company_sudo, begin, end)
        opening = self._get_bay_hours(bays_sudo, begin, end, known)
        return Workshop(
            [
                self._to_resource(bay, "skill_ids", opening, taken, "bay_id")
                for bay in bays_sudo
            ],
            [
                self._to_resource(
                    technician, "dealer_skill_ids", hours, taken, "employee_id"
                )
                for technician in technicians_sudo
            ],
            known[store_key],
            begin,
            end,
        )

    @api.model
    def _to_resource(self, record, skills, hours, taken, kind):
        """Return a bay or technician as the arithmetic of working time knows it.

        :param str skills: the field of its skills
        :param str kind: what the ledger calls it
        :rtype: `capacity.Resource`
        """
        skills = record.with_context(active_test=False)[skills]
        return Resource(
            record.id,
            record.name,
            set(skills.ids),
            hours[record],
            taken.get((kind, record.id), ()),
        )

    # === RESOURCES === #

    @api.model
    def _get_bays(self, company_sudo):
        """Return the bays that repair work is done in."""
        return company_sudo.env["dealer.bay"].search_fetch(
            [("company_id", "=", company_sudo.id), ("kind", "!=", "wash")],
            ["name", "company_id", "calendar_id", "skill_ids"],
        )

    @api.model
    def _get_technicians(self, company_sudo):
        """Return who does repair work in a store."""
        # Who has left is sorted out by the search of employees.
        team_sudo = company_sudo.env["dealer.team"].with_context(active_test=False)
        teams = team_sudo.search_read(
            [("company_id", "=", company_sudo.id), ("active", "=", True)],
            ["leader_id", "member_ids"],
            load=None,
        )
        staff = {team["leader_id"] for team in teams}.union(
            *(team["member_ids"] for team in teams)
        )
        return company_sudo.env["hr.employee"].search_fetch(
            Domain("company_id", "=", company_sudo.id)
            & (
                Domain("id", "in", staff - {False})
                | Domain("dealer_skill_ids", "!=", False)
            ),
            order="id",
        )

    @api.model
    def _get_taken(self, bays, technicians, begin, end, ignore_jobs=None):
        """Return what is reserved, by kind and id of the resource.

        :rtype: dict
        """
        domain = (
            (Domain("bay_id", "in", bays.ids))
            | Domain("employee_id", "in", technicians.ids)
        ) & Domain([("start", "<", end), ("stop", ">", begin)])
        if ignore_jobs:
            domain &= Domain("job_id", "not in", ignore_jobs.ids)
        reservations_sudo = bays.env["dealer.reservation"]
        taken = {}
        for slot in reservations_sudo.search_read(
            domain, ["bay_id", "employee_id", "start", "stop"], load=None
        ):
            name = "bay_id" if slot["bay_id"] else "employee_id"
            spans = taken.setdefault((name, slot[name]), [])
            spans.append((slot["start"], slot["stop"]))
        return taken

    # === WORKING TIME === #

    @api.model
    def _get_store_hours(self, company_sudo, begin, end):
        """Return when a store is open; always, if it has no working hours."""
        calendar_sudo = company_sudo.resource_calendar_id
        return self._read_calendar(calendar_sudo, company_sudo, begin, end)[False]

    @api.model
    def _get_bay_hours(self, bays_sudo, begin, end, known=None):
        """Return the opening hours of each bay; bays of one calendar share them.

        :param dict known: hours by calendar and store that were read already
        :rtype: dict
        """
        shared = dict(known or {})
        for bay in bays_sudo:
            key = (bay._get_calendar(), bay.company_id)
            if key not in shared:
                shared[key] = self._read_calendar(*key, begin, end)[False]
        return {bay: shared[bay._get_calendar(), bay.company_id] for bay in bays_sudo}

    @api.model
    def _get_technician_hours(
        self, company_sudo, technicians_sudo, begin, end, known=None
    ):
        """Return the working time of each technician, without leaves.

        :param dict known: takes the hours of the calendars met, by calendar and store
        :rtype: dict
        """
        store_calendar = company_sudo.resource_calendar_id
        hours = {}
        groups = technicians_sudo.grouped(
            lambda technician: technician.resource_id.calendar_id or store_calendar
        )
        for calendar, members in groups.items():
            found = self._read_calendar(
                calendar, company_sudo, begin, end, members.resource_id
            )
            if known is not None:
                known[calendar, company_sudo] = found[False]
            for member in members:
                hours[member] = found[member.resource_id.id]
        return hours

    @api.model
    def _read_calendar(self, calendar_sudo, company_sudo, begin, end, resources=None):
        """Return the hours of a calendar without holidays and leaves.

        Without a calendar, or in one without hours, it is always open.

        :param resources: whose own hours are wanted as well
        :return: `Hours` by id of the resource; under False those of the calendar
        :rtype: dict
        """
        ids = [False, *(resources.ids if resources else ())]
        always = dict.fromkeys(ids, Hours([(begin, end)]))
        if not calendar_sudo:
            return always
        intervals = calendar_sudo._work_intervals_batch(
            utc.localize(begin),
            utc.localize(end),
            resources=resources,
            domain=self._get_leave_domain(company_sudo),
        )
        if not (
            intervals[False]
            or calendar_sudo.attendance_ids
            or calendar_sudo.flexible_hours
        ):
            return always
        return {key: self._to_hours(intervals[key]) for key in ids}

    @api.model
    def _get_leave_domain(self, company_sudo):
        """Return which leaves count: of this store or of everybody."""
        return [
            ("time_type", "=", "leave"),
            ("company_id", "in", [False, company_sudo.id]),
        ]

    @api.model
    def _to_hours(self, intervals):
        """Return intervals of a calendar as hours in naive UTC."""
        spans = []
        for start, stop, _meta in intervals:
            start = start.astimezone(utc).replace(tzinfo=None)
            stop = stop.astimezone(utc).replace(tzinfo=None)
            if stop.microsecond:
                # A day until 24:00 ends a microsecond before midnight.
                stop = stop.replace(microsecond=0) + timedelta(seconds=1)
            if spans and start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(stop, spans[-1][1]))
            else:
                spans.append((start, stop))
        return Hours(spans)

    # === PLAN OF ONE JOB === #

    @api.model
    def _get_common_hours(self, company, bay, technician, begin, days):
        """Return when a bay and a technician both work; either may be empty.

        :param company: the store, whose hours count where there is neither
        :rtype: `capacity.Hours`
        """
        end = begin + timedelta(days=days)
        # Whoever plans need not see calendars and leaves.
        company_sudo, bay_sudo = company.sudo(), bay.sudo()
        technician_sudo = technician.sudo()
        found = []
        if bay_sudo:
            found += self._get_bay_hours(bay_sudo, begin, end).values()
        if technician_sudo:
            found += self._get_technician_hours(
                company_sudo, technician_sudo, begin, end
            ).values()
        if not found:
            return self._get_store_hours(company_sudo, begin, end)
        hours = found[0]
        for other in found[1:]:
            hours &= other
        return hours
