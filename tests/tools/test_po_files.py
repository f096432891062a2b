"""Each way in which a translation can be incomplete is noticed."""

import polib
import pytest

from tools import po_files

HEADER = """msgid ""
msgstr ""
"POT-Creation-Date: {date}\\n"
"Content-Type: text/plain; charset=UTF-8\\n"

"""


@pytest.fixture(name="addon")
def fixture_addon(tmp_path, monkeypatch):
    """Give an addon with two terms, both of them translated."""
    monkeypatch.setattr(po_files, "ROOT", tmp_path)
    folder = tmp_path / "addons" / "probe" / "i18n"
    folder.mkdir(parents=True)
    terms = {"Car": "车", "%(count)s cars": "%(count)s 辆车"}
    for name in ("probe.pot", "zh_CN.po", "zh_TW.po"):
        filled = terms if name.endswith(".po") else dict.fromkeys(terms, "")
        _write(folder / name, filled)
    exported = tmp_path / "probe.pot"
    _write(exported, dict.fromkeys(terms, ""), date="tomorrow")
    return folder, exported


def _write(path, terms, date="today"):
    lines = [f'msgid "{key}"\nmsgstr "{text}"\n\n' for key, text in terms.items()]
    path.write_text(HEADER.format(date=date) + "".join(lines))


def _change(path, term, **values):
    po = polib.pofile(str(path))
    entry = po.find(term)
    for name, value in values.items():
        setattr(entry, name, value)
    po.save(str(path))


def test_complete_translation_passes_whatever_its_date(addon):
    assert list(po_files.check("probe", addon[1])) == []


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"msgstr": ""}, "not translated"),
        ({"flags": ["fuzzy"]}, "fuzzy"),
        ({"msgid": "Lorry"}, "no term 'Car'"),
        ({"msgstr": "<b>车"}, "placeholders or tags differ"),
    ],
)
def test_incomplete_term_is_named(addon, values, problem):
    folder, exported = addon
    _change(folder / "zh_CN.po", "Car", **values)
    found = list(po_files.check("probe", exported))
    assert found
    assert problem in found[0]
    assert "zh_CN.po" in found[0]


def test_outdated_template_and_missing_language_are_named(addon):
    folder, exported = addon
    _change(folder / "probe.pot", "Car", msgid="Lorry")
    (folder / "zh_TW.po").unlink()
    found = list(po_files.check("probe", exported))
    assert found[0].startswith("probe.pot:")
    assert "zh_TW.po: missing" in found


def test_update_adds_new_terms_and_drops_old_ones(addon):
    folder, exported = addon
    _write(exported, {"Car": "", "Lorry": ""})
    po_files.update("probe", exported)
    po = polib.pofile(str(folder / "zh_CN.po"))
    assert {entry.msgid: entry.msgstr for entry in po} == {"Car": "车", "Lorry": ""}


def test_update_of_a_complete_translation_changes_nothing(addon):
    folder, exported = addon
    before = {path.name: path.read_text() for path in folder.iterdir()}
    po_files.update("probe", exported)
    assert {path.name: path.read_text() for path in folder.iterdir()} == before
