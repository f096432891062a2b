from odoo import api, fields, models

from ..const import RETURN_REASONS


class DealerPartsReturnAsk(models.TransientModel):
    """The workshop brings a part back, or does not fetch it (F10)."""

    _name = "dealer.parts.return.ask"
    _description = "Return or release a part"

    line_id = fields.Many2one(
        "dealer.parts.requisition.line", required=True, readonly=True
    )
    product_id = fields.Many2one(related="line_id.product_id")
    quantity_issued = fields.Float(related="line_id.quantity_issued")
    quantity = fields.Float(
        compute="_compute_quantity", store=True, readonly=False, digits="Product Unit"
    )
    reason = fields.Selection(RETURN_REASONS, required=True, default="not_needed")
    note = fields.Char(string="What was the matter")

    @api.depends("line_id")
    def _compute_quantity(self):
        """Propose all that is on the car, else all that is not fetched."""
        for wizard in self:
            line = wizard.line_id
            wizard.quantity = line.quantity_issued or line.quantity_sold

    def action_confirm(self):
        """Ask the team leader.

        :raises UserError: as `dealer.parts.requisition.line.ask_return`
        """
        self.ensure_one()
        self.line_id.ask_return(self.quantity, self.reason, self.note)
        return {"type": "ir.actions.act_window_close", "infos": {"reload": True}}
