from odoo import fields, models


class DealerBay(models.Model):
    """A work place of the workshop: lift, alignment rig, paint booth (C13).

    A bay that was ever reserved is archived, not deleted.
    """

    _name = "dealer.bay"
    _description = "Workshop bay"
    _order = "company_id, sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(copy=False, help="Short sign painted on the floor.")
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(
        [
            ("general", "General"),
            ("lift", "Lift"),
            ("alignment", "Wheel alignment"),
            ("body", "Body work"),
            ("paint", "Paint booth"),
            ("wash", "Car wash"),
        ],
        required=True,
        default="general",
    )
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    reservation_ids = fields.One2many("dealer.reservation", "bay_id")

    _code_uniq = models.UniqueIndex(
        "(company_id, code) WHERE code IS NOT NULL",
        lambda env, _diag: env._("Another bay of this store has this code."),
    )
