"""The register of a place in counts: right, scoped, and never who or how few."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from ambit.access.queries import NotAllowed, operator
from ambit.caseload import place as places
from ambit.caseload.rules import HIDDEN_UP_TO, between, shown, shown_total
from ambit.people import actions as people
from ambit.people.models import Person
from ambit.people.rules import Identity
from ambit.register import actions as register
from tests.people.test_admitting import fictional_numbers
from tests.world.foreign import foreign_world

TODAY = timezone.localdate()


@pytest.fixture
def twelve(place):
    """Twelve people of Brackenhill on the register, three of them near death; forty known there in all."""
    made = []
    for n, number in enumerate(fictional_numbers(40)):
        identity = Identity(
            family_name=f"Numbers{n}", given_names="Ada", born_on=date(1940, 1, 1), nhs_number=number,
            practice_id=place["Z90001"].id,
        )  # fmt: skip
        made.append(people.admit(by=operator(), identity=identity))
    for n, person in enumerate(made[:12]):
        register.add_to_register(
            by=operator(), person=person, on=TODAY - timedelta(days=60), found_by="by_hand",
            stage="days" if n < 3 else "a_year_or_more",
        )  # fmt: skip
    return made


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0"), (1, "1 to 7"), (7, "1 to 7"), (8, "10"), (12, "10"), (13, "15"), (1234, "1,235")]
)
def test_shown(count, words):
    assert shown(count).in_words == words


@given(total=st.integers(8, 500), small=st.integers(1, HIDDEN_UP_TO))
def test_what_is_hidden_is_not_had_by_subtracting(total, small):
    """H21: from the total and the rest, at least two hidden numbers stay possible."""
    rest = total - small
    seen = (shown(total), shown(rest))
    possible = [
        hidden
        for hidden in range(1, HIDDEN_UP_TO + 1)
        if any((shown(other + hidden), shown(other)) == seen for other in range(max(rest - 5, 0), rest + 6))
    ]
    assert len(possible) > 1


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([7, 7, 7, 7], "25"),  # 30 would say seven each
        ([7, 7, 7, 6], "25"),
        ([1] * 12, "15"),  # 10 would say one each
        ([1] * 7, "10"),  # 1 to 7 would say one each
        ([1] * 6, "1 to 7"),
        ([3, 4, 20], "25"),
        ([0, 0], "0"),
        ([10, 20], "30"),
        ([], "0"),
    ],
)  # fmt: skip
def test_a_total_that_would_give_its_parts_away_goes_one_step_further(parts, words):
    assert shown_total(parts).in_words == words


@given(
    st.lists(
        st.one_of(st.integers(0, 9), st.sampled_from([0, 1, 7, 8, 12, 13]), st.integers(0, 60)), min_size=1, max_size=16
    )
)
def test_no_total_says_what_is_hidden_beside_it(parts):
    """H21, each line of the table: every hidden count may be another one, and the sum is shown the same."""
    total = shown_total(parts)
    told = [shown(part) for part in parts]
    low, high = (sum(ends) for ends in zip(*map(between, told), strict=True))
    least, most = between(total)
    for one in told:
        if one.number is None and not (len(parts) == 1 and total.number is None):
            assert max(least, low) < high, "each is as high as it can be"
            assert min(most, high) > low, "each is as low as it can be"


def test_register_in_numbers(client_as, twelve):
    shown_page = client_as("Leila Garside").get("/caseload/numbers/")
    assert "10 people are on the register in Thornmere and Eskvale, 25.0 in 100 of those known here" in shown_page.text
    assert "Numbers0" not in shown_page.text
    assert "Old Tannery Practice" in shown_page.text


def test_counts(reader, twelve, django_assert_max_num_queries):
    Person.objects.filter(pk=twelve[11].pk).update(died_on=TODAY)
    by = reader("Leila Garside")
    with django_assert_max_num_queries(5):
        found = places.register_in_numbers(by, on=TODAY)
    brackenhill, tannery = found.places[0].practices
    assert (brackenhill.on_register.number, brackenhill.known.number) == (10, 40)
    assert brackenhill.stages["days"].in_words == "1 to 7"
    assert brackenhill.stages["months"].number == 0
    assert brackenhill.review_late.in_words == "1 to 7"
    assert brackenhill.no_coordinator.number == 10
    assert brackenhill.with_plan.number == 0
    assert (tannery.on_register.number, tannery.of_list) == (0, None)


def test_only_ones_own_area(reader, twelve):
    foreign_world()
    system = places.register_in_numbers(reader("Niall Byrne"), on=TODAY)
    assert [place.name for place in system.places] == ["Thornmere and Eskvale"]
    assert "Farlands" not in str(system)


@pytest.mark.parametrize("who", ["Amina Rahman", "Bea Lindqvist", "Otto Lamb", "Dana Whitlock"])
def test_who_may_not(who, reader):
    with pytest.raises(NotAllowed):
        places.register_in_numbers(reader(who), on=TODAY)
