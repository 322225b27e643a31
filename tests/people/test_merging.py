"""Two records made one, and taken apart again without loss."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ambit.access.models import Grant
from ambit.access.queries import operator, people_of
from ambit.audit.rules import NotAllowed
from ambit.coordination.actions import name_coordinator
from ambit.coordination.models import Coordinator
from ambit.design.refusals import Refused, Stale
from ambit.events.models import OutboxEvent
from ambit.organisations.models import Membership
from ambit.people import actions, moving, queries
from ambit.people.models import Address, ImportantPerson, Merge, Person, PersonNumber
from ambit.people.rules import Details, Home, Identity
from ambit.register.actions import add_to_register, leave
from ambit.register.models import RegisterEntry
from tests.people.test_admitting import fictional_numbers

BORN = date(1943, 3, 14)
NUMBERS = fictional_numbers(20)
PEGGY = Identity(family_name="Ashworth", given_names="Margaret", born_on=BORN, nhs_number=NUMBERS[0])
TWIN = replace(PEGGY, given_names="Peggy", preferred_name="Margaret", nhs_number="", no_number_reason="not_known")

# rows that say what happened, and so are never the same again
HISTORY = {"people.Merge", "people.PersonVersion"}
COUNTERS = {"version", "updated_at"}


def everything() -> dict[str, Any]:
    """Every row that hangs on a person, in every slice, and the people themselves."""
    models = sorted({"people.Person", *(model for model, _ in moving.references())} - HISTORY)
    return {
        label: sorted(
            (
                {name: str(value) for name, value in row.items() if name not in COUNTERS}
                for row in apps.get_model(label)._base_manager.values()
            ),
            key=str,
        )
        for label in models
    }


@pytest.fixture
def by(reader):
    return reader("gp")


@pytest.fixture
def two(by, place):
    practice = place["Z90001"].id
    kept = actions.admit(by=by, identity=replace(PEGGY, practice_id=practice))
    other = actions.admit(by=by, identity=replace(TWIN, practice_id=practice))
    return kept, other


def merged(by, kept, other, **said):
    seen = {"seen_keep": Person.objects.get(pk=kept.pk).version, "seen_other": Person.objects.get(pk=other.pk).version}
    return actions.merge(
        by=by, keep_id=kept.pk, other_id=other.pk, **{"reason": "Same address, same daughter"} | seen | said
    )


def test_what_hangs_on_the_other_moves(by, two, place):
    kept, other = two
    ImportantPerson.objects.create(person=other, name="Helen", relation="daughter", from_on=BORN)
    Address.objects.create(person=kept, lines="1 Mill Row")
    Address.objects.create(person=other, lines="2 Quarry Lane")
    Grant.objects.create(person=other, kind="care_team", organisation=place["ZC1"], from_at=timezone.now())
    merged(by, kept, other)
    other.refresh_from_db()
    assert other.merged_into_id == kept.pk
    assert ImportantPerson.objects.get().person_id == kept.pk
    assert Grant.objects.get().person_id == kept.pk
    homes = Address.objects.filter(person=kept).order_by("lines")
    assert [home.until_on for home in homes] == [None, timezone.localdate()]
    assert queries.versions(kept)[0].what == "merged another record into this"
    assert queries.all_ids(kept.pk) == [kept.pk, other.pk]
    assert not people_of(by).filter(pk=other.pk).exists()
    assert OutboxEvent.objects.filter(name="people.PeopleMerged", payload__kept_id=str(kept.pk)).exists()


def test_gaps_are_filled_and_nothing_is_overwritten(by, place):
    kept = actions.admit(by=by, identity=TWIN, details=Details(religion="Methodist"))
    other = actions.admit(
        by=by,
        identity=replace(PEGGY, sex="female", practice_id=place["Z90001"].id),
        details=Details(religion="Quaker", telephone="01632 960 123", needs_interpreter=False, adjustments=("time",)),
    )
    before = everything()
    done = merged(by, kept, other)
    kept.refresh_from_db()
    assert (kept.sex, kept.practice_id, kept.no_number_reason) == ("female", place["Z90001"].id, "")
    assert kept.numbers.get().value == NUMBERS[0]
    assert (kept.details.religion, kept.details.telephone, kept.details.adjustments) == (
        "Methodist", "01632 960 123", ["time"],
    )  # fmt: skip
    actions.unmerge(by=by, merge_id=done.pk, reason="Two people after all")
    assert everything() == before


def test_two_numbers(by, place):
    kept = actions.admit(by=by, identity=PEGGY)
    other = actions.admit(by=by, identity=replace(PEGGY, nhs_number=NUMBERS[1]))
    merged(by, kept, other)
    assert dict(kept.numbers.values_list("value", "is_current")) == {NUMBERS[0]: True, NUMBERS[1]: False}
    # nobody is admitted again under the number that was merged
    assert actions.admit(by=by, identity=replace(PEGGY, nhs_number=NUMBERS[1])) == kept


@pytest.mark.parametrize("born", [date(1943, 3, 15), date(1943, 8, 14), date(1950, 1, 1)])
def test_mismatched_birth_dates_are_never_merged(by, place, born):
    kept = actions.admit(by=by, identity=PEGGY)
    other = actions.admit(by=by, identity=replace(TWIN, born_on=born))
    with pytest.raises(Refused, match="dates of birth differ"):
        merged(by, kept, other)
    assert not Merge.objects.exists()


def test_refusals(by, reader, two):
    kept, other = two
    with pytest.raises(Refused, match="two different"):
        merged(by, kept, kept)
    with pytest.raises(Refused, match="Say how you know"):
        merged(by, kept, other, reason=" ")
    with pytest.raises(Stale):
        merged(by, kept, other, seen_other=7)
    with pytest.raises(NotAllowed):
        merged(reader("hospital_clinician"), kept, other)
    actions.record_death(by=by, person_id=other.pk, seen=1, died_on=timezone.localdate(), place="21")
    with pytest.raises(Refused, match="died"):
        merged(by, kept, other)
    with pytest.raises(Refused, match="not here"):
        actions.unmerge(by=by, merge_id=kept.pk, reason="?")


def test_a_merge_that_breaks_another_slices_rule_is_refused_whole(by, two):
    kept, other = two
    for person in two:
        RegisterEntry.objects.create(
            person=person,
            found_by="clinician",
            joined_on=date(2026, 1, 1),
            review_due_on=date(2026, 4, 1),
        )
    before = everything()
    with pytest.raises(Refused, match="take it off the register"):
        merged(by, kept, other)
    assert everything() == before


def test_a_failed_audit_line_undoes_the_merge(by, two, monkeypatch):
    before = everything()

    def fails(**_):
        raise OSError("disk full")

    monkeypatch.setattr("ambit.audit.actions.record", fails)
    with pytest.raises(OSError):
        merged(by, *two)
    assert everything() == before


def test_merges_come_apart_in_order(by, two, place):
    kept, other = two
    third = actions.admit(by=by, identity=replace(TWIN, given_names="M"))
    first = merged(by, other, third)
    second = merged(by, kept, other)
    with pytest.raises(Refused, match="later merged"):
        actions.unmerge(by=by, merge_id=first.pk, reason="Wrong")
    with pytest.raises(Refused, match="merged into another"):
        merged(by, third, kept)
    actions.unmerge(by=by, merge_id=second.pk, reason="Wrong")
    with pytest.raises(Refused, match="apart already"):
        actions.unmerge(by=by, merge_id=second.pk, reason="Wrong")
    actions.unmerge(by=by, merge_id=first.pk, reason="Wrong")
    assert not Person.objects.exclude(merged_into=None).exists()


def test_what_was_written_since_stays_on_the_kept_record(by, two):
    kept, other = two
    ImportantPerson.objects.create(person=other, name="Helen", relation="daughter", from_on=BORN)
    done = merged(by, kept, other)
    kept.refresh_from_db()
    actions.add_important_person(by=by, person_id=kept.pk, seen=kept.version, name="Ade Cole", relation="faith")
    actions.unmerge(by=by, merge_id=done.pk, reason="Two people after all")
    assert ImportantPerson.objects.get(name="Ade Cole").person_id == kept.pk
    assert ImportantPerson.objects.get(name="Helen").person_id == other.pk


def test_both_on_the_register_is_refused_with_what_to_do(by, two):
    kept, other = two
    for person in (kept, other):
        add_to_register(by=by, person=person, on=timezone.localdate(), found_by="by_hand")
    with pytest.raises(Refused, match="take it off the register, as added by mistake"):
        merged(by, kept, other)
    leave(by=by, person_id=other.pk, seen=1, reason="wrong", on=timezone.localdate())
    merged(by, kept, other)
    assert RegisterEntry.objects.filter(person=kept).count() == 2


def test_the_kept_record_keeps_its_coordinator(by, two, place):
    kept, other = two
    first, second = Membership.objects.filter(role__in=("community_nurse", "care_coordinator"))[:2]
    name_coordinator(by=by, person_id=kept.pk, membership_id=first.pk, seen=None)
    name_coordinator(by=by, person_id=other.pk, membership_id=second.pk, seen=None)
    before = everything()
    done = merged(by, kept, other)
    assert Coordinator.objects.get(person=kept, until_at=None).membership_id == first.pk
    assert Coordinator.objects.filter(person=kept).count() == 2
    actions.unmerge(by=by, merge_id=done.pk, reason="Two people after all")
    assert everything() == before


def test_every_slice_takes_part():
    """A foreign key to a person moves by itself, or its slice says why it stays."""
    assert {("access.Grant", "person"), ("register.RegisterEntry", "person")} <= set(moving.references())
    known = set(moving.references())
    assert {*moving._movers, *moving._staying} <= known


told = st.fixed_dictionaries(
    {},
    optional={
        "religion": st.sampled_from(["Methodist", "Quaker"]),
        "ethnicity": st.sampled_from(["A", "H"]),
        "needs_interpreter": st.booleans(),
        "communication_needs": st.lists(st.sampled_from(["braille", "lipreads"]), unique=True).map(tuple),
        "telephone": st.sampled_from(["01632 960 111", "01632 960 222"]),
    },
)
one_record = st.fixed_dictionaries(
    {
        "details": told,
        "number": st.booleans(),
        "sex": st.sampled_from(["", "female"]),
        "homes": st.integers(0, 2),
        "important": st.integers(0, 2),
        "former": st.booleans(),
        "sex_at_birth": st.booleans(),
        "granted": st.booleans(),
    }
)


def built(by, place, number, said):
    person = actions.admit(
        by=by,
        identity=replace(
            PEGGY if said["number"] else TWIN, nhs_number=number if said["number"] else "", sex=said["sex"]
        ),
        details=Details(**said["details"]),
    )
    seen = 1
    for n in range(said["homes"]):
        home = Home(lines=f"{n} Mill Row", from_on=timezone.localdate() - timedelta(days=9 - n))
        actions.move_house(by=by, person_id=person.pk, seen=seen, home=home)
        seen += 1
    for n in range(said["important"]):
        actions.add_important_person(by=by, person_id=person.pk, seen=seen, name=f"Friend {n}", relation="friend")
        seen += 1
    if said["former"]:
        actions.record_former_name(by=by, person_id=person.pk, seen=seen, family_name="Doyle")
        seen += 1
    if said["sex_at_birth"]:
        actions.record_sex_at_birth(by=by, person_id=person.pk, seen=seen, sex="female")
    if said["granted"]:
        Grant.objects.create(person=person, kind="care_team", organisation=place["ZC1"], from_at=timezone.now())
    return person


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one_record, one_record)
def test_unmerging_after_merging_restores_everything_exactly(place, one, other):
    by = operator()
    by = replace(by, abilities=by.abilities | {"merge_people"})
    with transaction.atomic():
        kept, second = built(by, place, NUMBERS[0], one), built(by, place, NUMBERS[1], other)
        before = everything()
        done = merged(by, kept, second)
        assert PersonNumber.objects.filter(person=second).count() == 0
        actions.unmerge(by=by, merge_id=done.pk, reason="Two people after all")
        assert everything() == before
        transaction.set_rollback(True)
