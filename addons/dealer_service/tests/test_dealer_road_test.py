from datetime import date

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .workshop_common import DealerWorkshopCommon


@tagged("post_install", "-at_install")
class TestDealerRoadTest(DealerWorkshopCommon):
    """Who drives, how far, and until it passes (路試, section 3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._take_in("in_progress")
        cls._add_approved_job(cls.order, category_id=cls.category_level2.id)
        cls._bring_to("inspection", cls.order)
        checks = cls.env["dealer.quality.check"].with_user(cls.inspector)
        cls.check = checks.browse(checks.start(cls.order.id, "final"))
        cls.driver = cls.inspector.employee_id

    def _answer(self, check=None, **failed):
        check = check or self.check
        check._apply_results(
            [
                {
                    "line_id": line.id,
                    "result": "pass",
                    "value": line.max_value or line.min_value,
                    **failed.get(line.name, {}),
                }
                for line in check.line_ids
                if not line.is_road_test
            ]
        )

    def test_one_drive_is_asked_for_a_visit_with_big_work(self):
        self.assertEqual(len(self.check.line_ids.filtered("is_road_test")), 1)
        self.assertTrue(self.check.can_drive)
        with self.assertRefused("asks for no road test"):
            other = self._create_vehicle("LGBH52E06NY123456", "沪B6K888")
            order = self._bring_to("inspection", vehicle_id=other.id)
            checks = self.env["dealer.quality.check"].with_user(self.inspector)
            small = checks.browse(checks.start(order.id, "final"))
            small.record_road_test({"start_km": 30000, "end_km": 30009})

    def test_a_category_may_ask_for_a_road_test_of_its_own(self):
        self.category.needs_road_test = True
        other = self._create_vehicle("LGBH52E06NY123456", "沪B6K888")
        order = self._bring_to("inspection", vehicle_id=other.id)
        checks = self.env["dealer.quality.check"].with_user(self.inspector)
        check = checks.browse(checks.start(order.id, "final"))
        line = check.line_ids.filtered("is_road_test")
        self.assertRecordValues(line, [{"min_value": 5, "uom": "km"}])

    def test_the_car_is_checked_before_it_is_driven(self):
        with self.assertRefused("Brakes: no result"):
            self._drive(self.check)
        self._answer(Brakes={"result": "fail", "note": "异响"})
        with self.assertRefused("Brakes failed; repair it before you drive"):
            self._drive(self.check)

    def test_it_proposes_driver_companion_and_reading(self):
        self._answer()
        proposal = self.check._prepare_road_test()
        self.assertEqual(proposal["driver_id"], self.driver.id)
        self.assertEqual(proposal["companion_id"], self.technician.employee_id.id)
        self.assertEqual(proposal["start_km"], 30000)
        test = self.env["dealer.road.test"].browse(self._drive(self.check))
        self.assertRecordValues(
            test, [{"distance": 8, "attempt": 1, "result": "pass", "end_km": 30008}]
        )

    def test_who_may_drive_and_who_rides_along(self):
        self._answer()
        technician = self.technician.employee_id
        for values, sentence in (
            ({"driver_id": technician.id}, "is no road tester"),
            ({"companion_id": self.driver.id}, "main technician comes with you"),
            ({"companion_id": self.driver.id}, "somebody else than the driver"),
            ({"end_km": 29999}, "cannot be below"),
            ({"start_km": 100, "end_km": 200}, "below the 30000 km that were read"),
            ({"route": ""}, "Route: fill it in"),
            ({"speed": 3}, "speed is not known"),
            ({"result": "fail"}, "say why it has to be driven again"),
        ):
            with self.subTest(values=values), mute_logger("odoo.sql_db"):
                if "end_km" in values and values["end_km"] == 29999:
                    with (
                        self.assertRaises(psycopg2.errors.CheckViolation),
                        self.env.cr.savepoint(),
                    ):
                        self._drive(self.check, **values)
                else:
                    with self.assertRefused(sentence), self.env.cr.savepoint():
                        self._drive(self.check, **values)

    def test_the_licence_is_valid_on_the_day(self):
        self._answer()
        self.driver.dealer_licence_until = date(2026, 3, 31)
        with freeze_time("2026-04-01 04:00:00"):
            with self.assertRefused("licence of inspector ended on"):
                self._drive(self.check)
        self.driver.dealer_licence_until = False
        with self.assertRefused("licence of inspector is not known"):
            self._drive(self.check)

    def test_a_short_drive_does_not_count(self):
        self._answer()
        with self.assertRefused("4 km driven, at least 5 km count"):
            self._drive(self.check, km=4)
        self._drive(self.check, km=4, result="fail", note="刹车跑偏")
        self.assertTrue(self.check.can_drive)

    def test_the_store_sets_the_distance(self):
        self.company.dealer_road_test_km = 10
        check = self.check.sudo()
        vals = check._prepare_road_test_vals(
            self.order, self.env["dealer.quality.item"]
        )
        self.assertEqual(vals["min_value"], 10)

    def test_it_is_driven_until_it_passes(self):
        self._answer()
        with self.assertRefused("Road test: record a drive of at least 5 km"):
            self.check.finish("合格")
        self._drive(self.check, result="fail", note="转向异响")
        with self.assertRefused("Road test: record a drive of at least 5 km"):
            self.check.finish("合格")
        self._drive(self.check, km=6)
        self.assertEqual(self.check.finish("合格"), "pass")
        self.assertEqual(
            self.check.road_test_ids.sorted("attempt").mapped("start_km"),
            [30000, 30008],
        )
        line = self.check.line_ids.filtered("is_road_test")
        self.assertRecordValues(line, [{"result": "pass", "value": 6}])
        with self.assertRefused("was finished by inspector"):
            self._drive(self.check)

    def test_what_the_drive_shows_fails_the_check(self):
        self._answer()
        self._drive(self.check, result="fail", note="后轮拖滞")
        line = self.check.line_ids.filtered("is_road_test")
        failed = {"line_id": line.id, "result": "fail", "note": "后轮拖滞"}
        self.assertEqual(self.check.finish("不合格", [failed]), "fail")
        self.assertEqual(self.order.state, "in_progress")

    def test_a_drive_is_never_changed(self):
        self._answer()
        test = self.env["dealer.road.test"].browse(self._drive(self.check))
        with self.assertRefused("never changed or deleted"):
            test.end_km = 99999
        with self.assertRefused("never changed or deleted"):
            test.unlink()

    def test_only_inspectors_record_drives(self):
        self._answer()
        for user in (self.technician, self.team_leader, self.advisor):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.check.with_user(user).record_road_test(
                    {"start_km": 30000, "end_km": 30009}
                )
            with self.subTest(user=user.name), self.assertRaises(UserError):
                self.env["dealer.road.test"].with_user(user).create(
                    {"check_id": self.check.id}
                )
