"""The pages of the coded records: counts of what is here, what seems never to arrive, and codes that no list knows."""

import pytest

from ambit.access.queries import operator
from ambit.population.actions import take_in
from tests.world.browser import axe, sideways, sign_in


@pytest.fixture
def coded(place, home):
    folder = home / "extract"
    folder.mkdir()
    people = [f"{n},1950-01-01,female,Z9000{1 + n % 2}" for n in range(20)]
    (folder / "people.csv").write_text("\n".join(["person,born_on,sex,practice", *people]))
    events = [f"{n},2026-01-01,snomed,84114007,Heart failure" for n in range(0, 20, 2)]
    events += ["1,2026-02-01,snomed,185349003,Check <b>up</b>"]
    (folder / "events.csv").write_text("\n".join(["person,date,system,code,term", *events]))
    take_in(by=operator(), paths=[folder], source="practices", layout="csv", basis="direct care")


def test_population_status(coded, client_as):
    text = client_as("system_administrator").get("/population/").text
    for words in ("Coded records of 20 people from 2 practices", "direct care", "1 February 2026", "50.00%", "Nobody"):
        assert words in text
    assert "Some practices seem not to send some codes" in text
    assert "<strong>Old Tannery Practice, Z90002</strong> (practices): " in text


def test_nothing_is_here_yet(place, home, client_as):
    admin = client_as("system_administrator")
    assert "No coded records are here yet" in admin.get("/population/").text
    assert "0 codes that no list knows" in admin.get("/population/unmapped/").text


def test_unmapped_codes(coded, client_as):
    text = client_as("system_administrator").get("/population/unmapped/").text
    assert "1 code that no list knows" in text
    assert "Check &lt;b&gt;up" in text
    assert client_as("gp").get("/population/unmapped/").status_code == 403


def test_a_code_list_shows_its_codes_and_who_asks_for_it(place, client_as):
    text = client_as("system_administrator").get("/packs/codelists/heart-failure/").text
    for words in ("84114007", "they have it", "SPICT", "Who asks for it"):
        assert words in text
    assert "it was offered" in client_as("system_administrator").get("/packs/codelists/end-of-life-plan/").text


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_seen_in_a_browser(coded, client_as, open_browser, live_server):
    page = open_browser(width=375)
    sign_in(page, live_server, client_as("system_administrator"))
    for address in ("/population/", "/population/unmapped/", "/packs/codelists/heart-failure/"):
        page.goto(address)
        assert axe(page) == []
        assert sideways(page) == 0
