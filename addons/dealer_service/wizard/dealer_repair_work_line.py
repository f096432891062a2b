from odoo import api, fields, models

from ..models.dealer_pricing import Ask


class DealerRepairWorkLine(models.TransientModel):
    """Labour or a part, proposed or chosen."""

    _name = "dealer.repair.work.line"
    _description = "Labour or part to add"

    work_id = fields.Many2one("dealer.repair.work", ondelete="cascade", index=True)
    is_chosen = fields.Boolean(string="Add", default=True)
    product_id = fields.Many2one(
        "product.product",
        string="Labour or part",
        required=True,
        domain="[('dealer_kind', '!=', False)]",
    )
    kind = fields.Selection(related="product_id.dealer_kind")
    quantity = fields.Float(
        compute="_compute_quantity",
        store=True,
        readonly=False,
        precompute=True,
        digits="Product Unit",
        help="Hours for labour, pieces for parts.",
    )
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    currency_id = fields.Many2one(related="work_id.currency_id")
    price = fields.Monetary(
        compute="_compute_price", help="Taxes included, for this customer."
    )

    @api.depends("product_id")
    def _compute_quantity(self):
        """Propose the standard hours of a labour operation, or one piece."""
        for line in self:
            standard = line.product_id.dealer_standard_hours or 1.0
            line.quantity = line.quantity or standard if line.product_id else 0.0

    @api.depends("product_id", "quantity", "work_id.order_id")
    def _compute_price(self):
        """Ask the customer's price list for all lines at once."""
        pricing = self.env["dealer.pricing"]
        asks = {}
        for order, lines in self.grouped(lambda r: r.work_id.order_id).items():
            terms = pricing._get_terms(order.partner_id, order.company_id)
            for line in lines.filtered("product_id"):
                asks[line] = Ask(
                    line.product_id, line.quantity, line.product_id.uom_id, terms
                )
        totals = pricing._get_totals(asks)
        for line in self:
            line.price = totals.get(line, 0.0)
