"""What dispatchers, technicians, parts keepers, leaders and inspectors do."""

from tests.story.house import signature
from tests.story.script import utc

CHECK = "dealer.quality.check"
CHECK_LINE = "dealer.quality.check.line"
RETURN = "dealer.parts.return"
REWORK = "dealer.rework"
LINE_FIELDS = (
    "is_measured",
    "min_value",
    "max_value",
    "is_road_test",
    "needs_photo_on_fail",
    "needs_photo",
    "job_id",
)


def plan(visit, step):
    """Give the job a bay and a technician; detail: bay, technician, start, hours.

    Where either is still taken, the dispatcher plans the job right after that.
    """
    bay, technician, start, hours = step["detail"].split("|")
    login = step["by"]
    bay_id = visit.house.bay(login, bay)
    technician_id = visit.house.technician(login, technician)
    start = _first_free(visit, login, bay_id, technician_id, utc(start))
    visit.call_job(step, "action_plan", bay_id, technician_id, start, float(hours))


def _first_free(visit, login, bay_id, technician_id, start):
    """Return when bay and technician are free, from a wanted start on."""
    resource = ["|", ("bay_id", "=", bay_id), ("employee_id", "=", technician_id)]
    user = visit.house.user(login)
    while True:
        domain = [*resource, ("start", "<=", start), ("stop", ">", start)]
        taken = user.search_read("dealer.reservation", domain, "stop")
        if not taken:
            return start
        start = max(slot["stop"] for slot in taken)


def start_work(visit, step):
    """Take the washed car over into the workshop."""
    visit.call(step["by"], "action_start_work", True)


def clock_in(visit, step):
    """Start the technician's clock."""
    visit.call_job(step, "action_clock_in")


def clock_out(visit, step):
    """Stop the technician's clock; the detail is the reason."""
    visit.call_job(step, "action_clock_out", step["detail"])


def issue(visit, step):
    """Hand out the parts of a job."""
    visit.call_job(step, "action_issue_parts")


def receive(visit, step):
    """Take in a delivery for the shelf; detail: product, quantity."""
    code, quantity = step["detail"].split("|")
    user = visit.house.user(step["by"])
    types = [("code", "=", "incoming")]
    kind = user.search_read(
        "stock.picking.type",
        types,
        "default_location_src_id",
        "default_location_dest_id",
    )[0]
    source, shelf = (
        kind[name][0]
        for name in ("default_location_src_id", "default_location_dest_id")
    )
    move = {
        "product_id": visit.house.product(step["by"], code),
        "product_uom_qty": float(quantity),
        "location_id": source,
        "location_dest_id": shelf,
    }
    picking = user.create(
        "stock.picking",
        picking_type_id=kind["id"],
        location_id=source,
        location_dest_id=shelf,
        move_ids=[(0, 0, move)],
    )
    user.call("stock.picking", "action_confirm", [picking])
    user.call("stock.picking", "button_validate", [picking])


def bring_back(visit, step):
    """Bring a part back; detail: product, quantity, reason, note."""
    code, quantity, reason, note = step["detail"].split("|")
    user = visit.house.user(step["by"])
    domain = [
        ("requisition_id.job_id", "=", visit.jobs[step["job"]]),
        ("product_id.default_code", "=", code),
    ]
    lines = user.search("dealer.parts.requisition.line", domain)
    arguments = (float(quantity), reason, note)
    user.call("dealer.parts.requisition.line", "ask_return", lines, *arguments)


def check_return(visit, step):
    """Look at a part that comes back, as the team leader."""
    _call_return(visit, step, "action_check")


def take_back(visit, step):
    """Put a part back on the shelf, as the parts keeper."""
    _call_return(visit, step, "action_receive")


def _call_return(visit, step, method):
    user = visit.house.user(step["by"])
    domain = [("job_id", "=", visit.jobs[step["job"]])]
    user.call(RETURN, method, user.search(RETURN, domain, limit=1))


def raise_addon(visit, step):
    """Report what was found while working, as the technician."""
    job = visit.job_row(step)
    lines = [
        {
            "product_id": visit.house.product(step["by"], row["product"]),
            "quantity": float(row["quantity"]),
        }
        for row in visit.script.job_lines(visit.key, step["job"], 1)
    ]
    values = {
        "name": job["name"],
        "cause": job["cause"],
        "addon_reason": job["addon_reason"],
        "is_safety": job["safety"] == "1",
        "extra_hours": float(job["extra_hours"] or 0),
        "lines": lines,
    }
    visit.jobs[step["job"]] = visit.call(step["by"], "raise_addon", values)


def finish(visit, step):
    """Stop the clock and open the self-check."""
    visit.call_job(step, "action_finish")


# === CHECKS === #


def self_check(visit, step):
    """Check one's own work."""
    _check(visit, step, "self", step["detail"] or "自检合格，作业完整")


def peer_check(visit, step):
    """Check the work of a team member."""
    _check(visit, step, "peer", step["detail"] or "互检合格")


def request_inspection(visit, step):
    """Hand the car to the inspector."""
    visit.call(step["by"], "action_request_inspection")


def final_start(visit, step):
    """Begin the final check."""
    visit.house.user(step["by"]).call(CHECK, "start", visit.id, "final")


def intake_check(visit, step):
    """Inspect a big job before it begins."""
    _check(visit, step, "intake", step["detail"] or "进厂检验完成，可以开工")


def ask_process(visit, step):
    """Ask the inspectors to look at a big job while it is worked on."""
    visit.call_job(step, "action_request_process_check")


def process_check(visit, step):
    """Inspect a job under way."""
    _check(visit, step, "process", step["detail"] or "过程检验合格")


def explain(visit, step):
    """Say why work is done again; detail: what it is charged to, corrective work."""
    cause_class, correction = step["detail"].split("|")
    user = visit.house.user(step["by"])
    mine = [("order_id", "=", visit.id), ("state", "=", "open")]
    reworks = user.search(REWORK, mine)
    user.write(REWORK, reworks, cause_class=cause_class, correction=correction)


def final_pass(visit, step):
    """Pass the final check; the detail are the drives of the road test."""
    _check(visit, step, "final", "终检合格，同意出厂", drives=step["detail"])


def final_fail(visit, step):
    """Fail the final check because of one job; the detail says why."""
    _check(visit, step, "final", "终检不合格，退回返工", failure=step["detail"])


def _check(visit, step, stage, conclusion, drives="", failure=None):
    """Start a check, answer every line and finish it."""
    user = visit.house.user(step["by"])
    job_id = visit.jobs.get(step["job"], False)
    arguments = [visit.id, stage] + ([job_id] if stage != "final" else [])
    check_id = user.call(CHECK, "start", *arguments)
    domain = [("check_id", "=", check_id)]
    lines = user.search_read(CHECK_LINE, domain, *LINE_FIELDS)
    asked = [line for line in lines if not line["is_road_test"]]
    results = [_answer(user, line) for line in asked]
    if failure:
        _fail_one(user, asked, results, job_id, failure)
    elif len(asked) < len(lines):
        _drive(visit, user, check_id, results, drives)
    expected = "fail" if failure else "pass"
    found = user.call(CHECK, "finish", [check_id], conclusion, results)
    if found != expected:
        raise AssertionError(f"{stage} check: {found} instead of {expected}")


def _drive(visit, user, check_id, results, drives):
    """Answer the points of a check, then drive: ``km:why it is repeated;km``."""
    for result in results:
        values = {key: result[key] for key in result.keys() - {"line_id"}}
        user.write(CHECK_LINE, [result["line_id"]], **values)
    mileage = int(visit.row["mileage"])
    for drive in drives.split(";"):
        km, _colon, noticed = drive.partition(":")
        values = {"start_km": mileage, "end_km": mileage + int(km)}
        if noticed:
            values |= {"result": "fail", "note": noticed}
        user.call(CHECK, "record_road_test", [check_id], values)
        mileage += int(km)


def _answer(user, line):
    """Return a passing answer to a line, with a photo where one is asked."""
    answer = {"line_id": line["id"], "result": "pass"}
    if line["is_measured"]:
        low, high = line["min_value"], line["max_value"]
        answer["value"] = (low + high) / 2 if high else low + 1
    if line["needs_photo"]:
        _photograph(user, line, "过程检验照片")
    return answer


def _fail_one(user, lines, results, job_id, failure):
    """Turn the answer about one job into a failure with a photo."""
    index = next(
        (i for i, line in enumerate(lines) if line["job_id"] == job_id),
        next(i for i, line in enumerate(lines) if not line["is_measured"]),
    )
    results[index] |= {"result": "fail", "note": failure, "job_id": job_id}
    if lines[index]["needs_photo_on_fail"]:
        _photograph(user, lines[index], failure)


def _photograph(user, line, text):
    """Put a photo to a line of a check."""
    photo = user.create(
        "ir.attachment",
        name=f"{text[:12]}.png",
        datas=signature(text),
        res_model=CHECK_LINE,
        res_id=line["id"],
    )
    user.write(CHECK_LINE, [line["id"]], photo_ids=[(4, photo)])


STEPS = {
    "plan": plan,
    "start_work": start_work,
    "clock_in": clock_in,
    "clock_out": clock_out,
    "issue": issue,
    "receive": receive,
    "bring_back": bring_back,
    "check_return": check_return,
    "take_back": take_back,
    "raise_addon": raise_addon,
    "finish": finish,
    "self_check": self_check,
    "peer_check": peer_check,
    "request_inspection": request_inspection,
    "intake_check": intake_check,
    "ask_process": ask_process,
    "process_check": process_check,
    "explain": explain,
    "final_start": final_start,
    "final_pass": final_pass,
    "final_fail": final_fail,
}
