"""A copy of the plan for the person is in their language: what is printed around their words, and what documents say."""

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from ambit.careplan import registry
from ambit.careplan.rules import wording
from ambit.site.config import CHECKOUT

SOURCE = CHECKOUT / "src" / "ambit"
SHEETS = ("careplan/jinja2/careplan/plan_sheets.jinja", "careplan/jinja2/careplan/copy_margins.jinja")


def held(slice_name, language):
    with (SOURCE / slice_name / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    return catalogue, {m.id[0] if isinstance(m.id, tuple) else m.id: m for m in catalogue if m.id}


def words_in_use():
    found = {label for lines in wording._LINES.values() for _name, label, _values in lines}
    found |= {*wording.KNOWN.values(), *wording.COULD.values(), "Where it is", "Note", "No telephone recorded"}
    found |= {group.title for group in registry.plan().groups}
    options = {"trimmed": "true", "extensions": "jinja2.ext.do", "newstyle_gettext": "true"}
    for name in SHEETS:
        found |= {m for _l, m, _n, _c in extract_from_file("jinja2", str(SOURCE / name), {"_": None}, options=options)}
    found |= {m for _l, m, _n, _c in extract_from_file("python", str(SOURCE / "careplan/documents.py"), {"_": None})}
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_catalogue_holds_every_word_translated_and_none_too_many(language):
    catalogue, mine = held("careplan", language)
    others = {word for name in ("design", "mycare", "access") for word in held(name, language)[1]}
    assert words_in_use() - mine.keys() - others == set()
    assert mine.keys() - words_in_use() == set()
    assert [key for key, m in mine.items() if not m.string] == []
    assert [key for key, m in mine.items() if list(m.check(catalogue))] == []
