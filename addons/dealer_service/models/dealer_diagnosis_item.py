from odoo import api, fields, models
from odoo.exceptions import ValidationError

TEST_KINDS = [
    ("code", "Trouble code"),
    ("reading", "Reading"),
    ("check", "Check"),
]
# Zero and negative numbers are limits, too: which ones count is said, not guessed.
LIMIT_KINDS = [
    ("none", "No limits"),
    ("min", "At least"),
    ("max", "At most"),
    ("range", "From – to"),
]
LIMIT_FIELDS = ("limit_kind", "min_value", "max_value")


class DealerDiagnosisItem(models.Model):
    """A test that technicians do again and again, with its unit and limits (C2).

    Choosing one fills in a test of a diagnosis sheet; changing it later changes no
    sheet. One without store belongs to all stores.
    """

    _name = "dealer.diagnosis.item"
    _description = "Standard test of a diagnosis"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [kind for kind in TEST_KINDS if kind[0] != "code"],
        required=True,
        default="reading",
    )
    unit = fields.Char(translate=True, help="E.g. V, bar, mm, °C.")
    limit_kind = fields.Selection(
        LIMIT_KINDS, string="Limits", required=True, default="none"
    )
    min_value = fields.Float(string="Lower limit", digits=(16, 3), aggregator=False)
    max_value = fields.Float(string="Upper limit", digits=(16, 3), aggregator=False)
    company_id = fields.Many2one(
        "res.company", string="Store", index=True, help="Empty: all stores."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    @api.constrains(*LIMIT_FIELDS)
    def _check_limits(self):
        """Refuse limits that nothing can meet."""
        for item in self:
            if item.limit_kind == "range" and item.min_value > item.max_value:
                raise ValidationError(
                    item.env._(
                        "%(test)s: the upper limit lies below the lower one.",
                        test=item.name,
                    )
                )

    def _prepare_test_vals(self):
        """Return what a test takes over from this item.

        :rtype: dict
        """
        self.ensure_one()
        names = ("name", "kind", "unit", *LIMIT_FIELDS)
        return {name: self[name] for name in names}
