from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import OBJECTION_KINDS
from .dealer_repair_order_flow import TEAM_LEADER

ADVISOR = "dealer_service.group_dealer_advisor"
DISPATCHER = "dealer_service.group_dealer_dispatcher"
# Whom a technician reports to: they answer.
ANSWERING = (ADVISOR, TEAM_LEADER, DISPATCHER)


class DealerObjection(models.Model):
    """A technician says that something is not as the order says (R1, R6).

    - Before the work the technician compares the car with the order: plate, VIN,
      mileage, the complaint. What does not match goes back to the front desk.
    - A technician who thinks that a job is wrong, unsafe or not to be done so
      objects. Both are kept as they were said; who is responsible answers once.
    - Reported through `dealer.repair.job.report_objection` only.
    """

    _name = "dealer.objection"
    _description = "Report of a technician"
    _order = "reported_at desc, id desc"
    _rec_name = "text"
    _check_company_auto = True

    job_id = fields.Many2one(
        "dealer.repair.job",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    order_id = fields.Many2one(
        related="job_id.order_id", store=True, index=True, string="Repair order"
    )
    license_plate = fields.Char(related="order_id.license_plate")
    company_id = fields.Many2one(
        "res.company", string="Store", required=True, readonly=True, index=True
    )
    kind = fields.Selection(OBJECTION_KINDS, required=True, readonly=True)
    text = fields.Text(string="What was said", required=True, readonly=True)
    reported_by = fields.Many2one("res.users", required=True, readonly=True)
    reported_at = fields.Datetime(required=True, readonly=True)
    answer = fields.Text(readonly=True)
    answered_by = fields.Many2one("res.users", readonly=True)
    answered_at = fields.Datetime(readonly=True)
    can_answer = fields.Boolean(compute="_compute_can_answer")

    _answer_complete = models.Constraint(
        "CHECK ((answer IS NULL) = (answered_at IS NULL))",
        lambda env, _diag: env._("An answer has its time."),
    )

    @api.depends("answered_at")
    @api.depends_context("uid")
    def _compute_can_answer(self):
        may = any(self.env.user.has_group(group) for group in ANSWERING)
        for report in self:
            report.can_answer = may and not report.answered_at

    def answer_report(self, text):
        """Answer a report: what was checked, what was decided.

        :param str text: mandatory
        :raises AccessError: unless the user is advisor, team leader or dispatcher
        :raises UserError: without a text, or if it is answered
        """
        self.ensure_one()
        self.order_id._ensure_role(ANSWERING)
        self.check_access("read")
        if not isinstance(text, str) or not text.strip():
            raise UserError(self.env._("Answer: say what was checked and decided."))
        self.order_id._lock()
        if self.answered_at:
            raise UserError(self.env._("This report is answered already."))
        # No role writes reports by hand.
        report_sudo = self.sudo()
        report_sudo.write(
            {
                "answer": text.strip(),
                "answered_by": self.env.uid,
                "answered_at": fields.Datetime.now(),
            }
        )
        order_sudo = report_sudo.order_id
        order_sudo.with_user(self.env.user).sudo()._notify_users(
            report_sudo.reported_by,
            self.env._(
                "%(user)s answers on %(job)s: %(text)s",
                user=self.env.user.name,
                job=report_sudo.job_id._get_workshop_name(),
                text=text.strip(),
            ),
        )
        return True

    def action_answer(self):
        """Ask for the answer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer"),
            "res_model": "dealer.objection.report",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_objection_id": self.id,
                "default_job_id": self.job_id.id,
                "default_kind": self.kind,
            },
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Keep what was said."""
        raise UserError(self.env._("Reports of technicians are kept."))
