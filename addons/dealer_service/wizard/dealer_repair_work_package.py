from odoo import fields, models


class DealerRepairWorkPackage(models.TransientModel):
    """A service package worth offering, and why."""

    _name = "dealer.repair.work.package"
    _description = "Service package to add"

    work_id = fields.Many2one("dealer.repair.work", ondelete="cascade", index=True)
    is_chosen = fields.Boolean(string="Add")
    package_id = fields.Many2one("dealer.service.package", required=True, readonly=True)
    hours = fields.Float(string="Standard hours", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    price = fields.Monetary(readonly=True, help="Taxes included, for this customer.")
    reason = fields.Char(string="Why", readonly=True)
