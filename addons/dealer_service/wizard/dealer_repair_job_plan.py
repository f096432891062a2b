from odoo import fields, models


class DealerRepairJobPlan(models.TransientModel):
    """Ask a dispatcher who does a job, where and when; then plan it (R2, R4)."""

    _name = "dealer.repair.job.plan"
    _description = "Plan a job"

    job_id = fields.Many2one("dealer.repair.job", required=True, readonly=True)
    company_id = fields.Many2one(related="job_id.company_id")
    license_plate = fields.Char(related="job_id.license_plate")
    promised_at = fields.Datetime(related="job_id.promised_at")
    technician_id = fields.Many2one(
        "hr.employee", domain="[('company_id', '=', company_id)]"
    )
    bay_id = fields.Many2one("dealer.bay", domain="[('company_id', '=', company_id)]")
    start = fields.Datetime(default=fields.Datetime.now)
    hours = fields.Float(string="Planned hours")

    def action_plan(self):
        """Plan the job; the reservations follow."""
        self.ensure_one()
        self.job_id.action_plan(
            bay_id=self.bay_id.id,
            technician_id=self.technician_id.id,
            start=self.start,
            hours=self.hours,
        )
        return {"type": "ir.actions.act_window_close"}
