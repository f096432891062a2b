"""Run the benchmarks with the environment set: ``make bench``."""

import subprocess
import sys

from tools import common, environment, prepare
from tools.common import PYTHON, ROOT, SetupError


def _main():
    if not (ROOT / "tests" / "bench" / "__main__.py").exists():
        raise SetupError("there are no benchmarks in tests/bench.")
    prepare.ensure()
    command = [str(PYTHON), "-m", "tests.bench", *sys.argv[1:]]
    return subprocess.run(
        command, cwd=ROOT, env=environment.full(), check=False
    ).returncode


if __name__ == "__main__":
    common.main(_main)
