"""Programs and fonts that only the system's package manager has."""

import os
import shutil
import subprocess
from pathlib import Path

from tools import common
from tools.common import SetupError, say, step

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CJK_FONTS = ("/usr/share/fonts", "/usr/local/share/fonts")


def _has_browser():
    return any(map(shutil.which, BROWSERS))


def _has_cjk_font():
    return any(
        next(Path(folder).rglob("NotoSansCJK*"), None)
        for folder in CJK_FONTS
        if Path(folder).exists()
    )


# Debian package: how to see that it is there, and what is missing without it.
WANTED = {
    "chromium": (_has_browser, "the browser tests are skipped"),
    "wkhtmltopdf": (lambda: shutil.which("wkhtmltopdf"), "no PDF can be printed"),
    "fonts-noto-cjk": (_has_cjk_font, "Chinese text in PDF files shows as boxes"),
}


def missing():
    """Return the wanted packages that this machine lacks."""
    return [name for name, (present, _loss) in WANTED.items() if not present()]


def ensure():
    """Install what is missing where that is allowed, else say what will not work."""
    names = missing()
    if not names:
        return
    try:
        with step(f"system packages {' '.join(names)}"):
            _apt_install(names)
    except SetupError as error:
        say(f"   not installed: {error}")
    for name in missing():
        say(f"   Note: without {name} {WANTED[name][1]}; install it by hand.")


def _apt_install(names):
    if not shutil.which("apt-get"):
        raise SetupError("this machine has no apt-get.")
    sudo = [] if not os.geteuid() else ["sudo", "-n"]
    if sudo and not _may_sudo():
        raise SetupError("that needs root, or sudo without a password.")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    common.run([*sudo, "apt-get", "-q", "update"], log="apt-system.log", env=env)
    install = ["apt-get", "-q", "-y", "--no-install-recommends", "install", *names]
    common.run([*sudo, *install], log="apt-system.log", env=env)


def _may_sudo():
    if not shutil.which("sudo"):
        return False
    done = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return done.returncode == 0
