from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .workshop_common import DealerWorkshopCommon


@tagged("post_install", "-at_install")
class TestDealerObjection(DealerWorkshopCommon):
    """Technicians report what does not match and object; apprentices are watched."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._take_in("in_progress")
        cls.job = cls.order.job_ids

    def _report(self, kind="mismatch", text="车牌不符", user=None):
        job = self.job.with_user(user or self.technician)
        return self.env["dealer.objection"].browse(job.report_objection(kind, text))

    def _get_told(self, user, words):
        return self.env["mail.notification"].search(
            [
                ("res_partner_id", "=", user.partner_id.id),
                ("mail_message_id.body", "ilike", words),
            ]
        )

    def test_a_mismatch_reaches_advisor_and_dispatcher_and_is_kept(self):
        report = self._report()
        self.assertRecordValues(
            report,
            [
                {
                    "order_id": self.order.id,
                    "company_id": self.company.id,
                    "kind": "mismatch",
                    "text": "车牌不符",
                    "reported_by": self.technician.id,
                    "answered_at": False,
                }
            ],
        )
        for user in (self.advisor, self.dispatcher):
            with self.subTest(user=user.name):
                self.assertTrue(self._get_told(user, "车牌不符"))
        self.assertEqual(self.job.open_objection_count, 1)

    def test_the_advisor_answers_once_and_the_technician_hears_it(self):
        report = self._report("objection", "刹车盘也到极限")
        report.with_user(self.advisor).answer_report("已联系客户")
        self.assertEqual(report.answered_by, self.advisor)
        self.assertTrue(self._get_told(self.technician, "已联系客户"))
        self.assertFalse(self.job.open_objection_count)
        with self.assertRaisesRegex(UserError, "answered already"):
            report.with_user(self.team_leader).answer_report("再答")

    def test_refusals_are_sentences(self):
        for kind, text, sentence in (
            ("other", "x", "Kind: choose"),
            (False, "x", "Kind: choose"),
            ("mismatch", "  ", "Report: say"),
            ("mismatch", False, "Report: say"),
            ("mismatch", 5, "Report: say"),
        ):
            with self.subTest(kind=kind, text=text):
                with self.assertRaisesRegex(UserError, sentence):
                    self._report(kind, text)
        with self.assertRaisesRegex(UserError, "Answer: say"):
            self._report().with_user(self.advisor).answer_report(" ")

    def test_who_reports_and_who_answers(self):
        for user in (self.advisor, self.parts_keeper):
            with self.assertRaises(AccessError):
                self._report(user=user)
        report = self._report()
        with self.assertRaises(AccessError):
            report.with_user(self.technician).answer_report("好")

    def test_nobody_writes_or_deletes_a_report(self):
        report = self._report()
        for role in ("technician", "advisor", "store_manager", "group_manager"):
            mine = report.with_user(getattr(self, role))
            with self.subTest(role=role):
                with self.assertRaises(AccessError):
                    mine.text = "x"
                with self.assertRaises(AccessError):
                    mine.unlink()
                with self.assertRaises(AccessError):
                    mine.create({"job_id": self.job.id, "text": "x"})
        with self.assertRaisesRegex(UserError, "are kept"):
            report.unlink()

    def test_the_page_reports_and_answers(self):
        action = self.job.with_user(self.technician).action_report()
        model = self.env[action["res_model"]].with_context(**action["context"])
        with Form(model.with_user(self.technician)) as form:
            form.kind = "objection"
            form.text = "配件型号不对"
        form.record.action_confirm()
        report = self.job.objection_ids
        self.assertEqual((report.kind, report.text), ("objection", "配件型号不对"))
        action = report.with_user(self.advisor).action_answer()
        model = self.env[action["res_model"]].with_context(**action["context"])
        with Form(model.with_user(self.advisor)) as form:
            form.text = "换另一家"
        form.record.action_confirm()
        self.assertEqual(report.answer, "换另一家")

    # === APPRENTICES === #

    def test_an_apprentice_starts_no_clock_alone(self):
        self.technician2.employee_id.dealer_is_apprentice = True
        job = self.job.with_user(self.technician2)
        with self.assertRaisesRegex(UserError, "apprentice and works supervised"):
            job.action_clock_in()
        self.assertEqual(self.job.state, "approved")
        self.job.with_user(self.technician).action_clock_in()
        self.assertTrue(job.action_clock_in())

    def test_two_apprentices_do_not_supervise_each_other(self):
        (self.technician + self.technician2).employee_ids.dealer_is_apprentice = True
        leader = self.team_leader.employee_id.id
        self.job.with_user(self.team_leader).action_clock_in(leader)
        self.job.with_user(self.technician).action_clock_in()
        self.job.with_user(self.team_leader).action_clock_out("break")
        with self.assertRaisesRegex(UserError, "works supervised"):
            self.job.with_user(self.technician2).action_clock_in()

    def test_the_leader_cannot_clock_an_apprentice_in_alone(self):
        apprentice = self.technician2.employee_id
        apprentice.dealer_is_apprentice = True
        with self.assertRaisesRegex(UserError, "works supervised"):
            self.job.with_user(self.team_leader).action_clock_in(apprentice.id)
