from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import arguments as arg
from .dealer_quality_item import STAGES
from .dealer_repair_job_clock import STARTED_STATES, TECHNICIAN
from .dealer_repair_order_flow import INSPECTOR, TEAM_LEADER

STAGE_GROUPS = {
    "self": TECHNICIAN,
    "intake": INSPECTOR,
    "process": INSPECTOR,
    "peer": TEAM_LEADER,
    "final": INSPECTOR,
}
# What people fill in while the check is open; `finish` sets the rest.
EDITABLE_FIELDS = {"conclusion", "line_ids"}
# Where a job has to be for the final check.
CHECKED_STATES = {"peer_checked", "done"}


class DealerQualityCheck(models.Model):
    """Self, process, peer and final check (三檢制, F11, B5).

    - Self: a technician who worked on the job. Passed, the job is self-checked.
    - Peer: a team leader who did not do the self-check. Passed, the job is
      peer-checked; failed, it goes to rework.
    - Process: an inspector looks at a job while it is worked on, where its class
      needs a certificate; see `dealer_quality_check_process.py`.
    - Final: an inspector who has no time on the visit, once every job is
      peer-checked. Passed, all jobs are done, and where the class of a job demands
      it the completion certificate is issued. Failed, the named jobs go to rework
      and the visit back to work.
    - A road test, where a category needs one, is a `dealer.road.test`.
    - Every line needs a result; see `dealer.quality.check.line`.
    - A finished check and its lines are never changed or deleted. A second look is
      a second check.
    """

    _name = "dealer.quality.check"
    _description = "Quality check"
    _inherit = ["dealer.write.once.mixin"]
    _order = "requested_at desc, id desc"
    _write_once_when = "OLD.state = 'done'"

    order_id = fields.Many2one(
        "dealer.repair.order",
        string="Visit",
        required=True,
        index=True,
        ondelete="restrict",
    )
    job_id = fields.Many2one(
        "dealer.repair.job",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty for the final check: it looks at the whole car.",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        related="order_id.company_id",
        store=True,
        precompute=True,
        index=True,
    )
    license_plate = fields.Char(
        string="Plate", related="order_id.vehicle_id.license_plate"
    )
    stage = fields.Selection(STAGES, required=True, readonly=True, index=True)
    state = fields.Selection(
        [("open", "Open"), ("done", "Finished")],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    result = fields.Selection([("pass", "Pass"), ("fail", "Fail")], readonly=True)
    conclusion = fields.Text()
    line_ids = fields.One2many("dealer.quality.check.line", "check_id", string="Points")
    inspector_id = fields.Many2one(
        "res.users",
        string="Signed by",
        readonly=True,
        index="btree_not_null",
        help="Who finished the check.",
    )
    requested_at = fields.Datetime(
        string="Requested",
        required=True,
        readonly=True,
        default=fields.Datetime.now,
        help="UTC; the inspector's waiting time counts from here.",
    )
    started_at = fields.Datetime(string="Started at", readonly=True, help="UTC.")
    finished_at = fields.Datetime(string="Finished at", readonly=True, help="UTC.")
    started_by_id = fields.Many2one(
        "res.users", string="Started by", readonly=True, index="btree_not_null"
    )
    can_finish = fields.Boolean(compute="_compute_can_finish")

    _one_open = models.UniqueIndex(
        "(order_id, stage, COALESCE(job_id, 0)) WHERE state = 'open'",
        lambda env, _diag: env._("This check is open already."),
    )
    _job_of_stage = models.Constraint(
        "CHECK ((stage = 'final') = (job_id IS NULL))",
        lambda env, _diag: env._(
            "The final check belongs to the visit, every other check to a job."
        ),
    )

    # === COMPUTE METHODS === #

    @api.depends("stage", "order_id", "job_id")
    def _compute_display_name(self):
        stages = dict(self._fields["stage"]._description_selection(self.env))
        for check in self:
            subject = check.job_id.display_name or check.order_id.display_name
            check.display_name = f"{stages.get(check.stage, '')} · {subject}"

    @api.depends("state", "stage")
    @api.depends_context("uid")
    def _compute_can_finish(self):
        """Offer finishing to the role of the stage."""
        allowed = {
            stage: self.env.user.has_group(group)
            for stage, group in STAGE_GROUPS.items()
        }
        for check in self:
            check.can_finish = check.state == "open" and allowed.get(check.stage)

    # === CRUD METHODS === #

    def write(self, vals):
        """Let people fill in answers only; `finish` sets the rest.

        :raises UserError: if the check is finished or another field would change
        """
        if not self.env.su and vals.keys() - EDITABLE_FIELDS:
            raise UserError(
                self.env._("Fill in the lines and finish the check; it does the rest.")
            )
        return super().write(vals)

    def _is_final(self):
        """A finished check is final."""
        return self.state == "done"

    # === START === #

    @api.model
    @arg.typed(
        order_id=arg.record("dealer.repair.order"),
        stage=arg.text,
        job_id=arg.record("dealer.repair.job"),
    )
    def start(self, order_id, stage, job_id=False):
        """Start a check, or return the one that is open (F11).

        :param int order_id: `dealer.repair.order`
        :param str stage: ``intake``, ``self``, ``process``, ``peer`` or ``final``
        :param int job_id: `dealer.repair.job`; for all but the final check
        :raises AccessError: if the user's role does not do this check
        :raises UserError: if the job or visit is not ready for it, or the user may
            not check this work
        :return: id of the check
        :rtype: int
        """
        if stage not in STAGE_GROUPS:
            raise UserError(
                self.env._(
                    "Stage: choose one of %(known)s.", known=", ".join(STAGE_GROUPS)
                )
            )
        order = self.env["dealer.repair.order"].browse(order_id)
        job = self.env["dealer.repair.job"].browse(job_id or [])
        self._ensure_may_check(order, stage, job)
        # Checks are written by their methods only.
        check_sudo = self.sudo()._get_or_create_open(order.sudo(), stage, job.sudo())
        if not check_sudo.started_at:
            check_sudo.write(
                {"started_at": fields.Datetime.now(), "started_by_id": self.env.uid}
            )
        return check_sudo.id

    def action_start(self):
        """Start an inspection that waits, and open it.

        :return: action that opens the check
        :rtype: dict
        """
        self.ensure_one()
        self.start(self.order_id.id, self.stage, self.job_id.id)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "view_mode": "form",
            "res_id": self.id,
        }

    @api.model
    def _get_or_create_open(self, order, stage, job=None):
        """Return the open check of a visit or job, with its lines.

        :param order: a single `dealer.repair.order`
        :param str stage: self, peer or final
        :param job: a single `dealer.repair.job`, or nothing
        """
        job = job or self.env["dealer.repair.job"]
        check = self.search(
            [
                ("order_id", "=", order.id),
                ("stage", "=", stage),
                ("job_id", "=", job.id),
                ("state", "=", "open"),
            ],
            limit=1,
        )
        return check or self.create(self._prepare_check_vals(order, stage, job))

    def _prepare_check_vals(self, order, stage, job):
        """Return the values of a new check, one line per item of its list.

        :rtype: dict
        """
        jobs = job or order._get_approved_work()
        items = self.env["dealer.quality.item"]
        items = items.search(
            items._get_check_domain(
                stage,
                set(jobs.category_id.mapped("statutory_class")),
                order.company_id,
            )
        )
        road_tests = items.filtered("is_road_test")
        items -= road_tests
        lines = [
            item._prepare_line_vals(line_job)
            for item in items
            for line_job in (jobs if item.is_per_job else [job])
        ]
        if stage == "final" and any(jobs.category_id.mapped("needs_road_test")):
            lines.append(self._prepare_road_test_vals(order, road_tests))
        return {
            "order_id": order.id,
            "job_id": job.id,
            "stage": stage,
            "line_ids": [fields.Command.create(vals) for vals in lines],
        }

    # === WHO MAY CHECK === #

    @api.model
    def _ensure_may_check(self, order, stage, job):
        """Refuse a check by the wrong person or at the wrong time.

        :raises AccessError: if the user's role does not do this check
        :raises UserError: if the work is not ready, or it is the user's own
        """
        order.check_access("read")
        order._ensure_role((STAGE_GROUPS[stage],))
        if stage == "final":
            missing = self._get_refusal_final(order)
        elif not job or job.order_id != order:
            missing = self.env._(
                "Choose a job of %(order)s to check.", order=order.display_name
            )
        else:
            missing = getattr(self, f"_get_refusal_{stage}")(job)
        if missing:
            raise UserError(missing)

    def _get_refusal_self(self, job):
        """Say why the user cannot self-check a job, or return False."""
        if job.state not in STARTED_STATES:
            return self.env._(
                "%(job)s is not in progress; there is nothing to check.",
                job=job._get_workshop_name(),
            )
        if not job._get_my_logs():
            return self.env._(
                "The self-check is for a technician who worked on %(job)s.",
                job=job._get_workshop_name(),
            )
        return False

    def _get_refusal_peer(self, job):
        """Say why the user cannot peer-check a job, or return False."""
        if job.state != "self_checked":
            return self.env._(
                "%(job)s has no passed self-check yet.", job=job._get_workshop_name()
            )
        self_check_sudo = self.sudo().search(
            [
                ("job_id", "=", job.id),
                ("stage", "=", "self"),
                ("state", "=", "done"),
            ],
            order="finished_at desc, id desc",
            limit=1,
        )
        if self_check_sudo.inspector_id == self.env.user:
            return self.env._(
                "You did the self-check of %(job)s; another team leader does the "
                "peer check.",
                job=job._get_workshop_name(),
            )
        return False

    def _get_refusal_final(self, order):
        """Say why the user cannot inspect a visit, or return False."""
        if order.state != "inspection":
            return self.env._(
                "%(order)s is not waiting for inspection.", order=order.display_name
            )
        if self._is_own_work(order):
            return self.env._(
                "You worked on %(order)s; another inspector does the final check.",
                order=order.display_name,
            )
        jobs_sudo = order.sudo()._get_approved_jobs()
        if any(job.state not in CHECKED_STATES for job in jobs_sudo):
            return self.env._(
                "A job of %(order)s is not peer-checked yet.",
                order=order.display_name,
            )
        return False

    def _is_own_work(self, order):
        """Tell whether the user clocked time on a visit."""
        # Neither clocks of other stores nor jobs are hidden from this rule.
        logs_sudo = order.sudo().job_ids.work_log_ids
        return bool(
            logs_sudo.filtered(lambda log: log.employee_id.user_id == self.env.user)
        )
