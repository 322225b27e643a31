"""Our light markup is that of nhsuk-frontend: compared with the fixtures its npm package ships."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template import engines

from ambit.design import forms

COMPONENTS = Path(__file__).resolve().parents[2] / "node_modules" / "nhsuk-frontend" / "dist" / "nhsuk" / "components"
VOID = {"input", "br", "img", "path", "meta", "link"}
# size of a label or of a control is a matter of style, and a page has its own heading
STYLE = {"nhsuk-label--l", "nhsuk-fieldset__legend--l", "nhsuk-radios--small", "nhsuk-checkboxes--small"}
WITHOUT = {"h1"}


class Tree(HTMLParser):
    """Markup as a list of (tag, attributes) and words, without what is only style."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        if tag in WITHOUT:
            return
        kept = {}
        for name, value in attributes:
            if name == "class":
                value = " ".join(sorted(one for one in value.split() if one not in STYLE and not one.startswith("a-")))
            kept[name] = value
        self.seen.append((tag, tuple(sorted(kept.items()))))

    def handle_endtag(self, tag):
        if tag not in WITHOUT and tag not in VOID:
            self.seen.append(("/" + tag,))

    def handle_data(self, words):
        if words := " ".join(words.split()):
            self.seen.append(words)


def theirs(component: str, name: str) -> list:
    """The package's own markup for one of its fixtures."""
    path = COMPONENTS / component / "fixtures.json"
    if not path.exists():
        pytest.skip("node_modules is absent: run `python -m ambit.design.assets` first.")
    fixtures = {one["name"]: one for one in reversed(json.loads(path.read_text())["fixtures"])}
    return Tree(fixtures[name]["html"].replace("with-error-message", "example")).seen


def part(source: str, **shown) -> list:
    head = '{% from "design/parts.jinja" import button, error_summary, task_list, summary_rows %}'
    return Tree(engines["jinja2"].from_string(head + source).render(shown)).seen


def field(instance, *, error="") -> list:
    """One field of ours as it stands on a page."""
    made = type("Made", (forms.Form,), {"example": instance})(auto_id="%s")
    made.marks_optional = False
    if error:
        made.is_bound = True
        made.cleaned_data = {}
        made._errors = forms.forms.utils.ErrorDict()
        made._errors["example"] = made.error_class([error])
    return Tree(made["example"].as_field_group()).seen


def test_button():
    ours = part('{{ button("Save and continue") }}')
    expected = theirs("button", "default")
    assert ours[0][1] == (("class", "nhsuk-button"), ("data-module", "nhsuk-button"), ("data-prevent-double-click", "true"),
                          ("type", "submit"))  # fmt: skip
    assert ours[1:] == expected[1:]


CONTACT = [("email", "Email"), ("phone", "Phone"), ("text", "Text message")]


def test_radios():
    question = "How do you want to be contacted about this?"
    assert field(forms.ChoiceField(label=question, choices=CONTACT)) == theirs("radios", "default")


def test_radios_with_an_error():
    expected = theirs("radios", "with error message")
    ours = field(
        forms.ChoiceField(label="How do you want to be contacted about this?", choices=CONTACT),
        error="Select how you want to be contacted",
    )
    assert ours == expected


def test_checkboxes():
    ours = field(
        forms.MultipleChoiceField(
            label="How do you want to be contacted about this?",
            hint="Select all options that are relevant to you",
            choices=CONTACT,
        )
    )
    assert ours == theirs("checkboxes", "default")


def test_text_input():
    ours = field(forms.CharField(label="What is your full name?"))
    assert ours == theirs("input", "default")


def test_nhs_number_with_an_error():
    ours = field(forms.NHSNumberField(label="What is your NHS number?"), error="Enter NHS number")
    assert ours == theirs("input", "with error message")


def test_date_input():
    def renamed(markup):
        return [
            (one[0], tuple((key, value.replace("example-", "") if key == "name" else value) for key, value in one[1]))
            if isinstance(one, tuple) and one[0] == "input"
            else one
            for one in markup
        ]

    ours = field(forms.DateField(label="What is your date of birth?", hint="For example, 31 3 1980"))
    assert renamed(ours) == theirs("date-input", "default")


def test_select():
    choices = [("published", "Recently published"), ("updated", "Recently updated"), ("views", "Most views"),
               ("comments", "Most comments")]  # fmt: skip
    assert field(forms.SelectField(label="Sort by", choices=choices)) == theirs("select", "default")


def test_error_summary():
    made = type("Made", (forms.Form,), {"example": forms.DateField(label="Born")})({"example-day": "x"}, auto_id="%s")
    made.errors["example"] = made.error_class(["Date of birth must be in the past"])
    ours = part("{{ error_summary(form) }}", form=made)
    note = ours.index("Everything you typed is kept below.")
    assert ours[: note - 1] + ours[note + 2 :] == theirs("error-summary", "default")


def test_summary_rows():
    rows = [{"key": "Name", "value": "Karen Francis"}, {"key": "Date of birth", "value": "15 March 1984"}]
    ours = part("{{ summary_rows(rows) }}", rows=rows)
    assert ours[:-1] == theirs("summary-list", "default")[: len(ours) - 1]


def test_task_list_shape():
    ours = part("{{ task_list(items) }}", items=[{"name": "Exercise", "href": "#/task/exercise", "status": "complete"}])
    expected = theirs("task-list", "default")
    assert [one[0] for one in ours if isinstance(one, tuple)][:4] == [
        one[0] for one in expected if isinstance(one, tuple)
    ][:4]
    assert ours[1] == expected[1]
