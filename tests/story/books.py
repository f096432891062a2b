"""Check the books after the story, over XML-RPC, as the group manager and the auditor.

Each check returns the sentences that say what does not agree; an empty list is good.
What should be there is worked out from the story's own rows and from what the roles
can read, never from the code under test.
"""

from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from tests.story.house import House
from tests.story.script import Script
from tests.story.visit import JOB, ORDER

STORY = ("external_ref", "=like", "STORY-%")
APPROVED = {
    "approved",
    "in_progress",
    "paused",
    "self_checked",
    "peer_checked",
    "rework",
    "done",
}
LINE_FIELDS = (
    "job_id",
    "kind",
    "product_id",
    "quantity",
    "price_unit",
    "discount",
    "part_origin",
    "price_total",
)
SALE_FIELDS = (
    "dealer_line_id",
    "order_id",
    "product_id",
    "product_uom_qty",
    "price_unit",
    "discount",
    "price_total",
    "qty_delivered",
)
MOVE_FIELDS = (
    "dealer_order_id",
    "partner_id",
    "company_id",
    "state",
    "move_type",
    "invoice_date",
    "amount_total",
    "amount_residual",
)


def cents(amount):
    """Return an amount of money in whole cents."""
    quantized = Decimal(str(amount)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return int(quantized * 100)


def grouped(rows, *fields):
    """Return rows in lists, by the ids of many2one fields or plain values."""
    found = defaultdict(list)
    for row in rows:
        key = tuple(identity(row[field]) for field in fields)
        found[key[0] if len(key) == 1 else key].append(row)
    return found


def identity(value):
    """Return the id of a many2one value, or the value itself."""
    return value[0] if isinstance(value, list) and len(value) == 2 else value


# Percent of the labour, as the demo stores have it.
SYMPTOM_PREMIUM = 10


class Books:
    """What the server says at the end of the month, read once.

    :param str url: of the server
    :param str database: the story was played on it
    """

    def __init__(self, url, database):
        self.script = Script()
        self.house = House(url, database)
        self.manager = self.house.user("group1")
        self.auditor = self.house.user("auditor1")

    # === WHAT THE SERVER SAYS === #

    @cached_property
    def orders(self):
        """Return the visits of the story by their key."""
        fields = (
            "external_ref",
            "name",
            "state",
            "company_id",
            "vehicle_id",
            "partner_id",
            "mileage",
            "delivery_mileage",
            "arrived_at",
            "delivered_at",
            "amount_total",
            "amount_due",
        )
        rows = self.manager.search_read(ORDER, [STORY], *fields)
        return {row["external_ref"].removeprefix("STORY-"): row for row in rows}

    @cached_property
    def keys(self):
        """Return the keys of visits by record id."""
        return {order["id"]: key for key, order in self.orders.items()}

    @cached_property
    def jobs(self):
        """Return the jobs of the story by id."""
        fields = (
            "order_id",
            "name",
            "state",
            "revision",
            "payer",
            "category_id",
            "origin",
            "amount_total",
            "clocked_hours",
        )
        domain = [("order_id.external_ref", "=like", "STORY-%")]
        rows = self.manager.search_read(JOB, domain, *fields)
        return {row["id"]: row for row in rows}

    @cached_property
    def lines(self):
        """Return the repair lines of the story by id."""
        domain = [("job_id", "in", list(self.jobs))]
        model = "dealer.repair.line"
        rows = self.manager.search_read(model, domain, *LINE_FIELDS)
        return {row["id"]: row for row in rows}

    @cached_property
    def approvals(self):
        """Return the customers' decisions, oldest first."""
        fields = (
            "order_id",
            "job_id",
            "revision",
            "decision",
            "amount_total",
            "content_hash",
            "previous_hash",
        )
        model = "dealer.repair.approval"
        domain = [("order_id", "in", list(self.keys))]
        return self.manager.search_read(model, domain, *fields, order="id")

    @cached_property
    def sale_lines(self):
        """Return the lines of confirmed sale orders of the story's visits."""
        domain = [
            ("order_id.dealer_order_id", "in", list(self.keys)),
            ("order_id.state", "=", "sale"),
        ]
        return self.auditor.search_read("sale.order.line", domain, *SALE_FIELDS)

    @cached_property
    def invoices(self):
        """Return the posted invoices of the story's visits."""
        domain = [
            ("dealer_order_id", "in", list(self.keys)),
            ("state", "=", "posted"),
        ]
        return self.auditor.search_read("account.move", domain, *MOVE_FIELDS)

    @cached_property
    def logs(self):
        """Return all clocks, oldest first."""
        fields = ("employee_id", "order_id", "job_id", "start", "stop", "hours")
        model = "dealer.work.log"
        return self.manager.search_read(model, [], *fields, order="start, id")

    @cached_property
    def vehicles(self):
        """Return the files of the story's cars by VIN."""
        fields = ("vin", "license_plate", "owner_id", "odometer", "repair_order_ids")
        vins = [car["vin"] for car in self.script.cars.values()]
        domain = [("vin", "in", vins)]
        rows = self.manager.search_read("dealer.vehicle", domain, *fields)
        return {row["vin"]: row for row in rows}

    @cached_property
    def products(self):
        """Return reference and list price of products by id."""
        fields = ("default_code", "list_price")
        domain = [("dealer_kind", "!=", False)]
        rows = self.manager.search_read("product.product", domain, *fields)
        return {row["id"]: row for row in rows}

    # === WHAT THE STORY SAYS === #

    def job_of(self, key, number):
        """Return the record of one job of the story."""
        name = self.script.job(key, number)["name"]
        order_id = self.orders[key]["id"]
        return next(
            job
            for job in self.jobs.values()
            if identity(job["order_id"]) == order_id and job["name"] == name
        )

    def approved_rows(self, key):
        """Return the job rows that the story's customer said yes to, in the end.

        A visit that was called off has none.
        """
        if self.script.visits[key]["ends_in"] == "cancelled":
            return []
        decided = self.script.last_decisions(key)
        return [
            row
            for row in self.script.jobs[key]
            if decided.get(row["job"], {}).get("decision") == "approved"
        ]

    def expected_lines(self, key, row):
        """Return product code, quantity and total in cents of a job's lines.

        Prices include the tax, as they do at a Chinese counter.
        """
        prices = {
            product["default_code"]: product["list_price"]
            for product in self.products.values()
        }
        own_cost = row["payer"] in ("internal", "goodwill")
        result = []
        for code, line in self.script.final_lines(key, row["job"]).items():
            price = Decimal(line["price"] or str(prices[code]))
            free = own_cost or line["part_origin"] == "customer"
            discount = Decimal(100) if free else Decimal(line["discount"] or 0)
            quantity = Decimal(line["quantity"])
            total = cents(quantity * price * (100 - discount) / 100)
            result.append((code, float(quantity), total))
        return sorted(result)

    def returned(self, key, number):
        """Return how many parts of a job came back unused, by product code."""
        found = Counter()
        for step in self.script.steps:
            if (step["visit"], step["job"], step["step"]) == (
                key,
                number,
                "bring_back",
            ):
                code, quantity, *_why = step["detail"].split("|")
                found[code] += float(quantity)
        return found

    def billed_lines(self, key, row):
        """Return the lines of a job as they are billed: less what came back."""
        returned = self.returned(key, row["job"])
        return [
            (
                code,
                quantity - returned[code],
                round(total * (quantity - returned[code]) / quantity),
            )
            for code, quantity, total in self.expected_lines(key, row)
        ]

    def premium(self, key, row):
        """Return in cents what a job costs more for being estimated by symptom.

        Labour operations have numbers that begin with GS.
        """
        if row["method"] != "symptom":
            return 0
        labour = sum(
            total
            for code, _quantity, total in self.expected_lines(key, row)
            if code.startswith("GS-")
        )
        return round(labour * SYMPTOM_PREMIUM / 100)

    def expected_total(self, key, payer=None):
        """Return in cents what a visit's jobs cost one payer, or all."""
        return sum(
            self.premium(key, row)
            + sum(line[2] for line in self.billed_lines(key, row))
            for row in self.approved_rows(key)
            if payer in (None, row["payer"])
        )
