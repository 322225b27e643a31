"""English and Welsh from the start: every word of the design is in both catalogues."""

from datetime import timedelta
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from django.template import engines
from django.utils import timezone, translation

from ambit.design import assets

DESIGN = Path(assets.__file__).parent
KEYWORDS = {"_": None, "N_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2)}


def words_in_use() -> set[str]:
    found = extract_from_dir(
        str(DESIGN),
        method_map=[("**.py", "python"), ("**.jinja", "jinja2")],
        options_map={"**.jinja": {"trimmed": "true", "extensions": "jinja2.ext.do", "newstyle_gettext": "true"}},
        keywords=KEYWORDS,
    )
    return {
        message[0] if isinstance(message, tuple) else message for _file, _line, message, _notes, _context in found
    } - {""}


@pytest.fixture(scope="module", autouse=True)
def compiled():
    assets.compile_catalogues()


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_catalogue_holds_every_word_translated_and_none_too_many(language):
    with (DESIGN / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    held = {
        message.id[0] if isinstance(message.id, tuple) else message.id: message for message in catalogue if message.id
    }
    assert words_in_use() - held.keys() == set()
    assert held.keys() - words_in_use() == set()
    empty = [key for key, message in held.items() if not message.string or not all(message.string)]
    assert empty == []
    assert [key for key, message in held.items() if list(message.check(catalogue))] == []


@pytest.mark.parametrize(
    ("days", "words"), [(0, "heddiw"), (1, "1 diwrnod yn ôl"), (2, "2 ddiwrnod yn ôl"), (80, "80 diwrnod yn ôl")]
)
def test_welsh_counts_as_welsh_does(days, words):
    with translation.override("cy"):
        shown = (
            engines["jinja2"].from_string("{{ on|age }}").render({"on": timezone.localdate() - timedelta(days=days)})
        )
    assert shown == words


def test_marks_are_translated_where_they_are_shown():
    with translation.override("cy"):
        html = engines["jinja2"].from_string('{% from "design/parts.jinja" import gap %}{{ gap("red") }}').render({})
    assert "Coch: dim cynllun" in html


def test_the_page_names_its_language(client, db):
    assert '<html lang="cy">' in client.get("/design/form/", headers={"accept-language": "cy"}).content.decode()
