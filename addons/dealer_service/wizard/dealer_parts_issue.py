from odoo import api, fields, models
from odoo.fields import Command


class DealerPartsIssue(models.TransientModel):
    """A parts keeper hands out some of the parts, or certain lots (F10)."""

    _name = "dealer.parts.issue"
    _description = "Issue parts"

    requisition_id = fields.Many2one(
        "dealer.parts.requisition", required=True, readonly=True
    )
    license_plate = fields.Char(related="requisition_id.license_plate")
    line_ids = fields.One2many(
        "dealer.parts.issue.line",
        "issue_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("requisition_id")
    def _compute_line_ids(self):
        """Propose all that is on the shelf."""
        for wizard in self:
            wizard.line_ids = [Command.clear()] + [
                Command.create({"line_id": line.id, "quantity": line.quantity_reserved})
                for line in wizard.requisition_id.line_ids
                if line.quantity_reserved
            ]

    def action_confirm(self):
        """Hand out what was chosen.

        :raises UserError: as `dealer.parts.requisition.issue`
        """
        self.ensure_one()
        self.requisition_id.issue(
            [
                {
                    "line_id": line.line_id.id,
                    "quantity": line.quantity,
                    "lot_id": line.lot_id.id,
                }
                for line in self.line_ids
                if line.quantity
            ]
        )
        return {"type": "ir.actions.act_window_close", "infos": {"reload": True}}


class DealerPartsIssueLine(models.TransientModel):
    """One part to hand out; zero leaves it on the shelf."""

    _name = "dealer.parts.issue.line"
    _description = "Part to issue"

    issue_id = fields.Many2one(
        "dealer.parts.issue", string="Handing out", ondelete="cascade", index=True
    )
    line_id = fields.Many2one(
        "dealer.parts.requisition.line", required=True, readonly=True
    )
    product_id = fields.Many2one(related="line_id.product_id")
    tracking = fields.Selection(related="product_id.tracking")
    shelf = fields.Char(related="line_id.shelf")
    quantity_reserved = fields.Float(
        related="line_id.quantity_reserved", string="On the shelf"
    )
    quantity = fields.Float(string="Issue", digits="Product Unit")
    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot or serial number",
        domain="[('product_id', '=', product_id)]",
        help="Empty: the one that is reserved.",
    )
