from odoo import fields, models
from odoo.exceptions import UserError

from .. import arguments as arg
from ..const import RETURN_REASONS
from .dealer_parts_return import CHECKERS
from .dealer_repair_job_clock import TECHNICIAN
from .dealer_repair_job_parts import PARTS_KEEPER
from .dealer_repair_order_flow import DISPATCHER

# Nothing of the visit is handed over yet.
RETURN_ORDER_STATES = ("in_progress", "inspection", "ready", "settled")


class DealerPartsRequisitionLine(models.Model):
    """Asking to bring a part back."""

    _inherit = "dealer.parts.requisition.line"

    return_ids = fields.One2many("dealer.parts.return", "line_id", string="Returns")

    @arg.typed(quantity=arg.number, reason=arg.text, note=arg.text)
    def ask_return(self, quantity, reason, note=False):
        """Ask to bring a part back, or not to fetch it (F10).

        What is issued comes back to the shelf; what is not, is released. The team
        leader's own question needs no second look.

        :param float quantity: how many
        :param str reason: a key of `const.RETURN_REASONS`
        :param str note: what else to say
        :raises AccessError: if the user is neither of the workshop nor a parts keeper
        :raises UserError: if the part is not on the car, the car has left, or reason
            or quantity are wrong
        :return: id of the `dealer.parts.return`
        :rtype: int
        """
        self.ensure_one()
        self.check_access("read")
        order = self.requisition_id.order_id
        order._ensure_role((TECHNICIAN, DISPATCHER, PARTS_KEEPER))
        order._lock()
        self._ensure_returnable(order, reason)
        if self.product_uom_id.compare(quantity, 0) <= 0:
            raise UserError(self.env._("Quantity: enter more than zero."))
        figures = self.repair_line_id._get_part_figures()[self.repair_line_id]
        kind = "return" if figures.issued else "release"
        # Returns are opened here only.
        return_sudo = self.env["dealer.parts.return"].sudo()
        record_sudo = return_sudo.create(
            self._prepare_return_vals(kind, quantity, reason, note)
        )
        self._ensure_enough(kind, figures)
        record = record_sudo.with_env(self.env)
        if any(self.env.user.has_group(group) for group in CHECKERS):
            record.action_check()
        return record.id

    def _prepare_return_vals(self, kind, quantity, reason, note):
        """Return the values of a return.

        :rtype: dict
        """
        return {
            "line_id": self.id,
            "kind": kind,
            "quantity": quantity,
            "reason": reason,
            "note": note,
            "asked_by_id": self.env.uid,
            "asked_at": fields.Datetime.now(),
        }

    def _ensure_returnable(self, order, reason):
        """Refuse returns of cars that left, and unknown reasons."""
        if order.state not in RETURN_ORDER_STATES:
            raise UserError(
                self.env._(
                    "%(order)s: parts come back while the car is in the workshop, "
                    "until it is handed over.",
                    order=order.name,
                )
            )
        if reason not in dict(RETURN_REASONS):
            raise UserError(
                self.env._(
                    "Reason: choose one of %(known)s.",
                    known=", ".join(dict(RETURN_REASONS)),
                )
            )

    def _ensure_enough(self, kind, figures):
        """Refuse to bring back more than is out, all open questions together."""
        limit = figures.issued if kind == "return" else figures.open
        pending = self.return_ids.filtered(
            lambda record: record.state in ("asked", "checked")
        )
        if self.product_uom_id.compare(sum(pending.mapped("quantity")), limit) > 0:
            raise UserError(
                self.env._(
                    "%(part)s: only %(limit)g left to bring back.",
                    part=self.product_id.display_name,
                    limit=limit,
                )
            )
