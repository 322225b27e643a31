"""The steps of the move to adult care that this site uses, and how packs of the kind `transitions` are read."""

from functools import lru_cache
from typing import cast

from ambit.careplan.rules.transition import Step
from ambit.packs.kinds import Draft, Kind
from ambit.packs.queries import site_library
from ambit.packs.reading import Place

USED = "ambit-transition"
Steps = tuple[Step, ...]


def read(draft: Draft) -> Steps:
    """A pack's lines as steps; each mistake is told with its line."""
    seen: set[str] = set()

    def step(place: Place) -> Step:
        lines = place.only({"id", "title", "hint", "due"}, required=("id", "title", "due"), what="a step")
        named = lines["id"].text(what="id")
        if named in seen:
            lines["id"].refuse(f"“{named}” is used twice. Give this one another id.")
        seen.add(named)
        return Step(
            id=named,
            title=lines["title"].text(what="title"),
            due=lines["due"].whole(what="due", at_least=10),
            hint=lines["hint"].text(what="hint") if "hint" in lines else "",
        )

    return tuple(draft.entries["steps"].each(step, what="steps"))


KIND = Kind(
    name="transitions", title="move to adult care", read=read, keys=frozenset({"steps"}), needs=frozenset({"steps"})
)


@lru_cache(maxsize=1)
def steps() -> Steps:
    """The steps this site uses; read once in the life of a process."""
    found = site_library().get("transitions", USED)
    if found is None or not found.ok:
        problems = "; ".join(map(str, found.problems)) if found else "it is missing"
        raise LookupError(f"The steps of the move to adult care, transitions/{USED}, cannot be used: {problems}")
    return cast(Steps, found.content)
