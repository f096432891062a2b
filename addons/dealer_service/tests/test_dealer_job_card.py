from lxml import etree

from odoo.tests import tagged

from ..const import PAUSE_REASONS
from .common import VINS
from .workshop_common import DealerWorkshopCommon


@tagged("post_install", "-at_install")
class TestDealerJobCard(DealerWorkshopCommon):
    """The technician's card: one tap starts, asks or refuses with a sentence."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._take_in("in_progress")
        cls.job = cls.order.job_ids
        cls.my_job = cls.job.with_user(cls.technician)

    def _create_other_job(self):
        vehicle = self._create_vehicle(VINS[1], "京B67890")
        order = self._take_in("in_progress", vehicle_id=vehicle.id)
        return order.job_ids.with_user(self.technician)

    def test_start_with_one_tap(self):
        self.assertTrue(self.my_job.action_start())
        self.assertEqual(self.job.state, "in_progress")
        self.assertEqual(len(self.my_job.running_starts), 1)

    def test_the_card_says_what_is_agreed_without_prices(self):
        self.assertEqual(self.my_job.work_summary, "更换机油机滤 · 机油4L全合成 × 1")

    def test_a_clock_elsewhere_is_asked_about_and_switched(self):
        other = self._create_other_job()
        self.my_job.action_start()
        action = other.action_start()
        self.assertEqual(action["res_model"], "dealer.work.log.switch")
        self.assertFalse(other.work_log_ids)
        wizard = (
            self.env["dealer.work.log.switch"]
            .with_user(self.technician)
            .with_context(**action["context"])
            .create({})
        )
        self.assertIn("京A12345", wizard.message)
        wizard.action_switch("job")
        self.assertEqual(self.job.state, "paused")
        self.assertEqual(self.job.pause_reason, "job")
        self.assertEqual(other.state, "in_progress")
        self.assertFalse(self.job.running_log_ids)

    def test_refuse_to_ask_for_a_job_that_cannot_start(self):
        self.my_job.action_start()
        vehicle = self._create_vehicle(VINS[1], "京B67890")
        order = self._take_in("offered", vehicle_id=vehicle.id)
        with self.assertRefused("京B67890.*not approved"):
            order.job_ids.with_user(self.technician).action_start()

    def test_pause_with_one_tap_for_each_reason(self):
        self.my_job.action_start()
        wizard = self.env["dealer.work.log.pause"].with_user(self.technician)
        wizard.create({"job_id": self.job.id}).action_pause("customer")
        self.assertEqual(self.job.pause_reason, "customer")

    def test_each_reason_has_its_button(self):
        reasons = {f"['{reason}']" for reason, _label in PAUSE_REASONS}
        for model in ("dealer.work.log.pause", "dealer.work.log.switch"):
            arch = etree.fromstring(self.env[model].get_view()["arch"])
            buttons = arch.xpath("//div[@class='o_dealer_reasons']/button/@args")
            with self.subTest(model=model):
                self.assertEqual(set(buttons), reasons)

    def test_free_jobs_are_picked_where_the_leader_allows_it(self):
        team = self.env["dealer.team"].create(
            {
                "name": "机电一组",
                "leader_id": self.team_leader.employee_id.id,
                "member_ids": self.worker_ids,
            }
        )
        self.job.team_id = team
        self.assertTrue(self.my_job.can_clock_in)
        team.can_pick_up = False
        self.my_job.invalidate_recordset()
        self.assertFalse(self.my_job.can_clock_in)
        with self.assertRefused("机电一组.*team_leader"):
            self.my_job.action_start()
        # Named by the leader, it is his.
        self.job.with_user(self.team_leader).action_plan(
            technician_id=self.technician.employee_id.id
        )
        self.assertTrue(self.my_job.action_start())

    @property
    def worker_ids(self):
        return (self.technician | self.technician2).employee_id.ids
