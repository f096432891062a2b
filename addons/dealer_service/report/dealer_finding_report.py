from odoo import fields, models
from odoo.tools import SQL

from ..const import DANGER_LEVELS, JOB_APPROVED_STATES

PRICE = "dealer_service.group_dealer_price"


class DealerFindingReport(models.Model):
    """How much of what was declined or put off was sold in the end (C7, E4).

    One row per finding; nothing is stored. A finding counts as taken up while the job
    that offers it again is approved. Rates are sums divided, see ``_ratios``. Prices
    include taxes, in the currency of the store that noted the finding.
    """

    _name = "dealer.finding.report"
    _description = "Findings taken up"
    _inherit = ["dealer.ratio.mixin"]
    _auto = False
    _rec_name = "finding_id"
    _order = "date desc, id desc"
    _ratios = {
        "rate": ("revived_count", "finding_count"),
        "amount_rate": ("amount_revived", "amount"),
    }
    _depends = {
        "dealer.vehicle.finding": [
            "amount",
            "company_id",
            "create_date",
            "danger",
            "job_id",
            "order_id",
            "revived_job_id",
            "state",
            "vehicle_id",
        ],
        "dealer.repair.job": ["amount_total", "category_id", "order_id", "state"],
        "dealer.repair.order": ["accepted_at", "advisor_id"],
        "dealer.repair.approval": ["decided_at", "decision", "job_id"],
        "dealer.vehicle": ["model_id"],
    }

    finding_id = fields.Many2one("dealer.vehicle.finding", readonly=True)
    company_id = fields.Many2one("res.company", "Store", readonly=True)
    vehicle_id = fields.Many2one("dealer.vehicle", "Car", readonly=True)
    model_id = fields.Many2one("fleet.vehicle.model", readonly=True)
    category_id = fields.Many2one(
        "dealer.repair.category", "Repair category", readonly=True
    )
    advisor_id = fields.Many2one(
        "res.users",
        "Noted by",
        readonly=True,
        help="Advisor of the visit in which the customer said no or later.",
    )
    revived_by_id = fields.Many2one(
        "res.users",
        "Sold by",
        readonly=True,
        help="Advisor of the visit in which the customer said yes.",
    )
    date = fields.Datetime("Noted on", readonly=True)
    revived_at = fields.Datetime("Sold on", readonly=True)
    danger = fields.Selection(DANGER_LEVELS, readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("converted", "Taken up"), ("dismissed", "Dismissed")],
        readonly=True,
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    finding_count = fields.Integer("Findings", readonly=True)
    revived_count = fields.Integer(
        "Sold",
        readonly=True,
        help="Findings whose work the customer approved in a later visit.",
    )
    days = fields.Float(
        "Days until sold",
        readonly=True,
        aggregator="avg",
        help="From the day it was noted to the customer's yes, on average.",
    )
    amount = fields.Monetary(
        "Offered then",
        readonly=True,
        groups=PRICE,
        help="Price at which it was last declined or put off, taxes included.",
    )
    amount_revived = fields.Monetary(
        "Sold for",
        readonly=True,
        groups=PRICE,
        help="Price of the approved job that takes it up, taxes included.",
    )
    rate = fields.Float(
        "Conversion",
        readonly=True,
        aggregator="avg",
        help="Findings sold ÷ findings noted in the period, dismissed ones included.",
    )
    amount_rate = fields.Float(
        "Conversion by value",
        readonly=True,
        aggregator="avg",
        groups=PRICE,
        help="Sold for ÷ offered then.",
    )

    @property
    def _table_query(self):
        """Return the rows: one per finding, with the job that takes it up."""
        return SQL(
            """
            SELECT f.id, f.id AS finding_id, f.company_id, f.vehicle_id, v.model_id,
                   COALESCE(j.category_id, r.category_id) AS category_id,
                   o.advisor_id, f.create_date AS date, f.state, f.danger,
                   c.currency_id, f.amount, 1 AS finding_count,
                   ro.advisor_id AS revived_by_id, yes.decided_at AS revived_at,
                   CASE WHEN r.id IS NULL THEN 0 ELSE 1 END AS revived_count,
                   CASE WHEN r.id IS NULL THEN 0.0 ELSE 1.0 END AS rate,
                   r.amount_total AS amount_revived,
                   r.amount_total / NULLIF(f.amount, 0) AS amount_rate,
                   EXTRACT(EPOCH FROM yes.decided_at - f.create_date) / 86400.0 AS days
              FROM dealer_vehicle_finding f
              JOIN res_company c ON c.id = f.company_id
              JOIN dealer_vehicle v ON v.id = f.vehicle_id
         LEFT JOIN dealer_repair_job j ON j.id = f.job_id
         LEFT JOIN dealer_repair_order o ON o.id = f.order_id
         LEFT JOIN dealer_repair_job r
                ON r.id = f.revived_job_id AND r.state IN %(approved)s
         LEFT JOIN dealer_repair_order ro ON ro.id = r.order_id
         LEFT JOIN LATERAL (
                   SELECT MAX(a.decided_at) AS decided_at
                     FROM dealer_repair_approval a
                    WHERE a.job_id = r.id AND a.decision = 'approved'
                   ) yes ON TRUE
            """,
            approved=tuple(sorted(JOB_APPROVED_STATES)),
        )

    def action_open_finding(self):
        """Open the finding behind a row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Finding"),
            "res_model": "dealer.vehicle.finding",
            "view_mode": "form",
            "res_id": self.finding_id.id,
        }
