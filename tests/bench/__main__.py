"""Print the table of ratios: ``make bench``, or of some: ``... board dispatch``."""

import sys

import odoo
from odoo.modules.registry import Registry
from odoo.tools import config

from tests.bench import board, dispatch, lists, reception, report, visit
from tools import databases, templates, timings

DATABASE = "bench"


def _open(database):
    """Return an environment on a clone of the demo group."""
    config.parse_config(["-d", database, "--no-http"])
    registry = Registry(database)
    return odoo.api.Environment(registry.cursor(), odoo.SUPERUSER_ID, {})


def main():
    """Run every benchmark on its own rolled-back transaction; print the rows.

    The reception desk comes last: it fills the clone for good.
    """
    templates.clone(DATABASE, "demo")
    try:
        env = _open(DATABASE)
        print(f"{'what':58} {'core':>9} {'ours':>9} {'ratio':>6} {'goal':>5}")
        wanted = sys.argv[1:]
        for bench in (visit, lists, board, dispatch, report, reception):
            if wanted and bench.__name__.rpartition(".")[2] not in wanted:
                continue
            for what, core, ours, ratio, goal in bench.run(env):
                print(f"{what:58} {core:9.3f} {ours:9.3f} {ratio:6.2f} {goal:5.2f}")
            env.transaction.clear()
            env.cr.rollback()
        env.cr.close()
        odoo.sql_db.close_db(DATABASE)
    finally:
        databases.drop(DATABASE)
    _report_timings()


def _report_timings():
    """Print how long the last starts and the last test run took here."""
    for what, seconds in timings.read().items():
        print(f"{what:58} {'':9} {seconds:8.1f}s")


if __name__ == "__main__":
    main()
