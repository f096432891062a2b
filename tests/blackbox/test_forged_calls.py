"""What nobody may do, by whatever door: forged writes, private methods, roles."""

import pytest

from tests.blackbox.refusals import refuse
from tests.blackbox.shop import CHECK, JOB, ORDER, SIGNATURE

FORGED = {"dealer_transition": True, "dealer_job_sync": True, "su": True}


# === THE LEDGER === #


def test_no_line_is_slipped_into_the_sale_order(shop, accepted, sale):
    part = shop.ref("demo_part_pad_front")
    line = {"order_id": sale, "product_id": part, "product_uom_qty": 1}
    args = ("sale.order.line", "create")
    guard = "is written by its approved jobs"
    refuse(shop, guard, "admin", *args, [line])
    refuse(shop, guard, "admin", *args, [line], context=FORGED)
    forged = {**FORGED, "default_order_id": line.pop("order_id")}
    refuse(shop, guard, "admin", *args, [line], context=forged)
    values = {"order_line": [(0, 0, line)]}
    refuse(shop, guard, "admin", "sale.order", "write", [sale], values)
    refuse(shop, "not allowed", "advisor1", *args, [line])


def test_the_sale_order_is_neither_changed_nor_cancelled(shop, accepted, sale):
    line = shop.admin.search("sale.order.line", [("order_id", "=", sale)])[0]
    guard = "is written by its approved jobs"
    for values in ({"price_unit": 1}, {"discount": 99}, {"product_uom_qty": 0.1}):
        for context in ({}, FORGED):
            args = ("sale.order.line", "write", [line], values)
            refuse(shop, guard, "admin", *args, context=context)
    args = ("sale.order", "action_cancel", [sale])
    refuse(shop, guard, "admin", *args, context=FORGED)


# === FORGED WRITES === #


@pytest.mark.parametrize("context", [{}, FORGED])
@pytest.mark.parametrize("login", ["advisor1", "admin"])
def test_states_times_and_amounts_are_not_written(shop, offered, login, context):
    writes = [
        (ORDER, [offered], {"state": "delivered"}),
        (ORDER, [offered], {"settled_at": "2026-01-01 00:00:00"}),
        (ORDER, [offered], {"amount_total": 1}),
        (ORDER, [offered], {"intake_signed_on": "2026-01-01 00:00:00"}),
        (ORDER, [offered], {"acknowledged_on": "2026-01-01 00:00:00"}),
        (ORDER, [offered], {"delivery_signed_on": "2026-01-01 00:00:00"}),
        (JOB, shop.jobs(offered), {"state": "approved"}),
        (JOB, shop.jobs(offered), {"revision": 9}),
        (JOB, shop.jobs(offered), {"amount_total": 1}),
    ]
    for model, ids, values in writes:
        sentence = "use the steps" if model == ORDER else "set by its steps"
        args = (model, "write", ids, values)
        refuse(shop, sentence, login, *args, context=context)


def test_no_visit_and_no_job_is_created_in_a_later_state(shop, offered):
    job = shop.prepare_job(order_id=offered)
    visit = shop.prepare_visit(vehicle_id=shop.add_car())
    for context, values in ((FORGED, {"state": "approved"}), ({}, {"revision": 3})):
        sentence = "set by its steps"
        args = (JOB, "create", [{**job, **values}])
        refuse(shop, sentence, "advisor1", *args, context=context)
        defaults = {f"default_{name}": value for name, value in values.items()}
        args = (JOB, "create", [job])
        refuse(shop, sentence, "advisor1", *args, context=defaults)
    for values, context in (
        ({"state": "ready"}, FORGED),
        ({}, {"default_state": "ready"}),
    ):
        args = (ORDER, "create", [{**visit, **values}])
        sentence = "starts booked or in intake"
        refuse(shop, sentence, "advisor1", *args, context=context)


@pytest.mark.parametrize("login", ["advisor1", "manager1", "admin"])
def test_an_approval_is_neither_changed_nor_deleted(shop, accepted, login):
    domain = [("order_id", "=", accepted)]
    approval = shop.admin.search("dealer.repair.approval", domain)[:1]
    sentence = "never changed or deleted|not allowed to"
    for method, args in (
        ("write", ({"signer": "x"},)),
        ("unlink", ()),
        ("copy", ()),
        ("create", ({"order_id": accepted},)),
    ):
        ids = () if method == "create" else (approval,)
        model = "dealer.repair.approval"
        refuse(shop, sentence, login, model, method, *ids, *args)


def test_a_visit_is_neither_deleted_nor_copied(shop, offered):
    for login in ("advisor1", "admin"):
        sentence = "never deleted|not allowed to delete"
        refuse(shop, sentence, login, ORDER, "unlink", [offered])
        refuse(shop, "cannot be duplicated", login, ORDER, "copy", [offered])


def test_private_methods_are_not_called(shop, offered):
    jobs = shop.jobs(offered)
    for model, method, args in (
        (ORDER, "_update_state", ([offered], "accept")),
        (ORDER, "_lock", ([offered],)),
        (JOB, "_update_state", (jobs, "approved")),
        (JOB, "_write_sale_lines", (jobs,)),
        (JOB, "_get_sync_env", (jobs,)),
        ("dealer.repair.approval", "_create_chained", ([], offered, [])),
        ("dealer.vehicle", "_log_odometer", ([1], 5)),
        ("dealer.work.log", "_start_clock", ([], jobs[0], 1)),
    ):
        for login in ("advisor1", "admin"):
            refuse(shop, "[Pp]rivate method", login, model, method, *args)


# === ROLES === #


@pytest.mark.parametrize(
    ("login", "method", "args"),
    [
        ("tech1", "action_start_diagnosis", ()),
        ("tech1", "action_offer", ()),
        ("settlement1", "action_offer", ()),
        ("tech1", "sign_intake", ("x", SIGNATURE)),
        ("advisor1", "action_start_work", (True,)),
        ("tech1", "action_request_inspection", ()),
        ("advisor1", "action_create_invoices", ()),
        ("advisor1", "register_payment", (1, 1)),
        ("advisor1", "approve_credit", ("customer", "2031-01-01", "x")),
        ("settlement1", "approve_credit", ("customer", "2031-01-01", "x")),
        ("advisor1", "action_settle", ()),
        ("tech1", "action_deliver", ()),
        ("parts1", "action_cancel", ("x",)),
    ],
)
def test_a_step_is_for_its_role(shop, offered, login, method, args):
    sentence = "This step is for: .* Ask one of them"
    refuse(shop, sentence, login, ORDER, method, [offered], *args)


@pytest.mark.parametrize(
    ("login", "model", "values"),
    [
        ("tech1", "dealer.repair.decide", {"signer": "x"}),
        ("tech1", "dealer.repair.close", {"verb": "leave", "reason": "x"}),
        ("advisor1", "dealer.repair.pay", {"amount": 1}),
        ("tech1", "dealer.repair.pay", {"amount": 1}),
        ("advisor1", "dealer.repair.credit", {"due_date": "2031-01-01", "reason": "x"}),
        ("settlement1", "dealer.repair.credit", {"due_date": "2031-01-01"}),
        ("parts1", "dealer.repair.addon", {"name": "x", "addon_reason": "x"}),
        ("settlement1", "dealer.repair.decide", {"signer": "x"}),
    ],
)
def test_a_wizard_is_for_its_role(shop, offered, login, model, values):
    args = (model, "create", [{"order_id": offered, **values}])
    refuse(shop, "not allowed to create", login, *args)


def test_the_workshop_reads_no_price(shop, accepted):
    job = shop.jobs(accepted)
    for login in ("tech1", "leader1", "dispatcher1", "inspector1"):
        for model, ids, name in (
            (ORDER, [accepted], "amount_total"),
            (ORDER, [accepted], "amount_due"),
            (JOB, job, "amount_total"),
        ):
            for method, args in (
                ("read", (ids, [name])),
                ("search", ([(name, ">", 0)],)),
                ("formatted_read_group", ([], [], [f"{name}:sum"])),
            ):
                sentence = "do not have enough rights to access the field"
                refuse(shop, sentence, login, model, method, *args)


def test_another_store_finds_and_moves_nothing(shop, offered):
    other = shop.user("advisor2")
    assert not other.search(ORDER, [("id", "=", offered)])
    assert not other.search(JOB, [("order_id", "=", offered)])
    assert offered not in [
        visit for visit, _name in other.call(ORDER, "name_search", "RO/", limit=500)
    ]
    # Odoo answers in the user's language; the model's name is in every one.
    sentence = "dealer.repair.order"
    for method, args in (
        ("read", (["name"],)),
        ("write", ({"concern": "x"},)),
        ("action_cancel", ("x",)),
        ("record_decisions", (shop.prepare_answers(offered), "x", SIGNATURE)),
    ):
        refuse(shop, sentence, "advisor2", ORDER, method, [offered], *args)


def test_a_check_is_finished_by_its_own_role(shop, accepted):
    args = (CHECK, "start", accepted, "final")
    refuse(shop, "This step is for: Inspector", "tech1", *args)
    sentence = "is not waiting for inspection"
    refuse(shop, sentence, "inspector1", *args)
