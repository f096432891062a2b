"""The first demo store as its staff meets it: logins, and visits step by step."""

import contextlib
import datetime
import itertools

import psycopg2

from tests.rpc import Client
from tools import environment

ORDER = "dealer.repair.order"
JOB = "dealer.repair.job"
CHECK = "dealer.quality.check"
CHECK_LINE = "dealer.quality.check.line"
PASSWORD = "demo"
ENGLISH = {"lang": "en_US", "tz": "Asia/Shanghai"}
# A white pixel: the customer's signature.
SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP6DwABBQECz6AuzQAAAABJ"
    "RU5ErkJggg=="
)
PREPARED = ("prep_washed", "prep_cleaned", "prep_settings", "prep_old_parts")
FINGERPRINT = r"""
    SELECT relname, query_to_xml(format(
        'SELECT count(*), sum(hashtext(t::text)::bigint) FROM %I t', relname),
        true, true, '')::text
      FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
       AND relname ~ '^(dealer|sale_order|account_(move|pay|part)|stock_(move|quant))'
"""


class Shop:
    """Clients by login, and visits driven by the role that takes each step.

    :param Server server: serves our addons with their demo data
    """

    def __init__(self, server):
        self.server = server
        self.admin = Client(server.url, server.database, context=ENGLISH)
        self.numbers = itertools.count(1)
        self._clients = {}
        self._ids = {}

    # === WHO AND WHAT === #

    def log_in(self, login):
        """Return a new client; a thread needs one of its own."""
        address = (self.server.url, self.server.database)
        return Client(*address, login, PASSWORD, context=ENGLISH)

    def user(self, login):
        """Return the client of a demo user, logged in once."""
        if login not in self._clients:
            self._clients[login] = self.log_in(login)
        return self._clients[login]

    def ref(self, name):
        """Return the id behind an external id of ours."""
        if name not in self._ids:
            self._ids[name] = self.admin.ref(f"dealer_service.{name}")
        return self._ids[name]

    def make_vin(self):
        """Return a VIN that no car has yet."""
        return f"LSVNU2180N3{next(self.numbers):06d}"

    # === FACTORIES === #

    def add_car(self, **values):
        """Open the file of a new car with an owner."""
        owner = {"name": "王小明", "phone": "13800000001"}
        values = {
            "vin": self.make_vin(),
            "plate": f"沪A{next(self.numbers):05d}",
            "owner_id": self.user("advisor1").create("res.partner", **owner),
            **values,
        }
        return self.user("advisor1").call("dealer.vehicle", "register", values)

    def prepare_job(self, *lines, **values):
        """Return the values of a job; an oil change by default."""
        lines = lines or (
            {"product_id": self.ref("demo_labour_oil"), "quantity": 0.5},
            {"product_id": self.ref("demo_part_oil_full"), "quantity": 1},
        )
        return {
            "name": "更换机油",
            "category_id": self.ref("dealer_repair_category_service"),
            "line_ids": [(0, 0, line) for line in lines],
            **values,
        }

    def prepare_visit(self, **values):
        """Return the values of a visit with a complete intake sheet."""
        return {
            "concern": "保养",
            "mileage": 30000,
            "fuel_percent": 50,
            "walkround_done": True,
            "belongings_none": True,
            "papers_listed": True,
            "job_ids": [(0, 0, self.prepare_job())],
            **values,
        }

    def open_visit(self, state="intake", **values):
        """Receive a new car and bring it to a state.

        :return: id of the visit
        """
        values.setdefault("vehicle_id", 0) or values.update(vehicle_id=self.add_car())
        visit = self.user("advisor1").create(ORDER, **self.prepare_visit(**values))
        self.bring_to(visit, state)
        return visit

    # === STEPS === #

    def call(self, login, visit, method, *args, **kwargs):
        """Call a method of a visit as a user."""
        return self.user(login).call(ORDER, method, [visit], *args, **kwargs)

    def read(self, visit, *fields):
        """Read fields of a visit."""
        return self.admin.read(ORDER, visit, *fields)

    def jobs(self, visit, *states):
        """Return the ids of a visit's jobs, in certain states or all."""
        domain = [("order_id", "=", visit)]
        return self.admin.search(JOB, domain + [("state", "in", states)] * bool(states))

    def bring_to(self, visit, state):
        """Take the steps that lead to a state, each by its role."""
        steps = {
            "intake": None,
            "diagnosis": self._start_diagnosis,
            "offered": self._offer,
            "accepted": self.approve,
            "in_progress": self._start_work,
            "inspection": self._do_the_work,
            "ready": self._inspect,
            "settled": self._settle,
            "delivered": self._deliver,
        }
        names = list(steps)
        first = names.index(self.read(visit, "state")["state"]) + 1
        for name in names[first : names.index(state) + 1]:
            steps[name](visit)

    def _start_diagnosis(self, visit):
        self.call("advisor1", visit, "sign_intake", "王小明", SIGNATURE)
        self.call("advisor1", visit, "action_start_diagnosis")
        sheet = self.read(visit, "diagnosis_id")["diagnosis_id"][0]
        tech = self.user("tech1")
        tech.write("dealer.diagnosis", [sheet], findings="机油变黑", cause="到期")

    def promise(self, visit):
        """Agree on a delivery time: tomorrow, or the earliest after it."""
        time = datetime.datetime.now() + datetime.timedelta(days=1)
        promised = time.strftime("%Y-%m-%d %H:%M:%S")
        earliest = self.call("advisor1", visit, "propose_promise")["promised_at"]
        self.user("advisor1").write(ORDER, [visit], promised_at=max(promised, earliest))

    def _offer(self, visit):
        self.promise(visit)
        self.call("advisor1", visit, "action_offer")

    def prepare_answers(self, visit, decision="approved"):
        """Return the customer's answers to all that is on offer."""
        jobs = self.admin.read(JOB, self.jobs(visit, "offered"), "revision")
        return [
            {"job_id": job["id"], "revision": job["revision"], "decision": decision}
            for job in jobs
        ]

    def approve(self, visit):
        """Let the customer say yes to all that is on offer."""
        answers = self.prepare_answers(visit)
        args = (answers, "王小明", SIGNATURE)
        return self.call("advisor1", visit, "record_decisions", *args)

    def _start_work(self, visit):
        self.call("dispatcher1", visit, "action_start_work", True)

    def _do_the_work(self, visit):
        for job in self.jobs(visit, "approved"):
            self.user("tech1").call(JOB, "action_clock_in", [job])
            self.user("parts1").call(JOB, "action_issue_parts", [job])
            self.user("tech1").call(JOB, "action_finish", [job])
            self.check("tech1", visit, "self", job)
            self.check("leader1", visit, "peer", job)
        self.call("leader1", visit, "action_request_inspection")

    def check(self, login, visit, stage, job=False):
        """Do a check in which every line passes."""
        user = self.user(login)
        check = user.call(CHECK, "start", visit, stage, job)
        fields = ("is_measured", "min_value", "max_value", "is_road_test")
        domain = [("check_id", "=", check)]
        points = user.search_read(CHECK_LINE, domain, *fields)
        lines = [line for line in points if not line["is_road_test"]]
        results = [
            {
                "line_id": line["id"],
                "result": "pass",
                "value": line["is_measured"]
                and (line["max_value"] or line["min_value"])
                or None,
            }
            for line in lines
        ]
        if len(lines) < len(points):
            self._drive(user, check, results)
        return user.call(CHECK, "finish", [check], "OK", results)

    def _drive(self, user, check, results):
        """Answer the points of a check, then drive eight kilometres."""
        for result in results:
            values = {key: result[key] for key in ("result", "value")}
            user.write(CHECK_LINE, [result["line_id"]], **values)
        order = user.read(CHECK, check, "order_id")["order_id"][0]
        car = self.read(order, "vehicle_id")["vehicle_id"][0]
        start = self.admin.read("dealer.vehicle", car, "odometer")["odometer"]
        drive = {"start_km": start, "end_km": start + 8}
        user.call(CHECK, "record_road_test", [check], drive)

    def _inspect(self, visit):
        self.check("inspector1", visit, "final")
        self.user("advisor1").write(ORDER, [visit], **dict.fromkeys(PREPARED, True))
        self.call("advisor1", visit, "action_ready")

    def pay(self, visit):
        """Invoice the visit and take the money."""
        self.call("settlement1", visit, "action_create_invoices")
        due = self.read(visit, "amount_due")["amount_due"]
        self.call("settlement1", visit, "register_payment", due, self.find_till())

    def find_till(self):
        """Return the id of the store's cash journal."""
        company = self.ref("demo_store_main")
        domain = [("type", "=", "cash"), ("company_id", "=", company)]
        return self.admin.search("account.journal", domain, limit=1)[0]

    def _settle(self, visit):
        self.pay(visit)
        self.call("settlement1", visit, "action_settle")

    def prepare_delivery(self, visit):
        """Inspect the car with the customer, who signs."""
        advisor = self.user("advisor1")
        done = {"joint_inspection": True, "belongings_returned": True}
        advisor.write(ORDER, [visit], old_parts_result="returned", **done)
        self.call("advisor1", visit, "sign_delivery", "王小明", SIGNATURE)

    def _deliver(self, visit):
        self.prepare_delivery(visit)
        self.call("advisor1", visit, "action_deliver")

    # === SNAPSHOTS === #

    def snapshot(self):
        """Return a fingerprint of every table that a visit may leave a trace in.

        :return: number and hash of the rows, by table
        :rtype: dict
        """
        connection = psycopg2.connect(dbname=self.server.database, **postgres_address())
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute(FINGERPRINT)
            return dict(cursor.fetchall())


def postgres_address():
    """Return where PostgreSQL listens, for `psycopg2.connect`."""
    variables = environment.full()
    return {
        "host": variables["PGHOST"],
        "port": variables["PGPORT"],
        "user": variables["PGUSER"],
    }
