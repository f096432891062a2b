from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..utils import JOB_SYNC

# Name of the place for defective parts; each store gets one when it is needed.
DEFECTIVE_SHELF = "Defective parts"


class DealerPartsReturn(models.Model):
    """What a return does in Odoo's stock and sale (F10, E6)."""

    _inherit = "dealer.parts.return"

    def _take_back(self):
        """Return the parts by Odoo's own return transfers, newest issue first."""
        self.ensure_one()
        moves_sudo = self.line_id.sudo().repair_line_id.sale_line_ids.move_ids
        issued = self.env["stock.move"].browse(
            moves_sudo.filtered(
                lambda move: move.state == "done" and move.picking_code == "outgoing"
            )
            .sorted("id", reverse=True)
            .ids
        )
        left = self.quantity
        pickings = self.env["stock.picking"]
        for move in issued:
            back = move.returned_move_ids.filtered(lambda m: m.state != "cancel")
            out = move.quantity - sum(back.mapped("quantity"))
            quantity = min(left, out)
            if move.product_uom.compare(quantity, 0) <= 0:
                continue
            pickings |= self._return_move(move, quantity)
            left -= quantity
        if self.product_uom_id.compare(left, 0) > 0:
            raise UserError(
                self.env._(
                    "%(part)s: only %(limit)g left to bring back.",
                    part=self.product_id.display_name,
                    limit=self.quantity - left,
                )
            )
        record_sudo = self.sudo()
        record_sudo.picking_ids = [Command.set(pickings.ids)]

    def _return_move(self, move, quantity):
        """Return a quantity of one issue; give the transfer."""
        wizard = self.env["stock.return.picking"].create(
            {
                "picking_id": move.picking_id.id,
                "product_return_moves": [
                    Command.clear(),
                    Command.create(
                        {
                            "product_id": move.product_id.id,
                            "move_id": move.id,
                            "quantity": quantity,
                            "to_refund": True,
                        }
                    ),
                ],
            }
        )
        picking = wizard._create_return()
        if self.reason == "defective":
            picking.move_ids.move_line_ids.location_dest_id = (
                self._get_defective_location()
            )
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True, skip_sms=True).button_validate()
        return picking

    def _get_defective_location(self):
        """Return the store's shelf for defective parts, outside the free stock."""
        # Parts keepers use locations, they do not make them.
        location_sudo = self.env["stock.location"].sudo()
        found_sudo = location_sudo.search(
            [
                ("name", "=", DEFECTIVE_SHELF),
                ("usage", "=", "internal"),
                ("company_id", "=", self.company_id.id),
            ],
            limit=1,
        )
        return found_sudo or location_sudo.create(
            {
                "name": DEFECTIVE_SHELF,
                "usage": "internal",
                "company_id": self.company_id.id,
            }
        )

    def _release(self):
        """Let go of what was not fetched; `_settle_sale` cancels the rest."""
        self.ensure_one()
        move_ids = self.line_id.sudo().repair_line_id._get_shelf_moves().ids
        # Leaders have no rights on the stock; this only frees the reservation.
        moves_sudo = self.env["stock.move"].sudo().browse(move_ids)
        moves_sudo._do_unreserve()

    def _settle_sale(self):
        """Sell less, or issue another one: what the car does not use is not paid.

        Price and approval stay as signed. What was billed already is billed back
        with the next invoices of the visit.
        """
        self.ensure_one()
        jobs_sudo = self.job_id._get_sync_env()
        line_sudo = self.line_id.repair_line_id.with_env(jobs_sudo.env)
        sale_line_sudo = line_sudo.sale_line_ids.with_context(dealer_job_sync=JOB_SYNC)
        if self.is_replaced:
            sale_line_sudo._action_launch_stock_rule()
        else:
            sale_line_sudo.product_uom_qty -= self.quantity
        moves_sudo = sale_line_sudo.move_ids.filtered(
            lambda move: move.state in ("confirmed", "partially_available")
        )
        moves_sudo._action_assign()
