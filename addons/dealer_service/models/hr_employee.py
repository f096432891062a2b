from odoo import fields, models


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    dealer_skill_ids = fields.Many2many(
        "dealer.skill",
        "dealer_skill_hr_employee_rel",
        "employee_id",
        "skill_id",
        string="Workshop skills",
        help="Trades that the technician masters; jobs are planned by them.",
    )


class HrEmployeePublic(models.Model):
    _inherit = "hr.employee.public"

    dealer_skill_ids = fields.Many2many(
        related="employee_id.dealer_skill_ids", string="Workshop skills"
    )
