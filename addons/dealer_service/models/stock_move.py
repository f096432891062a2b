from odoo import models
from odoo.exceptions import UserError
from odoo.tools import float_compare


class StockMove(models.Model):
    _inherit = "stock.move"

    def _ensure_approved(self, order):
        """Refuse moves beyond what the customer of a visit approved.

        :param dealer.repair.order order: the visit
        """
        for move in self.filtered(lambda move: move.state not in ("done", "cancel")):
            approved = move.product_uom_qty if move.sudo().sale_line_id else 0.0
            digits = move.product_uom.rounding
            if float_compare(move.quantity, approved, precision_rounding=digits) > 0:
                raise UserError(
                    move.env._(
                        "%(product)s: this is more than the customer approved for "
                        "%(order)s. Raise an add-on first.",
                        product=move.product_id.display_name,
                        order=order.name,
                    )
                )
