"""What a framework is: a tree of nodes, scales by which some are rated, and a crosswalk between trees. Plain Python, no Django, no clock."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

STRENGTHS: Final = ("full", "partial", "related")
GROUP: Final = "group"
"""The type of a node that holds others together and says nothing itself."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a scale: a word and a symbol always stand with its colour."""

    id: str
    value: int | None
    label: str
    word: str
    symbol: str
    colour: str
    description: str
    rag: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    id: str
    kind: str
    title: str
    levels: tuple[Level, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One part of a framework. Its id never changes its meaning; `more` holds what only some frameworks print."""

    id: str
    parent: str
    type: str
    title: str
    text: str = ""
    ref: str = ""
    assessable: bool = False
    audiences: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    scale: str = ""
    where: str = ""
    note: str = ""
    retired_in: str = ""
    replaces: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Framework:
    """One framework: its header, and its nodes in the order of the document."""

    id: str
    short: str
    title: str
    edition: str
    status: str
    document: Mapping[str, str]
    jurisdiction: str
    population: str
    kind: str
    scale: str
    audiences: tuple[str, ...]
    wording: str
    nodes: tuple[Node, ...]
    more: Mapping[str, Any]

    @cached_property
    def by_id(self) -> dict[str, Node]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def below(self) -> dict[str, tuple[Node, ...]]:
        """The nodes under each id; those at the top under ""."""
        found: dict[str, list[Node]] = {}
        for node in self.nodes:
            found.setdefault(node.parent, []).append(node)
        return {parent: tuple(nodes) for parent, nodes in found.items()}

    @property
    def statements(self) -> tuple[Node, ...]:
        """What can be rated."""
        return tuple(node for node in self.nodes if node.assessable)

    def path_to(self, node: Node) -> list[Node]:
        """Those above a node, the topmost first."""
        found: list[Node] = []
        parent = self.by_id.get(node.parent)
        while parent is not None:
            found.insert(0, parent)
            parent = self.by_id.get(parent.parent)
        return found

    def walk(self, under: str = "", depth: int = 0) -> Iterator[tuple[int, Node]]:
        """Every node with its depth, as it is printed."""
        for node in self.below.get(under, ()):
            yield depth, node
            yield from self.walk(node.id, depth + 1)

    def part_of(self, node: Node) -> Node:
        """The part under which progress is counted: the topmost above a statement, or what stands in it when it only groups."""
        return self._parts.get(node.id) or self._part_of(node)

    @cached_property
    def _parts(self) -> dict[str, Node]:
        return {node.id: self._part_of(node) for node in self.nodes}

    def _part_of(self, node: Node) -> Node:
        path = self.path_to(node)
        return path[1] if len(path) > 1 and path[0].type == GROUP else (path or [node])[0]


@dataclass(frozen=True, slots=True)
class Mapped:
    """A node, the nodes that it speaks to, and how fully."""

    node: str
    to: tuple[str, ...]
    strength: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A framework that a site may want and that is not shipped, with how far its content has been checked."""

    id: str
    title: str
    region: str
    checked: str
    known: str = ""
    to_do: str = ""
    licence: str = ""


@dataclass(frozen=True)
class Crosswalk:
    hub: str
    maps: tuple[Mapped, ...]
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A node that another speaks to, or that speaks to it; `strength` is empty for a link that a framework names itself."""

    node: str
    strength: str
    is_back: bool


def neighbours(node_id: str, crosswalks: Sequence[Crosswalk], links: Mapping[str, Sequence[str]]) -> list[Neighbour]:
    """What a node speaks to and what speaks to it, each once, forwards first; a mapping says more than a link."""
    found: dict[str, Neighbour] = {}
    for crosswalk in crosswalks:
        for one in crosswalk.maps:
            if one.node == node_id:
                found |= {to: Neighbour(to, one.strength, False) for to in one.to if to not in found}
            elif node_id in one.to:
                found.setdefault(one.node, Neighbour(one.node, one.strength, True))
    for to in links.get(node_id, ()):
        found.setdefault(to, Neighbour(to, "", False))
    for other, named in links.items():
        if node_id in named:
            found.setdefault(other, Neighbour(other, "", True))
    return sorted(
        found.values(), key=lambda one: (one.is_back, STRENGTHS.index(one.strength) if one.strength else 9, one.node)
    )


def roots(nodes: Sequence[Node]) -> set[str]:
    """Ids that can be reached from the top by going down: all of them, in a sound framework."""
    below: dict[str, list[str]] = {}
    for node in nodes:
        below.setdefault(node.parent, []).append(node.id)
    found: set[str] = set()
    waiting = list(below.get("", ()))
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += below.get(one, ())
    return found
