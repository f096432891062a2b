from collections import namedtuple

from odoo import fields, models

from ..const import OPEN_MOVE_STATES

# Quantities of one part line, in its unit: to be used on the car, issued and not
# brought back, on the shelf for it, still to be issued, not on stock.
PartFigures = namedtuple("PartFigures", "sold issued reserved open missing")


class DealerRepairLine(models.Model):
    """What the stock says about a part line (F10).

    Every quantity is read from Odoo's own sale line and moves: there is no second
    ledger. What was sold is the approved quantity less what came back unused.
    """

    _inherit = "dealer.repair.line"

    requisition_line_ids = fields.One2many(
        "dealer.parts.requisition.line", "repair_line_id"
    )

    def _is_stock_part(self):
        """Tell whether the line is a part that leaves our stock."""
        self.ensure_one()
        return self.kind == "part" and self._is_sold()

    def _get_part_figures(self):
        """Return the quantities of part lines.

        :rtype: dict of `PartFigures` by `dealer.repair.line`
        """
        # Neither workshop nor parts keepers may read the sale of a visit.
        lines_sudo = self.sudo()
        return {
            line: line_sudo._read_part_figures()
            for line, line_sudo in zip(self, lines_sudo, strict=True)
        }

    def _read_part_figures(self):
        """Return the quantities of one part line, elevated."""
        self.ensure_one()
        if not self._is_stock_part():
            return PartFigures(0.0, 0.0, 0.0, 0.0, 0.0)
        unit = self.product_uom_id
        sale_line = self.sale_line_ids[:1]
        sold = sale_line.product_uom_qty if sale_line else self.quantity
        issued = sale_line.qty_delivered
        open_quantity = max(unit.round(sold - issued), 0.0)
        reserved = sum(
            move.product_uom._compute_quantity(move.quantity, unit, round=False)
            for move in self._get_shelf_moves()
        )
        reserved = min(unit.round(reserved), open_quantity)
        missing = unit.round(open_quantity - reserved)
        return PartFigures(sold, issued, reserved, open_quantity, missing)

    def _get_shelf_moves(self):
        """Return the open moves that take parts off the shelf, elevated.

        Where parts leave in several steps, the first one counts.
        """
        return self.sale_line_ids.move_ids.filtered(
            lambda move: (
                move.state in OPEN_MOVE_STATES
                and move.picking_code != "incoming"
                and not move.origin_returned_move_id
                and not move.move_orig_ids
            )
        )
