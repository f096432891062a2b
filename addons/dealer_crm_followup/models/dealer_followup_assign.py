from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.dealer_service.utils import as_step


class DealerFollowup(models.Model):
    """Who calls, and who is told when nobody did (A5, A8, A11)."""

    _inherit = "dealer.followup"

    @api.model
    def _get_users_of_role(self, company, xml_id):
        """Return the store's users of a role, those who have it by name first.

        :param company: a ``res.company``
        :param str xml_id: the group, e.g. ``dealer_service.group_dealer_followup``
        :return: users with the group itself, else those whose role implies it
        :rtype: recordset
        """
        users_sudo = self.env["res.users"].sudo()
        domain = [
            ("all_group_ids", "in", self.env.ref(xml_id).ids),
            ("company_ids", "in", company.ids),
            ("share", "=", False),
        ]
        return users_sudo.search(domain, order="id").sudo(False)

    @api.model
    def _get_clerks(self, company):
        """Return everybody who may follow up visits of a store."""
        return self._get_users_of_role(company, "dealer_service.group_dealer_followup")

    @api.model
    def _prefer_dedicated(self, users, xml_id):
        """Keep the users who have a role by name, if there are any.

        :param users: users who have the role, by name or by a higher role
        :param str xml_id: the group of the role
        """
        group_sudo = self.env.ref(xml_id).sudo()
        return users.filtered(lambda user: user in group_sudo.user_ids) or users

    @api.model
    def _choose_clerk(self, company, advisor):
        """Choose the clerk with the fewest open follow-ups in the store.

        :param company: the store
        :param advisor: the visit's advisor, who is never chosen
        :return: a user, or none when the store has no other clerk
        :rtype: recordset
        """
        clerks = self._prefer_dedicated(
            self._get_clerks(company) - advisor,
            "dealer_service.group_dealer_followup",
        )
        counts = dict(
            self.sudo()._read_group(
                [
                    ("state", "=", "to_call"),
                    ("company_id", "=", company.id),
                    ("user_id", "in", clerks.ids),
                ],
                ["user_id"],
                ["__count"],
            )
        )
        return clerks.sorted(lambda user: (counts.get(user, 0), user.id))[:1]

    @api.model
    def _get_supervisor(self, company):
        """Return the store's supervisor, or who stands in by a higher role."""
        xml_id = "dealer_service.group_dealer_supervisor"
        users = self._get_users_of_role(company, xml_id)
        return self._prefer_dedicated(users, xml_id)[:1]

    def _schedule_call(self):
        """Put the call on the clerk's list for the day the window opens."""
        for followup in self.filtered("user_id"):
            localized = followup.with_context(lang=followup.user_id.lang)
            localized.activity_schedule(
                "mail.mail_activity_data_call",
                date_deadline=followup.date_from,
                summary=localized.env._("Call the customer after the visit"),
                user_id=followup.user_id.id,
            )

    @api.model
    def _cron_escalate(self):
        """Tell the supervisor of every overdue follow-up, once (A8)."""
        horizon = fields.Date.today() + timedelta(days=1)
        late = self.search(
            [
                ("state", "=", "to_call"),
                ("date_until", "<", horizon),
                ("escalated_on", "=", False),
            ]
        ).filtered("is_overdue")
        self.env["ir.cron"]._commit_progress(remaining=len(late))
        for candidate in late:
            if followup := candidate.try_lock_for_update():
                followup.invalidate_recordset()
                followup._escalate()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _escalate(self):
        """Give the store's supervisor the activity, unless that was done."""
        self.ensure_one()
        supervisor = self._get_supervisor(self.company_id)
        if self.state != "to_call" or self.escalated_on or not supervisor:
            return
        localized = self.with_context(lang=supervisor.lang)
        localized.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self._get_today(),
            summary=localized.env._("Follow-up overdue"),
            note=localized.env._(
                "The customer was to be called by %(date)s. Clerk: %(clerk)s.",
                date=self.date_until,
                clerk=self.user_id.name or localized.env._("nobody"),
            ),
            user_id=supervisor.id,
        )
        as_step(self).escalated_on = self._get_today()
