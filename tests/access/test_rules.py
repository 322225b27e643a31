"""Whether a record opens: every tie, decision and policy, as tables of cases."""

from datetime import date
from uuid import UUID

import pytest

from ambit.access.rules import (
    ABILITIES,
    PERSONAL,
    RESTRICTED,
    SEALED,
    SILENT,
    Decision,
    Door,
    Relation,
    Sealed,
    due_after,
    kept_back,
    may_open,
    problems_of_deciding,
    scci_code,
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

ITEM = {"scope": "item", "item": "prognosis"}
EVERYBODY = Decision(outcome="objected", **ITEM)
NOT_HERE = Decision(outcome="withdrawn", organisation_id=HERE, **ITEM)
BUT_HERE = Decision(outcome="agreed", organisation_id=HERE, **ITEM)
NOT_THERE = Decision(outcome="objected", organisation_id=ELSEWHERE, **ITEM)

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
        (IMPLIED, [EVERYBODY], Door.OPEN),
        (OPT_IN, [], Door.NO_CONSENT),
        (OPT_IN, [AGREED], Door.OPEN),
        (OPT_IN, [AGREED_HERE], Door.OPEN),
        (OPT_IN, [OBJECTED_ELSEWHERE], Door.NO_CONSENT),
        (OPT_IN, [EVERYBODY], Door.NO_CONSENT),
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


@pytest.mark.parametrize(
    ("decisions", "lifted", "closed"),
    [
        ([], False, False),
        ([EVERYBODY], False, True),
        ([EVERYBODY], True, False),
        ([NOT_HERE], False, True),
        ([NOT_HERE], True, False),
        ([NOT_THERE], False, False),
        ([EVERYBODY, BUT_HERE], False, False),
        ([BUT_HERE], False, False),
        ([EVERYBODY, NOT_THERE], False, True),
        ([OBJECTED, AGREED], False, False),
    ],
)
def test_what_the_person_keeps_back(decisions, lifted, closed):
    """The decision about the reader's own organisation goes before the one about everybody outside the practice."""
    found = kept_back(decisions, [], lifted=lifted, role="gp", account_id=1, organisation_id=HERE)
    assert found == ({"prognosis": RESTRICTED} if closed else {})


@pytest.mark.parametrize(
    ("hides_from", "named", "role", "account_id", "shown", "expected"),
    [
        ("staff", {}, "gp", 1, True, SEALED),
        ("staff", {}, "gp", 1, False, SILENT),
        ("staff", {"roles": frozenset({"gp"})}, "gp", 1, True, None),
        ("staff", {"account_ids": frozenset({1})}, "gp", 1, True, None),
        ("staff", {"account_ids": frozenset({2})}, "gp", 1, True, SEALED),
        ("staff", {}, "person", 1, True, None),
        ("staff", {}, "carer", 1, True, None),
        ("person", {}, "gp", 1, True, None),
        ("person", {}, "person", 1, True, SILENT),
        ("person", {}, "proxy", 1, True, SILENT),
        ("person", {"account_ids": frozenset({1})}, "proxy", 1, True, None),
        ("proxies", {}, "person", 1, True, None),
        ("proxies", {}, "proxy", 1, True, SILENT),
        ("proxies", {}, "carer", 1, True, SILENT),
        ("proxies", {}, "gp", 1, True, None),
    ],
)
@pytest.mark.parametrize("lifted", [True, False])
def test_a_seal(hides_from, named, role, account_id, shown, expected, lifted):
    """Neither the own practice nor an emergency passes a seal; only a name or a role on it does."""
    seal = Sealed(item="what_matters", hides_from=hides_from, **named)
    found = kept_back(
        [], [seal], lifted=lifted, role=role, account_id=account_id, organisation_id=HERE, existence_shown=shown
    )
    assert found == ({"what_matters": expected} if expected else {})


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


@pytest.mark.parametrize(
    ("outcome", "basis", "code"),
    [
        ("agreed", "person", "882921000000109"),
        ("agreed", "gillick", "882921000000109"),
        ("agreed", "best_interests", "882961000000101"),
        ("agreed", "attorney", "883001000000106"),
        ("objected", "person", "882941000000102"),
        ("withdrawn", "attorney", "882941000000102"),
    ],
)
def test_a_decision_has_its_code(outcome, basis, code):
    assert scci_code(outcome, basis) == code


@pytest.mark.parametrize(
    ("basis", "age", "named", "problem"),
    [
        ("person", 83, "", ""),
        ("person", 16, "", ""),
        ("person", 15, "", "basis"),
        ("person", None, "", ""),
        ("gillick", 15, "", ""),
        ("gillick", 16, "", "basis"),
        ("gillick", None, "", "basis"),
        ("parental", 17, "Mrs Ode", ""),
        ("parental", 17, "", "decided_by"),
        ("parental", 18, "Mrs Ode", "basis"),
        ("attorney", 18, "Mr Ode", ""),
        ("attorney", 15, "Mr Ode", "basis"),
        ("deputy", 83, " ", "decided_by"),
        ("best_interests", 83, "Dr Rahman", ""),
        ("best_interests", 83, "", "decided_by"),
    ],
)
def test_who_decides(basis, age, named, problem):
    on = date(2026, 11, 25)
    born = None if age is None else on.replace(year=on.year - age)
    found = problems_of_deciding(basis=basis, decided_by=named, born_on=born, on=on)
    assert set(found) == ({problem} if problem else set())
