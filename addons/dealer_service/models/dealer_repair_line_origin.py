from odoo import api, fields, models


class DealerRepairLine(models.Model):
    """What is promised, or not, for a part by its origin (C4)."""

    _inherit = "dealer.repair.line"

    guarantee_note = fields.Char(
        string="Note on the part",
        compute="_compute_guarantee_note",
        help="By the origin of the part: no guarantee, or the customer's consent.",
    )

    @api.depends("part_origin")
    @api.depends_context("lang")
    def _compute_guarantee_note(self):
        """Say what the origin means for the customer."""
        notes = {
            "customer": self.env._("supplied by the customer, no guarantee on it"),
            "reused": self.env._("used part, fitted with the customer's consent"),
            "remanufactured": self.env._(
                "remanufactured part, fitted with the customer's consent"
            ),
        }
        for line in self:
            line.guarantee_note = notes.get(line.part_origin, False)
