"""The checks of people and cars: clocks, inspections, and each car's file."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

from tests.story.books import identity
from tests.story.script import END, ZONE, utc

CERTIFIED = {"LEVEL2", "ASSEMBLY", "COMPLETE"}


# === PEOPLE === #


def double_clocks(books):
    """Name the technicians who were clocked on two jobs at once."""
    problems = []
    last = {}
    for log in books.logs:
        person = log["employee_id"][1]
        stop = log["stop"] or END.replace("T", " ")
        if log["start"] < last.get(person, ""):
            problems.append(f"{person} was clocked twice at {log['start']}")
        last[person] = max(stop, last.get(person, ""))
    running = Counter(log["employee_id"][1] for log in books.logs if not log["stop"])
    problems += [
        f"{name}: {count} clocks run" for name, count in running.items() if count > 1
    ]
    return problems


def clocks_unlike_the_story(books):
    """Name the visits whose clocks do not say when the story's people worked."""
    wanted = defaultdict(list)
    for step in books.script.steps:
        if step["step"] == "clock_in":
            name = books.house.name(step["by"])
            wanted[step["visit"]].append((utc(step["at"]), name))
    found = defaultdict(list)
    for log in books.logs:
        key = books.keys[identity(log["order_id"])]
        start = datetime.fromisoformat(log["start"]).replace(second=0)
        found[key].append((str(start), log["employee_id"][1]))
    return [
        f"visit {key}: {found[key]} instead of {wanted[key]}"
        for key in {*wanted, *found}
        if sorted(found[key]) != sorted(wanted[key])
    ]


def inspectors_of_own_work(books):
    """Name the final checks signed by somebody with time on the visit."""
    workers = defaultdict(set)
    for log in books.logs:
        workers[identity(log["order_id"])].add(log["employee_id"][1])
    domain = [("stage", "=", "final"), ("state", "=", "done")]
    fields = ("order_id", "inspector_id")
    rows = books.manager.search_read("dealer.quality.check", domain, *fields)
    return [
        f"visit {books.keys[identity(row['order_id'])]}: own work inspected"
        for row in rows
        if row["inspector_id"][1] in workers[identity(row["order_id"])]
    ]


def missing_certificates(books):
    """Name the visits that lack the certificate their class demands, or have one."""
    domain = [("stage", "=", "final"), ("result", "=", "pass")]
    fields = ("order_id", "certificate_no")
    rows = books.manager.search_read("dealer.quality.check", domain, *fields)
    numbers = [row["certificate_no"] for row in rows if row["certificate_no"]]
    problems = []
    for row in rows:
        key = books.keys[identity(row["order_id"])]
        codes = {job["category"] for job in books.approved_rows(key)}
        if bool(row["certificate_no"]) != bool(codes & CERTIFIED):
            problems.append(f"visit {key}: certificate {row['certificate_no']}")
    if not numbers:
        problems.append("no certificate was issued")
    return problems


# === CARS === #


def _visits_of(books, car):
    """Return the keys of a car's visits, in order of arrival."""
    keys = [key for key, row in books.script.visits.items() if row["car"] == car]
    return sorted(keys, key=lambda key: books.orders[key]["arrived_at"])


def files_without_story(books):
    """Name the cars whose file does not list exactly their visits in all stores."""
    problems = []
    for car, row in books.script.cars.items():
        keys = _visits_of(books, car)
        if not keys:
            continue
        listed = books.vehicles[row["vin"]]["repair_order_ids"]
        if sorted(listed) != sorted(books.orders[key]["id"] for key in keys):
            problems.append(f"car {car} lists {listed}")
    return problems


def wrong_owners_and_plates(books):
    """Name the cars whose file shows another owner or plate than the story's last."""
    problems = []
    changes = {"set_owner": {}, "set_plate": {}}
    for step in books.script.steps:
        if step["step"] in changes:
            car = books.script.visits[step["visit"]]["car"]
            changes[step["step"]][car] = step["detail"]
    for car, row in books.script.cars.items():
        if row["vin"] not in books.vehicles:
            continue
        vehicle = books.vehicles[row["vin"]]
        owner = changes["set_owner"].get(car, row["customer"])
        name = books.script.customers[owner]["name"]
        plate = changes["set_plate"].get(car, row["plate"])
        if (vehicle["owner_id"][1], vehicle["license_plate"]) != (name, plate):
            problems.append(f"car {car}: {vehicle['owner_id'][1]}, not {name}")
    return problems


def _get_driven(books, key):
    """Return how far the road tests of a visit went, in km."""
    domain = [("order_id", "=", books.orders[key]["id"])]
    tests = books.manager.search_read("dealer.road.test", domain, "distance")
    return sum(test["distance"] for test in tests)


def falling_odometers(books):
    """Name the cars whose mileage falls without a reason, or ends elsewhere."""
    fields = ("vehicle_id", "value", "reason", "date")
    rows = books.manager.search_read("dealer.odometer", [], *fields, order="date, id")
    readings = defaultdict(list)
    for row in rows:
        readings[identity(row["vehicle_id"])].append(row)
    problems = []
    for car, row in books.script.cars.items():
        keys = [key for key in _visits_of(books, car) if books.orders[key]["mileage"]]
        if not keys:
            continue
        vehicle = books.vehicles[row["vin"]]
        log = readings[vehicle["id"]]
        for former, later in zip(log, log[1:], strict=False):
            if later["value"] < former["value"] and not later["reason"]:
                problems.append(f"car {car} falls to {later['value']} km")
        last = books.script.visits[keys[-1]]
        delivered = books.orders[keys[-1]]["state"] == "delivered"
        driven = int(last["mileage"]) + _get_driven(books, keys[-1])
        wanted = int((delivered and last["delivery_mileage"]) or driven)
        read = books.orders[keys[-1]]["state"] != "intake"
        if read and vehicle["odometer"] != wanted:
            problems.append(f"car {car}: {vehicle['odometer']} km instead of {wanted}")
    return problems


def forgotten_findings(books):
    """Name the refused work that the car's file does not remember as it was said."""
    fields = (
        "vehicle_id",
        "order_id",
        "name",
        "reason",
        "danger",
        "follow_up_date",
        "follow_up_km",
        "state",
    )
    rows = books.manager.search_read("dealer.vehicle.finding", [], *fields)
    found = {(identity(row["order_id"]), row["name"]): row for row in rows}
    revived = {
        row["finding_of"]: row
        for jobs in books.script.jobs.values()
        for row in jobs
        if row["finding_of"]
    }
    problems = []
    for key in books.script.visits:
        for number, row in books.script.last_decisions(key).items():
            name = books.script.job(key, number)["name"]
            finding = found.pop((books.orders[key]["id"], name), None)
            if row["decision"] == "approved":
                if finding:
                    problems.append(f"{key} {name} was done but is a finding")
                continue
            state = "converted" if f"{key}/{number}" in revived else "open"
            if not finding or _said(row, state) != _remembered(finding):
                problems.append(f"{key} {name}: {finding}")
    return problems + [f"nobody refused {name}" for _order, name in found]


def _said(row, state):
    date_, km = row["follow_up_date"] or False, int(row["follow_up_km"] or 0)
    return row["reason"], row["danger"], date_, km, state


def _remembered(finding):
    names = ("reason", "danger", "follow_up_date", "follow_up_km", "state")
    return tuple(finding[name] for name in names)


def wrong_guarantees(books):
    """Name the delivered jobs whose guarantee does not hold as their class promises."""
    fields = ("job_id", "start_date", "end_date", "start_km", "end_km", "km", "days")
    rows = books.manager.search_read("dealer.guarantee", [], *fields)
    found = {identity(row["job_id"]): row for row in rows}
    fields = ("code", "guarantee_km", "guarantee_days")
    rows = books.manager.search_read("dealer.repair.category", [], *fields)
    categories = {row["code"]: row for row in rows}
    problems = []
    for key, visit in books.script.visits.items():
        if visit["ends_in"] != "delivered":
            continue
        for row in books.approved_rows(key):
            job = books.job_of(key, row["job"])
            guarantee = found.pop(job["id"], None)
            category = categories[row["category"]]
            if not guarantee or not _holds(books, key, guarantee, category):
                problems.append(f"{key} {row['name']}: {guarantee}")
    return problems + [f"guarantee without delivery: {row}" for row in found.values()]


def _holds(books, key, guarantee, category):
    """Tell whether km and days run from the delivery, by the class of the work."""
    visit = books.script.visits[key]
    km = int(visit["delivery_mileage"] or visit["mileage"])
    delivered = datetime.fromisoformat(books.orders[key]["delivered_at"] + "+00:00")
    start = delivered.astimezone(ZONE).date()
    end = start + timedelta(days=category["guarantee_days"])
    return (
        date.fromisoformat(guarantee["start_date"]) == start
        and date.fromisoformat(guarantee["end_date"]) == end
        and guarantee["start_km"] == km
        and guarantee["end_km"] == km + category["guarantee_km"]
    )
