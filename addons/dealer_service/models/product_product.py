from odoo import models

from .stock_quant import RESERVED_STATES


class ProductProduct(models.Model):
    _inherit = "product.product"

    def action_open_reserved_cars(self):
        """Open what is kept for cars of this part (車輛預留)."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "dealer_service.stock_move_line_action_cars"
        )
        return {**action, "domain": self._get_reserved_cars_domain()}

    def _get_reserved_cars_domain(self):
        """Return the domain of stock lines reserved for cars."""
        return [
            ("product_id", "in", self.ids),
            ("state", "in", RESERVED_STATES),
            ("move_id.dealer_job_id", "!=", False),
        ]


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def action_open_reserved_cars(self):
        """Open what is kept for cars of this part (車輛預留)."""
        return self.product_variant_ids.action_open_reserved_cars()
