"""Two people saved at once: both versions are shown, and the choice made is what is saved."""

from html.parser import HTMLParser

import pytest
from django.http import QueryDict

from ambit.design.conflict import pieces
from ambit.design.pages.living import MedicinesForm


class Inputs(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.hidden, self.choices = [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "input" and found["type"] == "hidden":
            self.hidden.append((found["name"], found["value"]))
        elif tag == "input":
            self.choices.append((found["name"], found["value"], "checked" in found))


@pytest.fixture
def answer(client, db):
    return client.get("/design/two-versions/")


def test_both_versions_stand_beside_each_other_with_what_each_changed(answer):
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Nothing was saved: Just-in-case medicines changed while you were writing" in html
    assert "3 parts differ. Choose for each." in html
    assert '<ins class="a-added">14 December</ins>' in html
    assert '<del class="a-removed">30 November</del>' in html
    assert '<ins class="a-added">Oxygen up to 2 litres for comfort.</ins>' in html
    assert "Ring Dr Leila Haddad on 01632 960 140" in html


def test_only_a_part_that_one_side_changed_is_chosen_already(answer):
    chosen = [(name, value) for name, value, chosen in Inputs(answer.content.decode()).choices if chosen]
    assert chosen == [("keep|chart_ends_on", "saved")]


def sent_with(answer, choose):
    """What the page sends back when each part is answered by `choose`; None leaves it unanswered."""
    found = Inputs(answer.content.decode())
    sent = QueryDict(mutable=True)
    for name, value in found.hidden:
        sent.appendlist(name, value)
    for name in {name for name, _value, _chosen in found.choices}:
        if whose := choose(name.partition("|")[2]):
            sent[name] = whose
    return sent


def test_a_part_without_a_choice_is_never_emptied(answer):
    form = MedicinesForm(sent_with(answer, lambda name: None if name == "note" else "saved"))
    assert form.errors == {"note": ["Choose which version to keep, or write new words."]}
    assert "Oxygen up to 2 litres" in form.as_page()


def test_new_words_take_the_place_of_both(answer):
    sent = sent_with(answer, lambda name: "new" if name == "note" else "saved")
    sent["new|note|note"] = "Fan, morphine, and oxygen if she asks."
    form = MedicinesForm(sent)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["note"] == "Fan, morphine, and oxygen if she asks."


@pytest.mark.parametrize(("whose", "day"), [("saved", "14 Dec"), ("yours", "30 Nov")])
def test_the_choice_made_is_what_is_sent(answer, whose, day):
    form = MedicinesForm(sent_with(answer, lambda _name: whose))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["chart_ends_on"].strftime("%d %b") == day
    assert ("left of the sink" in form.cleaned_data["where"]) is (whose == "saved")
    assert form.cleaned_data["told"] == ["person"]
    assert form.cleaned_data["seen"] == 9


@pytest.mark.parametrize(
    ("before", "after", "cut"),
    [
        ("", "", ()),
        ("", "new words", (("added", "new words"),)),
        ("a b c", "a x c", (("same", "a"), ("added", "x"), ("same", "c"))),
        ("a b", "a b", (("same", "a b"),)),
    ],
)
def test_words_only_one_version_has_are_marked(before, after, cut):
    assert pieces(before, after) == cut
