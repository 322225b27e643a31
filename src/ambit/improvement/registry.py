"""The frameworks, scales and crosswalks of this site, by their packs; read again only when a file of theirs has changed."""

from functools import lru_cache
from typing import cast

from ambit.improvement.kind import CROSSWALKS, KIND, SCALES
from ambit.improvement.rules.frameworks import Crosswalk, Framework, Node, Scale
from ambit.packs.library import Library
from ambit.packs.queries import site_library


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
