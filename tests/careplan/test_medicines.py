"""The medicines in a home: what should be left, what does not add up, and that nothing is ever worked out for anybody."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from ambit.audit.models import AuditLine
from ambit.audit.rules import NotAllowed
from ambit.careplan import actions, queries
from ambit.careplan.actions import MovementForm
from ambit.careplan.events import MedicinesDoNotAddUp
from ambit.careplan.models import MedicineMovement
from ambit.careplan.rules import medicines
from ambit.careplan.rules.medicines import Movement
from ambit.coordination.models import Task
from ambit.coordination.reactions import ask_to_count_again
from ambit.design.refusals import Refused
from ambit.events.models import OutboxEvent
from ambit.people import actions as people

MORPHINE = "Morphine 10mg/1ml injection"
START = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


def movement(kind, quantity, *, hour=0, medicine=MORPHINE, mistake=""):
    at = START + timedelta(hours=hour)
    return Movement(
        id=uuid4(), medicine=medicine, unit="ampoules", kind=kind, quantity=quantity, happened_at=at, recorded_at=at,
        mistake=mistake,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("happened", "words", "out_by", "adds_up"),
    [
        ([("supplied", 5)], "5 ampoules", 0, True),
        ([("supplied", 5), ("used", 1)], "4 ampoules", 0, True),
        ([("supplied", 5), ("used", 1), ("counted", 4)], "4 ampoules", 0, True),
        ([("supplied", 5), ("counted", 4)], "4 ampoules", -1, False),
        ([("supplied", 5), ("counted", 6)], "6 ampoules", 1, False),
        ([("supplied", 5), ("counted", 4), ("counted", 4)], "4 ampoules", 0, True),
        ([("counted", 3)], "3 ampoules", 0, True),  # the first count is a beginning, not a difference
        ([("used", 1)], "Not counted", 0, False),  # used before anybody wrote what was there
        ([("supplied", 2), ("used", 3)], "0 ampoules", 0, False),
        ([("supplied", 5), ("wasted", 1), ("returned", 2), ("destroyed", 2)], "0 ampoules", 0, True),
        ([("counted", 0)], "0 ampoules", 0, True),
    ],
)
def test_what_should_be_left(happened, words, out_by, adds_up):
    (left,) = medicines.left(movement(kind, many, hour=hour) for hour, (kind, many) in enumerate(happened))
    assert (left.words, left.out_by, not left.does_not_add_up) == (words, out_by, adds_up)


def test_order_is_by_when_it_happened_not_by_when_it_was_typed():
    late = movement("supplied", 5, hour=0)
    (left,) = medicines.left([movement("counted", 4, hour=2), movement("used", 1, hour=1), late])
    assert not left.does_not_add_up


def test_a_mistake_does_not_count_and_two_spellings_are_one_medicine():
    several = [
        movement("supplied", 5),
        movement("used", 3, hour=1, mistake="wrong person"),
        movement("used", 1, hour=2, medicine="  morphine 10MG/1ml   injection"),
    ]
    (left,) = medicines.left(several)
    assert left.quantity == 4


@given(
    some.lists(some.tuples(some.sampled_from(sorted(medicines.KINDS)), some.integers(0, 9)), min_size=1, max_size=20)
)
def test_never_more_is_left_than_came_in_or_was_counted(happened):
    (left,) = medicines.left(movement(kind, many, hour=hour) for hour, (kind, many) in enumerate(happened))
    most = sum(many for kind, many in happened if kind in ("supplied", "counted"))
    assert left.quantity <= most
    assert left.known == any(kind in ("supplied", "counted") for kind, _ in happened)
    assert not left.words.startswith("-")


@pytest.mark.parametrize(
    ("wrong", "field", "told"),
    [
        ({"medicine": " "}, "medicine", "as it is labelled"),
        ({"unit": ""}, "unit", "Write what you count"),
        ({"unit": "tablets"}, "unit", "counted in ampoules"),
        ({"kind": "eaten"}, "kind", "Choose what happened"),
        ({"quantity": None}, "quantity", "whole number from 1"),
        ({"quantity": 0}, "quantity", "whole number from 1"),
        ({"quantity": -1}, "quantity", "whole number from 1"),
        ({"quantity": 10_001}, "quantity", "10,000"),
        ({"happened_at": None}, "happened_at", "day and time"),
        ({"happened_at": START + timedelta(days=400)}, "happened_at", "still to come"),
        ({"kind": "used", "what_for": " "}, "what_for", "what it was given for"),
        ({"kind": "used", "died": True}, "kind", "has died"),
        ({"kind": "supplied", "died": True}, "kind", "has died"),
    ],
)
def test_what_is_refused(wrong, field, told):
    right = {
        "medicine": MORPHINE, "unit": "ampoules", "kind": "supplied", "quantity": 5, "happened_at": START, "what_for": "pain",
        "now": START + timedelta(days=1), "died": False, "known_unit": "ampoules",
    }  # fmt: skip
    assert medicines.problems(**right) == {}
    found = medicines.problems(**right | wrong)
    assert told in found.pop(field)
    assert found == {}


@pytest.mark.parametrize("kind", sorted(medicines.AFTER_DEATH))
def test_after_death_medicines_are_counted_taken_back_and_destroyed(kind):
    assert not medicines.problems(
        medicine=MORPHINE, unit="ampoules", kind=kind, quantity=5, happened_at=START, what_for="", now=START, died=True,
        known_unit="",
    )  # fmt: skip


# --- what people do ---


@pytest.fixture
def peggy(person):
    return person("Ashworth")


@pytest.fixture
def happen(peggy, reader):
    def recorded(kind, quantity, *, who="Ruth Tannahill", key=None, minutes_ago=0, **said):
        form = MovementForm(
            medicine=said.pop("medicine", MORPHINE),
            unit=said.pop("unit", "ampoules"),
            kind=kind,
            quantity=quantity,
            happened_at=timezone.now() - timedelta(minutes=minutes_ago),
            what_for="pain" if kind == "used" else "",
            **said,
        )
        return actions.record_movement(by=reader(who), person=peggy, form=form, key=key or uuid4())

    return recorded


def test_what_happened_is_kept_counted_and_audited(peggy, happen, reader):
    happen("supplied", 5, minutes_ago=60)
    happen("used", 1, witness="Amir Rafiq", effect="settled in 20 minutes")
    shown = queries.medicines_at_home(reader("Ruth Tannahill"), peggy.id)
    assert [left.words for left in shown.left] == ["4 ampoules"]
    assert shown.movements[0].what_for == "pain"
    assert shown.movements[0].by == "Ruth Tannahill, Community nurse, Eskvale Community Nursing"
    assert AuditLine.objects.filter(what="recorded a medicine", about=peggy.id).count() == 2
    assert not OutboxEvent.objects.filter(name="careplan.MedicinesDoNotAddUp").exists()


def test_the_same_form_sent_twice_is_one_movement(peggy, happen):
    key = uuid4()
    assert happen("supplied", 5, key=key) == happen("supplied", 5, key=key)
    assert MedicineMovement.objects.count() == 1


def test_a_count_that_does_not_add_up_is_kept_and_the_practice_is_asked(peggy, happen):
    happen("supplied", 5, minutes_ago=60)
    counted = happen("counted", 3)
    event = OutboxEvent.objects.get(name__endswith="MedicinesDoNotAddUp")
    assert event.payload["movement_id"] == str(counted.id)
    found = MedicinesDoNotAddUp(person_id=peggy.id, movement_id=counted.id)
    ask_to_count_again(found)
    ask_to_count_again(found)  # heard twice
    task = Task.objects.get()
    assert task.what == "Count the medicines in the home again: they do not add up"
    assert task.owner_organisation_id == peggy.practice_id


def test_a_mistake_stays_and_no_longer_counts(peggy, happen, reader):
    nurse = reader("Ruth Tannahill")
    happen("supplied", 5, minutes_ago=60)
    wrong = happen("used", 2)
    with pytest.raises(Refused, match="what was wrong"):
        actions.take_back_movement(by=nurse, person=peggy, movement_id=wrong.id, reason=" ")
    actions.take_back_movement(by=nurse, person=peggy, movement_id=wrong.id, reason="It was the neighbour's")
    with pytest.raises(Refused, match="somebody else"):
        actions.take_back_movement(by=nurse, person=peggy, movement_id=wrong.id, reason="again")
    shown = queries.medicines_at_home(nurse, peggy.id)
    assert shown.left[0].words == "5 ampoules"
    assert [one.mistake for one in shown.movements] == ["It was the neighbour's", ""]


def test_nobody_records_without_the_role_and_a_failed_audit_undoes_it(peggy, happen, monkeypatch):
    with pytest.raises(NotAllowed):
        happen("supplied", 5, who="Pat Moorhouse")

    def cannot(**_line):
        raise RuntimeError

    monkeypatch.setattr("ambit.careplan.actions.medicines.audit.record", cannot)
    with pytest.raises(RuntimeError), transaction.atomic():
        happen("supplied", 5)
    assert not MedicineMovement.objects.exists()


def test_a_movement_never_changes(peggy, happen):
    kept = happen("supplied", 5)
    with pytest.raises(DatabaseError), transaction.atomic():
        MedicineMovement.objects.filter(pk=kept.pk).update(quantity=50)


def test_after_death_what_is_left_is_taken_back(peggy, happen, reader):
    happen("supplied", 5, minutes_ago=60)
    people.record_death(
        by=reader("operator"), person_id=peggy.id, seen=peggy.version, died_on=timezone.localdate(), place="21"
    )
    peggy.refresh_from_db()
    with pytest.raises(Refused, match="has died"):
        happen("used", 1)
    happen("returned", 5)


# --- the pages ---


def asked(client, peggy, **said):
    today = timezone.localdate()
    typed = {
        "key": str(uuid4()), "which": "another", "named": MORPHINE, "unit": "ampoules", "kind": "supplied", "quantity": "5",
        "on-day": today.day, "on-month": today.month, "on-year": today.year, "at": "0:01",
    }  # fmt: skip
    return client.post(reverse("record_movement", args=[peggy.id]), typed | said)


def test_a_nurse_records_what_came_and_sees_what_is_left(peggy, client_as):
    client = client_as("Amina Rahman")
    assert "Nobody has counted medicines in this home" in client.get(reverse("medicines_at_home", args=[peggy.id])).text
    assert asked(client, peggy).status_code == 302
    shown = client.get(reverse("medicines_at_home", args=[peggy.id])).text
    assert "1 medicine kept in the home" in shown
    assert "5 ampoules" in shown
    form = client.get(reverse("record_movement", args=[peggy.id])).text
    assert f"{MORPHINE} (ampoules)" in form
    box = "medicines_at_home.medicines__0__"
    said = {"seen": 0, "medicines_at_home.box": "yes", "medicines_at_home.kept": "Hall", f"{box}name": MORPHINE}
    where = reverse("save_section", kwargs={"person_id": peggy.id, "section_id": "medicines_at_home"})
    assert client.post(where, said | {f"{box}expires": "03/2027"}).status_code == 302
    assert "03/2027" in client.get(reverse("medicines_at_home", args=[peggy.id])).text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"named": ""}, "as it is labelled, with its strength"),
        ({"quantity": "five"}, "Enter a whole number"),
        ({"at": ""}, "at what time"),
        ({"at": "25:00"}, "like 14:05"),
        ({"kind": "used"}, "what it was given for"),
        ({"on-day": "31", "on-month": "2"}, "is not a date"),
        ({"unit": ""}, "Write what you count"),
    ],
)
def test_wrong_input_is_answered_at_the_field(peggy, client_as, said, told):
    answer = asked(client_as("Amina Rahman"), peggy, **said)
    assert answer.status_code == 422
    assert told in answer.text
    assert not MedicineMovement.objects.exists()


def test_a_mistake_is_taken_out_of_the_count_by_page(peggy, client_as, happen):
    client = client_as("Amina Rahman")
    wrong = happen("supplied", 5)
    page = reverse("take_back_movement", args=[peggy.id, wrong.id])
    assert client.post(page, {"reason": ""}).status_code == 422
    assert client.post(page, {"reason": "Another house"}).status_code == 302
    assert "Another house" in client.get(reverse("medicines_at_home", args=[peggy.id])).text
    assert client.get(page).status_code == 404


def test_the_page_takes_few_statements(peggy, client_as, happen, django_assert_max_num_queries):
    for _ in range(30):
        happen("counted", 5)
    client = client_as("Amina Rahman")
    client.get(reverse("medicines_at_home", args=[peggy.id]))
    with django_assert_max_num_queries(12):
        client.get(reverse("medicines_at_home", args=[peggy.id]))


@pytest.mark.parametrize(
    ("quantity", "unit", "words"),
    [
        (1, "ampoules", "1 ampoule"),
        (1, "Patches", "1 patch"),
        (4, "ampoule", "4 ampoules"),
        (0, "tablets", "0 tablets"),
        (1, "ml", "1 ml"),
        (1, "sticks of gum", "1 sticks of gum"),
        (3, "", "3"),
    ],
)
def test_one_ampoule_is_not_ampoules(quantity, unit, words):
    assert medicines.amount(quantity, unit) == words
