from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .workshop_common import DealerWorkshopCommon


@tagged("post_install", "-at_install")
class TestDealerTeam(DealerWorkshopCommon):
    """Teams, skills and the events that people are told (R2, R3, C8)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mechanic = cls.env.ref("dealer_service.skill_mechanic")
        cls.worker = cls.technician.employee_id
        cls.team = cls.env["dealer.team"].create(
            {
                "name": "Mechanics 1",
                "leader_id": cls.team_leader.employee_id.id,
                "member_ids": cls.worker.ids,
                "skill_ids": cls.mechanic.ids,
            }
        )

    def test_the_store_manager_enters_teams_and_skills(self):
        manager = self.store_manager
        with Form(self.env["dealer.team"].with_user(manager)) as form:
            form.name = "Mechanics 2"
            form.member_ids.add(self.technician2.employee_id)
        skill = self.mechanic.with_user(manager)
        skill.employee_ids = [(4, self.worker.id)]
        self.assertEqual(self.worker.dealer_skill_ids, self.mechanic)
        with self.assertRaises(AccessError):
            self.team.with_user(self.team_leader).name = "Ours"

    def test_a_technician_is_in_one_team(self):
        with self.assertRaisesRegex(ValidationError, "technician is in Mechanics 1"):
            self.env["dealer.team"].create(
                {"name": "Mechanics 2", "member_ids": self.worker.ids}
            )
        team = self.env["dealer.team"]._get_team_of(self.worker)
        self.assertEqual(team, self.team)

    def test_everybody_reads_the_skills_of_a_technician(self):
        self.worker.dealer_skill_ids = self.mechanic
        self.env.invalidate_all()
        for user in (self.dispatcher, self.advisor, self.technician2):
            with self.subTest(user.name):
                worker = self.worker.with_user(user)
                self.assertEqual(worker.dealer_skill_ids.name, "Mechanics")
                found = worker.search([("dealer_skill_ids", "in", self.mechanic.ids)])
                self.assertEqual(found, self.worker)

    def test_an_event_reaches_the_inbox_of_the_advisor(self):
        order = self._take_in("in_progress")
        self.advisor.notification_type = "inbox"
        order.with_user(self.technician)._raise_event("parts_missing", "大灯缺货")
        message = order.message_ids[0]
        self.assertIn("大灯缺货", message.body)
        self.assertEqual(
            message.notification_ids.res_partner_id, self.advisor.partner_id
        )
        self.assertEqual(message.author_id, self.technician.partner_id)

    def test_a_quiet_event_is_not_posted(self):
        order = self._take_in("in_progress")
        count = len(order.message_ids)
        order._raise_event("job_started", job=order.job_ids)
        self.assertEqual(len(order.message_ids), count)
        order._raise_event("delay_risk")
        self.assertEqual(len(order.message_ids), count + 1)
