from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list

from ..const import OLD_PART_RESULTS

# What people write themselves: the date on the telephone, and the old part.
OPEN_FIELDS = {"promised_on", "old_part"}


class DealerPartsRequisitionLine(models.Model):
    """One part of a requisition, and what became of the old one (F10, F13).

    The quantities are those of Odoo's moves. ``promised_on`` is what the supplier
    said; a date that Odoo forecasts from orders under way comes first.
    """

    _name = "dealer.parts.requisition.line"
    _description = "Parts requisition line"
    _order = "requisition_id, id"
    _check_company_auto = True

    requisition_id = fields.Many2one(
        "dealer.parts.requisition",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="requisition_id.company_id", store=True, index=True, precompute=True
    )
    job_id = fields.Many2one(related="requisition_id.job_id")
    repair_line_id = fields.Many2one(
        "dealer.repair.line",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    product_id = fields.Many2one(
        related="repair_line_id.product_id", store=True, index=True, precompute=True
    )
    part_origin = fields.Selection(related="repair_line_id.part_origin")
    product_uom_id = fields.Many2one(related="repair_line_id.product_uom_id")
    quantity_approved = fields.Float(
        related="repair_line_id.quantity", string="Approved"
    )
    quantity_sold = fields.Float(
        string="To be used",
        compute="_compute_quantities",
        digits="Product Unit",
        help="Approved, less what came back unused.",
    )
    quantity_issued = fields.Float(
        string="Issued",
        compute="_compute_quantities",
        digits="Product Unit",
        help="Handed out and not brought back.",
    )
    quantity_reserved = fields.Float(
        string="On the shelf", compute="_compute_quantities", digits="Product Unit"
    )
    quantity_missing = fields.Float(
        string="Not on stock", compute="_compute_quantities", digits="Product Unit"
    )
    state = fields.Selection(
        [
            ("customer", "Brought by the customer"),
            ("waiting", "Not on stock"),
            ("partial", "Partly on the shelf"),
            ("ready", "On the shelf"),
            ("issued", "Issued"),
            ("released", "Not needed"),
        ],
        compute="_compute_quantities",
    )
    shelf = fields.Char(
        compute="_compute_shelf", help="Where the reserved parts lie, with their lots."
    )
    lot_names = fields.Char(string="Lots issued", compute="_compute_shelf")
    promised_on = fields.Date(
        string="Supplier's date", help="When the supplier said the part will come."
    )
    expected_on = fields.Date(string="Expected on", compute="_compute_expected_on")
    old_part = fields.Selection(OLD_PART_RESULTS, string="Old part")
    can_return = fields.Boolean(compute="_compute_quantities")

    _repair_line_uniq = models.Constraint(
        "UNIQUE (repair_line_id)",
        lambda env, _diag: env._("This part is on a requisition already."),
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "repair_line_id.sale_line_ids.product_uom_qty",
        "repair_line_id.sale_line_ids.qty_delivered",
        "repair_line_id.sale_line_ids.move_ids.state",
        "repair_line_id.sale_line_ids.move_ids.quantity",
    )
    def _compute_quantities(self):
        """Read sale line and moves of each part."""
        figures = self.repair_line_id._get_part_figures()
        for line in self:
            figure = figures[line.repair_line_id]
            line.quantity_sold = figure.sold
            line.quantity_issued = figure.issued
            line.quantity_reserved = figure.reserved
            line.quantity_missing = figure.missing
            line.state = line._read_state(figure)
            line.can_return = bool(figure.issued or figure.open)

    def _read_state(self, figure):
        """Return the state of one part from its figures."""
        if not self.repair_line_id._is_stock_part():
            return "customer"
        if not figure.sold:
            return "released"
        if not figure.open:
            return "issued"
        if not figure.missing:
            return "ready"
        return "partial" if figure.reserved else "waiting"

    @api.depends("quantity_reserved", "quantity_issued")
    def _compute_shelf(self):
        """Say where to find the reserved parts, and which lots were issued."""
        # Locations and lots are not for workshop roles to read; their names are.
        for line, line_sudo in zip(self, self.sudo(), strict=True):
            shelf = line_sudo.repair_line_id._get_shelf_moves().move_line_ids
            line.shelf = format_list(
                line.env, [pick._format_pick() for pick in shelf if pick.quantity]
            )
            moves_sudo = line_sudo.repair_line_id.sale_line_ids.move_ids
            issued = moves_sudo.filtered(
                lambda move: move.state == "done" and move.picking_code == "outgoing"
            )
            line.lot_names = ", ".join(issued.lot_ids.mapped("name"))

    @api.depends("quantity_missing", "promised_on")
    def _compute_expected_on(self):
        """Take Odoo's forecast of missing parts, else the supplier's word."""
        missing_sudo = self.sudo().filtered("quantity_missing")
        moves_sudo = {
            line: line.repair_line_id._get_shelf_moves() for line in missing_sudo
        }
        # One forecast for all of them.
        all_moves_sudo = self.env["stock.move"].sudo().union(*moves_sudo.values())
        all_moves_sudo.mapped("forecast_expected_date")
        for line, line_sudo in zip(self, self.sudo(), strict=True):
            dates = [
                fields.Date.to_date(move.forecast_expected_date)
                for move in moves_sudo.get(line_sudo, ())
                if move.forecast_expected_date
            ]
            line.expected_on = max(dates) if dates else line.promised_on

    # === CRUD METHODS === #

    def write(self, vals):
        """Leave everything but old part and promised date to the stock."""
        if set(vals) - OPEN_FIELDS and not self.env.su:
            raise UserError(
                self.env._(
                    "Only the promised date and the old part are filled in here."
                )
            )
        return super().write(vals)

    # === BUSINESS METHODS === #

    @api.model
    def _propose_old_part(self, part):
        """Return what becomes of the old part by default.

        What a manufacturer pays for is kept for him, a remanufactured part gives its
        core back; else the customer's wish at intake decides.

        :param dealer.repair.line part: the new part
        """
        if part.job_id.payer == "warranty":
            return "warranty"
        if part.part_origin == "remanufactured":
            return "core"
        wish = part.job_id.order_id.old_part_wish
        return {"return": "returned", "dispose": "shop"}.get(wish)

    def action_ask_return(self):
        """Ask how many come back, and why."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Return or release"),
            "res_model": "dealer.parts.return.ask",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_id": self.id},
        }

    # === WORDS === #

    def _format_quantities(self, name):
        """Return the parts that have a quantity in a field, in words.

        :param str name: name of the field
        """
        names = [
            line.env._(
                "%(part)s × %(quantity)g",
                part=line.product_id.display_name,
                quantity=line[name],
            )
            for line in self
            if line[name]
        ]
        return format_list(self.env, names) if names else False

    def _format_picks(self):
        """Return what to take off the shelf, one part per line."""
        return "\n".join(
            line.env._(
                "%(part)s × %(quantity)g (%(shelf)s)",
                part=line.product_id.display_name,
                quantity=line.quantity_reserved,
                shelf=line.shelf,
            )
            for line in self
            if line.quantity_reserved
        )
