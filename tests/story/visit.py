"""One visit while it is played: its rows, and the records it has become."""

from tests.story.script import utc

ORDER = "dealer.repair.order"
JOB = "dealer.repair.job"


class Visit:
    """A visit of the story and what the server calls its parts.

    :param House house: who logs in
    :param Script script: the whole story
    :param str key: such as ``M-01``; also the external reference
    """

    def __init__(self, house, script, key):
        self.house, self.script, self.key = house, script, key
        self.row = script.visits[key]
        self.id = self.vehicle_id = self.diagnosis_id = None
        self.jobs = {}
        self.paid = {}
        self.resumed = False  # Whether an earlier run was interrupted here.

    @property
    def reference(self):
        """Return the external reference of the repair order."""
        return f"STORY-{self.key}"

    def call(self, login, method, *args, **kwargs):
        """Call a method of the repair order as a user."""
        return self.house.user(login).call(ORDER, method, [self.id], *args, **kwargs)

    def write(self, login, **values):
        """Write fields of the repair order as a user."""
        return self.call(login, "write", values)

    def read(self, login, *fields):
        """Read fields of the repair order as a user."""
        return self.house.user(login).read(ORDER, self.id, *fields)

    def call_job(self, step, method, *args, **kwargs):
        """Call a method of the job that a step names, as its user."""
        job_id = self.jobs[step["job"]]
        user = self.house.user(step["by"])
        return user.call(JOB, method, [job_id], *args, **kwargs)

    def job_row(self, step):
        """Return the row of the job that a step names."""
        return self.script.job(self.key, step["job"])

    def find(self, login):
        """Find the order and its parts again after an interruption.

        :return: whether there is one
        """
        user = self.house.user(login)
        fields = ("vehicle_id", "diagnosis_id", "job_ids")
        domain = [("external_ref", "=", self.reference)]
        found = user.search_read(ORDER, domain, *fields)
        if not found:
            return False
        self.id = found[0]["id"]
        self.vehicle_id = found[0]["vehicle_id"][0]
        self.diagnosis_id = found[0]["diagnosis_id"][0]
        numbers = {row["name"]: row["job"] for row in self.script.jobs[self.key]}
        for job in user.read(JOB, found[0]["job_ids"], "name"):
            if job["name"] in numbers:  # The fee of a diagnosis stands nowhere.
                self.jobs[numbers[job["name"]]] = job["id"]
        return True

    # === VALUES FROM THE ROWS === #

    def booking_values(self, signature):
        """Return the values of a booked visit."""
        advisor = f"advisor{self.house.store_number(self.row['store'])}"
        return {
            "state": "booked",
            "booked_start": utc(self.row["booked_start"]),
            "booked_hours": float(self.row["booked_hours"]),
            "booked_bay_id": self.house.bay(advisor, self.row["booked_bay"]),
            "booking_signed_by": self.row["sender"],
            "booking_signature": signature,
        }

    def intake_values(self, login):
        """Return the values of the intake sheet, line by line.

        :param str login: who fills it in
        """
        row = self.row
        items = [("belonging", name) for name in row["belongings"].split(";") if name]
        items += [("document", name) for name in row["documents"].split(";") if name]
        items += [("lamp", lamp["lamp"]) for lamp in self.script.lamps[self.key]]
        lines = self._item_commands(login, items)
        return {
            "mileage": int(row["mileage"]),
            "mileage_reason": row["mileage_reason"],
            "fuel_percent": int(row["fuel"]),
            "key_count": int(row["keys"]),
            "key_box": row["key_box"],
            "belongings_none": not row["belongings"],
            "walkround_done": True,
            "walkround_note": row["walkround_note"],
            "papers_listed": True,
            "old_part_wish": row["old_parts"],
            "is_waiting": row["waiting"] == "1",
            "item_ids": lines,
            "mark_ids": [
                (0, 0, {**mark, "x": float(mark["x"]), "y": float(mark["y"])})
                for mark in self._mark_rows()
            ],
        }

    def _mark_rows(self):
        """Return the damages on the drawing of the car, without the visit's key."""
        return [
            {name: text for name, text in row.items() if name != "visit"}
            for row in self.script.marks[self.key]
        ]

    def _item_commands(self, login, items):
        """Tick what stands on the sheet already, and add what does not.

        :param list items: kinds and names of what is in the car
        """
        listed = {
            (item["kind"], item["name"]): item["id"]
            for item in self.house.user(login).search_read(
                "dealer.intake.item",
                [("intake_id.order_ids", "=", self.id)],
                "kind",
                "name",
            )
        }
        return [
            (1, listed[item], {"is_present": True})
            if item in listed
            else (0, 0, {"kind": item[0], "name": item[1], "is_present": True})
            for item in items
        ]

    def job_values(self, login, job):
        """Return the values of a job of the first estimate, with its lines.

        :param str login: who looks the records up
        :param dict job: row of `jobs.csv`
        """
        values = {
            "order_id": self.id,
            "sequence": 10 * int(job["job"]),
            "name": job["name"],
            "cause": job["cause"],
            "correction": job["correction"],
            "category_id": self.house.category(login, job["category"]),
            "payer": job["payer"],
            "method": job["method"],
            "is_safety": job["safety"] == "1",
            "line_ids": [
                (0, 0, self.line_values(login, line))
                for line in self.script.job_lines(self.key, job["job"], 1)
            ],
        }
        if job["payer_partner"]:
            partner = self.house.partner(login, job["payer_partner"])
            values["payer_partner_id"] = partner
        return values

    def line_values(self, login, line):
        """Return the values of a repair line."""
        values = {
            "product_id": self.house.product(login, line["product"]),
            "quantity": float(line["quantity"]),
        }
        if line["price"]:
            values["price_unit"] = float(line["price"])
        if line["discount"]:
            values["discount"] = float(line["discount"])
        if line["part_origin"]:
            values["part_origin"] = line["part_origin"]
        return values
