"""Play the month once, then look at the books: every test is one sentence."""

import os

import pytest

from tests.story import clock_server, files, money, papers
from tests.story.books import Books
from tests.story.play import Player
from tests.story.script import START
from tools import databases, templates


@pytest.fixture(scope="session")
def story():
    """Play the story on a copy of the demo template; give server, player, states."""
    database = f"test_story_{os.getpid()}"
    templates.clone(database, "demo")
    try:
        with clock_server.serve(database, START) as (server, clock_port):
            player = Player(server.url, database, clock_port)
            states = player.play()
            yield server, player, states, clock_port
    finally:
        databases.drop(database)


@pytest.fixture(scope="session")
def books(story):
    """Return the books at the end of the month."""
    server = story[0]
    return Books(server.url, server.database)


def test_the_month_ends_with_visits_in_every_state(story):
    states = story[2]
    assert sum(states.values()) >= 60
    assert set(states) == {
        "booked",
        "intake",
        "diagnosis",
        "offered",
        "accepted",
        "in_progress",
        "inspection",
        "ready",
        "settled",
        "delivered",
        "left",
        "cancelled",
    }


def test_the_server_logged_no_warning(story):
    assert story[0].problems() == []


def test_everything_is_dated_in_the_month_of_the_story(books):
    dates = [order["arrived_at"] for order in books.orders.values()]
    dates += [order["delivered_at"] for order in books.orders.values()]
    dates += [move["invoice_date"] for move in books.invoices]
    dates += [log["start"] for log in books.logs]
    early = {text for text in dates if text and not text.startswith("2026-03")}
    # The first hours of March in China are still February in UTC.
    assert {text for text in early if text < "2026-02-28 16:00:00"} == set()
    assert {text for text in early if text > "2026-03"} == set()


def test_every_sale_line_has_an_approved_job_at_its_revision(books):
    assert books.sale_lines
    assert money.sale_lines_without_approval(books) == []


def test_every_approved_line_is_sold_exactly_once_as_approved(books):
    assert money.approved_lines_without_sale(books) == []


def test_approved_amounts_are_those_of_the_price_list(books):
    assert money.approvals_unlike_the_story(books) == []


def test_each_visit_chains_its_decisions(books):
    last = {}
    for approval in books.approvals:
        order_id = approval["order_id"][0]
        assert approval["previous_hash"] == last.get(order_id, False)
        last[order_id] = approval["content_hash"]


def test_invoices_equal_approvals_to_the_cent_for_each_payer(books):
    assert len(books.invoices) > 50
    assert money.invoices_unlike_approvals(books) == []


def test_arrears_equal_the_unpaid_rest_of_the_invoices(books):
    assert money.arrears_unlike_residuals(books) == []


def test_visits_owe_what_the_payments_of_the_story_left(books):
    assert money.balances_unlike_the_story(books) == []


def test_every_open_balance_was_approved_by_a_supervisor(books):
    assert money.balances_without_credit(books) == []


def test_the_ledger_shows_the_same_arrears(books):
    assert money.receivables_unlike_arrears(books) == []


def test_stock_is_the_opening_stock_less_the_parts_issued(books):
    assert money.stock_unlike_issues(books) == []


def test_sale_lines_say_delivered_what_the_stock_moved(books):
    assert money.deliveries_unlike_moves(books) == []


def test_no_technician_is_clocked_on_two_jobs_at_once(books):
    assert files.double_clocks(books) == []


def test_clocks_say_when_people_worked(books):
    assert files.clocks_unlike_the_story(books) == []


def test_nobody_inspected_his_own_work(books):
    assert files.inspectors_of_own_work(books) == []


def test_certificates_exist_exactly_where_the_class_demands_them(books):
    assert files.missing_certificates(books) == []


def test_each_car_s_file_lists_its_visits_in_all_stores(books):
    assert files.files_without_story(books) == []


def test_each_car_s_file_shows_its_last_owner_and_plate(books):
    assert files.wrong_owners_and_plates(books) == []


def test_the_mileage_of_each_car_rises_unless_a_reason_says_why(books):
    assert files.falling_odometers(books) == []


def test_each_car_remembers_the_work_that_was_refused(books):
    assert files.forgotten_findings(books) == []


def test_each_delivered_job_is_guaranteed_from_the_day_and_km_of_delivery(books):
    assert files.wrong_guarantees(books) == []


def test_each_delivered_car_passed_the_gate_once_on_its_note(books):
    assert papers.notes_unlike_the_story(books) == []


def test_each_settled_visit_has_its_complete_electronic_record(books):
    assert papers.incomplete_records(books) == []


def test_who_came_without_repair_is_remembered_with_our_answer(books):
    visitors = [row for row in books.script.desk if row["what"] == "visitor"]
    fields = ("person", "demand", "answer")
    logs = books.manager.search_read("dealer.reception.log", [], *fields)
    assert {(log["demand"], log["answer"]) for log in logs} == {
        (row["text"], row["answer"]) for row in visitors
    }
    assert all(log["person"] for log in logs)


def test_it_is_known_who_has_which_file_bag(books):
    fields = ("vehicle_id", "user_id", "date_in")
    loans = books.manager.search_read("dealer.file.loan", [], *fields)
    rows = [row["what"] for row in books.script.desk]
    out = [loan for loan in loans if not loan["date_in"]]
    assert len(loans) == rows.count("take_bag")
    assert len(out) == rows.count("take_bag") - rows.count("return_bag")


def test_what_was_marked_at_intake_stands_on_the_signed_sheets(books):
    sheets = books.manager.search_read(
        "dealer.intake.mark", [("intake_id.order_ids", "!=", False)], "view", "kind"
    )
    assert len(sheets) == sum(map(len, books.script.marks.values()))
    lit = [("kind", "=", "lamp"), ("is_present", "=", True)]
    items = books.manager.search("dealer.intake.item", lit)
    assert len(items) == sum(map(len, books.script.lamps.values()))


def test_each_inspector_has_the_figures_of_the_month(books):
    fields = ("inspector_id", "attended_days", "inspection_count", "score")
    domain = [("month", "=", "2026-03-01"), ("inspection_count", ">", 0)]
    model = "dealer.inspector.evaluation"
    rows = books.manager.search_read(model, domain, *fields)
    assert len(rows) == 3
    for row in rows:
        assert 25 <= row["attended_days"] <= 27
        assert row["score"] > 0


def test_what_happened_on_the_side_is_on_record(books):
    find = books.manager.search_read
    reports = find("dealer.objection", [], "answer", "reported_by")
    assert reports and all(report["answer"] for report in reports)
    passes = find("dealer.release.note", [("kind", "=", "errand")], "returned_at")
    assert passes and all(one["returned_at"] for one in passes)
    asked = [("request_note", "!=", False)]
    assert find("dealer.parts.requisition", asked, "requested_by_id")


def test_no_deposit_is_left_on_the_books(books):
    domain = [("amount_deposit", ">", 0)]
    assert books.manager.search("dealer.repair.order", domain) == []


@pytest.mark.parametrize(("number", "store"), [(1, "main"), (2, "east"), (3, "west")])
def test_a_store_sees_its_own_visits_only(books, number, store):
    advisor = books.house.user(f"advisor{number}")
    seen = set(advisor.search("dealer.repair.order", []))
    own = {
        order["id"]
        for key, order in books.orders.items()
        if books.script.visits[key]["store"] == store
    }
    assert seen == own


def test_playing_again_changes_nothing(story):
    server, _player, states, clock_port = story
    again = Player(server.url, server.database, clock_port)
    assert again.play() == states
    assert not again.played
