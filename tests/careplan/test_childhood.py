"""Children and young people: the plan before birth, who decides, eighteen, and the move to adult care (H17)."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from ambit.access.queries import Person, operator
from ambit.careplan import actions, queries, registry
from ambit.careplan.actions import CPRForm
from ambit.careplan.events import TransitionStepRecorded
from ambit.careplan.models import SectionVersion, TransitionStep
from ambit.careplan.rules import cpr, parents, transition
from ambit.careplan.rules.transition import birthday, in_transition
from ambit.careplan.transitions import steps
from ambit.coordination import reactions
from ambit.coordination.models import Task
from ambit.design.refusals import Refused
from ambit.people import actions as people
from ambit.people.rules import Identity
from ambit.register import actions as register
from ambit.site.nightly import ask_for_steps_to_adult_care

TODAY = timezone.localdate()
BORN = date(2008, 2, 29)


@pytest.fixture
def gp(reader):
    return reader("Amina Rahman")


@pytest.fixture
def child(place):
    """A child of Brackenhill Surgery, born on this day or expected on it."""

    def admitted(born_on, *, unborn=False, family_name="Thorne"):
        return people.admit(
            by=operator(),
            identity=Identity(
                given_names="" if unborn else "Isla Rose",
                family_name=family_name,
                born_on=born_on,
                birth_precision="unborn" if unborn else "exact",
                no_number_reason="unborn" if unborn else "newborn",
                practice_id=place["Z90001"].id,
            ),
        )

    return admitted


def aged(years, days=0):
    """The day of birth of somebody who is this old today, and so many days."""
    return birthday(TODAY, -years) - timedelta(days=days)


# --- rules ---


@pytest.mark.parametrize(
    ("on", "age"),
    [
        (date(2008, 2, 28), -1),
        (date(2008, 2, 29), 0),
        (date(2021, 2, 28), 12),
        (date(2021, 3, 1), 13),  # born on 29 February: the birthday of common years is 1 March
        (date(2024, 2, 28), 15),
        (date(2024, 2, 29), 16),
    ],
)
def test_age(on, age):
    assert transition.age_at(BORN, on) == age


@pytest.mark.parametrize(
    ("on", "moves", "is_child", "first"),
    [
        (date(2022, 2, 28), False, True, parents.ASK_THE_CHILD),  # 13 years and 364 days
        (date(2022, 3, 1), True, True, parents.ASK_THE_CHILD),  # 14
        (date(2024, 2, 28), True, True, parents.ASK_THE_CHILD),  # 15 years and 364 days
        (date(2024, 2, 29), True, True, parents.DECIDES_THEMSELVES),  # 16
        (date(2026, 2, 28), True, True, parents.DECIDES_THEMSELVES),  # 17 years and 364 days
        (date(2026, 3, 1), True, False, parents.DECIDES_THEMSELVES),  # 18: an adult, and still moving
        (date(2033, 2, 28), True, False, parents.DECIDES_THEMSELVES),  # 24 years and 364 days
        (date(2033, 3, 1), False, False, parents.DECIDES_THEMSELVES),  # 25
    ],
)
def test_birthdays(on, moves, is_child, first):
    assert in_transition(BORN, on=on) is moves
    assert parents.is_child(BORN, unborn=False, on=on) is is_child
    assert parents.who_may_decide(BORN, unborn=False, on=on) == first


def test_before_birth_and_without_a_birthday():
    assert parents.is_child(date(2030, 1, 1), unborn=True, on=TODAY)
    assert not parents.is_child(None, unborn=False, on=TODAY)
    assert not in_transition(None, on=TODAY)
    assert parents.who_may_decide(None, unborn=True, on=TODAY) == parents.BEFORE_BIRTH


def test_what_a_court_restricts_and_what_is_disputed_comes_first():
    known = [
        {"id": n, "name": n, "relation": "mother", "telephone": "", "other_telephone": ""} for n in ("Ann", "Bob", "Cy")
    ]
    said = {"restriction": "", "court_order": "", "is_disputed": False, "until_on": None, "basis": "birth_mother"}
    found = parents.holders(
        {
            "important_people": known,
            "parental_responsibilities": [
                said | {"holder_id": "Ann"},
                said
                | {"holder_id": "Bob", "restriction": "No contact without a social worker", "court_order": "Order 1"},
                said | {"holder_id": "Cy", "is_disputed": True},
                said | {"holder_id": "Ann", "until_on": "2020-01-01", "basis": "guardian"},
            ],
        }
    )
    assert [one.name for one in found] == ["Cy", "Bob", "Ann"]
    assert found[0].words.startswith("Disputed")
    assert found[1].words.startswith("Restricted by a court: No contact without a social worker.")


@pytest.mark.parametrize(
    ("made_on", "on", "outgrown"),
    [
        (date(2024, 1, 1), date(2026, 2, 28), False),  # 17 years and 364 days
        (date(2024, 1, 1), date(2026, 3, 1), True),  # the eighteenth birthday
        (date(2026, 3, 1), date(2026, 3, 2), False),  # made as an adult
        (None, date(2026, 3, 1), True),  # no day on the form: the day it was recorded
    ],
)
def test_a_decision_made_as_a_child(made_on, on, outgrown):
    form = cpr.Recorded(
        id=uuid4(), reading=cpr.MODIFIED, source=cpr.MADE_HERE, made_on=made_on, born_on=BORN,
        recorded_at=datetime(2024, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    assert form.made_as_a_child(on) is outgrown
    # and it is never hidden by age
    assert cpr.standing([form]).reading == cpr.MODIFIED


def test_every_step_stands_even_if_nobody_spoke_of_it():
    stands = transition.stand(steps(), [], born_on=BORN, on=date(2024, 6, 1))
    assert len(stands) == len(steps())
    assert {one.step.due for one in stands if one.is_overdue} == {14, 15, 16}
    assert not any(one.is_settled for one in stands)


# --- the plan before birth stays with the child ---


def _decided(on, **but):
    said = {
        "reading": cpr.DO_NOT_ATTEMPT, "made_on": on, "reason": "Would not work.", "talked": "parents",
        "decided_by": "Dr Sofia Quayle",
    }  # fmt: skip
    return CPRForm(**said | but)


def test_the_plan_before_birth_becomes_the_childs(gp, child, client_as):
    baby = child(TODAY + timedelta(days=40), unborn=True)
    mother = people.add_important_person(
        by=gp, person_id=baby.id, seen=baby.version, name="Kerry Thorne", relation="mother", roles=["emergency"],
        telephone="07700 900111",
    )  # fmt: skip
    section = registry.section("antenatal")
    said = {"antenatal.mother": "Kerry Thorne", "antenatal.labour": "At Eskmouth, no monitoring of the heart beat"}
    actions.save_section(by=gp, person=baby, section=section, base=0, content=said, on=TODAY)
    actions.make_cpr_decision(by=gp, person=baby, form=_decided(TODAY), replaces=[], on=TODAY, key=uuid4())
    browser, where = client_as("Amina Rahman"), f"/people/{baby.id}/plan/"
    before = browser.get(where).text
    assert "Before and at birth" in before
    assert "Capacity" not in before
    assert browser.get(f"{where}transition/").status_code == 404
    baby.refresh_from_db()
    people.register_birth(by=gp, person_id=baby.id, seen=baby.version, born_on=TODAY, given_names="Wren")
    baby.refresh_from_db()
    plan = queries.current(gp, baby.id)
    assert plan.says("antenatal")["antenatal.labour"].startswith("At Eskmouth")
    assert plan.cpr.reading == cpr.DO_NOT_ATTEMPT
    after = browser.get(where).text
    assert "Before and at birth" in after
    assert "Until birth" in after
    assert "Who decides for this child" in after
    assert mother.own_record_id is None
    # kept as it was: the form after birth is its history
    assert browser.get(f"{where}antenatal/").url.endswith("/history/")
    with pytest.raises(Refused, match="kept, and no longer changed"):
        actions.save_section(by=gp, person=baby, section=section, base=1, content=said, on=TODAY)


def test_who_decides_is_on_the_plan_and_the_urgent_page(gp, child, client_as):
    isla = child(aged(7))
    browser = client_as("Amina Rahman")
    assert "Nobody is recorded as having parental responsibility." in browser.get(f"/urgent/{isla.id}/").text
    father = people.add_important_person(
        by=gp, person_id=isla.id, seen=isla.version, name="Joe Thorne", relation="father", roles=["emergency"],
        telephone="07700 900112",
    )  # fmt: skip
    isla.refresh_from_db()
    people.record_parental_responsibility(
        by=gp, person_id=isla.id, seen=isla.version, important_id=father.id, basis="court_order",
        restriction="May not remove her from hospital", court_order="Eskmouth Family Court, 3 May 2026", is_disputed=True,
    )  # fmt: skip
    for page in (f"/urgent/{isla.id}/", f"/people/{isla.id}/plan/"):
        shown = browser.get(page).text
        assert "Who decides for this child" in shown
        assert "Restricted by a court: May not remove her from hospital." in shown
        assert "Disputed: ask before relying on it." in shown


def test_a_modified_decision_says_at_eighteen_that_it_was_made_as_a_child(gp, child, client_as):
    young = child(aged(18))
    Person.objects.filter(pk=young.id).update(born_on=aged(17, 200))
    young.refresh_from_db()
    form = _decided(TODAY - timedelta(days=30), reading=cpr.MODIFIED)
    actions.make_cpr_decision(by=gp, person=young, form=form, replaces=[], on=TODAY, key=uuid4())
    Person.objects.filter(pk=young.id).update(born_on=aged(18))
    browser = client_as("Amina Rahman")
    for page in (f"/people/{young.id}/plan/", f"/people/{young.id}/plan/cpr/", f"/urgent/{young.id}/"):
        shown = browser.get(page).text
        assert "Modified CPR" in shown
        assert "ade as a child: look at it again" in shown


# --- the move to adult care ---


def say(person, by, step, state="done", words="Bea Lindqvist, 01632 960179"):
    return actions.record_transition_step(
        by=by, person=person, step=step, state=state, words=words, on=TODAY, key=uuid4()
    )


def test_record_transition_step(gp, child, client_as):
    young = child(aged(15))
    browser, where = client_as("Amina Rahman"), f"/people/{young.id}/plan/transition/"
    assert "overdue" in browser.get(where).text
    refused = browser.post(where, {"key": str(uuid4()), "step": "worker", "state": "done"})
    assert refused.status_code == 422
    assert "Write who did what" in refused.text
    said = {"key": str(uuid4()), "step": "worker", "state": "done", "words": "Bea Lindqvist takes it on"}
    assert browser.post(where, said).status_code == 302
    assert browser.post(where, said).status_code == 302
    assert TransitionStep.objects.count() == 1
    assert "Bea Lindqvist takes it on" in browser.get(where).text
    assert "The move to adult care" in browser.get(f"/people/{young.id}/plan/").text
    say(young, gp, "worker", "not_yet", "")
    stands = queries.transition_of(gp, young, on=TODAY)
    assert not next(one for one in stands.steps if one.step.id == "worker").is_settled
    assert len(stands.said) == 2
    with pytest.raises(Refused):
        say(young, gp, "no_such_step")


def test_asked_for_once_for_each_birthday_and_done_when_settled(gp, child):
    young = child(aged(15))
    register.add_to_register(by=gp, person=young, on=TODAY, found_by="by_hand", stage="a_year_or_more")
    for _ in range(2):
        ask_for_steps_to_adult_care()
    asked = {task.what: task for task in Task.objects.filter(what__startswith="Move to adult care")}
    assert sorted(asked) == [f"Move to adult care: see to what is due by {age}" for age in (14, 15)]
    assert asked["Move to adult care: see to what is due by 14"].due_on == birthday(young.born_on, 14)
    for step in (one for one in steps() if one.due == 14):
        say(young, gp, step.id)
    reactions.transition_step_recorded(TransitionStepRecorded(person_id=young.id, age=14, nothing_left=True))
    assert Task.objects.get(what__endswith="due by 14").done_at is not None
    ask_for_steps_to_adult_care()
    assert Task.objects.filter(what__startswith="Move to adult care").count() == 2


@pytest.mark.parametrize(
    ("years", "days", "asks"), [(13, 100, False), (14, 0, True), (18, 0, True), (24, 364, True), (25, 0, False)]
)
def test_a_birthday_closes_nothing(gp, child, client_as, years, days, asks):
    """At 18 the plan, its register entry and its tasks stay as they were; only at 25 nobody is asked any more."""
    young = child(aged(17))
    register.add_to_register(by=gp, person=young, on=TODAY, found_by="by_hand", stage="a_year_or_more")
    section = registry.section("child")
    actions.save_section(by=gp, person=young, section=section, base=0, content={"child.wishes": "The band"}, on=TODAY)
    Person.objects.filter(pk=young.id).update(born_on=aged(years, days))
    ask_for_steps_to_adult_care()
    assert Task.objects.filter(what__startswith="Move to adult care").exists() is asks
    browser = client_as("Amina Rahman")
    assert "The band" in browser.get(f"/people/{young.id}/plan/").text
    assert "THORNE" in browser.get("/caseload/").text
    assert ("Moving to adult care" in browser.get("/caseload/").text) is asks
    if years < 25:
        assert browser.get(f"/people/{young.id}/plan/child/").status_code == 200


def test_nothing_of_a_childs_plan_assumes_the_last_year_of_life(gp, child, client_as):
    isla = child(aged(7))
    entry = register.add_to_register(by=gp, person=isla, on=TODAY, found_by="by_hand", stage="a_year_or_more")
    assert entry.basis == "child"
    browser = client_as("Amina Rahman")
    pages = [f"/people/{isla.id}/plan/", f"/urgent/{isla.id}/", f"/register/{isla.id}/", "/caseload/"]
    for page in pages:
        shown = browser.get(page).text
        assert "last year of life" not in shown
        assert "last 12 months" not in shown


def test_a_childs_part_is_not_begun_for_an_adult(client_as, person):
    ashworth = person("Ashworth")
    where = f"/people/{ashworth.id}/plan/child/"
    answer = client_as("gp").post(where, {"seen": "0"})
    assert answer.status_code == 422
    assert "is for children and young people, and this person is" in answer.text
    assert not SectionVersion.objects.filter(person=ashworth).exists()
