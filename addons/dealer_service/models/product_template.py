from odoo import fields, models

from ..const import LINE_KINDS, PART_ORIGINS


class ProductTemplate(models.Model):
    _inherit = "product.template"

    dealer_kind = fields.Selection(
        LINE_KINDS,
        string="Used in repairs as",
        index="btree_not_null",
        help="Labour, part, sublet work or fee. Only products with a kind can be "
        "added to the jobs of a repair order.",
    )
    dealer_standard_hours = fields.Float(
        string="Standard hours",
        digits=(8, 2),
        help="Hours that the operation takes by the labour standard; proposed as "
        "the quantity of a labour line.",
    )
    dealer_skill_id = fields.Many2one(
        "dealer.skill",
        string="Skill",
        index="btree_not_null",
        ondelete="restrict",
        help="Trade that the labour operation needs; jobs are planned by it.",
    )
    dealer_part_origin = fields.Selection(
        PART_ORIGINS,
        string="Part origin",
        default="oem",
        help="Printed on the estimate and the settlement list.",
    )

    _dealer_standard_hours_positive = models.Constraint(
        "CHECK (dealer_standard_hours IS NULL OR dealer_standard_hours >= 0)",
        lambda env, _diag: env._("Standard hours cannot be negative."),
    )
