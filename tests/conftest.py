"""Servers for the black-box tests, each on its own copy of a template database."""

import contextlib
import os

import pytest

from tests.rpc import Client
from tools import databases, odoo_server, templates


@contextlib.contextmanager
def _server_on(kind):
    """Give a server on a fresh copy of a template; a warning in its log is an error."""
    database = f"test_{kind}_{os.getpid()}"
    templates.clone(database, kind)
    try:
        with odoo_server.serve(database) as server:
            yield server
        problems = server.problems()
        assert not problems, "\n".join(["the server logged:", *problems[:20]])
    finally:
        databases.drop(database)


@pytest.fixture(scope="module", name="odoo_server")
def fixture_odoo_server():
    """Start a server on our addons without demo data."""
    with _server_on("tpl") as server:
        yield server


@pytest.fixture(scope="module")
def demo_server():
    """Start a server on our addons with their demo data."""
    with _server_on("demo") as server:
        yield server


@pytest.fixture(scope="module")
def admin(odoo_server):
    """Return the administrator of `odoo_server`."""
    return Client(odoo_server.url, odoo_server.database)


@pytest.fixture(scope="module")
def demo_admin(demo_server):
    """Return the administrator of `demo_server`."""
    return Client(demo_server.url, demo_server.database)
