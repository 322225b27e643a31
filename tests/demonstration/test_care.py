"""What was done for people on the register can be done on any day of the calendar, and looks like a real Tuesday."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ambit.careplan import registry
from ambit.careplan.rules import check
from ambit.demonstration import cast
from ambit.demonstration.care import STAGES, care_of
from ambit.demonstration.rules import LIFE_LIMITING, age_on, invent_ill
from ambit.register.rules import review_due

HARD_DAYS = [date(2024, 2, 29), date(2026, 1, 1), date(2026, 3, 31), date(2026, 10, 25), date(2027, 3, 1)]
DAYS = st.one_of(st.sampled_from(HARD_DAYS), st.dates(date(2024, 1, 1), date(2032, 12, 31)))


def cared_for(today, count=280):
    for somebody in invent_ill(count, on=today):
        died = (today - somebody.died_on).days if somebody.died_on else None
        yield somebody, died, care_of(somebody, died=died, is_child=age_on(somebody.born_on, today) < 18)


@given(DAYS)
def test_nothing_is_done_before_joining_after_death_or_tomorrow(today):
    for _, died, care in cared_for(today, count=40):
        done = [written.days_ago for written in care.sections] + [form.days_ago for form in care.cpr]
        done += [care.reviewed] if care.reviewed is not None else []
        assert all((died or 0) < days_ago <= care.joined for days_ago in done)
        assert all(form.review_in is None or form.review_in > -form.days_ago for form in care.cpr)


@given(DAYS)
def test_every_section_is_one_that_the_plan_takes(today):
    for _, _, care in cared_for(today, count=20):
        for written in care.sections:
            said = {
                f"{written.section}.{part}": (today + timedelta(days=value)).isoformat()
                if isinstance(value, int)
                else value
                for part, value in written.says.items()
            }
            section = registry.section(written.section)
            assert section is not None
            assert check(section, said, on=today - timedelta(days=written.days_ago)).problems == {}


def test_a_place_is_the_same_each_time():
    assert list(cared_for(HARD_DAYS[0], count=30)) == list(cared_for(HARD_DAYS[0], count=30))


@pytest.mark.parametrize("today", HARD_DAYS)
def test_it_looks_like_a_real_tuesday(today):
    everybody = list(cared_for(today))
    living = [(who, care) for who, died, care in everybody if died is None]
    assert all(LIFE_LIMITING & set(who.conditions) for who, _, _ in everybody)
    assert 10 <= len(everybody) - len(living) <= 70
    assert 2 <= sum(age_on(who.born_on, today) < 18 for who, _ in living) <= 12
    registers = Counter(who.practice for who, _ in living)
    assert all(15 <= count <= 50 for practice, count in registers.items() if practice != "Z90008")
    assert 1 <= registers["Z90008"] <= 15
    overdue = sum(
        review_due(care.stage, on=today - timedelta(days=care.joined if care.reviewed is None else care.reviewed))
        < today
        for _, care in living
    )
    assert 0.05 < overdue / len(living) < 0.3
    assert sum(len(care.cpr) == 2 for _, care in living) >= 1
    assert sum(not care.sections for _, care in living) < len(living) / 5
    assert all(days == (review_due(stage, on=today) - today).days for stage, (_, days) in STAGES.items())


def test_a_social_worker_has_a_caseload_of_those_whose_nights_need_arranging():
    cared = [care for somebody, _, care in cared_for(date(2026, 11, 30)) if somebody.practice in cast.SOCIAL_CARE_OF]
    assert 10 <= sum(care.needs_arranging for care in cared) <= 45
