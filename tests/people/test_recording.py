"""Changing what is known; the people who matter; birth and death."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from ambit.audit.models import AuditLine
from ambit.audit.rules import NotAllowed
from ambit.design.refusals import Refused, Stale
from ambit.events.models import OutboxEvent
from ambit.people import actions, queries
from ambit.people.models import Address, Death, NameWord, PersonName, PersonNumber, PersonVersion
from ambit.people.rules import Home, Identity
from tests.people.test_admitting import PEGGY, fictional_numbers

LONDON = ZoneInfo("Europe/London")
CHILD = Identity(family_name="Baby Doyle", birth_precision="unborn", no_number_reason="unborn")


@pytest.fixture
def by(reader):
    return reader("gp")


@pytest.fixture
def peggy(by):
    return actions.admit(by=by, identity=PEGGY)


def test_a_changed_name_is_found_and_the_former_one_guarded(by, peggy):
    actions.change_details(
        by=by, person_id=peggy.id, seen=1, changes={"family_name": " Doyle ", "ethnicity": "A", "language": "cy"}
    )
    peggy.refresh_from_db()
    assert (peggy.family_name, peggy.name_key, peggy.version) == ("Doyle", "doyle margaret jean", 2)
    assert PersonName.objects.get(person=peggy).family_name == "Ashworth"
    assert set(NameWord.objects.filter(person=peggy).values_list("word", flat=True)) == {
        "doyle", "margaret", "jean", "peggy",
    }  # fmt: skip
    newest = PersonVersion.objects.get(person=peggy, number=2)
    assert (newest.data["family_name"], newest.data["details"]["ethnicity"]) == ("Doyle", "A")
    line = AuditLine.objects.filter(about=peggy.id, what="changed details").get()
    assert line.details["changed"] == ["ethnicity", "family_name", "language"]


def test_a_stale_save_carries_both_versions(by, peggy):
    actions.change_details(by=by, person_id=peggy.id, seen=1, changes={"religion": "Quaker"})
    with pytest.raises(Stale) as stale:
        actions.change_details(by=by, person_id=peggy.id, seen=1, changes={"religion": "Methodist"})
    assert stale.value.saved["details"]["religion"] == "Quaker"
    assert stale.value.yours == {"religion": "Methodist"}
    assert PersonVersion.objects.filter(person=peggy).count() == 2


def test_nothing_changed_saves_nothing(by, peggy):
    actions.change_details(by=by, person_id=peggy.id, seen=1, changes={"family_name": "Ashworth"})
    assert PersonVersion.objects.filter(person=peggy).count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"nhs_number": "9990000018"}, "nhs_number"),
        ({"family_name": ""}, "family_name"),
        ({"born_on": date(2190, 1, 1)}, "born_on"),
        ({"born_on": None, "birth_precision": "exact"}, "born_on"),
        ({"birth_precision": "unborn", "born_on": date(2026, 12, 1)}, "birth_precision"),
        ({"ethnicity": "Q"}, "ethnicity"),
        ({"mobile": "bell"}, "mobile"),
        # a move is an act of its own, with the ties of the home's staff (`access.actions.move_home`)
        ({"residence_id": None}, "residence_id"),
    ],
)
@time_machine.travel(datetime(2026, 11, 21, 12, tzinfo=LONDON), tick=False)
def test_changes_refused_leave_everything(by, peggy, changes, field):
    with pytest.raises(Refused) as refused:
        actions.change_details(by=by, person_id=peggy.id, seen=1, changes=changes)
    assert field in refused.value.problems
    assert PersonVersion.objects.filter(person=peggy).count() == 1


def test_a_failed_audit_line_undoes_the_change(by, peggy, monkeypatch):
    def fails(**_):
        raise OSError("disk full")

    monkeypatch.setattr("ambit.audit.actions.record", fails)
    with pytest.raises(OSError):
        actions.change_details(by=by, person_id=peggy.id, seen=1, changes={"family_name": "Doyle"})
    peggy.refresh_from_db()
    assert (peggy.family_name, peggy.version) == ("Ashworth", 1)
    assert not PersonName.objects.exists()


def test_numbers(by, peggy):
    one, other = fictional_numbers(2)
    actions.change_number(by=by, person_id=peggy.id, seen=1, kind="nhs", value=one, status="01")
    assert dict(PersonNumber.objects.filter(person=peggy).values_list("value", "is_current")) == {
        "9997170326": False, one: True,
    }  # fmt: skip
    # the superseded number still means Peggy; a wrong one is free again
    assert actions.admit(by=by, identity=PEGGY) == peggy
    actions.change_number(by=by, person_id=peggy.id, seen=2, kind="nhs", value=other, replaced_was_wrong=True)
    joan = actions.admit(by=by, identity=replace(PEGGY, given_names="Joan", family_name="Preston", nhs_number=one))
    assert joan != peggy
    with pytest.raises(Refused, match="merge the two records"):
        actions.change_number(by=by, person_id=joan.id, seen=1, kind="nhs", value=other)
    with pytest.raises(Refused, match="last digit"):
        actions.change_number(by=by, person_id=joan.id, seen=1, kind="nhs", value="9997170327")


def test_moving_house_keeps_the_history(by, peggy):
    actions.move_house(by=by, person_id=peggy.id, seen=1, home=Home(lines="1 Mill Row", from_on=date(2020, 2, 29)))
    actions.move_house(by=by, person_id=peggy.id, seen=2, home=Home(lines="2 Quarry Lane", from_on=date(2024, 3, 1)))
    actions.move_house(by=by, person_id=peggy.id, seen=3, home=Home(lines="Ferry View", kind="temporary"))
    kept = Address.objects.filter(person=peggy).order_by("from_on").values_list("lines", "until_on")
    assert list(kept) == [("1 Mill Row", date(2024, 2, 29)), ("2 Quarry Lane", None), ("Ferry View", None)]
    for home, field in (
        (Home(lines="3 Hill", from_on=date(2021, 1, 1)), "from_on"),
        (Home(lines="3 Hill", from_on=timezone.localdate() + timedelta(days=1)), "from_on"),
        (Home(lines=" "), "lines"),
        (Home(lines="3 Hill", lsoa="here"), "lsoa"),
    ):
        with pytest.raises(Refused) as refused:
            actions.move_house(by=by, person_id=peggy.id, seen=4, home=home)
        assert field in refused.value.problems


@time_machine.travel(datetime(2026, 11, 21, 12, tzinfo=LONDON), tick=False)
def test_from_unborn_to_parental_responsibility(by, place):
    child = actions.admit(by=by, identity=replace(CHILD, born_on=date(2026, 12, 24)))
    with pytest.raises(Refused, match="Record the birth"):
        actions.record_death(by=by, person_id=child.id, seen=1, died_on=date(2026, 11, 21), place="11")
    child = actions.register_birth(
        by=by,
        person_id=child.id,
        seen=1,
        born_on=date(2026, 11, 20),
        sex="male",
        given_names="Ivor",
        family_name="Doyle",
    )
    assert (child.birth_precision, child.no_number_reason, child.name_key) == ("exact", "newborn", "doyle ivor")
    with pytest.raises(Refused, match="born already"):
        actions.register_birth(by=by, person_id=child.id, seen=2, born_on=date(2026, 11, 20))
    mother = actions.add_important_person(
        by=by,
        person_id=child.id,
        seen=2,
        name="Helen Doyle",
        relation="mother",
        roles=["emergency"],
        telephone="01632 960 1",
    )
    council = actions.add_important_person(
        by=by, person_id=child.id, seen=3, name="Thornmere Council", relation="council"
    )
    said = {"by": by, "person_id": child.id}
    actions.record_parental_responsibility(**said, seen=4, important_id=mother.id, basis="birth_mother")
    with pytest.raises(Refused) as refused:
        actions.record_parental_responsibility(**said, seen=5, important_id=council.id, basis="care_order")
    assert "court_order" in refused.value.problems
    actions.record_parental_responsibility(
        **said,
        seen=5,
        important_id=council.id,
        basis="care_order",
        court_order="Eskmouth, 1 October 2026",
        is_disputed=True,
    )
    shown = queries.person_page(child, on=date(2026, 11, 21))
    assert [(one.name, one.parental.basis) for one in shown.important] == [
        ("Helen Doyle", "Mother, by birth"), ("Thornmere Council", "Council, by care order"),
    ]  # fmt: skip
    with pytest.raises(Refused, match="holds parental responsibility"):
        actions.end_important_person(**said, important_id=council.id, seen=6, reason="Order discharged")
    actions.end_parental_responsibility(**said, important_id=council.id, seen=6, on=date(2026, 11, 21))
    actions.end_important_person(**said, important_id=council.id, seen=7, reason="Order discharged")
    shown = queries.person_page(child, on=date(2026, 11, 21))
    assert [one.name for one in shown.important] == ["Helen Doyle"]
    assert shown.age == "1 day"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": " "}, "name"),
        ({"relation": "aunt"}, "relation"),
        ({"roles": ["boss"]}, "roles"),
        ({"roles": ["emergency"]}, "telephone"),
        ({"email": "nobody"}, "email"),
        ({"rank": 0}, "rank"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_important_people_refused(by, peggy, said, field):
    with pytest.raises(Refused) as refused:
        actions.add_important_person(
            by=by, person_id=peggy.id, seen=1, **{"name": "Helen", "relation": "daughter"} | said
        )
    assert field in refused.value.problems


def test_adults_have_no_parental_responsibility(by, peggy):
    son = actions.add_important_person(by=by, person_id=peggy.id, seen=1, name="Ivor", relation="son")
    with pytest.raises(Refused, match="ends at 18"):
        actions.record_parental_responsibility(
            by=by, person_id=peggy.id, seen=2, important_id=son.id, basis="agreement"
        )


# the night the clocks go back, 1:30am comes twice; a death is recorded a minute after the second one
@time_machine.travel(datetime(2026, 10, 25, 1, 31, tzinfo=LONDON).replace(fold=1), tick=False)
def test_a_death_is_recorded_announced_corrected_and_retracted(by, peggy):
    said = {"died_on": date(2026, 10, 25), "died_at": time(1, 30), "place": "21", "precision": "exact"}
    person = actions.record_death(by=by, person_id=peggy.id, seen=1, **said)
    assert person.died_on == date(2026, 10, 25)
    event = OutboxEvent.objects.get(name="people.DeathRecorded")
    assert event.payload == {"person_id": str(peggy.id), "died_on": "2026-10-25"}
    with pytest.raises(Refused, match="recorded already"):
        actions.record_death(by=by, person_id=peggy.id, seen=2, **said)
    with pytest.raises(Refused, match="what was wrong"):
        actions.correct_death(by=by, person_id=peggy.id, seen=2, reason="", place="30")
    actions.correct_death(by=by, person_id=peggy.id, seen=2, reason="The hospice rang", place="30")
    assert list(Death.objects.filter(person=peggy, ended_at=None).values_list("place", "died_at")) == [
        ("30", time(1, 30))
    ]
    person = actions.retract_death(by=by, person_id=peggy.id, seen=3, reason="Of another person")
    assert person.died_on is None
    assert OutboxEvent.objects.filter(name="people.DeathRetracted").exists()
    assert Death.objects.filter(person=peggy).count() == 2


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"died_on": date(2190, 1, 1)}, "died_on"),
        ({"died_on": date(1943, 3, 13)}, "died_on"),
        ({"place": "heaven"}, "place"),
        ({"precision": "roughly"}, "precision"),
        ({"verified_at": datetime(2020, 1, 1, tzinfo=LONDON), "verified_by": "R T"}, "verified_at"),
        ({"verified_at": datetime(2026, 11, 20, 15, tzinfo=LONDON)}, "verified_by"),
    ],
)
@time_machine.travel(datetime(2026, 11, 21, 12, tzinfo=LONDON), tick=False)
def test_deaths_refused(by, peggy, said, field):
    with pytest.raises(Refused) as refused:
        actions.record_death(by=by, person_id=peggy.id, seen=1, **{"died_on": date(2026, 11, 20), "place": "21"} | said)
    assert field in refused.value.problems
    peggy.refresh_from_db()
    assert peggy.died_on is None


def test_former_names_and_sex_at_birth(by, reader, peggy):
    actions.record_former_name(by=by, person_id=peggy.id, seen=1, family_name="Doyle", given_names="Meg")
    actions.record_sex_at_birth(by=by, person_id=peggy.id, seen=2, sex="female")
    assert "Doyle" not in str(PersonVersion.objects.get(person=peggy, number=3).data)
    since = timezone.now() - timedelta(minutes=1)
    with pytest.raises(NotAllowed):
        queries.former_names(by, peggy, since=since)
    actions.open_former_names(by=by, person_id=peggy.id, need="Cross-matching blood")
    shown = queries.former_names(by, peggy, since=since)
    assert ([name.family_name for name in shown.names], shown.sex_at_birth) == (["Doyle"], "Female")
    with pytest.raises(NotAllowed):
        queries.former_names(reader("palliative_specialist"), peggy, since=since)
    with pytest.raises(NotAllowed):
        actions.open_former_names(by=reader("community_nurse"), person_id=peggy.id, need="Cross-matching blood")
