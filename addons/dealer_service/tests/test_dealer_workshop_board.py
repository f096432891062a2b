from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from odoo.addons.bus.models import ir_websocket

from .common import VINS
from .workshop_common import DealerWorkshopCommon

# A Wednesday in Shanghai: 10:00 in the store.
NOW = "2026-03-18 02:00:00"
TODAY = "2026-03-18"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestDealerWorkshopBoard(DealerWorkshopCommon):
    """The board shows one day of one store to its staff, and keeps quiet of prices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id = cls._create_calendar(
            "Office", range(5), 8, 12, 13, 17
        )
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"
        with freeze_time(NOW):
            cls.order = cls._take_in("in_progress")
        cls.job = cls.order.job_ids
        cls.Board = cls.env["dealer.workshop.board"].with_user(cls.dispatcher)

    def _plan(self, start="2026-03-18 03:00:00", hours=2, job=None, **values):
        job = (job or self.job).with_user(self.dispatcher)
        worker = self.technician.employee_id
        job.action_plan(self.bay.id, worker.id, start, hours, **values)

    # === WHO LOOKS === #

    def test_everybody_of_the_store_looks_and_planners_may_move(self):
        for user, can_plan in (
            (self.dispatcher, True),
            (self.team_leader, True),
            (self.advisor, False),
            (self.technician, False),
            (self.inspector, False),
        ):
            with self.subTest(user=user.name):
                board = self.Board.with_user(user).get_board()
                self.assertEqual(board["can_plan"], can_plan)
                self.assertEqual(len(board["waiting"]), 1)

    def test_refuse_to_show_the_board_to_strangers(self):
        stranger = new_test_user(self.env, "stranger", groups="base.group_user")
        for user in (stranger, self.parts_keeper):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.Board.with_user(user).get_board()

    def test_no_price_on_the_board(self):
        self._plan()
        text = str(self.Board.get_board(TODAY)).lower()
        for word in ("price", "amount", "total", "currency"):
            self.assertNotIn(word, text)

    def test_refuse_unknown_rows_and_days(self):
        with self.assertRefused("Rows: choose one of"):
            self.Board.get_board(TODAY, "customer")
        for day in ("tomorrow", 7):
            with self.assertRefused("is not a date"):
                self.Board.get_board(day)

    # === WHAT IS SHOWN === #

    def test_a_planned_job_is_a_bar_in_the_row_of_its_bay(self):
        self._plan()
        board = self.Board.get_board(TODAY)
        (bar,) = board["bars"]
        self.assertEqual(bar["row_id"], self.bay.id)
        # Two hours from eleven on, with an hour of lunch in between.
        self.assertEqual(
            (bar["start"], bar["stop"]), ("2026-03-18 03:00:00", "2026-03-18 06:00:00")
        )
        self.assertEqual(bar["plate"], "京A12345")
        self.assertEqual(bar["job"]["technician"], "technician")
        self.assertEqual(bar["job"]["state"], "approved")
        self.assertFalse(board["waiting"])
        self.assertIn(self.bay.id, [row["id"] for row in board["rows"]])

    def test_the_same_job_is_a_bar_in_the_row_of_its_technician(self):
        self._plan()
        board = self.Board.get_board(TODAY, "technician")
        worker = self.technician.employee_id
        self.assertEqual([bar["row_id"] for bar in board["bars"]], [worker.id])
        names = {row["name"] for row in board["rows"]}
        self.assertLessEqual({"technician", "technician2", "team_leader"}, names)
        self.assertNotIn("advisor", names)

    def test_days_are_the_stores_own_days(self):
        # 07:30 on the 19th in Shanghai is still the 18th in Greenwich.
        self._plan("2026-03-18 23:30:00", 1)
        self.assertFalse(self.Board.get_board("2026-03-18")["bars"])
        board = self.Board.get_board("2026-03-19")
        self.assertEqual(len(board["bars"]), 1)
        self.assertEqual(board["tz"], "Asia/Shanghai")
        self.assertEqual(board["today"], "2026-03-18")
        self.assertEqual(board["start"], "2026-03-18 23:00:00")

    def test_the_axis_covers_opening_hours_and_what_lies_outside(self):
        board = self.Board.get_board(TODAY)
        self.assertEqual(board["start"], "2026-03-17 23:00:00")
        self.assertEqual(board["stop"], "2026-03-18 11:00:00")
        self.assertEqual(board["opening"][0][0], "2026-03-18 00:00:00")
        self._plan("2026-03-18 12:30:00", 2, overtime=True)
        self.assertEqual(self.Board.get_board(TODAY)["stop"], "2026-03-18 15:00:00")

    def test_a_closed_day_is_shown_too(self):
        board = self.Board.get_board("2026-03-22")
        self.assertFalse(board["opening"])
        self.assertEqual(board["start"], "2026-03-22 00:00:00")

    def test_clocked_time_is_marked_beside_the_plan(self):
        self._plan()
        self.job.with_user(self.technician).action_clock_in()
        board = self.Board.get_board(TODAY)
        (clock,) = board["clocks"]
        self.assertEqual(clock["row_id"], self.bay.id)
        self.assertFalse(clock["stop"])
        self.assertEqual(board["bars"][0]["job"]["state"], "in_progress")

    def test_a_corrected_clock_is_marked_once(self):
        job = self.job.with_user(self.technician)
        with freeze_time("2026-03-18 02:00:00"):
            job.action_clock_in()
        with freeze_time("2026-03-18 06:00:00"):
            job.action_clock_out()
            log = self.job.work_log_ids.with_user(self.team_leader)
            log.correct("2026-03-18 02:00:00", "2026-03-18 03:00:00", "忘记停表")
        (clock,) = self.Board.get_board(TODAY)["clocks"]
        self.assertEqual(clock["stop"], "2026-03-18 03:00:00")

    def test_a_pause_tells_its_reason(self):
        self._plan()
        job = self.job.with_user(self.technician)
        job.action_clock_in()
        job.action_clock_out("parts")
        (bar,) = self.Board.get_board(TODAY)["bars"]
        self.assertEqual(bar["job"]["pause_reason"], "parts")

    def test_another_store_is_not_shown(self):
        other = self.env["res.company"].create({"name": "West"})
        self.env["dealer.bay"].create({"name": "W1", "company_id": other.id})
        names = [row["name"] for row in self.Board.get_board()["rows"]]
        self.assertNotIn("W1", names)

    # === WAITING === #

    def test_what_was_left_over_yesterday_waits_again(self):
        self._plan("2026-03-18 03:00:00", 1)
        self.assertFalse(self.Board.get_board("2026-03-18")["waiting"])
        (waiting,) = self.Board.get_board("2026-03-19")["waiting"]
        self.assertTrue(waiting["is_planned"])

    def test_safety_waits_first_then_the_earliest_promise(self):
        vehicle = self._create_vehicle(VINS[1], "京B67890")
        early = self._take_in("in_progress", vehicle_id=vehicle.id)
        early.change_promise(fields.Datetime.now() + timedelta(hours=1), "客户赶时间")
        waiting = self.Board.get_board()["waiting"]
        self.assertEqual([job["plate"] for job in waiting], ["京B67890", "京A12345"])
        self.job.is_safety = True
        waiting = self.Board.get_board()["waiting"]
        self.assertEqual([job["plate"] for job in waiting], ["京A12345", "京B67890"])

    def test_parts_are_missing_ready_or_issued(self):
        self.assertEqual(self.job.parts_state, "ready")
        job = self._add_part_job(self.order, self.missing_part, 1)
        self.assertEqual(job.parts_state, "waiting")
        two = self._add_part_job(self.order, self.missing_part, 2)
        self._add_stock(self.missing_part, 1)
        two.line_ids.sale_line_id.move_ids._action_assign()
        self.assertEqual(two.parts_state, "partial")
        self.job.with_user(self.parts_keeper).action_issue_parts()
        self.job.invalidate_recordset()
        self.assertEqual(self.job.parts_state, "issued")
        board = self.Board.get_board()
        parts = {job["id"]: job["parts"] for job in board["waiting"]}
        self.assertEqual(parts[two.id], "partial")

    def test_a_team_with_more_than_two_waiting_cars_is_crowded(self):
        team = self.env["dealer.team"].create(
            {"name": "机电一组", "member_ids": self.technician.employee_id.ids}
        )
        orders = self.order
        for vin, plate in zip(VINS[1:], ("京B67890", "京C67890"), strict=True):
            vehicle = self._create_vehicle(vin, plate)
            orders |= self._take_in("in_progress", vehicle_id=vehicle.id)
        # One by its team, one by its technician; a second job is no second car.
        orders[0].job_ids.team_id = team
        orders[1].job_ids.with_user(self.dispatcher).action_plan(
            technician_id=self.technician.employee_id.id
        )
        self._add_approved_job(orders[0]).team_id = team
        (shown,) = self.Board.get_board()["teams"]
        self.assertEqual((shown["waiting"], shown["is_crowded"]), (2, False))
        orders[2].job_ids.team_id = team
        (shown,) = self.Board.get_board()["teams"]
        self.assertEqual((shown["waiting"], shown["is_crowded"]), (3, True))
        # The dispatch dialog counts the same cars, and the store sets the limit.
        self.assertEqual(team._count_waiting(), {team.id: 3})
        for limit, crowded in ((3, False), (1, True), (0, False)):
            self.company.dealer_team_waiting_max = limit
            (shown,) = self.Board.get_board()["teams"]
            self.assertEqual((limit, shown["is_crowded"]), (limit, crowded))
        self.company.dealer_team_waiting_max = 2
        rows = self.Board.get_board(group_by="technician")["rows"]
        teams = {row["name"]: row["team"] for row in rows}
        self.assertEqual(teams["technician"], "机电一组")

    # === SPEED === #

    def test_the_number_of_queries_does_not_grow(self):
        self._plan()
        self.Board.get_board(TODAY)
        counts = []
        for plate in (None, "京B67890", "京C67890"):
            if plate:
                vin = VINS[1] if plate == "京B67890" else VINS[2]
                vehicle = self._create_vehicle(vin, plate)
                order = self._take_in("in_progress", vehicle_id=vehicle.id)
                bay = self.env["dealer.bay"].create({"name": plate})
                order.job_ids.with_user(self.dispatcher).action_plan(
                    bay.id, False, "2026-03-18 05:00:00", 1
                )
                self._add_approved_job(order)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.Board.get_board(TODAY)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
        self.env.invalidate_all()
        with self.assertQueryCount(40):
            self.Board.get_board(TODAY)


@tagged("post_install", "-at_install")
class TestDealerWorkshopNotice(DealerWorkshopCommon):
    """Open boards hear of changes: one notice per store and transaction."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._take_in("in_progress")
        cls.job = cls.order.job_ids

    def setUp(self):
        super().setUp()
        self.cr.postcommit.clear()

    def _commit(self):
        """Run what follows a commit; return the notices that boards then get."""
        sent = []
        with patch.object(
            self.registry["bus.bus"],
            "_sendone",
            lambda _self, *notice: sent.append(notice),
        ):
            self.cr.postcommit.run()
        return [
            (target[0].id, message)
            for target, kind, message in sent
            if kind == "dealer_service/workshop_changed"
        ]

    def test_many_changes_make_one_notice(self):
        self.job.with_user(self.dispatcher).action_plan(
            self.bay.id, start=fields.Datetime.now(), hours=1
        )
        self.job.with_user(self.technician).action_clock_in()
        notice = (self.company.id, {"company_id": self.company.id})
        self.assertEqual(self._commit(), [notice])
        self.job.with_user(self.technician).action_clock_out("parts")
        self.assertEqual(self._commit(), [notice])

    def test_other_changes_make_none(self):
        self.order.with_user(self.advisor).concern = "也检查雨刮"
        self.assertFalse(self._commit())

    def test_staff_listen_to_their_own_store_only(self):
        other = self.env["res.company"].create({"name": "West"})
        asked = [f"dealer_workshop_{self.company.id}", f"dealer_workshop_{other.id}"]
        Websocket = self.env["ir.websocket"]
        stranger = new_test_user(self.env, "stranger", groups="base.group_user")
        nothing = other.browse()
        for user, heard in ((self.technician, self.company), (stranger, nothing)):
            channels = self._channels(Websocket.with_user(user), asked)
            with self.subTest(user=user.name):
                named = [
                    c
                    for c in channels
                    if isinstance(c, tuple) and c[1] == "dealer_workshop"
                ]
                self.assertEqual([c[0].id for c in named], heard.ids)
                self.assertFalse(
                    [c for c in channels if str(c).startswith("dealer_workshop")]
                )

    def _channels(self, websocket, asked):
        """Return the channels that a client gets, outside a request."""
        request = type("Request", (), {"session": type("S", (), {"uid": 1})()})()
        with patch.object(ir_websocket, "wsrequest", request):
            return websocket._build_bus_channel_list(list(asked))
