"""Set-up and test scripts of the project; nothing in `addons/` imports them.

Every script starts as ``python3 -m tools.<name>`` and so passes here first: a Python
that Odoo 19 cannot run on is swapped for a fitting one of the machine, or refused in
one sentence. This file must parse on any Python 3.
"""

import os
import shutil
import sys

MINIMUM, MAXIMUM = (3, 10), (3, 13)


def _ensure_supported_python(version=None):
    """Go on with a Python that Odoo 19 supports, or end with one sentence.

    :param tuple version: version to judge, the running one by default
    """
    version = tuple(version or sys.version_info)[:2]
    if MINIMUM <= version <= MAXIMUM:
        return
    for minor in range(MAXIMUM[1], MINIMUM[1] - 1, -1):
        other = getattr(shutil, "which", lambda name: None)("python3.%d" % minor)
        if other and os.path.exists("/proc/self/cmdline"):
            # Pythons before 3.10 do not tell how they were called; the kernel does.
            with open("/proc/self/cmdline") as command:
                arguments = command.read().split("\0")[1:-1]
            os.execv(other, [other] + arguments)
    sys.exit(
        "Error: Odoo 19 needs Python 3.10 to 3.13 and this is Python %d.%d; install"
        " one of them and call make with PYTHON=/path/to/python3." % version
    )


_ensure_supported_python()
