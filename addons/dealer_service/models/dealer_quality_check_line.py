from odoo import api, fields, models
from odoo.exceptions import UserError

RESULTS = [("pass", "Pass"), ("fail", "Fail"), ("na", "Not applicable")]
# What people fill in; the rest is copied from the item.
EDITABLE_FIELDS = {"result", "value", "has_value", "note", "photo_ids", "job_id"}


class DealerQualityCheckLine(models.Model):
    """The answer to one point of a check (F11).

    Every line needs a result; a measured one needs its value, and a value outside
    the limits can only fail. A failed line says why, shows a photo where the item
    asks for one, and may name the job that has to be done again. The line is final
    once its check is finished.
    """

    _name = "dealer.quality.check.line"
    _description = "Check line"
    _inherit = ["dealer.write.once.mixin"]
    _order = "check_id, sequence, id"
    _write_once_when = "OLD.is_locked"

    check_id = fields.Many2one(
        "dealer.quality.check", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="check_id.company_id", store=True, precompute=True, index=True
    )
    item_id = fields.Many2one(
        "dealer.quality.item", index="btree_not_null", ondelete="restrict"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    standard = fields.Text()
    is_measured = fields.Boolean()
    min_value = fields.Float(digits=(16, 2), aggregator=False)
    max_value = fields.Float(digits=(16, 2), aggregator=False)
    uom = fields.Char(string="Unit")
    is_road_test = fields.Boolean()
    needs_photo_on_fail = fields.Boolean()
    needs_photo = fields.Boolean()
    result = fields.Selection(RESULTS)
    value = fields.Float(digits=(16, 2), aggregator=False)
    has_value = fields.Boolean(
        string="Measured",
        compute="_compute_has_value",
        store=True,
        readonly=False,
        precompute=True,
        help="Tick it when zero was measured.",
    )
    note = fields.Char()
    photo_ids = fields.Many2many("ir.attachment", string="Photos")
    job_id = fields.Many2one(
        "dealer.repair.job", index="btree_not_null", ondelete="restrict"
    )
    limits = fields.Char(compute="_compute_limits")
    # Set when the check is finished: the trigger sees only its own row.
    is_locked = fields.Boolean(readonly=True)

    # === COMPUTE METHODS === #

    @api.depends("value")
    def _compute_has_value(self):
        """A value other than zero was measured; zero has to be ticked."""
        for line in self:
            line.has_value = bool(line.value) or line.has_value

    @api.depends("is_measured", "min_value", "max_value", "uom")
    def _compute_limits(self):
        """Show the limits the way the trade writes them."""
        for line in self:
            lower = f"≥ {line.min_value:g}" if line.min_value else ""
            upper = f"≤ {line.max_value:g}" if line.max_value else ""
            limits = ", ".join(filter(None, (lower, upper)))
            unit = line.uom or ""
            line.limits = f"{limits} {unit}".strip() if line.is_measured else False

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse to add lines to a finished check."""
        checks = self.env["dealer.quality.check"].browse(
            {vals["check_id"] for vals in vals_list if vals.get("check_id")}
        )
        checks._ensure_open()
        return super().create(vals_list)

    def write(self, vals):
        """Let people fill in answers only.

        :raises UserError: if the line is final or the question itself would change
        """
        if not self.env.su and vals.keys() - EDITABLE_FIELDS:
            raise UserError(
                self.env._("Fill in the result; the question itself stays as it is.")
            )
        return super().write(vals)

    def _is_final(self):
        """A line is final once its check is finished."""
        return self.is_locked

    # === ACTIONS === #

    def action_pass(self):
        """Answer “pass” with one tap."""
        self.write({"result": "pass"})
        return True

    def action_not_applicable(self):
        """Answer “not applicable” with one tap."""
        self.write({"result": "na"})
        return True

    # === BUSINESS METHODS === #

    def _is_outside_limits(self):
        """Tell whether the measured value lies outside the limits."""
        self.ensure_one()
        return self.value < self.min_value or bool(
            self.max_value and self.value > self.max_value
        )

    def _get_missing(self):
        """Return what these lines still need before the check is finished.

        :rtype: list of sentences
        """
        missing = []
        for line in self:
            if not line.result:
                missing.append(self.env._("%(item)s: no result.", item=line.name))
            elif line.result == "fail":
                missing += line._get_missing_failure()
            if line.result in ("pass", "fail"):
                missing += line._get_missing_proof()
        return missing

    def _get_missing_failure(self):
        """Return what a failed line still needs."""
        self.ensure_one()
        missing = []
        if not (self.note or "").strip():
            missing.append(
                self.env._("%(item)s failed: note what is wrong.", item=self.name)
            )
        asked = self.needs_photo_on_fail and not self.needs_photo
        if asked and not self.photo_ids:
            missing.append(self.env._("%(item)s failed: add a photo.", item=self.name))
        return missing

    def _get_missing_proof(self):
        """Return what an answered line still needs: its photo, its value."""
        self.ensure_one()
        missing = []
        if self.needs_photo and not self.photo_ids:
            missing.append(self.env._("%(item)s: add a photo.", item=self.name))
        if self.is_measured:
            missing += self._get_missing_value()
        return missing

    def _get_missing_value(self):
        """Return what a measured line still needs."""
        self.ensure_one()
        if not self.has_value:
            return [self.env._("%(item)s: enter the measured value.", item=self.name)]
        if self.result == "pass" and self._is_outside_limits():
            return [
                self.env._(
                    "%(item)s: %(value)g is outside %(limits)s and cannot pass.",
                    item=self.name,
                    value=self.value,
                    limits=self.limits,
                )
            ]
        return []
