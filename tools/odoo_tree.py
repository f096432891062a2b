"""Put Odoo 19's source in place: `$ODOO_HOME`, Debian's package or a git clone.

The result is described in `.run/odoo.json`: what goes on PYTHONPATH and the version.
"""

import json
import os
import re
import shlex
import shutil
from pathlib import Path

from tools import common
from tools.common import RUN, SetupError, say, step

TREE = RUN / "odoo"
GIT_URL = "https://github.com/odoo/odoo.git"
# The web client of Debian's package links into these; the two of bookworm are older on
# purpose: newer ones lack the files that Odoo's style sheets name.
UNSTABLE = [
    "odoo-19",
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-ocr-b",
]
BOOKWORM = ["fonts-font-awesome", "fonts-inconsolata"]
# Debian leaves this file out, though `mail` lists it among its assets: without it
# every browser tour ends on a console error.
SELFIE = Path("mail/static/lib/selfie_segmentation/selfie_segmentation.js")
SELFIE_PACKAGE = "@mediapipe/selfie_segmentation@0.1.1675465747"


def ensure():
    """Have the tree in place and return its description.

    :return: `pythonpath`, `addons` (the folder of the core addons), `version`
    :rtype: dict
    """
    home = os.environ.get("ODOO_HOME")
    key = common.digest(home, UNSTABLE, BOOKWORM, SELFIE_PACKAGE, _git_url())
    info = RUN / "odoo.json"
    if common.stamp_matches("odoo", key) and info.exists():
        return json.loads(info.read_text())
    if home:
        described = describe(Path(home).absolute())
    else:
        with step("Odoo 19 source"):
            with common.fresh_folder(TREE) as work:
                source = _from_debian(work) or _from_git(work)
                say(f"   taken from {source}")
                _complete(describe(work))
            described = describe(TREE)
    common.write_atomically(info, json.dumps(described, indent=1))
    common.write_stamp("odoo", key)
    return described


def describe(root):
    """Find the `odoo` Python package below `root`.

    :param Path root: a git checkout or an unpacked Debian package
    :rtype: dict
    """
    for parent in (root, root / "usr/lib/python3/dist-packages"):
        release = parent / "odoo" / "release.py"
        if release.exists():
            break
    else:
        raise SetupError(
            f"there is no Odoo source in {root}; set ODOO_HOME to an Odoo 19 checkout"
            " or unset it."
        )
    match = re.search(r"version_info\s*=\s*\(([^)]*)\)", release.read_text())
    version = ".".join(part.strip(" '\"") for part in match[1].split(",")[:2])
    if version != "19.0":
        raise SetupError(
            f"{root} holds Odoo {version}; set ODOO_HOME to an Odoo 19.0 checkout or"
            " unset it."
        )
    core = parent / "odoo" / "addons"
    if not (core / "web").exists():
        core = parent / "addons"
    return {
        "pythonpath": str(parent),
        "addons": str(core),
        "version": f"{version}-{common.digest(release)}",
    }


# === SOURCES === #


def _git_url():
    return os.environ.get("ODOO_GIT_URL") or GIT_URL


def _debian_mirror():
    """Return the machine's own Debian mirror and keyring, or None elsewhere."""
    release = Path("/etc/os-release")
    values = {}
    if release.exists():
        pairs = (line.split("=", 1) for line in shlex.split(release.read_text()))
        values = dict(pair for pair in pairs if len(pair) == 2)
    if values.get("ID") != "debian" or not shutil.which("apt-get"):
        return None
    code = values.get("VERSION_CODENAME", "")
    query = ["apt-get", "indextargets", "--format", "$(SITE) $(RELEASE)"]
    output = common.run([*query, "Created-By: Packages"])
    for line in output.splitlines():
        site, _, suite = line.strip().partition(" ")
        if suite in (code, "stable", "testing", "unstable", "sid"):
            return site
    return None


def _from_debian(work):
    """Unpack Debian's packages below `work` through a private apt state.

    :return: a name for the source, or None when this machine cannot
    """
    mirror = _debian_mirror()
    if not mirror:
        return None
    state = work / "apt"
    for folder in ("lists/partial", "cache/archives/partial", "debs"):
        (state / folder).mkdir(parents=True)
    keys = "/usr/share/keyrings/debian-archive-keyring.gpg"
    (state / "sources.list").write_text(
        "".join(
            f"deb [signed-by={keys}] {mirror} {suite} main\n"
            for suite in ("unstable", "bookworm")
        )
    )
    apt = ["apt-get", "-q", "-o", "APT::Sandbox::User=root"]
    for name, value in (
        ("Etc::SourceList", state / "sources.list"),
        ("Etc::SourceParts", "/dev/null"),
        ("Etc::Preferences", "/dev/null"),
        ("Etc::PreferencesParts", "/dev/null"),
        ("State::Lists", state / "lists"),
        ("State::status", "/dev/null"),
        ("Cache", state / "cache"),
    ):
        apt += ["-o", f"Dir::{name}={value}"]
    names = [f"{name}/unstable" for name in UNSTABLE]
    names += [f"{name}/bookworm" for name in BOOKWORM]
    try:
        common.run([*apt, "update"], log="apt-update.log")
        common.run([*apt, "download", *names], log="apt-odoo.log", cwd=state / "debs")
    except SetupError as error:
        say(f"   Debian's package is not to be had ({error})")
        return None
    for deb in sorted((state / "debs").glob("*.deb")):
        common.run(["dpkg-deb", "-x", deb, work])
    shutil.rmtree(state)
    # A second, partial copy of the addons: Odoo would take it into its path.
    shutil.rmtree(work / "usr/lib/python3/dist-packages/addons", ignore_errors=True)
    return "Debian's packages"


def _from_git(work):
    """Clone Odoo's public repository, the last source tried."""
    url = _git_url()
    common.run(
        ["git", "clone", "--depth", "1", "-b", "19.0", url, work / "clone"],
        log="git-odoo.log",
        env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
        hint="set ODOO_HOME to an Odoo 19 source tree, or ODOO_GIT_URL to a"
        " repository that this machine reaches, and start again.",
    )
    for path in (work / "clone").iterdir():
        path.rename(work / path.name)
    (work / "clone").rmdir()
    return "its public git repository"


# === COMPLETION === #


def _complete(described):
    """Add what the source leaves out, then check that no link of it dangles."""
    target = Path(described["addons"]) / SELFIE
    if not target.exists():
        target.unlink(missing_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        pack = RUN / "tmp" / "selfie"
        shutil.rmtree(pack, ignore_errors=True)
        pack.mkdir(parents=True)
        common.run(
            ["npm", "pack", "--silent", SELFIE_PACKAGE],
            cwd=pack,
            log="npm-selfie.log",
            hint="install Node.js with npm, make its registry reachable and start"
            " again.",
        )
        shutil.unpack_archive(str(next(pack.glob("*.tgz"))), str(pack), "gztar")
        shutil.copyfile(pack / "package" / SELFIE.name, target)
        shutil.rmtree(pack)
    dangling = [
        str(path)
        for path in Path(described["addons"]).rglob("*")
        if path.is_symlink() and not path.exists() and "/static/" in str(path)
    ]
    if dangling:
        raise SetupError(
            f"{len(dangling)} files of Odoo's web client link to nothing, the first is"
            f" {dangling[0]}; set ODOO_HOME to a complete Odoo 19 source tree."
        )
