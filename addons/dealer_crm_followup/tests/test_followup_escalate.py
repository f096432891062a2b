from ast import literal_eval

from lxml import etree

from odoo.tests import freeze_time, tagged

from .common import DealerFollowupCommon


@tagged("post_install", "-at_install")
class TestFollowupEscalate(DealerFollowupCommon):
    """A8, A11: what is overdue after day seven reaches the supervisor, once."""

    def _get_reminders(self):
        """Return the supervisor's open reminders."""
        return self.followup.activity_ids.filtered(
            lambda activity: activity.user_id == self.supervisor
        )

    def test_last_day_is_not_overdue(self):
        with freeze_time(self._days_after_window(0)):
            self._run_escalation()
            self.assertFalse(self.followup.is_overdue)
        self.assertFalse(self._get_reminders())

    def test_supervisor_is_told_once(self):
        with freeze_time(self._days_after_window(1)):
            self._run_escalation()
            self._run_escalation()
            self.assertTrue(self.followup.is_overdue)
        with freeze_time(self._days_after_window(2)):
            self._run_escalation()
        self.assertEqual(len(self._get_reminders()), 1)
        self.assertIn(self.followup_clerk.name, self._get_reminders().note)

    def test_finished_follow_up_is_left_alone(self):
        self.as_clerk.action_log_contact({"channel": "phone", "outcome": "refused"})
        with freeze_time(self._days_after_window(3)):
            self._run_escalation()
        self.assertFalse(self._get_reminders())

    def test_contact_closes_the_reminder(self):
        with freeze_time(self._days_after_window(1)):
            self._run_escalation()
            self.as_clerk.action_log_contact({"channel": "phone", "outcome": "reached"})
        self.assertFalse(self.followup.activity_ids)

    def test_lists_split_due_overdue_and_upcoming(self):
        Followup = self.env["dealer.followup"].with_user(self.followup_clerk)
        view = self.env.ref("dealer_crm_followup.dealer_followup_view_search")
        arch = self.env["dealer.followup"].get_view(view.id, "search")["arch"]
        moments = {
            "upcoming": self._days_after_window(-7),
            "due": self._days_after_window(-3),
            "overdue": self._days_after_window(1),
        }
        for name, moment in moments.items():
            with freeze_time(moment):
                found = {
                    other
                    for other in moments
                    if self.followup
                    in Followup.search(self._get_filter_domain(arch, other))
                }
            with self.subTest(name=name):
                self.assertEqual(found, {name})

    def _get_filter_domain(self, arch, name):
        """Return the domain of a search filter of the view."""
        node = etree.fromstring(arch).xpath(f"//filter[@name='{name}']")[0]
        return literal_eval(node.get("domain"))
