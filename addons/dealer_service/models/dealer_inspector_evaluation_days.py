import pytz

from odoo import api, fields, models


class DealerInspectorEvaluation(models.Model):
    """On how many days an inspector was there: attendance, else the calendar."""

    _inherit = "dealer.inspector.evaluation"

    def _get_attended_days(self, start, stop):
        """Return on how many days the inspector was there, until now.

        :param datetime start: first moment of the month, UTC
        :param datetime stop: first moment after it, UTC
        :rtype: int
        """
        self.ensure_one()
        employee = self.employee_id
        stop = min(stop, fields.Datetime.now())
        if not employee or stop <= start:
            return 0
        zone = pytz.timezone(self.company_id._dealer_tz())
        return len(
            self._find_attendances(employee, start, stop, zone)
            or self._find_working_days(employee, start, stop, zone)
        )

    @api.model
    def _find_attendances(self, employee, start, stop, zone):
        """Return the days of attendance records; to extend where they are kept.

        :param employee: a `hr.employee`
        :param datetime start: first moment, UTC
        :param datetime stop: first moment after it, UTC
        :param zone: time zone of the store
        :return: dates; empty: the working hours tell
        :rtype: set
        """
        return set()

    @api.model
    def _find_working_days(self, employee, start, stop, zone):
        """Return the working days of the calendar, less time off.

        :rtype: set
        """
        calendar = employee.resource_calendar_id or (
            employee.company_id.resource_calendar_id
        )
        if not calendar:
            return set()
        resource = employee.resource_id
        intervals = calendar._work_intervals_batch(
            pytz.utc.localize(start), pytz.utc.localize(stop), resources=resource
        )
        return {
            begin.astimezone(zone).date()
            for begin, _end, _meta in intervals[resource.id]
        }
