from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_datetime

from .. import arguments as arg
from ..const import JOB_APPROVED_STATES
from ..cron import run_each
from .dealer_repair_order_flow import SUPERVISOR

# Days in which the shop may prove that a fault is not its own (section 6).
EVIDENCE_DAYS = 3
# After so many repairs of the same fault another repairer is arranged.
OWN_ATTEMPTS = 2


class DealerRework(models.Model):
    """Come-backs: three days for evidence, two attempts of our own (外返).

    - The repair is free unless the shop proves within three days that the fault is
      not caused by its repair. When the time is over, when work begins or when the
      car leaves without such evidence, the fault is ours.
    - Proven in time, the job is no come-back any more: the customer is asked again.
    - Attempts count come-backs for the same first repair. From the third on,
      another repairer is arranged at our cost, or a supervisor says why not.
    """

    _inherit = "dealer.rework"

    verdict = fields.Selection(
        [
            ("open", "Under examination"),
            ("ours", "Ours, free of charge"),
            ("not_ours", "Not caused by our repair"),
        ],
        readonly=True,
        index=True,
        tracking=True,
    )
    evidence_due_at = fields.Datetime(
        string="Evidence until",
        readonly=True,
        help="UTC; without evidence by then the repair is free of charge. The three "
        "days are statutory; please have your lawyer confirm them.",
    )
    evidence = fields.Text(readonly=True, help="Why the fault is not ours.")
    decided_at = fields.Datetime(string="Decided", readonly=True)
    decided_by = fields.Many2one(
        "res.users", readonly=True, help="Empty: the three days were over."
    )
    attempt = fields.Integer(
        readonly=True,
        aggregator="max",
        help="The how-manieth come-back for the same first repair this is.",
    )
    other_repairer_id = fields.Many2one(
        "res.partner",
        string="Other repairer",
        index="btree_not_null",
        ondelete="restrict",
        help="Who repairs it at our cost when we failed twice.",
    )
    own_attempt_reason = fields.Char(
        string="Why we try again",
        readonly=True,
        help="Given by a supervisor instead of another repairer.",
    )
    needs_other_repairer = fields.Boolean(compute="_compute_needs_other_repairer")
    is_evidence_open = fields.Boolean(compute="_compute_is_evidence_open")

    _evidence_idx = models.Index("(evidence_due_at) WHERE verdict = 'open'")
    _one_comeback = models.UniqueIndex(
        "(job_id) WHERE kind = 'external' AND state != 'cancelled'",
        lambda env, _diag: env._("This come-back has its rework order already."),
    )

    # === COMPUTE METHODS === #

    @api.depends("attempt", "other_repairer_id", "own_attempt_reason", "state")
    def _compute_needs_other_repairer(self):
        for rework in self:
            rework.needs_other_repairer = (
                rework.state == "open"
                and rework.attempt > OWN_ATTEMPTS
                and not rework.other_repairer_id
                and not rework.own_attempt_reason
            )

    @api.depends("verdict", "evidence_due_at")
    def _compute_is_evidence_open(self):
        now = fields.Datetime.now()
        for rework in self:
            rework.is_evidence_open = (
                rework.verdict == "open" and rework.evidence_due_at > now
            )

    # === OPENING === #

    @api.model
    def _open_comebacks(self, jobs):
        """Open one for each job that names a guarantee, and start its clock.

        :param jobs: `dealer.repair.job` records with a guarantee
        """
        # Advisors open come-backs; first repairs may be another store's.
        rework_sudo, jobs_sudo = self.sudo(), jobs.sudo()
        known = rework_sudo.search(
            [
                ("job_id", "in", jobs.ids),
                ("kind", "=", "external"),
                ("state", "!=", "cancelled"),
            ]
        )
        jobs_sudo -= known.job_id
        if not jobs_sudo:
            return rework_sudo
        roots = jobs_sudo._get_first_repairs()
        attempts = rework_sudo._count_attempts(roots.values())
        vals_list = []
        for job in jobs_sudo:
            root = roots[job]
            attempts[root] = attempts.get(root, 0) + 1
            vals_list.append(self._prepare_comeback_vals(job, root, attempts[root]))
        return rework_sudo.create(vals_list)

    @api.model
    def _prepare_comeback_vals(self, job, root, attempt):
        """Return the values of a come-back.

        :param job: the `dealer.repair.job` that repairs it again
        :param root: the first repair
        :param int attempt: the how-manieth come-back
        :rtype: dict
        """
        now = fields.Datetime.now()
        technician = root.main_technician_id
        own = technician.company_id == job.company_id and technician.active
        return self._prepare_vals(job) | {
            "kind": "external",
            "original_job_id": root.id,
            "guarantee_id": job.guarantee_id.id,
            "fault": job.order_id.concern or job.name,
            "verdict": "open",
            "evidence_due_at": now + timedelta(days=EVIDENCE_DAYS),
            "attempt": attempt,
            "responsible_id": technician.id if own else False,
        }

    @api.model
    def _count_attempts(self, roots):
        """Return how often each first repair came back, unless it was not ours.

        :param roots: `dealer.repair.job` records
        :rtype: dict
        """
        groups = self._read_group(
            [
                ("kind", "=", "external"),
                ("state", "!=", "cancelled"),
                ("original_job_id", "in", [root.id for root in roots]),
            ],
            ["original_job_id"],
            ["__count"],
        )
        return dict(groups)

    # === VERDICT === #

    @arg.typed(evidence=arg.text)
    def prove_not_ours(self, evidence):
        """Prove within three days that the fault is not caused by our repair.

        The job names no guarantee any more and is offered to the customer again.

        :param str evidence: what was found; photos belong to the rework order
        :raises AccessError: if the user is no team leader, inspector or supervisor
        :raises UserError: if there is no evidence, the time is over, the matter is
            decided or work has begun
        """
        self.ensure_one()
        self.order_id._ensure_role(self._get_editor_groups())
        self.check_access("read")
        self.order_id._lock()
        self._ensure_evidence_open()
        if not (evidence or "").strip():
            raise UserError(
                self.env._("Evidence: write down what shows that it is not ours.")
            )
        if self.job_id.state in JOB_APPROVED_STATES - {"approved"}:
            raise UserError(
                self.env._(
                    "Work on %(job)s has begun free of charge and stays so.",
                    job=self.job_id.name,
                )
            )
        # Examiners decide; they write neither jobs nor rework orders.
        rework_sudo = self.sudo()
        rework_sudo.write(
            {
                "verdict": "not_ours",
                "evidence": evidence.strip(),
                "decided_at": fields.Datetime.now(),
                "decided_by": self.env.uid,
                "state": "cancelled",
                "closed_at": fields.Datetime.now(),
            }
        )
        rework_sudo.job_id.write({"guarantee_id": False, "payer": "customer"})
        return True

    def accept_as_ours(self):
        """Accept before the time is over that the fault is ours.

        :raises AccessError: if the user is no team leader, inspector or supervisor
        :raises UserError: if the matter is decided
        """
        self.order_id._ensure_role(self._get_editor_groups())
        self.check_access("read")
        for rework in self:
            rework._ensure_evidence_open()
        self._decide_ours(self.env.user)
        return True

    def _ensure_evidence_open(self):
        """Refuse to decide what is decided or too late."""
        self.ensure_one()
        if self.verdict == "open" and not self.is_evidence_open:
            raise UserError(
                self.env._(
                    "%(rework)s: the three days for evidence ended on %(date)s; the "
                    "repair is free of charge.",
                    rework=self.name,
                    date=format_datetime(
                        self.env, self.evidence_due_at, dt_format="short"
                    ),
                )
            )
        if self.verdict != "open":
            raise UserError(
                self.env._("%(rework)s is decided already.", rework=self.name)
            )

    def _decide_ours(self, user=None):
        """Decide that faults are ours, once.

        :param user: the `res.users` who says so; nobody when the time is over
        """
        # The clock and the work of other roles decide as well.
        undecided_sudo = self.sudo().filtered(lambda rework: rework.verdict == "open")
        undecided_sudo.write(
            {
                "verdict": "ours",
                "decided_at": fields.Datetime.now(),
                "decided_by": user.id if user else False,
            }
        )
        return undecided_sudo

    @api.model
    def _cron_decide_without_evidence(self):
        """Make come-backs free whose three days are over without evidence.

        Safe to run again, twice at once, and after a kill (`run_each`).
        """
        overdue = self.search(
            [
                ("verdict", "=", "open"),
                ("evidence_due_at", "<=", fields.Datetime.now()),
            ]
        )
        run_each(
            overdue,
            lambda rework: rework._decide_overdue(),
            lock=lambda rework: rework.order_id,
        )

    def _decide_overdue(self):
        """Make one come-back free, unless it was decided meanwhile."""
        for rework in self._decide_ours():
            rework.message_post(
                body=rework.env._(
                    "No evidence within three days: the repair is free of charge."
                )
            )

    def _prepare_reception_line(self):
        """Return what the desk shows of an earlier come-back.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "text": self.original_job_id.sudo().name,
            "detail": self.env._(
                "%(date)s, come-back no. %(attempt)s: %(fault)s",
                date=format_date(self.env, self.opened_at),
                attempt=self.attempt,
                fault=self.correction or self.fault or "",
            ),
            "res_model": self._name,
            "res_id": self.id,
        }

    # === THIRD ATTEMPT === #

    @arg.typed(reason=arg.text)
    def allow_own_attempt(self, reason):
        """Say why we try again ourselves after two failed repairs.

        :param str reason: mandatory
        :raises AccessError: if the user is no supervisor
        :raises UserError: without a reason
        """
        self.ensure_one()
        self.order_id._ensure_role((SUPERVISOR,))
        self.check_access("read")
        if not (reason or "").strip():
            raise UserError(self.env._("Reason: say why we try again ourselves."))
        # Supervisors decide; the field is closed to writing.
        rework_sudo = self.sudo()
        rework_sudo.own_attempt_reason = reason.strip()
        return True

    def _get_missing_repairer(self):
        """Return what come-backs need before they are offered a third time.

        :rtype: list of sentences
        """
        return [
            self.env._(
                "%(rework)s: the same fault was repaired %(count)s times. Enter the "
                "other repairer who does it at our cost, or let a supervisor say why "
                "we try again.",
                rework=rework.name,
                count=rework.attempt - 1,
            )
            for rework in self
            if rework.needs_other_repairer
        ]
