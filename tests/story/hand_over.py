"""Preparation, settlement and delivery."""

from tests.story.house import signature
from tests.story.script import day
from tests.story.visit import JOB

APPROVED = ["approved", "in_progress", "self_checked", "peer_checked", "done"]


def prepare(visit, step):
    """Wash, clean and tidy up the car."""
    visit.write(
        step["by"],
        prep_washed=True,
        prep_cleaned=True,
        prep_settings=True,
        prep_old_parts=True,
    )


def ready(visit, step):
    """Tell that the car can be collected."""
    visit.call(step["by"], "action_ready")


def deposit(visit, step):
    """Take money before the invoice: amount, journal and what it is for."""
    amount, journal, memo = step["detail"].split("|")
    journal_id = visit.house.journal(step["by"], journal)
    visit.call(
        step["by"], "register_deposit", float(amount), journal_id, "customer", memo
    )


def invoice(visit, step):
    """Create and post the invoices of all payers."""
    visit.call(step["by"], "action_create_invoices")


def pay(visit, step):
    """Take a payment: the amount of the row, or what the payer still owes."""
    login = step["by"]
    row = next(
        row
        for row in visit.script.payments[visit.key]
        if row["payment"] == step["detail"]
    )
    payer = row["payer"]
    paid = visit.paid.get(payer, 0)
    due = visit.read(login, "amount_due")["amount_due"]
    rest = min(_approved(visit, login, payer) - paid, due)
    amount = float(row["amount"] or 0) or round(rest, 2)
    journal_id = visit.house.journal(login, row["journal"])
    visit.call(login, "register_payment", amount, journal_id, payer)
    visit.paid[payer] = paid + amount


def _approved(visit, login, payer):
    """Return what a payer approved, as the desk adds it up from the jobs."""
    domain = [
        ("order_id", "=", visit.id),
        ("payer", "=", payer),
        ("state", "in", APPROVED),
    ]
    jobs = visit.house.user(login).search_read(JOB, domain, "amount_total")
    return round(sum(job["amount_total"] for job in jobs), 2)


def credit(visit, step):
    """Let the balance of a payer stay open, as the supervisor."""
    row = next(
        row for row in visit.script.credits[visit.key] if row["payer"] == step["detail"]
    )
    arguments = (row["payer"], day(row["due_date"]), row["reason"])
    visit.call(step["by"], "approve_credit", *arguments)


def settle(visit, step):
    """Close the account of the visit."""
    visit.call(step["by"], "action_settle")


def deliver(visit, step):
    """Look at the car together, give everything back, have it signed."""
    login, name = step["by"], step["detail"]
    user = visit.house.user(login)
    domain = [
        ("intake_id.order_ids", "=", visit.id),
        ("kind", "!=", "walkround"),
        ("is_present", "=", True),
    ]
    item_ids = user.search("dealer.intake.item", domain)
    if item_ids:
        user.write("dealer.intake.item", item_ids, returned=True)
    visit.write(
        login,
        joint_inspection=True,
        belongings_returned=True,
        old_parts_result=_old_parts(visit),
        delivery_mileage=int(visit.row["delivery_mileage"] or 0),
    )
    visit.call(login, "sign_delivery", name, signature(name))
    visit.call(login, "action_deliver")


def leave_gate(visit, step):
    """Let the car out, as the gate keeper who reads the code on its note."""
    advisor = f"advisor{visit.house.store_number(visit.row['store'])}"
    domain = [("order_id", "=", visit.id), ("kind", "in", ("final", "unrepaired"))]
    note_ids = visit.house.user(advisor).search("dealer.release.note", domain)
    user = visit.house.user(step["by"])
    user.call("dealer.release.note", "action_check_out", note_ids)


def complete_record(visit, step):
    """Build the electronic record again, now that the car has what was missing."""
    model, user = "dealer.compliance.record", visit.house.user(step["by"])
    domain = [("order_id", "=", visit.id), ("state", "=", "invalid")]
    user.call(model, "action_rebuild", user.search(model, domain))


def _old_parts(visit):
    """Return what happened to the old parts: none, handed back or waived."""
    decided = visit.script.last_decisions(visit.key)
    approved = {job for job, row in decided.items() if row["decision"] == "approved"}
    parts = any(
        row["job"] in approved and row["product"].startswith("PJ-")
        for row in visit.script.lines[visit.key]
    )
    if not parts:
        return "none"
    return "returned" if visit.row["old_parts"] == "return" else "waived"


STEPS = {
    "prepare": prepare,
    "ready": ready,
    "deposit": deposit,
    "invoice": invoice,
    "pay": pay,
    "credit": credit,
    "settle": settle,
    "deliver": deliver,
    "leave_gate": leave_gate,
    "complete_record": complete_record,
}
