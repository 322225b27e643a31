"""How packs of the kinds `indicators` and `areas` are read, and how their examples run."""

import csv
import io
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

from ambit.measures.rules.columns import TABLES
from ambit.measures.rules.indicators import (
    DIRECTIONS,
    GAP,
    MANY,
    MEAN,
    MEDIAN,
    VALUES,
    Condition,
    Formula,
    Indicator,
    Row,
    compute,
)
from ambit.packs.kinds import Draft, Kind
from ambit.packs.library import Library
from ambit.packs.reading import NotUnderstood, Place, Problem, meant, read_yaml
from ambit.packs.rules import Pack

CHARTS = ("xmr", "run", "pareto", "line", "funnel")
FIFTHS = ("1", "2", "3", "4", "5")


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A way in which figures are broken down; groups that the pack does not name keep their own names."""

    id: str
    name: str
    groups: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Measure:
    """One success measure of a strategy, and the indicators that show it."""

    node: str
    title: str
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Indicators:
    """Everything that a pack of indicators says."""

    indicators: Mapping[str, Indicator]
    breakdowns: Mapping[str, Breakdown]
    condition_groups: tuple[tuple[str, tuple[str, ...]], ...]
    standard_population: Mapping[str, int]
    first: tuple[str, ...]
    success_measures: tuple[Measure, ...]


def _texts(place: Place, what: str) -> tuple[str, ...]:
    return tuple(place.each(lambda one: one.text(what=what), what=what))


def read(draft: Draft) -> Indicators:
    """A pack's lines as indicators, with those of the files in `by-source/`; each mistake is told with its file and line."""
    lines = draft.entries
    breakdowns = {one.id: one for one in lines["breakdowns"].each(_breakdown, what="breakdowns")}
    groups = tuple(lines["condition_groups"].each(_condition_group, what="condition_groups"))
    standard = {
        band: place.whole(what=band, at_least=1)
        for band, place in lines["standard_population"].entries(what="standard_population").items()
    }
    found: dict[str, Indicator] = {}
    for path in sorted((draft.folder / "by-source").glob("*.yaml")):
        label = draft.label.replace("pack.yaml", f"by-source/{path.name}")
        place = read_yaml(path, label=label, problems=draft.problems)
        if place is None:
            continue
        rows = place.only({"indicators"}, required=("indicators",), what="a file of indicators")["indicators"]
        for one in rows.items(what="indicators"):
            with suppress(NotUnderstood):
                indicator = _indicator(one, breakdowns)
                if indicator.id in found:
                    one.note(f"“{indicator.id}” is used twice. Give this one another id.")
                found[indicator.id] = indicator
    first = _named(lines["first"], found, "first") if "first" in lines else ()
    measures = (
        tuple(lines["success_measures"].each(lambda p: _measure(p, found), what="success_measures"))
        if "success_measures" in lines
        else ()
    )
    for indicator in found.values():
        if indicator.formula and indicator.formula.value == GAP and indicator.formula.of_indicator not in found:
            draft.place.note(f"{indicator.id} compares the groups of an indicator that is not here.")
    return Indicators(found, breakdowns, groups, standard, first, measures)


def _named(place: Place, found: Mapping[str, Indicator], what: str) -> tuple[str, ...]:
    def named(one: Place) -> str:
        written = one.text(what=what)
        if written not in found:
            one.refuse(f"There is no indicator “{written}” in this pack. {meant(written, found)}".strip())
        return written

    return tuple(place.each(named, what=what))


def _breakdown(place: Place) -> Breakdown:
    lines = place.only({"id", "name", "groups"}, required=("id", "name"), what="a breakdown")
    groups = lines["groups"].entries(what="groups") if "groups" in lines else {}
    return Breakdown(
        lines["id"].text(what="id"),
        lines["name"].text(what="name"),
        {group: words.text(what=group) for group, words in groups.items()},
    )


def _condition_group(place: Place) -> tuple[str, tuple[str, ...]]:
    lines = place.only({"id", "name", "lists"}, required=("id", "name", "lists"), what="a condition group")
    return lines["id"].text(what="id"), _texts(lines["lists"], "lists")


def _measure(place: Place, found: Mapping[str, Indicator]) -> Measure:
    lines = place.only({"node", "title", "indicators"}, required=("node", "title", "indicators"), what="a measure")
    return Measure(
        lines["node"].text(what="node"),
        lines["title"].text(what="title"),
        _named(lines["indicators"], found, "indicators"),
    )


_ASKED = ("id", "name", "question", "numerator", "denominator", "calculation", "unit", "direction", "breakdowns",
          "source", "serves", "chart")  # fmt: skip


def _indicator(place: Place, breakdowns: Mapping[str, Breakdown]) -> Indicator:
    lines = place.only(
        {*_ASKED, "note", "parameters", "measured", "not_broken_down", "target"}, required=_ASKED, what="an indicator"
    )
    parameters = lines["parameters"].entries(what="parameters") if "parameters" in lines else {}
    told = {name: one.text(what=name) for name, one in parameters.items()}
    missing = lines["not_broken_down"].entries(what="not_broken_down") if "not_broken_down" in lines else {}
    text = {name: lines[name].text(what=name) for name in ("id", "name", "question", "numerator", "denominator",
                                                          "calculation", "unit", "source")}  # fmt: skip
    return Indicator(
        **text,
        direction=lines["direction"].one_of(DIRECTIONS, what="direction"),
        breakdowns=tuple(lines["breakdowns"].each(lambda p: p.one_of(breakdowns, what="breakdowns"))),
        serves=_texts(lines["serves"], "serves"),
        chart=lines["chart"].one_of(CHARTS, what="chart"),
        note=lines["note"].text(what="note") if "note" in lines else "",
        parameters=told,
        formula=_formula(lines["measured"], told) if "measured" in lines else None,
        not_broken_down={name: one.text(what=name) for name, one in missing.items()},
        target=float(lines["target"].number(what="target")) if "target" in lines else None,
    )


def _formula(place: Place, parameters: Mapping[str, str]) -> Formula:
    lines = place.only(
        {
            "of",
            "value",
            "among",
            "left_out",
            "known",
            "counted",
            "column",
            "per",
            "indicator",
            "smallest_group",
            "method",
        },
        required=("of", "value"),
        what="measured",
    )
    table = lines["of"].one_of(TABLES, what="of")
    value = lines["value"].one_of(VALUES, what="value")

    def column(one: Place) -> str:
        return one.one_of(TABLES[table], what="column")

    def conditions(name: str) -> tuple[Condition, ...]:
        return tuple(lines[name].each(lambda p: _condition(p, column, parameters), what=name)) if name in lines else ()

    if value in (MEDIAN, MEAN) and "column" not in lines:
        place.refuse(f"A {value} is of a column. Add “column: …”.")
    if value == GAP and "indicator" not in lines:
        place.refuse("A gap is between the groups of another indicator. Add “indicator: …”.")
    return Formula(
        table=table,
        value=value,
        among=conditions("among"),
        left_out=conditions("left_out"),
        known=tuple(lines["known"].each(column, what="known")) if "known" in lines else (),
        counted=conditions("counted"),
        column=column(lines["column"]) if "column" in lines else "",
        per=float(lines["per"].number(what="per")) if "per" in lines else 100 if value == "share" else 1,
        of_indicator=lines["indicator"].text(what="indicator") if "indicator" in lines else "",
        smallest_group=int(_number(lines["smallest_group"], parameters)) if "smallest_group" in lines else 0,
        method=lines["method"].text(what="method") if "method" in lines else "",
    )


def _condition(place: Place, column: Any, parameters: Mapping[str, str]) -> Condition:
    lines = place.only({"column", "is", "at_least", "at_most"}, required=("column",), what="a condition")
    if not {"is", "at_least", "at_most"} & set(lines):
        place.refuse("A condition says what its column must be: add “is:”, “at_least:” or “at_most:”.")
    return Condition(
        column(lines["column"]),
        frozenset(_texts(lines["is"], "is")) if "is" in lines else frozenset(),
        _number(lines["at_least"], parameters) if "at_least" in lines else None,
        _number(lines["at_most"], parameters) if "at_most" in lines else None,
    )


def _number(place: Place, parameters: Mapping[str, str]) -> float:
    """A number, or the name of a parameter that is one."""
    written = place.text()
    if written in parameters:
        try:
            return float(parameters[written])
        except ValueError:
            place.refuse(f"The parameter “{written}” is “{parameters[written]}”, which is not a number.")
    return float(place.number())


def uses(content: Any) -> Iterable[tuple[str, str]]:
    """The code lists by which condition groups are told apart."""
    return [("codelists", name) for _, lists in cast(Indicators, content).condition_groups for name in lists]


def run_examples(found: Pack, place: Place, library: Library) -> int:
    """Worked cases: an indicator, rows of its table, and the figure they make."""
    told = cast(Indicators, found.content)
    ran = 0
    for case in place.items(what="examples"):
        lines = case.only({"indicator", "rows", "expect"}, required=("indicator", "rows", "expect"), what="an example")
        indicator = told.indicators[lines["indicator"].one_of(told.indicators, what="indicator")]
        if not indicator.is_collected:
            lines["indicator"].refuse("This indicator is not computed yet.")
        rows = [_row(one.entries(what="a row")) for one in lines["rows"].items(what="rows")]
        figure = compute(indicator, rows, standard=told.standard_population).whole
        made = {"numerator": figure.numerator, "denominator": figure.denominator, "value": figure.value}
        for name, expected in lines["expect"].entries(what="expect").items():
            wanted = None if expected.text(empty=True) in ("", "none") else float(expected.number())
            if name not in made:
                expected.refuse("Expect a numerator, denominator or value.")
            got = made[name]
            if (got is None) != (wanted is None) or (
                got is not None and wanted is not None and abs(got - wanted) > 1e-6
            ):
                expected.note(f"The {name} is {got}; the example expects {wanted}.")
        ran += 1
    return ran


def _row(lines: Mapping[str, Place]) -> Row:
    def value(place: Place) -> Any:
        written = place.text(empty=True)
        if written in ("yes", "no"):
            return written == "yes"
        try:
            return float(written)
        except ValueError:
            return written or None

    return {name: int(place.whole()) if name == MANY else value(place) for name, place in lines.items()}


KIND = Kind(
    name="indicators",
    title="set of indicators",
    read=read,
    keys=frozenset({"terms", "breakdowns", "condition_groups", "standard_population", "first", "success_measures"}),
    needs=frozenset({"breakdowns", "condition_groups", "standard_population"}),
    run_examples=run_examples,
    uses=uses,
)


def read_areas(draft: Draft) -> Mapping[str, str]:
    """Small areas with the fifth of deprivation that each is in, 1 the most deprived."""
    label = draft.label.replace("pack.yaml", "areas.csv")
    try:
        text = (draft.folder / "areas.csv").read_text(encoding="utf-8-sig")
    except (FileNotFoundError, UnicodeDecodeError):
        draft.problems.append(Problem(label, 1, "The file is missing or not UTF-8. Columns: area,deprivation_fifth."))
        raise NotUnderstood(label) from None
    found: dict[str, str] = {}
    rows = csv.DictReader(io.StringIO(text, newline=""))
    for row in rows:
        area, fifth = (row.get("area") or "").strip(), (row.get("deprivation_fifth") or "").strip()
        if not area or fifth not in FIFTHS:
            draft.problems.append(Problem(label, rows.line_num, "Write an area's code and its fifth, 1 to 5."))
        elif found.setdefault(area, fifth) != fifth:
            draft.problems.append(Problem(label, rows.line_num, f"“{area}” stands here twice with two fifths."))
    return found


def run_area_examples(found: Pack, place: Place, library: Library) -> int:
    """Each example names an area and its fifth."""
    ran = 0
    for case in place.items(what="examples"):
        lines = case.only({"area", "expect"}, required=("area", "expect"), what="an example")
        wanted = lines["expect"].only({"deprivation_fifth"}, required=("deprivation_fifth",))["deprivation_fifth"]
        if found.content.get(lines["area"].text()) != wanted.text():
            case.note(f"The pack says {found.content.get(lines['area'].text(), 'nothing')}.")
        ran += 1
    return ran


AREAS = Kind(name="areas", title="list of small areas", read=read_areas, run_examples=run_area_examples)
