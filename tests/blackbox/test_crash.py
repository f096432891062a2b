"""The server dies while clerks settle: each visit is settled wholly or not at all."""

import http.client
import os
import threading
import time

import pytest

from tests.blackbox.shop import ORDER, Shop
from tests.rpc import RpcError
from tools import databases, odoo_server, templates

VISITS = 4
# Seconds of settling before the power fails.
MOMENTS = (0.15, 0.5)


@pytest.fixture
def database():
    """Give the name of a fresh copy of the demo group."""
    name = f"test_crash_{os.getpid()}"
    templates.clone(name, "demo")
    yield name
    databases.drop(name)


def settle_all(shop, visits):
    """Settle visits one after the other until the server is gone."""
    till = shop.find_till()
    for visit in visits:
        amount = shop.read(visit, "amount_total")["amount_total"]
        payments = [{"amount": amount, "journal_id": till}]
        try:
            shop.call("settlement1", visit, "pay_and_settle", payments)
        except RpcError:
            continue  # Settled before the last crash.
        except (OSError, http.client.HTTPException):
            return


def traces(shop, visit):
    """Return state and open balance of a visit, and how many papers it has."""
    order = shop.read(visit, "state", "amount_due", "amount_deposit")
    mine = [("dealer_order_id", "=", visit)]
    papers = [shop.admin.count(m, mine) for m in ("account.move", "account.payment")]
    for model in ("release.note", "settlement.list", "compliance.record"):
        papers.append(shop.admin.count(f"dealer.{model}", [("order_id", "=", visit)]))
    return order["state"], order["amount_due"], order["amount_deposit"], papers


def unbalanced_moves(shop):
    """Return the journal entries whose items do not sum to zero."""
    fields = ("move_id", "balance")
    sums = {}
    for row in shop.admin.search_read("account.move.line", [], *fields):
        sums[row["move_id"][0]] = sums.get(row["move_id"][0], 0) + row["balance"]
    return [move for move, total in sums.items() if abs(total) > 0.001]


def test_a_visit_is_settled_wholly_or_not_at_all(database):
    done, untouched = ("settled", 0, 0, [1, 1, 1, 1, 1]), ("ready", 0, 0, [0] * 5)
    with odoo_server.serve(database) as server:
        shop = Shop(server)
        visits = [shop.open_visit("ready") for _number in range(VISITS)]
    for moment in MOMENTS:
        with odoo_server.serve(database) as server:
            shop = Shop(server)
            shop.user("settlement1").search(ORDER, [], limit=1)
            worker = threading.Thread(target=settle_all, args=(shop, visits))
            worker.start()
            time.sleep(moment)
            server.kill()
            worker.join(60)
        with odoo_server.serve(database) as server:
            found = [traces(Shop(server), visit) for visit in visits]
        assert all(trace in (done, untouched) for trace in found), found
    with odoo_server.serve(database) as server:
        shop = Shop(server)
        rest = [visit for visit in visits if traces(shop, visit) == untouched]
        settle_all(shop, rest)
        assert [traces(shop, visit) for visit in visits] == [done] * VISITS
        assert unbalanced_moves(shop) == []
