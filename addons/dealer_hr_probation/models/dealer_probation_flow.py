from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import FLOW, PROBATION_TRANSITIONS


class DealerProbation(models.Model):
    """How a probation ends: extension, objection, decision, conversion (D1-D8)."""

    _inherit = "dealer.probation"

    # === COMPUTE METHODS === #

    @api.depends("state", "date_end", "months", "extension_months", "cap_months")
    @api.depends_context("uid")
    def _compute_can(self):
        """Show the buttons that would be accepted."""
        for probation in self:
            for verb in ("confirm", "extend", "object", "terminate"):
                probation[f"can_{verb}"] = not probation._get_refusal(verb)

    # === ACTION METHODS === #

    def action_confirm(self):
        """Confirm as regular employees, early or after an objection was withdrawn.

        Confirmed ones stay as they are.

        :raises UserError: for a terminated probation, or without HR administration
        """
        todo = self.filtered(lambda probation: probation.state != "confirmed")
        todo._ensure_can("confirm")
        todo._update_state("confirmed")
        todo._action_post_confirm()

    def action_extend(self, months, reason):
        """Extend by whole months; the caller is the approver (D1).

        :param int months: months on top, at least one
        :param str reason: why this case is special
        :raises UserError: without a reason, past the cap, after the end, or when
            the caller is no HR administrator
        """
        self.ensure_one()
        self._ensure_can("extend")
        reason = self._check_reason(reason)
        if months < 1:
            raise UserError(self.env._("An extension lasts at least one month."))
        if self.months + self.extension_months + months > self.cap_months:
            raise UserError(self._get_cap_reason())
        guarded = self.with_context(dealer_probation_flow=FLOW)
        guarded.env["dealer.probation.extension"].create(
            {
                "probation_id": self.id,
                "months": months,
                "reason": reason,
                "approver_id": self.env.uid,
                "date": self._get_today(),
                "date_end_before": self.date_end,
            }
        )
        self.message_post(
            body=self.env._(
                "Extended by %(months)s months until %(date)s: %(reason)s",
                months=months,
                date=self.date_end,
                reason=reason,
            )
        )

    def action_object(self, reason, objector="company"):
        """Record that one side does not want the conversion (D8).

        :param str reason: the grounds
        :param str objector: ``employee`` or ``company``
        :raises UserError: without a reason, or once the probation is over
        """
        self._ensure_can("object")
        reason = self._check_reason(reason)
        if objector not in ("employee", "company"):
            raise UserError(self.env._("Either the employee or the company objects."))
        for probation in self:
            probation._update_state(
                "objected",
                {
                    "objected_by": objector,
                    "objection_reason": reason,
                    "objection_date": probation._get_today(),
                },
            )
            localized = probation._in_hr_language()
            localized._notify_hr(
                localized.env._("Objection to the conversion: decide"), reason
            )

    def action_terminate(self, reason):
        """End the contract in probation, on documented grounds (D3).

        :param str reason: which criteria were not met, and how that was found
        :raises UserError: without a reason, after the end unless somebody objected
            in time, or when the caller is no HR administrator
        """
        self._ensure_can("terminate")
        reason = self._check_reason(reason)
        for probation in self:
            probation._update_state("terminated", {"termination_reason": reason})
            localized = probation._in_hr_language()
            localized._notify_hr(
                localized.env._("Hand over the termination letter"), reason
            )

    # === BUSINESS METHODS === #

    def _get_refusal(self, verb):
        """Return why a verb is refused to the current user now.

        :param str verb: confirm, extend, object or terminate
        :return: a sentence, or False when the verb is allowed
        :rtype: str | bool
        """
        self.ensure_one()
        is_manager = self.env.user.has_group("hr.group_hr_manager")
        if verb != "object" and not is_manager:
            return self.env._("Only an HR administrator decides this.")
        target = {"confirm": "confirmed", "terminate": "terminated"}.get(
            verb, "objected"
        )
        if target not in PROBATION_TRANSITIONS[self.state]:
            return self.env._(
                "The probation of %(employee)s is already decided or objected to.",
                employee=self.employee_id.name,
            )
        over = self.date_end and self.date_end <= self._get_today()
        if over and verb != "confirm" and self.state == "running":
            return self.env._(
                "The probation ended on %(date)s; this has to happen before.",
                date=self.date_end,
            )
        if verb == "extend" and self.months + self.extension_months >= self.cap_months:
            return self._get_cap_reason()
        return False

    def _ensure_can(self, verb):
        """Raise the reason when a verb is refused for one of the records.

        :param str verb: confirm, extend, object or terminate
        :raises UserError: with the sentence of ``_get_refusal``
        """
        self.check_access("write")
        for probation in self:
            if refusal := probation._get_refusal(verb):
                raise UserError(refusal)

    def _update_state(self, target, values=None):
        """Move to a state the table allows from the present one.

        :param str target: a key of ``PROBATION_TRANSITIONS``
        :param dict values: fields written in the same breath
        :raises UserError: when the table does not allow the move
        """
        for probation in self:
            if target not in PROBATION_TRANSITIONS[probation.state]:
                raise UserError(self.env._("This probation is already decided."))
            probation.with_context(dealer_probation_flow=FLOW).write(
                {
                    **(values or {}),
                    "state": target,
                    "date_decided": target != "objected" and probation._get_today(),
                }
            )

    def _action_post_confirm(self):
        """Tell employee, manager and HR; the seam for what else follows."""
        for probation in self:
            lang = probation.company_id.partner_id.lang or self.env.lang
            localized = probation.with_context(lang=lang)
            employee_sudo = probation.employee_id.sudo()
            partners = (
                employee_sudo.work_contact_id
                | employee_sudo.user_id.partner_id
                | employee_sudo.parent_id.work_contact_id
                | employee_sudo.parent_id.user_id.partner_id
                | employee_sudo.hr_responsible_id.partner_id
            )
            probation.message_post(
                subject=localized.env._("Confirmed as regular employee"),
                body=localized.env._(
                    "%(employee)s passed the probation and is a regular employee "
                    "from %(date)s.",
                    employee=employee_sudo.name,
                    date=min(probation.date_end, probation.date_decided),
                ),
                partner_ids=partners.ids,
                subtype_xmlid="mail.mt_comment",
            )
            localized = probation._in_hr_language()
            localized._notify_hr(localized.env._("Hand over the conversion notice"))

    def _in_hr_language(self):
        """Return the probation in the language of the employee's HR responsible."""
        self.ensure_one()
        lang = self.employee_id.sudo().hr_responsible_id.lang
        return self.with_context(lang=lang or self.env.lang)

    def _notify_hr(self, summary, note=False):
        """Give the employee's HR responsible a task for today."""
        self.ensure_one()
        user_sudo = self.employee_id.sudo().hr_responsible_id
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self._get_today(),
            summary=summary,
            note=note,
            user_id=user_sudo.id or self.env.uid,
        )

    @api.model
    def _cron_confirm(self):
        """Confirm what ended without an objection (D8). Safe to run again."""
        horizon = fields.Date.today() + timedelta(days=1)
        due = self.search(
            [("state", "=", "running"), ("date_end", "<=", horizon)]
        ).filtered(lambda probation: probation.date_end <= probation._get_today())
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for candidate in due:
            if probation := candidate.try_lock_for_update():
                probation.invalidate_recordset()
                probation._confirm_automatically()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _confirm_automatically(self):
        """Confirm one ended probation, or alert HR once when no contract covers it."""
        self.ensure_one()
        if self.state != "running":
            return
        if self.employee_id.active and self._find_contract_sudo(self.date_end):
            self._update_state("confirmed")
            self._action_post_confirm()
        elif not self.alerted_on:
            self.with_context(dealer_probation_flow=FLOW).alerted_on = self._get_today()
            localized = self._in_hr_language()
            localized._notify_hr(
                localized.env._(
                    "Probation over, but no contract covers the day: decide"
                )
            )

    def _check_reason(self, reason):
        """Return the reason without blanks at its ends.

        :param str reason: what the user wrote
        :raises UserError: when nothing is left
        """
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Give a reason."))
        return reason
