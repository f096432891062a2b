from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        """Override of `stock` to issue to a car no more than was approved (C7).

        :raises UserError: naming the product that goes beyond the approval
        """
        for picking in self:
            # Parts keepers have no Sales rights; this only compares quantities.
            sale_sudo = picking.sudo().sale_id
            if sale_sudo.dealer_order_id and picking.picking_type_code == "outgoing":
                picking.move_ids._ensure_approved(sale_sudo.dealer_order_id)
        return super()._action_done()
