"""Lists and forms of many repair orders: the number of queries must not grow."""

import time

from odoo import fields
from odoo.tools import SQL

ROWS = 10_000
LIST_FIELDS = {
    "name": {},
    "license_plate": {},
    "model_id": {"fields": {"display_name": {}}},
    "partner_id": {"fields": {"display_name": {}}},
    "advisor_id": {"fields": {"display_name": {}}},
    "arrived_at": {},
    "promised_at": {},
    "currency_id": {"fields": {"display_name": {}}},
    "amount_total": {},
    "amount_due": {},
    "state": {},
}


def _fill(env, company):
    """Put delivered visits into the table, as a year of work would."""
    cr = env.cr
    vehicle = env["dealer.vehicle"].create({"vin": "LGBH52E06NY123456"}).id
    env.flush_all()
    for sheet in ("intake", "diagnosis", "delivery"):
        cr.execute(
            SQL(
                "INSERT INTO %s (create_date, %s) "
                "SELECT now(), %s FROM generate_series(1, %s)",
                SQL.identifier(f"dealer_{sheet}"),
                SQL.identifier(f"{sheet}_company_id"),
                company.id,
                ROWS,
            )
        )
    cr.execute(
        """
        WITH i AS (SELECT id, row_number() OVER (ORDER BY id DESC) n FROM dealer_intake
                   ORDER BY id DESC LIMIT %(rows)s),
             d AS (SELECT id, row_number() OVER (ORDER BY id DESC) n
                   FROM dealer_diagnosis ORDER BY id DESC LIMIT %(rows)s),
             v AS (SELECT id, row_number() OVER (ORDER BY id DESC) n
                   FROM dealer_delivery ORDER BY id DESC LIMIT %(rows)s)
        INSERT INTO dealer_repair_order (name, company_id, vehicle_id, partner_id,
            advisor_id, sender_name, state, arrived_at, intake_id, diagnosis_id,
            delivery_id, create_date)
        SELECT 'BENCH/' || i.n, %(company)s, %(vehicle)s, %(partner)s, %(advisor)s, 'x',
               'delivered', %(now)s::timestamp - i.n * interval '1 hour',
               i.id, d.id, v.id, now()
          FROM i JOIN d USING (n) JOIN v USING (n)
        """,
        {
            "rows": ROWS,
            "company": company.id,
            "vehicle": vehicle,
            "partner": company.partner_id.id,
            "advisor": env.ref("dealer_service.demo_user_advisor1").id,
            "now": fields.Datetime.now(),
        },
    )
    cr.execute("ANALYZE dealer_repair_order")
    env.invalidate_all()


def _count(env, limit):
    """Return seconds and queries of one page of the list."""
    Order = env["dealer.repair.order"]
    env.invalidate_all()
    queries, start = env.cr.sql_log_count, time.perf_counter()
    page = Order.web_search_read([], LIST_FIELDS, limit=limit)
    if len(page["records"]) != limit or page["length"] < ROWS:
        raise RuntimeError("the list does not show the visits it should")
    return time.perf_counter() - start, env.cr.sql_log_count - queries


def run(env):
    """Compare a page of 10 rows with one of 80, over ten thousand visits."""
    advisor = env.ref("dealer_service.demo_user_advisor1")
    company = advisor.company_id
    _fill(env, company)
    env = env(user=advisor, context={"allowed_company_ids": company.ids})
    _count(env, 10)
    _seconds, few = _count(env, 10)
    _seconds, many = _count(env, 80)
    Order = env["dealer.repair.order"]
    order = Order.search([], limit=1)
    spec = {name: {} for name in ("name", "state", "missing", "mileage", "amount_due")}
    env.invalidate_all()
    before = env.cr.sql_log_count
    order.web_read(spec)
    form = env.cr.sql_log_count - before
    return [
        (
            "list of 10 000 visits, queries: 80 rows against 10",
            few,
            many,
            many / few,
            1,
        ),
        ("form among 10 000 visits: queries", form, form, 1.0, 1),
    ]
