from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DealerFollowupCommon


@tagged("post_install", "-at_install")
class TestFollowupAccess(DealerFollowupCommon):
    """Every role, in the own and in another store."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.as_clerk.action_log_contact({"channel": "phone", "outcome": "no_answer"})
        cls.log = cls.followup.log_ids
        cls.stranger_store = cls.env["res.company"].create({"name": "Other store"})

    def test_roles_read_and_write_what_they_need(self):
        readers = {
            self.followup_clerk: True,
            self.supervisor: True,
            self.store_manager: True,
            self.group_manager: True,
            self.advisor: False,
            self.archivist: False,
        }
        for user, writes in readers.items():
            with self.subTest(user=user.name):
                followup = self.followup.with_user(user)
                self.assertTrue(followup.has_access("read"))
                self.assertEqual(followup.has_access("write"), writes)
                self.assertFalse(followup.has_access("create"))
                self.assertFalse(followup.has_access("unlink"))
                log = self.log.with_user(user)
                self.assertTrue(log.has_access("read"))
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(log.has_access(operation))

    def test_workshop_and_till_see_nothing(self):
        for user in (
            self.technician,
            self.team_leader,
            self.dispatcher,
            self.inspector,
            self.settlement_clerk,
            self.parts_keeper,
        ):
            with self.subTest(user=user.name):
                self.assertFalse(self.followup.with_user(user).has_access("read"))
                self.assertFalse(self.log.with_user(user).has_access("read"))

    def test_workshop_still_reads_the_visit(self):
        order = self.order.with_user(self.dispatcher)
        self.assertTrue(order.read(["name", "state"]))
        with self.assertRaises(AccessError):
            order.read(["followup_ids"])

    def test_another_store_sees_nothing(self):
        for role in ("followup", "supervisor", "store_manager", "archivist"):
            stranger = self._create_role(
                f"stranger_{role}",
                f"dealer_service.group_dealer_{role}",
                self.stranger_store,
            )
            with self.subTest(role=role):
                for record in (self.followup, self.log):
                    model = record.with_user(stranger)
                    self.assertNotIn(record, model.search([]))
                    with self.assertRaises(AccessError):
                        model.read(["company_id"])

    def test_clerk_of_another_store_does_not_log(self):
        stranger = self._create_role(
            "stranger", "dealer_service.group_dealer_followup", self.stranger_store
        )
        with self.assertRaises(AccessError):
            self.followup.with_user(stranger).action_log_contact(
                {"channel": "phone", "outcome": "reached"}
            )

    def test_clerk_reads_the_whole_form(self):
        views = self.as_clerk.get_views([(False, "form"), (False, "list")])
        names = list(views["models"]["dealer.followup"]["fields"])
        self.assertTrue(self.as_clerk.read(names))
