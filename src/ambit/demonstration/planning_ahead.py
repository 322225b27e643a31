"""What people on the register were offered and what became of it: talks, agreement to share, emergency recommendations, funding; whether
crews opened the plan; and how records were closed after death. Each thing on its own day, for the figures of past months."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import uuid4

from ambit.access import actions as access
from ambit.access.queries import Person, Reader, open_person
from ambit.careplan import actions as careplan
from ambit.careplan import registry
from ambit.careplan.queries import closing_of
from ambit.careplan.rules import Section
from ambit.demonstration import phrases
from ambit.demonstration.care import Care
from ambit.demonstration.clock import clock_at, moment
from ambit.demonstration.rules import Invented, age_on

TALKS = {"accepted": 66, "deferred": 9, "declined": 7, "cannot": 6, "": 12}
FUNDING = {"fast_track": 12, "council": 22, "self": 18, "health_budget": 9, "": 39}
BASES = {"person": 86, "best_interests": 14}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What was planned ahead with one person, in days before today; None and empty where nothing was."""

    talked: int
    answer: str
    agreed: int | None
    basis: str
    recommended: int | None
    funding: str
    variance: str
    closed_after: int | None


def ahead_of(somebody: Invented, care: Care, *, died: int | None, is_child: bool, seed: int = 2026) -> Ahead:
    """The same each time; practices differ, and it has become better over the year."""
    dice = Random(f"{seed}/ahead/{somebody.nhs_number}")  # noqa: S311  (not a secret: the same place each time)
    first = 1 if died is None else died + 2
    keen = 0.75 + 0.05 * (int(somebody.practice[-1]) % 5) if somebody.practice != "Z90008" else 0.4

    def soon(longest: int) -> int:
        """Some days after joining, and before death or today."""
        return max(first, care.joined - dice.randint(0, longest))

    answer = dice.choices(list(TALKS), weights=list(TALKS.values()))[0] if dice.random() < keen + 0.1 else ""
    recommends = {"days": 0.8, "weeks": 0.75, "months": 0.6, "a_year_or_more": 0.4}.get(care.stage, 0.3) * keen
    agrees = care.told and dice.random() < 0.88
    recommended = soon(60)
    return Ahead(
        talked=soon(35),
        answer=answer if care.told else "",
        agreed=soon(14) if agrees else None,
        basis="parental" if is_child else dice.choices(list(BASES), weights=list(BASES.values()))[0],
        recommended=recommended if not is_child and dice.random() < recommends else None,
        funding=dice.choices(list(FUNDING), weights=list(FUNDING.values()))[0],
        variance=dice.choice(["sudden", "no_care", "symptoms", "family", "no_bed", "not_seen"]),
        closed_after=dice.randint(4, 24) if died is not None and dice.random() < 0.75 else None,
    )


def plan_ahead(person: Person, care: Care, ahead: Ahead, *, writer: Reader, gp: Reader, today: date) -> None:
    """What was offered, agreed and recommended while they lived."""
    if ahead.agreed is not None:
        with clock_at(moment(today, ahead.agreed)):
            access.record_consent(
                by=gp,
                person_id=person.id,
                basis=ahead.basis,
                decided_by=gp.name
                if ahead.basis == "best_interests"
                else "A parent"
                if ahead.basis == "parental"
                else "",
                informed_on=today - timedelta(days=ahead.agreed),
            )
    if ahead.answer:
        _save(person, writer, "talks", {"answer": ahead.answer}, ahead.talked, today)
    if ahead.funding and ahead.answer:
        said = next((one for one in care.sections if one.section == "care_package"), None)
        says = {"funding": [ahead.funding]} | (dict(said.says) if said else {})
        on = min(ahead.talked, said.days_ago) if said else ahead.talked
        _save(person, writer, "care_package", says, on, today, base=1 if said else 0)
    if ahead.recommended is not None:
        _recommend(person, care, gp, ahead.recommended, today)


def _save(
    person: Person, by: Reader, section: str, says: Mapping[str, Any], days_ago: int, today: date, *, base: int = 0
) -> None:
    with clock_at(moment(today, days_ago)):
        careplan.save_section(
            by=by,
            person=person,
            section=section_named(section),
            base=base,
            content={f"{section}.{part}": value for part, value in says.items()},
            on=today - timedelta(days=days_ago),
        )


def _recommend(person: Person, care: Care, gp: Reader, days_ago: int, today: date) -> None:
    """Emergency recommendations that say of CPR what the decision says that stands beside them."""
    decided = [form for form in care.cpr if form.reading in ("do_not_attempt", "attempt")]
    if not decided:
        return
    refused = decided[0].reading == "do_not_attempt"
    said: dict[str, Any] = {
        "summary": "What is wrong and what helps is on the plan; ask those who are there.",
        "priority": "comfort" if refused else "balance",
        "cpr": decided[0].reading,
        "cpr_reason": phrases.CPR_REASONS[0] if refused else "",
        "has_capacity": "yes",
        "involvement": "A",
        "clinician": gp.name,
        "clinician_role": "GP",
        "signed": "yes",
        "made_on": today - timedelta(days=days_ago),
        "limits": [{"treatment": "hospital", "answer": "only_if", "words": "Comfort cannot be reached at home."}],
    }
    with clock_at(moment(today, days_ago)):
        careplan.record_directive(
            by=gp, person=person, kind="emergency", source="made_here", said=said, key=uuid4(),
            on=today - timedelta(days=days_ago), accounts=[],
        )  # fmt: skip


def close_record(person: Person, ahead: Ahead, *, gp: Reader, died_on: date, today: date) -> None:
    """Three in four records are closed some weeks after the death."""
    if ahead.closed_after is None:
        return
    closed_on = min(died_on + timedelta(days=ahead.closed_after), today)
    with clock_at(moment(closed_on, 0)):
        person.refresh_from_db()
        outcome = closing_of(gp, person).proposal.outcome
        answers = {"medicines": "returned", "documents": "retired", "team": "told", "bereaved": "offered",
                   "bereaved_words": "Family rung by the practice nurse."}  # fmt: skip
        if person.born_on and age_on(person.born_on, died_on) < 18:
            answers |= {"child_review": "told", "joint_response": "not_needed"}
        careplan.close_record(
            by=gp,
            person=person,
            key=uuid4(),
            form=careplan.ClosureForm(
                outcome=outcome, variance=ahead.variance if outcome == "not_met" else "", answers=answers
            ),
        )


def opened_by_crews(person: Person, somebody: Invented, care: Care, *, crew: Reader, today: date) -> None:
    """On the day of an unplanned admission the crew opened the record, or did not: about six times in ten."""
    dice = Random(f"crew/{somebody.nhs_number}")  # noqa: S311  (not a secret: the same place each time)
    for day in somebody.admissions:
        days_ago = (today - day).days
        if days_ago >= care.joined or (care.left is not None and days_ago <= care.left):
            continue
        if dice.random() < 0.6:
            with clock_at(moment(today, days_ago)):
                open_person(crew, person.id, why="Called out: unwell at home")


def section_named(section_id: str) -> Section:
    section = registry.section(section_id)
    if section is None:
        raise LookupError(f"The plan of this site has no section “{section_id}”; demonstration/plans.py names it.")
    return section
