"""The workshop board at 20 bays and 200 jobs against core's read of the same jobs."""

import json
import statistics
import time
from datetime import timedelta

from odoo import fields
from odoo.fields import Command

BAYS = 20
JOBS = 200
PAIRS = 15
# What the board shows of a job, read the way core's lists and kanbans read it.
FIELDS = {
    "name": {},
    "state": {},
    "pause_reason": {},
    "license_plate": {},
    "vehicle_id": {"fields": {"display_name": {}, "model_id": {"fields": {}}}},
    "order_id": {"fields": {"display_name": {}, "state": {}, "advisor_id": {}}},
    "promised_at": {},
    "is_safety": {},
    "main_technician_id": {"fields": {"display_name": {}}},
    "bay_id": {"fields": {"display_name": {}}},
    "planned_start": {},
    "planned_stop": {},
    "planned_hours": {},
    "clocked_hours": {},
    "parts_state": {},
    "team_id": {"fields": {"display_name": {}}},
}


class BoardBench:
    """A store whose workshop is full from morning to evening."""

    def __init__(self, env):
        self.user = env.ref("dealer_service.demo_user_dispatcher1")
        self.company = self.user.company_id
        context = {"allowed_company_ids": self.company.ids}
        self.root = env(context=context)
        self.env = env(user=self.user, context=context)
        self.day = fields.Date.to_date("2031-03-18")
        self.jobs = self._create_jobs()
        self._place(self._create_bays())
        env.flush_all()

    def _create_bays(self):
        return self.root["dealer.bay"].create(
            [
                {"name": f"Bench {number}", "company_id": self.company.id}
                for number in range(BAYS)
            ]
        )

    def _create_jobs(self):
        """Return one approved job on each of 200 cars."""
        labour = self.root["product.product"].search(
            [("dealer_kind", "=", "labour")], limit=1
        )
        vehicles = self.root["dealer.vehicle"].create(
            [{"vin": f"LGBH52E06NY{number:06d}"} for number in range(JOBS)]
        )
        orders = self.root["dealer.repair.order"].create(
            [
                {
                    "vehicle_id": vehicle.id,
                    "partner_id": self.company.partner_id.id,
                    "company_id": self.company.id,
                    "sender_name": "x",
                    "job_ids": [
                        Command.create(
                            {
                                "name": "bench",
                                "line_ids": [Command.create({"product_id": labour.id})],
                            }
                        )
                    ],
                }
                for vehicle in vehicles
            ]
        )
        self.root.flush_all()
        cr = self.root.cr
        cr.execute(
            "UPDATE dealer_repair_order SET state = 'in_progress' WHERE id IN %s",
            (tuple(orders.ids),),
        )
        cr.execute(
            "UPDATE dealer_repair_job SET state = 'approved' WHERE id IN %s",
            (tuple(orders.job_ids.ids),),
        )
        self.root.invalidate_all()
        return orders.job_ids

    def _place(self, bays):
        """Give every job its half hour in a bay."""
        first = fields.Datetime.to_datetime(self.day)
        slots = []
        for number, job in enumerate(self.jobs):
            start = first + timedelta(minutes=30 * (number // BAYS))
            slots.append(
                {
                    "bay_id": bays[number % BAYS].id,
                    "start": start,
                    "stop": start + timedelta(minutes=30),
                    "job_id": job.id,
                }
            )
        self.root["dealer.reservation"].create(slots)
        self.root.flush_all()
        # As a plan leaves it, and as a server knows its tables after the first hour.
        cr = self.root.cr
        cr.execute(
            """
            UPDATE dealer_repair_job j
               SET bay_id = r.bay_id, planned_start = r.start, planned_stop = r.stop
              FROM dealer_reservation r WHERE r.job_id = j.id AND j.id IN %s
            """,
            (tuple(self.jobs.ids),),
        )
        cr.execute(
            "ANALYZE dealer_repair_order, dealer_repair_job, dealer_repair_line,"
            " dealer_reservation, dealer_vehicle"
        )
        self.root.invalidate_all()

    def core(self):
        """Read the same jobs as core's web client would."""
        page = self.env["dealer.repair.job"].web_search_read(
            [("id", "in", self.jobs.ids)], FIELDS, limit=JOBS
        )
        return page["records"]

    def board(self):
        """Read the board of the day."""
        board = self.env["dealer.workshop.board"].get_board(self.day.isoformat(), "bay")
        if len(board["bars"]) != JOBS:
            raise RuntimeError("the board does not show the jobs it should")
        return board

    def measure(self, function):
        """Return seconds, queries and bytes of one load with a cold cache."""
        self.env.invalidate_all()
        queries, start = self.env.cr.sql_log_count, time.perf_counter()
        result = function()
        elapsed = time.perf_counter() - start
        size = len(json.dumps(result, default=str))
        return elapsed, self.env.cr.sql_log_count - queries, size


def run(env):
    """Measure pairs; return the rows of the table."""
    bench = BoardBench(env)
    for function in (bench.core, bench.board) * 2:
        bench.measure(function)
    pairs = [
        (bench.measure(bench.core), bench.measure(bench.board)) for _ in range(PAIRS)
    ]
    what = f"board of {BAYS} bays and {JOBS} jobs"
    rows = []
    for index, unit in enumerate(("time", "queries", "kB")):
        core, ours = (
            statistics.median(pair[side][index] for pair in pairs) for side in (0, 1)
        )
        scale = 1000 if unit == "kB" else 1
        rows.append((f"{what}: {unit}", core / scale, ours / scale, ours / core, 1.5))
    return rows
