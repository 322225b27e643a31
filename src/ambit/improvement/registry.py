"""The frameworks, scales and crosswalks of this site, by their packs; read again only when a file of theirs has changed."""

from functools import lru_cache
from typing import cast

from ambit.improvement.evidence_kind import RULES
from ambit.improvement.kind import CROSSWALKS, KIND, SCALES
from ambit.improvement.rules.evidence import EvidenceRule
from ambit.improvement.rules.frameworks import Crosswalk, Framework, Node, Scale
from ambit.packs.library import Library
from ambit.packs.queries import permissions, site_library
from ambit.packs.rules import Pack


def frameworks() -> dict[str, Framework]:
    """Every framework that is right, by its id."""
    return {pack.id: cast(Framework, pack.content) for pack in site_library().of_kind(KIND.name) if pack.ok}


def scales() -> dict[str, Scale]:
    found: dict[str, Scale] = {}
    for pack in site_library().of_kind(SCALES.name):
        if pack.ok:
            found |= pack.content
    return found


def crosswalks() -> list[Crosswalk]:
    return [cast(Crosswalk, pack.content) for pack in site_library().of_kind(CROSSWALKS.name) if pack.ok]


def nodes() -> dict[str, tuple[Framework, Node]]:
    """Every node of every framework, by its id."""
    return _nodes(site_library())


@lru_cache(maxsize=2)
def _nodes(library: Library) -> dict[str, tuple[Framework, Node]]:
    return {
        node.id: (pack.content, node) for pack in library.of_kind(KIND.name) if pack.ok for node in pack.content.nodes
    }


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
