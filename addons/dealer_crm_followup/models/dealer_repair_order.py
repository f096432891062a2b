from odoo import fields, models


class DealerRepairOrder(models.Model):
    _inherit = "dealer.repair.order"

    followup_ids = fields.One2many(
        "dealer.followup",
        "order_id",
        string="Follow-up",
        groups="dealer_service.group_dealer_followup,"
        "dealer_service.group_dealer_advisor,dealer_service.group_dealer_archivist",
    )
    followup_state = fields.Selection(
        related="followup_ids.state",
        string="Follow-up status",
        groups="dealer_service.group_dealer_followup,"
        "dealer_service.group_dealer_advisor,dealer_service.group_dealer_archivist",
    )

    def _action_post_deliver(self):
        """Override of `dealer_service` to plan the follow-up of the visit (A8)."""
        result = super()._action_post_deliver()
        # The advisor who hands the car over plans the call, but may not assign it.
        followup_sudo = self.env["dealer.followup"].sudo()
        followup_sudo._plan_for_orders(self)
        return result

    def action_open_followup(self):
        """Open the follow-up of the visit.

        :return: a window action on ``dealer.followup``
        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Follow-up"),
            "res_model": "dealer.followup",
            "res_id": self.followup_ids[:1].id,
            "view_mode": "form",
        }
