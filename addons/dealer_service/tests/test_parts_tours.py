from odoo.tests import HttpCase, tagged

from .parts_common import DealerPartsCommon


@tagged("post_install", "-at_install")
class TestPartsTour(DealerPartsCommon, HttpCase):
    """A missing part, from the technician's phone to the shelf and back (F10)."""

    browser_size = "375x667"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # One card only: the job that waits.
        cls._work_on(cls.job)
        cls.wait_job = cls._add_part_job(cls.order, cls.missing_part, 1)

    def _tour(self, name, role, path):
        """Run a tour as one role, then read the database again."""
        self.start_tour(f"/odoo/{path}", f"dealer_{name}", login=role.login)
        self.env.invalidate_all()

    def test_ask_wait_issue_and_bring_back(self):
        job = self.wait_job
        self._tour("phone_parts_ask", self.technician, "my-jobs")
        self.assertRecordValues(job, [{"state": "paused", "pause_reason": "parts"}])
        self._receive(self.missing_part, 1)
        self._tour("phone_parts_resume", self.technician, "my-jobs")
        self._tour("parts_issue", self.parts_keeper, "parts-to-issue")
        self.assertEqual(job.parts_state, "issued")
        self._tour("phone_parts_return", self.technician, "my-jobs")
        self._tour("parts_check", self.team_leader, "parts-returns")
        self._tour("parts_take_back", self.parts_keeper, "parts-returns")
        self.assertEqual(job.requisition_ids.return_ids.state, "done")
        self.assertFalse(self._get_sale_line(job).product_uom_qty)
