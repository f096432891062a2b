"""Calls that no screen makes: wrong types, missing arguments, absurd values.

Each is answered by one sentence that names the argument, and changes nothing.
"""

import pytest

from tests.blackbox.refusals import NOT_FOR_PEOPLE
from tests.blackbox.shop import CHECK, JOB, ORDER, SIGNATURE
from tests.rpc import RpcError

VEHICLE = "dealer.vehicle"
# Values that are nothing of a kind, whatever one makes of them.
WRONG = {
    "text": (5, ["x"], {"a": 1}),
    "flag": ("perhaps", [1], {"a": 1}),
    "number": ("ten", [1], {"a": 1}, 1e300, "nan", True),
    "integer": ("ten", [1], {"a": 1}, 1.5, 1e15, "inf"),
    "date": ("tomorrow", "2026-13-45", 7, ["2026-01-01"], "9999-12-31", "0001-01-01"),
    "moment": ("soon", "2026-02-30 10:00:00", 7, ["x"], "9999-12-31 00:00:00"),
    "id": ("x", ["1"], {"a": 1}, -1, 1e12, 2**31 - 1),
    "ids": ("x", 5, ["x"], [[1]], [2**31 - 1]),
    "rows": ("x", 5, [5], ["x"], {"a": 1}),
    "values": ("x", 5, [1], [{"a": 1}]),
    "payer": (5, ["customer"]),
}
PLAN = {
    "bay_id": "id",
    "technician_id": "id",
    "start": "moment",
    "hours": "number",
    "team_id": "id",
    "overtime": "flag",
}
MONEY = {
    "amount": "number",
    "journal_id": "integer",
    "payer": "payer",
    "partner_id": "id",
}
CALLS = {
    (VEHICLE, "set_plate"): {"plate": "text", "date": "date", "take_over": "flag"},
    (VEHICLE, "set_owner"): {"partner_id": "integer", "date": "date"},
    (VEHICLE, "find_comebacks"): {"concern": "text", "product_ids": "ids"},
    (ORDER, "sign_intake"): {"signer": "text", "signature": "text"},
    (ORDER, "acknowledge_diagnosis"): {"signer": "text"},
    (ORDER, "sign_delivery"): {"signer": "text", "signature": "text"},
    (ORDER, "action_start_work"): {"washed": "flag"},
    (ORDER, "action_leave"): {"reason": "text"},
    (ORDER, "action_cancel"): {"reason": "text"},
    (ORDER, "raise_addon"): {"values": "values"},
    (ORDER, "record_decisions"): {
        "decisions": "rows",
        "signer": "text",
        "signature": "text",
        "channel": "text",
        "remark": "text",
    },
    (ORDER, "treat_as_comeback"): {"guarantee_id": "integer", "concern": "text"},
    (ORDER, "approve_credit"): {"payer": "payer", "due_date": "date", "reason": "text"},
    (ORDER, "register_deposit"): {**MONEY, "memo": "text"},
    (ORDER, "refund_deposit"): {**MONEY, "memo": "text"},
    (ORDER, "register_payment"): MONEY,
    (ORDER, "pay_and_settle"): {"payments": "rows", "settle": "flag"},
    (ORDER, "pay_back"): {"journal_id": "integer", "payer": "payer"},
    (ORDER, "add_packages"): {"package_ids": "ids"},
    (ORDER, "approve_promise"): {"reason": "text"},
    (ORDER, "change_promise"): {"promised_at": "moment", "reason": "text"},
    (ORDER, "issue_temporary_pass"): {
        "kind": "text",
        "reason": "text",
        "minutes": "integer",
    },
    (JOB, "action_plan"): PLAN,
    (JOB, "check_plan"): PLAN,
    (JOB, "suggest_team"): {"limit": "integer"},
    (JOB, "set_helpers"): {"shares": "rows"},
    (JOB, "request_parts"): {"lines": "rows", "note": "text", "is_blocked": "flag"},
    (JOB, "action_clock_in"): {"technician_id": "id"},
    (JOB, "action_clock_out"): {"reason": "text", "technician_id": "id"},
    (CHECK, "finish"): {"conclusion": "text", "results": "rows"},
    (CHECK, "record_road_test"): {"values": "values"},
    ("dealer.work.log", "correct"): {
        "start": "moment",
        "stop": "moment",
        "reason": "text",
    },
    ("dealer.parts.requisition", "issue"): {"lines": "rows"},
    ("dealer.parts.requisition.line", "ask_return"): {
        "quantity": "number",
        "reason": "text",
        "note": "text",
    },
    ("dealer.parts.return", "refuse"): {"reason": "text"},
    ("dealer.rework", "prove_not_ours"): {"evidence": "text"},
    ("dealer.rework", "allow_own_attempt"): {"reason": "text"},
    ("dealer.certificate", "void"): {"reason": "text", "reissue": "flag"},
    ("dealer.compliance.record", "action_correct"): {"reason": "text"},
    ("dealer.inspection.sample", "record_result"): {
        "result": "text",
        "note": "text",
        "defects": "integer",
    },
    ("dealer.vehicle.finding", "action_dismiss"): {"reason": "text"},
}
# Called on the model itself.
MODEL_CALLS = {
    (VEHICLE, "register"): {"values": "values"},
    (VEHICLE, "reception_register"): {"values": "values"},
    (VEHICLE, "reception_duplicates"): {"values": "values"},
    (VEHICLE, "reception_search"): {"text": "text", "limit": "integer"},
    (ORDER, "receive"): {"values": "values"},
    (CHECK, "start"): {"order_id": "id", "stage": "text", "job_id": "id"},
    ("dealer.service.package", "suggest"): {
        "vehicle_id": "integer",
        "limit": "integer",
    },
    ("dealer.workshop.board", "get_board"): {"group_by": "text"},
}


def answer(shop, login, model, method, *args, **kwargs):
    """Return the sentence that refuses a call."""
    with pytest.raises(RpcError) as caught:
        shop.user(login).call(model, method, *args, **kwargs)
    error = caught.value
    assert error.name in ("UserError", "AccessError"), (kwargs or args, error)
    assert not NOT_FOR_PEOPLE.search(error.message), (kwargs or args, error.message)
    assert len(error.message.strip().splitlines()) == 1, error.message
    return error.message


@pytest.mark.parametrize(("model", "method"), [*CALLS, *MODEL_CALLS])
def test_an_argument_of_the_wrong_kind_is_named(shop, accepted, model, method):
    kinds = CALLS.get((model, method)) or MODEL_CALLS[model, method]
    records = [[1]] if (model, method) in CALLS else []
    before = shop.snapshot()
    for name, kind in kinds.items():
        for value in WRONG[kind]:
            others = dict.fromkeys(kinds, False)
            given = {**others, name: value}
            sentence = answer(shop, "advisor1", model, method, *records, **given)
            assert sentence.startswith(f"{name}: "), (name, value, sentence)
    assert shop.snapshot() == before


@pytest.mark.parametrize(
    ("method", "takes"),
    [
        ("approve_credit", "approve_credit takes: payer, due_date, reason"),
        ("sign_intake", "sign_intake takes: signer, signature"),
        ("raise_addon", "raise_addon takes: values"),
    ],
)
def test_a_missing_argument_is_named(shop, accepted, method, takes):
    assert takes in answer(shop, "advisor1", ORDER, method, [accepted])
    assert takes in answer(shop, "advisor1", ORDER, method, [accepted], nonsense=1)


@pytest.mark.parametrize(
    ("login", "method", "rows", "sentence"),
    [
        ("dispatcher1", "set_helpers", [{}], "“employee_id” is missing"),
        ("dispatcher1", "set_helpers", [{"employee_id": 1}], "“share” is missing"),
        (
            "dispatcher1",
            "set_helpers",
            [{"employee_id": "x", "share": 5}],
            "employee_id: “x” cannot be read",
        ),
        ("tech1", "request_parts", [{"quantity": 1}], "“product_id” is missing"),
        (
            "tech1",
            "request_parts",
            [{"product_id": 1, "quantity": "many"}],
            "quantity: “many” cannot be read. Send a number.",
        ),
    ],
)
def test_a_row_that_lacks_something_is_refused(
    shop, accepted, login, method, rows, sentence
):
    before = shop.snapshot()
    job = shop.jobs(accepted)[:1]
    assert sentence in answer(shop, login, JOB, method, job, rows)
    assert shop.snapshot() == before


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"job_id": [1]}, "job_id: “[1]” cannot be read"),
        ({"follow_up_date": "next week"}, "follow_up_date: “next week”"),
        ({"follow_up_km": "far"}, "follow_up_km: “far”"),
        ({"danger": "high"}, "danger: “high” cannot be read"),
        ({"revision": "first"}, "revision: “first”"),
        ({"reason": ["x"]}, "reason: “['x']”"),
    ],
)
def test_a_decision_that_cannot_be_read_is_refused(shop, offered, values, sentence):
    before = shop.snapshot()
    rows = [{**row, **values} for row in shop.prepare_answers(offered)]
    args = (ORDER, "record_decisions", [offered], rows, "王", SIGNATURE)
    assert sentence in answer(shop, "advisor1", *args)
    assert shop.snapshot() == before


def test_numbers_in_digits_are_numbers(shop, accepted):
    args = (ORDER, "issue_temporary_pass", [accepted], "road_test", "异响", "45")
    assert isinstance(shop.user("advisor1").call(*args), int)
