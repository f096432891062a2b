from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import DealerServiceCommon


@tagged("post_install", "-at_install")
class TestDealerRetention(DealerServiceCommon):
    """The archivist sees whose records need not be kept any more (PIPL)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_repair_order()
        cls.order.with_user(cls.advisor).action_leave("太贵")
        cls.people = cls.env["res.partner"].with_user(cls.archivist)
        cls.domain = [("dealer_past_retention", "=", True)]

    def _find(self, years, days=0):
        moment = fields.Datetime.add(self.order.closed_at, years=years)
        with freeze_time(moment + timedelta(days=days)):
            self.env.invalidate_all()
            return self.people.search(self.domain)

    def test_a_customer_is_past_retention_after_the_store_s_years(self):
        self.assertNotIn(self.owner, self._find(6, -1))
        self.assertIn(self.owner, self._find(6, 1))
        self.company.dealer_retention_years = 10
        self.assertNotIn(self.owner, self._find(6, 1))
        self.assertIn(self.owner, self._find(10, 1))

    def test_an_open_visit_or_a_later_one_keeps_everything(self):
        self._create_repair_order()
        self.assertNotIn(self.owner, self._find(20))

    def test_the_list_names_the_last_visit(self):
        owner = self.owner.with_user(self.archivist)
        self.assertEqual(owner.dealer_last_visit_at, self.order.arrived_at)
        self.assertFalse(owner.dealer_past_retention)

    def test_who_is_erased_leaves_the_list(self):
        with freeze_time(fields.Datetime.add(self.order.closed_at, years=7)):
            self.people.search(self.domain).action_dealer_erase()
            self.env.invalidate_all()
            self.assertNotIn(self.owner, self.people.search(self.domain))
        self.assertIn("Erased", self.owner.name)

    def test_the_archivist_is_told_once_a_month(self):
        def told():
            return self.env["mail.message"].search(
                [
                    ("partner_ids", "in", self.archivist.partner_id.ids),
                    ("subject", "like", "past retention"),
                ]
            )

        self.people.sudo()._cron_tell_past_retention()
        self.assertFalse(told())
        with freeze_time(fields.Datetime.add(self.order.closed_at, years=7)):
            self.env.invalidate_all()
            self.people.sudo()._cron_tell_past_retention()
        self.assertEqual(len(told()), 1)
        self.assertIn(self.company.name, told().body)

    def test_others_do_not_see_who_may_be_erased(self):
        for user in (self.advisor, self.technician):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.people.with_user(user).search(self.domain)
