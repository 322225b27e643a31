"""What a team asks: everybody we look after, and what is due."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct

from ambit.access.queries import Reader, kept_back_from
from ambit.careplan import queries as careplan
from ambit.careplan.rules.conflicts import READ_OF_SECTIONS
from ambit.careplan.rules.transition import in_transition
from ambit.caseload import rules
from ambit.coordination import queries as coordination
from ambit.design.rules import age_on
from ambit.register import queries as register
from ambit.register.rules import CHILD, STAGES
from ambit.statements import Together

SHOWN = READ_OF_SECTIONS
"""The items of the plan that show what contradicts what; a row says what two of them say."""


class CaseloadRow(Struct, frozen=True):  # made in a seventh of the time of a dataclass
    """One person on the caseload, one line."""

    person_id: UUID
    family_name: str
    given_names: str
    preferred_name: str
    nhs_number: str
    born_on: date | None
    age: int | None
    practice: str
    stage: str
    needs: tuple[rules.Need, ...]
    cpr: str
    box: str
    place: str
    review_due_on: date
    coordinator: str
    moves_to_adult_care: bool = False

    @property
    def when(self) -> str:
        return self.needs[0].when

    @property
    def cpr_in_short(self) -> str:
        return rules.CPR_IN_SHORT.get(self.cpr, "")

    @property
    def box_in_short(self) -> str:
        return rules.BOX_IN_SHORT.get(self.box, "")

    @property
    def place_in_short(self) -> str:
        """Where they want to die; a place that this page has no short word for is read on the plan."""
        return rules.PLACE_IN_SHORT.get(self.place, "On the plan")

    @property
    def place_was_asked(self) -> bool:
        return self.place not in ("", "not_asked")

    @property
    def is_near_death(self) -> bool:
        return self.stage in rules.NEAR_DEATH


@dataclass(frozen=True, slots=True)
class Caseload:
    """Everybody on the caseload by when something is due; `sees_plans` says whether this reader's role sees plans."""

    rows: tuple[CaseloadRow, ...]
    sees_plans: bool

    def due(self, when: str) -> tuple[CaseloadRow, ...]:
        return tuple(row for row in self.rows if row.when == when)


FILTERS: dict[str, Callable[[CaseloadRow], bool]] = {
    "today": lambda row: row.when == rules.TODAY,
    "no_cpr": lambda row: row.cpr in ("not_recorded", "not_decided"),
    "disagree": lambda row: any(need.about == rules.DISAGREEMENT for need in row.needs),
    "no_box": lambda row: any(need.about == rules.BOX for need in row.needs),
    "no_coordinator": lambda row: not row.coordinator,
    "to_adult_care": lambda row: row.moves_to_adult_care,
    "review_late": lambda row: any(need.about == rules.REVIEW and need.when == rules.TODAY for need in row.needs),
}


_PLANS_AND_TASKS = Together(careplan.listed_items(SHOWN), coordination.SEEN_TO)


def caseload(reader: Reader, *, on: date) -> Caseload:
    """Everybody on the register whom this reader's practice or team looks after: three statements, however many there are.

    One more says what is kept back, where anything is.
    """
    reader.must("see_caseload")
    entries = register.register_of(reader)
    plans, seen_to = _plans_and_tasks(reader, [entry.person_id for entry in entries])
    sees_plans = reader.may("see_plan")
    rows = []
    for entry in entries:
        plan = plans.get(entry.person_id)
        mine = seen_to[entry.person_id]
        box = _unless_kept_back(plan, "medicines_at_home", "box")
        cpr = None if plan is None or plan.cpr.kept_back else plan.cpr.reading
        age = age_on(entry.born_on, on) if entry.born_on and entry.born_on <= on else None
        differ = [one for one in plan.conflicts if not one.is_prompt] if plan else []
        if any(one.concerns_cpr for one in differ):
            cpr = "disagree"
        rows.append(
            CaseloadRow(
                person_id=entry.person_id,
                family_name=entry.family_name,
                given_names=entry.given_names,
                preferred_name=entry.preferred_name,
                nhs_number=entry.nhs_number,
                born_on=entry.born_on,
                age=age,
                practice=entry.practice,
                stage=entry.stage,
                needs=rules.needs(
                    stage=entry.stage,
                    joined_on=entry.joined_on,
                    review_due_on=entry.review_due_on,
                    coordinator=mine.coordinator,
                    tasks=mine.tasks,
                    cpr=cpr,
                    box=box,
                    on=on,
                    disagree=tuple(one.about for one in differ),
                    missing=tuple(one.in_short for one in plan.conflicts if one.is_prompt) if plan else (),
                    place_is_blank=plan is not None
                    and plan.place_is_blank(age=0 if age is None and entry.basis == CHILD else age),
                ),
                cpr=rules.KEPT_BACK if plan and cpr is None else cpr or "",
                box=rules.KEPT_BACK if plan and box is None else box or "",
                place=_place(plan),
                review_due_on=entry.review_due_on,
                coordinator=mine.coordinator,
                moves_to_adult_care=entry.basis == CHILD and in_transition(entry.born_on, on=on),
            )
        )
    return Caseload(tuple(sorted(rows, key=ORDERS["due"])), sees_plans)


def _plans_and_tasks(
    reader: Reader, ids: list[UUID]
) -> tuple[dict[UUID, careplan.ListedPlan], dict[UUID, coordination.SeenTo]]:
    """What the plans of these people say, unless this reader's role sees no plans, and what is to do for each."""
    if not ids or not reader.may("see_plan"):
        return {}, coordination.seen_to(reader, ids)
    sections, tasks = _PLANS_AND_TASKS(ids, ids)
    closed = kept_back_from(reader, ids if careplan.is_anything_kept_back(sections) else [])
    plans = careplan.listed_plans(reader, ids, only=SHOWN, rows=sections, closed=closed)
    return plans, coordination.seen_to(reader, ids, rows=tasks, closed=closed)


def _unless_kept_back(plan: careplan.ListedPlan | None, section: str, item: str) -> str | None:
    """What a section says in one of its items; None when this reader does not see it."""
    if plan is None or plan.withholds(section):
        return None
    return str(plan.says(section).get(f"{section}.{item}", ""))


def _place(plan: careplan.ListedPlan | None) -> str:
    place = _unless_kept_back(plan, "place_of_care", "death_first")
    return rules.KEPT_BACK if plan and place is None else place or ""


def _most_urgent(row: CaseloadRow) -> tuple[int, int, str, str]:
    order = (rules.TODAY, rules.SOON, rules.LATER)
    harm = 0 if row.needs[0].kind in ("harm", "disagreement") else 1
    return order.index(row.when), harm, row.family_name.casefold(), row.given_names.casefold()


ORDERS: dict[str, Callable[[CaseloadRow], tuple[Any, ...]]] = {
    "due": _most_urgent,
    "name": lambda row: (row.family_name.casefold(), row.given_names.casefold()),
    "stage": lambda row: (list(STAGES).index(row.stage), *_most_urgent(row)),
    "review": lambda row: (row.review_due_on, *_most_urgent(row)),
}
