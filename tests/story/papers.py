"""The checks of what leaves the house: release notes and electronic records."""

import json
import re
from collections import Counter

SETTLED = {"settled", "delivered"}
DAY = re.compile(r"2026(02|03)\d\d")


def notes_unlike_the_story(books):
    """Name the visits whose cars did not pass the gate exactly as the story says."""
    fields = ("order_id", "kind", "state", "left_at")
    domain = [
        ("order_id", "in", list(books.keys)),
        ("kind", "in", ("final", "unrepaired")),
    ]
    rows = books.manager.search_read("dealer.release.note", domain, *fields)
    notes = {row["order_id"][0]: row for row in rows}
    problems = []
    for key, order in books.orders.items():
        note = notes.get(order["id"])
        if order["state"] in SETTLED | {"left"} and not note:
            problems.append(f"{key} is {order['state']} without a release note")
        gone = order["state"] == "delivered"
        if note and bool(note["left_at"]) != gone:
            problems.append(f"{key} is {order['state']}, its note {note['state']}")
    count = Counter(row["order_id"][0] for row in rows)
    return problems + [
        f"{books.keys[order]} has {number} notes"
        for order, number in count.items()
        if number > 1
    ]


def incomplete_records(books):
    """Name the settled visits whose electronic record is missing or incomplete."""
    fields = ("order_id", "state", "problems", "payload")
    domain = [("order_id", "in", list(books.keys))]
    rows = books.manager.search_read("dealer.compliance.record", domain, *fields)
    records = {row["order_id"][0]: row for row in rows}
    problems = []
    for key, order in books.orders.items():
        record = records.get(order["id"])
        if (order["state"] in SETTLED) != bool(record):
            problems.append(f"{key} is {order['state']}, record: {bool(record)}")
        if not record:
            continue
        if record["state"] == "invalid":
            problems.append(f"{key}: {record['problems']}")
        basics = json.loads(record["payload"])["basicInfo"]
        if not (DAY.match(basics["repairdate"]) and DAY.match(basics["settledate"])):
            problems.append(f"{key}: {basics['repairdate']} {basics['settledate']}")
    return problems
