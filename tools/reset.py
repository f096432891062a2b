"""Drop the demo group and every database, so that the next start begins afresh.

Odoo's source and the Python packages stay: they hold nobody's data.
"""

import shutil

from tools import common, environment, postgres
from tools.common import RUN, step


def _main():
    postgres.stop()
    with step("databases and attachments"):
        for folder in (postgres.HOME, environment.DATA):
            shutil.rmtree(folder, ignore_errors=True)
        (RUN / "stamps" / "demo").unlink(missing_ok=True)


if __name__ == "__main__":
    common.main(_main)
