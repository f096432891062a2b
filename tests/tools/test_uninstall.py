"""Taken off again, the service addon leaves a database as Odoo made it."""

import contextlib
import os

import psycopg2
import pytest

from tests.blackbox.shop import postgres_address
from tools import common, databases, templates

UNINSTALL = """
env["stock.location"].create({"name": "Defective parts", "usage": "internal"})
env.cr.commit()
env["ir.module.module"].search(
    [("name", "=", "dealer_service")]
).button_immediate_uninstall()
"""
LEFTOVERS = {
    "functions": "SELECT proname FROM pg_proc WHERE proname LIKE 'dealer%'",
    "triggers": "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'dealer%'",
    "tables": "SELECT tablename FROM pg_tables WHERE tablename LIKE 'dealer%'"
    " AND tablename NOT LIKE 'dealer_probation%'",
    "sequences": "SELECT name FROM ir_sequence WHERE code LIKE 'dealer.%'"
    " AND code NOT LIKE 'dealer.probation%'",
    "shelves": "SELECT name::text FROM stock_location WHERE name = 'Defective parts'",
    "columns": "SELECT table_name || '.' || column_name"
    " FROM information_schema.columns WHERE column_name LIKE 'dealer\\_%'"
    # What is left of another addon still has its field.
    " AND column_name NOT IN (SELECT name FROM ir_model_fields)",
    "external ids": "SELECT name FROM ir_model_data WHERE module = 'dealer_service'",
}


@pytest.fixture(scope="module", name="cursor")
def fixture_cursor():
    """Uninstall on a copy of the template; return a cursor on what is left."""
    database = f"test_uninstall_{os.getpid()}"
    templates.clone(database, "tpl")
    try:
        log = common.LOGS / "uninstall.log"
        templates.odoo(log, "shell", "-d", database, "--no-http", script=UNINSTALL)
        connection = psycopg2.connect(dbname=database, **postgres_address())
        with contextlib.closing(connection), connection.cursor() as cursor:
            yield cursor
    finally:
        databases.drop(database)


@pytest.mark.parametrize("kind", LEFTOVERS)
def test_nothing_stays_behind(cursor, kind):
    cursor.execute(LEFTOVERS[kind])
    assert not [row[0] for row in cursor.fetchall()]
