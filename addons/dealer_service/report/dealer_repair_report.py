from odoo import fields, models

MANAGER = "dealer_service.group_dealer_store_manager"

# Figure → what is summed above and below the line (section 9 of the policy). Each is
# the quotient of two sums, never an average of quotients.
RATIOS = {
    "average_repair_order": ("settled_amount", "settled_visits"),
    "labour_rate": ("amount_labour", "billed_hours"),
    "efficiency": ("billed_hours", "clocked_hours"),
    "on_time_rate": ("on_time_visits", "delivered_visits"),
    "same_day_rate": ("same_day_visits", "delivered_visits"),
    "rework_rate": ("reworked_jobs", "checked_jobs"),
    "comeback_rate": ("comeback_visits", "visits"),
    "first_time_fix_rate": ("fixed_visits", "delivered_visits"),
    "addon_acceptance": ("addons_accepted", "addons_offered"),
    "margin_rate": ("margin", "amount"),
}


class DealerRepairReport(models.Model):
    """Figures of visits and jobs: one row per job, or per visit without any (C14, E0b).

    - A visit counts once: each of its rows carries its share, 1 ÷ number of its
      jobs. Grouped by what a visit has (store, month, advisor) the shares add up to
      whole visits; grouped by what a job has (category, payer, technician) they
      divide each visit among its jobs.
    - Amounts are without taxes, of approved jobs, in the store's currency at the rate
      of the sale order. What the store bears itself is worth nothing here.
    - Quotients are built from two sums, see ``RATIOS``.
    - Nothing is stored: each search reads the visits of the moment.
    """

    _name = "dealer.repair.report"
    _description = "Repair analysis"
    _inherit = ["dealer.ratio.mixin"]
    _auto = False
    _rec_name = "order_id"
    _order = "arrived_at desc, id desc"
    _ratios = RATIOS

    # === WHAT TO GROUP BY === #

    order_id = fields.Many2one("dealer.repair.order", "Repair order", readonly=True)
    job_id = fields.Many2one("dealer.repair.job", readonly=True)
    company_id = fields.Many2one("res.company", "Store", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    vehicle_id = fields.Many2one("dealer.vehicle", "Car", readonly=True)
    model_id = fields.Many2one("fleet.vehicle.model", readonly=True)
    brand_id = fields.Many2one("fleet.vehicle.model.brand", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    advisor_id = fields.Many2one("res.users", "Service advisor", readonly=True)
    technician_id = fields.Many2one("hr.employee", "Main technician", readonly=True)
    category_id = fields.Many2one("dealer.repair.category", readonly=True)
    statutory_class = fields.Selection(
        lambda self: (
            self.env["dealer.repair.category"]
            ._fields["statutory_class"]
            ._description_selection(self.env)
        ),
        readonly=True,
    )
    payer = fields.Selection(
        lambda self: self._get_job_selection("payer"), readonly=True
    )
    origin = fields.Selection(
        lambda self: self._get_job_selection("origin"), readonly=True
    )
    job_state = fields.Selection(
        lambda self: self._get_job_selection("state"), string="Job state", readonly=True
    )
    order_state = fields.Selection(
        lambda self: (
            self.env["dealer.repair.order"]
            ._fields["state"]
            ._description_selection(self.env)
        ),
        string="Visit state",
        readonly=True,
    )
    arrived_at = fields.Datetime(string="Arrived", readonly=True)
    settled_at = fields.Datetime(string="Settled", readonly=True)
    delivered_at = fields.Datetime(string="Delivered", readonly=True)

    # === SUMS === #

    vehicles = fields.Many2one(
        "dealer.vehicle",
        string="Cars",
        readonly=True,
        aggregator="count_distinct",
        help="Different cars.",
    )
    visits = fields.Float(readonly=True, help="Visits that came, also unrepaired.")
    settled_visits = fields.Float(readonly=True)
    delivered_visits = fields.Float(readonly=True)
    on_time_visits = fields.Float(
        string="On time", readonly=True, help="Delivered by the first promise."
    )
    same_day_visits = fields.Float(
        string="Same day",
        readonly=True,
        help="Delivered on the day of arrival, by the store's clock.",
    )
    comeback_visits = fields.Float(
        string="Come-backs",
        readonly=True,
        help="Visits with work under our own guarantee.",
    )
    fixed_visits = fields.Float(
        string="Fixed at once",
        readonly=True,
        help="Delivered visits without a come-back within 30 days.",
    )
    jobs = fields.Integer(readonly=True)
    checked_jobs = fields.Integer(
        readonly=True, help="Jobs that passed or failed the final check."
    )
    reworked_jobs = fields.Integer(
        string="Sent back", readonly=True, help="Jobs that failed the final check."
    )
    addons_offered = fields.Integer(
        string="Add-ons offered", readonly=True, help="Add-ons with an answer."
    )
    addons_accepted = fields.Integer(string="Add-ons accepted", readonly=True)
    billed_hours = fields.Float(
        readonly=True, help="Hours of the labour lines of approved jobs."
    )
    clocked_hours = fields.Float(readonly=True, help="Hours technicians clocked.")
    amount = fields.Monetary(
        string="Revenue", readonly=True, help="Approved work, without taxes."
    )
    amount_labour = fields.Monetary(string="Labour", readonly=True)
    amount_part = fields.Monetary(string="Parts", readonly=True)
    amount_sublet = fields.Monetary(string="Sublet work", readonly=True)
    amount_fee = fields.Monetary(string="Fees", readonly=True)
    settled_amount = fields.Monetary(
        string="Settled revenue",
        readonly=True,
        help="Revenue of visits that are settled, without taxes.",
    )
    arrears = fields.Monetary(
        readonly=True,
        help="What is still unpaid of the invoices of settled visits, taxes included; "
        "divided evenly among the jobs of a visit.",
    )
    cost = fields.Monetary(
        string="Cost of parts",
        readonly=True,
        groups=MANAGER,
        help="Value of the parts that left the stock. Labour is not in it.",
    )
    margin = fields.Monetary(
        readonly=True, groups=MANAGER, help="Revenue less cost of parts."
    )

    # === QUOTIENTS === #

    average_repair_order = fields.Monetary(
        readonly=True,
        aggregator="avg",
        help="Settled revenue ÷ settled visits.",
    )
    labour_rate = fields.Monetary(
        string="Effective labour rate",
        readonly=True,
        aggregator="avg",
        help="Labour revenue ÷ billed hours.",
    )
    efficiency = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Billed hours ÷ clocked hours on jobs. Goal: 100 %.",
    )
    on_time_rate = fields.Float(
        string="On-time rate",
        readonly=True,
        aggregator="avg",
        help="Visits delivered by the first promise ÷ delivered visits. Goal: 95 %.",
    )
    same_day_rate = fields.Float(
        string="Same-day rate",
        readonly=True,
        aggregator="avg",
        help="Visits delivered on the day of arrival ÷ delivered visits. Goal: 80 %.",
    )
    rework_rate = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Jobs that failed the final check ÷ jobs checked.",
    )
    comeback_rate = fields.Float(
        string="Come-back rate",
        readonly=True,
        aggregator="avg",
        help="Visits with work under our own guarantee ÷ visits.",
    )
    first_time_fix_rate = fields.Float(
        string="First-time-fix rate",
        readonly=True,
        aggregator="avg",
        help="Delivered visits without a come-back within 30 days ÷ delivered visits. "
        "Goal: above 90 %.",
    )
    addon_acceptance = fields.Float(
        string="Add-on acceptance",
        readonly=True,
        aggregator="avg",
        help="Add-ons approved ÷ add-ons with an answer.",
    )
    margin_rate = fields.Float(
        readonly=True,
        aggregator="avg",
        groups=MANAGER,
        help="Margin ÷ revenue.",
    )

    def _get_job_selection(self, name):
        """Return the choices of a field of the job, in the user's language."""
        field = self.env["dealer.repair.job"]._fields[name]
        return field._description_selection(self.env)

    def action_open_order(self):
        """Open the visit behind a row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "dealer.repair.order",
            "view_mode": "form",
            "res_id": self.order_id.id,
        }
