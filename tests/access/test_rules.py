"""Whether a record opens: every tie, decision and policy, as tables of cases."""

from datetime import date
from uuid import UUID

import pytest

from ambit.access.rules import (
    ABILITIES,
    PERSONAL,
    Decision,
    Door,
    Relation,
    due_after,
    may_open,
)
from ambit.organisations.models import Role

HERE = UUID(int=1)
ELSEWHERE = UUID(int=2)
IMPLIED, OPT_IN = "implied_with_objection", "explicit_opt_in"

AGREED = Decision(outcome="agreed")
OBJECTED = Decision(outcome="objected")
WITHDRAWN = Decision(outcome="withdrawn")
NEVER = Decision(outcome="objected", not_even_in_emergency=True)
AGREED_HERE = Decision(outcome="agreed", scope="organisation", organisation_id=HERE)
OBJECTED_HERE = Decision(outcome="objected", scope="organisation", organisation_id=HERE)
OBJECTED_ELSEWHERE = Decision(outcome="objected", scope="organisation", organisation_id=ELSEWHERE)
NO_PROGNOSIS = Decision(outcome="objected", scope="item", item="prognosis")

SERVICE = (Relation.CARE_TEAM, Relation.RESIDENCE, Relation.SHARED, Relation.ON_DUTY)


@pytest.mark.parametrize("tie", SERVICE)
@pytest.mark.parametrize(
    ("policy", "decisions", "door"),
    [
        (IMPLIED, [], Door.OPEN),
        (IMPLIED, [AGREED], Door.OPEN),
        (IMPLIED, [OBJECTED], Door.OBJECTED),
        (IMPLIED, [WITHDRAWN], Door.OBJECTED),
        (IMPLIED, [NEVER], Door.OBJECTED),
        (IMPLIED, [OBJECTED_HERE], Door.OBJECTED),
        (IMPLIED, [OBJECTED_ELSEWHERE], Door.OPEN),
        (IMPLIED, [OBJECTED, AGREED_HERE], Door.OPEN),
        (IMPLIED, [AGREED, OBJECTED_HERE], Door.OBJECTED),
        (IMPLIED, [NO_PROGNOSIS], Door.OPEN),
        (OPT_IN, [], Door.NO_CONSENT),
        (OPT_IN, [AGREED], Door.OPEN),
        (OPT_IN, [AGREED_HERE], Door.OPEN),
        (OPT_IN, [OBJECTED_ELSEWHERE], Door.NO_CONSENT),
        (OPT_IN, [NO_PROGNOSIS], Door.NO_CONSENT),
        (OPT_IN, [WITHDRAWN], Door.OBJECTED),
        (OPT_IN, [AGREED, OBJECTED_HERE], Door.OBJECTED),
    ],
)
def test_services_outside_the_own_practice(tie, policy, decisions, door):
    answer = may_open({tie}, decisions, policy=policy, organisation_id=HERE)
    assert answer.door is door
    assert answer.reason


@pytest.mark.parametrize("policy", [IMPLIED, OPT_IN])
@pytest.mark.parametrize("decisions", [[], [OBJECTED], [WITHDRAWN], [NEVER]])
@pytest.mark.parametrize("tie", [Relation.OWN_PRACTICE, *PERSONAL])
def test_own_practice_and_personal_ties_are_not_sharing(tie, decisions, policy):
    answer = may_open({tie}, decisions, policy=policy, organisation_id=HERE)
    assert (answer.door, answer.relation) == (Door.OPEN, tie)


@pytest.mark.parametrize("policy", [IMPLIED, OPT_IN])
@pytest.mark.parametrize(
    ("decisions", "is_open"),
    [([], True), ([OBJECTED], True), ([WITHDRAWN], True), ([OBJECTED_HERE], True), ([NEVER], False)],
)
@pytest.mark.parametrize("ties", [{Relation.EMERGENCY}, {Relation.EMERGENCY, Relation.CARE_TEAM}])
def test_an_emergency_passes_over_objection_but_not_over_never(ties, decisions, is_open, policy):
    answer = may_open(ties, decisions, policy=policy, organisation_id=HERE)
    assert answer.is_open is is_open
    assert answer.emergency_may_open is is_open


@pytest.mark.parametrize("decisions", [[], [AGREED], [OBJECTED], [NEVER]])
def test_no_tie_opens_nothing(decisions):
    assert may_open(set(), decisions, policy=IMPLIED, organisation_id=HERE).door is Door.NO_RELATION


@pytest.mark.parametrize(("tie", "is_open"), [(r, r not in PERSONAL) for r in Relation])
def test_death_ends_what_the_person_gave(tie, is_open):
    """Architecture, floors that may not crack: an attorney's access ends with death, and nobody signs in as the dead."""
    assert may_open({tie}, [], policy=IMPLIED, died=True).is_open is is_open


def test_items_are_kept_from_services_only():
    assert may_open({Relation.CARE_TEAM}, [NO_PROGNOSIS], policy=IMPLIED).withheld == {"prognosis"}
    assert may_open({Relation.OWN_PRACTICE}, [NO_PROGNOSIS], policy=IMPLIED).withheld == frozenset()
    assert may_open({Relation.EMERGENCY}, [NO_PROGNOSIS], policy=IMPLIED).withheld == frozenset()


def test_every_relation_has_words():
    assert all(relation.words for relation in Relation)


def test_every_role_has_a_row_of_abilities():
    assert set(Role.values) <= set(ABILITIES)
    assert not ABILITIES["operator"] & {"see_plan", "see_urgent", "find_people", "break_glass"}


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 11, 16), date(2026, 11, 23)),  # Monday to Monday
        (date(2026, 11, 20), date(2026, 11, 27)),  # Friday
        (date(2026, 11, 21), date(2026, 11, 27)),  # Saturday
        (date(2026, 11, 22), date(2026, 11, 27)),  # Sunday
    ],
)
def test_five_working_days(day, due):
    assert due_after(day, 5) == due
