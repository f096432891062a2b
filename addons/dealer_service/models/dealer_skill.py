from odoo import fields, models


class DealerSkill(models.Model):
    """A trade of the workshop, shared by all stores (R2).

    Labour operations ask for one, technicians and teams have some, bays are fit for
    some. A bay without any is fit for every trade.
    """

    _name = "dealer.skill"
    _description = "Workshop skill"
    _inherit = ["hr.mixin"]
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(copy=False, help="Short sign for lists and interfaces.")
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True)
    employee_ids = fields.Many2many(
        "hr.employee",
        "dealer_skill_hr_employee_rel",
        "skill_id",
        "employee_id",
        string="Technicians",
        help="Who masters this trade.",
    )

    _code_uniq = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL",
        lambda env, _diag: env._("Another skill has this code."),
    )
