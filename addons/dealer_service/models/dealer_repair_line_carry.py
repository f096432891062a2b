from odoo import models


class DealerRepairLine(models.Model):
    """A line offered anew on another visit (B2, E4)."""

    _inherit = "dealer.repair.line"

    def _prepare_carried_vals(self, percent):
        """Return the values of this line on a job of another visit.

        :param float percent: today's discount of the package it belongs to
        :rtype: dict
        """
        self.ensure_one()
        vals = {
            "product_id": self.product_id.id,
            "name": self.name,
            "quantity": self.quantity,
            "product_uom_id": self.product_uom_id.id,
            "part_origin": self.part_origin,
            "sequence": self.sequence,
        }
        if percent and self.part_origin != "customer":
            vals["discount"] = percent
        return vals
