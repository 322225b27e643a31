"""What people ask of figures: an area's first page, one indicator over time and by group, and who is behind a figure.

Whoever looks from outside an organisation sees its figures as they may leave it: what is hidden was settled with the snapshot. A
practice sees its own figures whole.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from ambit.access.queries import NotAllowed, Person, Reader, people_of
from ambit.audit import actions as audit
from ambit.measures import registry
from ambit.measures.kind import Indicators, Measure
from ambit.measures.models import Behind, Figure, Snapshot
from ambit.measures.rules import xmr
from ambit.measures.rules.indicators import GAP, NOT_RECORDED, Indicator
from ambit.measures.rules.periods import Month
from ambit.organisations.facts import OrganisationFact, organisations

MONTHS = 24
"""How far back charts look."""


@dataclass(frozen=True, slots=True)
class Area:
    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A figure as this reader may see it. `hides` says which of its numbers stay closed; the value does with either."""

    name: str = ""
    group: str = ""
    numerator: float | None
    denominator: float | None
    value: float | None
    lower: float | None
    upper: float | None
    completeness: float | None
    hides: str = ""
    is_own: bool = False

    @property
    def is_hidden(self) -> bool:
        return bool(self.hides)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One indicator in one area: its months, the newest figure, and the chart of its values."""

    indicator: Indicator
    months: tuple[Month, ...]
    figures: tuple[Shown | None, ...]
    chart: xmr.Chart
    practices: tuple[Shown, ...] = ()

    @property
    def newest(self) -> Shown | None:
        return self.figures[-1] if self.figures else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The first page of an area."""

    area: Area | None
    areas: tuple[Area, ...]
    month: Month | None
    taken_at: datetime | None
    pack: str
    lines: tuple[Line, ...]
    others: tuple[Line, ...]
    not_collected: tuple[Indicator, ...]
    measures: tuple[tuple[Measure, tuple[Line, ...], tuple[Indicator, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One indicator: over time, by each breakdown, and what is not broken down."""

    area: Area
    areas: tuple[Area, ...]
    indicator: Indicator
    line: Line | None
    breakdowns: tuple[tuple[str, str, tuple[Shown, ...]], ...]
    taken_at: datetime | None
    pack: str
    own: Shown | None
    has_list: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BehindRow:
    person: Person
    counted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BehindPage:
    """Who stands behind a practice's figure, of those whom this reader has a standing tie to."""

    indicator: Indicator
    month: Month
    practice: str
    rows: tuple[BehindRow, ...]
    all_of: int


# --- where a reader looks ---


def _over(by_id: Mapping[UUID, OrganisationFact], one: OrganisationFact | None, kinds: Sequence[str]) -> Any:
    while one is not None and one.kind not in kinds:
        one = by_id.get(one.part_of) if one.part_of else None
    return one


def areas_of(reader: Reader) -> tuple[list[Area], OrganisationFact | None]:
    """The places and systems whose figures this reader may see, the nearest first; and the reader's own organisation.

    Somebody of a system sees it and its places; of a place, or of an organisation in one, that place and its system.
    """
    reader.must("see_measures")
    by_id = {one.id: one for one in organisations()}
    own = by_id.get(reader.organisation_id) if reader.organisation_id else None
    if reader.role == "operator":
        found = [one for one in by_id.values() if one.kind in ("system", "place")]
    else:
        near = _over(by_id, own, ("place", "system"))
        system = _over(by_id, near, ("system",))
        found = [near] if near else []
        if near and near.kind == "system":
            found += [one for one in by_id.values() if one.kind == "place" and one.part_of == near.id]
        elif system:
            found.append(system)
    return [Area(one.code, one.name, one.kind) for one in found], own


def _area(areas: Sequence[Area], code: str) -> Area | None:
    if not code:
        return areas[0] if areas else None
    for one in areas:
        if one.code == code:
            return one
    raise NotAllowed("These figures are of another place or system.")


# --- figures as they may be seen ---


def shown(told: Any, *, name: str = "", group: str = "", own: bool = False) -> Shown:
    """A figure as it may be seen by whoever does not own it (`own`: by its owner). `told` is a row of the table or one of its groups."""
    read = told.get if isinstance(told, dict) else lambda field: getattr(told, field)
    hides = "" if own else str(read("hides"))
    without = hides in ("denominator", "both")
    return Shown(
        name=name,
        group=group,
        numerator=None if hides in ("numerator", "both") else read("numerator"),
        denominator=None if without else read("denominator"),
        value=None if hides else read("value"),
        lower=None if hides else read("lower"),
        upper=None if hides else read("upper"),
        completeness=None if hides else read("completeness"),
        hides=hides,
        is_own=own,
    )


def _snapshots() -> dict[Month, Snapshot]:
    """The snapshot of each month that counts: taken with the pack of this site, or with the newest before it."""
    found: dict[Month, Snapshot] = {}
    current = registry.pack().sha256
    for one in Snapshot.objects.order_by("month", "taken_at"):
        month = Month.of(one.month)
        if month not in found or found[month].pack_sha256 != current:
            found[month] = one
    return found


def _months(snapshots: Iterable[Month]) -> tuple[Month, ...]:
    """The last two years of months, also those that have no snapshot."""
    known = sorted(snapshots)
    if not known:
        return ()
    first = max(known[0], known[-1].after(1 - MONTHS))
    return tuple(first.until(known[-1]))


def _lines(
    area: Area, wanted: Sequence[str], snapshots: Mapping[Month, Snapshot], *, own: str = "", groups: bool = False
) -> dict[str, Line]:
    """Each indicator's months in an area: two statements whatever their number."""
    months = _months(snapshots)
    if not months:
        return {}
    told = registry.indicators()
    by_snapshot = {snapshots[month].pk: month for month in months if month in snapshots}
    rows = Figure.objects.filter(area=area.code, indicator__in=wanted, snapshot__in=list(by_snapshot))
    found: dict[str, dict[Month, Shown]] = {}
    columns = (
        "indicator",
        "snapshot_id",
        "numerator",
        "denominator",
        "value",
        "lower",
        "upper",
        "completeness",
        "hides",
    )
    for row in rows.values(*columns):
        found.setdefault(row["indicator"], {})[by_snapshot[row["snapshot_id"]]] = shown(row)
    newest = snapshots[months[-1]]
    practices: dict[str, tuple[Shown, ...]] = {}
    if groups:
        names = _names(told)
        for name, some in rows.filter(snapshot=newest).values_list("indicator", "groups__practice"):
            practices[name] = _group_rows("practice", some or {}, names, own=own)
    return {
        name: _line(told.indicators[name], months, figures, practices.get(name, ()))
        for name, figures in found.items()
        if name in told.indicators
    }


def _line(
    indicator: Indicator, months: tuple[Month, ...], figures: Mapping[Month, Shown], practices: tuple[Shown, ...]
) -> Line:
    several = tuple(figures.get(month) for month in months)
    values = [one.value if one else None for one in several]
    return Line(
        indicator=indicator,
        months=months,
        figures=several,
        chart=xmr.chart(values, better=indicator.direction),
        practices=practices,
    )


def _names(told: Indicators) -> dict[tuple[str, str], str]:
    """How groups are called: by the pack, and organisations by their names."""
    named = {(one.id, group): words for one in told.breakdowns.values() for group, words in one.groups.items()}
    for one in organisations():
        named |= {(breakdown, one.code): one.name for breakdown in ("place", "practice", "organisation")}
    return named | {(one, one): told.breakdowns[one].name for one in told.breakdowns}


def _group_rows(
    breakdown: str, some: Mapping[str, Any], names: Mapping[tuple[str, str], str], *, own: str = ""
) -> tuple[Shown, ...]:
    rows = [
        shown(
            figure,
            name=names.get((breakdown, group), group),
            group=group,
            own=breakdown == "practice" and bool(own) and group == own,
        )
        for group, figure in some.items()
    ]
    return tuple(
        sorted(rows, key=lambda row: (row.group == NOT_RECORDED, row.group if breakdown != "practice" else row.name))
    )


def _own_practice(own: OrganisationFact | None) -> str:
    return own.code if own and own.kind == "practice" else ""


# --- pages ---


def board(reader: Reader, *, area: str = "") -> Board:
    """The first page of the reader's area, or of another that they may see."""
    areas, own = areas_of(reader)
    chosen = _area(areas, area)
    told, snapshots = registry.indicators(), _snapshots()
    months = _months(snapshots)
    collected = [one.id for one in told.indicators.values() if one.is_collected]
    found = _lines(chosen, collected, snapshots, own=_own_practice(own), groups=True) if chosen else {}
    audit.record(by=reader, what="looked at figures", details={"area": chosen.code if chosen else ""})
    newest = snapshots[months[-1]] if months else None
    above = {*told.first, *(name for measure in told.success_measures for name in measure.indicators)}
    return Board(
        area=chosen,
        areas=tuple(areas),
        month=months[-1] if months else None,
        taken_at=newest.taken_at if newest else None,
        pack=f"{newest.pack} {newest.pack_version}" if newest else "",
        lines=tuple(found[name] for name in told.first if name in found),
        others=tuple(found[name] for name in collected if name in found and name not in above),
        not_collected=tuple(one for one in told.indicators.values() if not one.is_collected),
        measures=tuple(
            (
                measure,
                tuple(found[name] for name in measure.indicators if name in found),
                tuple(told.indicators[name] for name in measure.indicators if not told.indicators[name].is_collected),
            )
            for measure in told.success_measures
        ),
    )


def indicator_page(reader: Reader, indicator_id: str, *, area: str = "") -> Page | None:
    """One indicator in an area; None when no pack has it."""
    areas, own = areas_of(reader)
    chosen = _area(areas, area)
    told = registry.indicators()
    indicator = told.indicators.get(indicator_id)
    if indicator is None or chosen is None:
        return None
    snapshots = _snapshots()
    months = _months(snapshots)
    line = _lines(chosen, [indicator_id], snapshots).get(indicator_id)
    newest = snapshots[months[-1]] if months else None
    practice = _own_practice(own)
    breakdowns: list[tuple[str, str, tuple[Shown, ...]]] = []
    if newest and line:
        row = Figure.objects.filter(snapshot=newest, area=chosen.code, indicator=indicator_id).first()
        names = _names(told)
        for breakdown in indicator.breakdowns:
            some = row.groups.get(breakdown) if row else None
            if some:
                rows = _group_rows(breakdown, some, names, own=practice)
                breakdowns.append((breakdown, told.breakdowns[breakdown].name, rows))
    mine = [row for name, _, rows in breakdowns if name == "practice" for row in rows if row.is_own]
    if line:
        by_practice = next((rows for name, _, rows in breakdowns if name == "practice"), ())
        line = replace(line, practices=by_practice)
    audit.record(by=reader, what="looked at figures", details={"area": chosen.code, "indicator": indicator_id})
    return Page(
        area=chosen,
        areas=tuple(areas),
        indicator=indicator,
        line=line,
        breakdowns=tuple(breakdowns),
        taken_at=newest.taken_at if newest else None,
        pack=f"{newest.pack} {newest.pack_version}" if newest else "",
        own=mine[0] if mine else None,
        has_list=_may_see_behind(reader, indicator) and newest is not None,
    )


def _may_see_behind(reader: Reader, indicator: Indicator) -> bool:
    formula = indicator.formula
    return (
        formula is not None
        and formula.table in ("on_register", "deaths")
        and formula.value != GAP
        and reader.may("see_register")
        and reader.may("find_people")
    )


def behind_figure(reader: Reader, indicator_id: str) -> BehindPage | None:
    """The people behind the newest figure, of those whom this reader has a standing tie to; that they were listed is audited.

    The keys were kept with the snapshot, so the list is of the month, and whoever is no longer the reader's is not on it.
    """
    reader.must("see_measures")
    reader.must("see_register")
    indicator = registry.indicators().indicators.get(indicator_id)
    snapshots = _snapshots()
    if indicator is None or not snapshots or not _may_see_behind(reader, indicator):
        return None
    month = max(snapshots)
    counted: set[str] = set()
    others: set[str] = set()
    for yes, no in Behind.objects.filter(snapshot=snapshots[month], indicator=indicator_id).values_list(
        "counted", "others"
    ):
        counted |= set(yes)
        others |= set(no)
    theirs = (
        people_of(reader)
        .order_by("name_key", "id")
        .only("id", "title", "given_names", "family_name", "born_on", "birth_precision", "died_on", "practice_id")
    )
    rows = tuple(
        BehindRow(person=person, counted=str(person.pk) in counted)
        for person in theirs
        if str(person.pk) in counted or str(person.pk) in others
    )
    audit.record_many(by=reader, what="listed behind a figure", about=[row.person.pk for row in rows])
    return BehindPage(
        indicator=indicator,
        month=month,
        practice=reader.organisation_name,
        rows=rows,
        all_of=len(counted | others),
    )


# --- for programs, and for slices above ---


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFigure:
    """One row of `ambit measures compute`."""

    indicator: Indicator
    area: str
    numerator: float | None
    denominator: float | None
    value: float | None
    lower: float | None
    upper: float | None
    completeness: float | None
    suppressed: bool

    @property
    def in_words(self) -> tuple[str, ...]:
        if not self.indicator.is_collected:
            return (self.area, self.indicator.name, "", "", "not collected yet", "")
        if self.suppressed:
            return (self.area, self.indicator.name, "", "", "hidden: 1 to 7", "")
        limits = f"{self.lower:.1f} to {self.upper:.1f}" if self.lower is not None and self.upper is not None else ""
        counts = [f"{one:g}" if one is not None else "" for one in (self.numerator, self.denominator)]
        return (self.area, self.indicator.name, *counts, f"{self.value:.1f}" if self.value is not None else "", limits)


def figures_of_site(reader: Reader, month: Month) -> list[SiteFigure]:
    """The figures of a month in each area, in the order of the pack; what is not collected once, without numbers."""
    reader.must("see_measures")
    snapshot = _snapshots().get(month)
    told = registry.indicators()
    rows = {(row.area, row.indicator): row for row in Figure.objects.filter(snapshot=snapshot)} if snapshot else {}
    areas = sorted({area for area, _ in rows})
    found = []
    for indicator in told.indicators.values():
        for area in areas if indicator.is_collected else [""]:
            row = rows.get((area, indicator.id))
            seen = shown(row) if row else None
            found.append(
                SiteFigure(
                    indicator=indicator,
                    area=area,
                    numerator=seen.numerator if seen else None,
                    denominator=seen.denominator if seen else None,
                    value=seen.value if seen else None,
                    lower=seen.lower if seen else None,
                    upper=seen.upper if seen else None,
                    completeness=seen.completeness if seen else None,
                    suppressed=bool(seen and seen.is_hidden),
                )
            )
    return found


def newest_figures(reader: Reader, *, only: Sequence[str], area: str = "") -> dict[str, Line]:
    """These indicators of an area with their months, for statements that cite them as evidence; without those not collected."""
    areas, own = areas_of(reader)
    chosen = _area(areas, area)
    told = registry.indicators()
    wanted = [name for name in only if name in told.indicators and told.indicators[name].is_collected]
    return _lines(chosen, wanted, _snapshots(), own=_own_practice(own)) if chosen else {}


def computed_in_site(month: Month | None = None) -> set[str]:
    """Indicators whose newest figure counts somebody in some area of this site."""
    snapshots = _snapshots()
    if not snapshots:
        return set()
    rows = Figure.objects.filter(snapshot=snapshots[month or max(snapshots)])
    return {
        name
        for name, numerator, denominator, value in rows.values_list("indicator", "numerator", "denominator", "value")
        if value is not None and (denominator or numerator)
    }


def indicators() -> Mapping[str, Indicator]:
    """Every indicator of this site's pack, by its id."""
    return registry.indicators().indicators
