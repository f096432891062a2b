"""The environment in which Odoo, its client tools and the tests run."""

import json
import os
import shlex

from tools import common, postgres
from tools.common import PYTHON, ROOT, RUN, VENV

DATA = RUN / "data"
ODOO = VENV / "bin" / "odoo"
# A launcher of our own: `python -m odoo` takes the current folder into the path, and
# one that holds an `http.py` would hide the standard library's.
LAUNCHER = f"#!{PYTHON}\nfrom odoo.cli.command import main\n\nmain()\n"


def odoo_info():
    """Return what `tools.odoo_tree` found out about Odoo's source."""
    return json.loads((RUN / "odoo.json").read_text())


def addons():
    """Return the names of our addons, sorted."""
    return sorted(path.parent.name for path in ROOT.glob("addons/*/__manifest__.py"))


def addons_path():
    """Return Odoo's addons path: the core's addons, then ours."""
    paths = [odoo_info()["addons"]]
    if addons():
        paths.append(str(ROOT / "addons"))
    return ",".join(paths)


def variables():
    """Return the variables that make `odoo.conf` fit this machine.

    Odoo reads each of its options from `ODOO_<OPTION>` too; the file itself stays the
    same on every machine.
    """
    found = {
        **postgres.environment(),
        "ODOO_RC": str(ROOT / "odoo.conf"),
        "ODOO_ADDONS_PATH": addons_path(),
        "ODOO_DATA_DIR": str(DATA),
        "PYTHONPATH": os.pathsep.join([odoo_info()["pythonpath"], str(ROOT)]),
        "VIRTUAL_ENV": str(VENV),
    }
    programs = [VENV / "bin", RUN / "node" / "bin", postgres.bin_folder()]
    path = os.environ["PATH"].split(os.pathsep)
    first = [str(folder) for folder in programs if folder]
    rest = [folder for folder in path if folder not in first]
    found["PATH"] = os.pathsep.join(first + rest)
    return found


def full():
    """Return the whole environment for a child process.

    Variables that would make Odoo or pip look elsewhere are left out.
    """
    dropped = ("PGDATABASE", "PGPASSWORD", "PGSERVICE", "PYTHONHOME")
    kept = {key: value for key, value in os.environ.items() if key not in dropped}
    return {**kept, **variables()}


def write():
    """Write the launcher and `.run/env.sh`, which a shell may source."""
    common.write_atomically(ODOO, LAUNCHER)
    ODOO.chmod(0o755)
    DATA.mkdir(exist_ok=True)
    lines = [
        f"export {name}={shlex.quote(value)}\n"
        for name, value in variables().items()
        if name != "PATH"
    ]
    own = [VENV / "bin", RUN / "node" / "bin", postgres.bin_folder()]
    prefix = ":".join(shlex.quote(str(folder)) for folder in own)
    lines.append(f'export PATH={prefix}:"$PATH"\nunset PGDATABASE\n')
    common.write_atomically(RUN / "env.sh", "".join(lines))
