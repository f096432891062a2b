"""Start an Odoo server process for a test or a script and make sure it ends.

``with odoo_server.serve("some_database") as server:`` gives a ready one, whose address
is ``server.url``.
"""

import contextlib
import ctypes
import dataclasses
import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from tools import environment, log_check
from tools.common import LOGS, ROOT, SetupError

READY_SECONDS = 120
PR_SET_PDEATHSIG = 1


@dataclasses.dataclass
class Server:
    """A running Odoo: where it answers, what it serves and where it logs."""

    url: str
    database: str
    port: int
    log: Path
    process: subprocess.Popen
    log_start: int = 0
    expected: list = dataclasses.field(default_factory=list)

    def expect_log(self, pattern):
        """Let the log hold lines that match: the test provokes them on purpose.

        :param str pattern: regular expression, searched in the whole line
        """
        self.expected.append(re.compile(pattern))

    def problems(self):
        """Return what the server logged at WARNING or worse since it started."""
        patterns = log_check.allowed_patterns() + self.expected
        return log_check.problems(self.log, patterns, self.log_start)

    def is_alive(self):
        """Tell whether the process still runs."""
        return self.process.poll() is None

    def kill(self):
        """End the server at once, as a crash would (SIGKILL to its whole group)."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """Ask the server to end, and insist after a while."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()


def free_port(host="127.0.0.1"):
    """Return a TCP port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


def port_is_free(port, host="127.0.0.1"):
    """Tell whether a server could listen on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _die_with_parent():
    """Have the kernel end the server when the process that started it is gone."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start(database, port=None, options=(), extra_env=None, log=None):
    """Start a server and return at once; prefer :func:`serve`.

    :param str database: the only database it serves
    :param int port: a free one by default
    :param options: further command line options of `odoo`
    :param dict extra_env: further environment variables
    :param Path log: file that takes the output
    :rtype: Server
    """
    port = port or free_port()
    log = Path(log or LOGS / f"server-{database}.log")
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [environment.ODOO, "-d", database, "--db-filter", f"^{database}$"]
    command += ["--http-port", port, "--gevent-port", free_port()]
    command += ["--max-cron-threads", 0, *options]
    with log.open("ab") as output:
        log_start = output.tell()
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env={**environment.full(), **(extra_env or {})},
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
    return Server(f"http://127.0.0.1:{port}", database, port, log, process, log_start)


def wait_until_ready(server, seconds=READY_SECONDS):
    """Wait until the server answers with its database loaded.

    :param Server server: just started
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not server.is_alive():
            raise SetupError(f"Odoo ended at its start: {_last_words(server.log)}")
        try:
            with urllib.request.urlopen(server.url + "/web/login", timeout=30) as page:
                if page.status == 200:
                    return server
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise SetupError(
        f"Odoo does not answer within {seconds} s; look into {server.log}."
    )


def _last_words(log):
    text = log.read_text(errors="replace")
    if "Address already in use" in text or "is in use by another program" in text:
        return "its port is already in use; choose another one."
    last = (text.strip().splitlines() or ["no output"])[-1]
    return f"{last} (whole log: {log})."


@contextlib.contextmanager
def serve(database, port=None, options=(), extra_env=None, log=None):
    """Give a server that is ready, and stop it at the end of the block.

    The parameters are those of :func:`start`.

    :rtype: Server
    """
    server = start(database, port, options, extra_env, log)
    try:
        yield wait_until_ready(server)
    finally:
        server.stop()
