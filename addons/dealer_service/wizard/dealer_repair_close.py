from odoo import fields, models


class DealerRepairClose(models.TransientModel):
    """Why a visit ends without the work being done (B1)."""

    _name = "dealer.repair.close"
    _description = "End a visit early"

    order_id = fields.Many2one("dealer.repair.order", required=True, readonly=True)
    verb = fields.Selection(
        [("leave", "The customer leaves unrepaired"), ("cancel", "Cancel the visit")],
        string="Outcome",
        required=True,
        readonly=True,
    )
    reason = fields.Char(required=True)

    def action_confirm(self):
        """End the visit.

        :raises UserError: as the action of the visit
        """
        self.ensure_one()
        getattr(self.order_id, f"action_{self.verb}")(self.reason)
        return {"type": "ir.actions.act_window_close"}
