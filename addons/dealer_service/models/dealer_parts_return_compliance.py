from odoo import models


class DealerPartsReturn(models.Model):
    """A part that comes back after settlement changes the electronic record (E6)."""

    _inherit = "dealer.parts.return"

    def _close(self):
        """Extend: the authority is told what stayed on the car."""
        result = super()._close()
        self.env["dealer.compliance.record"]._follow_visits(
            self.order_id, self.env._("Parts came back: %s", self.display_name)
        )
        return result
