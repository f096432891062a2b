"""Warnings in Odoo's log are found, unless they are listed with a reason."""

import re

import pytest

from tools import log_check

STAMP = "2026-01-02 03:04:05,678 42"


def _log(tmp_path, *lines):
    path = tmp_path / "server.log"
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def test_warnings_and_errors_are_found(tmp_path):
    path = _log(
        tmp_path,
        f"{STAMP} INFO db odoo: all is well, no WARNING",
        f"{STAMP} WARNING db odoo.x: first",
        f"{STAMP} \x1b[1;31mERROR\x1b[0m db odoo.x: second",
        "Traceback (most recent call last):",
        f"{STAMP} CRITICAL ? odoo.x: third",
    )
    found = log_check.problems(path, [])
    assert [line.split(": ")[1] for line in found] == ["first", "second", "third"]


def test_traceback_belongs_to_its_line(tmp_path):
    error = f"{STAMP} ERROR db odoo.x: broken"
    path = _log(tmp_path, error, "Traceback:", "  ValueError", f"{STAMP} INFO db x: y")
    assert log_check.details(path, error) == ["Traceback:", "  ValueError"]
    assert log_check.details(path, error, limit=1) == ["  ValueError"]


def test_listed_line_is_harmless(tmp_path):
    path = _log(tmp_path, f"{STAMP} WARNING db odoo.x: known thing")
    assert log_check.problems(path, [re.compile("known")]) == []


def test_reading_starts_where_it_is_told(tmp_path):
    path = _log(tmp_path, f"{STAMP} WARNING db odoo.x: of an earlier run")
    assert log_check.problems(path, [], start=path.stat().st_size) == []


def test_missing_log_has_no_problems(tmp_path):
    assert log_check.problems(tmp_path / "nothing.log") == []


def test_listed_line_needs_a_reason():
    with pytest.raises(ValueError, match="no reason"):
        log_check.allowed_patterns("some pattern\n")


def test_list_of_the_project_is_well_formed():
    assert log_check.allowed_patterns()


def test_refused_requests_are_harmless_but_ignored_arguments_are_not(tmp_path):
    path = _log(
        tmp_path,
        f"{STAMP} WARNING db odoo.http: The order is locked.",
        f"{STAMP} WARNING db odoo.http: <function x> called ignoring args {{'a'}}",
    )
    assert len(log_check.problems(path)) == 1
