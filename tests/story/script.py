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
# The day after, of which `data/today` tells; played for who tries the product out.
TODAY = datetime.date(2026, 4, 1)
_moved = {"by": datetime.timedelta()}


def rows(name, folder=DATA):
    """Return the rows of `<folder>/<name>.csv` as dictionaries of strings."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def move_to(day):
    """Move the whole story so that `TODAY` falls on a day; nothing else changes.

    :param date day: in China
    """
    _moved["by"] = day - TODAY


def utc(local):
    """Turn a local time as people write it into the UTC text that Odoo takes.

    :param str local: such as ``2026-03-02 08:20``
    """
    moment = datetime.datetime.fromisoformat(local).replace(tzinfo=ZONE)
    moment = moment.astimezone(datetime.timezone.utc) + _moved["by"]
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def day(text):
    """Return a date of the rows where the story has been moved to.

    :param str text: an ISO date, or nothing
    """
    if not text:
        return text
    return (datetime.date.fromisoformat(text) + _moved["by"]).isoformat()


def moment(iso):
    """Return a UTC moment (`START`, `END`) where the story has been moved to."""
    return (datetime.datetime.fromisoformat(iso) + _moved["by"]).isoformat()


def number(text):
    """Return a number, or nothing for an empty cell."""
    return float(text) if text else None


class Script:
    """All that happens, by visit; `steps` is what happens in order.

    :param bool with_today: also the rows of `data/today`, the day after the month
    """

    def __init__(self, with_today=False):
        self._folders = [DATA, DATA / "today"] if with_today else [DATA]
        self.customers = {row["customer"]: row for row in rows("customers")}
        self.cars = {row["car"]: row for row in rows("cars")}
        self.visits = {row["visit"]: row for row in self._read("visits")}
        self.tests = self._group("tests")
        self.jobs = self._group("jobs")
        self.lines = self._group("lines")
        self.decisions = self._group("decisions")
        self.payments = self._group("payments")
        self.credits = self._group("credits")
        self.marks = self._group("marks")
        self.lamps = self._group("lamps")
        self.desk = sorted(self._read("desk"), key=lambda row: row["at"])
        self.steps = sorted(self._read("steps"), key=lambda row: row["at"])

    def _read(self, name):
        """Return the rows of one kind from all folders that have any."""
        return [
            row
            for folder in self._folders
            if (folder / f"{name}.csv").exists()
            for row in rows(name, folder)
        ]

    def _group(self, name):
        grouped = defaultdict(list)
        for row in self._read(name):
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
