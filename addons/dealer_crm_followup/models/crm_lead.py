from odoo import fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    dealer_followup_id = fields.Many2one(
        "dealer.followup",
        string="Follow-up",
        index="btree_not_null",
        readonly=True,
        copy=False,
        help="The after-sales contact in which the customer mentioned the need.",
    )
