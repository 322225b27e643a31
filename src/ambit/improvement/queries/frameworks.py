"""What people ask of frameworks: which there are, one as a tree, one statement with its live figures and what speaks to it."""

from collections.abc import Mapping
from dataclasses import dataclass

from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.improvement import registry
from ambit.improvement.queries.figures import FigureShown, figures_of
from ambit.improvement.rules.frameworks import Candidate, Framework, Node, Scale, neighbours
from ambit.measures import queries as measures


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameworkRow:
    framework: Framework
    statements: int
    with_indicators: int
    with_figures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Frameworks:
    rows: tuple[FrameworkRow, ...]
    candidates: tuple[Candidate, ...]

    @property
    def statements(self) -> int:
        return sum(row.statements for row in self.rows)

    @property
    def with_figures(self) -> int:
        return sum(row.with_figures for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRow:
    """A node in its tree: how deep it stands, and how many of its indicators have figures here."""

    depth: int
    node: Node
    live: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameworkPage:
    framework: Framework
    rows: tuple[NodeRow, ...]
    with_figures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A node of another framework, or of this one, and how fully the two speak to each other."""

    framework: Framework
    node: Node
    strength: str
    is_back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NodePage:
    framework: Framework
    node: Node
    above: tuple[Node, ...]
    below: tuple[Node, ...]
    before: Node | None
    after: Node | None
    scale: Scale | None
    figures: tuple[FigureShown, ...]
    spoken: tuple[Spoken, ...]


def frameworks(reader: Reader) -> Frameworks:
    """Every framework of this site, and those that it may want."""
    reader.must("see_frameworks")
    live, told = measures.computed_in_site(), registry.told()
    rows = []
    for one in told.frameworks.values():
        statements = one.statements
        rows.append(
            FrameworkRow(
                framework=one,
                statements=len(statements),
                with_indicators=sum(bool(node.indicators) for node in statements),
                with_figures=sum(bool(live & set(node.indicators)) for node in statements),
            )
        )
    rows.sort(key=lambda row: -row.statements)
    candidates = tuple(one for crosswalk in told.crosswalks for one in crosswalk.candidates)
    return Frameworks(rows=tuple(rows), candidates=candidates)


def framework_page(reader: Reader, framework_id: str) -> FrameworkPage | None:
    """One framework as a tree; None when no pack has it."""
    reader.must("see_frameworks")
    one = registry.frameworks().get(framework_id)
    if one is None:
        return None
    live = measures.computed_in_site()
    rows = tuple(NodeRow(depth=depth, node=node, live=len(live & set(node.indicators))) for depth, node in one.walk())
    with_figures = sum(bool(row.live) for row in rows if row.node.assessable)
    return FrameworkPage(framework=one, rows=rows, with_figures=with_figures)


def node_page(reader: Reader, framework_id: str, node_id: str) -> NodePage | None:
    """One node: what it says, what would show it, its live figures, and the crosswalk followed both ways."""
    reader.must("see_frameworks")
    told = registry.told()
    one = told.frameworks.get(framework_id)
    node = one.by_id.get(node_id) if one else None
    if one is None or node is None:
        return None
    everywhere = told.nodes
    links: Mapping[str, tuple[str, ...]] = {name: other.links for name, (_, other) in everywhere.items() if other.links}
    around = neighbours(node_id, told.crosswalks, links)
    order = [other for _, other in one.walk() if other.assessable == node.assessable]
    place = order.index(node)
    audit.record(by=reader, what="read a statement of a framework", details={"node": node_id})
    return NodePage(
        framework=one,
        node=node,
        above=tuple(one.path_to(node)),
        below=one.below.get(node_id, ()),
        before=order[place - 1] if place else None,
        after=order[place + 1] if place + 1 < len(order) else None,
        scale=told.scales.get(node.scale or one.scale) if node.assessable else None,
        figures=_figures(reader, node),
        spoken=tuple(
            Spoken(framework=everywhere[a.node][0], node=everywhere[a.node][1], strength=a.strength, is_back=a.is_back)
            for a in around
            if a.node in everywhere
        ),
    )


def _figures(reader: Reader, node: Node) -> tuple[FigureShown, ...]:
    """The figures of the reader's place, as they may be seen outside their owners."""
    if not node.indicators:
        return ()
    areas = measures.areas_of(reader)[0] if reader.may("see_measures") else []
    return figures_of(reader, areas[0].code if areas else "", node.indicators)
