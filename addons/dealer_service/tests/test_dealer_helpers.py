from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .dispatch_common import DealerDispatchCommon


@tagged("post_install", "-at_install")
class TestDealerHelpers(DealerDispatchCommon):
    """Who helps with a job is busy with it, as the main technician is (R4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._take_in("in_progress")
        cls.job = cls.order.job_ids.with_user(cls.dispatcher)
        cls.other = cls._take_in_other("in_progress").job_ids.with_user(cls.dispatcher)
        cls.leader = cls.team_leader.employee_id

    def _plan(
        self, job=None, helper=None, start="2030-03-04 09:00:00", hours=2, **more
    ):
        job = job or self.job
        if helper:
            more["helpers"] = [{"employee_id": helper.id, "share": 30}]
        more.setdefault("bay_id", self.bay.id)
        more.setdefault("technician_id", self.worker.id)
        job.action_plan(start=start, hours=hours, **more)

    def _slots(self, job=None):
        """Return who is reserved for a job, and when."""
        return {
            (slot.bay_id or slot.employee_id).name: (slot.start.hour, slot.stop.hour)
            for slot in (job or self.job).sudo().reservation_ids
        }

    def test_a_planned_job_occupies_its_helpers(self):
        self._plan(helper=self.worker2)
        self.assertEqual(
            self._slots(),
            {"B1": (9, 11), "technician": (9, 11), "technician2": (9, 11)},
        )

    def test_a_helper_who_joins_later_is_reserved_and_freed_when_he_goes(self):
        self._plan()
        self.job.set_helpers([{"employee_id": self.worker2.id, "share": 30}])
        self.assertIn("technician2", self._slots())
        self.job.set_helpers([{"employee_id": self.leader.id, "share": 30}])
        self.assertEqual(set(self._slots()), {"B1", "technician", "team_leader"})
        self.job.set_helpers([])
        self.assertEqual(set(self._slots()), {"B1", "technician"})

    def test_a_share_written_by_itself_is_reserved_too(self):
        self._plan()
        share = self.env["dealer.job.share"].with_user(self.dispatcher)
        share = share.create(
            {"job_id": self.job.id, "employee_id": self.worker2.id, "share": 30}
        )
        self.assertIn("technician2", self._slots())
        share.employee_id = self.leader
        self.assertEqual(set(self._slots()), {"B1", "technician", "team_leader"})
        share.unlink()
        self.assertEqual(set(self._slots()), {"B1", "technician"})

    def test_a_helper_who_is_busy_is_refused_with_where_and_until_when(self):
        self._plan()
        bay2 = self.env["dealer.bay"].create({"name": "B2"})
        sentence = r"technician is taken by 京A12345 \(B1\) from .*9:00.* to .*11:00"
        with self.assertRaisesRegex(Exception, sentence):
            self._plan(
                self.other, self.worker, technician_id=self.leader.id, bay_id=bay2.id
            )
        self.assertFalse(self.other.share_ids)
        self.assertFalse(self.other.planned_start)

    def test_a_helper_is_nobodys_main_technician_meanwhile(self):
        self._plan(helper=self.worker2)
        bay2 = self.env["dealer.bay"].create({"name": "B2"})
        with self.assertRefused("technician2 is taken by"):
            self._plan(self.other, technician_id=self.worker2.id, bay_id=bay2.id)

    def test_an_unplanned_job_reserves_nobody(self):
        self.job.set_helpers([{"employee_id": self.worker2.id, "share": 30}])
        self.assertFalse(self._slots())
        self._plan()
        self.assertIn("technician2", self._slots())
        self.job.action_unplan()
        self.assertFalse(self._slots())
        self.assertEqual(self.job.share_ids.employee_id, self.worker2)

    def test_helper_and_main_technician_change_places(self):
        self._plan(helper=self.worker2)
        self._plan(helper=self.worker, technician_id=self.worker2.id)
        self.assertEqual(self.job.main_technician_id, self.worker2)
        self.assertEqual(self.job.share_ids.employee_id, self.worker)
        self.assertEqual(len(self._slots()), 3)

    def test_the_bar_of_a_helper_moves_the_whole_job(self):
        self._plan(helper=self.worker2)
        slot = self.job.reservation_ids.filtered(
            lambda slot: slot.employee_id == self.worker2
        )
        at = fields.Datetime.to_datetime
        slot.with_user(self.dispatcher).write(
            {"start": at("2030-03-04 13:00:00"), "stop": at("2030-03-04 15:00:00")}
        )
        self.assertEqual(set(self._slots().values()), {(13, 15)})
        slot.with_user(self.dispatcher).employee_id = self.leader
        self.assertEqual(set(self._slots()), {"B1", "technician", "team_leader"})
        self.assertEqual(self.job.main_technician_id, self.worker)
        self.assertEqual(self.job.share_ids.share, 30)

    def test_finished_work_gives_the_helper_back(self):
        self._plan(helper=self.worker2, start="2040-03-05 09:00:00")
        self.job.sudo()._update_state("in_progress")
        self.job.sudo()._update_state("self_checked")
        self.assertFalse(self._slots())

    def test_only_planners_name_helpers(self):
        with self.assertRaises(AccessError):
            self._plan(self.job.with_user(self.advisor), self.worker2)

    def test_the_capacity_counts_helpers(self):
        self._plan(helper=self.worker2)
        workshop = self.env["dealer.capacity"]._load(
            self.company, fields.Datetime.to_datetime("2030-03-04 09:00:00")
        )
        (helper,) = (t for t in workshop.technicians if t.id == self.worker2.id)
        nine = fields.Datetime.to_datetime("2030-03-04 09:30:00")
        self.assertTrue(helper.taken.blocked_until(nine, nine.replace(hour=10)))

    def test_the_board_shows_helpers(self):
        self._plan(helper=self.worker2)
        board = self.env["dealer.workshop.board"].with_user(self.dispatcher)
        rows = board.get_board("2030-03-04", "technician")["bars"]
        self.assertEqual(
            {(bar["row_id"], bar["is_helper"]) for bar in rows},
            {(self.worker.id, False), (self.worker2.id, True)},
        )
        (bar,) = board.get_board("2030-03-04")["bars"]
        self.assertEqual(bar["job"]["helpers"], ["technician2"])
        self.assertFalse(bar["is_helper"])

    def test_a_helper_finds_the_job_among_his_own(self):
        self._plan(helper=self.worker2)
        view = self.env.ref("dealer_service.dealer_repair_job_view_search_technician")
        self.assertIn("share_ids.employee_id.user_id", view.arch)
        jobs = self.env["dealer.repair.job"].with_user(self.technician2)
        mine = [("share_ids.employee_id.user_id", "=", self.technician2.id)]
        self.assertEqual(jobs.search(mine), self.job)
