from odoo import fields, models


class DealerReleasePass(models.TransientModel):
    """Ask why and how long a car goes out, then issue a temporary pass (F14)."""

    _name = "dealer.release.pass"
    _description = "Temporary pass"

    order_id = fields.Many2one("dealer.repair.order", required=True, readonly=True)
    kind = fields.Selection(
        [("road_test", "Road test"), ("errand", "Short trip")],
        required=True,
        default="road_test",
    )
    reason = fields.Char(required=True)
    minutes = fields.Integer(string="Valid for (minutes)", required=True, default=60)

    def action_confirm(self):
        """Issue the pass and show its code.

        :raises UserError: as `dealer.repair.order.issue_temporary_pass`
        """
        self.ensure_one()
        note_id = self.order_id.issue_temporary_pass(
            self.kind, self.reason, self.minutes
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Temporary pass"),
            "res_model": "dealer.release.note",
            "res_id": note_id,
            "view_mode": "form",
        }
