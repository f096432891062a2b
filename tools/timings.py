"""Remember how long set-up, starts and the tests took; ``make bench`` reports it."""

import json

from tools.common import RUN

FILE = RUN / "timings.json"


def read():
    """Return seconds by what was timed.

    :rtype: dict
    """
    try:
        return json.loads(FILE.read_text())
    except (OSError, ValueError):
        return {}


def note(what, seconds):
    """Remember the newest time of something.

    :param str what: such as ``make run, first start``
    :param float seconds: how long it took
    """
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps({**read(), what: round(seconds, 1)}, indent=1))
