"""What the record is asked, as SQL that is true, false or null for each person; null is our unknown.

Each question is asked once and its answer is a column. What is made of the answers (all, any, at least, not) is a short condition on
the columns, in SQL to find people and in Python to say every answer of who was found.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ambit.population.search.criteria import (
    After,
    Age,
    All,
    Any,
    AtLeast,
    Change,
    Criterion,
    FoundBy,
    Increase,
    Latest,
    Leaf,
    Medicines,
    Not,
    NotInRecords,
    Points,
    Recorded,
    Ref,
    Twice,
)
from ambit.population.search.layout import Bits, Layout
from ambit.population.search.plan import features_of

COMPARED = {"below": "<", "at_most": "<=", "at_least": ">=", "above": ">"}


def day(value: date) -> str:
    return f"DATE '{value.isoformat()}'"


def text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


@dataclass(frozen=True)
class Questions:
    """Writes each question that is not a bit of the tagged rows already."""

    layout: Layout

    def of(self, leaf: Leaf) -> str:
        if isinstance(leaf, Age):
            return self._age(leaf)
        if isinstance(leaf, Recorded):
            return self._recorded(leaf)
        if isinstance(leaf, Latest):
            return f"{self._column(leaf)} {COMPARED[leaf.compare]} {leaf.value}"
        if isinstance(leaf, Change):
            return self._change(leaf)
        if isinstance(leaf, Increase):
            now, then = (_count(self.layout.bits[feature]) for feature in features_of(leaf))
            return f"CASE WHEN {now} = 0 THEN {self._absent(leaf.absence)} ELSE {now} - ({then}) >= {leaf.at_least} END"
        if isinstance(leaf, After):
            return self._after(leaf)
        if isinstance(leaf, Medicines | Twice):
            return f"{self._column(leaf)} >= {leaf.at_least if isinstance(leaf, Medicines) else leaf.apart}"
        if isinstance(leaf, NotInRecords):
            return "CAST(NULL AS BOOLEAN)"
        column = self._column(leaf)
        if isinstance(leaf, Points):
            enough = f"{column} {'>' if leaf.more else '>='} {leaf.at_least}"
            return f"CASE WHEN {column} IS NULL THEN {self._absent(leaf.absence)} ELSE {enough} END"
        return (
            f"CASE WHEN {column}_surely >= {leaf.at_least} THEN true "
            f"WHEN p.first_encounter IS NULL OR p.first_encounter > {day(self.layout.plan.on)} THEN NULL "
            f"WHEN {column}_perhaps >= {leaf.at_least} THEN NULL ELSE false END"
        )

    def _column(self, leaf: Leaf) -> str:
        return self.layout.plan.features[features_of(leaf)[0]]

    def _absent(self, absence: str) -> str:
        return f"CASE WHEN p.first_event <= {day(self.layout.plan.on)} THEN false END" if absence == "false" else "NULL"

    def _age(self, leaf: Age) -> str:
        on = self.layout.plan.on
        told = [f"({_old_enough(leaf.at_least, on)})"] if leaf.at_least else []
        told += [f"(NOT ({_old_enough(leaf.below, on)}))"] if leaf.below is not None else []
        return " AND ".join(told)

    def _recorded(self, leaf: Recorded) -> str:
        (feature,) = features_of(leaf)
        where = self.layout.bits.get(feature)
        count = self.layout.plan.features[feature] if where is None else _count(where)
        return (
            f"CASE WHEN {count} >= {leaf.at_least} THEN true WHEN {count} > 0 THEN false "
            f"ELSE {self._absent(leaf.absence)} END"
        )

    def _change(self, leaf: Change) -> str:
        column = self._column(leaf)
        best, latest = f"{column}_best", f"{column}_latest"
        moved = f"({best} - {latest})" if leaf.direction == "fall" else f"({latest} - {best})"
        enough = ">" if leaf.more else ">="
        if not leaf.percent:
            return f"{moved} {enough} {leaf.by}"
        wide = self.layout.dialect.wide
        return (
            f"CASE WHEN {best} > 0 THEN CAST({moved} AS {wide}) * 10000 {enough} CAST({best} AS {wide}) * {leaf.by} END"
        )

    def _after(self, leaf: After) -> str:
        these, those = (self.layout.plan.features[f] for f in features_of(leaf))
        floor = f"WHEN {these} < {day(leaf.not_before)} THEN false " if leaf.not_before else ""
        return (
            f"CASE WHEN {these} IS NULL THEN {self._absent(leaf.absence)} {floor}WHEN {those} IS NULL THEN true "
            f"WHEN {these} = {those} THEN {str(leaf.same_day).lower()} ELSE {these} > {those} END"
        )


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


@dataclass(frozen=True)
class Made:
    """What is made of the answers, each a column: conditions that are true exactly when a criterion is, else false or null."""

    layout: Layout
    named: Mapping[str, Criterion]

    def true(self, criterion: Criterion) -> str:
        if isinstance(criterion, Ref):
            return self.true(self.named[criterion.id])
        if isinstance(criterion, FoundBy):
            return self.true(criterion.criterion)
        if isinstance(criterion, Not):
            return self.false(criterion.criterion)
        if isinstance(criterion, All):
            return _joined(" AND ", (self.true(part) for part in criterion.criteria))
        if isinstance(criterion, Any):
            return _joined(" OR ", (self.true(part) for part in criterion.criteria))
        if isinstance(criterion, AtLeast):
            return f"{self._points(criterion, self.true)} >= {criterion.k}"
        where = self.layout.bit_of(criterion)
        return f"q{self.layout.questions[criterion]}" if where is None else f"({where.column} & {where.mask}) <> 0"

    def false(self, criterion: Criterion) -> str:
        if isinstance(criterion, Ref):
            return self.false(self.named[criterion.id])
        if isinstance(criterion, FoundBy):
            return self.false(criterion.criterion)
        if isinstance(criterion, Not):
            return self.true(criterion.criterion)
        if isinstance(criterion, All):
            return _joined(" OR ", (self.false(part) for part in criterion.criteria))
        if isinstance(criterion, Any):
            return _joined(" AND ", (self.false(part) for part in criterion.criteria))
        if isinstance(criterion, AtLeast):
            most = sum(weight for _, weight in criterion.weighted)
            return f"{most} - {self._points(criterion, self.false)} < {criterion.k}"
        where = self.layout.bit_of(criterion)
        if where is None:
            return f"NOT q{self.layout.questions[criterion]}"
        absent = isinstance(criterion, Recorded) and criterion.absence == "false"
        return f"(sent AND ({where.column} & {where.mask}) = 0)" if absent else "false"

    def _points(self, criterion: AtLeast, holds: Callable[[Criterion], str]) -> str:
        """The weights of the parts of which this holds; true parts of one weight that are bits of one word are counted at once."""
        told: list[str] = []
        together: dict[tuple[str, int], int] = {}
        for part, weight in criterion.weighted:
            plain = self._plain(part)
            where = self.layout.bit_of(plain) if holds == self.true and isinstance(plain, Leaf) else None
            if where is not None and not together.get((where.column, weight), 0) & where.mask:
                together[where.column, weight] = together.get((where.column, weight), 0) | where.mask
            else:
                told.append(f"CASE WHEN {holds(part)} THEN {weight} ELSE 0 END")
        told += [f"{weight} * {_ones(Bits(column, mask))}" for (column, weight), mask in together.items()]
        return f"({' + '.join(told)})"

    def _plain(self, criterion: Criterion) -> Criterion:
        return self._plain(self.named[criterion.id]) if isinstance(criterion, Ref) else criterion


def _joined(word: str, several: Iterable[str]) -> str:
    return "(" + word.join(dict.fromkeys(several)) + ")"


def value_of(
    criterion: Criterion, answer: Callable[[Leaf], bool | None], named: Mapping[str, Criterion]
) -> bool | None:
    """A criterion's answer made of the answers to its questions (Kleene)."""
    if isinstance(criterion, Ref):
        return value_of(named[criterion.id], answer, named)
    if isinstance(criterion, FoundBy):
        return value_of(criterion.criterion, answer, named)
    if isinstance(criterion, Not):
        value = value_of(criterion.criterion, answer, named)
        return None if value is None else not value
    if isinstance(criterion, All | Any):
        decides = isinstance(criterion, Any)
        values = [value_of(part, answer, named) for part in criterion.criteria]
        return decides if decides in values else None if None in values else not decides
    if isinstance(criterion, AtLeast):
        weighed = [(value_of(part, answer, named), weight) for part, weight in criterion.weighted]
        if sum(weight for value, weight in weighed if value) >= criterion.k:
            return True
        return False if sum(weight for value, weight in weighed if value is not False) < criterion.k else None
    return answer(criterion)
