from odoo import api, fields, models


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    dealer_probation_ids = fields.One2many(
        "dealer.probation",
        "employee_id",
        string="Probation",
        groups="hr.group_hr_user",
    )
    dealer_probation_label = fields.Char(
        string="Probation status",
        compute="_compute_dealer_probation_label",
        groups="hr.group_hr_user",
    )

    @api.depends("dealer_probation_ids.state", "dealer_probation_ids.date_end")
    @api.depends_context("lang")
    def _compute_dealer_probation_label(self):
        """Say in two or three words where the employee's probation stands."""
        states = dict(
            self.env["dealer.probation"]
            ._fields["state"]
            ._description_selection(self.env)
        )
        for employee in self:
            probation = employee.dealer_probation_ids[:1]
            if not probation:
                employee.dealer_probation_label = self.env._("Start")
            elif probation.state == "running":
                employee.dealer_probation_label = self.env._(
                    "%(days)s days left", days=probation.days_left
                )
            else:
                employee.dealer_probation_label = states[probation.state]

    def action_open_dealer_probation(self):
        """Open the employee's probation, or an empty form to start one.

        :return: a window action on ``dealer.probation``
        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Probation"),
            "res_model": "dealer.probation",
            "res_id": self.dealer_probation_ids[:1].id,
            "view_mode": "form",
            "context": {"default_employee_id": self.id},
        }
