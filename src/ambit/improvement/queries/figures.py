"""Live figures behind statements, what they propose, and the same as they were kept when a round was signed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ambit.access.queries import Reader
from ambit.improvement import registry
from ambit.improvement.rules.evidence import EvidenceRule, Measured, Proposal, Result, Test, propose
from ambit.improvement.rules.frameworks import Node
from ambit.measures import evidence as measures
from ambit.measures import queries as indicators
from ambit.measures.queries import Shown
from ambit.measures.rules.periods import Month


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureShown:
    """An indicator's figure beside a statement: live, or as it was signed. Without `shown` there is none yet."""

    indicator: str
    name: str
    question: str
    value_kind: str
    direction: str
    is_collected: bool
    month: str = ""
    pack: str = ""
    shown: Shown | None = None
    before: Shown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The figures of some statements, and what the rules make of them, by statement."""

    figures: Mapping[str, tuple[FigureShown, ...]]
    proposals: Mapping[str, Proposal]


def live(reader: Reader, area: str, nodes: Iterable[Node], *, also: Mapping[str, Iterable[str]] | None = None) -> Live:
    """Figures and proposals for statements, from the figures of an area as they may be seen outside their owners.

    `also` names indicators that people cited beyond those of the framework. Whoever may not see figures is shown none.
    """
    wanted = {node.id: [*node.indicators, *(also or {}).get(node.id, ())] for node in nodes}
    names = {name for several in wanted.values() for name in several}
    if not reader.may("see_measures") or not names:
        return Live(
            figures={node: tuple(_figure(name, None) for name in some) for node, some in wanted.items()}, proposals={}
        )
    rules = {node: rule for node, rule in registry.evidence_rules().items() if node in wanted}
    names |= {test.indicator for rule in rules.values() for test in rule.tests}
    now = measures.figures_of_area(reader, area, only=sorted(names), breakdowns=_compared(rules.values()))
    measured = {name: _measured(one) for name, one in now.items()}
    return Live(
        figures={node: tuple(_figure(name, now.get(name)) for name in some) for node, some in wanted.items()},
        proposals={node: propose(rule, measured) for node, rule in rules.items()},
    )


def figures_of(reader: Reader, area: str, names: Sequence[str]) -> tuple[FigureShown, ...]:
    """The newest figures of an area by the names of indicators; of no area, or for who may not see figures, names alone."""
    now = measures.figures_of_area(reader, area, only=names) if area and reader.may("see_measures") else {}
    return tuple(_figure(name, now.get(name)) for name in names)


def public_figures(area: str, names: Sequence[str]) -> tuple[FigureShown, ...]:
    """The same for everybody, of a plan that a place made public: small numbers are hidden."""
    now = measures.public_figures(area, only=names) if area else {}
    return tuple(_figure(name, now.get(name)) for name in names)


def _figure(name: str, now: measures.Now | None) -> FigureShown:
    told = indicators.indicators().get(name)
    return FigureShown(
        indicator=name,
        name=told.name if told else name,
        question=told.question if told else "",
        value_kind=told.formula.value if told and told.formula else "",
        direction=told.direction if told else "",
        is_collected=bool(told and told.is_collected),
        month=str(now.month) if now else "",
        pack=now.pack if now else "",
        shown=now.figure if now else None,
        before=now.before if now else None,
    )


def _compared(rules: Iterable[EvidenceRule]) -> list[str]:
    """The breakdowns whose groups some test compares."""
    return sorted({test.breakdown for rule in rules for test in rule.tests if test.breakdown})


def _measured(one: measures.Now) -> Measured:
    """A figure as rules read it."""
    return Measured(
        value=one.figure.value, denominator=one.figure.denominator, hides=one.figure.hides, groups=one.groups
    )


# --- kept when signed, and read again ---


def figure_as_plain(one: FigureShown) -> dict[str, Any]:
    return asdict(one)


def figure_from_plain(kept: Mapping[str, Any]) -> FigureShown:
    told = dict(kept)
    for name in ("shown", "before"):
        told[name] = Shown(**told[name]) if told[name] else None
    return FigureShown(**told)


def proposal_as_plain(one: Proposal | None) -> dict[str, Any]:
    return asdict(one) if one else {}


def proposal_from_plain(kept: Mapping[str, Any]) -> Proposal | None:
    if not kept:
        return None
    results = tuple(Result(**{**row, "test": Test(**row["test"])}) for row in kept["results"])
    return Proposal(**{**kept, "results": results})


def month_of(figure: FigureShown) -> Month | None:
    return Month.read(figure.month) if figure.month else None
