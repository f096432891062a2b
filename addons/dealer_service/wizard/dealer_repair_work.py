from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

# How many packages the advisor is shown; the most useful come first.
SHOWN_PACKAGES = 30


class DealerRepairWork(models.TransientModel):
    """What to add to a visit: packages with their reasons, or labour and parts (C4)."""

    _name = "dealer.repair.work"
    _description = "Add work to a visit"

    order_id = fields.Many2one("dealer.repair.order", required=True, readonly=True)
    company_id = fields.Many2one(related="order_id.company_id")
    vehicle_id = fields.Many2one(related="order_id.vehicle_id")
    package_ids = fields.One2many(
        "dealer.repair.work.package", "work_id", string="Service packages"
    )
    method = fields.Selection(
        [
            ("item", "By item"),
            ("system", "By system"),
            ("symptom", "By symptom"),
        ],
        string="Estimated",
        required=True,
        default="item",
    )
    system_id = fields.Many2one("dealer.fault.system")
    name = fields.Char(
        string="Concern", help="What the customer says; the labour's name by default."
    )
    category_id = fields.Many2one("dealer.repair.category", string="Repair category")
    job_id = fields.Many2one(
        "dealer.repair.job",
        string="Add to",
        domain="[('order_id', '=', order_id), ('state', '=', 'draft')]",
        help="A draft job of this visit; empty for a job of its own.",
    )
    line_ids = fields.One2many("dealer.repair.work.line", "work_id", string="Work")
    symptom_premium = fields.Float(related="company_id.dealer_symptom_premium")
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_total = fields.Monetary(
        string="To be added",
        compute="_compute_amount_total",
        help="Taxes included, before a risk premium.",
    )

    @api.depends(
        "package_ids.is_chosen",
        "line_ids.is_chosen",
        "line_ids.price",
        "line_ids.product_id",
    )
    def _compute_amount_total(self):
        """Sum what is ticked."""
        for wizard in self:
            packages = wizard.package_ids.filtered("is_chosen")
            wizard.amount_total = sum(packages.mapped("price")) + sum(
                wizard._get_chosen_lines().mapped("price")
            )

    @api.model
    def default_get(self, fields):
        """Start with the packages worth offering to this car."""
        values = super().default_get(fields)
        order = self.env["dealer.repair.order"].browse(values.get("order_id"))
        if not order:
            return values
        packages = self.env["dealer.service.package"].with_company(order.company_id)
        terms = self.env["dealer.pricing"]._get_terms(
            order.partner_id, order.company_id
        )
        values.update(
            category_id=order._get_usual_category().id,
            currency_id=terms.currency.id,
            package_ids=[
                Command.create(
                    {
                        "package_id": line["id"],
                        "hours": line["hours"],
                        "price": line["price"],
                        "currency_id": line["currency_id"],
                        "reason": line["reason"],
                    }
                )
                for line in packages.suggest(order.vehicle_id.id, limit=SHOWN_PACKAGES)
                if line["id"] not in order.job_ids.package_id.ids
            ],
        )
        return values

    @api.onchange("method", "system_id", "name")
    def _onchange_suggestion(self):
        """Propose what the system or the symptom usually needs; tick what fits."""
        if self.method == "item" or not self.order_id:
            return
        text = self.name if self.method == "symptom" else False
        system_id = self.system_id.id if self.method == "system" else False
        product_ids = self.order_id.suggest_operations(text, system_id)
        keep = self.line_ids.filtered("is_chosen")
        self.line_ids -= self.line_ids - keep
        known = keep.product_id.ids
        products = self.env["product.product"].browse(product_ids)
        self.line_ids = [
            Command.create(
                {
                    "product_id": product.id,
                    "quantity": product.dealer_standard_hours or 1.0,
                    "is_chosen": False,
                }
            )
            for product in products
            if product.id not in known
        ]

    def _get_chosen_lines(self):
        """Return the labour and parts that are ticked."""
        return self.line_ids.filtered(lambda line: line.is_chosen and line.product_id)

    def action_add(self):
        """Add what is ticked to the visit.

        :raises UserError: if nothing is ticked, or as `add_packages`, `add_work`
        """
        self.ensure_one()
        packages = self.package_ids.filtered("is_chosen").package_id
        lines = self._get_chosen_lines()
        if not packages and not lines:
            raise UserError(
                self.env._("Tick a service package, or choose labour or parts.")
            )
        if packages:
            self.order_id.add_packages(packages.ids)
        if lines:
            self.order_id.add_work(
                {
                    "name": self._get_job_name(),
                    "method": self.method,
                    "category_id": self.category_id.id,
                    "job_id": self.job_id.id,
                    "lines": [
                        {"product_id": line.product_id.id, "quantity": line.quantity}
                        for line in lines
                    ],
                }
            )
        return {"type": "ir.actions.act_window_close"}

    def _get_job_name(self):
        """Return what the new job is called; False for the name of its labour."""
        if self.method != "system" or not self.system_id:
            return self.name
        lang = self.order_id.partner_id.lang or self.env.lang
        system = self.system_id.with_context(lang=lang).name
        return f"{system}: {self.name}" if self.name else system
