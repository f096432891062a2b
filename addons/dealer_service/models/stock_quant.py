from collections import defaultdict

from odoo import api, fields, models

RESERVED_STATES = ("assigned", "partially_available")


class StockQuant(models.Model):
    """Stock that is kept for cars says so (車輛預留)."""

    _inherit = "stock.quant"

    dealer_reserved_for = fields.Char(
        string="Kept for cars",
        compute="_compute_dealer_reserved_for",
        help="Plates and visits whose approved jobs have this stock reserved.",
    )

    @api.depends("reserved_quantity")
    def _compute_dealer_reserved_for(self):
        """List the cars of each quant; one query for all."""
        cars = defaultdict(list)
        reserved = self.filtered("reserved_quantity")
        picks = self.env["stock.move.line"].search(
            [
                ("product_id", "in", reserved.product_id.ids),
                ("location_id", "in", reserved.location_id.ids),
                ("state", "in", RESERVED_STATES),
            ]
        )
        for pick in picks.filtered("quantity_product_uom"):
            if car := pick.move_id.dealer_car:
                key = (pick.product_id, pick.location_id, pick.lot_id)
                cars[key].append(f"{car} × {pick.quantity_product_uom:g}")
        for quant in self:
            key = (quant.product_id, quant.location_id, quant.lot_id)
            quant.dealer_reserved_for = ", ".join(cars.get(key, [])) or False
