"""What happens on the side: questions, reports, passes."""

NOTE = "dealer.release.note"
OBJECTION = "dealer.objection"


def request_parts(visit, step):
    """Ask the parts keeper for the parts of a job; the detail is the note."""
    visit.call_job(step, "request_parts", [], step["detail"])


def report(visit, step):
    """Report that car and order do not match, or object; detail: kind, text."""
    visit.call_job(step, "report_objection", *step["detail"].split("|"))


def answer_report(visit, step):
    """Answer what a technician reported."""
    user = visit.house.user(step["by"])
    open_reports = [("order_id", "=", visit.id), ("answered_at", "=", False)]
    reports = user.search(OBJECTION, open_reports)
    user.call(OBJECTION, "answer_report", reports, step["detail"])


def temporary_pass(visit, step):
    """Let a car out for a drive; detail: kind, reason, minutes."""
    kind, reason, minutes = step["detail"].split("|")
    visit.call(step["by"], "issue_temporary_pass", kind, reason, int(minutes))


def pass_out(visit, step):
    """Stamp at the gate that the car is out on its pass."""
    _stamp_pass(visit, step, "action_check_out")


def pass_in(visit, step):
    """Stamp at the gate that the car is back."""
    _stamp_pass(visit, step, "action_check_in")


def _stamp_pass(visit, step, method):
    # The gate sees notes, no visits: the advisor hands the note over.
    advisor = f"advisor{visit.house.store_number(visit.row['store'])}"
    mine = [("order_id", "=", visit.id), ("kind", "in", ("road_test", "errand"))]
    notes = visit.house.user(advisor).search(NOTE, mine, limit=1)
    visit.house.user(step["by"]).call(NOTE, method, notes)


STEPS = {
    "request_parts": request_parts,
    "report": report,
    "answer_report": answer_report,
    "temporary_pass": temporary_pass,
    "pass_out": pass_out,
    "pass_in": pass_in,
}
