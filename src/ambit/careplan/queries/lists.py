"""Plans as a list says them: of many people a few items each, how CPR stands, and what contradicts what."""

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

from django.db.models import Func, JSONField, OuterRef, QuerySet, Subquery
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
    """What a list says of somebody's plan as it stands now: what some items say, how CPR stands, what contradicts what.

    What is kept back from the reader is in none of it, as in `CurrentPlan`.
    """

    said: Mapping[str, Mapping[str, Any]]
    cpr: cpr.Standing
    conflicts: tuple[Conflict, ...]
    kept_back: Mapping[str, str]

    def says(self, section: str) -> Mapping[str, Any]:
        """What a section says, by the items that were asked for; empty when it was never written, which is not a decision."""
        return self.said.get(section, {})

    def place_is_blank(self, *, age: int | None) -> bool:
        """Whether the first preferred place of death is still blank (L21); what is kept back is not said to be."""
        return "place_of_care" not in self.kept_back and place_is_blank(self.said, age=age)

    def withholds(self, section: str) -> str:
        """What a reader is told in place of a section that is kept back from them; "" when it is not."""
        return KEPT_BACK_WORDS[self.kept_back[section]] if section in self.kept_back else ""


@lru_cache
def listed_items(only: tuple[str, ...]) -> Prepared[tuple[Any, ...]]:
    """Some items of many people's plans as they stand now; to be asked together with others (`statements.Together`).

    One row a person: who, whether anything of these people is kept back from anybody, then what each item says, None when it
    says nothing. One look for each item of each person, not their whole histories nor whole sections.
    """
    return Prepared(partial(_newest, only))


def _newest(only: tuple[str, ...], person_ids: Sequence[UUID]) -> QuerySet[Any, Any]:
    versions = SectionVersion.objects.filter(person=OuterRef("pk")).order_by("-number")
    says = {
        f"says_{number}": Subquery(versions.filter(section=item.partition(".")[0]).values(said=_said(item))[:1])
        for number, item in enumerate(only)
    }
    people = people_listed(person_ids).annotate(anything=anything_kept_back(person_ids), **says)
    return people.values_list("pk", "anything", *says)


def _said(item: str) -> Func:
    """What an item says; PostgreSQL and SQLite take it out of the section with the same operator."""
    return Func("content", template=f"%(expressions)s -> '{item}'", output_field=JSONField())


def is_anything_kept_back(rows: Sequence[tuple[Any, ...]]) -> bool:
    """Whether to ask what is kept back, by the rows of `listed_items`: without a row it is not known that nothing is."""
    return bool(rows[0][1]) if rows else True


def listed_plans(
    reader: Reader,
    person_ids: Sequence[UUID],
    *,
    only: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    closed: Mapping[UUID, Mapping[str, str]],
) -> dict[UUID, ListedPlan]:
    """The plans of people whom the reader may see, as a list says them: one statement besides `listed_items`.

    `rows` are what that answered of the items in `only`. `closed` is what `kept_back_from` says of these people and this reader.
    """
    reader.must("see_plan")
    legal = legal_of(person_ids)
    places = [(item.partition(".")[0], item) for item in only]
    found = {}
    for person_id, _anything, *values in rows:
        says: dict[str, dict[str, Any]] = {}
        for (section, item), value in zip(places, values, strict=True):
            if value is not None:
                says.setdefault(section, {})[item] = value
        kept, directives, standing = not_kept_back(legal[person_id], closed.get(person_id, {}))
        shown = {name: content for name, content in says.items() if name not in kept} if kept else says
        found[person_id] = ListedPlan(
            shown,
            standing,
            conflicts_in(directives, standing, shown),
            {name: why for name, why in kept.items() if why != SILENT} if kept else kept,
        )
    return found
