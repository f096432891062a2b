from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import float_compare

from ..const import STARTED_STATES


class StockMove(models.Model):
    """Parts on their way to or from a car: named after it, told about (F10)."""

    _inherit = "stock.move"

    dealer_job_id = fields.Many2one(
        "dealer.repair.job",
        string="Repair job",
        compute="_compute_dealer_job_id",
        search="_search_dealer_job_id",
    )
    dealer_car = fields.Char(
        string="For car",
        compute="_compute_dealer_job_id",
        help="Plate and visit that these parts are kept for.",
    )

    @api.depends("sale_line_id.dealer_line_id")
    def _compute_dealer_job_id(self):
        """Name the car; the stock's people need not read sales."""
        for move, move_sudo in zip(self, self.sudo(), strict=True):
            job_sudo = move_sudo.sale_line_id.dealer_line_id.job_id
            move.dealer_job_id = job_sudo.id
            requisition_sudo = job_sudo.requisition_ids[:1]
            move.dealer_car = requisition_sudo and requisition_sudo._get_label()

    @api.model
    def _search_dealer_job_id(self, operator, value):
        """Find moves by their job, through the sale line."""
        if operator not in ("in", "not in", "any"):
            return NotImplemented
        # Searched as the system: only ids of sale lines leave this method.
        lines_sudo = self.env["sale.order.line"].sudo()
        query = lines_sudo._search(Domain("dealer_line_id.job_id", operator, value))
        return Domain("sale_line_id", "in", query)

    def _action_assign(self, force_qty=False):
        """Override of `stock` to tell who waits that the parts are here (F10)."""
        result = super()._action_assign(force_qty)
        self._watch_cars(STARTED_STATES)
        return result

    def _action_done(self, cancel_backorder=False):
        """Override of `stock` to write on the paper who issued, by any door."""
        moves = super()._action_done(cancel_backorder)
        issued = moves.filtered(lambda move: move.location_dest_id._is_outgoing())
        issued._get_requisitions()._note_issue()
        moves._watch_cars()
        return moves

    def _get_requisitions(self):
        """Return the requisitions of the cars that these moves are for, elevated."""
        moves_sudo = self.sudo()
        return moves_sudo.sale_line_id.dealer_line_id.job_id.requisition_ids

    def _watch_cars(self, states=()):
        """Look after the cars that wait for what has moved.

        :param states: of jobs whose parts may turn out missing now; not while a
            transfer is done: a part that comes back is still sold for a moment
        """
        requisitions_sudo = self._get_requisitions()
        requisitions_sudo.filtered(
            lambda paper: paper.missing_since or paper.job_id.state in states
        )._watch_parts()
        requisitions_sudo.job_id._notify_workshop()

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
