"""The store and its visits, once for each file of tests."""

import pytest

from tests.blackbox.shop import SIGNATURE, Shop


@pytest.fixture(scope="module")
def shop(demo_server):
    """Return the first demo store on a server of its own."""
    # A constraint that PostgreSQL enforces is logged, and answered with a sentence.
    demo_server.expect_log(r"ERROR \S+ odoo\.sql_db: bad query")
    return Shop(demo_server)


@pytest.fixture(scope="module")
def intake(shop):
    """Return a visit whose intake sheet is complete."""
    return shop.open_visit()


@pytest.fixture(scope="module")
def offered(shop):
    """Return a visit whose job is on offer."""
    return shop.open_visit("offered")


@pytest.fixture(scope="module")
def accepted(shop):
    """Return a visit with one approved and one declined job."""
    jobs = [(0, 0, shop.prepare_job()), (0, 0, shop.prepare_job(name="雨刮"))]
    visit = shop.open_visit("offered", job_ids=jobs)
    answers = shop.prepare_answers(visit)
    answers[1]["decision"] = "declined"
    shop.call("advisor1", visit, "record_decisions", answers, "王", SIGNATURE)
    shop.bring_to(visit, "in_progress")
    return visit


@pytest.fixture(scope="module")
def ready(shop):
    """Return a visit that is ready and not paid."""
    return shop.open_visit("ready")


@pytest.fixture(scope="module")
def sale(shop, accepted):
    """Return the sale order of a visit in the workshop."""
    return shop.admin.search("sale.order", [("dealer_order_id", "=", accepted)])[0]
