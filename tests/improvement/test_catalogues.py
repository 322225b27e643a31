"""What everybody reads of a plan speaks English and Welsh; the words of the place stay as they were written."""

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from django.test import Client
from django.urls import reverse

from ambit.design import assets
from ambit.improvement import actions
from ambit.site.config import CHECKOUT
from tests.improvement.test_public_plan import sign

SOURCE = CHECKOUT / "src" / "ambit"
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
FILES = (
    "improvement/jinja2/improvement/published_plan.jinja",
    "improvement/jinja2/improvement/public_parts.jinja",
    "improvement/words.py",
    "measures/pages/words.py",
)


def words_in_use() -> set[str]:
    found = set()
    for name in FILES:
        method = "jinja2" if name.endswith(".jinja") else "python"
        options = (
            {"trimmed": "true", "extensions": "jinja2.ext.do", "newstyle_gettext": "true"} if method == "jinja2" else {}
        )
        for _line, message, _notes, _context in extract_from_file(
            method, str(SOURCE / name), KEYWORDS, options=options
        ):
            found.add(message[0] if isinstance(message, tuple) else message)
    return found - {"", *held("design", "cy")[1], *held("mycare", "cy")[1]}


def held(slice_name, language):
    with (SOURCE / slice_name / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    return catalogue, {m.id: m for m in catalogue if m.id and not isinstance(m.id, tuple)}


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_catalogue_holds_every_word_translated_and_none_too_many(language):
    catalogue, mine = held("improvement", language)
    assert mine.keys() == words_in_use()
    assert [key for key, message in mine.items() if not message.string or list(message.check(catalogue))] == []


def test_the_public_plan_speaks_welsh(lead, plan_to_publish):
    assets.compile_catalogues()
    sign(lead, plan_to_publish)
    actions.publish_plan(by=lead, plan_id=plan_to_publish.pk, version=1)
    said = (
        Client()
        .get(reverse("published_plan", args=(plan_to_publish.pk,)), headers={"accept-language": "cy"})
        .content.decode()
    )
    assert '<html lang="cy">' in said
    for words in ("Beth fydd yn cael ei wneud", "arweinydd a enwir", "Meddyg teulu", "Carreg filltir", "A night car"):
        assert words in said
    for words in ("What will be done", "Led by", "Delivery", "Figures we watch", "not said"):
        assert words not in said
