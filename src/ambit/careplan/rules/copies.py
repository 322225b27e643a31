"""What a copy of a plan on paper may leave out, and what it says instead. Plain Python, no clock."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from ambit.access.rules import LEFT_OUT, NEVER_SEALED_FROM_STAFF, SILENT
from ambit.careplan.rules import cpr
from ambit.careplan.rules.conflicts import Conflict
from ambit.careplan.rules.directives import Directives
from ambit.careplan.rules.items import Section

PEOPLE: Final = "people_who_matter"
"""The people who matter are no section of the plan; a copy holds them, and may leave them out like one."""

# documents that are the person's own; assessments and decisions made about them are told in person, not found on paper
THEIR_DOCUMENTS: Final = frozenset({"advance_decision", "authority", "donation"})
# with whom CPR was talked about so that the person has heard of it (hazard H16)
HEARD: Final = frozenset({"person"})


def must_stay(chosen: Collection[str], *, conflicts: Collection[Conflict], kinds: Mapping[str, str]) -> dict[str, str]:
    """Why a part cannot be left out of a copy for those who care for the person, by its id.

    CPR decision and allergies: somebody would be harmed tonight. And neither side of what contradicts: with one of them
    gone the other reads as if it were all (no page hides a conflict). `kinds` says which part a document stands in.
    """
    stays = dict.fromkeys(NEVER_SEALED_FROM_STAFF, "whoever acts on this copy could harm the person without it")
    for one in conflicts:
        for part in {*(kinds.get(str(side.of), "") for side in one.sides), *_emergency(one)} - {""}:
            stays.setdefault(part, f"it contradicts something else about {one.about}")
    return {part: why for part, why in stays.items() if part in chosen}


def _emergency(one: Conflict) -> tuple[str, ...]:
    return ("cpr", "emergency") if one.concerns_cpr else ()


def closed_parts(
    sections: Collection[Section], chosen: Collection[str], kept_back: Mapping[str, str], only: Collection[str] | None
) -> dict[str, str]:
    """Every part that a copy does not hold, and why: chosen by whoever makes it, kept back, or never part of it."""
    closed = dict.fromkeys(chosen, LEFT_OUT)
    if only is not None:
        closed |= {section.id: SILENT for section in sections if section.id not in only}
    return closed | dict(kept_back)


def told_to_the_person(section: Section, content: Mapping[str, Any]) -> dict[str, Any]:
    """What of a section the person may read: nothing that waits for a talk, or is never theirs (hazard H16)."""
    return {
        item.id: content[item.id] for item in section.items if item.id in content and section.may_person(content, item)
    }


def cpr_told_to_the_person(standing: cpr.Standing) -> cpr.Standing:
    """How CPR stands when every current form was talked about; otherwise nothing: half of it would mislead."""
    if standing.current and all(form.talked in HEARD for form in standing.current):
        return standing
    return cpr.Standing(cpr.NOT_RECORDED, ())


def documents_told_to_the_person(directives: Directives) -> Directives:
    return replace(directives, documents=tuple(d for d in directives.documents if d.kind in THEIR_DOCUMENTS))


def named(closed: Mapping[str, str], titles: Mapping[str, str], *, for_care: bool) -> Iterator[tuple[str, str]]:
    """The parts that the copy says it does not hold, with why.

    To those who care for the person each is named. For the others only that something was left out is said, elsewhere:
    the name of a part can tell as much as the part.
    """
    for part, title in titles.items():
        if for_care and part in closed and closed[part] != SILENT:
            yield title, closed[part]
