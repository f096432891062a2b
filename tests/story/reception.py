"""What the advisors do: from the gate to the customer's decision."""

from tests.story.house import signature
from tests.story.script import day, utc
from tests.story.visit import JOB, ORDER

LINE = "dealer.repair.line"


def open_visit(visit, step):
    """Register owner and car, then open the visit, booked or walked in."""
    login, row = step["by"], visit.row
    user = visit.house.user(login)
    partner_id = visit.house.customer(login, visit.script.customers[row["customer"]])
    visit.vehicle_id = _register_car(visit, login)
    values = {
        "external_ref": visit.reference,
        "vehicle_id": visit.vehicle_id,
        "partner_id": partner_id,
        "sender_name": row["sender"],
        "sender_phone": row["sender_phone"],
        "concern": row["concern"],
    }
    if step["detail"] == "booked":
        values |= visit.booking_values(signature(row["sender"]))
    visit.id = user.create(ORDER, **values)
    visit.diagnosis_id = visit.read(login, "diagnosis_id")["diagnosis_id"][0]


def _register_car(visit, login):
    """Return the file of the car; the owner is the one the car is known by."""
    car = visit.script.cars[visit.row["car"]]
    owner = visit.script.customers[car["customer"]]
    values = {
        "vin": car["vin"],
        "plate": car["plate"],
        "model_id": visit.house.model(login, car["model"]),
        "owner_id": visit.house.customer(login, owner),
        "engine_no": car["engine_no"],
        "color": car["color"],
        "purchase_date": car["purchase_date"],
    }
    return visit.house.user(login).call("dealer.vehicle", "register", values)


def log_odometer(visit, step):
    """Enter an old reading of the paper file, as the archivist."""
    advisor = step["by"].replace("archivist", "advisor")
    vehicle_id = _register_car(visit, advisor)
    values = {"vehicle_id": vehicle_id, "value": int(step["detail"])}
    visit.house.user(step["by"]).create("dealer.odometer", **values)


def set_owner(visit, step):
    """Note that the car was sold."""
    owner = visit.script.customers[step["detail"]]
    partner_id = visit.house.customer(step["by"], owner)
    user = visit.house.user(step["by"])
    user.call("dealer.vehicle", "set_owner", [visit.vehicle_id], partner_id)


def set_plate(visit, step):
    """Note the plate of a car that has just got one."""
    user = visit.house.user(step["by"])
    user.call("dealer.vehicle", "set_plate", [visit.vehicle_id], step["detail"])


def arrive(visit, step):
    """Receive a booked car."""
    visit.call(step["by"], "action_arrive")


def fill_intake(visit, step):
    """Fill in the intake sheet, belongings and papers line by line."""
    visit.write(step["by"], **visit.intake_values(step["by"]))


def sign_intake(visit, step):
    """Have the customer sign the intake sheet."""
    name = step["detail"]
    visit.call(step["by"], "sign_intake", name, signature(name))


def start_diagnosis(visit, step):
    """Close the intake sheet; where the store charges it, the fee is on offer."""
    visit.call(step["by"], "action_start_diagnosis")
    fees = [row for row in visit.script.jobs[visit.key] if row["origin"] == "fee"]
    for row in fees:
        domain = [("order_id", "=", visit.id), ("is_diagnosis_fee", "=", True)]
        visit.jobs[row["job"]] = visit.house.user(step["by"]).search(JOB, domain)[0]


def diagnose(visit, step):
    """Write the diagnosis sheet, as a technician."""
    names = ("symptom", "tests", "trouble_codes", "findings", "cause", "advice")
    values = {name: visit.row[name] for name in (*names, "urgency")}
    values["test_ids"] = [
        (0, 0, _test_values(row)) for row in visit.script.tests[visit.key]
    ]
    user = visit.house.user(step["by"])
    user.write("dealer.diagnosis", [visit.diagnosis_id], **values)


def _test_values(row):
    """Return a test as the technician types it in: only what the row says."""
    values = {name: text for name, text in row.items() if text and name != "visit"}
    for name in ("value", "min_value", "max_value"):
        if name in values:
            values[name] = float(values[name])
    return values


def estimate(visit, step):
    """Write the jobs of the first estimate and the promised time."""
    login = step["by"]
    user = visit.house.user(login)
    for job in visit.script.jobs[visit.key]:
        if job["origin"] in ("addon", "fee"):
            continue
        values = visit.job_values(login, job) | _links(visit, login, job)
        if finding_id := values.get("finding_id"):
            visit.jobs[job["job"]] = _revive(visit, login, finding_id, values)
        else:
            visit.jobs[job["job"]] = user.create(JOB, **values)
    visit.write(login, promised_at=utc(visit.row["promised_at"]))


def _revive(visit, login, finding_id, values):
    """Offer a finding again; its labour and parts are those of the former job."""
    job_id = visit.call(login, "add_findings", [finding_id])[0]
    names = ("sequence", "cause", "correction")
    user = visit.house.user(login)
    user.write(JOB, [job_id], **{name: values[name] for name in names})
    return job_id


def _links(visit, login, job):
    """Return the guarantee or the finding that a job goes back to."""
    user = visit.house.user(login)
    links = {}
    if job["guarantee_of"]:
        name = _former_name(visit, job["guarantee_of"])
        domain = [("vehicle_id", "=", visit.vehicle_id), ("job_id.name", "=", name)]
        links["guarantee_id"] = user.search("dealer.guarantee", domain)[0]
    if job["finding_of"]:
        name = _former_name(visit, job["finding_of"])
        domain = [("vehicle_id", "=", visit.vehicle_id), ("name", "=", name)]
        links["finding_id"] = user.search("dealer.vehicle.finding", domain)[0]
    return links


def _former_name(visit, text):
    key, _slash, number = text.partition("/")
    return visit.script.job(key, number)["name"]


def acknowledge(visit, step):
    """Explain the diagnosis to the customer."""
    visit.call(step["by"], "acknowledge_diagnosis", step["detail"])


def offer(visit, step):
    """Offer the first estimate, with a promise that the workshop can keep."""
    login = step["by"]
    wanted = utc(visit.row["promised_at"])
    earliest = visit.call(login, "propose_promise")["promised_at"]
    if earliest and str(earliest) > str(wanted):
        visit.write(login, promised_at=earliest)
    visit.call(login, "action_offer")


def revise(visit, step):
    """Change lines of an offer as the rows of the new revision say."""
    login, job_id = step["by"], visit.jobs[step["job"]]
    user = visit.house.user(login)
    for row in visit.script.job_lines(visit.key, step["job"], step["detail"]):
        product_id = visit.house.product(login, row["product"])
        domain = [("job_id", "=", job_id), ("product_id", "=", product_id)]
        line_ids = user.search(LINE, domain)
        values = visit.line_values(login, row)
        if not values["quantity"]:
            user.call(LINE, "unlink", line_ids)
        elif line_ids:
            user.write(LINE, line_ids, **values)
        else:
            user.create(LINE, job_id=job_id, **values)


def offer_job(visit, step):
    """Offer an add-on, completed by the advisor, or a changed job."""
    job = visit.job_row(step)
    if job["origin"] == "addon":
        category_id = visit.house.category(step["by"], job["category"])
        values = {"category_id": category_id, "correction": job["correction"]}
        visit.call_job(step, "write", values)
    visit.call_job(step, "action_offer")


def decide(visit, step):
    """Record what the customer decided; the detail says round and channel."""
    round_, channel, remark = (*step["detail"].split("|"), "")[:3]
    decisions = [
        {
            "job_id": visit.jobs[row["job"]],
            "revision": int(row["revision"]),
            "decision": row["decision"],
            "reason": row["reason"],
            "danger": row["danger"],
            "follow_up_date": day(row["follow_up_date"]),
            "follow_up_km": int(row["follow_up_km"] or 0),
        }
        for row in visit.script.decisions[visit.key]
        if row["round"] == round_
    ]
    signer = visit.row["sender"]
    drawing = signature(signer) if channel == "counter" else False
    arguments = (decisions, signer, drawing, channel, remark)
    visit.call(step["by"], "record_decisions", *arguments)


def take_up(visit, step):
    """Go on with the estimate of a former visit: booked, or as the car is back."""
    login, former = step["by"], visit.script.visits[step["detail"]]
    user = visit.house.user(login)
    domain = [("external_ref", "=", f"STORY-{former['visit']}")]
    former_id = user.search(ORDER, domain)[0]
    if visit.row["booked_start"]:
        values = visit.booking_values(signature(visit.row["sender"]))
        visit.id = user.call(
            ORDER,
            "convert_to_appointment",
            [former_id],
            values["booked_start"],
            values["booked_bay_id"],
            values["booked_hours"],
            values["booking_signed_by"],
            values["booking_signature"],
        )
    else:
        visit.id = user.call(ORDER, "convert_to_visit", [former_id])
    visit.write(login, external_ref=visit.reference)


def leave(visit, step):
    """Let the customer drive away unrepaired."""
    visit.call(step["by"], "action_leave", step["detail"])


def cancel(visit, step):
    """Call the visit off."""
    visit.call(step["by"], "action_cancel", step["detail"])


STEPS = {
    "open": open_visit,
    "log_odometer": log_odometer,
    "set_owner": set_owner,
    "set_plate": set_plate,
    "arrive": arrive,
    "intake": fill_intake,
    "sign_intake": sign_intake,
    "start_diagnosis": start_diagnosis,
    "diagnose": diagnose,
    "estimate": estimate,
    "acknowledge": acknowledge,
    "offer": offer,
    "revise": revise,
    "offer_job": offer_job,
    "decide": decide,
    "take_up": take_up,
    "leave": leave,
    "cancel": cancel,
}
