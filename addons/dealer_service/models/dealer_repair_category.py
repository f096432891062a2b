from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import (
    CERTIFICATE_CLASSES,
    GUARANTEE_FLOORS,
    PAYERS,
    STATUTORY_CLASSES,
)


class DealerRepairCategory(models.Model):
    """Operational category of a repair, mapped to one statutory class (section 5).

    The class decides the least guarantee and whether the statute demands a
    completion certificate. A store may promise more km or days, never less. The
    floors are defaults to be confirmed by the user's lawyer (section 6).
    """

    _name = "dealer.repair.category"
    _description = "Repair category"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    statutory_class = fields.Selection(
        STATUTORY_CLASSES, string="Statutory class", required=True, default="minor"
    )
    guarantee_km = fields.Integer(
        string="Guarantee (km)",
        compute="_compute_guarantee",
        store=True,
        readonly=False,
        precompute=True,
        aggregator=False,
        help="Km after delivery; whichever of km and days comes first ends it.",
    )
    guarantee_days = fields.Integer(
        string="Guarantee (days)",
        compute="_compute_guarantee",
        store=True,
        readonly=False,
        precompute=True,
        aggregator=False,
        help="Days after delivery; whichever of km and days comes first ends it.",
    )
    needs_certificate = fields.Boolean(
        compute="_compute_needs_certificate",
        store=True,
        help="The statute demands a completion certificate before the car leaves.",
    )
    needs_road_test = fields.Boolean(
        string="Road test",
        compute="_compute_needs_road_test",
        store=True,
        readonly=False,
        precompute=True,
        help="The final check of such a job includes a road test.",
    )
    default_payer = fields.Selection(PAYERS, required=True, default="customer")

    _code_uniq = models.Constraint(
        "UNIQUE (code)",
        lambda env, _diag: env._("Code: another repair category has this code."),
    )

    @api.depends("statutory_class")
    def _compute_guarantee(self):
        """Start from the floor of the class."""
        for category in self:
            km, days = GUARANTEE_FLOORS.get(category.statutory_class, (0, 0))
            category.guarantee_km = km
            category.guarantee_days = days

    @api.depends("statutory_class")
    def _compute_needs_certificate(self):
        """Tell whether the statute demands a completion certificate."""
        for category in self:
            category.needs_certificate = category.statutory_class in CERTIFICATE_CLASSES

    @api.depends("statutory_class")
    def _compute_needs_road_test(self):
        """Propose a road test for the classes that need a certificate."""
        for category in self:
            category.needs_road_test = category.statutory_class in CERTIFICATE_CLASSES

    @api.constrains("statutory_class", "guarantee_km", "guarantee_days")
    def _check_guarantee_floor(self):
        """Refuse a promise below the statutory floor (section 6)."""
        classes = dict(self._fields["statutory_class"]._description_selection(self.env))
        for category in self:
            km, days = GUARANTEE_FLOORS[category.statutory_class]
            if category.guarantee_km < km or category.guarantee_days < days:
                raise ValidationError(
                    category.env._(
                        "Guarantee of “%(category)s”: the statute asks for at least "
                        "%(km)s km and %(days)s days for “%(statutory)s”. "
                        "Promise that or more.",
                        category=category.name,
                        km=km,
                        days=days,
                        statutory=classes[category.statutory_class],
                    )
                )
