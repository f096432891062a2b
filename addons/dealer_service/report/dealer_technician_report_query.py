from odoo import fields, models
from odoo.tools import SQL

# From here on the work is done, as far as the technician is concerned.
EARNED_STATES = ("self_checked", "peer_checked", "done")
# Room for the days of one employee in the ids of rows: until 2054. Rows of the first
# 100 000 employees fit into 32 bits, which is all that XML-RPC carries.
DAYS_PER_EMPLOYEE = 20000


class DealerTechnicianReport(models.Model):
    """The rows of the technician figures, read set by set.

    Days, working hours and leaves are joined in PostgreSQL; a technician appears from
    the first clock or the first contract on, until today.
    """

    _inherit = "dealer.technician.report"
    _depends = {
        "dealer.job.share": ["employee_id", "job_id", "share"],
        "dealer.repair.job": ["billed_hours", "main_technician_id", "state"],
        "dealer.work.log": [
            "corrects_id",
            "company_id",
            "employee_id",
            "hours",
            "is_rework",
            "job_id",
            "start",
            "stop",
        ],
        "hr.employee": ["company_id", "resource_id", "user_id"],
        "hr.version": ["date_version", "resource_calendar_id"],
        "res.company": ["partner_id", "resource_calendar_id"],
        "resource.calendar": ["tz", "two_weeks_calendar"],
        "resource.calendar.attendance": ["dayofweek", "hour_from", "hour_to"],
        "resource.calendar.leaves": ["date_from", "date_to", "resource_id"],
    }

    @property
    def _table_query(self):
        """Return the rows."""
        return SQL(
            """
            WITH log AS (%(log)s), clocked AS (%(clocked)s), earned AS (%(earned)s),
                 day AS (%(day)s), available AS (%(available)s)
            SELECT day.employee_id::bigint * %(days)s
                       + (day.date - DATE '2000-01-01') AS id,
                   day.employee_id, employee.user_id, employee.company_id, day.date,
                   COALESCE(clocked.hours, 0) AS clocked_hours,
                   COALESCE(clocked.rework, 0) AS rework_hours,
                   COALESCE(earned.hours, 0) AS billed_hours,
                   GREATEST(available.hours, clocked.hours, 0) AS available_hours,
                   earned.hours / NULLIF(clocked.hours, 0) AS efficiency,
                   clocked.hours / NULLIF(GREATEST(available.hours, clocked.hours), 0)
                       AS productivity,
                   earned.hours / NULLIF(GREATEST(available.hours, clocked.hours), 0)
                       AS proficiency
              FROM day
              JOIN hr_employee employee ON employee.id = day.employee_id
              LEFT JOIN clocked USING (employee_id, date)
              LEFT JOIN earned USING (employee_id, date)
              LEFT JOIN available USING (employee_id, date)
             WHERE GREATEST(available.hours, clocked.hours, earned.hours) > 0
            """,
            days=DAYS_PER_EMPLOYEE,
            log=self._get_log_query(),
            clocked=self._get_clocked_query(),
            earned=self._get_earned_query(),
            day=self._get_day_query(),
            available=self._get_available_query(),
        )

    def _get_log_query(self):
        """Return the stopped clocks with their day in the store.

        One that was corrected counts no more; its correction does.
        """
        stores = self.env["res.company"]
        return SQL(
            """
            SELECT log.employee_id, log.job_id, log.is_rework, log.hours,
                   %(date)s AS date
              FROM dealer_work_log log
              JOIN (%(zones)s) zone ON zone.company_id = log.company_id
             WHERE log.stop IS NOT NULL
               AND NOT EXISTS (
                   SELECT 1 FROM dealer_work_log correction
                    WHERE correction.corrects_id = log.id)
            """,
            date=stores._dealer_date_sql(SQL("log.start"), SQL("zone.tz")),
            zones=stores._dealer_zones_sql(),
        )

    def _get_clocked_query(self):
        """Return the clocked hours per technician and day."""
        return SQL(
            """
            SELECT employee_id, date, SUM(hours) AS hours,
                   SUM(hours) FILTER (WHERE is_rework) AS rework
              FROM log
          GROUP BY employee_id, date
            """
        )

    def _get_earned_query(self):
        """Return the billed hours per technician and day, helpers' shares apart."""
        return SQL(
            """
            SELECT employee_id, date, SUM(hours) AS hours
              FROM (
                SELECT share.employee_id, last.date,
                       job.billed_hours * share.share / 100 AS hours
                  FROM dealer_repair_job job
                  JOIN (SELECT job_id, MAX(date) AS date FROM log
                         WHERE NOT COALESCE(is_rework, FALSE) GROUP BY job_id
                       ) last ON last.job_id = job.id
                  JOIN (%(shares)s) share ON share.job_id = job.id
                 WHERE job.state IN %(states)s
              ) part
          GROUP BY employee_id, date
            """,
            states=EARNED_STATES,
            shares=self._get_shares_query(),
        )

    def _get_shares_query(self):
        """Return who earns how many percent of each job."""
        return SQL(
            """
            SELECT job_id, employee_id, share FROM dealer_job_share
             UNION ALL
            SELECT main.id, main.main_technician_id,
                   GREATEST(100 - COALESCE(SUM(helper.share), 0), 0)
              FROM dealer_repair_job main
              LEFT JOIN dealer_job_share helper ON helper.job_id = main.id
             WHERE main.main_technician_id IS NOT NULL
             GROUP BY main.id, main.main_technician_id
            """
        )

    def _get_day_query(self):
        """Return every day of every technician, from the first one until today."""
        stores = self.env["res.company"]
        return SQL(
            """
            SELECT worker.employee_id, series.day::date AS date
              FROM (
                SELECT employee_id, MIN(date) AS first, MAX(date) AS last
                  FROM (
                    SELECT employee_id, date FROM log
                     UNION ALL
                    SELECT employee_id, date_version FROM hr_version
                     WHERE employee_id IN (SELECT employee_id FROM dealer_work_log
                                            UNION
                                           SELECT employee_id
                                             FROM dealer_team_hr_employee_rel)
                  ) entry
              GROUP BY employee_id
              ) worker
              JOIN hr_employee employee ON employee.id = worker.employee_id
              JOIN (%(zones)s) zone ON zone.company_id = employee.company_id
              CROSS JOIN LATERAL generate_series(
                  worker.first, GREATEST(worker.last, %(today)s), INTERVAL '1 day'
              ) AS series(day)
            """,
            zones=stores._dealer_zones_sql(),
            today=stores._dealer_date_sql(
                SQL("%s::timestamp", fields.Datetime.now()), SQL("zone.tz")
            ),
        )

    def _get_available_query(self):
        """Return the working hours per technician and day, without leaves.

        A leave takes away exactly what it overlaps, two at the same time only once.
        """
        return SQL(
            """
            SELECT span.employee_id, span.date,
                   SUM(EXTRACT(EPOCH FROM upper(free.part) - lower(free.part))) / 3600
                       AS hours
              FROM (%(spans)s) span
              CROSS JOIN LATERAL (
                SELECT unnest(
                    tsmultirange(span.hours) - COALESCE(
                        range_agg(tsrange(leave.date_from, leave.date_to)),
                        tsmultirange())) AS part
                  FROM resource_calendar_leaves leave
                 WHERE leave.time_type = 'leave'
                   AND leave.date_to > leave.date_from
                   AND (leave.resource_id = span.resource_id
                        OR (leave.resource_id IS NULL
                            AND (leave.company_id IS NULL
                                 OR leave.company_id = span.company_id)
                            AND (leave.calendar_id IS NULL
                                 OR leave.calendar_id = span.calendar_id)))
                   AND tsrange(leave.date_from, leave.date_to) && span.hours
              ) free
          GROUP BY span.employee_id, span.date
            """,
            spans=self._get_span_query(),
        )

    def _get_span_query(self):
        """Return each span of working hours of each technician's day, in UTC.

        Weeks of two-week calendars alternate as in `resource`.
        """
        return SQL(
            """
            SELECT day.employee_id, day.date, employee.resource_id, calendar.id
                       AS calendar_id, employee.company_id,
                   tsrange(
                       (day.date + work.hour_from * INTERVAL '1 hour')
                           AT TIME ZONE calendar.tz AT TIME ZONE 'UTC',
                       (day.date + work.hour_to * INTERVAL '1 hour')
                           AT TIME ZONE calendar.tz AT TIME ZONE 'UTC') AS hours
              FROM day
              JOIN hr_employee employee ON employee.id = day.employee_id
              JOIN resource_resource resource ON resource.id = employee.resource_id
              LEFT JOIN LATERAL (
                SELECT resource_calendar_id, departure_date FROM hr_version version
                 WHERE version.employee_id = day.employee_id AND version.active
                   AND version.date_version <= day.date
              ORDER BY version.date_version DESC LIMIT 1
              ) version ON TRUE
              JOIN resource_calendar calendar ON calendar.id = COALESCE(
                   version.resource_calendar_id, resource.calendar_id)
              JOIN resource_calendar_attendance work
                ON work.calendar_id = calendar.id
               AND work.dayofweek = (EXTRACT(ISODOW FROM day.date)::int - 1)::text
               AND work.day_period != 'lunch'
               AND work.display_type IS NULL
               AND (NOT COALESCE(calendar.two_weeks_calendar, FALSE)
                    OR work.week_type =
                       (((day.date - DATE '0001-01-01') / 7) %% 2)::text)
             WHERE version.departure_date IS NULL
                OR version.departure_date >= day.date
            """
        )
