"""The register of a whole place or system in counts: never who is on it, and never a number small enough to tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from ambit.access.queries import Person, Reader
from ambit.audit import actions as audit
from ambit.careplan.models import SectionVersion
from ambit.caseload.rules import Shown, shown, shown_total
from ambit.coordination.models import Coordinator
from ambit.organisations.models import Organisation
from ambit.register.models import RegisterEntry
from ambit.register.rules import STAGES


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted of one practice, or of several together, as it may be shown."""

    name: str
    known: Shown
    on_register: Shown
    stages: dict[str, Shown]
    with_plan: Shown
    review_late: Shown
    no_coordinator: Shown

    @property
    def of_list(self) -> float | None:
        """How many in a hundred of the people known here are on the register; from the figures shown, so no closer."""
        if self.on_register.number is None or not self.known.number:
            return None
        return 100 * self.on_register.number / self.known.number


@dataclass(frozen=True, slots=True)
class Place:
    """One place with its practices."""

    name: str
    practices: tuple[Counts, ...]


@dataclass(frozen=True, slots=True)
class RegisterInNumbers:
    area: str
    whole: Counts
    places: tuple[Place, ...]


def register_in_numbers(reader: Reader, *, on: date) -> RegisterInNumbers:
    """How the register stands in each practice of the reader's place or system; that they looked is audited."""
    reader.must("see_register_counts")
    areas = Organisation.objects.filter(kind__in=("system", "place"))
    area = areas.filter(pk=reader.organisation_id).first() if reader.organisation_id else None
    practices = _practices(area)
    ids = [practice.id for practice in practices]
    known = dict(
        Person.objects.filter(practice_id__in=ids, died_on=None, merged_into=None)
        .values_list("practice_id")
        .annotate(number=Count("pk"))
    )
    counted: dict[UUID, dict[str, int]] = {
        row.pop("person__practice_id"): row for row in _counted(RegisterEntry.objects.all(), ids, on=on)
    }
    places: dict[str, list[Counts]] = {}
    rows = []
    for practice in practices:
        rows.append({"known": known.get(practice.id, 0), **counted.get(practice.id, {})})
        of = practice.part_of
        places.setdefault(of.name if of else "", []).append(_as_shown(practice.name, [rows[-1]]))
    audit.record(by=reader, what="looked at the register in numbers")
    return RegisterInNumbers(
        area=area.name if area else "",
        whole=_as_shown(area.name if area else "", rows),
        places=tuple(Place(name, tuple(rows)) for name, rows in sorted(places.items())),
    )


def _practices(area: Organisation | None) -> list[Organisation]:
    """The practices of a place, or of every place of a system."""
    if area is None:
        return []
    practices = Organisation.objects.filter(
        Q(part_of=area) | Q(part_of__part_of=area), kind=Organisation.Kind.PRACTICE, closed_on=None
    )
    return list(practices.select_related("part_of").order_by("name"))


def _counted(entries: QuerySet[RegisterEntry], practices: list[UUID], *, on: date) -> QuerySet[Any, Any]:
    """One row of counts for each practice, in one statement."""
    plan = Exists(SectionVersion.objects.filter(person=OuterRef("person")))
    coordinator = Exists(Coordinator.objects.filter(person=OuterRef("person"), until_at=None))
    stages: dict[str, Any] = {f"stage_{stage}": Count("pk", filter=Q(stage=stage)) for stage in STAGES}
    return (
        entries.filter(left_on=None, person__died_on=None, person__practice_id__in=practices)
        .values("person__practice_id")
        .annotate(
            with_plan=Count("pk", filter=plan),
            no_coordinator=Count("pk", filter=~coordinator),
            review_late=Count("pk", filter=Q(review_due_on__lt=on)),
            **stages,
        )
    )


def _as_shown(name: str, rows: Sequence[Mapping[str, int]]) -> Counts:
    """The counts of one practice, or the sums of several that are shown beside them."""

    def total(*names: str) -> Shown:
        by_practice = [sum(row.get(name, 0) for name in names) for row in rows]
        by_name = [sum(row.get(name, 0) for row in rows) for name in names]
        # a sum stands beside its practices and its stages: it may give away neither
        return next(
            (one for parts in (by_practice, by_name) if (one := shown_total(parts)) != shown(sum(parts))),
            shown(sum(by_name)),
        )

    return Counts(
        name=name,
        known=total("known"),
        on_register=total(*(f"stage_{stage}" for stage in STAGES)),
        stages={stage: total(f"stage_{stage}") for stage in STAGES},
        with_plan=total("with_plan"),
        review_late=total("review_late"),
        no_coordinator=total("no_coordinator"),
    )
