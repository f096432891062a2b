from odoo import fields, models
from odoo.fields import Domain

from ..const import STATUTORY_CLASSES

STAGES = [
    ("intake", "Intake inspection"),
    ("self", "Self check"),
    ("process", "Process inspection"),
    ("peer", "Peer check"),
    ("final", "Final check"),
]


class DealerQualityItem(models.Model):
    """One point of a check list (F11).

    - An item without class belongs to every check of its stage; one with a class
      only where a job is of that class. One without store belongs to all stores.
    - A measured item has limits; a value outside them can only fail. An upper
      limit of zero means there is none.
    - A road test is measured in kilometres, so its lower limit is the distance
      that counts as a test. It is asked where a category needs one, and once for a
      visit; see `dealer.road.test`.
    - Checks copy the items when they start: changing a list changes no record.
    """

    _name = "dealer.quality.item"
    _description = "Check list item"
    _inherit = ["dealer.shared.list.mixin"]
    # Self, process, peer, intake, final: inspections of big work stand among them.
    _order = "stage desc, sequence, id"

    name = fields.Char(required=True, translate=True)
    stage = fields.Selection(STAGES, required=True, index=True)
    statutory_class = fields.Selection(
        STATUTORY_CLASSES,
        string="Statutory class",
        help="Only for jobs of this class; empty: for all.",
    )
    standard = fields.Text(translate=True, help="When the item is in order.")
    is_measured = fields.Boolean(string="Measured")
    min_value = fields.Float(string="Lower limit", digits=(16, 2), aggregator=False)
    max_value = fields.Float(
        string="Upper limit",
        digits=(16, 2),
        aggregator=False,
        help="0: no upper limit.",
    )
    uom = fields.Char(string="Unit", translate=True)
    is_road_test = fields.Boolean(string="Road test")
    is_per_job = fields.Boolean(
        string="Per job", help="The final check asks it for every job of the visit."
    )
    needs_photo_on_fail = fields.Boolean(string="Photo if failed")
    needs_photo = fields.Boolean(
        string="Photo always", help="A photo proves the answer, good or bad."
    )
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        index=True,
        default=lambda self: self._default_list_company(),
        help="Empty: all stores.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _limits = models.Constraint(
        "CHECK (COALESCE(max_value, 0) IN (0, GREATEST(max_value, min_value)))",
        lambda env, _diag: env._("The upper limit lies above the lower limit."),
    )
    _road_test_measured = models.Constraint(
        "CHECK (is_road_test IS NOT TRUE OR"
        " (is_measured IS TRUE AND COALESCE(min_value, 0) > 0))",
        lambda env, _diag: env._("A road test is measured in km: enter the least."),
    )

    def _get_check_domain(self, stage, classes, company):
        """Return the domain of the items of a check.

        :param str stage: a key of ``STAGES``
        :param list classes: statutory classes of the jobs that are checked
        :param company: `res.company` of the visit
        """
        return (
            Domain("stage", "=", stage)
            & Domain("statutory_class", "in", [False, *classes])
            & Domain("company_id", "in", [False, company.id])
        )

    def _prepare_line_vals(self, job):
        """Return the check line that this item becomes.

        :param job: `dealer.repair.job` the line asks about; may be empty
        :rtype: dict
        """
        self.ensure_one()
        return {
            "item_id": self.id,
            "name": self.name,
            "standard": self.standard,
            "is_measured": self.is_measured,
            "min_value": self.min_value,
            "max_value": self.max_value,
            "uom": self.uom,
            "is_road_test": self.is_road_test,
            "needs_photo_on_fail": self.needs_photo_on_fail,
            "needs_photo": self.needs_photo,
            "sequence": self.sequence,
            "job_id": job.id,
        }
