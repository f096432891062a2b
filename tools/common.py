"""What every script shares: paths, steps, stamps, commands and the error sentence.

Standard library only, because it runs before the virtual environment exists.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUN = Path(os.environ.get("DEALER_RUN_DIR") or ROOT / ".run").absolute()
LOGS = RUN / "logs"
VENV = RUN / "venv"
PYTHON = VENV / "bin" / "python"


class SetupError(Exception):
    """One sentence for the person at the terminal: what is wrong and the way out."""


# === PROGRESS === #


def say(text):
    """Print a line at once, also when the output goes to a file."""
    print(text, flush=True)


@contextlib.contextmanager
def step(title):
    """Print what is being done and, at its end, how long it took."""
    say(f"-> {title}")
    start = time.monotonic()
    yield
    say(f"   {title}: {time.monotonic() - start:.1f} s")


def main(function):
    """Run a script's entry point and turn expected failures into one sentence.

    :param function: callable returning an exit code or None
    """
    try:
        sys.exit(function() or 0)
    except SetupError as error:
        sys.exit(f"Error: {error}")
    except KeyboardInterrupt:
        sys.exit("Interrupted; start the same command again and it goes on from here.")
    except OSError as error:
        sys.exit(f"Error: {explain(error)}")


def explain(error):
    """Return the sentence for an operating system error.

    :param OSError error: what a file or process call raised
    """
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"the disk that holds {RUN} is full; free about 4 GB, or point"
            " DEALER_RUN_DIR to a folder on a larger disk, and start again."
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"no permission to use {error.filename or RUN}; run as the user who owns"
            " the project folder, or point DEALER_RUN_DIR to a folder of yours."
        )
    return f"{error}; correct that and start again."


# === COMMANDS === #


def run(command, log=None, hint="", **kwargs):
    """Run a command quietly; on failure raise a sentence with its last words.

    :param list command: program and arguments
    :param str log: name of a file in the log folder that keeps the whole output
    :param str hint: the way out, appended to the sentence
    :return: what the command printed
    :rtype: str
    """
    kwargs.setdefault("stdin", subprocess.DEVNULL)
    command = [str(part) for part in command]
    try:
        done = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            **kwargs,
        )
    except FileNotFoundError as error:
        raise SetupError(
            f"the program {command[0]} is missing; install it and start again."
        ) from error
    if log:
        LOGS.mkdir(parents=True, exist_ok=True)
        (LOGS / log).write_text(done.stdout)
    if done.returncode:
        raise SetupError(failure_sentence(command, done, log, hint))
    return done.stdout


def failure_sentence(command, done, log, hint):
    """Return one sentence that says why a command failed.

    :param list command: what ran
    :param CompletedProcess done: how it ended
    """
    if "No space left on device" in done.stdout or _disk_is_full():
        return explain(OSError(errno.ENOSPC, "No space left on device"))
    lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()]
    last = (errors or lines or ["no output"])[-1][:300].rstrip(".")
    where = f" (whole output: {LOGS / log})" if log else ""
    name = Path(command[0]).name
    way_out = hint or "correct that and start again."
    return f"{name} failed with code {done.returncode}: {last}{where}; {way_out}"


def _disk_is_full():
    """Tell whether the run folder's disk is full: not every program says so."""
    return RUN.exists() and shutil.disk_usage(RUN).free < 8 * 2**20


# === STATE === #


def digest(*parts):
    """Return a short hash over strings, files and folders.

    :param parts: strings, or paths whose names and contents count
    """
    total = hashlib.sha256()
    for part in parts:
        if not isinstance(part, Path):
            total.update(repr(part).encode())
            continue
        files = sorted(part.rglob("*")) if part.is_dir() else [part]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                total.update(str(file.relative_to(part.parent)).encode())
                total.update(file.read_bytes())
    return total.hexdigest()[:12]


def stamp_matches(name, key):
    """Tell whether the step `name` was completed for the inputs hashed in `key`."""
    try:
        return (RUN / "stamps" / name).read_text() == key
    except FileNotFoundError:
        return False


def drop_stamp(name):
    """Forget a completed step before its result is touched."""
    (RUN / "stamps" / name).unlink(missing_ok=True)


def write_stamp(name, key):
    """Record a completed step; always the last thing the step does."""
    write_atomically(RUN / "stamps" / name, key)


def write_atomically(path, text):
    """Write a file so that a crash leaves the old content or the new, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text)
    temporary.replace(path)


@contextlib.contextmanager
def fresh_folder(target):
    """Give an empty folder that takes the place of `target` when the block succeeds.

    :param Path target: final place; what was there before is dropped, and so is what
        an interrupted attempt left
    """
    work = RUN / "tmp" / f"{target.name}.{os.getpid()}"
    for leftover in work.parent.glob(f"{target.name}.*"):
        shutil.rmtree(leftover, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        yield work
        old = work.with_name(work.name + ".old")
        if target.exists():
            target.rename(old)
        work.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextlib.contextmanager
def lock(name):
    """Let one process at a time do what `name` stands for; the others wait."""
    RUN.mkdir(parents=True, exist_ok=True)
    with (RUN / f"{name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"   waiting for another process that holds the {name} lock")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
