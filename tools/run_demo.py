"""Serve the demo group: ``make run``.

The first start builds the database `dealer_demo` and plays a month of visits on it. It
then belongs to whoever tries the product out and is never built again: when the addons
have changed, they are upgraded on a copy, which takes its place once that succeeded.
"""

import os
import signal
import time

from tools import (
    common,
    databases,
    environment,
    odoo_server,
    prepare,
    templates,
    timings,
)
from tools.common import PYTHON, ROOT, RUN, SetupError, say, step

DATABASE = "dealer_demo"
PREVIOUS = f"{DATABASE}_previous"
WORK = f"{DATABASE}_building"
STAMP = "demo"
STORY = ROOT / "tests" / "story" / "play.py"


def _port():
    text = os.environ.get("PORT") or "8069"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SetupError(f"PORT={text} is no port; use a number from 1 to 65535.")
    if not odoo_server.port_is_free(int(text)):
        raise SetupError(
            f"port {text} is in use by another program; end it, or choose another"
            " port: make run PORT=8070."
        )
    return int(text)


def ensure_database():
    """Have `dealer_demo`, built once and upgraded when the addons have changed."""
    with common.lock("demo"):
        if not databases.exists(DATABASE) and databases.exists(PREVIOUS):
            # The swap at the end of an upgrade was interrupted.
            databases.rename(PREVIOUS, DATABASE)
        key = templates.own_key()
        if not databases.exists(DATABASE):
            _build()
        elif not common.stamp_matches(STAMP, key):
            _upgrade()
        databases.drop(PREVIOUS)
        common.write_stamp(STAMP, key)


def _build():
    """Copy the demo template and play the story on it, under a temporary name."""
    templates.clone(WORK, "demo")
    if STORY.exists():
        # It ends today, so that who tries the product out finds a day at work.
        with step("a month of visits"):
            port = odoo_server.free_port()
            command = [PYTHON, "-m", "tests.story.play"]
            common.run(
                [*command, "--database", WORK, "--port", port, "--today"],
                log="story.log",
                env=environment.full(),
                cwd=ROOT,
            )
    databases.rename(WORK, DATABASE)


def _upgrade():
    """Upgrade our addons on a copy of the user's data and swap it in."""
    with step("upgrade of the addons"):
        databases.clone(DATABASE, WORK)
        names = ",".join(environment.addons())
        command = ["-d", WORK, "-i", names, "-u", names, "--stop-after-init"]
        templates.odoo("demo-upgrade.log", *command, "--no-http")
        databases.rename(DATABASE, PREVIOUS)
        databases.rename(WORK, DATABASE)


def serve(port, start, what):
    """Serve until somebody ends it with Ctrl-C or SIGTERM.

    :param int port: to listen on
    :param float start: monotonic time at which the command began
    :param str what: name of this kind of start in the timings
    """
    log = RUN / "logs" / "demo-server.log"
    options = ("--max-cron-threads", 1)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with odoo_server.serve(DATABASE, port, options, log=log) as server:
            timings.note(what, time.monotonic() - start)
            say(f"\nReady: http://localhost:{port}")
            say("Log in as admin with password admin; README.md lists the demo staff.")
            say("Ctrl-C ends it; the data stays for the next start.")
            say(f"The log is {log}.")
            server.process.wait()
            raise SetupError(f"Odoo ended by itself; look into {log}.")
    except KeyboardInterrupt:
        say("\nStopped; the data stays for the next start (make reset drops it).")


def _main():
    start = time.monotonic()
    port = _port()
    prepare.ensure()
    fresh = not databases.exists(DATABASE)
    ensure_database()
    serve(port, start, f"make run, {'first' if fresh else 'later'} start")


if __name__ == "__main__":
    common.main(_main)
