"""The server dies while people settle, plan and clock: all of a step, or nothing."""

import contextlib
import datetime
import http.client
import os
import threading
import time

import pytest

from tests.blackbox.shop import JOB, ORDER, Shop
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


# === DISPATCH === #

FIRST = datetime.datetime(2031, 3, 3, 1)
SLOTS = 400


def plan_all(shop, jobs, workers, bays, server_gone):
    """Move jobs over the plan, each time with another helper, until the server is gone.

    A call that the dying server did not answer may have been done or not.
    """
    for number in range(SLOTS):
        if server_gone.is_set():
            return
        job = jobs[number % len(jobs)]
        start = FIRST + datetime.timedelta(hours=2 * (number % 7), days=number // 7)
        main, helper = number % len(workers), (number + 1) % len(workers)
        plan = {
            "bay_id": bays[number % len(bays)],
            "technician_id": workers[main],
            "start": start.strftime("%Y-%m-%d %H:%M:%S"),
            "hours": 1,
            "overtime": True,
            "helpers": [{"employee_id": workers[helper], "share": 30}],
        }
        try:
            shop.user("dispatcher1").call(JOB, "action_plan", [job], **plan)
        except RpcError:
            continue  # Somebody else has the place.
        except (OSError, http.client.HTTPException):
            return


def clock_all(shop, login, jobs, server_gone):
    """Start and pause clocks until the server is gone."""
    for number in range(SLOTS):
        if server_gone.is_set():
            return
        job = [jobs[number % len(jobs)]]
        try:
            shop.user(login).call(JOB, "action_clock_in", job)
            shop.user(login).call(JOB, "action_clock_out", job, "break")
        except RpcError:
            continue  # The clock still runs from before the last crash.
        except (OSError, http.client.HTTPException):
            return


def assert_plans_are_whole(shop, jobs):
    """Each job has its bay, technician and helper reserved, or nothing at all."""
    fields = ("bay_id", "main_technician_id", "planned_start", "planned_stop")
    for job in shop.admin.read(JOB, jobs, *fields):
        mine = [("job_id", "=", job["id"])]
        slots = shop.admin.search_read(
            "dealer.reservation", mine, "bay_id", "employee_id", "start", "stop"
        )
        helpers = shop.admin.search_read("dealer.job.share", mine, "employee_id")
        if not job["planned_start"]:
            assert not slots, (job, slots)
            continue
        spans = {(slot["start"], slot["stop"]) for slot in slots}
        assert spans == {(job["planned_start"], job["planned_stop"])}, (job, slots)
        people = [slot["employee_id"][0] for slot in slots if slot["employee_id"]]
        wanted = [job["main_technician_id"][0]]
        wanted += [share["employee_id"][0] for share in helpers]
        assert sorted(people) == sorted(wanted), (job, slots, helpers)
        bays = [slot["bay_id"][0] for slot in slots if slot["bay_id"]]
        assert bays == [job["bay_id"][0]], (job, slots)


def assert_clocks_are_whole(shop, jobs):
    """A job is in progress if and only if a clock runs; hours are what was clocked."""
    fields = ("state", "clocked_hours", "pause_reason")
    running = []
    for job in shop.admin.read(JOB, jobs, *fields):
        logs = shop.admin.search_read(
            "dealer.work.log",
            [("job_id", "=", job["id"])],
            "employee_id",
            "stop",
            "hours",
        )
        open_logs = [log for log in logs if not log["stop"]]
        running += [log["employee_id"][0] for log in open_logs]
        hours = sum(log["hours"] for log in logs)
        assert abs(hours - job["clocked_hours"]) < 1e-6, (job, logs)
        states = {"in_progress"} if open_logs else {"approved", "paused"}
        assert job["state"] in states, (job, logs)
        assert bool(job["pause_reason"]) is (job["state"] == "paused"), job
    assert len(running) == len(set(running)), "one clock per technician"


def test_plans_and_clocks_are_whole_after_a_crash(database):
    with odoo_server.serve(database) as server:
        shop = Shop(server)
        visits = [shop.open_visit("in_progress") for _number in range(VISITS)]
        jobs = [shop.jobs(visit)[0] for visit in visits]
        bays = [shop.ref(f"demo_bay_main_lift{number}") for number in (1, 2, 3)]
        workers = [shop.ref(f"demo_employee_tech{number}") for number in (1, 2, 3)]
    for moment in MOMENTS:
        with odoo_server.serve(database) as server:
            gone = threading.Event()
            plans = [(Shop(server), jobs[:2]), (Shop(server), jobs[2:])]
            clocks = [("tech1", jobs[:2]), ("tech2", jobs[2:])]
            work = [
                threading.Thread(target=plan_all, args=(*plan, workers, bays, gone))
                for plan in plans
            ] + [
                threading.Thread(target=clock_all, args=(Shop(server), *clock, gone))
                for clock in clocks
            ]
            for worker in work:
                worker.start()
            # The first calls load the models; then the power fails in their midst.
            time.sleep(2 + moment)
            server.kill()
            gone.set()
            for worker in work:
                worker.join(60)
        with odoo_server.serve(database) as server:
            shop = Shop(server)
            assert_plans_are_whole(shop, jobs)
            assert_clocks_are_whole(shop, jobs)
    with odoo_server.serve(database) as server:
        shop = Shop(server)
        # Everybody goes on where he was.
        for login, mine in (("tech1", jobs[:2]), ("tech2", jobs[2:])):
            for job in mine:
                with contextlib.suppress(RpcError):
                    shop.user(login).call(JOB, "action_clock_out", [job], "break")
            shop.user(login).call(JOB, "action_clock_in", [mine[0]])
        shop.user("dispatcher1").call(JOB, "action_unplan", jobs)
        assert_plans_are_whole(shop, jobs)
        assert_clocks_are_whole(shop, jobs)
