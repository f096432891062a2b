from freezegun import freeze_time

from odoo.tests import tagged

from .common import VINS
from .two_stores_common import DealerTwoStoresCommon

MISSING = {"engine_no": "E1", "purchase_date": "2020-01-01"}


@tagged("post_install", "-at_install")
class TestDealerFileTask(DealerTwoStoresCommon):
    """A file is complete within two days, or the supervisor knows (A2, C10)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner.street = "南京路1号"
        cls.keeper = cls.archivist

    def _open_file(self, **values):
        vals = {
            "vin": VINS[1],
            "license_plate": "沪B6K888",
            "model_id": self.car_model.id,
            "owner_id": self.owner.id,
            **values,
        }
        return self.env["dealer.vehicle"].with_user(self.advisor).create(vals)

    def _get_activities(self, vehicle):
        return vehicle.sudo()._get_file_activities()

    def _alert(self):
        cron = self.env.ref("dealer_service.ir_cron_alert_overdue_files")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _get_alerts(self, user):
        return self.env["mail.message"].search(
            [
                ("notified_partner_ids", "in", user.partner_id.ids),
                ("message_type", "=", "user_notification"),
                ("body", "ilike", "two days"),
            ]
        )

    def test_a_new_file_has_two_days(self):
        with freeze_time("2026-03-02 02:00:00"):
            vehicle = self._open_file()
        self.assertEqual(str(vehicle.file_due_date), "2026-03-04")
        activity = self._get_activities(vehicle)
        self.assertRecordValues(
            activity,
            [{"user_id": self.advisor.id, "date_deadline": vehicle.file_due_date}],
        )

    def test_a_complete_file_has_no_task(self):
        vehicle = self._open_file(**MISSING)
        self.assertEqual(vehicle.completeness, 100)
        self.assertFalse(vehicle.file_due_date)
        self.assertFalse(self._get_activities(vehicle))

    def test_the_task_ends_by_itself(self):
        vehicle = self._open_file()
        vehicle.write(MISSING)
        self.assertFalse(vehicle.file_due_date)
        self.assertFalse(self._get_activities(vehicle))

    def test_the_owners_number_ends_it(self):
        self.owner.phone = False
        vehicle = self._open_file(**MISSING)
        self.assertTrue(vehicle.file_due_date)
        self.owner.with_user(self.advisor).phone = "13800000001"
        self.assertFalse(vehicle.file_due_date)

    def test_the_plate_ends_it(self):
        vehicle = self._open_file(**MISSING, license_plate=False)
        self.assertTrue(vehicle.file_due_date)
        vehicle.set_plate("沪B6K888")
        self.assertFalse(vehicle.file_due_date)
        self.assertFalse(self._get_activities(vehicle))

    def test_the_custodian_takes_the_task_over(self):
        vehicle = self._open_file()
        vehicle.custodian_id = self.keeper
        self.assertEqual(self._get_activities(vehicle).user_id, self.keeper)

    def test_the_next_visit_begins_the_task_again(self):
        vehicle = self._open_file(**MISSING)
        vehicle.engine_no = False
        self.assertFalse(vehicle.file_due_date)
        with freeze_time("2026-05-04 02:00:00"):
            self._create_repair_order(vehicle_id=vehicle.id)
        self.assertEqual(str(vehicle.file_due_date), "2026-05-06")
        self.assertEqual(len(self._get_activities(vehicle)), 1)

    def test_an_inquiry_begins_it_too(self):
        vehicle = self._open_file(**MISSING)
        vehicle.engine_no = False
        self.env["dealer.reception.log"].with_user(self.advisor).create(
            {"vehicle_id": vehicle.id}
        )
        self.assertTrue(vehicle.file_due_date)

    def test_a_second_visit_begins_no_second_task(self):
        vehicle = self._open_file()
        due = vehicle.file_due_date
        self._create_repair_order(vehicle_id=vehicle.id)
        self.assertEqual(vehicle.file_due_date, due)
        self.assertEqual(len(self._get_activities(vehicle)), 1)

    def test_the_supervisor_of_the_store_is_told_once(self):
        with freeze_time("2026-03-02 02:00:00"):
            vehicle = self._open_file()
        overdue = self.env["dealer.vehicle"].search([("is_file_overdue", "=", True)])
        self.assertIn(vehicle, overdue)
        self._alert()
        alerts = self._get_alerts(self.supervisor)
        self.assertEqual(len(alerts), 1)
        self.assertIn("沪B6K888", alerts.body)
        self.assertFalse(self._get_alerts(self.roles_b["supervisor"]))
        self._alert()
        self.assertEqual(len(self._get_alerts(self.supervisor)), 1)

    def test_what_is_complete_or_not_due_is_not_told(self):
        self._open_file()
        self._alert()
        self.assertFalse(self._get_alerts(self.supervisor))

    def test_many_files_need_no_more_messages(self):
        with freeze_time("2026-03-02 02:00:00"):
            for number in range(5):
                self._open_file(
                    vin=f"LSVNU2180N20{number:05}", license_plate=f"沪A1234{number}"
                )
        self._alert()
        self.assertEqual(len(self._get_alerts(self.supervisor)), 1)
