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
    if len(sys.orig_argv if hasattr(sys, "orig_argv") else []) > 1:
        for minor in range(MAXIMUM[1], MINIMUM[1] - 1, -1):
            other = shutil.which("python3.%d" % minor)
            if other:
                os.execv(other, [other] + sys.orig_argv[1:])
    sys.exit(
        "Error: Odoo 19 needs Python 3.10 to 3.13 and this is Python %d.%d; install"
        " one of them and call make with PYTHON=/path/to/python3." % version
    )


_ensure_supported_python()
