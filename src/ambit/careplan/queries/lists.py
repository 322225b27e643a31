"""Plans as a list says them: of many people a few sections each, how CPR stands, and what contradicts what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from ambit.access.queries import Reader, anything_kept_back
from ambit.access.rules import KEPT_BACK_WORDS, SILENT
from ambit.careplan.models import SectionVersion
from ambit.careplan.queries.legal import legal_of
from ambit.careplan.queries.plan import not_kept_back
from ambit.careplan.rules import cpr
from ambit.careplan.rules.conflicts import Conflict, conflicts_in, place_is_blank
from ambit.statements import Prepared, stored


@dataclass(frozen=True, slots=True)
class ListedPlan:
    """What a list says of somebody's plan as it stands now: what some sections say, how CPR stands, what contradicts what.

    What is kept back from the reader is in none of it, as in `CurrentPlan`.
    """

    said: Mapping[str, Mapping[str, Any]]
    cpr: cpr.Standing
    conflicts: tuple[Conflict, ...]
    kept_back: Mapping[str, str]

    def says(self, section: str) -> Mapping[str, Any]:
        """What a section says; empty when it was never written, which is not a decision."""
        return self.said.get(section, {})

    def place_is_blank(self, *, age: int | None) -> bool:
        """Whether the first preferred place of death is still blank (L21); what is kept back is not said to be."""
        return "place_of_care" not in self.kept_back and place_is_blank(self.said, age=age)

    def withholds(self, section: str) -> str:
        """What a reader is told in place of a section that is kept back from them; "" when it is not."""
        return KEPT_BACK_WORDS[self.kept_back[section]] if section in self.kept_back else ""


@lru_cache
def listed_sections(only: tuple[str, ...]) -> Prepared[tuple[Any, ...]]:
    """Some sections of many people as they stand now; to be asked together with others (`statements.Together`).

    One look for each section of each person, not their whole histories. Each row says whether anything of these people is
    kept back from anybody.
    """
    return Prepared(partial(_newest, only))


def _newest(only: tuple[str, ...], person_ids: Sequence[UUID]) -> QuerySet[Any, Any]:
    table, several = "careplan_sectionversion", ", ".join(["%s"] * len(person_ids))
    sections = " UNION ALL ".join(["SELECT %s AS section"] * len(only))
    # S608, S611: only the number of places varies; every value is a parameter
    last = (
        f"SELECT (SELECT v.id FROM {table} v WHERE v.person_id = p.id AND v.section = s.section"  # noqa: S608
        f" ORDER BY v.number DESC LIMIT 1) FROM people_person p CROSS JOIN ({sections}) s WHERE p.id IN ({several})"
    )
    newest = SectionVersion.objects.filter(pk__in=RawSQL(last, [*only, *map(stored, person_ids)]))  # noqa: S611
    newest = newest.annotate(anything=anything_kept_back(person_ids))
    return newest.values_list("person_id", "anything", "section", "content")


def is_anything_kept_back(rows: Sequence[tuple[Any, ...]]) -> bool:
    """Whether to ask what is kept back, by the rows of `listed_sections`: without a row it is not known that nothing is."""
    return bool(rows[0][1]) if rows else True


def listed_plans(
    reader: Reader,
    person_ids: Sequence[UUID],
    *,
    rows: Sequence[tuple[Any, ...]],
    closed: Mapping[UUID, Mapping[str, str]],
) -> dict[UUID, ListedPlan]:
    """The plans of people whom the reader may see, as a list says them: one statement besides the `rows` of `listed_sections`.

    `closed` is what `kept_back_from` says of these people and this reader.
    """
    reader.must("see_plan")
    said: dict[UUID, dict[str, Mapping[str, Any]]] = {person_id: {} for person_id in person_ids}
    for person_id, _anything, section, content in rows:
        said[person_id][section] = content
    legal = legal_of(person_ids)
    found = {}
    for person_id, says in said.items():
        kept, directives, standing = not_kept_back(legal[person_id], closed.get(person_id, {}))
        shown = {name: content for name, content in says.items() if name not in kept} if kept else says
        found[person_id] = ListedPlan(
            shown,
            standing,
            conflicts_in(directives, standing, shown),
            {name: why for name, why in kept.items() if why != SILENT} if kept else kept,
        )
    return found
