"""An estimate is put off once, whoever presses at the same time."""

import datetime

import pytest

from tests.blackbox.shop import ORDER, SIGNATURE
from tests.blackbox.test_concurrency import BROWSERS, count, press

LOGINS = ["advisor1"] * BROWSERS


def _tomorrow(hours):
    moment = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    moment += datetime.timedelta(days=20, hours=hours)
    return moment.strftime("%Y-%m-%d %H:%M:%S")


@pytest.fixture
def estimate(shop):
    """Return a visit whose estimate the customer has not answered."""
    return shop.open_visit("offered")


def test_a_car_that_is_back_gets_one_visit(shop, estimate):
    done, refused = press(shop, LOGINS, ORDER, "convert_to_visit", [estimate])
    assert (len(set(done)), refused) == (1, [])
    assert count(shop, ORDER, ("source_order_id", "=", estimate)) == 1
    assert len(shop.jobs(done[0])) == 1
    assert shop.read(estimate, "state")["state"] == "left"
    assert count(shop, "dealer.vehicle.finding", ("order_id", "=", estimate)) == 1


def test_an_appointment_is_booked_once_though_each_wants_another_time(shop, estimate):
    bay = shop.admin.search(
        "dealer.bay", [("company_id", "=", shop.ref("demo_store_main"))]
    )
    done, refused = press(
        shop,
        LOGINS,
        ORDER,
        "convert_to_appointment",
        [estimate],
        _tomorrow,
        bay[0],
        0.5,
        "王",
        SIGNATURE,
    )
    assert len(done) == 1
    assert all("was taken up already" in sentence for sentence in refused)
    assert count(shop, ORDER, ("source_order_id", "=", estimate)) == 1
    assert count(shop, "dealer.reservation", ("order_id", "=", done[0])) == 1


def test_a_finding_is_offered_again_once(shop, estimate):
    shop.call("advisor1", estimate, "action_leave", "改日")
    finding = shop.admin.search("dealer.vehicle.finding", [("order_id", "=", estimate)])
    vehicle = shop.read(estimate, "vehicle_id")["vehicle_id"][0]
    visit = shop.open_visit("intake", vehicle_id=vehicle, job_ids=[])
    done, refused = press(shop, LOGINS, ORDER, "add_findings", [visit], finding)
    assert refused == []
    assert len({tuple(jobs) for jobs in done}) == 1
    assert len(shop.jobs(visit)) == 1
