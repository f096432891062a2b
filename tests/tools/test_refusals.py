"""What keeps the set-up from working is said in one sentence, with the way out."""

import errno
import os
import socket
import subprocess
import sys

import pytest

from tools import common, odoo_tree, run_demo
from tools.common import ROOT, SetupError

CLOSED = "http://127.0.0.1:9/simple"


def _run(*command, **env):
    """Run a script as make does and return its exit code and what it printed last."""
    kept = {key: value for key, value in os.environ.items() if key[:4] != "PIP_"}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**kept, **env},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stderr.strip()


def _assert_one_sentence(code, text, *words):
    assert code == 1
    assert len(text.splitlines()) == 1
    assert text.endswith(".")
    for word in words:
        assert word in text


def test_port_in_use_names_the_port_and_another(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        result = _run(
            "-m", "tools.run_demo", PORT=port, DEALER_RUN_DIR=str(tmp_path / "run")
        )
    _assert_one_sentence(*result, f"port {port} is in use", "make run PORT=")


@pytest.mark.parametrize("port", ["http", "0", "70000"])
def test_port_that_is_none_is_refused(port, monkeypatch):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(SetupError, match=f"PORT={port} is no port"):
        run_demo._port()


def test_unsupported_python_is_refused(tmp_path):
    code = "import tools; tools._ensure_supported_python((3, 9))"
    result = _run("-c", code, PATH=str(tmp_path))
    _assert_one_sentence(*result, "Python 3.10 to 3.13", "3.9", "PYTHON=")


def test_unsupported_python_hands_over_to_a_fitting_one(tmp_path):
    other = tmp_path / "python3.12"
    other.write_text('#!/bin/sh\n/bin/echo "handed over: $1" >&2\n')
    other.chmod(0o755)
    code = "import tools; tools._ensure_supported_python((3, 9))"
    assert _run("-c", code, PATH=str(tmp_path)) == (0, "handed over: -c")


def test_closed_package_index_is_named(tmp_path):
    result = _run(
        "-m",
        "tools.prepare",
        DEALER_RUN_DIR=str(tmp_path / "run"),
        PIP_INDEX_URL=CLOSED,
        PIP_RETRIES="0",
    )
    _assert_one_sentence(*result, "Python package index", "PIP_INDEX_URL")
    assert not (tmp_path / "run" / "stamps" / "venv").exists()


def test_no_source_of_odoo_names_both_ways_out(tmp_path, monkeypatch):
    monkeypatch.setattr(odoo_tree, "_debian_mirror", lambda: None)
    monkeypatch.setattr(common, "LOGS", tmp_path)
    monkeypatch.setenv("ODOO_GIT_URL", str(tmp_path / "nowhere"))
    assert odoo_tree._from_debian(tmp_path) is None
    with pytest.raises(SetupError, match="ODOO_HOME.*ODOO_GIT_URL"):
        odoo_tree._from_git(tmp_path)


def test_wrong_odoo_home_is_refused(tmp_path):
    with pytest.raises(SetupError, match="no Odoo source"):
        odoo_tree.describe(tmp_path)
    release = tmp_path / "odoo" / "release.py"
    release.parent.mkdir()
    release.write_text("version_info = (18, 0, 0, 'final', 0, '')\n")
    with pytest.raises(SetupError, match="holds Odoo 18.0"):
        odoo_tree.describe(tmp_path)


# === FULL DISK === #


@pytest.fixture
def tiny_disk(tmp_path):
    """Mount a file system of one megabyte, where that is allowed."""
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(tmp_path)]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount program")
    if done.returncode:
        pytest.skip("mounting is not allowed here")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


def test_full_disk_is_named(tiny_disk):
    result = _run("-m", "tools.prepare", DEALER_RUN_DIR=str(tiny_disk / "run"))
    _assert_one_sentence(*result, "the disk", "is full", "DEALER_RUN_DIR")


def test_full_disk_is_explained_wherever_it_shows():
    error = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert "is full" in common.explain(error)
    done = subprocess.CompletedProcess([], 1, "x: No space left on device\n")
    assert "is full" in common.failure_sentence(["pip"], done, None, "")


def test_folder_without_permission_is_explained():
    error = PermissionError(errno.EACCES, "Permission denied", "/somewhere")
    assert "/somewhere" in common.explain(error)
