"""Export our addons' terms and check their translations.

``python3 -m tools.i18n update`` writes the `.pot` files and adds the new terms to the
`.po` files; ``check`` fails when that is due or when a term lacks its translation.
"""

import os
import shutil
import subprocess
import sys

from tools import common, databases, environment, prepare, templates
from tools.common import LOGS, PYTHON, ROOT, RUN, SetupError, say, step

EXPORT = """
import pathlib
from odoo.tools.translate import trans_export

for module in {modules}:
    with pathlib.Path({folder}, module + ".pot").open("wb") as target:
        trans_export(None, [module], target, "po", env)
print("terms exported")
"""


def export(folder):
    """Export one `.pot` file per addon of ours.

    :param Path folder: emptied first
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    database = f"i18n_{os.getpid()}"
    templates.clone(database)
    script = EXPORT.format(modules=environment.addons(), folder=repr(str(folder)))
    try:
        common.run(
            [environment.ODOO, "shell", "-d", database, "--no-http"],
            input=script,
            stdin=None,
            env=environment.full(),
            cwd=ROOT,
            log="i18n-export.log",
        )
    finally:
        databases.drop(database)
    if "terms exported" not in (LOGS / "i18n-export.log").read_text():
        raise SetupError(f"the export failed; look into {LOGS / 'i18n-export.log'}.")


def _po_files(action):
    """Let `tools.po_files`, which needs the virtual environment, do its part."""
    folder = RUN / "pot"
    export(folder)
    command = [PYTHON, "-m", "tools.po_files", action, folder, *environment.addons()]
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, env=environment.full(), check=False
    )
    return done.returncode == 0


def check():
    """Tell whether the translations are complete and up to date."""
    with step("translations"):
        passed = _po_files("check")
        if not passed:
            say("   FAILED: translations (make update-pot writes the files)")
    return passed


def update():
    """Bring the `.pot` and `.po` files up to date."""
    with step("translations"):
        return _po_files("update")


def _main():
    prepare.ensure()
    action = {"check": check, "update": update}[(sys.argv[1:] or ["check"])[0]]
    return 0 if action() else 1


if __name__ == "__main__":
    common.main(_main)
