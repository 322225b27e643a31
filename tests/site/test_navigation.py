"""The sections in the header: few enough to stand beside who is signed in, and nothing lost for it."""

import pytest
from django.urls import reverse

from ambit.access.rules import ABILITIES
from ambit.audit.rules import Reader
from ambit.site.navigation import AT_THE_FOOT, SECTIONS, foot_of, sections_of


def as_role(role):
    return Reader(name="Somebody", role=role, abilities=frozenset(ABILITIES[role]))


@pytest.mark.parametrize("role", sorted(ABILITIES))
def test_six_sections_at_most_and_every_other_at_the_foot(role):
    reader = as_role(role)
    shown = [address for _words, address, _current in sections_of(reader, "") + foot_of(reader, "")]
    assert len(sections_of(reader, "")) <= 6
    assert shown == [reverse(name) for _w, name, ability in (*SECTIONS, *AT_THE_FOOT) if reader.may(ability)]


def test_the_foot_stands_on_every_page(client_as, place):
    page = client_as("gp").get("/tasks/").text
    assert page.index("Organisations and staff") > page.index("</main>")
