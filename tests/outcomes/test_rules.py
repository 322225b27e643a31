"""Scoring, missing answers, change, phases."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ambit.outcomes import registry
from ambit.outcomes.rules import change, instruments, phases
from ambit.outcomes.rules.phases import Period, Reading, Start
from tests.outcomes.conftest import IPOS, ipos

AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
DAY = date(2026, 11, 1)


def day(number):
    return DAY + timedelta(days=number)


@pytest.fixture
def instrument():
    return registry.instrument(IPOS)


# --- answers and scores ---


def test_ipos_is_as_the_validation_paper_has_it(instrument):
    """Seventeen items from 0 to 4: 0 to 68, physical 40, emotional 16, communication and practical 12."""
    assert (len(instrument.items), instrument.highest) == (17, 68)
    most = {part.id: sum(instrument.item(i).high for i in part.items) for part in instrument.subscales}
    assert most == {"physical": 40, "emotional": 16, "communication_practical": 12}
    assert {i for part in instrument.subscales for i in part.items} == {item.id for item in instrument.items}
    assert [i.id for i in instrument.items if i.worded_the_other_way] == ["peace", "share_feelings", "information"]


@given(st.lists(st.integers(0, 4), min_size=17, max_size=17))
def test_a_whole_ipos_is_the_sum_of_its_items_and_of_its_parts(values):
    instrument = registry.instrument(IPOS)
    came_to = instruments.score(instrument, dict(zip([i.id for i in instrument.items], values, strict=True)))
    assert came_to.total == sum(values) == sum(came_to.subscales.values())


@given(st.sets(st.integers(0, 16), min_size=1))
def test_with_anything_missing_there_is_no_total_and_no_zero(lacking):
    """“Cannot assess” is missing and never 0: neither the total nor a subscale holding it has a number."""
    instrument = registry.instrument(IPOS)
    gone = {instrument.items[place].id for place in lacking}
    came_to = instruments.score(instrument, {i.id: 2 for i in instrument.items if i.id not in gone})
    assert came_to.total is None
    assert came_to.why == f"No total: {len(gone)} of 17 items missing."
    for part in instrument.subscales:
        assert (came_to.subscales[part.id] is None) == bool(gone & set(part.items))


@pytest.mark.parametrize(
    ("said", "problems"),
    [
        (ipos(), set()),
        (ipos(pain="missing"), set()),
        (ipos(pain=""), {"pain"}),
        (ipos(pain="5"), {"pain"}),
        (ipos(pain="-1"), {"pain"}),
        (ipos(pain="1.0"), {"pain"}),
        (ipos(pain="٣"), {"pain"}),
        (ipos(itch="2"), {"itch"}),
        (dict.fromkeys(ipos(), "missing"), {""}),
    ],
)
def test_what_may_be_answered(instrument, said, problems):
    assert set(instruments.read_answers(instrument, said).problems) == problems


def test_nothing_that_is_not_confirmed_is_totalled():
    dem = registry.instrument("ipos-dem")
    came_to = instruments.score(dem, {item.id: 1 for item in dem.items})
    assert (came_to.total, came_to.why) == (None, "No total: how to score it is not confirmed.")


def test_the_two_barthels_are_never_one():
    small, large = registry.instrument("barthel-20"), registry.instrument("barthel-100")
    assert (small.highest, large.highest) == (20, 100)
    assert instruments.read_answers(small, {i.id: str(i.high) for i in large.items}).problems


def test_what_moved_the_furthest_comes_first(instrument):
    before = {"pain": 1, "nausea": 0, "peace": 3, "mouth": 2, "vomiting": 1}
    after = {"pain": 2, "nausea": 4, "peace": 1, "mouth": 2}
    moved = instruments.compare(instrument, before, after)
    assert (moved.worse, moved.better, moved.same) == (("nausea", "pain"), ("peace",), ("mouth",))
    assert "vomiting" in moved.unknown


def test_with_akps_more_is_better():
    moved = instruments.compare(registry.instrument("akps"), {"performance": 60}, {"performance": 40})
    assert moved.worse == ("performance",)


# --- licence ---


@pytest.mark.parametrize(
    ("which", "pack_allowed", "licensed", "demonstration", "allowed", "why"),
    [
        (IPOS, True, (), False, False, "Needs a licence"),
        (IPOS, True, (IPOS,), False, True, "reviewed"),
        (IPOS, False, (IPOS,), False, False, "not signed off"),
        (IPOS, True, ("ipos-staff-7-day",), False, False, "Needs a licence"),
        (IPOS, True, (), True, True, "demonstration only"),
        ("akps", True, (), False, True, "reviewed"),
        ("akps", False, (), False, False, "not signed off"),
        ("cpos-uk", True, ("cpos-uk",), True, False, "owner’s own file"),
    ],
)
def test_off_until_the_site_holds_a_licence(which, pack_allowed, licensed, demonstration, allowed, why):
    use = instruments.may_be_used(
        registry.instrument(which),
        pack_allowed=pack_allowed,
        pack_why="reviewed" if pack_allowed else "not signed off",
        licensed=licensed,
        demonstration=demonstration,
    )
    assert use.allowed == allowed
    assert why.replace("’", "'") in use.why.replace("’", "'")


# --- phases ---


def test_a_change_ends_the_phase_before():
    known = phases.periods([Start("stable", day(0), AT), Start("unstable", day(5), AT)])
    assert known == (Period("stable", day(0), day(5)), Period("unstable", day(5), None))
    assert phases.phase_on(known, day(4)).phase == "stable"
    assert phases.phase_on(known, day(5)).phase == "unstable"
    assert phases.phase_on(known, day(-1)) is None


def test_of_two_on_one_day_the_later_recorded_counts_and_the_same_again_goes_on():
    known = phases.periods(
        [
            Start("stable", day(0), AT),
            Start("unstable", day(3), AT),
            Start("stable", day(3), AT + timedelta(hours=1)),
            Start("dying", day(9), AT),
        ]
    )
    assert known == (Period("stable", day(0), day(9)), Period("dying", day(9), None))


def test_death_ends_the_last_phase():
    known = phases.periods([Start("dying", day(0), AT), Start("stable", day(4), AT)], died_on=day(2))
    assert known == (Period("dying", day(0), day(2)), Period("deceased", day(2), None))
    assert phases.periods([], died_on=day(2)) == ()


@given(st.lists(st.tuples(st.sampled_from(["stable", "unstable", "dying"]), st.integers(0, 30), st.integers(0, 5))))
def test_there_is_one_phase_on_every_day_and_none_overlaps(told):
    starts = [Start(phase, day(on), AT + timedelta(minutes=at)) for phase, on, at in told]
    known = phases.periods(starts)
    assert [p.ended_on for p in known[:-1]] == [p.began_on for p in known[1:]]
    assert all(p.ended_on is None or p.began_on < p.ended_on for p in known)
    assert all(a.phase != b.phase for a, b in pairwise(known))


def readings(*days, alike="staff"):
    return [Reading(day(number), alike, number) for number in days]


@pytest.mark.parametrize(
    ("assessed", "expected"),
    [
        (readings(0, 5), (0, 5)),
        (readings(1, 4), (1, 4)),
        (readings(2, 5), (None, 5)),
        (readings(0, 3), (0, None)),
        (readings(0), (0, None)),
        ([], (None, None)),
        ([*readings(0), *readings(5, alike="person")], (0, None)),
    ],
)
def test_an_assessment_belongs_to_the_end_of_a_phase_only_when_it_is_near(assessed, expected):
    known = phases.periods([Start("unstable", day(0), AT), Start("stable", day(5), AT)])
    (ends,) = phases.assessments_at_ends(known, assessed)
    assert (ends.start, ends.end) == expected


def test_one_assessment_is_never_both_ends():
    known = phases.periods([Start("unstable", day(0), AT), Start("stable", day(1), AT)])
    (ends,) = phases.assessments_at_ends(known, readings(0))
    assert (ends.start, ends.end) == (0, None)


# --- change ---


def test_change_is_worked_out_as_aihw_has_it():
    pairs = [(3, 1), (2, 2), (0, 0), (1, 2), (4, 3), (None, 1), (2, None)]
    came_to = change.change(pairs, low_at_most=1)
    assert came_to.complete == change.Share(5, 7)
    assert came_to.improved == change.Share(3, 5)  # 3→1, 4→3, and 0 that did not rise
    assert came_to.anticipatory == change.Share(1, 2)  # of 0 and 1 at the start, 0 stayed low
    assert came_to.responsive == change.Share(1, 3)  # of 3, 2 and 4, one came down to 1
    assert came_to.by == {-2: 1, -1: 1, 0: 2, 1: 1}


def test_sas_counts_up_to_three_as_mild():
    """AIHW: started 0 to 3 and did not rise counts, as does any fall of a point."""
    came_to = change.change([(3, 3), (3, 4), (7, 3), (8, 7), (5, 5)], low_at_most=3)
    assert came_to.improved == change.Share(3, 5)
    assert came_to.anticipatory == change.Share(1, 2)
    assert came_to.responsive == change.Share(1, 3)


def test_of_nothing_there_is_no_share():
    came_to = change.change([(None, 2)], low_at_most=1)
    assert came_to.improved.value is None
    assert came_to.complete.value == 0


maybe = st.none() | st.integers(0, 4)


@given(st.lists(st.tuples(maybe, maybe)))
def test_nothing_is_filled_in_and_every_share_is_of_what_is_known(pairs):
    came_to = change.change(pairs, low_at_most=1)
    valid = [p for p in pairs if None not in p]
    assert came_to.complete == change.Share(len(valid), len(pairs))
    assert came_to.improved.of == len(valid) == sum(came_to.by.values())
    assert came_to.anticipatory.of + came_to.responsive.of == len(valid)
    for share in (came_to.improved, came_to.anticipatory, came_to.responsive):
        assert 0 <= share.count <= share.of
