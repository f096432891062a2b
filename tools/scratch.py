"""Make a database to try things in: ``python3 -m tools.scratch NAME [KIND]``.

KIND is `core` (Odoo with all that our addons depend on; the default), `tpl` (our addons
too) or `demo` (their demo data too).
"""

import sys

from tools import common, prepare, templates
from tools.common import SetupError


def _main():
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        raise SetupError("usage: python3 -m tools.scratch NAME [core|tpl|demo].")
    name, kind = (*sys.argv[1:], "core")[:2]
    prepare.ensure()
    templates.clone(name, kind)
    common.say(f"   database {name} is ready; drop it with: dropdb {name}")


if __name__ == "__main__":
    common.main(_main)
