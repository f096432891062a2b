"""How far an earlier, interrupted run came with a visit.

A visit is found by its external reference. Its steps were played in order, so the one
after the last that left a trace on the server is the one to go on with.
"""

from collections import Counter

from tests.story.visit import JOB

RANKS = (
    "booked",
    "intake",
    "diagnosis",
    "offered",
    "accepted",
    "in_progress",
    "inspection",
    "ready",
    "settled",
    "delivered",
)
# The rank of the visit that proves that a step was played.
PROVED_BY = {
    "arrive": "intake",
    "start_diagnosis": "diagnosis",
    "offer": "offered",
    "start_work": "in_progress",
    "ready": "ready",
    "settle": "settled",
    "deliver": "delivered",
}
# The field of the visit that proves it.
FIELDS = {
    "intake": "walkround_done",
    "sign_intake": "intake_signed_by",
    "diagnose": "findings",
    "acknowledge": "acknowledged_on",
    "prepare": "prep_washed",
    "leave_gate": "left_gate_at",
}
# Proved by the visit itself; repeating them would do no harm.
WITH_THE_VISIT = {"open", "take_up", "log_odometer", "set_owner", "set_plate"}


def count_done(visit):
    """Return how many steps of a visit were played before.

    :param Visit visit: gets its records when there are any
    :rtype: int
    """
    steps = [row for row in visit.script.steps if row["visit"] == visit.key]
    manager = f"manager{visit.house.store_number(visit.row['store'])}"
    if not visit.find(manager):
        return 0
    traces = _Traces(visit, manager, steps)
    proved = [traces.proves(step) for step in steps]
    return len(steps) - proved[::-1].index(True)


class _Traces:
    """What the server remembers of a visit, counted off step by step."""

    def __init__(self, visit, login, steps):
        self.visit, self._steps = visit, steps
        user = visit.house.user(login)
        amounts = ("amount_invoiced", "amount_due", "amount_deposit")
        others = ("state", "credit_ids")
        self.order = visit.read(login, *amounts, *others, *FIELDS.values())
        fields = ("state", "revision", "main_technician_id")
        jobs = user.read(JOB, list(visit.jobs.values()), *fields)
        self.jobs = {job["id"]: job for job in jobs}
        mine = [("order_id", "=", visit.id)]
        self.approvals = Counter(
            (row["job_id"][0], row["revision"])
            for row in user.search_read(
                "dealer.repair.approval", mine, "job_id", "revision"
            )
        )
        self.checks = self._count_checks(user, mine)
        model = "dealer.compliance.record"
        records = user.search_read(model, mine, "state")
        self.records = Counter(row["state"] for row in records)
        self.clocks = self._count_clocks(user, mine)
        reworks = [*mine, ("cause_class", "!=", False)]
        self.explained = Counter(all=len(user.search("dealer.rework", reworks)))

    @staticmethod
    def _count_checks(user, domain):
        found = Counter()
        fields = ("stage", "state", "job_id", "started_at")
        for row in user.search_read("dealer.quality.check", domain, *fields):
            job_id = row["job_id"] and row["job_id"][0]
            found[row["stage"], "any", job_id] += 1
            found[row["stage"], "started", job_id] += bool(row["started_at"])
            found[row["stage"], "done", job_id] += row["state"] == "done"
        return found

    @staticmethod
    def _count_clocks(user, domain):
        found = Counter()
        fields = ("job_id", "employee_id", "stop")
        for row in user.search_read("dealer.work.log", domain, *fields):
            job_id, name = row["job_id"][0], row["employee_id"][1]
            found["in", job_id, name] += 1
            found["out", job_id, name] += bool(row["stop"])
        return found

    def proves(self, step):
        """Tell whether the step was played, and count it off."""
        name, state = step["step"], self.order["state"]
        if name in WITH_THE_VISIT:
            return True
        if state in ("left", "cancelled"):
            return True
        if name in PROVED_BY:
            return RANKS.index(state) >= RANKS.index(PROVED_BY[name])
        if name in FIELDS:
            return bool(self.order[FIELDS[name]])
        return bool(getattr(self, f"_proves_{name}", lambda _step: False)(step))

    def _job(self, step):
        return self.jobs.get(self.visit.jobs.get(step["job"])) or {}

    def _take(self, counter, key):
        """Count one trace off; the next step of that kind needs another."""
        counter[key] -= 1
        return counter[key] >= 0

    # === ONE METHOD PER STEP === #

    def _proves_estimate(self, step):
        estimated = [
            row["job"]
            for row in self.visit.script.jobs[self.visit.key]
            if row["origin"] not in ("addon", "fee")
        ]
        return all(number in self.visit.jobs for number in estimated)

    def _proves_raise_addon(self, step):
        return step["job"] in self.visit.jobs

    def _proves_revise(self, step):
        return self._job(step).get("revision", 0) >= int(step["detail"])

    def _proves_offer_job(self, step):
        job = self._job(step)
        revised = any(
            row["step"] == "revise" and row["job"] == step["job"] for row in self._steps
        )
        return job.get("state", "draft") != "draft" and job["revision"] > revised

    def _proves_decide(self, step):
        round_ = step["detail"].split("|")[0]
        rows = self.visit.script.decisions[self.visit.key]
        return all(
            self.approvals[self.visit.jobs.get(row["job"]), int(row["revision"])]
            for row in rows
            if row["round"] == round_
        )

    def _proves_plan(self, step):
        return self._job(step).get("main_technician_id")

    def _proves_clock_in(self, step):
        return self._take(self.clocks, self._clock_key("in", step))

    def _proves_clock_out(self, step):
        return self._take(self.clocks, self._clock_key("out", step))

    def _clock_key(self, kind, step):
        name = self.visit.house.name(step["by"])
        return kind, self._job(step).get("id"), name

    def _proves_finish(self, step):
        key = self._clock_key("out", step)
        started = self.checks["self", "any", self._job(step).get("id")]
        return started and self._take(self.clocks, key)

    def _proves_self_check(self, step):
        return self._take(self.checks, ("self", "done", self._job(step).get("id")))

    def _proves_peer_check(self, step):
        return self._take(self.checks, ("peer", "done", self._job(step).get("id")))

    def _proves_intake_check(self, step):
        return self._take(self.checks, ("intake", "done", self._job(step).get("id")))

    def _proves_ask_process(self, step):
        return self.checks["process", "any", self._job(step).get("id")]

    def _proves_process_check(self, step):
        return self._take(self.checks, ("process", "done", self._job(step).get("id")))

    def _proves_explain(self, step):
        return self._take(self.explained, "all")

    def _proves_request_inspection(self, step):
        return self._take(self.checks, ("final", "any", False))

    def _proves_final_start(self, step):
        return self._take(self.checks, ("final", "started", False))

    def _proves_final_pass(self, step):
        return self._take(self.checks, ("final", "done", False))

    _proves_final_fail = _proves_final_pass

    def _proves_complete_record(self, step):
        return self.records["pending"] + self.records["sent"] > 0

    def _proves_deposit(self, step):
        return self.order["amount_deposit"] > 0 or self.order["amount_invoiced"] > 0

    def _proves_invoice(self, step):
        return self.order["amount_invoiced"]

    def _proves_pay(self, step):
        settled = RANKS.index(self.order["state"]) >= RANKS.index("settled")
        if settled and step is not self._steps[-1]:
            return True
        return self.order["amount_invoiced"] and not self.order["amount_due"]

    def _proves_credit(self, step):
        return self.order["credit_ids"]
