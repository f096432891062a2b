"""A step that is killed leaves nothing behind that the next run would take for done."""

import subprocess
import sys

import pytest

from tools import common, postgres
from tools.common import ROOT

KILLED = """
import os, pathlib, signal
from tools import common
with common.fresh_folder(common.RUN / "thing") as work:
    (work / "half").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(name="run_folder")
def fixture_run_folder(tmp_path, monkeypatch):
    """Give a run folder of its own to the test and to the processes it starts."""
    monkeypatch.setenv("DEALER_RUN_DIR", str(tmp_path))
    monkeypatch.setattr(common, "RUN", tmp_path)
    return tmp_path


def _kill_in_the_middle():
    done = subprocess.run([sys.executable, "-c", KILLED], cwd=ROOT, check=False)
    assert done.returncode == -9


def test_killed_step_leaves_the_old_result(run_folder):
    (run_folder / "thing").mkdir()
    (run_folder / "thing" / "whole").write_text("old")
    _kill_in_the_middle()
    assert [path.name for path in (run_folder / "thing").iterdir()] == ["whole"]


def test_next_run_completes_a_killed_step(run_folder):
    _kill_in_the_middle()
    assert not (run_folder / "thing").exists()
    with common.fresh_folder(run_folder / "thing") as work:
        (work / "whole").write_text("new")
    assert [path.name for path in (run_folder / "thing").iterdir()] == ["whole"]
    assert not list((run_folder / "tmp").iterdir())


def test_failed_step_leaves_no_work_folder(run_folder):
    with pytest.raises(ValueError), common.fresh_folder(run_folder / "thing"):
        raise ValueError("the step failed")
    assert not (run_folder / "thing").exists()
    assert not list((run_folder / "tmp").iterdir())


def test_stamp_holds_only_for_the_same_inputs(run_folder):
    assert not common.stamp_matches("step", "a")
    common.write_stamp("step", "a")
    assert common.stamp_matches("step", "a")
    assert not common.stamp_matches("step", "b")


def test_digest_follows_names_and_contents(tmp_path):
    (tmp_path / "a").write_text("1")
    first = common.digest(tmp_path)
    (tmp_path / "a").write_text("2")
    second = common.digest(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    assert len({first, second, common.digest(tmp_path)}) == 3


@pytest.mark.parametrize("pid", ["1", "4194304", "garbage"])
def test_pid_file_of_a_dead_server_is_forgotten(tmp_path, pid, monkeypatch):
    """After a reboot the number belongs to nobody, or to some other program."""
    monkeypatch.setattr(postgres, "HOME", tmp_path)
    pid_file = tmp_path / "postmaster.pid"
    pid_file.write_text(f"{pid}\n{tmp_path}\n")
    (tmp_path / ".s.PGSQL.5432").touch()
    postgres._forget_dead_server(tmp_path)
    assert not pid_file.exists()
    assert not (tmp_path / ".s.PGSQL.5432").exists()
