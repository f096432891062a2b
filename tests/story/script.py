"""The story as written down in `data/*.csv`: rows, grouped by visit."""

import csv
import datetime
from collections import defaultdict
from pathlib import Path

DATA = Path(__file__).parent / "data"
ZONE = datetime.timezone(datetime.timedelta(hours=8))  # China has no summer time.
# First moment of the story, UTC: before the first gate opens.
START = "2026-02-28T22:00:00"
END = "2026-03-31T10:30:00"


def rows(name):
    """Return the rows of `data/<name>.csv` as dictionaries of strings."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def utc(local):
    """Turn a local time as people write it into the UTC text that Odoo takes.

    :param str local: such as ``2026-03-02 08:20``
    """
    moment = datetime.datetime.fromisoformat(local).replace(tzinfo=ZONE)
    return moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


def number(text):
    """Return a number, or nothing for an empty cell."""
    return float(text) if text else None


class Script:
    """All that happens, by visit; `steps` is what happens in order."""

    def __init__(self):
        self.customers = {row["customer"]: row for row in rows("customers")}
        self.cars = {row["car"]: row for row in rows("cars")}
        self.visits = {row["visit"]: row for row in rows("visits")}
        self.jobs = self._group("jobs")
        self.lines = self._group("lines")
        self.decisions = self._group("decisions")
        self.payments = self._group("payments")
        self.credits = self._group("credits")
        self.steps = rows("steps")

    @staticmethod
    def _group(name):
        grouped = defaultdict(list)
        for row in rows(name):
            grouped[row["visit"]].append(row)
        return grouped

    def job(self, visit, number_):
        """Return the row of one job."""
        return next(row for row in self.jobs[visit] if row["job"] == number_)

    def job_lines(self, visit, number_, revision):
        """Return the line rows that belong to one revision of a job."""
        return [
            row
            for row in self.lines[visit]
            if (row["job"], row["revision"]) == (number_, str(revision))
        ]

    def final_lines(self, visit, number_):
        """Return the lines as they stand after the last revision.

        :return: rows by product code
        :rtype: dict
        """
        found = {}
        for row in self.lines[visit]:
            if row["job"] != number_:
                continue
            former = found.get(row["product"], {})
            changed = {key: text for key, text in row.items() if text}
            found[row["product"]] = row | former | changed
        return {code: row for code, row in found.items() if float(row["quantity"])}

    def last_decisions(self, visit):
        """Return the last decision row of each job of a visit, by job number."""
        return {row["job"]: row for row in self.decisions[visit]}
