from odoo import fields, models


class DealerRepairJob(models.Model):
    """The team that a job was given to (R2, R3)."""

    _inherit = "dealer.repair.job"

    team_id = fields.Many2one(
        "dealer.team",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
    )
