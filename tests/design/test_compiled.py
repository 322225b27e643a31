"""Templates are compiled so that pages are cheap; what they show stays what Jinja would show."""

import pytest
from django.template import engines
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from markupsafe import Markup, escape

from ambit.design.compiled import shown


def rendered(source: str, **names) -> str:
    return engines["jinja2"].from_string(source).render(names)


@given(st.text())
def test_text_is_escaped_as_jinja_does(words):
    assert shown(words) == escape(words)


@pytest.mark.parametrize(
    "value",
    [Markup("<b>"), mark_safe("<b>"), 3, None, True, gettext_lazy("Sign in"), ["<b>"], type("Own", (str,), {})("<b>")],
)
def test_other_values_are_shown_as_jinja_does(value):
    assert shown(value) == escape(value)


def test_what_somebody_typed_is_escaped_wherever_it_stands():
    source = """{% macro part(words) %}<i>{{ words }}</i>{{ caller() if caller is defined }}{% endmacro -%}
    {% for one in words %}{{ part(one) }}{% call part(one) %}{{ one }}{% endcall %}{{ _("Sign in") ~ one }}{% endfor %}"""
    assert rendered(source, words=["<b>"]).count("&lt;b&gt;") == 4
    assert "<b>" not in rendered(source, words=["<b>"])


def test_words_are_settled_when_a_template_is_compiled_once_for_each_language():
    source = '{{ _("Sign in") }}, {% trans %}Sign out{% endtrans %}'
    said = {}
    for language in ("en", "cy"):
        with translation.override(language):
            assert "gettext" not in engines["jinja2"].env.compile(source, raw=True)
            said[language] = rendered(source)
            assert said[language] == f"{translation.gettext('Sign in')}, {translation.gettext('Sign out')}"
    assert said["en"] != said["cy"]


def test_a_template_keeps_its_language_whoever_asks_first_for_a_part():
    with translation.override("cy"):
        template = engines["jinja2"].from_string('{% include "design/header.jinja" %}')
    html = template.render(
        {"sections": (), "name": "Bea", "role": "", "token": "", "sign_out_url": "/", "sign_in_url": ""}
    )
    with translation.override("cy"):
        assert str(translation.gettext("Sign out")) in html


def test_a_number_of_things_is_counted_and_a_misspelt_name_raises():
    assert rendered('{{ ngettext("%(num)s person found", "%(num)s people found", 2) }}') == "2 people found"
    with pytest.raises(UndefinedError):
        rendered("{{ plan.rusus() }}", plan={})


def test_a_mark_of_many_rows_is_drawn_once_for_each_value_and_escaped():
    source = """{% macro mark(word) %}{{ count.append(word) or "" }}<i>{{ word }}</i>{% endmacro -%}
    {% for word in words %}{{ once(mark, word) }}{% endfor %}"""
    count: list[str] = []
    assert rendered(source, words=["a", "<b>", "a", "<b>"], count=count) == "<i>a</i><i>&lt;b&gt;</i>" * 2
    assert count == ["a", "<b>"]
