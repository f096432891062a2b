from odoo import fields, models


class DealerRepairJobPlanHelper(models.TransientModel):
    """A helper and the share of the job, as the dispatcher enters them (R4)."""

    _name = "dealer.repair.job.plan.helper"
    _description = "Helper of a plan"

    plan_id = fields.Many2one(
        "dealer.repair.job.plan", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="plan_id.company_id")
    employee_id = fields.Many2one(
        "hr.employee",
        string="Helper",
        required=True,
        domain="[('company_id', '=', company_id)]",
    )
    share = fields.Float(string="Share (%)", digits=(5, 2), required=True)
