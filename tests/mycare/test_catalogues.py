"""The person's own pages speak English and Welsh; Easy Read is short."""

import html

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from django.urls import reverse

from ambit.careplan import registry
from ambit.careplan.rules import words_for_person
from ambit.design import assets
from ambit.mycare import easy_read
from ambit.site.config import CHECKOUT

SOURCE = CHECKOUT / "src" / "ambit"
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2)}
# what staff read is in English
STAFF = {
    "invite.jinja",
    "letter.jinja",
    "concerns.jinja",
    "answer_concern.jinja",
    "staff_forms.py",
    "answer_asked.jinja",
    "name_document.jinja",
}


def words_in_use() -> set[str]:
    found = extract_from_dir(
        str(SOURCE / "mycare"),
        method_map=[("**.py", "python"), ("**.jinja", "jinja2")],
        options_map={"**.jinja": {"trimmed": "true", "extensions": "jinja2.ext.do", "newstyle_gettext": "true"}},
        keywords=KEYWORDS,
    )
    return {
        message[0] if isinstance(message, tuple) else message
        for file, _line, message, _notes, _context in found
        if file.rsplit("/", 1)[-1] not in STAFF
    } - {""}


def held(slice_name, language):
    with (SOURCE / slice_name / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    return catalogue, {m.id[0] if isinstance(m.id, tuple) else m.id: m for m in catalogue if m.id}


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_catalogue_holds_every_word_translated_and_none_too_many(language):
    catalogue, mine = held("mycare", language)
    _, of_design = held("design", language)
    assert words_in_use() - mine.keys() - of_design.keys() == set()
    assert mine.keys() - words_in_use() == set()
    assert [key for key, m in mine.items() if not m.string or not all(m.string)] == []
    assert [key for key, m in mine.items() if list(m.check(catalogue))] == []


def test_the_welsh_says_that_nobody_has_reviewed_it():
    assert "not reviewed" in (SOURCE / "mycare" / "locale" / "cy" / "LC_MESSAGES" / "django.po").read_text()


@pytest.mark.django_db
def test_the_first_page_speaks_welsh(ashworth, own_page):
    assets.compile_catalogues()
    said = own_page("person").get(reverse("my_plan", args=[ashworth.id]), headers={"accept-language": "cy"})
    assert '<html lang="cy">' in said.content.decode()
    assert "Eich cynllun, Peggy" in said.content.decode()
    assert "Ffoniwch" in said.content.decode()


@pytest.mark.django_db
def test_no_page_in_welsh_shows_an_english_label(ashworth, own_page, said):
    """Titles, labels and answers of everything the person may see or write, once each part says something."""
    said("what_matters", who_said="person", words="Cath a’r gadair wrth y ffenestr")
    said("place_of_care", care_first="own_home", death_first="undecided", is_home="yes")
    said(
        "people_to_ring",
        people=[{"name": "Helen", "relation": "Merch", "telephone": "07700 900418", "hours": "always"}],
    )
    client, welsh = own_page("person"), {"accept-language": "cy"}
    plan = registry.plan()
    english = {word for section in plan.sections() for word in words_for_person(section) if len(word.split()) > 2}
    pages = [reverse("my_plan", args=[ashworth.id]), reverse("my_whole_plan", args=[ashworth.id])]
    pages += [reverse("write_my_words", args=[ashworth.id, s.id]) for s in plan.sections() if s.is_their_own]
    for address in pages:
        page = client.get(address, headers=welsh)
        assert page.status_code == 200
        shown = html.unescape(page.content.decode())
        assert [word for word in english if f">{word}<" in shown or f"> {word}" in shown] == []
        assert "(yn Saesneg)" not in shown
    whole = html.unescape(client.get(pages[1], headers=welsh).content.decode())
    for words in ("Beth sy’n bwysig i mi", "Gartref", "Gofynnwyd, heb benderfynu", "Ddydd a nos"):
        assert words in whole


@pytest.mark.django_db
def test_easy_read_is_shown_to_who_chose_it(ashworth, own_page):
    client = own_page("person")
    address = reverse("my_plan", args=[ashworth.id])
    assert "Sometimes a heart stops." not in client.get(address).content.decode()
    client.post(reverse("choose_looks", args=[ashworth.id]), {"easy": "on"})
    assert "Sometimes a heart stops." in client.get(address).content.decode()
    assert "Who do you like to be with?" in client.get(reverse("my_whole_plan", args=[ashworth.id])).content.decode()


def test_easy_read_sentences_are_short():
    assert easy_read.sentences()
    assert [s for several in easy_read.sentences().values() for s in several if len(s.split()) > 15] == []
