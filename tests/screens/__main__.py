"""Photograph the important screens of a database that the story has filled.

    python -m tools.scratch NAME demo
    python -m tests.story.play --database NAME --until 2026-04-01T11:00
    python -m tests.screens --database NAME [--only PART] [--target FOLDER]

Starts a server at eleven in the morning after the story's month, opens each screen as
the role that uses it and writes PNG files of at most 200 kB to `docs/images`. The
language of the users is changed, and the probation list is filled.
"""

import argparse
import datetime
import shutil
import sys
from pathlib import Path

from playwright.sync_api import TimeoutError

from tests.rpc import Client
from tests.screens.camera import MAX_BYTES, camera
from tests.screens.shots import NOW, SHOTS, House
from tests.story import clock_server
from tools.common import ROOT

PASSWORDS = {"admin": "admin"}


def _chromium():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    raise SystemExit("No Chromium or Chrome on the PATH.")


def main():
    """Take all pictures, or those whose name contains a word."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", required=True)
    parser.add_argument("--only", default="", help="part of a picture's name")
    parser.add_argument("--target", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--lang", default="en_US", help="language of the screens")
    options = parser.parse_args()
    options.target.mkdir(parents=True, exist_ok=True)
    failed = []
    now = datetime.datetime.fromisoformat(NOW).replace(tzinfo=datetime.timezone.utc)
    with clock_server.serve(options.database, NOW) as (server, _clock_port):
        house = House(Client(server.url, options.database), options.lang)
        with camera(server.url, PASSWORDS, _chromium(), now) as lens:
            for name, shot in SHOTS.items():
                if options.only not in name:
                    continue
                try:
                    page = shot(lens, house)
                except (TimeoutError, IndexError) as error:
                    print(f"{name}: {error}", file=sys.stderr)
                    failed.append(name)
                    continue
                size = lens.shoot(page, options.target / f"{name}.png")
                print(f"{name}.png {size / 1000:.0f} kB")
                if size > MAX_BYTES:
                    print(f"{name}.png is too large", file=sys.stderr)
                    failed.append(name)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
