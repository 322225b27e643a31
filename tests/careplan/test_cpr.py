"""CPR: five readings, and several forms read together."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ambit.careplan.rules import cpr

DAY = date(2026, 11, 21)
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def form(reading, *, made=0, typed=0, **more):
    made_on = None if made is None else DAY - timedelta(days=made)
    source = more.pop("source", cpr.MADE_HERE)
    return cpr.Recorded(
        id=uuid4(), reading=reading, source=source, made_on=made_on, recorded_at=AT - timedelta(days=typed), **more
    )


@pytest.mark.parametrize(
    ("forms", "reading"),
    [
        ([], "not_recorded"),
        ([form("attempt")], "attempt"),
        ([form("do_not_attempt")], "do_not_attempt"),
        ([form("modified")], "modified"),
        ([form("not_decided")], "not_decided"),
        ([form("not_decided"), form("do_not_attempt", made=90)], "do_not_attempt"),
        ([form("attempt", made=1), form("do_not_attempt", made=90)], "disagree"),
        ([form("attempt", made=None, source="transcribed"), form("do_not_attempt")], "disagree"),
        ([form("attempt", ended="replaced"), form("do_not_attempt")], "do_not_attempt"),
        ([form("do_not_attempt", ended="withdrawn")], "not_recorded"),
    ],
)
def test_standing(forms, reading):
    assert cpr.standing(forms).reading == reading


def test_order_follows_the_day_made_not_the_day_typed():
    older_typed_today = form("do_not_attempt", made=200, typed=0, source="transcribed")
    newer_typed_before = form("do_not_attempt", made=10, typed=10)
    assert cpr.standing([older_typed_today, newer_typed_before]).newest == newer_typed_before


def test_a_transcribed_form_says_what_it_lacks():
    seen = form("do_not_attempt", made=None, source=cpr.TRANSCRIBED, signature_seen=False)
    assert seen.report == "Reported, incomplete: no signature seen, no date seen, who decided is not known"
    assert form("attempt").report == "Made here"


EIGHTEEN_TODAY, EIGHTEEN_TOMORROW = date(2008, 11, 21), date(2008, 11, 22)


@pytest.mark.parametrize(
    ("made", "typed", "born_on", "expected"),
    [
        (1, 0, EIGHTEEN_TODAY, True),
        (0, 0, EIGHTEEN_TODAY, False),
        (1, 0, EIGHTEEN_TOMORROW, False),
        (400, 0, date(1980, 1, 1), False),
        (400, 0, None, False),
        (None, 1, EIGHTEEN_TODAY, True),
        (None, 0, EIGHTEEN_TODAY, False),
    ],
)
def test_a_decision_made_as_a_child_is_looked_at_again_from_eighteen(made, typed, born_on, expected):
    assert form("do_not_attempt", made=made, typed=typed, born_on=born_on).made_as_a_child(DAY) is expected


def test_age_says_overdue_and_hides_nothing():
    old = form("do_not_attempt", made=2000, review_on=DAY - timedelta(days=1))
    assert old.review_overdue(DAY)
    assert cpr.standing([old]).reading == "do_not_attempt"


forms = st.builds(
    form,
    st.sampled_from(["attempt", "do_not_attempt", "modified", "not_decided"]),
    made=st.none() | st.integers(0, 4000),
    typed=st.integers(0, 4000),
    source=st.sampled_from([cpr.MADE_HERE, cpr.TRANSCRIBED]),
    ended=st.sampled_from(["", "", "replaced", "withdrawn", "wrong"]),
    signature_seen=st.booleans(),
)


@given(st.lists(forms, max_size=6))
def test_never_an_attempt_that_was_not_recorded_never_a_do_not_hidden(recorded):
    read = cpr.standing(recorded)
    live = {f.reading for f in recorded if not f.ended}
    if "attempt" not in live:
        assert read.reading != "attempt"
    if "do_not_attempt" in live:
        assert read.reading in ("do_not_attempt", "disagree")
        assert any(f.reading == "do_not_attempt" for f in read.current)
    assert len(read.current) == sum(not f.ended for f in recorded)
    if not live:
        assert read.words == "CPR: not recorded. This is not a decision."


MADE = {
    "reading": "do_not_attempt", "role": "gp", "made_on": DAY, "on": DAY, "born_on": date(1943, 3, 14),
    "reason": "Heart failure", "talked": "person", "why_not_talked": "", "decided_by": "Dr Amina Rahman",
    "review_on": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("but", "fields"),
    [
        ({}, set()),
        ({"role": "community_nurse"}, {""}),
        ({"reading": ""}, {"reading"}),
        ({"reading": "modified"}, {"reading"}),
        ({"reading": "modified", "born_on": date(2019, 4, 17)}, set()),
        ({"reading": "modified", "born_on": None}, {"reading"}),
        ({"made_on": None}, {"made_on"}),
        ({"made_on": DAY + timedelta(days=1)}, {"made_on"}),
        ({"made_on": date(1940, 1, 1)}, {"made_on"}),
        ({"reason": " "}, {"reason"}),
        ({"reading": "attempt", "reason": ""}, set()),
        ({"talked": ""}, {"talked"}),
        ({"talked": "harm"}, {"why_not_talked"}),
        ({"talked": "harm", "why_not_talked": "Psychotic illness, see letter"}, set()),
        ({"decided_by": ""}, {"decided_by"}),
        ({"reading": "not_decided", "decided_by": "", "reason": ""}, set()),
        ({"review_on": DAY}, {"review_on"}),
    ],
)
def test_problems_of_making(but, fields):
    assert set(cpr.problems_of_making(**(MADE | but))) == fields


def test_a_paper_form_is_refused_only_for_what_cannot_be():
    assert cpr.problems_of_transcribing(reading="modified", made_on=None, on=DAY) == {}
    assert set(cpr.problems_of_transcribing(reading="", made_on=DAY + timedelta(days=1), on=DAY)) == {
        "reading",
        "made_on",
    }


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ({"decided_by": "Dr Shah", "decided_by_role": "GP"}, "Dr Shah, GP"),
        ({"decided_by": "Dr Shah"}, "Dr Shah"),
        ({"recorded_by": "Ruth", "recorded_by_role": "Nurse"}, "Reported by Ruth, Nurse"),
        ({"recorded_by": "Ruth"}, "Reported by Ruth"),
    ],
)
def test_who_decided_or_reported(said, who):
    assert form("attempt", **said).who == who


def test_what_a_form_says_of_itself():
    assert form("attempt").talked_in_words == "Not recorded whether it was talked about"
    assert form("attempt", talked="person").talked_in_words == "Talked about with the person"
    assert form("attempt").incomplete == ()
    assert form("attempt", source=cpr.TRANSCRIBED, decided_by="Dr Shah").incomplete == ()


@pytest.mark.parametrize(
    ("review", "overdue"),
    [(None, False), (DAY, False), (DAY + timedelta(days=1), False), (DAY - timedelta(days=1), True)],
)
def test_a_review_is_overdue_from_the_day_after(review, overdue):
    assert form("attempt", review_on=review).review_overdue(DAY) is overdue


def test_the_newest_carries_the_reading():
    talk, decision = form("not_decided", made=0), form("attempt", made=5)
    assert cpr.standing([talk, decision]).newest == decision
    assert cpr.standing([talk]).newest == talk
    assert cpr.standing([]).newest is None


@pytest.mark.parametrize(
    ("but", "fields"),
    [
        ({"reading": "modified", "born_on": date(2008, 11, 22)}, set()),
        ({"reading": "modified", "born_on": date(2008, 11, 21)}, {"reading"}),
        ({"reading": "modified", "born_on": date(2008, 11, 20)}, {"reading"}),
        ({"reading": "modified", "born_on": date(2008, 1, 1), "made_on": date(2025, 12, 31)}, set()),
        ({"reading": "modified", "born_on": date(2012, 1, 1), "made_on": None}, {"made_on"}),
        ({"made_on": date(1943, 3, 14)}, set()),
        ({"made_on": None, "review_on": DAY}, {"made_on"}),
        ({"review_on": DAY + timedelta(days=1)}, set()),
        ({"review_on": DAY - timedelta(days=1)}, {"review_on"}),
    ],
)
def test_days_and_ages_of_a_decision(but, fields):
    assert set(cpr.problems_of_making(**(MADE | but))) == fields


@pytest.mark.parametrize(("made_on", "fields"), [(DAY, set()), (None, set()), (DAY + timedelta(days=1), {"made_on"})])
def test_days_of_a_paper_form(made_on, fields):
    assert set(cpr.problems_of_transcribing(reading="attempt", made_on=made_on, on=DAY)) == fields
