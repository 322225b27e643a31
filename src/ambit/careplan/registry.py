"""The registry of items: the plan whose sections and items this site uses."""

from dataclasses import replace
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


@lru_cache(maxsize=4)
def plan_in(language: str) -> rules.Plan:
    """The plan with its words for the person in a language; in English where the pack has no such language."""
    translation = plan().translations.get(language.split("-")[0])
    if translation is None:
        return plan()
    groups = tuple(
        replace(group, sections=tuple(rules.in_words(section, translation.of) for section in group.sections))
        for group in plan().groups
    )
    return replace(plan(), groups=groups)


def say_in(language: str) -> rules.Say:
    """How one of the plan's words for the person is said in a language."""
    translation = plan().translations.get(language.split("-")[0])
    return translation.of if translation else str


def section(section_id: str) -> rules.Section | None:
    return plan().section(section_id)


def standards() -> dict[str, rules.Standard]:
    """The record content standards that are here and whose packs are right, by id."""
    return {
        found.id: found.content
        for found in site_library().of_kind("careplans")
        if found.ok and isinstance(found.content, rules.Standard)
    }
