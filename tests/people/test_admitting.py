"""Admitting people: exactly once, by the rules, whole or not at all."""

from collections import Counter
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from ambit.access.queries import operator
from ambit.audit.models import AuditLine
from ambit.audit.rules import NotAllowed
from ambit.design.refusals import Refused
from ambit.people import actions
from ambit.people.models import Address, NameWord, Person, PersonNumber, PersonVersion
from ambit.people.rules import Admission, Details, Home, Identity
from ambit.people.rules.numbers import check_digit

PEGGY = Identity(
    title="Mrs",
    given_names="Margaret Jean",
    family_name="Ashworth",
    preferred_name="Peggy",
    born_on=date(1943, 3, 14),
    sex="female",
    nhs_number="999 717 0326",
)


def fictional_numbers(count):
    found = []
    n = 0
    while len(found) < count:
        head = f"999{n:06}"
        if check_digit(head) != 10:
            found.append(head + str(check_digit(head)))
        n += 1
    return found[1:] if found[0] == "9990000000" else found


@pytest.fixture
def by(reader):
    return reader("gp")


def test_admit(by, place):
    home = Home(lines="2 Quarry Lane\nEskmouth", postcode="qz14ab", lsoa="E01000001")
    person = actions.admit(
        by=by,
        identity=replace(PEGGY, practice_id=place["Z90001"].id),
        details=Details(ethnicity="A", language="en", communication_needs=("large_print",)),
        home=home,
    )
    assert person.name_key == "ashworth margaret jean"
    assert set(NameWord.objects.filter(person=person).values_list("word", flat=True)) == {
        "ashworth", "margaret", "jean", "peggy",
    }  # fmt: skip
    assert person.numbers.get().value == "9997170326"
    assert person.details.communication_needs == ["large_print"]
    assert Address.objects.get(person=person).postcode == "QZ1 4AB"
    version = PersonVersion.objects.get(person=person, number=1)
    assert [number["value"] for number in version.data["numbers"]] == ["9997170326"]
    assert version.data["details"]["ethnicity"] == "A"
    assert AuditLine.objects.filter(about=person.id, what="admitted a person", name="Dr Amina Rahman").count() == 1


def test_the_same_person_again_is_the_same_record(by):
    first = actions.admit(by=by, identity=PEGGY)
    again = actions.admit(by=by, identity=replace(PEGGY, given_names="Peggy", title="", nhs_number="9997170326"))
    assert again == first
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"born_on": date(1943, 4, 14)}, "another date of birth"),
        ({"born_on": date(1943, 3, 15)}, "another date of birth"),
        ({"given_names": "Doris"}, "another name"),
        ({"family_name": "Preston", "given_names": "Joan"}, "another name"),
    ],
)
def test_a_number_held_by_somebody_else_is_refused_never_merged(by, change, words):
    actions.admit(by=by, identity=PEGGY)
    with pytest.raises(Refused) as refused:
        actions.admit(by=by, identity=replace(PEGGY, **change))
    assert words in refused.value.problems["nhs_number"][0]
    assert "Ashworth" not in str(refused.value)
    assert Person.objects.count() == 1


def test_a_form_sent_twice_makes_one_person(by):
    form = uuid4()
    nobody = replace(PEGGY, nhs_number="", no_number_reason="visitor")
    first = actions.admit(by=by, identity=nobody, person_id=form)
    assert actions.admit(by=by, identity=nobody, person_id=form) == first
    assert first.pk == form
    with pytest.raises(Refused, match="sent before"):
        actions.admit(by=by, identity=replace(nobody, given_names="Doris"), person_id=form)
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"nhs_number": "９９９７１７０３２６"}, "nhs_number"),
        ({"nhs_number": "9434765919"}, "nhs_number"),
        ({"nhs_number": ""}, "no_number_reason"),
        ({"born_on": date(2190, 1, 1)}, "born_on"),
        ({"family_name": ""}, "family_name"),
        ({"practice_id": uuid4()}, "practice_id"),
    ],
)
def test_refused_input_leaves_nothing(by, change, field):
    with pytest.raises(Refused) as refused:
        actions.admit(by=by, identity=replace(PEGGY, **change))
    assert list(refused.value.problems) == [field]
    assert not Person.objects.exists()


def test_every_problem_at_once(by):
    with pytest.raises(Refused) as refused:
        actions.admit(
            by=by,
            identity=Identity(family_name="", nhs_number="1"),
            details=Details(ethnicity="Q", telephone="bell"),
            home=Home(lines="", postcode="x"),
        )
    assert set(refused.value.problems) == {
        "family_name", "nhs_number", "born_on", "ethnicity", "telephone", "lines", "postcode",
    }  # fmt: skip


def test_who_may_not(reader):
    with pytest.raises(NotAllowed):
        actions.admit(by=reader("auditor"), identity=PEGGY)


def test_a_failed_audit_line_undoes_it_all(by, monkeypatch):
    def fails(**_):
        raise OSError("disk full")

    monkeypatch.setattr("ambit.audit.actions.record", fails)
    with pytest.raises(OSError):
        actions.admit(by=by, identity=PEGGY)
    assert not Person.objects.exists()
    assert not PersonNumber.objects.exists()


def test_admit_many(by, place, django_assert_max_num_queries):
    actions.admit(by=by, identity=PEGGY)
    numbers = fictional_numbers(300)
    practice = place["Z90001"].id
    given = [
        Admission(
            identity=Identity(
                family_name=f"Preston{n}",
                given_names="Joan",
                born_on=date(1942, 5, 9),
                nhs_number=number,
                practice_id=practice,
            ),
            details=Details(ethnicity="A"),
            home=Home(lines="1 Mill Row"),
        )
        for n, number in enumerate(numbers)
    ]
    with django_assert_max_num_queries(14):
        people = actions.admit_many(by=by, admissions=[PEGGY, *given])
    assert len({person.pk for person in people}) == 1 + len(given)
    assert people[0].numbers.get().value == "9997170326"
    assert AuditLine.objects.filter(what="admitted a person").count() == 1 + len(given)
    assert PersonVersion.objects.count() == 1 + len(given)
    assert [p.pk for p in actions.admit_many(by=by, admissions=[PEGGY, *given])] == [p.pk for p in people]


def test_admit_many_tells_every_problem_and_admits_nobody(by):
    numbers = fictional_numbers(3)
    given = [
        Identity(family_name="Preston", given_names="Joan", born_on=date(1942, 5, 9), nhs_number=numbers[0]),
        Identity(family_name="", born_on=date(1942, 5, 9), nhs_number=numbers[1]),
        Identity(family_name="Okafor", given_names="Sam", born_on=date(2190, 5, 9), nhs_number="1"),
    ]
    with pytest.raises(Refused) as refused:
        actions.admit_many(by=by, admissions=given)
    assert set(refused.value.problems) == {"1.family_name", "2.nhs_number", "2.born_on"}
    two_with_one = [given[0], replace(given[0], given_names="Doris")]
    with pytest.raises(Refused) as refused:
        actions.admit_many(by=by, admissions=two_with_one)
    assert set(refused.value.problems) == {"1.nhs_number"}
    assert not Person.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_parallel_creates_of_one_person_give_exactly_one(in_parallel):
    """H10: 8 people, each asked for by 8 threads at the same moment."""
    numbers = fictional_numbers(8)
    reader = operator()

    def asking(n):
        identity = Identity(
            family_name=f"Preston{n}", given_names="Joan", born_on=date(1942, 5, 9), nhs_number=numbers[n]
        )
        return lambda: actions.admit(by=reader, identity=identity).pk

    answers = in_parallel([asking(n % 8) for n in range(64)])
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert set(Counter(answers).values()) == {8}
    assert in_parallel([Person.objects.count], again=True) == [8]


@pytest.mark.django_db(transaction=True)
def test_parallel_creates_from_one_form_give_exactly_one(in_parallel):
    form, reader = uuid4(), operator()
    nobody = replace(PEGGY, nhs_number="", no_number_reason="visitor")
    answers = in_parallel([lambda: actions.admit(by=reader, identity=nobody, person_id=form).pk] * 16)
    assert answers == [form] * 16
