from odoo import fields, models
from odoo.exceptions import UserError

from .. import arguments as arg
from .dealer_repair_job_parts import PARTS_KEEPER


class DealerPartsRequisition(models.Model):
    """Handing out by hand: these parts, this many, this lot (F10)."""

    _inherit = "dealer.parts.requisition"

    @arg.typed(
        lines=arg.rows(
            line_id=arg.integer, quantity=arg.number, lot_id=arg.record("stock.lot")
        )
    )
    def issue(self, lines):
        """Hand out certain parts; what is left stays on the shelf for the car.

        :param list lines: dicts with ``line_id`` (`dealer.parts.requisition.line`),
            ``quantity`` (all that is on the shelf by default) and, where the part is
            tracked, ``lot_id`` (`stock.lot`)
        :raises AccessError: if the user does not keep parts
        :raises UserError: if a part is not of this requisition or not on the shelf
        """
        self.ensure_one()
        self.check_access("read")
        self.order_id._ensure_role((PARTS_KEEPER,))
        self.order_id._lock()
        moves = self.env["stock.move"]
        for values in lines:
            moves |= self._prepare_issue(values)
        if not moves:
            raise UserError(self.env._("Choose at least one part to hand out."))
        self.job_id._hand_out(moves)
        return True

    def _prepare_issue(self, values):
        """Set quantity and lot of one part on its move; return the move.

        :param dict values: see `issue`
        """
        line = self.line_ids.filtered(lambda line: line.id == values.get("line_id"))
        if not line:
            raise UserError(self.env._("This part is not on the requisition."))
        quantity = values.get("quantity", line.quantity_reserved)
        unit = line.product_uom_id
        if unit.compare(quantity, 0) <= 0:
            raise UserError(self.env._("Quantity: enter more than zero."))
        if unit.compare(quantity, line.quantity_reserved) > 0:
            raise UserError(
                self.env._(
                    "%(part)s: only %(reserved)g on the shelf for %(car)s.",
                    part=line.product_id.display_name,
                    reserved=line.quantity_reserved,
                    car=self._get_label(),
                )
            )
        moves_sudo = line.sudo().repair_line_id._get_shelf_moves()
        move = self.env["stock.move"].browse(
            moves_sudo.filtered(lambda move: move.quantity > 0)[:1].id
        )
        lot = self.env["stock.lot"].browse(values.get("lot_id") or [])
        if lot:
            self._choose_lot(move, lot, quantity)
        else:
            move.quantity = unit._compute_quantity(quantity, move.product_uom)
        return move

    def _choose_lot(self, move, lot, quantity):
        """Take a certain lot instead of the one that was reserved."""
        if lot.product_id != move.product_id:
            raise UserError(
                self.env._(
                    "%(lot)s is no lot of %(part)s.",
                    lot=lot.name,
                    part=move.product_id.display_name,
                )
            )
        free = self.env["stock.quant"]._get_available_quantity(
            lot.product_id, move.location_id, lot_id=lot, strict=False
        )
        own = move.move_line_ids.filtered(lambda line: line.lot_id == lot)
        available = free + sum(own.mapped("quantity"))
        if move.product_uom.compare(quantity, available) > 0:
            raise UserError(
                self.env._(
                    "%(lot)s: only %(available)g left in %(location)s.",
                    lot=lot.name,
                    available=max(available, 0.0),
                    location=move.location_id.display_name,
                )
            )
        move._do_unreserve()
        move._update_reserved_quantity(quantity, move.location_id, lot_id=lot)

    def _note_issue(self):
        """Write down who handed out last, and when."""
        requisitions_sudo = self.sudo()
        requisitions_sudo.write(
            {
                "issued_by_id": self.env.uid,
                "issued_at": fields.Datetime.now(),
                "received_by_id": False,
                "received_at": False,
            }
        )

    def _tell_keepers(self):
        """Tell the parts keepers of the store that a technician waits."""
        for requisition in self:
            keepers = self.env["res.users"]._get_dealer_staff(
                PARTS_KEEPER, requisition.company_id
            )
            requisition.order_id._notify_users(
                keepers,
                requisition.env._(
                    "%(user)s asks for the parts of %(job)s. %(note)s",
                    user=requisition.requested_by_id.name,
                    job=requisition.job_id._get_workshop_name(),
                    note=requisition.request_note or "",
                ),
            )
