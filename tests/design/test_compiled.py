"""Templates are compiled so that pages are cheap; what they show stays what Jinja would show."""

from types import SimpleNamespace

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


@pytest.mark.parametrize("one", [{"b": {"c": "<d>"}}, SimpleNamespace(b={"c": "<d>"}), {"b": SimpleNamespace(c="<d>")}])
def test_attributes_and_items_are_found_by_one_name(one):
    assert (
        rendered("{{ one.b.c }}{% if one.b.c is defined and one.b.d is not defined %}!{% endif %}", one=one)
        == "&lt;d&gt;!"
    )
    with pytest.raises(UndefinedError):
        rendered("{{ one.b.d }}", one=one)


def test_an_attribute_goes_before_an_item_of_its_name():
    assert (
        rendered("{{ one.items is mapping }}{{ one.keys()|list }}", one={"keys": 1, "items": {}})
        == "False[&#39;keys&#39;, &#39;items&#39;]"
    )


def test_a_macro_takes_its_parameters_and_nothing_else():
    macro = '{% macro part(a, b="2") %}{{ a }}{{ b }}{% endmacro %}'
    assert rendered(macro + '{{ part("<") }}{{ part("1", "3") }}{{ part(b="4", a="5") }}') == "&lt;21354"
    for wrong in ('part("1", "2", "3")', 'part("1", c="2")'):
        with pytest.raises(TypeError):
            rendered(f"{macro}{{{{ {wrong} }}}}")
    with pytest.raises(UndefinedError):
        rendered(macro + "{{ part() }}")


def test_a_block_is_one_piece_in_its_place():
    source = "a{% block one %}{% for n in ns %}{{ n }}{% block two scoped %}({{ n }}){% endblock %}{% endfor %}{% endblock %}b"
    assert rendered(source, ns=[1, "<"]) == "a1(1)&lt;(&lt;)b"


def test_a_mark_of_many_rows_is_drawn_once_for_each_value_and_escaped():
    source = """{% macro mark(word) %}{{ count.append(word) or "" }}<i>{{ word }}</i>{% endmacro -%}
    {% for word in words %}{{ once(mark, word) }}{% endfor %}"""
    count: list[str] = []
    assert rendered(source, words=["a", "<b>", "a", "<b>"], count=count) == "<i>a</i><i>&lt;b&gt;</i>" * 2
    assert count == ["a", "<b>"]
