from odoo import api, fields, models
from odoo.tools import format_date


class HrEmployee(models.Model):
    """Who may take customers' cars onto the road."""

    _inherit = "hr.employee"

    dealer_is_road_tester = fields.Boolean(
        string="Road tester",
        groups="hr.group_hr_user",
        help="May drive customers' cars for the road test.",
    )
    dealer_licence_until = fields.Date(
        string="Driving licence until",
        groups="hr.group_hr_user",
        help="Empty: no licence is known.",
    )

    dealer_evaluation_ids = fields.One2many(
        "dealer.inspector.evaluation",
        "employee_id",
        string="Inspection figures",
        groups="hr.group_hr_user",
    )
    dealer_evaluation_count = fields.Integer(
        compute="_compute_dealer_evaluation_count", groups="hr.group_hr_user"
    )

    @api.depends("dealer_evaluation_ids")
    def _compute_dealer_evaluation_count(self):
        for employee in self:
            employee.dealer_evaluation_count = len(employee.dealer_evaluation_ids)

    def action_open_evaluations(self):
        """Open the monthly figures of an inspector (D18)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Inspectors' figures"),
            "res_model": "dealer.inspector.evaluation",
            "view_mode": "list,form",
            "domain": [("employee_id", "=", self.id)],
        }

    def _get_missing_to_drive(self, day):
        """Return why an employee may not drive a customer's car.

        :param date day: the day of the drive
        :rtype: list of sentences
        """
        self.ensure_one()
        if not self.dealer_is_road_tester:
            return [
                self.env._(
                    "Driver: %(name)s is no road tester. Choose one, or let HR tick "
                    "it on the employee.",
                    name=self.name,
                )
            ]
        if not self.dealer_licence_until:
            return [
                self.env._(
                    "Driver: the licence of %(name)s is not known. Let HR enter until "
                    "when it is valid.",
                    name=self.name,
                )
            ]
        if self.dealer_licence_until < day:
            return [
                self.env._(
                    "Driver: the licence of %(name)s ended on %(date)s.",
                    name=self.name,
                    date=format_date(self.env, self.dealer_licence_until),
                )
            ]
        return []
