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


def test_both_versions_stand_beside_each_other_and_nothing_is_chosen_yet(answer):
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Nothing was saved: Just-in-case medicines changed while you were writing" in html
    assert "3 parts differ. Choose for each." in html
    assert '<ins class="a-added">14 December</ins>' in html
    assert '<ins class="a-added">Oxygen up to 2 litres for comfort.</ins>' in html
    assert not any(chosen for _name, _value, chosen in Inputs(html).choices)


@pytest.mark.parametrize(("whose", "day"), [("saved", "14 Dec"), ("yours", "30 Nov")])
def test_the_choice_made_is_what_is_sent(answer, whose, day):
    found = Inputs(answer.content.decode())
    sent = QueryDict(mutable=True)
    for name, value in found.hidden:
        sent.appendlist(name, value)
    for name in {name for name, _value, _chosen in found.choices}:
        sent[name] = whose
    form = MedicinesForm(sent)
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
