"""An Odoo server whose clock the story moves.

    python -m tests.story.clock_server --start 2026-03-01T00:00:00 --clock-port 8099 \
        -- -d DATABASE --http-port 8069

Everything the server writes carries the time of the story, UTC. The clock ticks, and
goes forward to any moment that a line on the clock port names; it never goes back.
"""

import argparse
import contextlib
import ctypes
import datetime
import signal
import socketserver
import subprocess
import threading

from freezegun import api, freeze_time

from tools import environment, odoo_server
from tools.common import LOGS, PYTHON, ROOT
from tools.odoo_server import PR_SET_PDEATHSIG


class _Clock(socketserver.StreamRequestHandler):
    """One line in, an ISO time; one line out, what the clock says now."""

    def handle(self):
        """Move the clock forward for each line."""
        for line in self.rfile:
            wanted = datetime.datetime.fromisoformat(line.decode().strip())
            frozen = self.server.frozen
            if wanted > frozen():
                frozen.move_to(wanted)
            self.wfile.write(f"{frozen().isoformat()}\n".encode())


def _serve_clock(port, frozen):
    server = socketserver.ThreadingTCPServer(("127.0.0.1", port), _Clock)
    server.daemon_threads = True
    server.frozen = frozen
    threading.Thread(target=server.serve_forever, daemon=True).start()


def _teach_odoo():
    """Let Odoo's transactions and its XML-RPC answers know the story's time."""
    from odoo import sql_db

    from odoo.addons.rpc.controllers import xmlrpc

    def now(cursor):
        """Return the story's time instead of PostgreSQL's."""
        if cursor._now is None:
            cursor._now = api.FakeDatetime.now()
        return cursor._now

    sql_db.Cursor.now = now
    marshaller = xmlrpc.OdooMarshaller
    # By the library's names: those of other modules stand for the fakes by now.
    for kind in (api.real_datetime, api.FakeDatetime):
        marshaller.dispatch[kind] = marshaller.dump_datetime
    for kind in (api.real_date, api.FakeDate):
        marshaller.dispatch[kind] = marshaller.dump_date


def main():
    """Run Odoo in this process, in the story's time."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--start", required=True, help="ISO time, UTC")
    parser.add_argument("--clock-port", type=int, required=True)
    parser.add_argument("odoo", nargs="*", help="options of the Odoo server")
    options = parser.parse_args()
    with contextlib.suppress(OSError, AttributeError):
        # The kernel ends the server when whoever started it is gone (Linux).
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    # Only now: importing Odoo starts its own set-up.
    from odoo.cli import server

    with freeze_time(options.start, tick=True) as frozen:
        _serve_clock(options.clock_port, frozen)
        _teach_odoo()
        server.main(options.odoo)


# === FOR TESTS AND SCRIPTS === #


@contextlib.contextmanager
def serve(database, start, port=None, log=None):
    """Give a server in the story's time and the port of its clock.

    :param str database: the only database it serves
    :param str start: ISO time, UTC
    :param int port: of HTTP; a free one by default
    :return: server (`tools.odoo_server.Server`), clock port
    :rtype: tuple
    """
    port = port or odoo_server.free_port()
    clock_port = odoo_server.free_port()
    log = log or LOGS / f"story-{database}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    # No time limits: a jump of the clock would look like an endless request.
    limits = ["--limit-time-real", 0, "--limit-time-cpu", 0]
    command = [PYTHON, "-m", "tests.story.clock_server", "--start", start]
    command += ["--clock-port", clock_port, "--", "-d", database]
    command += ["--db-filter", f"^{database}$", "--http-port", port]
    command += [
        "--gevent-port",
        odoo_server.free_port(),
        "--max-cron-threads",
        0,
        *limits,
    ]
    # Each call would log that XML-RPC ends with Odoo 20.
    command += ["--log-handler", "odoo.addons.rpc.controllers.xmlrpc:ERROR"]
    command += ["--log-handler", "werkzeug:WARNING"]
    with log.open("ab") as output:
        log_start = output.tell()
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=environment.full(),
            start_new_session=True,
        )
    url = f"http://127.0.0.1:{port}"
    server = odoo_server.Server(url, database, port, log, process, log_start)
    try:
        yield odoo_server.wait_until_ready(server), clock_port
    finally:
        server.stop()


if __name__ == "__main__":
    main()
