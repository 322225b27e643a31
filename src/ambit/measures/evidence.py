"""The newest figures of an area as evidence for statements: without charts, with the figure of a year before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from ambit.access.queries import Reader
from ambit.measures import registry
from ambit.measures.models import Figure, Snapshot
from ambit.measures.queries import Shown, shown
from ambit.measures.rules.indicators import NOT_RECORDED, Indicator
from ambit.measures.rules.periods import Month

_COLUMNS = ("numerator", "denominator", "value", "lower", "upper", "completeness", "hides")


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """An indicator's newest figure in an area, and that of the same month a year before when there is one."""

    indicator: Indicator
    month: Month
    pack: str
    figure: Shown
    before: Shown | None


def figures_of_area(reader: Reader, area: str, *, only: Iterable[str]) -> dict[str, Now]:
    """These indicators of one area, as they may be seen outside their owners: two statements whatever their number.

    Whoever asks has settled that this reader may see this area.
    """
    reader.must("see_measures")
    return public_figures(area, only=only)


def public_figures(area: str, *, only: Iterable[str]) -> dict[str, Now]:
    """The same for everybody, where an area made figures public: small numbers are hidden, as everywhere outside their owners."""
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
    for name, snapshot, *numbers in rows.values_list("indicator", "snapshot_id", *_COLUMNS):
        found[name, by_snapshot[snapshot]] = shown(dict(zip(_COLUMNS, numbers, strict=True)))
    return {
        name: Now(
            indicator=told[name],
            month=newest,
            pack=chosen[newest][1],
            figure=found[name, newest],
            before=found.get((name, a_year_before)),
        )
        for name in wanted
        if (name, newest) in found
    }


def groups_of_area(
    reader: Reader, area: str, *, only: Iterable[str], breakdown: str
) -> dict[str, tuple[tuple[float | None, float | None], ...]]:
    """For each indicator the value and denominator of each group of a breakdown; None where a group is hidden."""
    reader.must("see_measures")
    chosen = _months()
    if not chosen:
        return {}
    rows = Figure.objects.filter(area=area, indicator__in=list(only), snapshot=chosen[max(chosen)][0])
    return {
        name: tuple(_pair(told) for group, told in (some or {}).items() if group != NOT_RECORDED)
        for name, some in rows.values_list("indicator", f"groups__{breakdown}")
    }


def _pair(told: Mapping[str, Any]) -> tuple[float | None, float | None]:
    return (None, None) if told["hides"] else (told["value"], told["denominator"])


def _months() -> dict[Month, tuple[Any, str]]:
    """The snapshot of each month that has ended, with its pack: taken with the pack of this site, or with the newest before it."""
    current, ended = registry.pack().sha256, Month.of(timezone.localdate()).first
    found: dict[Month, tuple[Any, str, bool]] = {}
    columns = ("pk", "month", "pack", "pack_version", "pack_sha256")
    rows = Snapshot.objects.filter(month__lt=ended).order_by("-month", "-taken_at").values_list(*columns)[:60]
    for pk, first, pack, version, sha256 in rows:
        month = Month.of(first)
        if month not in found or (sha256 == current and not found[month][2]):
            found[month] = (pk, f"{pack} {version}", sha256 == current)
    return {month: (pk, pack) for month, (pk, pack, _) in found.items()}
