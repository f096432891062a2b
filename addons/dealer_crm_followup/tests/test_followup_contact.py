from datetime import timedelta

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import DealerFollowupCommon

CALL = {
    "channel": "phone",
    "outcome": "reached",
    "use_of_car": "Runs quietly",
    "opinion": "Friendly and quick",
    "advice": "New brake pads need 200 km",
    "next_service": "At 40 000 km or in June",
    "events": "Invited to the winter check",
    "satisfaction": 5,
}


@tagged("post_install", "-at_install")
class TestFollowupContact(DealerFollowupCommon):
    """A4, A9, C12: every call and letter is logged for good."""

    def _log(self, followup=None, **values):
        """Log a contact as the clerk and return the log."""
        log_id = (followup or self.as_clerk).action_log_contact(
            {"channel": "phone", **values}
        )
        return self.env["dealer.contact.log"].browse(log_id)

    def test_reached_closes_the_follow_up_and_keeps_the_blocks(self):
        log = self._log(**CALL)
        self.assertRecordValues(
            log,
            [
                {
                    **CALL,
                    "satisfaction": "5",
                    "followup_id": self.followup.id,
                    "order_id": self.order.id,
                    "partner_id": self.owner.id,
                    "vehicle_id": self.vehicle.id,
                    "company_id": self.company.id,
                    "user_id": self.followup_clerk.id,
                    "acted_for_id": False,
                }
            ],
        )
        self.assertRecordValues(
            self.followup, [{"state": "done", "satisfaction": "5", "log_count": 1}]
        )
        self.assertFalse(self.followup.activity_ids)

    def test_outcome_decides_what_becomes_of_the_follow_up(self):
        table = [
            ("no_answer", "to_call"),
            ("refused", "failed"),
            ("wrong_number", "failed"),
            ("reached", "done"),
        ]
        for outcome, state in table:
            with self.subTest(outcome=outcome):
                followup = self._plan_followup().with_user(self.followup_clerk)
                self._log(followup, outcome=outcome)
                self.assertEqual(followup.state, state)

    def test_call_back_moves_the_call_to_the_day_asked_for(self):
        day = self.followup._get_today() + timedelta(days=4)
        self._log(outcome="call_back", call_back_on=str(day))
        self.assertRecordValues(
            self.followup, [{"state": "to_call", "call_back_on": day}]
        )
        self.assertEqual(self.followup.activity_ids.date_deadline, day)

    def test_call_back_needs_a_day_to_come(self):
        yesterday = self.followup._get_today() - timedelta(days=1)
        for day in (False, str(yesterday)):
            with self.subTest(day=day), self.assertRaises(UserError):
                self._log(outcome="call_back", call_back_on=day)

    def test_failed_follow_up_is_done_when_the_customer_calls_in(self):
        self._log(outcome="wrong_number")
        self._log(outcome="reached")
        self.assertEqual(self.followup.state, "done")
        self._log(outcome="refused")
        self.assertEqual(self.followup.state, "done")
        self.assertEqual(self.followup.log_count, 3)

    def test_letter_is_a_contact_too(self):
        self.assertEqual(
            self._log(channel="letter", outcome="reached").channel, "letter"
        )

    def test_wrong_values_are_refused(self):
        for values in (
            {},
            {"outcome": "reached", "channel": "pigeon"},
            {"outcome": "perhaps"},
            {"outcome": "reached", "satisfaction": 6},
            {"outcome": "reached", "satisfaction": "great"},
            {"outcome": "no_answer", "satisfaction": 5},
            {"outcome": "reached", "user_id": self.supervisor.id},
            {"outcome": "reached", "contacted_at": "2020-01-01"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self._log(**values)
        self.assertFalse(self.followup.log_ids)

    def test_advisor_never_follows_up_the_own_visit(self):
        self.advisor.group_ids += self.env.ref("dealer_service.group_dealer_followup")
        followup = self.followup.with_user(self.advisor)
        self.assertFalse(followup.can_log)
        with self.assertRaises(AccessError):
            self._log(followup, outcome="reached")

    def test_other_roles_do_not_log(self):
        for user in (
            self.advisor,
            self.technician,
            self.dispatcher,
            self.inspector,
            self.settlement_clerk,
            self.archivist,
        ):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self._log(self.followup.with_user(user), outcome="reached")

    def test_log_names_the_clerk_who_was_stood_in_for(self):
        log = self._log(self.followup.with_user(self.supervisor), outcome="no_answer")
        self.assertRecordValues(
            log,
            [{"user_id": self.supervisor.id, "acted_for_id": self.followup_clerk.id}],
        )

    def test_log_is_never_changed_or_deleted(self):
        log = self._log(**CALL)
        with self.assertRaises(UserError):
            log.opinion = "Terrible"
        with self.assertRaises(UserError):
            log.unlink()

    def test_database_keeps_the_log_too(self):
        log = self._log(**CALL)
        self.env.flush_all()
        for query in (
            "UPDATE dealer_contact_log SET opinion = 'x' WHERE id = %s",
            "DELETE FROM dealer_contact_log WHERE id = %s",
        ):
            with (
                self.subTest(query=query),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.RestrictViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query, [log.id])

    def test_satisfaction_becomes_a_rating_of_the_advisor(self):
        self._log(**CALL)
        rating = self.env["rating.rating"].search(
            [("res_model", "=", "dealer.followup"), ("res_id", "=", self.followup.id)]
        )
        self.assertRecordValues(
            rating,
            [
                {
                    "rating": 5.0,
                    "consumed": True,
                    "partner_id": self.owner.id,
                    "rated_partner_id": self.advisor.partner_id.id,
                    "feedback": "Friendly and quick",
                }
            ],
        )

    def test_need_is_reported_to_the_supervisor_as_a_lead(self):
        self._log(outcome="reached", potential_need="Thinks of an electric car")
        lead = self.env["crm.lead"].search(
            [("dealer_followup_id", "=", self.followup.id)]
        )
        self.assertRecordValues(
            lead,
            [
                {
                    "partner_id": self.owner.id,
                    "user_id": self.supervisor.id,
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertIn("electric", lead.description)

    def test_call_form_hands_the_answers_over(self):
        form = Form(
            self.env["dealer.followup.contact"]
            .with_user(self.followup_clerk)
            .with_context(active_id=self.followup.id)
        )
        form.outcome = "reached"
        form.opinion = "All fine"
        form.satisfaction = "4"
        form.save().action_log()
        self.assertRecordValues(
            self.followup.log_ids,
            [{"channel": "phone", "opinion": "All fine", "satisfaction": "4"}],
        )
