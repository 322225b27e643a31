"""Names, dates, identity and likeness, case by case."""

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ambit.people.rules import (
    Details,
    Identity,
    age_on,
    age_words,
    banner_name,
    birth_problem,
    checked,
    death_problems,
    disagreements,
    likeness,
    name_key,
    name_words,
    similar_names,
    tidy,
)
from ambit.people.rules.dates import born_words
from ambit.people.rules.identity import details_problems
from ambit.people.rules.names import distance

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(1943, 3, 14), date(2026, 3, 13), 82),
        (date(1943, 3, 14), date(2026, 3, 14), 83),
        # born on a leap day: a year older on 1 March where there is no 29 February
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2024, 2, 29), 16),
        (date(2008, 2, 29), date(2024, 2, 28), 15),
        (date(2010, 12, 31), date(2011, 1, 1), 0),
        (date(2010, 12, 31), date(2026, 12, 31), 16),
    ],
)
def test_age_on(born, on, age):
    assert age_on(born, on) == age


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 45_000))
def test_age_never_falls(born, days):
    on = date.fromordinal(born.toordinal() + days)
    assert 0 <= age_on(born, on) <= age_on(born, date.fromordinal(on.toordinal() + 1))


@pytest.mark.parametrize(
    ("born", "precision", "words"),
    [
        (date(1943, 3, 14), "exact", "83 years"),
        (date(1943, 1, 1), "estimated", "about 83 years"),
        (date(2025, 9, 30), "exact", "13 months"),
        (date(2026, 9, 22), "exact", "8 weeks"),
        (date(2026, 11, 20), "exact", "1 day"),
        (date(2026, 11, 21), "exact", "0 days"),
        (date(2027, 3, 3), "unborn", "not born yet"),
        (None, "", "age not known"),
    ],
)
def test_age_words(born, precision, words):
    assert age_words(born, precision, TODAY) == words


@pytest.mark.parametrize(
    ("precision", "words"),
    [
        ("exact", "3 April 1950"),
        ("month", "April 1950 (day not known)"),
        ("year", "1950 (day and month not known)"),
        ("estimated", "about 3 April 1950 (estimated)"),
        ("unborn", "due 3 April 1950"),
    ],
)
def test_born_words(precision, words):
    assert born_words(date(1950, 4, 3), precision) == words


@pytest.mark.parametrize(
    ("born", "precision", "problem"),
    [
        (date(2026, 11, 21), "exact", None),
        (date(2026, 11, 22), "exact", "after today"),
        (date(1895, 1, 1), "exact", "130 years"),
        (None, "exact", "Enter the date"),
        (None, "", None),
        (date(2027, 9, 10), "unborn", None),
        (date(2027, 9, 12), "unborn", "42 weeks"),
        (date(2026, 1, 1), "unborn", "42 weeks"),
    ],
)
def test_birth_problem(born, precision, problem):
    found = birth_problem(born, precision, on=TODAY)
    assert problem in found if problem else found is None


@pytest.mark.parametrize(
    ("died_on", "died_at", "unborn", "field"),
    [
        (TODAY, time(9), False, None),
        (TODAY, time(13), False, "died_at"),
        (date(2026, 11, 22), None, False, "died_on"),
        (date(1943, 3, 13), None, False, "died_on"),
        (date(1943, 3, 14), None, False, None),
        (TODAY, None, True, ""),
    ],
)
def test_death_problems(died_on, died_at, unborn, field):
    problems = death_problems(died_on, died_at, born_on=date(1943, 3, 14), unborn=unborn, on=TODAY, now=time(12))
    assert list(problems) == ([] if field is None else [field])


@pytest.mark.parametrize(
    ("family", "given_names", "key"),
    [
        ("Ashworth", "Margaret Jean", "ashworth margaret jean"),
        ("O’Brien", "Siân", "obrien sian"),
        ("Smith-Jones", "Zoë", "smith jones zoe"),
        ("Łukasz", "", "łukasz"),
        ("STRASSE", "Groß", "strasse gross"),
        ("李", "小龍", "李 小龍"),
    ],
)
def test_name_key(family, given_names, key):
    assert name_key(family, given_names) == key


def test_name_words_and_banner():
    assert name_words("Mary Ann", "Smith-Jones", "Polly") == {"mary", "ann", "smith", "jones", "polly"}
    assert banner_name("Mrs", "Margaret Jean", "Ashworth") == "ASHWORTH, Margaret Jean (Mrs)"
    assert banner_name("", "", "Plato") == "PLATO"


@given(st.text(max_size=30))
def test_tidy_is_stable_and_shows_everything_it_keeps(text):
    once = tidy(text)
    assert tidy(once) == once
    assert "\n" not in once
    assert "\x00" not in once


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_distance_is_the_same_both_ways(one, other):
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)


@given(st.text("abc", max_size=8), st.text("abc", max_size=8), st.integers(0, 3))
def test_distance_counted_up_to_a_limit_says_the_same_below_it(one, other, most):
    assert distance(one, other, at_most=most) == min(distance(one, other), most + 1)


@given(st.text(st.characters(max_codepoint=127), max_size=20))
def test_names_without_accents_are_spelled_as_any_other_name(text):
    # the composed letter makes the whole name take the longer way
    assert name_key(text, "") == name_key(text, "é").removesuffix("e").rstrip()


PEGGY = Identity(
    title="Mrs", given_names="Margaret Jean", family_name="Ashworth", preferred_name="Peggy",
    born_on=date(1943, 3, 14), sex="female", nhs_number="9997170326",
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({}, ("same date of birth", "same family name", "same first name")),
        ({"given_names": "M"}, ("same date of birth", "same family name", "same initial")),
        ({"given_names": "Peggy"}, ("same date of birth", "same family name",
                                    "first name of one is the preferred name of the other")),
        ({"family_name": "Ashwroth"}, ("same date of birth", "family names differ in a letter", "same first name")),
        ({"family_name": "Ashworth-Doyle"}, ("same date of birth", "part of the family name is the same",
                                             "same first name")),
        ({"given_names": "Ashworth", "family_name": "Margaret Jean"}, ("same date of birth",
                                                                       "family and given names swapped")),
        ({"born_on": date(1943, 8, 14)}, ("dates of birth differ in one digit", "same family name",
                                          "same first name")),
        ({"born_on": date(1943, 1, 1), "birth_precision": "year"},
         ("years of birth agree as far as they are known", "same family name", "same first name")),
        ({"born_on": date(1943, 3, 1), "birth_precision": "month"},
         ("months of birth agree", "same family name", "same first name")),
        ({"given_names": "Doris"}, None),
        ({"born_on": date(1951, 9, 30)}, None),
        ({"born_on": None}, None),
        ({"family_name": "Preston"}, None),
    ],
)  # fmt: skip
def test_likeness_with_its_reasons(change, reasons):
    found = likeness(PEGGY, replace(PEGGY, **change))
    assert (found.reasons if found else None) == reasons


def test_day_and_month_swapped():
    other = replace(PEGGY, born_on=date(1943, 4, 3))
    assert likeness(other, replace(PEGGY, born_on=date(1943, 3, 4))).reasons[0] == "day and month of birth swapped"


def test_a_shared_number_alone_is_likeness():
    stranger = Identity(family_name="Preston", born_on=date(1960, 1, 1))
    assert likeness(PEGGY, stranger, same_number=True).reasons == ("same number",)


@pytest.mark.parametrize(
    ("change", "warned"),
    [
        ({"born_on": date(1951, 9, 30)}, True),  # same name, another birth: the next bed
        ({"given_names": "Doris", "born_on": date(1943, 3, 17)}, True),  # same family, born within a week
        ({"given_names": "Doris", "born_on": date(1950, 1, 1)}, False),
        ({"family_name": "Preston", "given_names": "Joan"}, False),
    ],
)
def test_similar_names(change, warned):
    assert bool(similar_names(PEGGY, replace(PEGGY, **change))) == warned


@pytest.mark.parametrize(
    ("change", "differing"),
    [
        ({}, ()),
        ({"given_names": "margaret"}, ()),
        ({"given_names": "Peggy"}, ()),
        ({"given_names": ""}, ()),
        ({"family_name": "Ashworth-Doyle"}, ()),
        ({"born_on": None}, ()),
        ({"born_on": date(1943, 1, 1), "birth_precision": "year"}, ()),
        ({"born_on": date(1943, 3, 15)}, ("date of birth",)),
        ({"born_on": date(1943, 8, 14)}, ("date of birth",)),
        ({"given_names": "Doris"}, ("name",)),
        ({"family_name": "Preston"}, ("name",)),
        ({"family_name": "Preston", "born_on": date(1990, 1, 1)}, ("date of birth", "name")),
    ],
)
def test_who_cannot_be_the_holder_of_a_number(change, differing):
    assert disagreements(PEGGY, replace(PEGGY, **change)) == differing


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"family_name": " - "}, "family_name"),
        ({"family_name": "x" * 201}, "family_name"),
        ({"title": "x" * 41}, "title"),
        ({"nhs_number": "999 717 0327"}, "nhs_number"),
        ({"nhs_number": ""}, "no_number_reason"),
        ({"nhs_number": "", "no_number_reason": "lost it"}, "no_number_reason"),
        ({"born_on": date(2027, 1, 1)}, "born_on"),
        ({"birth_precision": "guess"}, "birth_precision"),
        ({"sex": "F"}, "sex"),
    ],
)
def test_identity_refused(change, field):
    _, problems = checked(replace(PEGGY, **change), on=TODAY, demonstration=True)
    assert list(problems) == [field]


def test_identity_as_it_is_stored():
    given_ = replace(
        PEGGY, family_name="  Ash\u200bworth ", nhs_number="999-717-0326", no_number_reason="Visitor from overseas"
    )
    stored, problems = checked(given_, on=TODAY, demonstration=True)
    assert problems == {}
    assert (stored.family_name, stored.nhs_number, stored.no_number_reason) == ("Ashworth", "9997170326", "")
    without = replace(PEGGY, nhs_number="", no_number_reason="Visitor from overseas")
    assert checked(without, on=TODAY, demonstration=True)[0].no_number_reason == "visitor"


def test_codes_outside_their_lists_are_refused():
    wrong = Details(ethnicity="Q", communication_needs=("smoke",), living_situation="castle")
    assert set(details_problems(wrong)) == {"ethnicity", "communication_needs", "living_situation"}
    assert details_problems(Details(ethnicity="A", communication_needs=("large_print",))) == {}
