from odoo import models


class DealerRepairOrder(models.Model):
    """What the steps of a visit start in the workshop."""

    _name = "dealer.repair.order"
    _inherit = ["dealer.repair.order", "dealer.workshop.notice.mixin"]
    _workshop_fields = {"state", "promised_at"}

    def _action_post_request_inspection(self):
        """Queue the visits for the inspectors; the waiting time starts here."""
        # Team leaders ask for the final check, they do not write it.
        checks_sudo = self.env["dealer.quality.check"].sudo()
        for order in self:
            checks_sudo._get_or_create_open(order, "final")
