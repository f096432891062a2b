"""Find warnings and errors in Odoo's logs: a run that logs one has failed.

Lines that are known and harmless are listed in `tools/log_allowlist.txt`, each with the
reason.
"""

import re
import sys
from pathlib import Path

ALLOWED = Path(__file__).with_name("log_allowlist.txt")
LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ (?:\x1b\[[\d;]*m)*"
    r"(?P<level>WARNING|ERROR|CRITICAL)\b"
)
STAMP = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ ")
COLOUR = re.compile(r"\x1b\[[\d;]*m")


def allowed_patterns(text=None):
    """Return the patterns of the harmless lines.

    :param str text: the list's content, that of the file by default
    """
    text = ALLOWED.read_text() if text is None else text
    patterns = []
    for line in text.splitlines():
        pattern, mark, reason = line.partition("  # ")
        if not line.strip() or line.startswith("#"):
            continue
        if not (mark and reason.strip()):
            raise ValueError(f"{ALLOWED.name}: no reason given in {line!r}")
        patterns.append(re.compile(pattern.strip()))
    return patterns


def problems(path, patterns=None, start=0):
    """Return the lines of a log at WARNING or worse that are not allowed.

    :param Path path: log file; one that does not exist has no problems
    :param list patterns: compiled patterns of harmless lines
    :param int start: offset of the first byte to look at
    """
    if not Path(path).exists():
        return []
    patterns = allowed_patterns() if patterns is None else patterns
    found = []
    with Path(path).open(errors="replace") as lines:
        lines.seek(start)
        for line in lines:
            if LINE.match(line):
                plain = COLOUR.sub("", line).strip()
                if not any(pattern.search(plain) for pattern in patterns):
                    found.append(plain)
    return found


def details(path, line, limit=20):
    """Return what follows a line of a log, such as its traceback.

    :param str line: as :func:`problems` gives it
    :param int limit: how many lines at the most, the last ones
    """
    rows = COLOUR.sub("", Path(path).read_text(errors="replace")).splitlines()
    first = next((i for i, row in enumerate(rows, 1) if row.strip() == line), len(rows))
    last = first
    while last < len(rows) and not STAMP.match(rows[last]):
        last += 1
    return rows[first:last][-limit:]


if __name__ == "__main__":
    bad = [line for name in sys.argv[1:] for line in problems(name)]
    sys.exit("\n".join(bad))
