import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .dealer_diagnosis_item import LIMIT_FIELDS, LIMIT_KINDS, TEST_KINDS

# SAE J2012: system, then four hexadecimal digits; a failure type may follow.
CODE_PATTERN = re.compile(r"[PBCU][0-9A-F]{4}(-[0-9A-F]{2})?")


def normalize_code(code):
    """Return a trouble code in capitals and without blanks."""
    return "".join(code.upper().split())


class DealerDiagnosisTest(models.Model):
    """One test of a diagnosis: a trouble code, a reading or a look (C2, F04).

    A reading with limits is judged by them and by nobody; a stored code, a reading
    without limits and a look are for the technician's judgement. Codes are checked
    against the form of the standard, so that a typing error is found beside the
    car. Locked with the sheet.
    """

    _name = "dealer.diagnosis.test"
    _description = "Diagnosis test"
    _inherit = ["dealer.signed.line.mixin"]
    _order = "diagnosis_id, sequence, id"
    _signed_sheet = "diagnosis_id"

    diagnosis_id = fields.Many2one(
        "dealer.diagnosis", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="diagnosis_id.diagnosis_company_id")
    sequence = fields.Integer(default=10)
    item_id = fields.Many2one(
        "dealer.diagnosis.item",
        string="Standard test",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('company_id', 'in', (False, company_id))]",
        help="Fills in what is tested, its unit and its limits.",
    )
    kind = fields.Selection(TEST_KINDS, required=True, default="reading")
    name = fields.Char(
        string="Tested", help="What was looked at, measured, or what the code means."
    )
    code = fields.Char(string="Trouble code", help="E.g. P0301, C1234, U0100-87.")
    code_status = fields.Selection(
        [("current", "Current"), ("stored", "Stored")], string="Status of the code"
    )
    value = fields.Float(string="Reading", digits=(16, 3), aggregator=False)
    unit = fields.Char(help="E.g. V, bar, mm, °C.")
    limit_kind = fields.Selection(
        LIMIT_KINDS, string="Limits", required=True, default="none"
    )
    min_value = fields.Float(string="Lower limit", digits=(16, 3), aggregator=False)
    max_value = fields.Float(string="Upper limit", digits=(16, 3), aggregator=False)
    reading = fields.Char(string="Read", compute="_compute_reading")
    limits = fields.Char(string="Wanted", compute="_compute_reading")
    result = fields.Selection(
        [("ok", "In order"), ("out", "Not in order"), ("judge", "For judgement")],
        compute="_compute_result",
        store=True,
        readonly=False,
        precompute=True,
    )
    technician_id = fields.Many2one(
        "hr.employee",
        string="Tested by",
        index="btree_not_null",
        default=lambda self: self.env.user.employee_id,
        domain="[('company_id', '=', company_id)]",
    )
    photo_ids = fields.Many2many("ir.attachment", string="Photos", copy=False)
    note = fields.Char(string="Remark")

    # === COMPUTE METHODS === #

    @api.depends("kind", "code", "value", "unit", *LIMIT_FIELDS)
    def _compute_reading(self):
        """Show reading and limits the way the trade writes them."""
        for test in self:
            test.reading, test.limits = test.code, False
            if test.kind != "code":
                measured = test.kind == "reading"
                unit = test.unit or ""
                test.reading = measured and f"{test.value:.6g} {unit}".strip()
                limits = test._format_limits() if measured else ""
                test.limits = limits and f"{limits} {unit}".strip()

    def _format_limits(self):
        """Return the limits without their unit; empty if there are none."""
        self.ensure_one()
        return {
            "min": f"≥ {self.min_value:.6g}",
            "max": f"≤ {self.max_value:.6g}",
            "range": f"{self.min_value:.6g} – {self.max_value:.6g}",
        }.get(self.limit_kind, "")

    @api.depends("kind", "code_status", "value", *LIMIT_FIELDS)
    def _compute_result(self):
        """Judge readings by their limits; the rest is judged by who tested."""
        for test in self:
            if test._has_limits():
                test.result = "out" if test._is_outside_limits() else "ok"
            elif test.kind == "code":
                test.result = "judge" if test.code_status == "stored" else "out"
            else:
                test.result = test.result or "judge"

    @api.depends("kind", "code", "name", "reading")
    def _compute_display_name(self):
        """Name a test by its code or by what was measured."""
        for test in self:
            parts = [test.reading, test.name]
            if test.kind != "code":
                parts.reverse()
            test.display_name = " ".join(part for part in parts if part)

    @api.onchange("item_id")
    def _onchange_item_id(self):
        """Fill in what the standard test says."""
        if self.item_id:
            self.update(self.item_id._prepare_test_vals())

    # === CONSTRAINTS === #

    @api.constrains("kind", "code", "name")
    def _check_content(self):
        """Ask for the code of a code, and for the name of anything else."""
        for test in self:
            if test.kind != "code":
                if not (test.name or "").strip():
                    raise ValidationError(
                        test.env._("Tested: say what was looked at or measured.")
                    )
            elif not CODE_PATTERN.fullmatch(test.code or ""):
                raise ValidationError(
                    test.env._(
                        "Trouble code: “%(code)s” is none. Enter P, B, C or U and four "
                        "digits, e.g. P0301.",
                        code=test.code or "",
                    )
                )

    @api.constrains("kind", "result", "value", *LIMIT_FIELDS)
    def _check_limits(self):
        """Refuse limits that nothing can meet, and a result that denies them."""
        for test in self:
            if test.limit_kind == "range" and test.min_value > test.max_value:
                raise ValidationError(
                    test.env._(
                        "%(test)s: the upper limit lies below the lower one.",
                        test=test.name or test.code,
                    )
                )
            if test._has_limits() and (
                test.result != ("out" if test._is_outside_limits() else "ok")
            ):
                raise ValidationError(
                    test.env._(
                        "%(test)s: the limits %(limits)s give the result. Correct the "
                        "reading or the limits.",
                        test=test.name,
                        limits=test.limits,
                    )
                )

    @api.constrains("technician_id", "diagnosis_id")
    def _check_technician(self):
        """Accept only people of the visit's store."""
        for test in self:
            test.diagnosis_id._ensure_of_store(test.technician_id)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Fill in standard tests, and write codes the way the standard does."""
        tests = super().create([self._complete_vals(vals) for vals in vals_list])
        for test in tests.filtered("photo_ids"):
            test.photo_ids._claim_for(test)
        tests.diagnosis_id._note_technician()
        return tests

    def write(self, vals):
        """Write codes the way the standard does."""
        result = super().write(self._normalize(vals))
        if "photo_ids" in vals:
            for test in self:
                test.photo_ids._claim_for(test)
        return result

    # === BUSINESS METHODS === #

    @api.model
    def _complete_vals(self, vals):
        """Return the values of a new test with those of its standard test.

        Limits that are given count, whatever their number.

        :rtype: dict
        """
        if vals.get("item_id"):
            item = self.env["dealer.diagnosis.item"].browse(vals["item_id"])
            vals = {**item._prepare_test_vals(), **vals}
        elif "limit_kind" not in vals:
            given = ("min_value" in vals, "max_value" in vals)
            kinds = {(True, True): "range", (True, False): "min", (False, True): "max"}
            if given in kinds:
                vals = dict(vals, limit_kind=kinds[given])
        return self._normalize(vals)

    @api.model
    def _normalize(self, vals):
        """Return ``vals`` with the code in capitals and without blanks."""
        if isinstance(vals.get("code"), str):
            return dict(vals, code=normalize_code(vals["code"]))
        return vals

    def _has_limits(self):
        """Tell whether the result follows from limits."""
        self.ensure_one()
        return self.kind == "reading" and self.limit_kind in ("min", "max", "range")

    def _is_outside_limits(self):
        """Tell whether the reading lies outside its limits."""
        self.ensure_one()
        too_low = self.limit_kind != "max" and self.value < self.min_value
        too_high = self.limit_kind != "min" and self.value > self.max_value
        return too_low or too_high
