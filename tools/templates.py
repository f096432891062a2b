"""Template databases, each named after the hash of all that went into it.

- `core_<hash>`: Odoo with the addons ours depend on, for a company in China, in three
  languages and without demo data;
- `tpl_<hash>`: a copy of it with our addons installed;
- `demo_<hash>`: a copy of that with the demo data of our addons, and only theirs.

Editing an addon therefore costs the last two layers, not the minute of the first.
"""

import ast
import sys

from tools import common, databases, environment, log_check, prepare
from tools.common import LOGS, ROOT, SetupError, step

LANGUAGES = ("zh_CN", "zh_TW")
COUNTRY = "CN"
CHART = "l10n_cn"
KEPT = 2  # Of each kind: a colleague's run may still use the one before.
LOAD_DEMO = """
from odoo.modules.loading import load_demo
from odoo.modules.module_graph import ModuleGraph

graph = ModuleGraph(env.cr, mode="load")
installed = env["ir.module.module"].search([("state", "=", "installed")])
graph.extend(installed.mapped("name"))
for package in graph:
    if package.name in {ours}:
        assert load_demo(env, package, {{}}, "init"), package.name
        installed.filtered(lambda module: module.name == package.name).demo = True
env.cr.commit()
print("demo data loaded")
"""


# === HASHES === #


def _manifests():
    return {
        name: ast.literal_eval((ROOT / "addons" / name / "__manifest__.py").read_text())
        for name in environment.addons()
    }


def _core_modules():
    """Return what our addons need of the core, and the Chinese chart of accounts."""
    manifests = _manifests()
    wanted = {"base"}
    for manifest in manifests.values():
        wanted.update(manifest.get("depends", ()))
    if (ROOT / environment.odoo_info()["addons"] / CHART).exists():
        wanted.add(CHART)
    return sorted(wanted - set(manifests))


def _core_key():
    version = environment.odoo_info()["version"]
    return common.digest(version, _core_modules(), LANGUAGES, COUNTRY)


def _shapes_database(path):
    """Tell whether a file of an addon can change what its installation stores."""
    skipped = {"tests", "__pycache__"}
    return (
        path.is_file()
        and not skipped & set(path.parts)
        and path.suffix not in (".pot", ".pyc", ".rst", ".js", ".scss")
    )


def own_key():
    """Return the hash of everything that the installation of our addons depends on."""
    files = sorted((ROOT / "addons").rglob("*"))
    parts = [path for path in files if _shapes_database(path)]
    where = [str(path.relative_to(ROOT)) for path in parts]
    return common.digest(_core_key(), where, *parts)


# === LAYERS === #


def odoo(log, *arguments, script=None):
    """Run the odoo command; a warning in its log fails the step.

    :param str log: name of the log file
    :param str script: what `odoo shell` reads
    """
    path = LOGS / log
    common.run(
        [environment.ODOO, *arguments],
        log=log,
        env=environment.full(),
        cwd=ROOT,
        hint=f"look into {path}.",
        **({"input": script, "stdin": None} if script else {}),
    )
    problems = log_check.problems(path)
    if problems:
        raise SetupError(
            f"Odoo logged {len(problems)} problems, the first is: {problems[0]}"
            f" (whole log: {path})."
        )


def _build(name, title, function):
    """Build a database under a temporary name and rename it when it is complete."""
    if databases.exists(name):
        return name
    kind = name.split("_")[0]
    work = f"building_{kind}"
    with step(f"{title} ({name})"):
        databases.drop(work)
        function(work)
        databases.rename(work, name)
        for old in databases.names(f"{kind}\\_%")[:-KEPT]:
            databases.drop(old)
    return name


def _core():
    def install(work):
        odoo("core-init.log", "db", "init", "--country", COUNTRY, work)
        odoo("core-lang.log", "i18n", "loadlang", "-d", work, "-l", *LANGUAGES)
        modules = ",".join(_core_modules())
        command = ["-d", work, "-i", modules, "--stop-after-init", "--no-http"]
        odoo("core-install.log", *command)

    return _build(f"core_{_core_key()}", "Odoo's own addons", install)


def _plain(key):
    def install(work):
        databases.clone(_core(), work)
        modules = ",".join(environment.addons())
        if modules:
            command = ["-d", work, "-i", modules, "--stop-after-init", "--no-http"]
            odoo("addons-install.log", *command)

    return _build(f"tpl_{key}", "our addons", install)


def _demo(key):
    def load(work):
        databases.clone(_plain(key), work)
        script = LOAD_DEMO.format(ours=set(environment.addons()) or "()")
        command = ["shell", "-d", work, "--no-http"]
        odoo("demo-load.log", *command, script=script)
        if "demo data loaded" not in (LOGS / "demo-load.log").read_text():
            raise SetupError(
                f"the demo data does not load; look into {LOGS / 'demo-load.log'}."
            )

    return _build(f"demo_{key}", "demo data", load)


# === ENTRY POINTS === #


def ensure(kind="tpl"):
    """Have a template database and return its name.

    :param str kind: `core`, `tpl` or `demo`
    """
    with common.lock("templates"):
        if kind == "core":
            return _core()
        return {"tpl": _plain, "demo": _demo}[kind](own_key())


def clone(target, kind="tpl"):
    """Make database `target` a fresh copy of a template.

    :param str target: dropped first if it exists
    :param str kind: `core`, `tpl` or `demo`
    """
    with common.lock("clone"):
        databases.clone(ensure(kind), target)


def _main():
    prepare.ensure()
    for kind in sys.argv[1:] or ["tpl", "demo"]:
        common.say(f"   template: {ensure(kind)}")


if __name__ == "__main__":
    common.main(_main)
