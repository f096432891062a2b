"""What people get wrong at the desk: one clear sentence, and nothing changes."""

import pytest

from tests.blackbox.refusals import refuse
from tests.blackbox.shop import JOB, ORDER, SIGNATURE

LINE = "dealer.repair.line"


# === CARS === #


@pytest.mark.parametrize(
    ("vin", "sentence"),
    [
        ("LSVNU2180N201234O", "no VIN contains O"),
        ("LSVNU2180N201234", "it has 16 characters, a VIN has 17"),
        ("LSVNU2180N20123456", "it has 18 characters"),
    ],
)
def test_a_wrong_vin_is_explained(shop, intake, vin, sentence):
    values = {"vin": vin, "plate": "沪C00001"}
    refuse(shop, sentence, "advisor1", "dealer.vehicle", "register", values)
    assert not shop.admin.count("dealer.vehicle", [("vin", "=", vin)])


def test_a_second_file_of_a_car_is_refused(shop, intake):
    car = shop.read(intake, "vin")["vin"]
    args = ("dealer.vehicle", "create", [{"vin": car.lower()}])
    refuse(shop, f"{car} already has a file", "advisor1", *args)
    assert shop.admin.count("dealer.vehicle", [("vin", "=", car)]) == 1


def test_a_plate_in_full_width_characters_is_normalised(shop):
    car = shop.add_car(plate="　京ａ·８８８８８ ")
    assert shop.admin.read("dealer.vehicle", car, "license_plate") == {
        "id": car,
        "license_plate": "京A88888",
    }


@pytest.mark.parametrize("plate", ["HELLO", "京A1234", "京A1I345", "12345", "京AO2345"])
def test_a_nonsense_plate_is_refused(shop, intake, plate):
    car = shop.read(intake, "vehicle_id")["vehicle_id"][0]
    args = ("dealer.vehicle", "set_plate", [car], plate)
    refuse(shop, f"“{plate}” is not a licence plate", "advisor1", *args)


def test_a_plate_of_another_car_is_not_taken_silently(shop, intake, offered):
    plate = shop.read(offered, "license_plate")["license_plate"]
    car = shop.read(intake, "vehicle_id")["vehicle_id"][0]
    args = ("dealer.vehicle", "set_plate", [car], plate)
    refuse(shop, f"Plate {plate} is on the file of", "advisor1", *args)


# === INTAKE AND OFFER === #


def test_a_mileage_that_goes_down_needs_a_reason(shop, offered):
    car = shop.read(offered, "vehicle_id")["vehicle_id"][0]
    owner = shop.read(offered, "partner_id")["partner_id"][0]
    visit = shop.open_visit()
    admin = shop.admin
    admin.create(
        "dealer.odometer",
        vehicle_id=shop.read(visit, "vehicle_id")["vehicle_id"][0],
        value=30001,
    )
    shop.call("advisor1", visit, "sign_intake", "王", SIGNATURE)
    sentence = "30000 km is below the last known 30001 km"
    refuse(shop, sentence, "advisor1", ORDER, "action_start_diagnosis", [visit])
    again = shop.prepare_visit(vehicle_id=car, partner_id=owner)
    sentence = "already in the workshop of"
    refuse(shop, sentence, "advisor1", ORDER, "create", [again])


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"mileage": -1}, "cannot be negative"),
        ({"fuel_percent": 101}, "0 to 100 percent"),
        ({"key_count": -1}, "cannot be negative"),
        ({"sender_name": " "}, "enter the name"),
    ],
)
def test_impossible_intake_values_are_refused(shop, intake, values, sentence):
    refuse(shop, sentence, "advisor1", ORDER, "write", [intake], values)


def test_a_job_without_lines_is_not_offered(shop):
    empty = [(0, 0, shop.prepare_job(line_ids=[]))]
    visit = shop.open_visit("diagnosis", job_ids=empty)
    shop.promise(visit)
    refuse(shop, "add labour or parts", "advisor1", ORDER, "action_offer", [visit])


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"price_unit": -1}, "a price cannot be negative"),
        ({"discount": 101}, "0 to 100 percent"),
        ({"quantity": 0}, "more than zero"),
        ({"quantity": -2}, "more than zero"),
    ],
)
def test_impossible_prices_and_quantities_are_refused(shop, intake, values, sentence):
    line = shop.admin.search(LINE, [("job_id.order_id", "=", intake)])[0]
    refuse(shop, sentence, "advisor1", LINE, "write", [line], values)


def test_an_outdated_revision_is_not_approved(shop):
    visit = shop.open_visit("offered")
    shown = shop.prepare_answers(visit)
    line = shop.admin.search(LINE, [("job_id.order_id", "=", visit)])[0]
    advisor = shop.user("advisor1")
    advisor.write(LINE, [line], quantity=2)
    advisor.call(JOB, "action_offer", shop.jobs(visit))
    refuse(
        shop,
        r"changed after the customer saw it.*revision 2",
        "advisor1",
        ORDER,
        "record_decisions",
        [visit],
        shown,
        "王",
        SIGNATURE,
    )


@pytest.mark.parametrize(
    ("decisions", "sentence"),
    [
        ([], "at least one job"),
        ("yes", "decisions: “yes” cannot be read. Send a list of dictionaries"),
        (["yes"], "Send a dictionary"),
        ([{"job_id": 2**31 - 1, "decision": "approved"}], "does not belong to"),
        ([{"job_id": 1, "decision": "maybe"}], "choose one of"),
    ],
)
def test_decisions_that_make_no_sense_are_refused(shop, offered, decisions, sentence):
    args = ([offered], decisions, "王", SIGNATURE)
    refuse(shop, sentence, "advisor1", ORDER, "record_decisions", *args)


# === WORKSHOP AND HAND-OVER === #


def test_no_clock_starts_on_a_job_that_is_not_approved(shop, accepted):
    job = shop.jobs(accepted, "declined")
    sentence = "is not approved by the customer; no work may start"
    refuse(shop, sentence, "tech1", JOB, "action_clock_in", job)


def test_an_unpaid_car_is_not_delivered(shop, ready):
    sentence = "“Ready”; “Delivered” is not its next step"
    refuse(shop, sentence, "advisor1", ORDER, "action_deliver", [ready])
    sentence = "Self-paid: the invoice is missing"
    refuse(shop, sentence, "settlement1", ORDER, "action_settle", [ready])


@pytest.mark.parametrize(
    ("amount", "payer", "sentence"),
    [
        (10**6, "customer", "is more than the open"),
        (-1, "customer", "more than zero"),
        (1, "insurance", "Nothing is open"),
        (1, "aunt", "choose one of"),
    ],
)
def test_an_impossible_payment_is_refused(shop, ready, amount, payer, sentence):
    shop.call("settlement1", ready, "action_create_invoices")
    args = (ORDER, "register_payment", [ready], amount, shop.find_till(), payer)
    refuse(shop, sentence, "settlement1", *args)
