from odoo import fields, models
from odoo.exceptions import UserError

from ..const import PRESENT_STATES
from .dealer_objection import DISPATCHER
from .dealer_repair_job_clock import TECHNICIAN

INSPECTOR = "dealer_service.group_dealer_inspector"


class DealerRepairJob(models.Model):
    """Technicians report what does not match, and object (R1, R6)."""

    _inherit = "dealer.repair.job"

    objection_ids = fields.One2many("dealer.objection", "job_id", string="Reports")
    open_objection_count = fields.Integer(
        string="Open reports", compute="_compute_open_objection_count"
    )

    def _compute_open_objection_count(self):
        """Count what was reported and not answered; one query for all."""
        groups = self.env["dealer.objection"]._read_group(
            [("job_id", "in", self.ids), ("answered_at", "=", False)],
            ["job_id"],
            ["__count"],
        )
        counts = {job.id: count for job, count in groups}
        for job in self:
            job.open_objection_count = counts.get(job.id, 0)

    def report_objection(self, kind, text):
        """Report a mismatch of car and order, or object to the job; it is kept.

        Advisor, team leader and dispatcher are told.

        :param str kind: ``mismatch`` or ``objection``
        :param str text: what does not match, or why the job is wrong
        :raises AccessError: unless the user is technician or inspector
        :raises UserError: without a text, for an unknown kind, or when the car is
            not in the house
        :return: id of the report
        :rtype: int
        """
        self.ensure_one()
        self.check_access("read")
        self.order_id._ensure_role((TECHNICIAN, INSPECTOR))
        # Technicians report; they write neither visits nor reports.
        report_sudo = self.env["dealer.objection"].sudo()
        if kind not in report_sudo._fields["kind"].get_values(self.env):
            raise UserError(self.env._("Kind: choose mismatch or objection."))
        if not isinstance(text, str) or not text.strip():
            raise UserError(self.env._("Report: say what does not match or why."))
        if self.order_id.state not in PRESENT_STATES:
            raise UserError(
                self.env._("The car is not in the house; there is nothing to compare.")
            )
        report = report_sudo.create(
            {
                "job_id": self.id,
                "company_id": self.company_id.id,
                "kind": kind,
                "text": text.strip(),
                "reported_by": self.env.uid,
                "reported_at": fields.Datetime.now(),
            }
        )
        self._tell_objection(report)
        return report.id

    def _tell_objection(self, report):
        """Tell advisor, leader and dispatcher what a technician reports."""
        job_sudo = self.sudo()
        order = job_sudo.order_id.with_context(lang=job_sudo.order_id.advisor_id.lang)
        job = job_sudo.with_env(order.env)
        sentences = {
            "mismatch": order.env._(
                "%(user)s: car and order of %(job)s do not match. %(text)s",
                user=self.env.user.name,
                job=job._get_workshop_name(),
                text=report.text,
            ),
            "objection": order.env._(
                "%(user)s objects to %(job)s. %(text)s",
                user=self.env.user.name,
                job=job._get_workshop_name(),
                text=report.text,
            ),
        }
        body = sentences[report.kind]
        self.order_id._raise_event("objection", body, job=self, report=report)
        leader = job_sudo.team_id._get_team_of(self.env.user.employee_id).leader_id
        dispatchers = self.env["res.users"]._get_dealer_staff(
            DISPATCHER, job_sudo.company_id
        )
        self.order_id._notify_users(leader.sudo().user_id | dispatchers, body)

    def action_report(self):
        """Ask the technician what is not as the order says."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report"),
            "res_model": "dealer.objection.report",
            "view_mode": "form",
            "target": "new",
            "context": {"default_job_id": self.id},
        }
