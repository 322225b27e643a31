"""The indicators that this site uses, and what it knows of small areas; read once in the life of a process."""

from functools import lru_cache
from typing import cast

from ambit.measures.kind import AREAS, KIND, Indicators
from ambit.packs.queries import site_library
from ambit.packs.rules import Pack

USED = "ambit-indicators"


@lru_cache(maxsize=1)
def pack() -> Pack:
    """The pack of indicators; a site replaces it by one of its own under the same name."""
    found = site_library().get(KIND.name, USED)
    if found is None or not found.ok:
        problems = "; ".join(map(str, found.problems)) if found else "it is missing"
        raise LookupError(f"The indicators, {KIND.name}/{USED}, cannot be used: {problems}")
    return found


def indicators() -> Indicators:
    return cast(Indicators, pack().content)


def areas() -> dict[str, str]:
    """Every small area that a pack lists, with its fifth of deprivation."""
    found: dict[str, str] = {}
    for one in site_library().of_kind(AREAS.name):
        if one.ok:
            found |= one.content
    return found
