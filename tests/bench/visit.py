"""A visit with three jobs and ten lines against core's sale order of ten lines.

Both are created and brought to a confirmed sale order with reserved stock, in turn, in
the same database and process, and rolled back. What counts is the ratio, pair by pair.
"""

import statistics
import time
from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from tests.blackbox.shop import SIGNATURE

PAIRS = 25


class VisitBench:
    """The two documents, on the demo group's products and people."""

    def __init__(self, env):
        self.advisor = env.ref("dealer_service.demo_user_advisor1")
        company = self.advisor.company_id
        self.env = env(user=self.advisor, context={"allowed_company_ids": company.ids})
        self.seller = env["res.users"].create(
            {
                "name": "seller",
                "login": "bench_seller",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [
                    Command.link(env.ref("sales_team.group_sale_salesman_all_leads").id)
                ],
            }
        )
        products = env["product.product"].search([("dealer_kind", "=", "part")])
        stocked = products.with_company(company).filtered(
            lambda p: p.with_context(allowed_company_ids=company.ids).free_qty > 20
        )
        self.parts = stocked[:6]
        self.labour = env["product.product"].search(
            [("dealer_kind", "=", "labour")], limit=4
        )
        self.partner = env["res.partner"].create({"name": "王小明", "phone": "1"})
        self.vehicle = env["dealer.vehicle"].create(
            {
                "vin": "LGBH52E06NY123456",
                "model_id": env["fleet.vehicle.model"].search([], limit=1).id,
            }
        )
        self.vehicle.set_owner(self.partner.id)
        self.category = env["dealer.repair.category"].search([], limit=1)

    def core(self):
        """Create and confirm a sale order of ten lines, as a salesman."""
        env = self.env(user=self.seller)
        order = env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": 1})
                    for product in self.parts + self.labour
                ],
            }
        )
        order.action_confirm()
        env.flush_all()

    def visit(self):
        """Create, offer and approve a visit of three jobs and ten lines."""
        groups = [
            self.labour[:1] + self.parts[:2],
            self.labour[1:2] + self.parts[2:4],
            self.labour[2:] + self.parts[4:],
        ]
        order = self.env["dealer.repair.order"].create(
            {
                "vehicle_id": self.vehicle.id,
                "mileage": 10000,
                "fuel_percent": 50,
                "walkround_done": True,
                "belongings_none": True,
                "papers_listed": True,
                "intake_signature": SIGNATURE,
                "intake_signed_by": "王小明",
                "findings": "x",
                "cause": "y",
                "promised_at": fields.Datetime.now() + timedelta(days=14),
                "job_ids": [
                    Command.create(
                        {
                            "name": f"job {number}",
                            "category_id": self.category.id,
                            "line_ids": [
                                Command.create(
                                    {"product_id": product.id, "quantity": 1}
                                )
                                for product in products
                            ],
                        }
                    )
                    for number, products in enumerate(groups)
                ],
            }
        )
        order.action_start_diagnosis()
        order.action_offer()
        order.record_decisions(
            [
                {"job_id": job.id, "revision": 1, "decision": "approved"}
                for job in order.job_ids
            ],
            "王小明",
            SIGNATURE,
        )
        self.env.flush_all()

    def measure(self, function):
        """Run once, rolled back; return seconds and queries."""
        cr = self.env.cr
        self.env.flush_all()
        self.env.invalidate_all()
        cr.execute("SAVEPOINT bench")
        queries = cr.sql_log_count
        start = time.perf_counter()
        function()
        elapsed = time.perf_counter() - start
        queries = cr.sql_log_count - queries
        cr.execute("ROLLBACK TO SAVEPOINT bench")
        self.env.transaction.clear()
        return elapsed, queries


def run(env):
    """Measure pairs; return the rows of the table."""
    bench = VisitBench(env)
    for function in (bench.core, bench.visit) * 2:
        bench.measure(function)
    pairs = [
        (bench.measure(bench.core), bench.measure(bench.visit)) for _ in range(PAIRS)
    ]
    core = statistics.median(c[0] for c, _v in pairs)
    visit = statistics.median(v[0] for _c, v in pairs)
    ratio = statistics.median(v[0] / c[0] for c, v in pairs)
    queries_core, queries_visit = pairs[-1][0][1], pairs[-1][1][1]
    return [
        ("visit, 3 jobs and 10 lines: time", core, visit, ratio, 1.25),
        (
            "visit, 3 jobs and 10 lines: queries",
            queries_core,
            queries_visit,
            queries_visit / queries_core,
            1.25,
        ),
    ]
