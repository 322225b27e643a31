"""The words a round is answered against, kept whole: a framework and the scales it uses, as plain data and back."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import Any, Final

from ambit.improvement.rules.frameworks import Framework, Level, Node, Scale

_TUPLES: Final = frozenset({"audiences", "evidence", "indicators", "links", "replaces"})


@dataclass(frozen=True)
class Wording:
    """A framework with its scales, as they stood when a round began."""

    framework: Framework
    scales: Mapping[str, Scale]

    def scale_of(self, node: Node) -> Scale:
        return self.scales[node.scale or self.framework.scale]

    def level(self, node: Node, level_id: str) -> Level | None:
        """The level of this id on the node's scale; None when it has no such level."""
        return next((one for one in self.scale_of(node).levels if one.id == level_id), None)

    @cached_property
    def _by_audience(self) -> dict[str, tuple[Node, ...]]:
        return {}

    def statements(self, audience: str) -> tuple[Node, ...]:
        """What is rated, in the order of the document: of an audience, or of all for ""; a node that names no audience is for
        each. What is retired is not rated."""
        if audience not in self._by_audience:
            self._by_audience[audience] = tuple(
                node
                for _, node in self.framework.walk()
                if node.assessable
                and not node.retired_in
                and (not audience or not node.audiences or audience in node.audiences)
            )
        return self._by_audience[audience]


def as_plain(framework: Framework, scales: Mapping[str, Scale]) -> dict[str, Any]:
    """Everything a round needs of a framework, as JSON can hold it: only the scales that some node uses."""
    used = {framework.scale, *(node.scale for node in framework.nodes)} - {""}
    told = {field.name: getattr(framework, field.name) for field in fields(framework)}
    told["nodes"] = [asdict(node) for node in framework.nodes]
    return {"framework": told, "scales": {name: asdict(scales[name]) for name in sorted(used)}}


def digest(plain: Any) -> str:
    """SHA-256 of plain data, whatever the order of its keys."""
    written = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=list)
    return hashlib.sha256(written.encode()).hexdigest()


def from_plain(plain: Mapping[str, Any]) -> Wording:
    told = dict(plain["framework"])
    nodes = tuple(_node(node) for node in told.pop("nodes"))
    framework = Framework(**{**told, "audiences": tuple(told["audiences"])}, nodes=nodes)
    scales = {
        name: Scale(**{**scale, "levels": tuple(Level(**level) for level in scale["levels"])})
        for name, scale in plain["scales"].items()
    }
    return Wording(framework, scales)


def _node(kept: Mapping[str, Any]) -> Node:
    told: dict[str, Any] = {name: tuple(value) if name in _TUPLES else value for name, value in kept.items()}
    return Node(**told)
