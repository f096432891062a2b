from odoo import fields, models
from odoo.exceptions import AccessError

GROUP_MANAGER = "dealer_service.group_dealer_group_manager"


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

    def write(self, vals):
        """Override to let store managers name the technicians of their store only.

        :raises AccessError: if more is changed
        """
        # All technicians of the trade, those of other stores and archived ones, too.
        skills_sudo = self.sudo().with_context(active_test=False)
        before = {skill: skill.employee_ids for skill in skills_sudo}
        # What was read elevated is not what the user may see.
        self.invalidate_recordset(["employee_ids"])
        is_limited = not self.env.su and not self.env.user.has_group(GROUP_MANAGER)
        if is_limited and set(vals) - {"employee_ids"}:
            raise AccessError(
                self.env._(
                    "Skills are shared by all stores: only the group manager changes "
                    "them. You choose the technicians of your store."
                )
            )
        result = super().write(vals)
        if not is_limited:
            return result
        self.invalidate_recordset(["employee_ids"])
        for skill, former in before.items():
            now = skill.employee_ids
            if ((now - former) | (former - now)).company_id - self.env.companies:
                raise AccessError(
                    self.env._("Technicians: choose those of your own store only.")
                )
        self.invalidate_recordset(["employee_ids"])
        return result
