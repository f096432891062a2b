from odoo import fields, models


class DealerBay(models.Model):
    """A work place of the workshop: lift, alignment rig, paint booth (C13).

    A bay that was ever reserved is archived, not deleted.
    """

    _name = "dealer.bay"
    _description = "Workshop bay"
    _order = "company_id, sequence, id"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

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
    skill_ids = fields.Many2many(
        "dealer.skill",
        "dealer_bay_skill_rel",
        "bay_id",
        "skill_id",
        string="Fit for",
        help="Trades that can be done here; none means all of them.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Opening hours",
        check_company=True,
        help="When the bay can be used; the working hours of the store by default.",
    )
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    reservation_ids = fields.One2many("dealer.reservation", "bay_id")

    _code_uniq = models.UniqueIndex(
        "(company_id, code) WHERE code IS NOT NULL",
        lambda env, _diag: env._("Another bay of this store has this code."),
    )

    def _get_calendar(self):
        """Return when the bay can be used.

        :rtype: `resource.calendar`, empty if the store has no working hours
        """
        self.ensure_one()
        return self.calendar_id or self.company_id.resource_calendar_id
