from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import date_utils

from .. import arguments as arg
from ..const import JOB_WORKABLE_STATES
from .dealer_repair_job_workshop import PLANNERS

STAFF = "dealer_service.group_dealer_user"
TECHNICIAN = "dealer_service.group_dealer_technician"
# What the rows of the board may be: the field of the reservation that fills them.
ROW_FIELDS = {"bay": "bay_id", "technician": "employee_id"}
# The axis shows this much before and after the opening hours: people work late.
BEFORE_OPENING = timedelta(hours=1)
AFTER_CLOSING = timedelta(hours=2)
# A day on which the store is closed shows these hours (store time).
CLOSED_DAY = (time(8), time(18))


class DealerWorkshopBoard(models.AbstractModel):
    """The control board of a workshop: one day, who works where on what (R1-R3).

    - Dates are the store's own days, times are UTC.
    - Rows are bays or technicians, bars are reservations, marks are clocked times.
    - Beside the bars: the jobs that may be worked on and have no place today, in
      the order in which they should get one.
    - Everybody of the store may look; dispatchers and team leaders move bars, by
      `dealer.repair.job.action_plan` and by writing reservations. No prices.
    """

    _name = "dealer.workshop.board"
    _description = "Workshop board"

    @api.model
    @arg.typed(group_by=arg.text)
    def get_board(self, date=False, group_by="bay"):
        """Return everything the board shows of one day of the current store.

        The number of queries does not depend on the number of bays or jobs.

        :param str date: the day in the store, ISO format; today by default
        :param str group_by: ``bay`` or ``technician``
        :raises AccessError: if the user does not work in after-sales
        :raises UserError: if the date or the grouping is not known
        :return: ``date``, ``today``, ``tz``, ``start`` and ``stop`` of the axis,
            ``opening`` (pairs of times), ``company``, ``can_plan``, ``group_by``,
            ``states``, ``pause_reasons``, ``rows``, ``bars``, ``clocks``,
            ``waiting`` and ``teams``; all times as UTC strings
        :rtype: dict
        """
        self._ensure_staff()
        if group_by not in ROW_FIELDS:
            raise UserError(
                self.env._(
                    "Rows: choose one of %(known)s.", known=", ".join(ROW_FIELDS)
                )
            )
        company = self.env.company
        zone = ZoneInfo(company._dealer_tz())
        today = datetime.now(zone).date()
        day = self._parse_day(date) or today
        begin, end = self._get_day_limits(day, zone)
        slots = self._get_slots(company, ROW_FIELDS[group_by], begin, end)
        logs = self._get_logs(company, begin, end)
        waiting = self._get_waiting(company, begin)
        teams = self._get_teams(company)
        team_of = {employee.id: t for t in teams for employee in t._get_staff()}
        described = (slots.job_id | waiting)._describe_for_board(team_of)
        waiting = waiting._sort_by_priority()
        opening = self._get_opening(company, begin, end)
        start, stop = self._get_axis(slots, logs, opening, day, zone)
        job = self.env["dealer.repair.job"]
        return {
            "date": day.isoformat(),
            "today": today.isoformat(),
            "tz": zone.key,
            "start": _to_string(start),
            "stop": _to_string(stop),
            "opening": [[_to_string(since), _to_string(to)] for since, to in opening],
            "company": {"id": company.id, "name": company.name},
            "group_by": group_by,
            "can_plan": any(self.env.user.has_group(group) for group in PLANNERS),
            "states": dict(job._fields["state"]._description_selection(self.env)),
            "pause_reasons": dict(
                job._fields["pause_reason"]._description_selection(self.env)
            ),
            "rows": self._get_rows(company, group_by, slots, logs, team_of),
            "bars": [self._prepare_bar(s, group_by, described) for s in slots],
            "clocks": [self._prepare_clock(log, group_by) for log in logs],
            "waiting": [described[job.id] for job in waiting],
            "teams": self._prepare_teams(teams),
        }

    # === DAY AND AXIS === #

    @api.model
    def _parse_day(self, date):
        """Return a day given as text, or False.

        :raises UserError: if it is no date
        """
        try:
            return fields.Date.to_date(date)
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._("Day: %(date)s is not a date like 2026-03-31.", date=date)
            ) from error

    @api.model
    def _get_day_limits(self, day, zone):
        """Return when a day of the store begins and ends, naive UTC."""
        return (
            _to_utc(datetime.combine(day, time.min, zone)),
            _to_utc(datetime.combine(day + timedelta(days=1), time.min, zone)),
        )

    @api.model
    def _get_opening(self, company, begin, end):
        """Return the store's working hours of a day, without its days off.

        :return: pairs of naive UTC times
        :rtype: list
        """
        # Working hours are no secret, but plain users may not read calendars.
        calendar_sudo = company.sudo().resource_calendar_id
        if not calendar_sudo:
            return []
        intervals = calendar_sudo._work_intervals_batch(
            begin.replace(tzinfo=timezone.utc), end.replace(tzinfo=timezone.utc)
        )[False]
        return [(_to_utc(start), _to_utc(stop)) for start, stop, _meta in intervals]

    @api.model
    def _get_axis(self, slots, logs, opening, day, zone):
        """Return the hours to show: the opening hours and all that lies outside.

        :return: start and stop, naive UTC, on full hours of the day
        :rtype: tuple
        """
        begin, end = self._get_day_limits(day, zone)
        if opening:
            start = opening[0][0] - BEFORE_OPENING
            stop = opening[-1][1] + AFTER_CLOSING
        else:
            start, stop = (
                _to_utc(datetime.combine(day, hour, zone)) for hour in CLOSED_DAY
            )
        # Only what begins or ends on this day; the rest is cut at the edges.
        times = [fields.Datetime.now(), *slots.mapped("start"), *slots.mapped("stop")]
        times += [*logs.mapped("start"), *filter(None, logs.mapped("stop"))]
        used = [moment for moment in times if begin < moment < end]
        start, stop = min([start, *used]), max([stop, *used])
        start = date_utils.start_of(start, "hour")
        stop = date_utils.start_of(stop + timedelta(minutes=59), "hour")
        return max(start, begin), min(stop, end)

    # === WHAT IS SHOWN === #

    @api.model
    def _get_slots(self, company, row_field, begin, end):
        """Return the reservations of a day on one kind of row."""
        return self.env["dealer.reservation"].search_fetch(
            [
                ("company_id", "=", company.id),
                (row_field, "!=", False),
                ("start", "<", end),
                ("stop", ">", begin),
            ],
            ["bay_id", "employee_id", "start", "stop", "job_id", "order_id", "note"],
        )

    @api.model
    def _get_logs(self, company, begin, end):
        """Return the clocks that ran or run on a day, corrected ones apart."""
        return self.env["dealer.work.log"].search_fetch(
            [
                ("company_id", "=", company.id),
                ("correction_ids", "=", False),
                ("start", "<", end),
                "|",
                ("stop", "=", False),
                ("stop", ">", begin),
            ],
            ["job_id", "employee_id", "start", "stop"],
        )

    @api.model
    def _get_waiting(self, company, begin):
        """Return the workable jobs without a place on or after a day.

        What was planned for an earlier day and is not finished waits again.
        """
        return self.env["dealer.repair.job"].search(
            [
                ("company_id", "=", company.id),
                ("state", "in", list(JOB_WORKABLE_STATES)),
                ("order_id.state", "in", ("accepted", "in_progress")),
                "|",
                ("planned_start", "=", False),
                ("planned_stop", "<=", begin),
            ]
        )

    @api.model
    def _get_rows(self, company, group_by, slots, logs, team_of):
        """Return the rows: what the store has, and whatever was used that day."""
        if group_by == "bay":
            rows = self.env["dealer.bay"].search([("company_id", "=", company.id)])
            return [self._prepare_bay(bay) for bay in rows | slots.bay_id]
        rows = self._get_technicians(company, list(team_of))
        rows |= (slots.employee_id | logs.employee_id).sudo()
        return [self._prepare_technician(row, team_of.get(row.id)) for row in rows]

    @api.model
    def _get_technicians(self, company, team_member_ids):
        """Return the employees of a store who work on cars, elevated."""
        # Workshop staff know their colleagues by name; that is all they get.
        group_sudo = self.env.ref(TECHNICIAN).sudo()
        employees_sudo = self.env["hr.employee"].sudo()
        return employees_sudo.search(
            [
                ("company_id", "=", company.id),
                "|",
                ("user_id", "in", group_sudo.all_user_ids.ids),
                ("id", "in", team_member_ids),
            ]
        )

    @api.model
    def _prepare_bay(self, bay):
        """Return one bay as a row.

        :rtype: dict
        """
        return {
            "id": bay.id,
            "name": bay.name,
            "hint": bay.code or "",
            "skills": bay.skill_ids.mapped("name"),
            "team_id": False,
            "team": "",
            "avatar": False,
        }

    @api.model
    def _prepare_technician(self, employee_sudo, team):
        """Return one technician as a row.

        :rtype: dict
        """
        return {
            "id": employee_sudo.id,
            "name": employee_sudo.name,
            "hint": employee_sudo.job_title or "",
            "skills": employee_sudo.dealer_skill_ids.mapped("name"),
            "team_id": team.id if team else False,
            "team": team.name if team else "",
            "avatar": f"/web/image/hr.employee.public/{employee_sudo.id}/avatar_128",
        }

    @api.model
    def _prepare_bar(self, slot, group_by, described):
        """Return one reservation as the board shows it.

        :rtype: dict
        """
        # The board names people and plates, whatever else the user may read.
        slot_sudo = slot.sudo()
        order_sudo = slot_sudo.order_id
        return {
            "id": slot.id,
            "row_id": slot_sudo[ROW_FIELDS[group_by]].id,
            "start": _to_string(slot.start),
            "stop": _to_string(slot.stop),
            "note": slot.note or "",
            "plate": order_sudo.vehicle_id.license_plate or "",
            "order": order_sudo.name or "",
            "order_id": order_sudo.id,
            "order_state": order_sudo.state or "",
            "job": described.get(slot_sudo.job_id.id, False),
            "is_helper": slot_sudo._is_helper(),
        }

    @api.model
    def _prepare_clock(self, log, group_by):
        """Return one clocked time as the board shows it.

        :rtype: dict
        """
        log_sudo = log.sudo()
        row = log_sudo.job_id.bay_id if group_by == "bay" else log_sudo.employee_id
        return {
            "id": log.id,
            "row_id": row.id,
            "job_id": log_sudo.job_id.id,
            "start": _to_string(log.start),
            "stop": _to_string(log.stop),
        }

    @api.model
    def _get_teams(self, company):
        """Return the teams of a store, elevated."""
        # Who is in which team is known to everybody in the workshop.
        teams_sudo = self.env["dealer.team"].sudo()
        return teams_sudo.search([("company_id", "=", company.id)])

    @api.model
    def _prepare_teams(self, teams):
        """Return the teams with the number of cars that wait for each (R3).

        :rtype: list of dicts
        """
        counts = teams._count_waiting()
        return [
            {
                "id": team.id,
                "name": team.name,
                "waiting": counts[team.id],
                "is_crowded": team._is_crowded(counts[team.id]),
            }
            for team in teams
        ]

    # === TOOLING === #

    @api.model
    def _ensure_staff(self):
        """Refuse people who do not work in after-sales.

        :raises AccessError: naming the role that is missing
        """
        self.env["dealer.repair.order"]._ensure_role((STAFF,))


def _to_utc(moment):
    """Return an aware time as naive UTC."""
    return moment.astimezone(timezone.utc).replace(tzinfo=None)


def _to_string(moment):
    """Return a naive UTC time as text, or False."""
    return fields.Datetime.to_string(moment) if moment else False
