"""Compare and update the addons' translation files; runs in the virtual environment."""

import re
import shutil
import sys
from pathlib import Path

import polib

from tools.common import ROOT

LANGUAGES = ("zh_CN", "zh_TW")
DATES = re.compile(r'^"(POT-Creation-Date|PO-Revision-Date):.*\n', re.MULTILINE)
PLACEHOLDERS = re.compile(r"%\(\w+\)[sdf]|%[sdf]|\$\{[^}]*\}|</?\w+")


def _text(path):
    return DATES.sub("", path.read_text()) if path.exists() else ""


def _terms(path):
    return {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(str(path))}


def check(addon, exported):
    """Yield what is wrong with the translations of an addon.

    :param str addon: its name
    :param Path exported: its fresh `.pot` file
    """
    folder = ROOT / "addons" / addon / "i18n"
    if _text(folder / f"{addon}.pot") != _text(exported):
        yield f"{addon}.pot: not what the addon's terms are now"
    wanted = _terms(exported)
    for language in LANGUAGES if wanted else ():
        path = folder / f"{language}.po"
        if not path.exists():
            yield f"{path.name}: missing"
            continue
        for problem in _po_problems(wanted, path):
            yield f"{addon}/i18n/{path.name}: {problem}"


def _po_problems(wanted, path):
    """Yield what is wrong with one `.po` file."""
    present = {key: entry for key, entry in _terms(path).items() if not entry.obsolete}
    for key in wanted:
        entry = present.get(key)
        if entry is None:
            yield f"no term {key[1]!r}"
        elif "fuzzy" in entry.flags:
            yield f"fuzzy: {key[1]!r}"
        elif not entry.translated():
            yield f"not translated: {key[1]!r}"
        elif sorted(PLACEHOLDERS.findall(entry.msgid)) != sorted(
            PLACEHOLDERS.findall(entry.msgstr)
        ):
            yield f"placeholders or tags differ: {key[1]!r}"
    for key in present.keys() - wanted.keys():
        yield f"no longer a term: {key[1]!r}"


def update(addon, exported):
    """Write the `.pot` file and bring the terms of the `.po` files in line with it.

    New terms come in without a translation, those that are gone are dropped.
    """
    folder = ROOT / "addons" / addon / "i18n"
    folder.mkdir(exist_ok=True)
    template = folder / f"{addon}.pot"
    if _text(template) != _text(exported):
        shutil.copyfile(exported, template)
    pot = polib.pofile(str(template))
    for language in LANGUAGES if len(pot) else ():
        path = folder / f"{language}.po"
        po = polib.pofile(str(path)) if path.exists() else polib.POFile()
        before = str(po)
        po.metadata = po.metadata or {**pot.metadata, "Language": language}
        # Matched by id alone; Odoo has no plural forms and no fuzzy matching.
        po.merge(pot)
        for entry in list(po.obsolete_entries()):
            po.remove(entry)
        if str(po) != before:
            po.save(str(path))
        missing = len(po.untranslated_entries())
        if missing:
            print(f"   {addon}/i18n/{path.name}: {missing} terms to translate")


def main():
    """Check or update the addons named on the command line."""
    action, folder, *addons = sys.argv[1:]
    problems = []
    for addon in addons:
        exported = Path(folder) / f"{addon}.pot"
        if action == "update":
            update(addon, exported)
        else:
            problems += check(addon, exported)
    for line in problems[:60]:
        print(line)
    if len(problems) > 60:
        print(f"... and {len(problems) - 60} more")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
