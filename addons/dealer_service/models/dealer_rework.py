from odoo import api, fields, models
from odoo.exceptions import UserError

from ..utils import is_step
from .dealer_inspector_evaluation import JUDGES
from .dealer_repair_order_flow import INSPECTOR, SUPERVISOR, TEAM_LEADER

# The car is gone and with it what could be looked at.
ENDED_STATES = ("delivered", "left", "cancelled")
KINDS = [("internal", "Internal rework"), ("external", "Come-back")]
CAUSE_CLASSES = [
    ("technician", "Error of the work"),
    ("part", "Quality of a part"),
    ("diagnosis", "Wrong diagnosis"),
    ("other", "Another cause"),
    ("none", "Nothing was wrong"),
]
# What people fill in; opening, clock, verdict and closing are done by the steps.
EDITABLE_FIELDS = {
    "cause_class",
    "cause",
    "correction",
    "responsible_id",
    "other_repairer_id",
    "is_inspection_miss",
    "photo_ids",
}
# What advisors arrange; the rest is for those who examine the work.
ARRANGED_FIELDS = {"other_repairer_id", "photo_ids"}
# Whether the inspection should have found it is not for the team to say.
INSPECTION_FIELDS = {"is_inspection_miss"}
# It counts as a false alarm of the inspector.
NOTHING_WRONG = "none"


class DealerRework(models.Model):
    """Work that is done again: within the house or after delivery (F12).

    - Internal (內返): a failed check opens one for each job that goes back. It is
      the old job: the old team, no new billed hours, its clocks are marked rework.
      The next check of that stage closes it: passed, or failed and followed by a
      new one.
    - Come-back (外返): a job that names a guarantee opens one. The group that did
      the first repair receives the car. See `dealer_rework_comeback.py` for the
      evidence clock and the third attempt.
    - Cause and corrective work are filled in before the car goes to the inspector, by
      team leader, inspector or supervisor. That nothing was wrong counts as a false
      alarm of the inspector: inspectors and supervisors alone say so. Once the car
      has left, only quality head and supervisor change it.
    - Hours are clocked hours; the cost is hours times the store's cost of an hour.
      Both are charged to a cause for statistics; nobody is fined.
    """

    _name = "dealer.rework"
    _description = "Rework order"
    _inherit = ["mail.thread"]
    _order = "opened_at desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    kind = fields.Selection(KINDS, required=True, readonly=True, index=True)
    state = fields.Selection(
        [
            ("open", "Open"),
            ("passed", "Put right"),
            ("failed", "Failed again"),
            ("cancelled", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="open",
        index=True,
        tracking=True,
    )
    order_id = fields.Many2one(
        "dealer.repair.order",
        string="Visit",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        help="The visit in which the work is done again.",
    )
    job_id = fields.Many2one(
        "dealer.repair.job",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", string="Store", required=True, readonly=True, index=True
    )
    vehicle_id = fields.Many2one(
        "dealer.vehicle",
        string="Car",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    license_plate = fields.Char(string="Plate", related="vehicle_id.license_plate")
    guarantee_id = fields.Many2one(
        "dealer.guarantee",
        string="Under guarantee",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    original_job_id = fields.Many2one(
        "dealer.repair.job",
        string="First repair",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        help="The job that has to be done again; for a come-back, the first of all.",
    )
    check_id = fields.Many2one(
        "dealer.quality.check",
        string="Failed check",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    recheck_id = fields.Many2one(
        "dealer.quality.check",
        string="Checked again",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    fault = fields.Text(
        readonly=True, help="What was found, or what the customer says."
    )
    fault_count = fields.Integer(
        string="Failed points",
        readonly=True,
        help="Points of the check that failed.",
    )
    cause_class = fields.Selection(CAUSE_CLASSES, string="Charged to", tracking=True)
    cause = fields.Char(help="Why it had to be done again.")
    correction = fields.Char(string="Corrective work")
    responsible_id = fields.Many2one(
        "hr.employee",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Who answers for it; the main technician by default.",
    )
    is_inspection_miss = fields.Boolean(
        string="The inspection should have found it",
        help="The fault lay in what the final check looks at. It counts as missed in "
        "the inspector's figures.",
    )
    photo_ids = fields.Many2many("ir.attachment", string="Photos", copy=False)
    opened_at = fields.Datetime(
        string="Opened", required=True, readonly=True, default=fields.Datetime.now
    )
    closed_at = fields.Datetime(string="Closed", readonly=True)
    hours = fields.Float(
        string="Rework hours",
        compute="_compute_hours",
        store=True,
        help="Clocked since it was opened.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost = fields.Monetary(
        compute="_compute_cost",
        store=True,
        groups="dealer_service.group_dealer_store_manager",
        help="Rework hours times the store's cost of a working hour.",
    )
    can_edit = fields.Boolean(compute="_compute_can_edit")
    can_judge_inspection = fields.Boolean(compute="_compute_can_edit")

    # === COMPUTE METHODS === #

    @api.depends("name", "license_plate")
    def _compute_display_name(self):
        for rework in self:
            parts = [rework.name, rework.license_plate]
            rework.display_name = " · ".join(part for part in parts if part)

    @api.depends(
        "job_id.work_log_ids.hours",
        "job_id.work_log_ids.stop",
        "job_id.work_log_ids.correction_ids",
        "closed_at",
    )
    def _compute_hours(self):
        """Sum the clocks between opening and closing, corrected ones apart."""
        for rework in self:
            logs = rework.job_id.work_log_ids.filtered(
                lambda log, rework=rework: (
                    log.stop
                    and not log.correction_ids
                    and log.start >= rework.opened_at
                    and (not rework.closed_at or log.start <= rework.closed_at)
                )
            )
            rework.hours = sum(logs.mapped("hours"))

    @api.depends("hours")
    def _compute_cost(self):
        """Take the cost of an hour as it is when the clock stops."""
        for rework in self:
            rework.cost = rework.hours * rework.company_id.dealer_labour_cost

    @api.depends("state", "order_id.state")
    @api.depends_context("uid")
    def _compute_can_edit(self):
        """Offer the fields where state and role allow it."""
        judges = self._may_judge_inspection()
        examines = self._has_any_group(self._get_editor_groups())
        for rework in self:
            is_open = rework.state != "cancelled" and rework._is_changeable()
            rework.can_edit = examines and is_open
            rework.can_judge_inspection = judges and is_open

    @api.model
    def _may_judge_inspection(self):
        """Tell whether the user may say that an inspection missed something."""
        return self._has_any_group((INSPECTOR, SUPERVISOR))

    @api.model
    def _has_any_group(self, groups):
        """Tell whether the user is in one of these groups, or the system."""
        return self.env.su or any(self.env.user.has_group(group) for group in groups)

    def _is_changeable(self):
        """Tell whether the user may still change what the rework is charged to."""
        self.ensure_one()
        # Whoever reads a rework order may know whether its car has left.
        has_left = self.sudo().order_id.state in ENDED_STATES
        return not has_left or self._has_any_group(JUDGES)

    # === CRUD METHODS === #

    def write(self, vals):
        """Let people fill in causes only; the steps do the rest.

        :raises AccessError: if the user does not examine the work
        :raises UserError: if another field would change, the car has left, or the
            user may not say so
        """
        if self.env.su:
            return super().write(vals)
        names = set(vals) - {"message_follower_ids"}
        if names - EDITABLE_FIELDS:
            raise UserError(
                self.env._(
                    "Fill in cause, corrective work and who is responsible; the steps "
                    "of the visit do the rest."
                )
            )
        if names - ARRANGED_FIELDS:
            self.order_id._ensure_role(self._get_editor_groups())
            self._ensure_changeable()
        self._ensure_may_say(vals)
        if withdrawn := self.filtered(lambda rework: rework.state == "cancelled")[:1]:
            raise UserError(
                self.env._("%(rework)s is withdrawn.", rework=withdrawn.display_name)
            )
        return super().write(vals)

    def _ensure_changeable(self):
        """Refuse to judge work anew once its car has left."""
        if left := self.filtered(lambda rework: not rework._is_changeable())[:1]:
            raise UserError(
                self.env._(
                    "%(rework)s: the car has left. Ask the quality head or the "
                    "supervisor to change it.",
                    rework=left.display_name,
                )
            )

    def _ensure_may_say(self, vals):
        """Leave to inspectors and supervisors what counts in an inspector's figures.

        :param dict vals: what is written
        """
        if self._may_judge_inspection():
            return
        cause = "cause_class" in vals and (
            vals["cause_class"] == NOTHING_WRONG
            or NOTHING_WRONG in self.mapped("cause_class")
        )
        if cause:
            raise UserError(
                self.env._(
                    "Charged to: inspectors and supervisors say whether nothing was "
                    "wrong. Choose another cause, or ask the inspector."
                )
            )
        if INSPECTION_FIELDS & vals.keys():
            raise UserError(
                self.env._(
                    "Whether the inspection should have found it is for inspectors "
                    "and supervisors to say."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Keep every rework order, but that of a draft that goes."""
        if is_step(self):
            return
        raise UserError(
            self.env._("A rework order is never deleted; it belongs to its visit.")
        )

    # === INTERNAL REWORK === #

    @api.model
    def _open_for_check(self, check, jobs):
        """Open one for each job that a failed check sends back.

        :param check: a finished, failed `dealer.quality.check`, elevated
        :param jobs: `dealer.repair.job` records that go back
        """
        failed = check.line_ids.filtered(lambda line: line.result == "fail")
        vals_list = []
        for job in jobs:
            lines = failed.filtered(
                lambda line, job=job: not line.job_id or line.job_id == job
            )
            vals_list.append(
                self._prepare_vals(job)
                | {
                    "kind": "internal",
                    "original_job_id": job.id,
                    "check_id": check.id,
                    "fault_count": len(lines),
                    "fault": "\n".join(
                        f"{line.name}: {line.note or ''}" for line in lines
                    ),
                }
            )
        # Checks are finished by roles that open no rework orders by hand.
        return self.sudo().create(vals_list)

    @api.model
    def _close_by_check(self, check):
        """Close the rework of the jobs that a check of the same stage looked at.

        :param check: a finished `dealer.quality.check`, elevated
        """
        jobs = check.job_id or check.order_id.job_ids
        # Inspectors and leaders close what they do not write.
        open_sudo = self.sudo().search(
            [("job_id", "in", jobs.ids), ("state", "=", "open")]
        )
        mine = open_sudo.filtered(lambda rework: rework._is_closed_by(check))
        mine.write(
            {
                "state": "passed" if check.result == "pass" else "failed",
                "recheck_id": check.id,
                "closed_at": check.finished_at,
            }
        )

    def _is_closed_by(self, check):
        """Tell whether a check is the one that this rework waits for."""
        self.ensure_one()
        if self.kind == "external":
            return check.stage == "final" and check.result == "pass"
        return self.check_id.stage == check.stage and self.check_id != check

    @api.model
    def _prepare_vals(self, job):
        """Return what both kinds have in common.

        :param job: a `dealer.repair.job`
        :rtype: dict
        """
        company = job.company_id
        return {
            "name": company._next_dealer_number("dealer.rework"),
            "order_id": job.order_id.id,
            "job_id": job.id,
            "company_id": company.id,
            "vehicle_id": job.order_id.vehicle_id.id,
            "responsible_id": job.main_technician_id.id,
        }

    # === GUARDS === #

    def _get_missing_cause(self):
        """Return what open rework orders need before the car is inspected again.

        :rtype: list of sentences
        """
        return [
            self.env._(
                "%(rework)s: choose what it is charged to and write down the "
                "corrective work.",
                rework=rework.name,
            )
            for rework in self
            if rework.state == "open"
            and not (rework.cause_class and (rework.correction or "").strip())
        ]

    @api.model
    def _get_editor_groups(self):
        """Return the groups that examine and classify rework."""
        return (TEAM_LEADER, INSPECTOR, SUPERVISOR)
