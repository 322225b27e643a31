"""The caseload's page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ambit.access import actions as access
from ambit.access.queries import operator
from ambit.careplan import actions as careplan
from ambit.careplan import registry
from ambit.caseload import queries
from ambit.caseload.rules import KEPT_BACK, PLACE_IN_SHORT
from ambit.coordination import actions as coordination
from ambit.organisations.models import Membership
from ambit.people.models import Person
from ambit.register import actions as register
from tests.world.browser import axe, sideways, sign_in

TODAY = timezone.localdate()


@pytest.fixture
def caseload(reader, person):
    gp = reader("Amina Rahman")
    for family_name, stage in (("Ashworth", "days"), ("Longworth", "a_year_or_more")):
        register.add_to_register(
            by=gp, person=person(family_name), on=TODAY - timedelta(days=3), found_by="by_hand", stage=stage,
            review_due_on=TODAY + timedelta(days=30),
        )  # fmt: skip
    bea = Membership.objects.get(staff__name="Bea Lindqvist")
    longworth = Person.objects.get(family_name="Longworth")
    coordination.name_coordinator(by=gp, person_id=longworth.id, membership_id=bea.id, seen=None)


def test_caseload_in_few_statements(caseload, reader, django_assert_num_queries):
    """Three; a fourth where anything is kept back from anybody."""
    gp, longworth = reader("Amina Rahman"), Person.objects.get(family_name="Longworth")
    queries.caseload(gp, on=TODAY)
    with django_assert_num_queries(3):
        queries.caseload(gp, on=TODAY)
    careplan.save_section(
        by=gp, person=longworth, section=registry.section("place_of_care"), base=0,
        content={"place_of_care.care_first": "own_home", "place_of_care.death_first": "own_home"}, on=TODAY,
    )  # fmt: skip
    with django_assert_num_queries(3):
        found = queries.caseload(gp, on=TODAY)
    assert [row.family_name for row in found.due("today")] == ["Ashworth"]
    assert [need.words for need in found.rows[0].needs] == [
        "No CPR decision", "No box in the home", "Preferred place of death is blank", "Nobody coordinates",
    ]  # fmt: skip
    assert found.rows[1].coordinator == "Bea Lindqvist"
    access.seal_item(
        by=operator(), person_id=longworth.id, item="place_of_care", hides_from="staff", why="sensitive",
        words="Only a few are to see it", until_on=TODAY + timedelta(days=30),
    )  # fmt: skip
    with django_assert_num_queries(4):
        rows = {row.family_name: row for row in queries.caseload(gp, on=TODAY).rows}
    assert (rows["Longworth"].place, rows["Ashworth"].place) == (KEPT_BACK, "")


def test_where_somebody_wants_to_die_comes_from_their_plan(caseload, reader):
    gp, section = reader("Amina Rahman"), registry.section("place_of_care")
    said = {"place_of_care.care_first": "own_home", "place_of_care.death_first": "hospice"}
    ashworth = Person.objects.get(family_name="Ashworth")
    careplan.save_section(by=gp, person=ashworth, section=section, base=0, content=said, on=TODAY)
    rows = {row.family_name: row for row in queries.caseload(gp, on=TODAY).rows}
    assert rows["Ashworth"].place_in_short == "Hospice"
    assert (rows["Longworth"].place_in_short, rows["Longworth"].place_was_asked) == ("Not asked", False)
    assert "Preferred place of death is blank" not in [need.words for need in rows["Ashworth"].needs]
    assert "Preferred place of death is blank" in [need.words for need in rows["Longworth"].needs]


def test_that_nobody_is_there_at_night_comes_first_when_days_are_left(caseload, reader, client_as):
    gp, ashworth = reader("Amina Rahman"), Person.objects.get(family_name="Ashworth")
    for name, said in {
        "place_of_care": {"care_first": "own_home", "death_first": "own_home"},
        "care_package": {"night": "nobody"},
    }.items():
        content = {f"{name}.{item}": answer for item, answer in said.items()}
        careplan.save_section(by=gp, person=ashworth, section=registry.section(name), base=0, content=content, on=TODAY)
    row = queries.caseload(gp, on=TODAY).rows[0]
    assert (row.needs[0].words, row.needs[0].kind) == ("Wants to die at home, nobody there at night", "harm")
    assert "Wants to die at home, nobody there at night" in client_as("Amina Rahman").get("/caseload/").text


def test_the_place_of_a_child_is_not_pressed_for(caseload, reader):
    Person.objects.filter(family_name="Longworth").update(born_on=TODAY - timedelta(days=365 * 9))
    rows = {row.family_name: row for row in queries.caseload(reader("Amina Rahman"), on=TODAY).rows}
    assert "Preferred place of death is blank" not in [need.words for need in rows["Longworth"].needs]


def test_every_place_of_the_plan_has_a_short_word():
    item = registry.section("place_of_care").item("place_of_care.death_first")
    assert {value.id for value in item.values} | {"", KEPT_BACK} == set(PLACE_IN_SHORT)


def test_who_sees_whom(caseload, client_as):
    gp = client_as("Amina Rahman").get("/caseload/").text
    assert "1 of your 2 people needs something today" in gp
    assert "Not recorded" in gp
    bea = client_as("Bea Lindqvist").get("/caseload/").text
    assert "LONGWORTH" in bea
    assert "ASHWORTH" not in bea
    assert "Nobody is on your caseload yet" in client_as("Owen Shah").get("/caseload/").text
    administrator = client_as("Pat Moorhouse").get("/caseload/").text
    assert "ASHWORTH" in administrator
    assert "CPR decision" not in administrator
    assert client_as("analyst").get("/caseload/").status_code == 403


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("show=today", {"ASHWORTH"}),
        ("show=no_coordinator", {"ASHWORTH"}),
        ("stage=a_year_or_more", {"LONGWORTH"}),
        ("coordinator=Bea+Lindqvist", {"LONGWORTH"}),
        ("name=peggy", {"ASHWORTH"}),
        ("name=999+790+0960", {"LONGWORTH"}),
        ("show=nonsense", {"ASHWORTH", "LONGWORTH"}),
        ("name=nobody", set()),
        ("show=no_box", {"ASHWORTH"}),
        ("practice=Brackenhill+Surgery", {"ASHWORTH", "LONGWORTH"}),
        ("practice=Nowhere", set()),
        ("sort=nonsense&name=peggy", {"ASHWORTH"}),
    ],
)
def test_narrowing(caseload, client_as, asked, names):
    text = client_as("Amina Rahman").get(f"/caseload/?{asked}").text
    assert {name for name in ("ASHWORTH", "LONGWORTH") if name in text} == names


@pytest.mark.parametrize(
    ("sort", "first"), [("due", "ASHWORTH"), ("name", "ASHWORTH"), ("stage", "ASHWORTH"), ("review", "ASHWORTH")]
)
def test_sorting(caseload, client_as, sort, first):
    text = client_as("Amina Rahman").get(f"/caseload/?sort={sort}").text
    assert text.index(first) < text.index("LONGWORTH")
    assert ("Needs something today" in text) == (sort == "due")


def test_each_need_leads_to_where_it_is_seen_to_and_none_is_out_of_reach(caseload, client_as):
    ashworth = Person.objects.get(family_name="Ashworth")
    text = client_as("Amina Rahman").get("/caseload/").text
    for path in ("plan/cpr/make/", "plan/medicines_at_home/"):
        assert f"/people/{ashworth.id}/{path}" in text
    assert f"/tasks/people/{ashworth.id}/coordinator/" in text
    assert "and 2 more" in text
    assert "Nobody coordinates" in text
    administrator = client_as("Pat Moorhouse").get("/caseload/").text
    assert "plan/cpr" not in administrator
    assert f"/tasks/people/{ashworth.id}/coordinator/" not in administrator
    assert f"/tasks/people/{ashworth.id}/" in administrator


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1440, 1280, 375, 320])
def test_seen_in_a_browser(caseload, client_as, open_browser, live_server, width):
    page = open_browser(width=width)
    sign_in(page, live_server, client_as("Amina Rahman"))
    page.goto("/caseload/")
    assert axe(page) == []
    assert sideways(page) == 0
    if width == 1280:
        assert page.locator(".a-header").bounding_box()["height"] < 70, "the sections stand in one row"
    if width == 1440:
        page.set_viewport_size({"width": 730, "height": 1000})  # as wide as a sheet of A4
        page.emulate_media(media="print")
        row, due = page.locator(".cl-row").first, page.locator(".cl-due").first
        assert due.bounding_box()["width"] > row.bounding_box()["width"] / 4, "what is due has room on paper"


def test_the_dead_have_left(caseload, client_as):
    Person.objects.filter(family_name="Ashworth").update(died_on=TODAY)
    assert "ASHWORTH" not in client_as("Amina Rahman").get("/caseload/").text
