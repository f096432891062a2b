"""The reception desk among a million cars: one word typed, the car on the screen.

What counts is the ratio against the statement that a person would write by hand who
knows that the word is a plate, a VIN, a telephone number or a name.
"""

import statistics
import time

from odoo.tools import SQL

CARS = 1_000_000
ROUNDS = 9
# Seconds within which the desk answers.
LIMIT = 0.1
VIN = "LGBH52E06NY123456"

BY_HAND = """
    SELECT v.id, v.license_plate, v.vin, p.name, p.phone
      FROM dealer_vehicle v LEFT JOIN res_partner p ON p.id = v.owner_id
     WHERE {} LIMIT 8
"""
# What is typed for car number n, and the condition of the statement by hand.
SEARCHES = [
    ("plate", "京{n:06X}", "v.license_plate = '{typed}'"),
    (
        "tail of the plate",
        "{n:06X}",
        "reverse(v.license_plate) LIKE reverse('%{typed}')",
    ),
    ("tail of the VIN", "Z{n:07}", "reverse(v.vin) LIKE reverse('%{typed}')"),
    ("telephone", "139{n:08}", "p.id = {owner} + {n}"),
    ("name", "客户{n:07}", "lower(p.name) LIKE '{typed}%'"),
]


def _fill(env):
    """Write a million cars with an owner each; return the id before the first owner.

    Each row is a copy of one that the addon wrote, so that no column is forgotten.
    """
    cr = env.cr
    owner = env["res.partner"].create({"name": "客户", "phone": "139"})
    model = env["fleet.vehicle.model"].search([], limit=1)
    vehicle = env["dealer.vehicle"].create({"vin": VIN, "model_id": model.id})
    env.flush_all()
    indexes = _drop_indexes(cr)
    params = {"cars": CARS, "owner": owner.id, "vehicle": vehicle.id}
    cr.execute(
        """
        INSERT INTO res_partner
        SELECT copy.*
          FROM generate_series(1, %(cars)s) n, res_partner p,
               jsonb_populate_record(p, jsonb_build_object(
                   'id', %(owner)s + n,
                   'name', '客户' || lpad(n::text, 7, '0'),
                   'phone', '139 ' || lpad((n / 10000)::text, 4, '0') || '-'
                            || lpad((n %% 10000)::text, 4, '0'))) copy
         WHERE p.id = %(owner)s
        """,
        params,
    )
    cr.execute(
        """
        INSERT INTO dealer_vehicle
        SELECT copy.*
          FROM generate_series(1, %(cars)s) n, dealer_vehicle v,
               jsonb_populate_record(v, jsonb_build_object(
                   'id', %(vehicle)s + n,
                   'owner_id', %(owner)s + n,
                   'vin', 'LSVNU2180Z' || lpad(n::text, 7, '0'),
                   'license_plate', '京' || lpad(upper(to_hex(n)), 6, '0'),
                   'bag_no', 'X' || n)) copy
         WHERE v.id = %(vehicle)s
        """,
        params,
    )
    for index in indexes:
        cr.execute(index)
    # Within the transaction that builds an index PostgreSQL may not use it yet. The
    # database is dropped afterwards, so nothing is lost.
    cr.commit()
    cr.execute("ANALYZE res_partner; ANALYZE dealer_vehicle")
    return owner.id


def _drop_indexes(cr):
    """Drop the indexes of both tables; return the statements that make them again."""
    cr.execute(
        """
        SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
          FROM pg_index
         WHERE indrelid IN ('res_partner'::regclass, 'dealer_vehicle'::regclass)
           AND NOT EXISTS (SELECT 1 FROM pg_constraint
                            WHERE conindid = indexrelid)
        """
    )
    indexes = cr.fetchall()
    for name, _definition in indexes:
        cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
    return [definition for _name, definition in indexes]


def _median(function, numbers):
    """Return the median seconds of a function over some cars."""
    times = []
    for number in numbers:
        start = time.perf_counter()
        function(number)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def _compare(env, owner, typed, condition):
    """Return the median seconds of the statement by hand and of the desk."""
    cr = env.cr
    vehicles = env["dealer.vehicle"]

    def by_hand(number):
        word = typed.format(n=number)
        cr.execute(BY_HAND.format(condition.format(typed=word, owner=owner, n=number)))
        return cr.fetchall()

    def at_the_desk(number):
        env.invalidate_all()
        found = vehicles.reception_search(typed.format(n=number))
        if f"客户{number:07}" not in [line["owner"] for line in found]:
            raise RuntimeError(f"{typed.format(n=number)} is not found at the desk")
        return found

    numbers = [12345 + 98765 * step for step in range(ROUNDS)]
    for function in (by_hand, at_the_desk):
        _median(function, numbers[:3])
    return _median(by_hand, numbers), _median(at_the_desk, numbers)


def run(env):
    """Measure each way to find one car among a million; in milliseconds."""
    owner = _fill(env)
    advisor = env.ref("dealer_service.demo_user_advisor1")
    env = env(user=advisor, context={"allowed_company_ids": advisor.company_id.ids})
    rows = []
    for name, typed, condition in SEARCHES:
        hand, desk = _compare(env, owner, typed, condition)
        goal = LIMIT / hand
        rows.append(
            (
                f"one of {CARS:,} cars by {name}: ms",
                hand * 1e3,
                desk * 1e3,
                desk / hand,
                goal,
            )
        )
    return rows
