from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import DealerFollowupCommon


@tagged("post_install", "-at_install")
class TestFollowupAssign(DealerFollowupCommon):
    """A5, A10: who calls."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second_clerk = cls._create_role(
            "second_clerk", "dealer_service.group_dealer_followup", cls.company
        )

    def test_clerk_with_the_fewest_open_follow_ups_is_chosen(self):
        first, second = self._plan_followup(), self._plan_followup()
        self.assertEqual(first.user_id, self.second_clerk)
        self.assertEqual(
            {second.user_id, self._plan_followup().user_id},
            {self.followup_clerk, self.second_clerk},
        )

    def test_finished_follow_ups_do_not_count(self):
        self._plan_followup()  # one each
        self.as_clerk.action_log_contact({"channel": "phone", "outcome": "reached"})
        self.assertEqual(self._plan_followup().user_id, self.followup_clerk)

    def test_advisor_of_the_visit_is_never_chosen(self):
        group = self.env.ref("dealer_service.group_dealer_followup")
        self.advisor.group_ids += group
        (self.followup_clerk + self.second_clerk).group_ids -= group
        self.assertNotEqual(self._plan_followup().user_id, self.advisor)

    def test_higher_role_steps_in_when_there_is_no_clerk(self):
        clerks = self.followup_clerk + self.second_clerk
        clerks.group_ids -= self.env.ref("dealer_service.group_dealer_followup")
        chosen = self.env["dealer.followup"]._choose_clerk(self.company, self.advisor)
        self.assertTrue(chosen.has_group("dealer_service.group_dealer_followup"))
        self.assertNotIn(chosen, clerks)

    def test_store_without_clerks_leaves_it_unassigned(self):
        store = self.env["res.company"].create({"name": "Lonely store"})
        chosen = self.env["dealer.followup"]._choose_clerk(store, self.advisor)
        self.assertNotIn(self.followup_clerk, chosen)
        self.assertNotIn(self.second_clerk, chosen)

    def test_archived_clerk_is_not_chosen(self):
        self.second_clerk.active = False
        self.assertEqual(self._plan_followup().user_id, self.followup_clerk)

    def test_supervisor_reassigns_with_the_call(self):
        followup = self.followup.with_user(self.supervisor)
        self.assertTrue(followup.can_assign)
        followup.user_id = self.second_clerk
        self.assertEqual(self.followup.activity_ids.user_id, self.second_clerk)

    def test_clerk_does_not_reassign(self):
        self.assertFalse(self.as_clerk.can_assign)
        with self.assertRaises(AccessError):
            self.as_clerk.user_id = self.second_clerk

    def test_only_clerks_of_the_store_are_assigned(self):
        followup = self.followup.with_user(self.supervisor)
        for user in (self.technician, self.advisor):
            with self.subTest(user=user.name), self.assertRaises(ValidationError):
                followup.user_id = user
