"""The steps of the move to adult care that this site uses, and how packs of the kind `transitions` are read."""

from datetime import UTC, datetime, time
from functools import lru_cache
from typing import cast

from ambit.careplan.rules.transition import DONE, Recorded, Step, stand
from ambit.packs.kinds import Draft, Kind
from ambit.packs.library import Library
from ambit.packs.queries import site_library
from ambit.packs.reading import Place
from ambit.packs.rules import Pack

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


def run_examples(found: Pack, place: Place, library: Library) -> int:
    """Worked cases: somebody's birthday, a day, what is settled by then, and the steps that are to be seen to."""
    ran = 0
    for case in place.items(what="examples"):
        lines = case.only(
            {"person", "born_on", "on", "settled", "expect"}, required=("person", "born_on", "on", "expect")
        )
        on = lines["on"].day(what="on")
        settled = lines["settled"].each(lambda p: p.text(what="settled"), what="settled") if "settled" in lines else []
        said = [Recorded(one, DONE, "seen to", "", datetime.combine(on, time.min, UTC)) for one in settled]
        due = lines["expect"].only({"due"}, required=("due",), what="expect")["due"]
        expected = due.each(lambda p: p.text(what="due"), what="due")
        born_on = lines["born_on"].day(what="born_on")
        is_due = [now.step.id for now in stand(cast(Steps, found.content), said, born_on=born_on, on=on) if now.is_due]
        if is_due != expected:
            case.note(f"The pack asks for {is_due or 'nothing'}; the example expects {expected or 'nothing'}.")
        ran += 1
    return ran


KIND = Kind(
    name="transitions",
    title="move to adult care",
    read=read,
    keys=frozenset({"steps"}),
    needs=frozenset({"steps"}),
    run_examples=run_examples,
)


@lru_cache(maxsize=1)
def steps() -> Steps:
    """The steps this site uses; read once in the life of a process."""
    found = site_library().get("transitions", USED)
    if found is None or not found.ok:
        problems = "; ".join(map(str, found.problems)) if found else "it is missing"
        raise LookupError(f"The steps of the move to adult care, transitions/{USED}, cannot be used: {problems}")
    return cast(Steps, found.content)
