"""Plans as a list says them: of many people a few sections each, how CPR stands, and what contradicts what."""

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from msgspec import Struct

from ambit.access.queries import Reader, anything_kept_back, people_listed
from ambit.access.rules import KEPT_BACK_WORDS, SILENT
from ambit.careplan.models import SectionVersion
from ambit.careplan.queries.legal import legal_of
from ambit.careplan.queries.plan import not_kept_back
from ambit.careplan.rules import cpr
from ambit.careplan.rules.conflicts import Conflict, conflicts_in, place_is_blank
from ambit.statements import Prepared


class ListedPlan(Struct, frozen=True):
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

    One row a person: who, whether anything of these people is kept back from anybody, then what each section says, None when it
    was never written. One look for each section of each person, not their whole histories.
    """
    return Prepared(partial(_newest, only))


def _newest(only: tuple[str, ...], person_ids: Sequence[UUID]) -> QuerySet[Any, Any]:
    versions = SectionVersion.objects.filter(person=OuterRef("pk")).order_by("-number").values("content")
    says = {f"says_{section}": Subquery(versions.filter(section=section)[:1]) for section in only}
    people = people_listed(person_ids).annotate(anything=anything_kept_back(person_ids), **says)
    return people.values_list("pk", "anything", *says)


def is_anything_kept_back(rows: Sequence[tuple[Any, ...]]) -> bool:
    """Whether to ask what is kept back, by the rows of `listed_sections`: without a row it is not known that nothing is."""
    return bool(rows[0][1]) if rows else True


def listed_plans(
    reader: Reader,
    person_ids: Sequence[UUID],
    *,
    only: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    closed: Mapping[UUID, Mapping[str, str]],
) -> dict[UUID, ListedPlan]:
    """The plans of people whom the reader may see, as a list says them: one statement besides `listed_sections`.

    `rows` are what that answered of the sections in `only`. `closed` is what `kept_back_from` says of these people and this reader.
    """
    reader.must("see_plan")
    said: dict[UUID, dict[str, Mapping[str, Any]]] = {
        person_id: {section: content for section, content in zip(only, contents, strict=True) if content is not None}
        for person_id, _anything, *contents in rows
    }
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
