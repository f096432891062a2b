"""The rows of the story fit together; nothing is played for this."""

import datetime

from tests.story import script
from tests.story.desk import ACTS
from tests.story.play import STEPS
from tests.story.script import Script


def test_every_row_of_the_day_after_names_something_that_exists():
    rows = Script(with_today=True)
    assert {visit["car"] for visit in rows.visits.values()} <= set(rows.cars)
    assert {visit["customer"] for visit in rows.visits.values()} <= set(rows.customers)
    assert {step["visit"] for step in rows.steps} == set(rows.visits)
    assert {step["step"] for step in rows.steps} <= set(STEPS)
    assert {row["what"] for row in rows.desk} <= set(ACTS)
    for kind in (rows.jobs, rows.lines, rows.decisions, rows.marks, rows.lamps):
        assert set(kind) <= set(rows.visits)


def test_the_month_itself_knows_nothing_of_the_day_after():
    assert max(step["at"] for step in Script().steps) < "2026-04-01"


def test_a_moved_story_keeps_its_hours_and_its_distances():
    try:
        script.move_to(datetime.date(2027, 1, 1))
        assert script.utc("2026-04-01 08:30") == "2027-01-01 00:30:00"
        assert script.day("2026-03-31") == "2026-12-31"
        assert script.day("") == ""
        assert script.moment(script.END) == "2026-12-31T10:30:00"
    finally:
        script.move_to(script.TODAY)
