"""The repair analysis over a million jobs against the same GROUP BY written by hand."""

import statistics
import time

from odoo.tools import SQL

VISITS = 400_000
JOBS = 1_000_000
PAIRS = 5
MEASURES = ["visits:sum", "amount:sum", "billed_hours:sum", "efficiency:avg"]
BY_HAND = """
    SELECT job.category_id,
           SUM(CASE WHEN visit.state NOT IN ('booked', 'cancelled')
               THEN 1.0 / parts.jobs ELSE 0 END),
           SUM(lines.total), SUM(job.billed_hours),
           SUM(job.billed_hours) / NULLIF(SUM(job.clocked_hours), 0)
      FROM dealer_repair_job job
      JOIN dealer_repair_order visit ON visit.id = job.order_id
      JOIN (SELECT order_id, COUNT(*) AS jobs FROM dealer_repair_job GROUP BY order_id)
           parts ON parts.order_id = visit.id
      LEFT JOIN (SELECT job_id, SUM(price_subtotal) AS total FROM dealer_repair_line
                  GROUP BY job_id) lines ON lines.job_id = job.id
     WHERE visit.company_id IN %s
     GROUP BY job.category_id
"""


def _fill(env, company):
    """Put a decade of work of one store into the tables."""
    products = env["product.product"].search([("dealer_kind", "!=", False)], limit=2)
    sheets = {
        f"{name}_id": env[f"dealer.{name}"].sudo().search([], limit=1).id
        or env[f"dealer.{name}"].sudo().create({}).id
        for name in ("intake", "diagnosis", "delivery")
    }
    values = {
        "company": company.id,
        "partner": company.partner_id.id,
        "advisor": env.ref("dealer_service.demo_user_advisor1").id,
        "vehicle": env["dealer.vehicle"].create({"vin": "LGBH52E06NY123456"}).id,
        "labour": products[0].id,
        "part": products[-1].id,
        "categories": env["dealer.repair.category"].search([]).ids,
        "visits": VISITS,
        "jobs": JOBS,
        **sheets,
    }
    env.flush_all()
    cr = env.cr
    cr.execute(
        """
        INSERT INTO dealer_repair_order (name, company_id, vehicle_id, partner_id,
            advisor_id, state, arrived_at, settled_at, delivered_at, first_promised_at,
            intake_id, diagnosis_id, delivery_id)
        SELECT 'BENCH/' || n, %(company)s, %(vehicle)s, %(partner)s, %(advisor)s,
               'delivered', t, t + interval '6 hours', t + interval '7 hours',
               t + interval '8 hours', %(intake_id)s, %(diagnosis_id)s, %(delivery_id)s
          FROM (SELECT n, timestamp '2026-03-01' - n * interval '12 minutes' AS t
                  FROM generate_series(1, %(visits)s) n) AS moments
        """,
        values,
    )
    cr.execute(
        """
        WITH visit AS (
            SELECT id, row_number() OVER (ORDER BY id) AS n FROM dealer_repair_order
             WHERE name LIKE 'BENCH/%%')
        INSERT INTO dealer_repair_job (order_id, company_id, vehicle_id, name, state,
            payer, origin, revision, category_id, billed_hours, clocked_hours)
        SELECT visit.id, %(company)s, %(vehicle)s, 'x', 'done', 'customer', 'estimate',
               1, (%(categories)s)[1 + j %% array_length(%(categories)s, 1)],
               1 + j %% 3, 1 + j %% 2
          FROM generate_series(1, %(jobs)s) j
          JOIN visit ON visit.n = 1 + j %% %(visits)s
        """,
        values,
    )
    cr.execute(
        """
        INSERT INTO dealer_repair_line (job_id, company_id, product_id, kind, name,
            quantity, price_subtotal, price_total)
        SELECT job.id, %(company)s, product.id, product.kind, 'x', 1, 100, 113
          FROM dealer_repair_job job,
               (VALUES (%(labour)s, 'labour'), (%(part)s, 'part')) product(id, kind)
         WHERE job.name = 'x'
        """,
        values,
    )
    for table in ("order", "job", "line"):
        cr.execute(SQL("ANALYZE %s", SQL.identifier(f"dealer_repair_{table}")))
    env.invalidate_all()


def _measure(function):
    start = time.perf_counter()
    rows = function()
    return time.perf_counter() - start, rows


def run(env):
    """Compare a pivot by category with its hand-written twin, in turn."""
    manager = env.ref("dealer_service.demo_user_manager1")
    company = manager.company_id
    _fill(env, company)
    env = env(user=manager, context={"allowed_company_ids": company.ids})
    report = env["dealer.repair.report"]
    by_hand = SQL(BY_HAND, (company.id,))
    pairs = []
    for _turn in range(PAIRS + 1):
        hand, expected = _measure(lambda: env.execute_query(by_hand))
        ours, rows = _measure(
            lambda: report.formatted_read_group([], ["category_id"], MEASURES)
        )
        if sum(row["visits:sum"] for row in rows) < VISITS - 1 or not expected:
            raise RuntimeError("the analysis does not count the visits it should")
        pairs.append((hand, ours))
    hand, ours = (statistics.median(column) for column in zip(*pairs[1:], strict=True))
    ratio = statistics.median(second / first for first, second in pairs[1:])
    return [("repair analysis of 1 000 000 jobs, s: by hand", hand, ours, ratio, 1.3)]
