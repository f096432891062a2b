from odoo import models
from odoo.tools import SQL

from ..const import JOB_APPROVED_STATES, LINE_KINDS

# A come-back later than this does not speak against the first repair.
FIX_DAYS = 30
# The car came: neither called off nor still to come.
ABSENT_STATES = ("booked", "cancelled")
ANSWERED_STATES = (*JOB_APPROVED_STATES, "declined", "deferred")
CHECKED_STATES = ("peer_checked", "done", "rework")


class DealerRepairReport(models.Model):
    """The rows of the repair analysis.

    Each amount comes from a sub-query with one row per job or visit, joined from the
    left. PostgreSQL leaves out those that nobody asked for, so a pivot pays only for
    the measures it shows.
    """

    _inherit = "dealer.repair.report"
    _depends = {
        "account.move": ["amount_residual_signed", "dealer_order_id", "state"],
        "dealer.guarantee": ["job_id", "order_id"],
        "dealer.repair.category": ["statutory_class"],
        "dealer.repair.job": [
            "billed_hours",
            "category_id",
            "clocked_hours",
            "guarantee_id",
            "main_technician_id",
            "order_id",
            "origin",
            "payer",
            "state",
        ],
        "dealer.repair.line": ["job_id", "kind", "price_subtotal", "quantity"],
        "dealer.repair.order": [
            "advisor_id",
            "arrived_at",
            "company_id",
            "delivered_at",
            "first_promised_at",
            "partner_id",
            "settled_at",
            "state",
            "vehicle_id",
        ],
        "dealer.quality.check": ["order_id", "stage", "state"],
        "dealer.rework": ["check_id", "job_id", "kind", "state"],
        "dealer.vehicle": ["model_id"],
        "fleet.vehicle.model": ["brand_id"],
        "sale.order": ["currency_rate"],
        "sale.order.line": [
            "dealer_line_id",
            "order_id",
            "price_subtotal",
            "product_uom_qty",
        ],
        "stock.move": ["sale_line_id", "state", "value"],
    }

    @property
    def _table_query(self):
        """Return the rows."""
        return SQL("%s %s", self._get_select(), self._get_from())

    def _get_select(self):
        """Return the columns: what to group by, sums, and empty quotients."""
        return SQL(
            "SELECT %s, %s, %s, %s",
            self._get_dimensions(),
            self._get_visit_sums(),
            self._get_job_sums(),
            self._get_quotients(),
        )

    def _get_dimensions(self):
        """Return the columns to group by. A visit without job has a negative id."""
        return SQL(
            """
            COALESCE(j.id, -o.id) AS id, o.id AS order_id, j.id AS job_id,
            o.company_id, c.currency_id, o.vehicle_id, v.model_id, m.brand_id,
            o.partner_id, o.advisor_id, j.main_technician_id AS technician_id,
            j.category_id, cat.statutory_class, j.payer, j.origin,
            j.state AS job_state, o.state AS order_state,
            o.arrived_at, o.settled_at, o.delivered_at
            """
        )

    def _get_visit_sums(self):
        """Return what counts visits, each row with its share of the visit."""
        share = SQL("1.0 / COALESCE(parts.jobs, 1)")

        def count(condition):
            return SQL("CASE WHEN %s THEN %s ELSE 0 END", condition, share)

        return SQL(
            """
            CASE WHEN %(present)s THEN o.vehicle_id END AS vehicles,
            %(visits)s AS visits, %(settled)s AS settled_visits,
            %(delivered)s AS delivered_visits, %(on_time)s AS on_time_visits,
            %(same_day)s AS same_day_visits, %(comebacks)s AS comeback_visits,
            %(fixed)s AS fixed_visits,
            CASE WHEN o.settled_at IS NOT NULL
                 THEN COALESCE(inv.residual, 0) * %(share)s ELSE 0 END AS arrears
            """,
            present=SQL("o.state NOT IN %s", ABSENT_STATES),
            share=share,
            visits=count(SQL("o.state NOT IN %s", ABSENT_STATES)),
            settled=count(SQL("o.settled_at IS NOT NULL")),
            delivered=count(SQL("o.delivered_at IS NOT NULL")),
            on_time=count(SQL("o.delivered_at <= o.first_promised_at")),
            same_day=count(
                SQL(
                    "%s = %s",
                    self._get_day("delivered_at"),
                    self._get_day("arrived_at"),
                )
            ),
            comebacks=count(
                SQL("back.order_id IS NOT NULL AND o.state NOT IN %s", ABSENT_STATES)
            ),
            fixed=count(
                SQL(
                    "o.delivered_at IS NOT NULL AND (again.first_at IS NULL OR"
                    " again.first_at > o.delivered_at + %s * interval '1 day')",
                    FIX_DAYS,
                )
            ),
        )

    def _get_day(self, column):
        """Return the day of a visit's time, by the clock of the store."""
        return self.env["res.company"]._dealer_date_sql(
            SQL.identifier("o", column), SQL("store.tz")
        )

    def _get_job_sums(self):
        """Return what belongs to one job: hours, amounts, checks, add-ons."""
        approved = SQL("j.state IN %s", tuple(sorted(JOB_APPROVED_STATES)))
        kinds = SQL(", ").join(
            SQL(
                "%s AS %s",
                self._get_money(approved, kind),
                SQL.identifier(f"amount_{kind}"),
            )
            for kind, _label in LINE_KINDS
        )
        return SQL(
            """
            CASE WHEN j.id IS NULL THEN 0 ELSE 1 END AS jobs,
            CASE WHEN %(approved)s AND (failed.job_id IS NOT NULL OR
                      final.order_id IS NOT NULL AND j.state IN %(checked)s)
                 THEN 1 ELSE 0 END AS checked_jobs,
            CASE WHEN %(approved)s AND failed.job_id IS NOT NULL
                 THEN 1 ELSE 0 END AS reworked_jobs,
            CASE WHEN j.origin = 'addon' AND j.state IN %(answered)s
                 THEN 1 ELSE 0 END AS addons_offered,
            CASE WHEN j.origin = 'addon' AND %(approved)s
                 THEN 1 ELSE 0 END AS addons_accepted,
            CASE WHEN %(approved)s THEN COALESCE(j.billed_hours, 0)
                 ELSE 0 END AS billed_hours,
            COALESCE(j.clocked_hours, 0) AS clocked_hours,
            %(amount)s AS amount, %(kinds)s,
            CASE WHEN o.settled_at IS NOT NULL THEN %(amount)s
                 ELSE 0 END AS settled_amount,
            COALESCE(moves.value, 0) AS cost,
            %(amount)s - COALESCE(moves.value, 0) AS margin
            """,
            approved=approved,
            checked=CHECKED_STATES,
            answered=tuple(sorted(ANSWERED_STATES)),
            amount=self._get_money(approved, "total"),
            kinds=kinds,
        )

    def _get_money(self, approved, column):
        """Return a sum of an approved job's lines in the store's currency."""
        return SQL(
            "CASE WHEN %s THEN COALESCE(%s, 0) / %s ELSE 0 END",
            approved,
            SQL.identifier("l", column),
            SQL("COALESCE(NULLIF(so.rate, 0), 1)"),
        )

    def _get_quotients(self):
        """Return empty columns: a single row has no quotient, groups have."""
        return SQL(", ").join(
            SQL("NULL::float8 AS %s", SQL.identifier(name)) for name in self._ratios
        )

    def _get_from(self):
        """Return the visits with their jobs and the sums of each."""
        return SQL(
            """
            FROM dealer_repair_order o
            JOIN res_company c ON c.id = o.company_id
            JOIN (%(zones)s) store ON store.company_id = o.company_id
            JOIN dealer_vehicle v ON v.id = o.vehicle_id
            LEFT JOIN fleet_vehicle_model m ON m.id = v.model_id
            LEFT JOIN dealer_repair_job j ON j.order_id = o.id
            LEFT JOIN dealer_repair_category cat ON cat.id = j.category_id
            %(job_sums)s %(visit_sums)s
            """,
            zones=self.env["res.company"]._dealer_zones_sql(),
            job_sums=self._get_joined_job_sums(),
            visit_sums=self._get_joined_visit_sums(),
        )

    def _get_joined_job_sums(self):
        """Return the joins with one row per job.

        ``l``, ``so``, ``moves`` and ``failed`` (sent back by a final check).
        """
        kinds = SQL(", ").join(
            SQL(
                "SUM(amount) FILTER (WHERE kind = %s) AS %s",
                kind,
                SQL.identifier(kind),
            )
            for kind, _label in LINE_KINDS
        )
        return SQL(
            """
            LEFT JOIN (
                SELECT job_id, SUM(amount) AS total, %(kinds)s
                  FROM (%(lines)s) line GROUP BY job_id
            ) l ON l.job_id = j.id
            LEFT JOIN (
                SELECT line.job_id, MAX(sale.currency_rate) AS rate
                  FROM sale_order_line sold
                  JOIN dealer_repair_line line ON line.id = sold.dealer_line_id
                  JOIN sale_order sale ON sale.id = sold.order_id
                 GROUP BY line.job_id
            ) so ON so.job_id = j.id
            LEFT JOIN (
                SELECT line.job_id, SUM(ABS(move.value) * CASE
                           WHEN target.usage = 'customer' THEN 1 ELSE -1 END) AS value
                  FROM stock_move move
                  JOIN stock_location target ON target.id = move.location_dest_id
                  JOIN sale_order_line sold ON sold.id = move.sale_line_id
                  JOIN dealer_repair_line line ON line.id = sold.dealer_line_id
                 WHERE move.state = 'done'
                 GROUP BY line.job_id
            ) moves ON moves.job_id = j.id
            LEFT JOIN (
                SELECT rework.job_id
                  FROM dealer_rework rework
                  JOIN dealer_quality_check sheet ON sheet.id = rework.check_id
                 WHERE rework.kind = 'internal' AND rework.state != 'cancelled'
                   AND sheet.stage = 'final'
                 GROUP BY rework.job_id
            ) failed ON failed.job_id = j.id
            """,
            kinds=kinds,
            lines=self._get_line_query(),
        )

    def _get_line_query(self):
        """Return the lines with what they bring in: a part that came back, nothing.

        Price and approval of a line stay as signed; its sale line has the same price
        and less of it once a part came back, as on invoice and settlement list.
        """
        return SQL(
            """
            SELECT line.job_id, line.kind,
                   CASE WHEN sold.quantity < line.quantity THEN sold.amount
                        ELSE line.price_subtotal END AS amount
              FROM dealer_repair_line line
              LEFT JOIN (
                SELECT dealer_line_id, SUM(product_uom_qty) AS quantity,
                       SUM(price_subtotal) AS amount
                  FROM sale_order_line
                 WHERE dealer_line_id IS NOT NULL
                 GROUP BY dealer_line_id
              ) sold ON sold.dealer_line_id = line.id
            """
        )

    def _get_joined_visit_sums(self):
        """Return the joins with one row per visit.

        ``parts``, ``inv``, ``final`` (it had a final check), ``back`` (it is a
        come-back) and ``again`` (when the first come-back of it arrived).
        """
        return SQL(
            """
            LEFT JOIN (
                SELECT order_id, COUNT(*) AS jobs
                  FROM dealer_repair_job GROUP BY order_id
            ) parts ON parts.order_id = o.id
            LEFT JOIN (
                SELECT dealer_order_id, SUM(amount_residual_signed) AS residual
                  FROM account_move
                 WHERE state = 'posted' AND dealer_order_id IS NOT NULL
                 GROUP BY dealer_order_id
            ) inv ON inv.dealer_order_id = o.id
            LEFT JOIN (
                SELECT order_id FROM dealer_quality_check
                 WHERE stage = 'final' AND state = 'done' GROUP BY order_id
            ) final ON final.order_id = o.id
            LEFT JOIN (
                SELECT order_id FROM dealer_repair_job
                 WHERE guarantee_id IS NOT NULL GROUP BY order_id
            ) back ON back.order_id = o.id
            LEFT JOIN (
                SELECT given.order_id, MIN(visit.arrived_at) AS first_at
                  FROM dealer_repair_job job
                  JOIN dealer_guarantee given ON given.id = job.guarantee_id
                  JOIN dealer_repair_order visit ON visit.id = job.order_id
                 WHERE visit.state NOT IN %s
                 GROUP BY given.order_id
            ) again ON again.order_id = o.id
            """,
            ABSENT_STATES,
        )
