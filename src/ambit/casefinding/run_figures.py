"""What people ask about the figures of runs: whom the last one found by group, and what became of those found before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.casefinding.groups import BREAKDOWNS
from ambit.casefinding.how_right import Share, ratio
from ambit.casefinding.models import RunFigures
from ambit.figures.rules.intervals import Interval

MOST_RUNS = 12


@dataclass(frozen=True, slots=True)
class RateRow:
    """A group's people, and of them those found; None where hidden. `ratio` is its rate over that of everybody."""

    name: str
    people: int | None
    found: Share | None
    ratio: tuple[float, Interval] | None


@dataclass(frozen=True, slots=True)
class LaterRow:
    """What had become of those whom a run put before a clinician; counts are None where hidden."""

    on: date
    kind: str
    kept: int | None
    shares: Mapping[str, Share | None]  # died, accepted, not_now, no


@dataclass(frozen=True, slots=True)
class RatesOfRun:
    on: date
    taken_at: datetime
    packs: tuple[str, ...]
    practice: str  # "" for everybody
    whole: RateRow
    breakdowns: tuple[tuple[str, tuple[RateRow, ...]], ...]
    later: tuple[LaterRow, ...]


def rates(reader: Reader) -> tuple[RatesOfRun, ...]:
    """The figures of the last run: of the reader's own practice, in full; and of everybody, small numbers hidden."""
    reader.must("see_search_figures")
    last = (
        RunFigures.objects.filter(kind=RunFigures.Kind.FOUND, practice=None).order_by("-run__on", "-taken_at").first()
    )
    if last is None:
        return ()
    audit.record(by=reader, what="read the figures of a run", details={"run": str(last.run_id)})
    found = RunFigures.objects.filter(run=last.run_id, kind=RunFigures.Kind.FOUND).select_related("run", "practice")
    own = found.filter(practice=reader.organisation_id).first() if reader.organisation_id else None
    return tuple(_rates(one, hides=one.practice_id is None) for one in (own, last) if one is not None)


def _rates(one: RunFigures, *, hides: bool) -> RatesOfRun:
    hidden = one.hidden if hides else {}
    whole = one.cells[""][""]

    def row(breakdown: str, group: str, name: str, counts: list[int]) -> RateRow:
        shut = group in hidden.get(breakdown, ()) or "" in hidden.get("", ())
        people, found = counts
        if shut:
            return RateRow(name, None, None, None)
        return RateRow(
            name, people, Share(found, people), ratio(found, people, whole[1], whole[0]) if breakdown else None
        )

    return RatesOfRun(
        on=one.run.on,
        taken_at=one.taken_at,
        packs=tuple(f"{pack['title']} {pack['version']}" for pack in one.run.packs),
        practice=one.practice.name if one.practice else "",
        whole=row("", "", "Everybody", whole),
        breakdowns=tuple(
            (
                title,
                tuple(row(breakdown, group, names[group], counts) for group, counts in one.cells[breakdown].items()),
            )
            for breakdown, (title, names) in BREAKDOWNS.items()
        ),
        later=_later(one, hides=hides),
    )


def _later(one: RunFigures, *, hides: bool) -> tuple[LaterRow, ...]:
    rows = (
        RunFigures.objects.filter(practice=one.practice)
        .exclude(kind=RunFigures.Kind.FOUND)
        .select_related("run")
        .order_by("-run__on", "kind")[:MOST_RUNS]
    )
    found = []
    for row in rows:
        kept, *counts = row.cells[""][""] if len(row.cells[""][""]) > 2 else [0, 0, 0, 0, 0]
        shut = hides and "" in row.hidden.get("", ())
        shares = dict(zip(("died", "accepted", "not_now", "no"), counts, strict=True))
        found.append(
            LaterRow(
                row.run.on,
                row.get_kind_display(),
                None if shut else kept,
                {name: None if shut else Share(count, kept) for name, count in shares.items()},
            )
        )
    return tuple(found)
