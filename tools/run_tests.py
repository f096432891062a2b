"""Lint and run every test, then tell what took how long: ``make test``.

The parts go on after one has failed, so that one run shows all that is wrong.
"""

import os
import subprocess
import time
import xml.etree.ElementTree as ElementTree

from tools import (
    common,
    databases,
    environment,
    lint,
    log_check,
    postgres,
    prepare,
    templates,
    timings,
)
from tools.common import LOGS, PYTHON, ROOT, SetupError, say

WORKERS = "2"
# pytest-odoo lets its workers share one filestore, where one's clean-up takes files
# that another's browser is about to load; a single worker has nobody to disturb.
ADDON_WORKERS = "1"
# Odoo's own checks: without those of the checkers themselves, and without the run of
# pylint over all of Odoo, which takes six minutes (`make lint` runs it on our addons).
TEST_LINT = (
    "/test_lint,-/test_lint:TestPyLint,-/test_lint:TestSqlLint,"
    "-/test_lint:TestI18nChecks,-/test_lint:TestGetTextLint,-/test_lint:TestESLint"
)


class Totals:
    """What the parts counted, and how long they took."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.rows = []

    def add_junit(self, path):
        """Add the counts that pytest left in a JUnit file."""
        if not path.exists():
            return
        for suite in ElementTree.parse(path).getroot().iter("testsuite"):
            bad = int(suite.get("failures")) + int(suite.get("errors"))
            skipped = int(suite.get("skipped"))
            self.failed += bad
            self.skipped += skipped
            self.passed += int(suite.get("tests")) - bad - skipped

    def run(self, title, function):
        """Run a part and note its outcome.

        :param str title: what the part is called
        :param function: returns whether all is well
        """
        say(f"\n===== {title} =====")
        start, failed = time.monotonic(), self.failed
        try:
            passed = function(self)
        except SetupError as error:
            say(f"Error: {error}")
            passed = False
        if not passed and self.failed == failed:
            self.failed += 1  # No test was counted: the part itself failed.
        self.rows.append((title, time.monotonic() - start, passed))

    def report(self):
        """Print the table of the parts and the closing line."""
        say("\n===== Summary =====")
        for title, seconds, passed in self.rows:
            say(f"{title:<28} {seconds:7.1f} s  {'ok' if passed else 'FAILED'}")
        say(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped")
        return all(passed for _title, _seconds, passed in self.rows)


def _pytest(totals, name, *arguments):
    """Run pytest and tell whether it passed, or had nothing to run."""
    junit = LOGS / f"{name}.xml"
    junit.unlink(missing_ok=True)
    command = [str(PYTHON), "-m", "pytest", "-q", f"--junitxml={junit}", *arguments]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment.full(),
        stdin=subprocess.DEVNULL,
        check=False,
    )
    totals.add_junit(junit)
    return done.returncode in (0, 5)


def _log_is_clean(path):
    """Print the warnings of a log and tell whether there are none."""
    found = log_check.problems(path)
    for line in found[:30]:
        say("\n".join([line, *log_check.details(path, line)]))
    if found:
        say(f"{len(found)} warnings or errors in {path}")
    return not found


# === PARTS === #


def _lint(_totals):
    return lint.check()


def _templates(_totals):
    templates.ensure("tpl")
    templates.ensure("demo")
    return True


def _addons(totals):
    """Run the addons' own tests, each worker on its own copy of the template."""
    database = f"test_addons_{os.getpid()}"
    log = LOGS / "test-addons.log"
    log.unlink(missing_ok=True)
    templates.clone(database)
    try:
        passed = _pytest(
            totals,
            "test-addons",
            "addons",
            f"--numprocesses={ADDON_WORKERS}",
            "--dist=loadscope",
            "--odoo-http",
            f"--odoo-database={database}",
            "--odoo-log-level=warn",
            f"--odoo-extra=logfile={log}",
            f"--odoo-extra=screenshots={LOGS / 'screenshots'}",
        )
    finally:
        databases.drop(database)
    return _log_is_clean(log) and passed


def _test_lint(totals):
    """Run Odoo's checks on our addons, inside a database that has them."""
    database = f"test_lint_{os.getpid()}"
    log = LOGS / "test-lint.log"
    templates.clone(database)
    command = [environment.ODOO, "-d", database, "-i", "test_lint", "--no-http"]
    command += ["--stop-after-init", f"--test-tags={TEST_LINT}"]
    try:
        common.run(command, log=log.name, env=environment.full(), cwd=ROOT)
        totals.passed += log.read_text().count(": Starting Test")
        return _log_is_clean(log)
    except SetupError:
        _log_is_clean(log)
        return False
    finally:
        databases.drop(database)


def _black_box(totals):
    """Run the tests that talk to a server from outside, and those of the scripts."""
    options = [f"--numprocesses={WORKERS}", "--dist=loadfile", "--durations=10"]
    return _pytest(totals, "test-black-box", "tests", *options)


def _main():
    totals = Totals()
    start = time.monotonic()
    say("===== Set-up =====")
    prepare.ensure(node_packages=True)
    databases.drop_orphans()
    totals.rows.append(("Set-up", time.monotonic() - start, True))
    totals.run("Template databases", _templates)
    totals.run("Lint", _lint)
    totals.run("Tests of the addons", _addons)
    totals.run("Odoo's checks (test_lint)", _test_lint)
    totals.run("Black-box tests", _black_box)
    timings.note("make test", time.monotonic() - start)
    if os.environ.get("CI"):
        postgres.stop()
    return 0 if totals.report() else 1


if __name__ == "__main__":
    common.main(_main)
