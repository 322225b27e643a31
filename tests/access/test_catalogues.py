"""The door speaks English and Welsh: whoever has a page of their own comes in by it."""

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from ambit.design import assets
from ambit.site.config import CHECKOUT

SOURCE = CHECKOUT / "src" / "ambit"
TEMPLATES = SOURCE / "access" / "jinja2"
KEYWORDS = {"_": None, "gettext_lazy": None, "ngettext": (1, 2)}
# labels of forms that stand among those of staff
LABELS = {"E-mail address", "Password", "Password now", "New password", "New password once more"}
# what Django says about a new password
RULES = {
    "The password is too similar to the %(verbose_name)s.",
    "This password is too common.",
    "This password is too short. It must contain at least %d character.",
    "Your password can’t be a commonly used password.",
    "Your password can’t be too similar to your other personal information.",
    "Your password must contain at least %(min_length)d character.",
}


def door():
    yield from TEMPLATES.glob("account/*.jinja")
    yield from TEMPLATES.glob("mfa/**/*.jinja")
    yield from (TEMPLATES / "access" / f"{name}.jinja" for name in ("keys", "entrance", "draft", "nhs_login_refused"))
    yield TEMPLATES / "429.jinja"
    yield SOURCE / "access" / "sign_in.py"
    yield SOURCE / "access" / "middleware.py"


def held(slice_name, language):
    with (SOURCE / slice_name / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    return catalogue, {m.id[0] if isinstance(m.id, tuple) else m.id: m for m in catalogue if m.id}


def words_in_use():
    found = LABELS | RULES
    for path in door():
        is_template = path.suffix == ".jinja"
        options = {"trimmed": "true", "extensions": "jinja2.ext.do", "newstyle_gettext": "true"} if is_template else {}
        method = "jinja2" if is_template else "python"
        for _line, message, _notes, _context in extract_from_file(method, str(path), KEYWORDS, options=options):
            found.add(message[0] if isinstance(message, tuple) else message)
    return found - {""}


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_catalogue_holds_every_word_translated_and_none_too_many(language):
    catalogue, mine = held("access", language)
    others = {*held("design", language)[1], *held("mycare", language)[1]}
    assert words_in_use() - mine.keys() - others == set()
    assert mine.keys() - words_in_use() == set()
    assert [key for key, m in mine.items() if not m.string or not all(m.string)] == []
    assert [key for key, m in mine.items() if list(m.check(catalogue))] == []


def test_signing_in_speaks_welsh(db):
    assets.compile_catalogues()
    said = Client(headers={"accept-language": "cy"}).post(
        reverse("account_login"), {"login": "a@example.org", "password": "x"}
    )
    assert "Cyfeiriad e-bost" in said.text
    assert "Rwyf wedi anghofio fy nghyfrinair" in said.text
    assert "Gwiriwch y ddau" in said.text


def test_the_rules_of_a_password_are_said_in_welsh(account_of):
    assets.compile_catalogues()
    somebody = account_of("Sam Okafor")
    with override("cy"):
        said = " ".join(password_validators_help_texts())
        for password in ("short", "password1234", somebody.email):
            with pytest.raises(ValidationError) as refused:
                validate_password(password, somebody)
            said += " ".join(refused.value.messages)
    assert "assword" not in said
    assert said.count("cyfrinair") >= 6
