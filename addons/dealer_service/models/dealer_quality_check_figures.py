from datetime import timedelta

from odoo import fields, models

from ..const import STATUTORY_CLASSES

# The stages that inspectors do; self and peer checks are the team's own.
INSPECTED_STAGES = ("intake", "process", "final")
# From the lightest to the heaviest; a visit counts as its heaviest job.
CLASSES_BY_WEIGHT = ("minor", "special", "level1", "level2", "assembly", "complete")
# Class of a check: field of the store that holds its weight, and its minutes.
WEIGHT_FIELDS = {
    "level2": "dealer_weight_level2",
    "assembly": "dealer_weight_assembly",
    "complete": "dealer_weight_complete",
}
MINUTES_FIELDS = {
    "level2": "dealer_inspection_minutes_level2",
    "assembly": "dealer_inspection_minutes_major",
    "complete": "dealer_inspection_minutes_major",
}


class DealerQualityCheck(models.Model):
    """What one inspection counts in its inspector's figures (section 4).

    Computed when it is asked for; the monthly evaluation keeps the values.
    """

    _inherit = "dealer.quality.check"

    heaviest_class = fields.Selection(
        STATUTORY_CLASSES, string="Statutory class", compute="_compute_figures"
    )
    weight = fields.Float(
        compute="_compute_figures",
        help="Intake, process or final inspection by class, more with a road test; set "
        "in the settings of the store.",
    )
    allowed_minutes = fields.Integer(
        string="Allowed (min)", compute="_compute_figures", help="From start to end."
    )
    waited_minutes = fields.Integer(
        string="Waited (min)", compute="_compute_figures", help="From request to start."
    )
    used_minutes = fields.Integer(
        string="Took (min)", compute="_compute_figures", help="From start to end."
    )
    is_on_time = fields.Boolean(
        string="Inspected on time",
        compute="_compute_figures",
        help="Started in time after the request, finished within the allowed minutes "
        "and signed the same day. Waiting for rework does not count: each inspection "
        "has its own request.",
    )
    is_complete = fields.Boolean(
        string="Complete",
        compute="_compute_figures",
        help="Every point answered, measured where it is measured and photographed "
        "where a photo is asked; conclusion, signature, times and road test there.",
    )
    filled_points = fields.Integer(compute="_compute_figures")
    all_points = fields.Integer(compute="_compute_figures")
    failed_points = fields.Integer(compute="_compute_figures")

    def _compute_figures(self):
        """Compute all of them from sheets, jobs and the store's settings."""
        for check in self:
            company_sudo = check.sudo().company_id
            check.heaviest_class = check._get_heaviest_class()
            check.weight = check._get_weight(company_sudo)
            minutes = MINUTES_FIELDS.get(
                check.heaviest_class, "dealer_inspection_minutes_minor"
            )
            check.allowed_minutes = company_sudo[minutes]
            check.waited_minutes = check._get_minutes("requested_at", "started_at")
            check.used_minutes = check._get_minutes("started_at", "finished_at")
            check.is_on_time = check._get_is_on_time(company_sudo)
            filled = check.line_ids.filtered(lambda line: line._is_filled())
            check.filled_points = len(filled)
            check.all_points = len(check.line_ids)
            check.failed_points = len(
                check.line_ids.filtered(lambda line: line.result == "fail")
            )
            check.is_complete = check._get_is_complete()

    def _get_heaviest_class(self):
        """Return the class that a check counts as; the heaviest of its jobs."""
        self.ensure_one()
        # Inspectors' figures do not depend on who may read the jobs.
        jobs_sudo = self.sudo().job_id or self.sudo().order_id._get_approved_jobs()
        classes = jobs_sudo.category_id.mapped("statutory_class")
        return max(classes, key=CLASSES_BY_WEIGHT.index, default="minor")

    def _get_weight(self, company):
        """Return how much work a check is, by the settings of its store."""
        self.ensure_one()
        if self.stage not in INSPECTED_STAGES:
            return 0.0
        if self.stage != "final":
            return company[f"dealer_weight_{self.stage}"]
        name = WEIGHT_FIELDS.get(self.heaviest_class, "dealer_weight_minor")
        road_test = company.dealer_weight_road_test if self.road_test_ids else 0.0
        return company[name] + road_test

    def _get_minutes(self, since, until):
        """Return the whole minutes between two times; 0 if one is missing."""
        self.ensure_one()
        if not self[since] or not self[until]:
            return 0
        return int((self[until] - self[since]).total_seconds() // 60)

    def _get_is_on_time(self, company):
        """Tell whether a finished check was on time (section 4, 及時率)."""
        self.ensure_one()
        if not self.started_at or not self.finished_at:
            return False
        limit = timedelta(minutes=company.dealer_inspection_start_minutes)
        allowed = timedelta(minutes=self.allowed_minutes)
        days = {
            company._dealer_date(moment)
            for moment in (self.started_at, self.finished_at)
        }
        return (
            self.started_at - self.requested_at <= limit
            and self.finished_at - self.started_at <= allowed
            and len(days) == 1
        )

    def _get_is_complete(self):
        """Tell whether a sheet is complete (section 4, 記錄完整率)."""
        self.ensure_one()
        is_driven = (
            not self.has_road_test or self.result == "fail" or self.is_road_test_passed
        )
        return bool(
            self.state == "done"
            and self.filled_points == self.all_points
            and (self.conclusion or "").strip()
            and self.inspector_id
            and self.requested_at
            and self.started_at
            and self.finished_at
            and is_driven
        )


class DealerQualityCheckLine(models.Model):
    """Whether one point of a sheet is complete."""

    _inherit = "dealer.quality.check.line"

    def _is_filled(self):
        """Tell whether a point has its answer, value and photo."""
        self.ensure_one()
        if not self.result:
            return False
        if self.result == "na":
            return True
        needs_photo = self.needs_photo or (
            self.result == "fail" and self.needs_photo_on_fail
        )
        return (not self.is_measured or self.has_value) and (
            not needs_photo or bool(self.photo_ids)
        )
