"""Dispatch and clocking per operation against core operations of like shape.

- Planning a job reserves a bay and a technician in a ledger that refuses overlaps; core
  reserves two products of a transfer in its ledger of stock.
- A clock leaves a record that is opened and closed on a document; so does an activity.

Each is run in turn, in the same database and process, and rolled back.
"""

import statistics
import time
from datetime import timedelta

from odoo import fields
from odoo.fields import Command

PAIRS = 25
GOAL = 1.5


class DispatchBench:
    """A car in the workshop of the demo group, its people, and core's documents."""

    def __init__(self, env):
        self.company = env.ref("dealer_service.demo_store_main")
        context = {
            "allowed_company_ids": self.company.ids,
            "tracking_disable": False,
        }
        self.root = env(context=context)
        users = {
            name: env.ref(f"dealer_service.demo_user_{name}")
            for name in ("dispatcher1", "tech1")
        }
        self.dispatcher = env(user=users["dispatcher1"], context=context)
        self.tech = env(user=users["tech1"], context=context)
        self.job = self._create_job()
        self.bay = self.root["dealer.bay"].create(
            {"name": "Bench", "company_id": self.company.id}
        )
        self.worker = users["tech1"].with_company(self.company).employee_id
        self._stop_clocks()
        self.picking = self._create_picking()
        self.partner = self.root["res.partner"].create({"name": "Bench"})
        self.start = fields.Datetime.now() + timedelta(days=60)
        env.flush_all()

    def _create_job(self):
        """Return an approved job of a car that the workshop has."""
        labour = self.root["product.product"].search(
            [("dealer_kind", "=", "labour")], limit=1
        )
        order = self.root["dealer.repair.order"].create(
            {
                "vehicle_id": self.root["dealer.vehicle"]
                .create({"vin": "LGBH52E06NY123456"})
                .id,
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
        )
        self.root.flush_all()
        cr = self.root.cr
        cr.execute(
            "UPDATE dealer_repair_order SET state = 'in_progress' WHERE id = %s",
            (order.id,),
        )
        cr.execute(
            "UPDATE dealer_repair_job SET state = 'approved' WHERE id = %s",
            (order.job_ids.id,),
        )
        self.root.invalidate_all()
        return order.job_ids

    def _stop_clocks(self):
        """Let nobody's clock run."""
        self.root["dealer.work.log"].search([("stop", "=", False)])._stop_clock("break")

    def _create_picking(self):
        """Return a confirmed transfer of two products that are on stock."""
        warehouse = self.root["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        kind = warehouse.out_type_id
        kind.reservation_method = "manual"
        products = self.root["product.product"].create(
            [{"name": f"bench {n}", "is_storable": True} for n in range(2)]
        )
        for product in products:
            self.root["stock.quant"]._update_available_quantity(
                product, warehouse.lot_stock_id, 10
            )
        picking = self.root["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": self.root.ref("stock.stock_location_customers").id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": 1,
                            "location_id": warehouse.lot_stock_id.id,
                            "location_dest_id": self.root.ref(
                                "stock.stock_location_customers"
                            ).id,
                        }
                    )
                    for product in products
                ],
            }
        )
        picking.action_confirm()
        return picking

    # === WHAT IS COMPARED === #

    def core_reserve(self):
        """Reserve a transfer."""
        self.picking.action_assign()

    def plan(self):
        """Plan a job."""
        job = self.job.with_env(self.dispatcher)
        job.action_plan(self.bay.id, self.worker.id, self.start, 1)

    def core_open(self):
        """Open an activity."""
        self.partner.activity_schedule("mail.mail_activity_data_todo", summary="x")

    def clock_in(self):
        """Start a clock."""
        self.job.with_env(self.tech).action_clock_in()

    def core_close(self):
        """Close an activity."""
        self.partner.activity_feedback(["mail.mail_activity_data_todo"])

    def pause(self):
        """Stop a clock with a reason."""
        self.job.with_env(self.tech).action_clock_out("break")

    def finish(self):
        """Stop a clock and open the self-check."""
        self.job.with_env(self.tech).action_finish()

    def measure(self, function, before=None):
        """Run once, rolled back; return seconds and queries.

        :param before: run first, and not measured
        """
        cr = self.root.cr
        self.root.flush_all()
        cr.execute("SAVEPOINT bench")
        if before:
            before()
            self.root.flush_all()
        self.root.invalidate_all()
        queries, start = cr.sql_log_count, time.perf_counter()
        function()
        self.root.flush_all()
        elapsed = time.perf_counter() - start
        queries = cr.sql_log_count - queries
        self.root.transaction.clear()
        cr.execute("ROLLBACK TO SAVEPOINT bench")
        return elapsed, queries

    def compare(self, what, core, ours):
        """Return the rows of one comparison.

        :param tuple core: function, and what comes before it
        :param tuple ours: the same
        """
        for side in (core, ours) * 2:
            self.measure(*side)
        pairs = [(self.measure(*core), self.measure(*ours)) for _ in range(PAIRS)]
        rows = []
        for index, (unit, scale) in enumerate((("ms", 1000), ("queries", 1))):
            theirs, mine = (
                statistics.median(pair[side][index] for pair in pairs) * scale
                for side in (0, 1)
            )
            ratio = statistics.median(pair[1][index] / pair[0][index] for pair in pairs)
            rows.append((f"{what}: {unit}", theirs, mine, ratio, GOAL))
        return rows


def run(env):
    """Measure pairs; return the rows of the table."""
    bench = DispatchBench(env)
    opened = (bench.core_close, bench.core_open)
    return [
        *bench.compare(
            "plan a job against reserving a transfer",
            (bench.core_reserve,),
            (bench.plan,),
        ),
        *bench.compare(
            "start a clock against opening an activity",
            (bench.core_open,),
            (bench.clock_in,),
        ),
        *bench.compare(
            "pause a clock against closing an activity",
            opened,
            (bench.pause, bench.clock_in),
        ),
        *bench.compare(
            "finish a job against closing an activity",
            opened,
            (bench.finish, bench.clock_in),
        ),
    ]
