from datetime import datetime, time

import pytz
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .. import arguments as arg
from .dealer_repair_order_flow import SUPERVISOR

QUALITY_HEAD = "dealer_service.group_dealer_quality_head"
JUDGES = (QUALITY_HEAD, SUPERVISOR)
# Parts of the score; what does not apply leaves its part to the others.
SCORE_PARTS = {
    "workload_index": 20,
    "accuracy": 40,
    "completeness": 20,
    "timeliness": 20,
}
# Least score of each grade.
GRADES = [("A", 95), ("B", 85), ("C", 70), ("D", 0)]


class DealerInspectorEvaluation(models.Model):
    """Figures of one inspector in one month (檢驗員考核, D18, section 4).

    - Of the process and final inspections that the inspector signed in the month.
    - Workload: weights of these inspections; index = workload ÷ (target of a day ×
      attended days).
    - Accuracy: (N − missed − false) ÷ N. Missed: passed, and a sample or a come-back
      that the inspection should have prevented showed a defect. False: failed, and
      the sample or the rework found nothing wrong. In detail: (d − k) ÷ (d − k + b),
      with d defects reported, k of them wrongly, b missed and found later.
    - Completeness: complete ÷ required sheets; one begun and not signed is missing.
    - Timeliness: on time ÷ all.
    - Score: 20 % workload (100 at most), 40 % accuracy, 20 % completeness, 20 %
      timeliness. A figure without a denominator does not apply ("N/A"); its part
      goes to the others. A from 95, B from 85, C from 70, D below.
    - Provisional until every car left and its guarantee ended; then final.
    - The inspector may appeal: figures and sheets stay as they are and are written
      down. The quality head or supervisor answers, has them computed anew if need be,
      and approves. Approved, they stay for good.
    """

    _name = "dealer.inspector.evaluation"
    _description = "Inspector's evaluation"
    _inherit = ["dealer.write.once.mixin"]
    _order = "month desc, company_id, inspector_id"
    _write_once_when = "OLD.state = 'approved'"

    inspector_id = fields.Many2one(
        "res.users",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", string="Store", required=True, readonly=True, index=True
    )
    employee_id = fields.Many2one(
        "hr.employee", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    month = fields.Date(required=True, readonly=True, help="Its first day.")
    month_text = fields.Char(string="Evaluated month", compute="_compute_display_name")
    state = fields.Selection(
        [
            ("open", "Open"),
            ("appealed", "Appealed"),
            ("answered", "Appeal answered"),
            ("approved", "Confirmed"),
        ],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    line_ids = fields.One2many(
        "dealer.inspector.evaluation.line", "evaluation_id", string="Sheets"
    )
    computed_at = fields.Datetime(string="Computed", readonly=True)

    inspection_count = fields.Integer(
        string="Inspections (N)", readonly=True, help="Signed in the month."
    )
    workload = fields.Float(
        string="Weighted inspections", readonly=True, help="Sum of the weights."
    )
    attended_days = fields.Float(
        string="Days attended",
        readonly=True,
        aggregator="sum",
        help="From attendance records; without any, working days of the inspector's "
        "calendar less time off. Up to today in the running month.",
    )
    target_per_day = fields.Float(readonly=True, aggregator="avg")
    workload_index = fields.Float(
        string="Workload (%)",
        readonly=True,
        aggregator="avg",
        help="Workload ÷ (target of a day × days attended).",
    )
    has_workload_index = fields.Boolean(readonly=True)
    missed_sheets = fields.Integer(string="Missed sheets", readonly=True)
    false_sheets = fields.Integer(string="False sheets", readonly=True)
    reported_defects = fields.Integer(string="Defects reported (d)", readonly=True)
    false_defects = fields.Integer(string="Of them wrongly (k)", readonly=True)
    missed_defects = fields.Integer(string="Missed, found later (b)", readonly=True)
    accuracy = fields.Float(
        string="Accuracy (%)",
        readonly=True,
        aggregator="avg",
        help="(N − missed − false) ÷ N.",
    )
    has_accuracy = fields.Boolean(readonly=True)
    accuracy_defects = fields.Float(
        string="Accuracy by defects (%)",
        readonly=True,
        aggregator="avg",
        help="(d − k) ÷ (d − k + b).",
    )
    has_accuracy_defects = fields.Boolean(readonly=True)
    required_sheets = fields.Integer(readonly=True)
    complete_sheets = fields.Integer(readonly=True)
    completeness = fields.Float(
        string="Completeness (%)",
        readonly=True,
        aggregator="avg",
        help="Complete ÷ required sheets.",
    )
    has_completeness = fields.Boolean(readonly=True)
    fill_rate = fields.Float(
        string="Points filled in (%)",
        readonly=True,
        aggregator="avg",
        help="Points with answer, value and photo ÷ all points.",
    )
    on_time_count = fields.Integer(string="Inspected on time", readonly=True)
    timeliness = fields.Float(
        string="Timeliness (%)",
        readonly=True,
        aggregator="avg",
        help="On time ÷ all inspections.",
    )
    has_timeliness = fields.Boolean(readonly=True)
    score = fields.Float(readonly=True, aggregator="avg")
    has_score = fields.Boolean(readonly=True)
    grade = fields.Selection(
        [(grade, grade) for grade, _least in GRADES], readonly=True
    )
    is_provisional = fields.Boolean(
        string="Provisional",
        readonly=True,
        help="A car has not left yet, its guarantee still runs, or a come-back is "
        "under examination.",
    )
    final_from = fields.Date(
        string="Final from",
        readonly=True,
        help="The day after the last guarantee; empty while a car is still here.",
    )
    sample_wanted = fields.Integer(
        string="Samples due",
        readonly=True,
        help="The store's part of the sheets, at least its least number.",
    )
    sample_done = fields.Integer(string="Samples done", readonly=True)

    appeal = fields.Text(readonly=True, copy=False)
    appealed_figures = fields.Text(
        string="Figures at the appeal",
        readonly=True,
        copy=False,
        help="What the inspector objected to: figures and sheets as they were then.",
    )
    appealed_at = fields.Datetime(readonly=True, copy=False)
    answer = fields.Text(readonly=True, copy=False)
    answered_by = fields.Many2one("res.users", readonly=True, copy=False)
    answered_at = fields.Datetime(readonly=True, copy=False)
    approved_by = fields.Many2one("res.users", readonly=True, copy=False)
    approved_at = fields.Datetime(readonly=True, copy=False)
    workload_text = fields.Char(string="Workload", compute="_compute_texts")
    accuracy_text = fields.Char(string="Accuracy", compute="_compute_texts")
    accuracy_defects_text = fields.Char(
        string="Accuracy by defects", compute="_compute_texts"
    )
    completeness_text = fields.Char(string="Completeness", compute="_compute_texts")
    timeliness_text = fields.Char(string="Timeliness", compute="_compute_texts")
    score_text = fields.Char(string="Total", compute="_compute_texts")
    can_appeal = fields.Boolean(compute="_compute_can")
    can_judge = fields.Boolean(compute="_compute_can")

    _once = models.Constraint(
        "UNIQUE (inspector_id, company_id, month)",
        lambda env, _diag: env._("This inspector is evaluated in this month already."),
    )

    # === COMPUTE METHODS === #

    @api.depends("inspector_id", "month")
    def _compute_display_name(self):
        for evaluation in self:
            month = format_date(self.env, evaluation.month, date_format="yyyy-MM")
            evaluation.month_text = month
            name = evaluation.inspector_id.sudo().name or ""
            evaluation.display_name = f"{name} · {month}"

    @api.depends("has_score", "score", "has_accuracy", "accuracy", "workload_index")
    def _compute_texts(self):
        """Show "N/A" where there is nothing to divide by, never 0 or 100."""
        names = {
            "workload_text": "workload_index",
            "accuracy_text": "accuracy",
            "accuracy_defects_text": "accuracy_defects",
            "completeness_text": "completeness",
            "timeliness_text": "timeliness",
        }
        absent = self.env._("N/A")
        for evaluation in self:
            for text, name in names.items():
                evaluation[text] = (
                    f"{evaluation[name]:.1f} %" if evaluation[f"has_{name}"] else absent
                )
            evaluation.score_text = (
                f"{evaluation.score:.1f}" if evaluation.has_score else absent
            )

    @api.depends("state", "inspector_id")
    @api.depends_context("uid")
    def _compute_can(self):
        """Offer appeal to the inspector, judgement to others."""
        judges = any(self.env.user.has_group(group) for group in JUDGES)
        for evaluation in self:
            own = evaluation.inspector_id == self.env.user
            evaluation.can_appeal = own and evaluation.state == "open"
            evaluation.can_judge = judges and not own and evaluation.state != "approved"

    def _is_final(self):
        """An approved evaluation is final."""
        return self.state == "approved"

    # === APPEAL AND APPROVAL === #

    @arg.typed(text=arg.text)
    def appeal_figures(self, text):
        """Object to the figures, as the inspector they are about.

        :param str text: which sheet or figure, and why
        :raises UserError: if the figures are somebody else's, the text is missing,
            or there was an appeal or approval already
        """
        self.ensure_one()
        self.check_access("read")
        if self.inspector_id != self.env.user:
            raise UserError(self.env._("Only the inspector may appeal."))
        if self.state != "open":
            raise UserError(self.env._("These figures are decided already."))
        if not (text or "").strip():
            raise UserError(self.env._("Appeal: say which figure is wrong, and why."))
        # Inspectors write their appeal and nothing else.
        evaluation_sudo = self.sudo()
        evaluation_sudo.write(
            {
                "state": "appealed",
                "appeal": text.strip(),
                "appealed_figures": self._describe_figures(),
                "appealed_at": fields.Datetime.now(),
            }
        )
        return True

    def _describe_figures(self):
        """Return figures and sheets as they are now, in words.

        :rtype: str
        """
        self.ensure_one()
        names = [name for name in self._fields if name.endswith("_text")]
        figures = [
            f"{self._fields[name]._description_string(self.env)}: {self[name]}"
            for name in names
        ]
        # Inspectors read the sheets that they signed.
        lines_sudo = self.sudo().line_ids
        verdicts = dict(lines_sudo._fields["verdict"]._description_selection(self.env))
        sheets = [
            " · ".join(
                filter(
                    None,
                    (
                        line.check_id.display_name,
                        verdicts.get(line.verdict),
                        line.reason,
                    ),
                )
            )
            for line in lines_sudo
        ]
        return "\n".join(figures + sheets)

    @arg.typed(text=arg.text)
    def answer_appeal(self, text):
        """Answer an appeal, as quality head or supervisor.

        :param str text: the decision and its reason
        :raises AccessError: if the user is neither
        :raises UserError: if there is no open appeal, it is one's own, or the text
            is missing
        """
        self.ensure_one()
        self._ensure_judge()
        if self.state != "appealed":
            raise UserError(self.env._("There is no open appeal."))
        if not (text or "").strip():
            raise UserError(self.env._("Answer: write it down."))
        # Nobody writes evaluations but by these steps.
        evaluation_sudo = self.sudo()
        evaluation_sudo.write(
            {
                "state": "answered",
                "answer": text.strip(),
                "answered_by": self.env.uid,
                "answered_at": fields.Datetime.now(),
            }
        )
        return True

    def action_approve(self):
        """Approve final figures: from now on they stay as they are.

        :raises AccessError: if the user is neither quality head nor supervisor
        :raises UserError: if they are provisional, one's own, appealed or approved
        """
        for evaluation in self:
            evaluation._ensure_judge()
            if evaluation.state == "appealed":
                raise UserError(evaluation.env._("Answer the appeal first."))
        self.action_refresh()
        for evaluation in self:
            if evaluation.is_provisional:
                raise UserError(evaluation._get_provisional_message())
        # Nobody writes evaluations but by these steps.
        evaluation_sudo = self.sudo()
        evaluation_sudo.line_ids.write({"is_locked": True})
        evaluation_sudo.write(
            {
                "state": "approved",
                "approved_by": self.env.uid,
                "approved_at": fields.Datetime.now(),
            }
        )
        return True

    def action_refresh(self):
        """Compute the figures again, until they are approved."""
        for evaluation in self:
            evaluation._ensure_judge()
            if evaluation.state == "appealed":
                raise UserError(
                    evaluation.env._(
                        "%(evaluation)s: the figures stay as the inspector saw them. "
                        "Answer the appeal first.",
                        evaluation=evaluation.display_name,
                    )
                )
        # Judges compute what nobody may write.
        evaluation_sudo = self.sudo()
        evaluation_sudo._refresh(("open", "answered"))
        return True

    def _ensure_judge(self):
        """Refuse anybody but a quality head or supervisor, and the inspector.

        :raises AccessError: if the role is missing
        :raises UserError: if it is one's own or approved
        """
        self.ensure_one()
        self.env["dealer.repair.order"]._ensure_role(JUDGES)
        self.check_access("read")
        if self.inspector_id == self.env.user and not self.env.su:
            raise UserError(
                self.env._("These are your own figures; somebody else decides on them.")
            )
        if self.state == "approved":
            raise UserError(
                self.env._(
                    "%(evaluation)s is approved and stays as it is.",
                    evaluation=self.display_name,
                )
            )

    def _get_provisional_message(self):
        """Say until when the figures are provisional."""
        self.ensure_one()
        if not self.final_from:
            return self.env._(
                "The figures are provisional: a car of this month has not left yet, or "
                "a rework is not decided."
            )
        return self.env._(
            "The figures are provisional until the guarantees have ended. Approve "
            "them from %(date)s on.",
            date=format_date(self.env, self.final_from),
        )

    # === MONTHS === #

    @api.model
    def _get_period(self, company, month):
        """Return the UTC times of a store's month: from, until (excluded).

        :param company: a `res.company`
        :param date month: any day of it
        :rtype: tuple
        """
        zone = pytz.timezone(company._dealer_tz())
        first = fields.Date.to_date(month).replace(day=1)

        def to_utc(day):
            local = zone.localize(datetime.combine(day, time.min))
            return local.astimezone(pytz.utc).replace(tzinfo=None)

        return to_utc(first), to_utc(first + relativedelta(months=1))
