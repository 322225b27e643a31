"""The frameworks, scales and crosswalks of this site, by their packs; read again only when a file of theirs has changed."""

from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from ambit.improvement.evidence_kind import RULES
from ambit.improvement.kind import CROSSWALKS, KIND, SCALES
from ambit.improvement.rules.evidence import EvidenceRule
from ambit.improvement.rules.frameworks import Crosswalk, Framework, Node, Scale
from ambit.packs.library import Library
from ambit.packs.queries import permissions, site_library
from ambit.packs.rules import Pack


@dataclass(frozen=True)
class Told:
    """What the packs of a site say of frameworks, as far as they are right."""

    frameworks: dict[str, Framework]
    scales: dict[str, Scale]
    crosswalks: list[Crosswalk]
    nodes: dict[str, tuple[Framework, Node]]


def told() -> Told:
    """Everything at once: to ask whether a file has changed is dearer than to ask for one thing more."""
    return _told(site_library())


@lru_cache(maxsize=2)
def _told(library: Library) -> Told:
    def right(kind: str) -> list[Pack]:
        return [pack for pack in library.of_kind(kind) if pack.ok]

    frameworks = {pack.id: cast(Framework, pack.content) for pack in right(KIND.name)}
    return Told(
        frameworks=frameworks,
        scales={name: scale for pack in right(SCALES.name) for name, scale in pack.content.items()},
        crosswalks=[cast(Crosswalk, pack.content) for pack in right(CROSSWALKS.name)],
        nodes={node.id: (one, node) for one in frameworks.values() for node in one.nodes},
    )


def frameworks() -> dict[str, Framework]:
    """Every framework that is right, by its id."""
    return told().frameworks


def scales() -> dict[str, Scale]:
    return told().scales


def framework_pack(framework_id: str) -> Pack | None:
    """The pack of a framework, which knows its version; None when there is none that is right."""
    pack = site_library().get(KIND.name, framework_id)
    return pack if pack is not None and pack.ok else None


def evidence_rules() -> dict[str, EvidenceRule]:
    """What is asked of a statement's figures, by the statement; only of packs that may be used on this site."""
    packs = [pack for pack in site_library().of_kind(RULES.name) if pack.ok]
    may = permissions(packs)
    found: dict[str, EvidenceRule] = {}
    for pack in packs:
        if may[pack.id].allowed:
            found |= pack.content
    return found
