"""The invented place is plausible, fictional, and the same each time."""

from collections import Counter
from datetime import date

import nhs_number
import pytest

from ambit.demonstration import cast, names
from ambit.demonstration.rules import CONDITIONS, age_on, invent, nhs_numbers, share

A_TUESDAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def people():
    return invent(3000, on=A_TUESDAY)


def test_the_same_seed_and_day_make_the_same_people(people):
    assert invent(3000, on=A_TUESDAY) == people
    assert invent(50, on=A_TUESDAY, seed=1) != invent(50, on=A_TUESDAY, seed=2)


def test_every_number_is_synthetic_valid_and_used_once(people):
    numbers = [somebody.nhs_number for somebody in people if somebody.nhs_number]
    numbers += [row[6] for row in cast.EVERYBODY]
    assert len(numbers) == len(set(numbers))
    for number in numbers:
        assert number.startswith("999")
        assert nhs_number.is_valid(number)


def test_numbers_skip_a_check_digit_of_ten():
    first = [number for _, number in zip(range(200), nhs_numbers(), strict=False)]
    assert int(first[-1][:9]) - int(first[0][:9]) > 199  # some nines have no number


def test_ages_follow_england(people):
    ages = [age_on(somebody.born_on, A_TUESDAY) for somebody in people]
    assert 0.18 < sum(age < 18 for age in ages) / 3000 < 0.24
    assert 0.16 < sum(age >= 65 for age in ages) / 3000 < 0.21
    assert min(ages) == 0
    assert max(ages) > 95


def test_somebody_without_a_number_has_a_reason(people):
    without = [somebody for somebody in people if not somebody.nhs_number]
    assert 5 < len(without) < 50
    assert all(somebody.no_number_reason in names.NO_NUMBER_REASONS for somebody in without)


def test_households_hold_more_than_one_generation(people):
    homes: dict[int, list] = {}
    for somebody in people:
        homes.setdefault(somebody.household, []).append(somebody)
    assert Counter(min(len(home), 3) for home in homes.values())[1] > 200
    families = [home for home in homes.values() if any(age_on(p.born_on, A_TUESDAY) < 18 for p in home)]
    assert all(any(age_on(p.born_on, A_TUESDAY) >= 18 for p in home) for home in families if len(home) > 1)
    assert all(len({p.address for p in home}) == 1 for home in homes.values())


def test_some_died_and_nothing_happens_to_them_afterwards(people):
    died = [somebody for somebody in people if somebody.died_on]
    assert 12 < len(died) < 80
    assert all(somebody.born_on < somebody.died_on < A_TUESDAY for somebody in died)
    assert all(day < somebody.died_on for somebody in died for day in somebody.admissions)


def test_telephone_numbers_are_those_kept_for_drama(people):
    given = [somebody.telephone for somebody in people]
    given += [telephone for telephone, _ in cast.CONTACT.values()] + [team[2] for team in cast.TEAMS]
    assert all(number.startswith(("01632 960", "07700 900")) for number in given)


@pytest.mark.parametrize(
    ("condition", "age", "in_a_thousand"),
    [
        ("dementia", 40, 0),
        ("dementia", 60, 4),
        ("dementia", 95, 190),
        ("duchenne", 10, 1.6),
        ("duchenne", 30, 0),
    ],
)
def test_share_by_age(condition, age, in_a_thousand):
    assert share(condition, age) == in_a_thousand


def test_every_condition_starts_at_birth():
    assert all(shares[0][0] == 0 for shares in CONDITIONS.values())


def test_the_cast_has_the_hard_cases():
    assert any(len(f"{given} {family}") >= 60 for _, given, family, *_ in cast.EVERYBODY)
    namesakes = [row for row in cast.EVERYBODY if row[2] == "Ashworth"]
    assert len(namesakes) == 2
    assert abs((namesakes[0][4] - namesakes[1][4]).days) < 60
