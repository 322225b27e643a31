"""The registry of items: the plan whose sections and items this site uses."""

from functools import lru_cache
from typing import cast

from ambit.careplan import rules
from ambit.packs.queries import site_library
from ambit.packs.rules import Pack

USED = "ambit-plan"


@lru_cache(maxsize=1)
def pack() -> Pack:
    """The pack whose sections this site's plans have; read once in the life of a process."""
    found = site_library().get("careplans", USED)
    if found is None or not found.ok:
        problems = "; ".join(map(str, found.problems)) if found else "it is missing"
        raise LookupError(f"The plan's own pack, careplans/{USED}, cannot be used: {problems}")
    return found


def plan() -> rules.Plan:
    return cast(rules.Plan, pack().content)


def section(section_id: str) -> rules.Section | None:
    return plan().section(section_id)


def standards() -> dict[str, rules.Standard]:
    """The record content standards that are here and whose packs are right, by id."""
    return {
        found.id: found.content
        for found in site_library().of_kind("careplans")
        if found.ok and isinstance(found.content, rules.Standard)
    }
