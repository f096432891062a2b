"""Check style, Odoo's rules and the translations.

Called as ``python3 -m tools.lint [quick|fix]``: `quick` leaves out what needs a
database, `fix` corrects what can be corrected.
"""

import subprocess
import sys
from pathlib import Path

from tools import common, environment, i18n, node, prepare
from tools.common import ROOT, say, step

PYTHON_FOLDERS = ("addons", "tests", "tools")
ODOO_CHECKS = (
    "sql-injection,missing-gettext,gettext-variable,gettext-placeholders,gettext-repr,"
    "raise-unlink-override,used-before-assignment,undefined-variable"
)
ODOO_PLUGINS = (
    "_odoo_checker_sql_injection,_odoo_checker_gettext,_odoo_checker_unlink_override"
)
# What an older Python, a merge or a debugging session leaves behind.
FORBIDDEN = ("<<<<<<< ", ">>>>>>> ", "breakpoint()", "pdb.set_trace")


def _run(title, command, env=None):
    """Run one tool; its output is shown only when it objects."""
    with step(title):
        done = subprocess.run(
            [str(part) for part in command],
            cwd=ROOT,
            env={**environment.full(), **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            say(done.stdout.rstrip())
            say(f"   FAILED: {title}")
    return done.returncode == 0


def _folders():
    return [name for name in PYTHON_FOLDERS if (ROOT / name).exists()]


def _addons():
    return [f"addons/{name}" for name in environment.addons()]


def _markup_files():
    """Return the files that prettier formats: XML, and the web client's sources."""
    patterns = ("**/*.xml", "static/src/**/*.js", "static/src/**/*.scss")
    found = [path for pattern in patterns for path in ROOT.glob(f"addons/*/{pattern}")]
    return sorted(str(path.relative_to(ROOT)) for path in found)


def _prettier(option):
    plugin = node.HOME / "packages/node_modules/@prettier/plugin-xml/src/plugin.js"
    return [node.PRETTIER, f"--plugin={plugin}", "--log-level=warn", option]


def _text_rules():
    """Check what no other tool looks at: leftovers, line ends, an `en.po`.

    :return: whether all is well
    """
    bad = []
    with step("leftovers and line ends"):
        listed = common.run(
            ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT
        ).splitlines()
        for name in listed:
            path = ROOT / name
            if not path.is_file() or path.suffix in (".png", ".jpg", ".xlsx", ".pdf"):
                continue
            bad += [f"{name}: {problem}" for problem in _text_problems(path)]
        for line in bad:
            say(line)
    return not bad


def _text_problems(path):
    text = path.read_text(errors="replace")
    if path.name in ("en.po", "en_US.po"):
        yield "English is the source language, it has no file of its own"
    if text and not text.endswith("\n"):
        yield "no newline at the end"
    if path != Path(__file__):
        yield from (f"contains {mark!r}" for mark in FORBIDDEN if mark in text)


def check(quick=False):
    """Run every check, whatever the others found.

    :param bool quick: without the checks that need a database
    :return: whether all of them passed
    """
    addons, markup = _addons(), _markup_files()
    checkers = Path(environment.odoo_info()["addons"]) / "test_lint" / "tests"
    odoo_pylint = ["pylint", "--rcfile=/dev/null", "--disable=all", "--score=no"]
    odoo_pylint += [f"--enable={ODOO_CHECKS}", f"--load-plugins={ODOO_PLUGINS}"]
    path = f"{environment.full()['PYTHONPATH']}:{checkers}"
    results = [
        _text_rules(),
        _run("ruff check", ["ruff", "check", *_folders()]),
        _run("ruff format", ["ruff", "format", "--diff", "--quiet", *_folders()]),
    ]
    if addons:
        results += [
            _run("pylint-odoo", ["pylint", *addons]),
            _run("Odoo's checkers", [*odoo_pylint, *addons], {"PYTHONPATH": path}),
            _run("OCA's checks", ["oca-checks-odoo-module", *addons]),
        ]
    if markup:
        results.append(_run("prettier", [*_prettier("--check"), *markup]))
    if addons and not quick:
        results.append(i18n.check())
    return all(results)


def fix():
    """Correct what the tools can correct by themselves."""
    results = [
        _run("ruff check --fix", ["ruff", "check", "--fix", *_folders()]),
        _run("ruff format", ["ruff", "format", "--quiet", *_folders()]),
    ]
    if _markup_files():
        results.append(_run("prettier", [*_prettier("--write"), *_markup_files()]))
    return all(results)


def _main():
    mode = (sys.argv[1:] or ["all"])[0]
    prepare.ensure(node_packages=True)
    return 0 if (fix() if mode == "fix" else check(quick=mode == "quick")) else 1


if __name__ == "__main__":
    common.main(_main)
