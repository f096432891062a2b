from odoo import fields, models
from odoo.exceptions import UserError

from .. import arguments as arg
from ..const import DANGER_LEVELS
from .dealer_repair_order_flow import ADVISOR

DECISIONS = ("approved", "declined", "deferred")


class DealerRepairOrder(models.Model):
    """The customer decides job by job (C4, C7)."""

    _inherit = "dealer.repair.order"

    @arg.typed(
        decisions=arg.rows(
            job_id=arg.integer,
            revision=arg.integer,
            decision=arg.text,
            reason=arg.text,
            danger=arg.choice(DANGER_LEVELS),
            follow_up_date=arg.date,
            follow_up_km=arg.integer,
        ),
        signer=arg.text,
        signature=arg.text,
        channel=arg.text,
        remark=arg.text,
    )
    def record_decisions(
        self,
        decisions,
        signer,
        signature,
        channel="counter",
        remark=False,
        promised_at=False,
    ):
        """File what the customer decided about jobs on offer.

        Approved jobs write their sale lines and reserve their parts; declined and
        deferred ones become findings on the car. Repeating the very same decisions
        returns the first approvals, so a caller may retry.

        :param list decisions: dicts with ``job_id``, ``revision`` (the one the
            customer saw), ``decision`` (approved, declined, deferred) and, for a
            no, ``reason``, ``danger``, ``follow_up_date``, ``follow_up_km``
        :param str signer: who decided
        :param str signature: drawn signature, base64 PNG; required at the counter
        :param str channel: ``counter`` or ``phone``
        :param str remark: required on the phone: who asked, when, what was said
        :param promised_at: when the customer was told that the car will be ready,
            UTC; what was worked out with the offer by default. It becomes the
            promise if he says yes
        :raises UserError: if a job is not on offer, was changed since, or expired, or
            the workshop cannot keep what the customer was told
        :return: ids of the approvals (`dealer.repair.approval`)
        :rtype: list
        """
        self.ensure_one()
        self._ensure_role((ADVISOR,))
        self.check_access("write")
        self._ensure_decision_evidence(signer, signature, channel, remark)
        self._lock()
        jobs, chosen = self._read_decisions(decisions)
        if repeated := self._find_repeated(jobs, chosen):
            return repeated.ids
        jobs._ensure_decidable(chosen)
        shown = self._get_promise_shown(promised_at)
        # A fee for the diagnosis takes no time and promises none.
        approved = jobs.filtered(
            lambda job: (
                chosen[job.id]["decision"] == "approved" and not job.is_diagnosis_fee
            )
        )
        self._ensure_promise_shown(shown, approved)
        approvals = self._create_approvals(
            jobs,
            chosen,
            {
                "signer": signer,
                "signature": signature,
                "channel": channel,
                "remark": remark,
            },
            shown,
        )
        self._apply_decisions(jobs, chosen)
        self._keep_promise_shown(shown, approved)
        return approvals.ids

    def _ensure_decision_evidence(self, signer, signature, channel, remark):
        """Ask for the evidence that each way of deciding needs."""
        channels = dict(self.env["dealer.repair.approval"]._fields["channel"].selection)
        if channel not in channels:
            raise UserError(
                self.env._(
                    "Channel: choose one of %(known)s.", known=", ".join(channels)
                )
            )
        if not (signer or "").strip():
            raise UserError(self.env._("Decided by: enter the customer's name."))
        if channel == "counter" and not signature:
            raise UserError(self.env._("Signature: the customer signs the decision."))
        if channel == "phone" and not (remark or "").strip():
            raise UserError(
                self.env._("Remark: note who answered the phone and what was said.")
            )

    def _read_decisions(self, decisions):
        """Return the jobs of a decision list and each one's decision.

        :raises UserError: if the list is empty or names a foreign job
        :return: tuple(`dealer.repair.job`, dict of dicts by job id)
        """
        chosen = {}
        for decision in decisions or []:
            if not isinstance(decision, dict) or not decision.get("job_id"):
                raise UserError(self.env._("Each decision names its job (job_id)."))
            if decision.get("decision") not in DECISIONS:
                raise UserError(
                    self.env._(
                        "Decision: choose one of %(known)s.", known=", ".join(DECISIONS)
                    )
                )
            chosen[decision["job_id"]] = decision
        if not chosen:
            raise UserError(self.env._("Decide about at least one job."))
        jobs = self.job_ids.filtered(lambda job: job.id in chosen)
        if len(jobs) != len(chosen):
            raise UserError(
                self.env._(
                    "One of the jobs does not belong to %(order)s.", order=self.name
                )
            )
        return jobs, chosen

    def _find_repeated(self, jobs, chosen):
        """Return the approvals of an identical earlier call, or nothing."""
        earlier = self.approval_ids.filtered(
            lambda approval: (
                approval.job_id in jobs
                and approval.revision == chosen[approval.job_id.id].get("revision")
                and approval.decision == chosen[approval.job_id.id]["decision"]
                and approval.job_id.state != "offered"
            )
        )
        return earlier if len(earlier.job_id) == len(jobs) else earlier.browse()

    def _create_approvals(self, jobs, chosen, evidence, shown):
        """Write one approval per job, chained to the visit's last one."""
        now = fields.Datetime.now()
        # Write-once records: advisors add them through this door only.
        approval_sudo = self.env["dealer.repair.approval"].sudo()
        return approval_sudo._create_chained(
            self,
            [
                dict(
                    evidence,
                    order_id=self.id,
                    job_id=job.id,
                    revision=job.revision,
                    decision=chosen[job.id]["decision"],
                    reason=chosen[job.id].get("reason"),
                    decided_at=now,
                    user_id=self.env.uid,
                    snapshot=job._prepare_snapshot(shown),
                    amount_total=job.amount_total,
                    currency_id=job.currency_id.id,
                )
                for job in jobs
            ],
        ).with_env(self.env)

    def _apply_decisions(self, jobs, chosen):
        """Move the jobs, write findings and sale lines, accept the visit."""
        for decision in DECISIONS:
            decided = jobs.filtered(lambda j, d=decision: chosen[j.id]["decision"] == d)
            decided._update_state(decision)
        # Whoever's call it was: the customer has answered.
        calls_sudo = jobs.sudo().call_activity_id
        calls_sudo.action_feedback()
        refused = jobs.filtered(lambda job: job.state in ("declined", "deferred"))
        refused._create_findings(chosen)
        approved = jobs.filtered(lambda job: job.state == "approved")
        approved._write_sale_lines()
        approved._convert_findings()
        approves_work = approved and not self._get_missing_for_accept()
        if approves_work and self.state == "offered":
            self._update_state("accept")
