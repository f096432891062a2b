from odoo.tests import HttpCase, tagged

from .workshop_common import DealerWorkshopCommon


@tagged("post_install", "-at_install")
class TestOfficeTours(DealerWorkshopCommon, HttpCase):
    """What managers, supervisors and the archivist do on their screens."""

    browser_size = "1440x900"

    def _tour(self, name, role, path):
        """Run a tour as one role, then read the database again."""
        self.start_tour(f"/odoo/{path}", f"dealer_office_{name}", login=role.login)
        self.env.invalidate_all()

    def test_a_store_manager_sets_the_own_store(self):
        path = f"m-dealer.store.settings/{self.company.id}"
        self._tour("settings", self.store_manager, path)
        self.assertEqual(self.company.dealer_labour_rate, 288)
        self.assertEqual(self.company.dealer_offer_validity_days, 5)

    def test_a_technician_reports_and_the_advisor_answers(self):
        order = self._take_in("in_progress")
        self._tour("report", self.technician, "my-jobs")
        report = order.job_ids.objection_ids
        self.assertEqual(report.text, "The plate is another one")
        self._tour("answer", self.advisor, "technician-reports")
        self.assertEqual(report.answer, "Plate corrected")

    def test_the_supervisor_approves_a_credit(self):
        order = self._take_in("ready")
        order.with_user(self.settlement_clerk).action_create_invoices()
        self._tour("credit", self.supervisor, f"repair-orders/{order.id}")
        self.assertRecordValues(
            order.credit_ids,
            [{"reason": "Monthly customer", "user_id": self.supervisor.id}],
        )

    def test_the_archivist_lends_a_file_and_takes_it_back(self):
        self._tour("loan", self.archivist, "file-bags")
        loan = self.env["dealer.file.loan"].search([("purpose", "=", "Insurance")])
        self.assertTrue(loan.date_in)

    def test_a_manager_looks_behind_a_figure(self):
        self._take_in("in_progress")
        self._tour("figures", self.store_manager, "repair-analysis")
