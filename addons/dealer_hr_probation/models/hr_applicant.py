from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class HrApplicant(models.Model):
    """The five-day offer rule (D6).

    - The clock starts on ``exam_date`` and runs the company's number of calendar
      days (five unless set otherwise). ``offer_due`` is the last good day.
    - An offer is overdue when ``offer_due`` has passed, no letter was sent and the
      applicant is neither refused, archived nor hired.
    - The recruiter gets one activity for an overdue offer; a new exam date that
      makes a new deadline may bring another one.
    """

    _inherit = "hr.applicant"

    exam_date = fields.Date(
        tracking=True,
        copy=False,
        help="Day of the qualification check and the ability test.",
    )
    offer_due = fields.Date(
        string="Offer due",
        compute="_compute_offer_due",
        store=True,
        help="Last day on which the offer letter reaches the applicant in time.",
    )
    offer_sent_on = fields.Date(string="Offer sent on", tracking=True, copy=False)
    offer_overdue = fields.Boolean(
        string="Offer overdue",
        compute="_compute_offer_overdue",
        search="_search_offer_overdue",
    )
    offer_alerted_for = fields.Date(
        string="Alerted for",
        copy=False,
        readonly=True,
        help="The deadline the recruiter was last alerted for.",
    )

    @api.depends("exam_date", "company_id")
    def _compute_offer_due(self):
        """Add the company's days to the exam date."""
        for applicant in self:
            company = applicant.company_id or self.env.company
            applicant.offer_due = applicant.exam_date and (
                applicant.exam_date + timedelta(days=company.dealer_offer_days)
            )

    @api.depends(
        "offer_due", "offer_sent_on", "active", "refuse_reason_id", "date_closed"
    )
    def _compute_offer_overdue(self):
        """Tell whether the letter is late today."""
        for applicant in self:
            company = applicant.company_id or self.env.company
            applicant.offer_overdue = bool(
                applicant.offer_due
                and not applicant.offer_sent_on
                and applicant.active
                and not applicant.refuse_reason_id
                and not applicant.date_closed
                and applicant.offer_due < company._get_hr_today()
            )

    @api.model
    def _search_offer_overdue(self, operator, value):
        """Search late letters; the day is the one of the current company."""
        if operator != "in":
            return NotImplemented
        overdue = self._get_offer_overdue_domain(self.env.company._get_hr_today())
        return overdue if True in value else ~overdue

    @api.constrains("exam_date", "offer_sent_on")
    def _check_offer_after_exam(self):
        """Refuse a letter dated before the exam it answers."""
        for applicant in self:
            sent, exam = applicant.offer_sent_on, applicant.exam_date
            if sent and exam and sent < exam:
                raise ValidationError(
                    self.env._("The offer letter is not sent before the exam.")
                )

    def action_send_offer(self):
        """Note that the offer letter left today. Calling it again changes nothing.

        :raises UserError: when no exam date is known
        """
        for applicant in self - self.filtered("offer_sent_on"):
            if not applicant.exam_date:
                raise UserError(
                    self.env._("Enter the exam date before you send the offer.")
                )
            company = applicant.company_id or self.env.company
            applicant.offer_sent_on = company._get_hr_today()

    @api.model
    def _get_offer_overdue_domain(self, today):
        """Return the domain of applicants whose offer letter is late.

        :param date today: the day to judge by
        :return: a domain on ``hr.applicant``
        :rtype: Domain
        """
        return (
            Domain("offer_due", "<", today)
            & Domain("offer_sent_on", "=", False)
            & Domain("active", "=", True)
            & Domain("refuse_reason_id", "=", False)
            & Domain("date_closed", "=", False)
        )

    @api.model
    def _cron_offer_overdue(self):
        """Give each recruiter one activity for every late offer letter (D6)."""
        horizon = fields.Date.today() + timedelta(days=1)
        late = self.search(self._get_offer_overdue_domain(horizon)).filtered(
            lambda applicant: (
                applicant.offer_overdue
                and applicant.offer_alerted_for != applicant.offer_due
            )
        )
        self.env["ir.cron"]._commit_progress(remaining=len(late))
        for candidate in late:
            if applicant := candidate.try_lock_for_update():
                applicant._alert_offer_overdue()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _alert_offer_overdue(self):
        """Schedule the recruiter's activity and remember the deadline."""
        self.ensure_one()
        if self.offer_alerted_for == self.offer_due:
            return
        user = (
            self.user_id or self.job_id.user_id or self.department_id.manager_id.user_id
        )
        localized = self.with_context(lang=user.lang or self.env.lang)
        localized.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.offer_due,
            summary=localized.env._("Offer letter overdue"),
            note=localized.env._(
                "The exam was on %(exam)s; the offer letter was due on %(due)s.",
                exam=self.exam_date,
                due=self.offer_due,
            ),
            user_id=user.id or self.env.uid,
        )
        self.offer_alerted_for = self.offer_due
