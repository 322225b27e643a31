"""Easy Read packs: short sentences beside a part of the plan, for those who choose them."""

from collections.abc import Mapping
from functools import lru_cache
from typing import cast

from ambit.packs.kinds import Draft, Kind
from ambit.packs.library import Library
from ambit.packs.queries import site_library
from ambit.packs.reading import Place
from ambit.packs.rules import Pack

LONGEST_WORDS = 15
"""Easy Read keeps to one idea in a sentence of at most 15 words."""


def read(draft: Draft) -> Mapping[str, tuple[str, ...]]:
    """The sentences of each part of the plan, and of pages; one that is too long is told with its line."""
    found: dict[str, tuple[str, ...]] = {}
    for place in draft.entries["parts"].each(lambda one: one, what="parts"):
        lines = place.only({"id", "sentences"}, required=("id", "sentences"), what="a part")
        sentences = tuple(lines["sentences"].each(_sentence, what="sentences"))
        found[lines["id"].text(what="id")] = sentences
    return found


def _sentence(place: Place) -> str:
    words = place.text(what="a sentence")
    if len(words.split()) > LONGEST_WORDS:
        place.refuse(f"Make this shorter: at most {LONGEST_WORDS} words. Or make two sentences.")
    return words


def run_examples(found: Pack, place: Place, library: Library) -> int:
    """Worked cases: what somebody must be able to read about a part of the plan."""
    ran = 0
    said = cast(Mapping[str, tuple[str, ...]], found.content)
    for case in place.items(what="examples"):
        lines = case.only({"person", "part", "expect"}, required=("person", "part", "expect"))
        wanted = lines["expect"].only({"says"}, required=("says",), what="expect")["says"].text(what="says")
        part = lines["part"].text(what="part")
        if wanted not in said.get(part, ()):
            case.note(f"The pack does not say “{wanted}” about {part}.")
        ran += 1
    return ran


KIND = Kind(
    name="easy-read",
    title="Easy Read",
    read=read,
    keys=frozenset({"parts"}),
    needs=frozenset({"parts"}),
    run_examples=run_examples,
)


@lru_cache(maxsize=1)
def sentences() -> Mapping[str, tuple[str, ...]]:
    """The sentences of this site's Easy Read packs, by part of the plan; read once in the life of a process."""
    together: dict[str, tuple[str, ...]] = {}
    for pack in site_library().of_kind("easy-read"):
        if pack.ok:
            together.update(cast(Mapping[str, tuple[str, ...]], pack.content))
    return together
