"""The checks of money and goods: approvals, sale lines, invoices, payments, stock."""

import csv
from collections import Counter
from pathlib import Path

from tests.story.books import APPROVED, cents, grouped, identity

ADDON = Path(__file__).parents[2] / "addons" / "dealer_service"
FREE = {"internal", "goodwill"}


def sale_lines_without_approval(books):
    """Name the sale lines whose job is not approved at its current revision."""
    decided = {
        (identity(row["job_id"]), row["revision"]): row["decision"]
        for row in books.approvals
    }
    problems = []
    for sale in books.sale_lines:
        line = books.lines.get(identity(sale["dealer_line_id"]))
        if not line:
            problems.append(f"sale line {sale['id']} belongs to no repair line")
            continue
        job = books.jobs[identity(line["job_id"])]
        decision = decided.get((job["id"], job["revision"]))
        if job["state"] not in APPROVED or decision != "approved":
            problems.append(f"{job['name']} is {job['state']} but has a sale line")
    return problems


def approved_lines_without_sale(books):
    """Name the approved repair lines that have not exactly one equal sale line."""
    sales = grouped(books.sale_lines, "dealer_line_id")
    returned = _returned_lines(books)
    problems = []
    for line in books.lines.values():
        job = books.jobs[identity(line["job_id"])]
        sold = job["state"] in APPROVED and line["part_origin"] != "customer"
        found = sales.get(line["id"], [])
        if len(found) != sold:
            problems.append(f"line {line['id']} of {job['name']}: {len(found)} sales")
        for sale in found:
            left = line["quantity"] - returned[line["id"]]
            share = left / line["quantity"]
            as_sold = {"quantity": left, "price_total": line["price_total"] * share}
            wanted = _money_of(line | as_sold, "quantity")
            if _money_of(sale, "product_uom_qty") != wanted:
                problems.append(
                    f"line {line['id']} of {job['name']} was sold otherwise"
                )
    return problems


def _returned_lines(books):
    """Return how many parts came back unused, by repair line."""
    found = Counter()
    codes = {row["default_code"]: row_id for row_id, row in books.products.items()}
    for key in books.script.visits:
        for row in books.script.jobs[key]:
            for code, quantity in books.returned(key, row["job"]).items():
                job = books.job_of(key, row["job"])
                lines = grouped(books.lines.values(), "job_id", "product_id")
                line = lines[job["id"], codes[code]][0]
                found[line["id"]] += quantity
    return found


def _money_of(line, quantity):
    return (
        identity(line["product_id"]),
        line[quantity],
        cents(line["price_unit"]),
        line["discount"],
        cents(line["price_total"]),
    )


def approvals_unlike_the_story(books):
    """Name the jobs whose approved amount is not what the price list gives."""
    problems = []
    last = {identity(row["job_id"]): row for row in books.approvals}
    for key in books.script.visits:
        for row in books.approved_rows(key):
            job = books.job_of(key, row["job"])
            expected = sum(line[2] for line in books.expected_lines(key, row))
            expected += books.premium(key, row)
            shown = cents(last[job["id"]]["amount_total"])
            if {shown, cents(job["amount_total"])} != {expected}:
                problems.append(
                    f"{key} {row['name']}: {expected} expected, {shown} shown"
                )
    return problems


def invoices_unlike_approvals(books):
    """Name the payers whose invoices differ from what was approved, to the cent."""
    invoiced = Counter()
    for move in books.invoices:
        key = books.keys[identity(move["dealer_order_id"])]
        sign = -1 if move["move_type"] == "out_refund" else 1
        partner_id = identity(move["partner_id"])
        invoiced[key, partner_id] += sign * cents(move["amount_total"])
    expected = Counter()
    for key, visit in books.script.visits.items():
        if visit["ends_in"] not in ("settled", "delivered", "left"):
            continue
        for row in books.approved_rows(key):
            partner_id = _payer_id(books, key, row)
            expected[key, partner_id] += books.premium(key, row)
            for _code, _quantity, total in books.billed_lines(key, row):
                expected[key, partner_id] += total
    expected = Counter({key: total for key, total in expected.items() if total})
    return [
        f"visit {key}, partner {partner}: {invoiced[key, partner]} cents invoiced,"
        f" {expected[key, partner]} approved"
        for key, partner in {*invoiced, *expected}
        if invoiced[key, partner] != expected[key, partner]
    ]


def _payer_id(books, key, row):
    if row["payer_partner"]:
        return books.house.partner("group1", row["payer_partner"])
    return identity(books.orders[key]["partner_id"])


def arrears_unlike_residuals(books):
    """Name the visits whose open balance is not the unpaid rest of their invoices."""
    residuals = Counter()
    for move in books.invoices:
        key = books.keys[identity(move["dealer_order_id"])]
        residuals[key] += cents(move["amount_residual"])
    problems = [
        f"visit {key}: {order['amount_due']} due, {residuals[key]} cents open"
        for key, order in books.orders.items()
        if cents(order["amount_due"]) != residuals[key]
    ]
    domain = [("amount_due", ">", 0)]
    found = set(books.manager.search("dealer.repair.order", domain))
    wanted = {books.orders[key]["id"] for key, rest in residuals.items() if rest}
    if found & set(books.keys) != wanted:
        problems.append("a search for open balances finds other visits")
    return problems


def balances_unlike_the_story(books):
    """Name the visits that owe otherwise than by the story's payments and credits."""
    problems = []
    for key, visit in books.script.visits.items():
        if visit["ends_in"] not in ("settled", "delivered", "left"):
            continue
        owed = sum(_owed(books, key, payer) for payer in _payers(books, key))
        found = cents(books.orders[key]["amount_due"])
        if found != owed:
            problems.append(f"visit {key}: {found} cents open instead of {owed}")
    return problems


def _payers(books, key):
    return {row["payer"] for row in books.approved_rows(key)} - FREE


def _owed(books, key, payer):
    rows = [row for row in books.script.payments[key] if row["payer"] == payer]
    if any(not row["amount"] for row in rows):
        return 0
    paid = sum(cents(row["amount"]) for row in rows)
    return books.expected_total(key, payer) - paid


def balances_without_credit(books):
    """Name the settled visits whose open balance no supervisor approved."""
    fields = ("order_id", "amount", "due_date")
    domain = [("order_id", "in", list(books.keys))]
    rows = books.manager.search_read("dealer.credit.approval", domain, *fields)
    credits = grouped(rows, "order_id")
    return [
        f"visit {key} owes {order['amount_due']} without a credit"
        for key, order in books.orders.items()
        if order["state"] in ("settled", "delivered")
        and cents(order["amount_due"])
        > sum(cents(row["amount"]) for row in credits.get(order["id"], []))
    ]


def receivables_unlike_arrears(books):
    """Name the stores whose receivable accounts do not show the same arrears."""
    domain = [
        ("account_id.account_type", "=", "asset_receivable"),
        ("parent_state", "=", "posted"),
    ]
    fields = ("company_id", "amount_residual")
    rows = books.auditor.search_read("account.move.line", domain, *fields)
    ledger = Counter()
    for row in rows:
        ledger[identity(row["company_id"])] += cents(row["amount_residual"])
    due = Counter()
    for order in books.orders.values():
        due[identity(order["company_id"])] += cents(order["amount_due"])
    return [
        f"store {store}: {ledger[store]} cents on the ledger, {due[store]} due"
        for store in {*ledger, *due}
        if ledger[store] != due[store]
    ]


# === GOODS === #


def stock_unlike_issues(books):
    """Name the parts whose stock is not what was there and came, less the issues."""
    issued = _issued(books)
    problems = []
    for store in ("main", "east", "west"):
        opening = _opening_stock(books, store)
        found = _counted_stock(books, store)
        for code in {*opening, *found, *issued[store]}:
            wanted = opening[code] - issued[store][code]
            if found[code] != wanted:
                problems.append(f"{store} {code}: {found[code]} instead of {wanted}")
    return problems


def _issued(books):
    """Return what left each store for its cars, less what came in and back."""
    found = {store: Counter() for store in ("main", "east", "west")}
    jobs = set()
    for step in books.script.steps:
        key = step["visit"]
        store = books.script.visits[key]["store"]
        if step["step"] in ("receive", "bring_back"):
            code, quantity, *_why = step["detail"].split("|")
            found[store][code] -= float(quantity)
        if step["step"] != "issue" or (key, step["job"]) in jobs:
            continue
        jobs.add((key, step["job"]))
        lines = books.script.final_lines(key, step["job"])
        for code, line in lines.items():
            if code.startswith("PJ-") and line["part_origin"] != "customer":
                found[store][code] += float(line["quantity"])
    return found


def _opening_stock(books, store):
    codes = {row["id"]: row["default_code"] for row in _demo("product.product")}
    found = Counter()
    for row in _demo("stock.quant"):
        if row["location_id/id"] == f"demo_location_{store}":
            found[codes[row["product_id/id"]]] += float(row["inventory_quantity"])
    return found


def _demo(model):
    path = ADDON / "demo" / f"{model}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _counted_stock(books, store):
    number = books.house.store_number(store)
    keeper = books.house.user(f"parts{number}")
    domain = [("location_id.usage", "=", "internal")]
    rows = keeper.search_read("stock.quant", domain, "product_id", "quantity")
    found = Counter()
    for row in rows:
        product = books.products[identity(row["product_id"])]
        found[product["default_code"]] += row["quantity"]
    return found


def deliveries_unlike_moves(books):
    """Name the sale lines of parts that say another quantity than the stock moved."""
    domain = [("sale_line_id", "!=", False), ("state", "=", "done")]
    fields = ("sale_line_id", "quantity", "origin_returned_move_id")
    moved = Counter()
    for row in books.auditor.search_read("stock.move", domain, *fields):
        sign = -1 if row["origin_returned_move_id"] else 1
        moved[identity(row["sale_line_id"])] += sign * row["quantity"]
    parts = {line["id"] for line in books.lines.values() if line["kind"] == "part"}
    return [
        f"sale line {sale['id']}: {sale['qty_delivered']} delivered,"
        f" {moved[sale['id']]} moved"
        for sale in books.sale_lines
        if identity(sale["dealer_line_id"]) in parts
        and sale["qty_delivered"] != moved[sale["id"]]
    ]
