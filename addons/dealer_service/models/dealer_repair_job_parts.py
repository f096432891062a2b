from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_list

from ..const import OPEN_MOVE_STATES

PARTS_KEEPER = "stock.group_stock_user"


class DealerRepairJob(models.Model):
    """Parts of a job leave the stock against its sale lines (F10).

    The car goes to inspection only when every part is issued. Parts the customer
    brought are none of our stock.
    """

    _inherit = "dealer.repair.job"

    def _get_open_parts(self):
        """Return the part lines of these jobs that are not fully issued.

        :rtype: `dealer.repair.line`
        """
        # The workshop does not see sale lines, only what is missing.
        figures = self.sudo().line_ids._get_part_figures()
        open_ids = [line.id for line, figure in figures.items() if figure.open]
        return self.env["dealer.repair.line"].browse(open_ids)

    def action_issue_parts(self):
        """Hand out what is reserved for the job (F10); the rest stays open.

        :raises AccessError: if the user does not keep parts
        :raises UserError: if everything is issued, or nothing is reserved
        :return: a message with what is still missing; or the transfer, when lots or
            serial numbers have to be chosen there
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        self.order_id._ensure_role((PARTS_KEEPER,))
        # Of two keepers one hands out, the other one reads what is left.
        self.order_id._lock()
        parts = self._get_open_parts()
        if not parts:
            raise UserError(
                self.env._(
                    "All parts of %(job)s are issued.", job=self._get_workshop_name()
                )
            )
        moves = self._get_issue_moves(parts)
        if not moves:
            raise UserError(
                self.env._(
                    "Nothing is reserved for %(job)s. Missing: %(parts)s.",
                    job=self._get_workshop_name(),
                    parts=self._format_open_parts(parts),
                )
            )
        if anonymous := moves.filtered(self._needs_lot):
            return self._open_transfer(anonymous.picking_id[:1])
        result = self._hand_out(moves)
        return result if isinstance(result, dict) else self._notify_issued()

    def _get_issue_moves(self, parts):
        """Reserve what there is for open parts; return the moves to hand out."""
        moves_sudo = parts.sudo().sale_line_id.move_ids
        moves = self.env["stock.move"].browse(moves_sudo.ids)
        moves = moves.filtered(
            lambda move: (
                move.state in OPEN_MOVE_STATES and move.picking_code != "incoming"
            )
        )
        moves.filtered(lambda move: move.state != "assigned")._action_assign()
        return moves.filtered(
            lambda move: (
                move.state in ("assigned", "partially_available") and move.quantity > 0
            )
        )

    def _needs_lot(self, move):
        """Tell whether a lot or serial number of a move is still to be chosen."""
        return move.has_tracking != "none" and any(
            not (line.lot_id or line.lot_name) for line in move.move_line_ids
        )

    def _hand_out(self, moves):
        """Validate these moves only; what else is on their transfers stays open."""
        pickings = moves.picking_id
        pickings.move_ids.picked = False
        moves.picked = True
        return pickings.with_context(
            skip_backorder=True, skip_sms=True
        ).button_validate()

    def _open_transfer(self, picking):
        """Return the action that opens a transfer."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Choose lots or serial numbers"),
            "res_model": "stock.picking",
            "view_mode": "form",
            "res_id": picking.id,
        }

    def _notify_issued(self):
        """Return the message that says what is issued and what is missing."""
        parts = self._get_open_parts()
        if parts:
            message = self.env._(
                "Issued what was reserved. Still missing: %(parts)s.",
                parts=self._format_open_parts(parts),
            )
        else:
            message = self.env._("All parts are issued.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "warning" if parts else "success",
                "sticky": bool(parts),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _format_open_parts(self, parts):
        """Return open parts with their quantities in words."""
        names = [
            self.env._(
                "%(part)s × %(quantity)g",
                part=line.product_id.display_name,
                quantity=figure.open,
            )
            for line, figure in parts._get_part_figures().items()
        ]
        return format_list(self.env, names)
