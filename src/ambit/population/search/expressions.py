"""A criterion as an SQL expression over a person's features that is true, false or null; null is our unknown.

SQL's AND, OR and NOT are Kleene's. What two engines say differently is in `Dialect`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from ambit.population.search.criteria import (
    After,
    Age,
    All,
    Any,
    AtLeast,
    Change,
    Criterion,
    Encounters,
    FoundBy,
    Increase,
    Latest,
    Medicines,
    Not,
    Recorded,
    Ref,
    SearchPack,
    Twice,
    Window,
)
from ambit.population.search.layout import Bits, Layout
from ambit.population.search.plan import features_of

COMPARED = {"below": "<", "at_most": "<=", "at_least": ">=", "above": ">"}


@dataclass(frozen=True)
class Dialect:
    """What engines say differently."""

    wide: str  # a whole number that holds the product of two measurements
    whole: str  # a signed whole number of 64 bits
    days_since: Callable[[str, str], str]  # whole days from the first day to the second
    before: Callable[[str, Window], str]  # the day on which a window that ends on this day opens


def day(value: date) -> str:
    return f"DATE '{value.isoformat()}'"


def text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def asked(pack: SearchPack) -> list[tuple[str, Criterion]]:
    """Everything a pack answers, in order: its criteria, then its tiers."""
    return [(named.id, named.criterion) for named in pack.criteria] + [
        (f"tier:{tier.name}", tier.criterion) for tier in pack.tiers
    ]


@dataclass
class Expressions:
    """Writes the criteria of one pack; a criterion refers to those before it by their columns."""

    layout: Layout
    dialect: Dialect
    named: dict[str, tuple[str, Criterion]] = field(default_factory=dict)  # its column or expression, and what it asks

    @property
    def on(self) -> str:
        return day(self.layout.plan.on)

    def of(self, criterion: Criterion) -> str:
        if isinstance(criterion, Age):
            return self._age(criterion)
        if isinstance(criterion, Recorded):
            return self._recorded(criterion)
        if isinstance(criterion, Latest):
            return f"{self._column(criterion)} {COMPARED[criterion.compare]} {criterion.value}"
        if isinstance(criterion, Change):
            return self._change(criterion)
        if isinstance(criterion, Increase):
            now, then = (_count(self.layout.bits[feature]) for feature in features_of(criterion))
            return f"CASE WHEN {now} = 0 THEN {self._absent(criterion.absence)} ELSE {now} - ({then}) >= {criterion.at_least} END"
        if isinstance(criterion, FoundBy):
            return self.of(criterion.criterion)
        if isinstance(criterion, After):
            return self._after(criterion)
        if isinstance(criterion, Medicines | Twice):
            least = criterion.at_least if isinstance(criterion, Medicines) else criterion.apart
            return f"{self._column(criterion)} >= {least}"
        if isinstance(criterion, Encounters):
            column = self._column(criterion)
            return (
                f"CASE WHEN {column}_surely >= {criterion.at_least} THEN true "
                f"WHEN p.first_encounter IS NULL OR p.first_encounter > {self.on} THEN NULL "
                f"WHEN {column}_perhaps >= {criterion.at_least} THEN NULL ELSE false END"
            )
        if isinstance(criterion, Not):
            return f"NOT ({self.of(criterion.criterion)})"
        if isinstance(criterion, All | Any):
            joined = " AND " if isinstance(criterion, All) else " OR "
            return joined.join(f"({self.of(part)})" for part in criterion.criteria)
        if isinstance(criterion, AtLeast):
            surely, perhaps = self._points(criterion)
            return f"CASE WHEN {surely} >= {criterion.k} THEN true WHEN {perhaps} < {criterion.k} THEN false END"
        if isinstance(criterion, Ref):
            return self.named[criterion.id][0]
        raise TypeError(criterion)

    def surely(self, criterion: Criterion) -> str:
        """An expression that is true exactly when the criterion is; else false or null, no matter which: half the work."""
        if isinstance(criterion, All | Any):
            joined = " AND " if isinstance(criterion, All) else " OR "
            return joined.join(f"({self.surely(part)})" for part in criterion.criteria)
        if isinstance(criterion, AtLeast):
            return f"{self._points(criterion)[0]} >= {criterion.k}"
        if isinstance(criterion, Ref):
            return self.surely(self.named[criterion.id][1])
        if isinstance(criterion, FoundBy):
            return self.surely(criterion.criterion)
        return self.of(criterion)

    def _column(self, criterion: Criterion) -> str:
        return self.layout.plan.features[features_of(criterion)[0]]  # type: ignore[arg-type]  # a leaf with features

    def _absent(self, absence: str) -> str:
        return f"CASE WHEN p.first_event <= {self.on} THEN false END" if absence == "false" else "NULL"

    def _age(self, criterion: Age) -> str:
        on = self.layout.plan.on
        told = [f"({_old_enough(criterion.at_least, on)})"] if criterion.at_least else []
        told += [f"(NOT ({_old_enough(criterion.below, on)}))"] if criterion.below is not None else []
        return " AND ".join(told)

    def _recorded(self, criterion: Recorded) -> str:
        (feature,) = features_of(criterion)
        where = self.layout.bits.get(feature)
        absent = self._absent(criterion.absence)
        if isinstance(where, Bits):
            return f"CASE WHEN ({where.column} & {where.mask}) <> 0 THEN true ELSE {absent} END"
        count = self.layout.plan.features[feature] if where is None else _count(where)
        return (
            f"CASE WHEN {count} >= {criterion.at_least} THEN true WHEN {count} > 0 THEN false "
            f"ELSE {absent} END"
        )  # fmt: skip

    def _change(self, criterion: Change) -> str:
        column = self._column(criterion)
        best, latest = f"{column}_best", f"{column}_latest"
        moved = f"({best} - {latest})" if criterion.direction == "fall" else f"({latest} - {best})"
        if not criterion.percent:
            return f"{moved} >= {criterion.by}"
        wide = self.dialect.wide
        return (
            f"CASE WHEN {best} > 0 THEN CAST({moved} AS {wide}) * 10000 >= CAST({best} AS {wide}) * {criterion.by} END"
        )

    def _after(self, criterion: After) -> str:
        these, those = (self.layout.plan.features[f] for f in features_of(criterion))
        floor = f"WHEN {these} < {day(criterion.not_before)} THEN false " if criterion.not_before else ""
        return (
            f"CASE WHEN {these} IS NULL THEN {self._absent(criterion.absence)} {floor}WHEN {those} IS NULL THEN true "
            f"WHEN {these} = {those} THEN {str(criterion.same_day).lower()} ELSE {these} > {those} END"
        )

    def _points(self, criterion: AtLeast) -> tuple[str, str]:
        """What the true parts come to, and what they would with the unknown ones.

        Parts that are a bit each of one word, with the same weight, are counted at once.
        """
        surely, perhaps = ["0"], ["0"]
        together: dict[tuple[str, int, str], int] = {}
        for part, weight in criterion.weighted:
            plain = self.named[part.id][1] if isinstance(part, Ref) else part
            where = self.layout.bit_of(plain)
            if where is not None and isinstance(plain, Recorded):
                key = (where.column, weight, plain.absence)
                if not together.get(key, 0) & where.mask:
                    together[key] = together.get(key, 0) | where.mask
                    continue
            told = self.of(part)
            surely.append(f"CASE WHEN {told} THEN {weight} ELSE 0 END")
            perhaps.append(f"CASE WHEN ({told}) IS NOT FALSE THEN {weight} ELSE 0 END")
        for (column, weight, absence), mask in together.items():
            points = f"{weight} * {_ones(Bits(column, mask))}"
            most = str(weight * mask.bit_count())
            surely.append(points)
            known = f"CASE WHEN p.first_event <= {self.on} THEN {points} ELSE {most} END"
            perhaps.append(known if absence == "false" else most)
        return f"({' + '.join(surely)})", f"({' + '.join(perhaps)})"


def _count(where: Bits | tuple[Bits, ...]) -> str:
    return " + ".join(_ones(one) for one in ((where,) if isinstance(where, Bits) else where))


def _ones(where: Bits) -> str:
    return f"coalesce(CAST(bit_count({where.column} & {where.mask}) AS INTEGER), 0)"


def _old_enough(years: int, on: date) -> str:
    """Completed so many years: born on or before that day so many years ago (28 February where there is no 29th)."""
    try:
        latest = on.replace(year=on.year - years)
    except ValueError:
        latest = date(on.year - years, 2, 28)
    return f"CASE WHEN p.born_until <= {day(latest)} THEN true WHEN p.born_on > {day(latest)} THEN false END"
