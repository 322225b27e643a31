"""Taking the snapshot of a month. Nothing else writes figures, and nothing changes them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.design.refusals import Refused
from ambit.figures.rules.disclosure import Cell, hidden, sums_of
from ambit.measures import registry
from ambit.measures.gathering import Facts, areas_of, places_of, read_facts, rows_of
from ambit.measures.kind import Indicators
from ambit.measures.models import Behind, Figure, Snapshot
from ambit.measures.rules import indicators as rules
from ambit.measures.rules.columns import TABLES
from ambit.measures.rules.indicators import GAP, MEAN, MEDIAN, Computed, Row
from ambit.measures.rules.periods import Month
from ambit.packs.queries import permission

NUMERATOR, DENOMINATOR, BOTH = "numerator", "denominator", "both"
# whose rows each stand for a person with a record of care here
TABLES_OF_PEOPLE = ("on_register", "deaths")
TABLES_ABOUT_PEOPLE = tuple(name for name in TABLES if name != "organisations")


def take_snapshots(
    *, by: Reader, months: Sequence[Month], on: date, advance: Callable[[], None] = lambda: None
) -> list[Snapshot]:
    """Compute and keep the figures of these months, each once; what stands already is handed back as it is.

    A month that has not ended is refused, all of them with it: its figures would be those of a part of it.
    """
    by.must("take_snapshots")
    early = [month for month in months if not month.has_ended(on)]
    if early:
        raise Refused(
            {
                "period": f"{early[0]} has not ended. Its figures can be taken from {early[0].after(1).first.isoformat()} on."
            }
        )
    may = permission(registry.pack())
    if not may.allowed:
        raise Refused({"pack": may.why})
    stands = {
        one.month: one
        for one in Snapshot.objects.filter(month__in=[m.first for m in months], pack_sha256=registry.pack().sha256)
    }
    missing = [month for month in months if month.first not in stands]
    if missing:
        told = registry.indicators()
        facts = read_facts(told.condition_groups, registry.areas(), since=min(missing).first)
        for month in missing:
            stands[month.first] = _take(by, month, facts, told)
            advance()
    return [stands[month.first] for month in months]


@transaction.atomic
def _take(by: Reader, month: Month, facts: Facts, told: Indicators) -> Snapshot:
    pack = registry.pack()
    snapshot = Snapshot.objects.create(
        month=month.first,
        pack=pack.id,
        pack_version=pack.version,
        pack_sha256=pack.sha256,
        taken_at=timezone.now(),
        taken_by=by.name,
    )
    tables = rows_of(facts, month)
    made = {
        area: compute_all(told, {name: [row for row in rows if belongs(row)] for name, rows in tables.items()})
        for area, belongs in areas_of(facts).items()
    }
    hides = what_to_hide(told, made, places_of(facts))
    figures = [
        _figure(snapshot, area, name, computed, hides[name])
        for area, several in made.items()
        for name, computed in several.items()
    ]
    Figure.objects.bulk_create(figures, batch_size=200)
    Behind.objects.bulk_create(_behind(snapshot, told, tables), batch_size=200)
    audit.record(
        by=by,
        what="took the snapshot of a month",
        details={"month": str(month), "pack": {pack.id: pack.version}, "figures": len(figures)},
    )
    return snapshot


def compute_all(told: Indicators, tables: dict[str, list[Row]]) -> dict[str, Computed]:
    """Every indicator that is collected, of these rows; gaps last, since they compare the others."""
    made: dict[str, Computed] = {}
    collected = [one for one in told.indicators.values() if one.formula]
    for one in sorted(collected, key=lambda i: i.formula is not None and i.formula.value == GAP):
        if one.formula and one.formula.value == GAP:
            made[one.id] = rules.gap(one, made[one.formula.of_indicator])
        elif one.formula:
            made[one.id] = rules.compute(one, tables[one.formula.table], standard=told.standard_population)
    return made


def what_to_hide(
    told: Indicators, made: Mapping[str, Mapping[str, Computed]], within: Mapping[str, str]
) -> dict[str, dict[Cell, str]]:
    """For each indicator the cells that hide their numerator, or both numbers, from whoever does not own them."""
    found: dict[str, dict[Cell, str]] = {}
    for name, indicator in told.indicators.items():
        formula = indicator.formula
        if formula is None or formula.value == GAP:
            continue
        if formula.table not in TABLES_ABOUT_PEOPLE:
            found[name] = {}
            continue
        cells = {cell: figure for area, several in made.items() for cell, figure in _cells(area, several[name])}
        of = {cell: figure.denominator for cell, figure in cells.items() if figure.denominator is not None}
        counts = {cell: figure.numerator for cell, figure in cells.items()}
        without = hidden(of, sums_of(of, within))
        # the sum of days is no count of people
        counted = hidden(counts, sums_of(counts, within)) if formula.value not in (MEDIAN, MEAN) else without
        found[name] = {cell: _which(cell in counted, cell in without) for cell in counted | without}
    for name, indicator in told.indicators.items():
        if indicator.formula and indicator.formula.value == GAP:
            base = found[indicator.formula.of_indicator]
            # the widest gap tells the value of a group: none where a group of that breakdown is hidden
            spoilt = {(area, breakdown) for area, breakdown, _ in base}
            found[name] = {
                (area, breakdown, breakdown): BOTH for area, breakdown in spoilt if breakdown in indicator.breakdowns
            } | {(area, "", ""): BOTH for area, breakdown in spoilt if breakdown in indicator.breakdowns}
    return found


def _which(numerator: bool, denominator: bool) -> str:
    return BOTH if numerator and denominator else NUMERATOR if numerator else DENOMINATOR


def _cells(area: str, computed: Computed) -> Iterable[tuple[Cell, rules.Figure]]:
    yield (area, "", ""), computed.whole
    for breakdown, groups in computed.groups.items():
        for group, figure in groups.items():
            yield (area, breakdown, group), figure


def _plain(figure: rules.Figure, hides: str) -> dict[str, Any]:
    told = asdict(figure)
    limits = told.pop("interval") or {"lower": None, "upper": None}
    return told | limits | {"hides": hides}


def _figure(snapshot: Snapshot, area: str, name: str, made: Computed, hides: Mapping[Cell, str]) -> Figure:
    groups = {
        breakdown: {group: _plain(figure, hides.get((area, breakdown, group), "")) for group, figure in some.items()}
        for breakdown, some in made.groups.items()
    }
    whole = _plain(made.whole, hides.get((area, "", ""), ""))
    return Figure(snapshot=snapshot, area=area, indicator=name, groups=groups, **whole)


def _behind(snapshot: Snapshot, told: Indicators, tables: Any) -> Iterable[Behind]:
    for indicator in told.indicators.values():
        formula = indicator.formula
        if formula is None or formula.table not in TABLES_OF_PEOPLE or formula.value == GAP:
            continue
        by_practice: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
        for row, counts in rules.behind(indicator, tables[formula.table]):
            if row.get("practice") and row.get("person"):
                by_practice[row["practice"]][0 if counts else 1].append(str(row["person"]))
        for practice, (counted, others) in sorted(by_practice.items()):
            yield Behind(snapshot=snapshot, indicator=indicator.id, practice=practice, counted=counted, others=others)


def months_to_take(on: date) -> list[Month]:
    """The month that ended last, and those before it that were missed since the last snapshot."""
    last = Month.of(on).after(-1)
    newest = Snapshot.objects.filter(pack_sha256=registry.pack().sha256).order_by("-month").first()
    first = Month.of(newest.month).after(1) if newest else last
    return list(first.until(last))


def take_what_is_missing(*, by: Reader, on: date) -> list[Snapshot]:
    """What the clock does: every month that has ended since the last snapshot; nothing while the indicators may not run here."""
    if not permission(registry.pack()).allowed:
        return []
    months = months_to_take(on)
    return take_snapshots(by=by, months=months, on=on) if months else []
