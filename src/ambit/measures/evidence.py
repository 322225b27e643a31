"""The newest figures of an area as evidence for statements: without charts, with the figure of a year before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from ambit.access.queries import Reader
from ambit.measures import registry
from ambit.measures.models import Figure, Snapshot
from ambit.measures.queries import Shown, shown
from ambit.measures.rules.indicators import NOT_RECORDED, Indicator
from ambit.measures.rules.periods import Month
from ambit.statements import Prepared

_COLUMNS = ("numerator", "denominator", "value", "lower", "upper", "completeness", "hides")


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """An indicator's newest figure in an area, that of the same month a year before when there is one, and what was asked of its groups."""

    indicator: Indicator
    month: Month
    pack: str
    figure: Shown
    before: Shown | None
    groups: Mapping[str, tuple[tuple[float | None, float | None], ...]] = field(default_factory=dict)
    """By breakdown, for each group its value and denominator; None where the group is hidden."""


def figures_of_area(
    reader: Reader, area: str, *, only: Iterable[str], breakdowns: Sequence[str] = ()
) -> dict[str, Now]:
    """These indicators of one area, as they may be seen outside their owners: two statements whatever their number.

    With the groups of some `breakdowns`. Whoever asks has settled that this reader may see this area.
    """
    reader.must("see_measures")
    return _figures(area, only, breakdowns)


def public_figures(area: str, *, only: Iterable[str]) -> dict[str, Now]:
    """The same for everybody, where an area made figures public: small numbers are hidden, as everywhere outside their owners."""
    return _figures(area, only, ())


def _figures(area: str, only: Iterable[str], breakdowns: Sequence[str]) -> dict[str, Now]:
    told = registry.indicators().indicators
    wanted = [name for name in only if name in told and told[name].is_collected]
    chosen = _months() if wanted else {}
    if not chosen:
        return {}
    newest = max(chosen)
    a_year_before = newest.after(-12)
    by_snapshot = {chosen[month][0]: month for month in (newest, a_year_before) if month in chosen}
    rows = Figure.objects.filter(area=area, indicator__in=wanted, snapshot__in=list(by_snapshot))
    found: dict[tuple[str, Month], Shown] = {}
    groups: dict[str, dict[str, tuple[tuple[float | None, float | None], ...]]] = {}
    wanted_groups = [f"groups__{breakdown}" for breakdown in breakdowns]
    for name, snapshot, *told_of in rows.values_list("indicator", "snapshot_id", *_COLUMNS, *wanted_groups):
        month, numbers = by_snapshot[snapshot], told_of[: len(_COLUMNS)]
        found[name, month] = shown(dict(zip(_COLUMNS, numbers, strict=True)))
        if month == newest:
            several = zip(breakdowns, told_of[len(_COLUMNS) :], strict=True)
            groups[name] = {breakdown: _pairs(some) for breakdown, some in several}
    return {
        name: Now(
            indicator=told[name],
            month=newest,
            pack=chosen[newest][1],
            figure=found[name, newest],
            before=found.get((name, a_year_before)),
            groups=groups[name],
        )
        for name in wanted
        if (name, newest) in found
    }


def _pairs(some: Mapping[str, Any] | None) -> tuple[tuple[float | None, float | None], ...]:
    return tuple(
        (None, None) if told["hides"] else (told["value"], told["denominator"])
        for group, told in (some or {}).items()
        if group != NOT_RECORDED
    )


def _months() -> dict[Month, tuple[Any, str]]:
    """The snapshot of each month that has ended, with its pack: taken with the pack of this site, or with the newest before it."""
    current, ended = registry.pack().sha256, Month.of(timezone.localdate()).first
    found: dict[Month, tuple[Any, str, bool]] = {}
    for pk, first, pack, version, sha256 in _SNAPSHOTS():
        month = Month.of(first)
        if first < ended and (month not in found or (sha256 == current and not found[month][2])):
            found[month] = (pk, f"{pack} {version}", sha256 == current)
    return {month: (pk, pack) for month, (pk, pack, _) in found.items()}


_SNAPSHOTS = Prepared(
    lambda: Snapshot.objects.order_by("-month", "-taken_at").values_list(
        "pk", "month", "pack", "pack_version", "pack_sha256"
    )[:60]
)
