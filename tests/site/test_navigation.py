"""The sections in the header: few enough to stand beside who is signed in, and nothing lost for it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from ambit.access.rules import ABILITIES
from ambit.audit.rules import Reader
from ambit.register.actions import add_to_register
from ambit.site.navigation import AT_THE_FOOT, SECTIONS, foot_of, sections_of


def as_role(role):
    return Reader(name="Somebody", role=role, abilities=frozenset(ABILITIES[role]))


@pytest.mark.parametrize("role", sorted(ABILITIES))
def test_six_sections_at_most_and_every_other_once_at_the_foot(role):
    reader = as_role(role)
    shown = [address for _words, address, _current in sections_of(reader, "") + foot_of(reader, "")]
    assert len(sections_of(reader, "")) <= 6
    mine = [reverse(name) for _w, name, ability in (*SECTIONS, *AT_THE_FOOT) if reader.may(ability)]
    assert shown == list(dict.fromkeys(mine))


def test_the_foot_stands_on_every_page(client_as, place):
    page = client_as("gp").get("/tasks/").text
    assert page.index("Organisations and staff") > page.index("</main>")


@pytest.mark.parametrize(
    ("name", "arguments", "current"),
    [("plan", [], "Plan"), ("section_history", ["allergies"], "Plan"), ("person", [], "Details"),
     ("tasks_about", [], "Contacts and team"), ("register_entry", [], "Register")],
)  # fmt: skip
def test_every_page_of_a_person_has_the_same_tabs(client_as, person, reader, name, arguments, current):
    ashworth = person("Ashworth")
    add_to_register(by=reader("gp"), person=ashworth, on=timezone.localdate(), found_by="by_hand")
    page = client_as("gp").get(reverse(name, args=[ashworth.pk, *arguments])).text
    tabs = page[page.index("a-tabs") :].split("</nav>")[0]
    assert [words for words in ("Urgent page", "Plan", "Contacts and team", "Register", "Details") if words in tabs] == [
        "Urgent page", "Plan", "Contacts and team", "Register", "Details",
    ]  # fmt: skip
    assert tabs.count("aria-current") == 1
    assert current in tabs[tabs.index("aria-current") :].split("</a>")[0]
