from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ..const import JOB_APPROVED_STATES

# A plan is looked for in so many days, and if that is too short in so many more.
PLAN_DAYS = (14, 180)


class DealerRepairJob(models.Model):
    """When a planned job begins and ends, in working time (R4)."""

    _inherit = "dealer.repair.job"

    def _get_plan_resources(self, changes):
        """Return bay and technician of a plan.

        :param dict changes: values of the plan's fields; the job's own by default
        """
        self.ensure_one()
        bay, technician = self.bay_id, self.main_technician_id
        if "bay_id" in changes:
            bay = bay.browse(changes["bay_id"] or ())
        if "main_technician_id" in changes:
            technician = technician.browse(changes["main_technician_id"] or ())
        return bay, technician

    def _get_plan_span(self, changes, start, hours):
        """Return when a plan begins and ends.

        A start outside the working hours moves to their next beginning; the end
        leaves out breaks, nights and leaves. Overtime knows neither.

        :param dict changes: values of the plan's fields
        :param start: naive UTC
        :param float hours: of work
        :raises UserError: if bay and technician do not work in the coming months
        :rtype: tuple
        """
        self.ensure_one()
        if changes.get("is_overtime", self.is_overtime):
            return start, start + timedelta(hours=hours)
        resources = self._get_plan_resources(changes)
        for days in PLAN_DAYS:
            common = self.env["dealer.capacity"]._get_common_hours(
                self.company_id, *resources, start, days
            )
            if stop := common.finish(start, hours):
                return common.first(start), stop
        raise UserError(
            self.env._(
                "%(job)s: there is no working time for so many hours. Check the "
                "working hours of bay and technician, or plan it as overtime.",
                job=self._get_workshop_name(),
            )
        )

    def _get_plan_hours(self, vals, start, stop):
        """Return the working hours between two moments, for a resized plan.

        :param dict vals: what is written on the reservation
        """
        self.ensure_one()
        changes = {}
        if vals.get("bay_id"):
            changes["bay_id"] = vals["bay_id"]
        if vals.get("employee_id"):
            changes["main_technician_id"] = vals["employee_id"]
        if not self.is_overtime:
            common = self.env["dealer.capacity"]._get_common_hours(
                self.company_id,
                *self._get_plan_resources(changes),
                start,
                (stop - start).days + 1,
            )
            if hours := common.between(start, stop):
                return hours
        return (stop - start).total_seconds() / 3600

    def _get_earliest_slot(self, changes=None, after=None):
        """Return the earliest free slot of a job, or None.

        :param dict changes: bay, technician and hours to use; the job's own, or any
            that are fit, by default
        :param after: not before this moment; now by default
        :rtype: `capacity.Slot`
        """
        self.ensure_one()
        changes = changes or {}
        after = after or fields.Datetime.now()
        bay, technician = self._get_plan_resources(changes)
        workshop = self.env["dealer.capacity"]._load(
            self.company_id, after, ignore_jobs=self
        )
        parts = self._get_skill_hours()
        skill = max(parts, key=lambda part: part[1])[0] if parts else False
        hours = changes.get("planned_hours") or self.planned_hours
        return workshop.place(hours, after, skill, technician.id, bay.id)

    # === FRONT DESK === #

    def _is_single_team(self):
        """Tell whether one team can do all approved work of the visit (R7)."""
        self.ensure_one()
        jobs_sudo = self.sudo().order_id.job_ids.filtered(
            lambda job: job.state in JOB_APPROVED_STATES
        )
        # Who may plan depends on all teams of the store.
        teams_sudo = self.env["dealer.team"].sudo()
        teams_sudo = teams_sudo.search([("company_id", "=", self.company_id.id)])
        return any(
            not (jobs_sudo.skill_ids.sudo() - team.skill_ids) for team in teams_sudo
        )
