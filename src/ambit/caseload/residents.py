"""What a care home sees: everybody who lives there, with what must be known before anything else."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from ambit.access.queries import Reader, kept_back_from, residents_of
from ambit.careplan import queries as careplan
from ambit.careplan import registry
from ambit.caseload import rules
from ambit.design.rules import age_on
from ambit.register import queries as register
from ambit.statements import Together

SHOWN = (
    "allergies.status", "allergies.list", "medicines_at_home.box", "need_to_know.until_on", "place_of_care.death_first",
)  # fmt: skip
_PLANS_AND_REVIEWS = Together(careplan.listed_items(SHOWN), register.REVIEWS_DUE)


class ResidentRow(Struct, frozen=True, kw_only=True):
    """One resident, one line: what is most dangerous first."""

    person_id: UUID
    family_name: str
    given_names: str
    preferred_name: str
    nhs_number: str
    born_on: date | None
    age: int | None
    cpr: str
    disagree: bool
    allergies: str
    box: str
    review_due_on: date | None
    review_late: bool
    note_ended: bool
    place_is_blank: bool

    @property
    def cpr_in_short(self) -> str:
        return rules.CPR_IN_SHORT.get(self.cpr, "")

    @property
    def box_in_short(self) -> str:
        return rules.BOX_IN_SHORT.get(self.box, "")

    @property
    def needs_something(self) -> bool:
        undecided = self.cpr in ("not_recorded", "not_decided")
        ended = self.review_late or self.note_ended
        return self.disagree or undecided or ended or self.place_is_blank or not self.allergies


def residents(reader: Reader, *, on: date) -> list[ResidentRow]:
    """Everybody who lives in the reader's care home: whose documents disagree first, then who needs something, then by name; three statements for all, and one for what is kept back."""
    reader.must("see_plan")
    everybody = residents_of(reader)
    if not everybody:
        return []
    ids = [one.person_id for one in everybody]
    sections, reviews = _PLANS_AND_REVIEWS(ids, ids)
    closed = kept_back_from(reader, ids if careplan.is_anything_kept_back(sections) else [])
    plans = careplan.listed_plans(reader, ids, only=SHOWN, rows=sections, closed=closed)
    due = register.reviews_due(reader, rows=reviews)
    rows = []
    for one in everybody:
        plan = plans[one.person_id]
        review = due.get(one.person_id)
        age = age_on(one.born_on, on) if one.born_on and one.born_on <= on else None
        differ = any(conflict.concerns_cpr and not conflict.is_prompt for conflict in plan.conflicts)
        rows.append(
            ResidentRow(
                person_id=one.person_id,
                family_name=one.family_name,
                given_names=one.given_names,
                preferred_name=one.preferred_name,
                nhs_number=one.nhs_number,
                born_on=one.born_on,
                age=age,
                cpr=rules.KEPT_BACK if plan.cpr.kept_back else "disagree" if differ else plan.cpr.reading,
                disagree=any(not conflict.is_prompt for conflict in plan.conflicts),
                allergies=_allergies(plan),
                box=rules.KEPT_BACK
                if plan.withholds("medicines_at_home")
                else plan.says("medicines_at_home").get("medicines_at_home.box", ""),
                review_due_on=review,
                review_late=review is not None and review < on,
                note_ended=_has_ended(plan, on=on),
                place_is_blank=plan.place_is_blank(age=age),
            )
        )
    return sorted(rows, key=lambda row: (not row.disagree, not row.needs_something))


def _allergies(plan: careplan.ListedPlan) -> str:
    """What is known of allergies, in words; "" when nobody has asked."""
    if plan.withholds("allergies"):
        return "Not shown"
    section, said = registry.section("allergies"), plan.says("allergies")
    if section is None or not said.get("allergies.status"):
        return ""
    if said["allergies.status"] == "some":
        return ", ".join(row.get("substance", "") for row in said.get("allergies.list", ()))
    return section.item("allergies.status").words(said["allergies.status"])


def _has_ended(plan: careplan.ListedPlan, *, on: date) -> bool:
    """Whether the note of what must be known now was meant for a time that is over."""
    until = plan.says("need_to_know").get("need_to_know.until_on")
    return until is not None and date.fromisoformat(until) < on
