from odoo import api, fields, models
from odoo.exceptions import UserError


class DealerRepairJobPlan(models.TransientModel):
    """Ask a dispatcher who does a job, where and when; then plan it (R2, R4)."""

    _name = "dealer.repair.job.plan"
    _description = "Plan a job"

    job_id = fields.Many2one("dealer.repair.job", required=True, readonly=True)
    company_id = fields.Many2one(related="job_id.company_id")
    license_plate = fields.Char(related="job_id.license_plate")
    promised_at = fields.Datetime(related="job_id.promised_at")
    skill_ids = fields.Many2many(related="job_id.skill_ids")
    requested_technician_id = fields.Many2one(
        related="job_id.order_id.requested_technician_id"
    )
    team_id = fields.Many2one("dealer.team", domain="[('company_id', '=', company_id)]")
    technician_id = fields.Many2one(
        "hr.employee", domain="[('company_id', '=', company_id)]"
    )
    bay_id = fields.Many2one("dealer.bay", domain="[('company_id', '=', company_id)]")
    start = fields.Datetime(default=fields.Datetime.now)
    hours = fields.Float(string="Planned hours")
    overtime = fields.Boolean(
        help="Plan without regard to working hours and leaves.",
    )
    stop = fields.Datetime(string="Ends", compute="_compute_check")
    warnings = fields.Text(compute="_compute_check")
    helper_ids = fields.One2many(
        "dealer.repair.job.plan.helper", "plan_id", string="Helpers"
    )
    suggestion = fields.Text(readonly=True)

    @api.depends("team_id", "technician_id", "bay_id", "start", "hours", "overtime")
    def _compute_check(self):
        """Show the end of the plan, and what speaks against it."""
        for plan in self:
            if not plan.job_id:
                plan.stop = plan.warnings = False
                continue
            try:
                checked = plan.job_id.check_plan(**plan._prepare_plan())
            except UserError as error:
                checked = {"stop": False, "warnings": [str(error)]}
            plan.stop = checked["stop"]
            plan.warnings = "\n".join(checked["warnings"])

    def _prepare_plan(self):
        """Return the arguments of `action_plan`.

        :rtype: dict
        """
        return {
            "bay_id": self.bay_id.id,
            "technician_id": self.technician_id.id,
            "start": self.start,
            "hours": self.hours,
            "team_id": self.team_id.id,
            "overtime": self.overtime,
        }

    def action_suggest(self):
        """Fill in the team, technician, bay and time that suit best."""
        self.ensure_one()
        suggestions = self.job_id.suggest_team()
        if not suggestions:
            raise UserError(
                self.env._("No team of the store masters this work; choose yourself.")
            )
        first = suggestions[0]
        self.write(
            {
                "team_id": first["team_id"],
                "technician_id": first["technician_id"],
                "bay_id": first["bay_id"] or self.bay_id.id,
                "start": first["start"],
                "suggestion": "\n".join(
                    f"{entry['team']} · {entry['technician']}: {entry['reason']}"
                    for entry in suggestions
                ),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_plan(self):
        """Plan the job; the reservations follow."""
        self.ensure_one()
        helpers = None
        if self.helper_ids or self.job_id.share_ids:
            helpers = [
                {"employee_id": helper.employee_id.id, "share": helper.share}
                for helper in self.helper_ids
            ]
        self.job_id.action_plan(**self._prepare_plan(), helpers=helpers)
        return {"type": "ir.actions.act_window_close"}
