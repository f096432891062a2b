from odoo import fields, models
from odoo.fields import Command
from odoo.tools import format_datetime, format_list

from .. import arguments as arg


class DealerRepairJob(models.Model):
    """What helps a dispatcher to decide: warnings and suggestions (R2, R3, R5)."""

    _inherit = "dealer.repair.job"

    # === ACTIONS === #

    def action_open_plan(self):
        """Ask who does the job, where and when."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan"),
            "res_model": "dealer.repair.job.plan",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_job_id": self.id,
                "default_team_id": self.team_id.id,
                "default_technician_id": self.main_technician_id.id,
                "default_bay_id": self.bay_id.id,
                "default_hours": self.planned_hours,
                "default_overtime": self.is_overtime,
                "default_helper_ids": [
                    Command.create(
                        {"employee_id": share.employee_id.id, "share": share.share}
                    )
                    for share in self.share_ids
                ],
                **({"default_start": self.planned_start} if self.planned_start else {}),
            },
        }

    @arg.typed(
        bay_id=arg.record("dealer.bay"),
        technician_id=arg.record("hr.employee"),
        start=arg.moment,
        hours=arg.number,
        team_id=arg.record("dealer.team"),
        overtime=arg.flag,
    )
    def check_plan(
        self,
        bay_id=False,
        technician_id=False,
        start=False,
        hours=False,
        team_id=False,
        overtime=None,
    ):
        """Tell what `action_plan` would do with these arguments; write nothing.

        :raises AccessError: if the user may not read the job
        :raises UserError: if bay and technician do not work
        :return: ``start`` and ``stop`` (UTC, or False) and ``warnings``, sentences
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        changes = self._prepare_plan_changes(
            bay_id=bay_id,
            technician_id=technician_id,
            start=start,
            hours=hours,
            team_id=team_id,
            overtime=overtime,
        )
        start = changes.get("planned_start", self.planned_start)
        hours = changes.get("planned_hours", self.planned_hours)
        stop = False
        if start and hours > 0:
            start = fields.Datetime.to_datetime(start)
            start, stop = self._get_plan_span(changes, start, hours)
        return {
            "start": start,
            "stop": stop,
            "warnings": self._get_plan_warnings(changes, start, stop),
        }

    # === WARNINGS === #

    def _get_plan_warnings(self, changes, start, stop):
        """Say what speaks against a plan, though it is allowed.

        :param dict changes: values of the plan's fields
        :rtype: list
        """
        self.ensure_one()
        # Whoever plans is warned of what others are busy with.
        job_sudo = self.sudo()
        bay, technician = job_sudo._get_plan_resources(changes)
        team = job_sudo.team_id.browse(changes.get("team_id") or job_sudo.team_id.id)
        if not team and technician:
            team = team._get_team_of(technician)
        sentences = [
            *job_sudo._warn_skills(bay, technician),
            *job_sudo._warn_team(team),
            *job_sudo._warn_wish(technician),
        ]
        promised = job_sudo.promised_at
        if stop and promised and stop > promised:
            sentences.append(
                self.env._(
                    "The plan ends after the promised time, %(time)s.",
                    time=format_datetime(self.env, promised, dt_format="short"),
                )
            )
        return sentences

    def _warn_skills(self, bay, technician):
        """Warn of a bay or technician that is not fit for the job's trades."""
        for record, skills in (
            (bay, bay.skill_ids),
            (technician, technician.dealer_skill_ids),
        ):
            if skills and (lacking := self.skill_ids - skills):
                yield self.env._(
                    "%(resource)s is not fit for: %(skills)s.",
                    resource=record.name,
                    skills=format_list(self.env, lacking.mapped("name")),
                )

    def _warn_team(self, team):
        """Warn of a team for which enough cars wait already (R3)."""
        if not team:
            return
        limit = self.company_id.dealer_team_waiting_max
        waiting = team._count_waiting(self.order_id)[team.id]
        if team._is_crowded(waiting + 1):
            yield self.env._(
                "%(team)s has %(count)s waiting cars already; %(limit)s is the most.",
                team=team.name,
                count=waiting,
                limit=limit,
            )

    def _warn_wish(self, technician):
        """Warn if the customer asked for somebody else (R5)."""
        wish = self.order_id.requested_technician_id
        if wish and technician and technician != wish:
            yield self.env._("The customer asked for %(name)s.", name=wish.name)

    # === SUGGESTIONS === #

    @arg.typed(limit=arg.integer)
    def suggest_team(self, limit=3):
        """Suggest teams, each with the technician and bay that are soonest done.

        First come teams that keep the promise, then those with fewer cars waiting
        than the store allows, then the least busy ones (R2, R3).

        :param int limit: how many to return
        :return: dicts with ``team_id``, ``team``, ``technician_id``, ``technician``,
            ``bay_id``, ``bay``, ``start``, ``stop`` (UTC), ``waiting`` (cars),
            ``hours`` (of work given to the team) and ``reason`` in words
        :rtype: list
        """
        self.ensure_one()
        self.check_access("read")
        # Suggestions weigh what other people of the store are busy with.
        job_sudo = self.sudo()
        teams_sudo = job_sudo.env["dealer.team"].search(
            [("company_id", "=", self.company_id.id)]
        )
        teams_sudo = teams_sudo.filtered(
            lambda team: not (job_sudo.skill_ids - team.skill_ids)
        )
        workshop = self.env["dealer.capacity"]._load(
            self.company_id, ignore_jobs=job_sudo
        )
        waiting = teams_sudo._count_waiting(job_sudo.order_id)
        load = teams_sudo._get_load(job_sudo)
        found = []
        for team in teams_sudo:
            if slot := job_sudo._get_team_slot(workshop, team):
                key = job_sudo._get_suggestion_key(
                    slot, team._is_crowded(waiting[team.id] + 1), load[team.id]
                )
                found.append((key, team, slot))
        found.sort(key=lambda entry: entry[0])
        return [
            job_sudo._prepare_suggestion(team, slot, waiting[team.id], load[team.id])
            for _key, team, slot in found[:limit]
        ]

    def _get_team_slot(self, workshop, team):
        """Return the earliest slot of the job with somebody of a team, or None.

        The technician whom the customer asked for comes before a faster one.
        """
        parts = self._get_skill_hours()
        skill = max(parts, key=lambda part: part[1])[0] if parts else False
        slots = [
            workshop.place(self.planned_hours, workshop.begin, skill, worker.id)
            for worker in workshop.technicians
            if worker.id in team._get_staff().ids and worker.fits(skill)
        ]
        wish = self.order_id.requested_technician_id.id
        return min(
            filter(None, slots),
            key=lambda slot: (slot.technician.id != wish, slot.stop),
            default=None,
        )

    def _get_suggestion_key(self, slot, is_crowded, hours):
        """Return what suggestions are sorted by; smaller comes first."""
        promised = self.promised_at
        wish = self.order_id.requested_technician_id.id
        return (
            bool(wish) and slot.technician.id != wish,
            bool(promised) and slot.stop > promised,
            is_crowded,
            hours,
            slot.stop,
        )

    def _prepare_suggestion(self, team, slot, waiting, hours):
        """Return one suggestion with its reason in words.

        :rtype: dict
        """
        wish = self.order_id.requested_technician_id.id
        skills = format_list(self.env, self.skill_ids.mapped("name"))
        words = [
            self.env._("masters %(skills)s", skills=skills) if skills else False,
            self.env._("asked for by the customer")
            if slot.technician.id == wish
            else False,
            self.env._("%(hours)g h of work", hours=round(hours, 1)),
            self.env._("%(count)s cars waiting", count=waiting),
            self.env._(
                "done by %(time)s",
                time=format_datetime(self.env, slot.stop, dt_format="short"),
            ),
            self.env._("after the promised time")
            if self.promised_at and slot.stop > self.promised_at
            else False,
        ]
        return {
            "team_id": team.id,
            "team": team.name,
            "technician_id": slot.technician.id,
            "technician": slot.technician.name,
            "bay_id": slot.bay.id if slot.bay else False,
            "bay": slot.bay.name if slot.bay else False,
            "start": slot.start,
            "stop": slot.stop,
            "waiting": waiting,
            "hours": hours,
            "reason": format_list(self.env, list(filter(None, words))),
        }
