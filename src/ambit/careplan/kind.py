"""How packs of the kind `careplans` are read: the plan with its sections, or a standard that asks for items of it."""

from typing import Any, cast

from ambit.careplan import rules
from ambit.careplan.reading import PlanReader
from ambit.careplan.standards import coverage, read_standard
from ambit.packs.kinds import Draft, Kind
from ambit.packs.library import Library
from ambit.packs.reading import Place
from ambit.packs.rules import Pack


def read(draft: Draft) -> rules.Plan | rules.Standard:
    """A pack's lines as the plan they define, or as the standard they list; each mistake is told with its line."""
    if ("groups" in draft.entries) == ("items" in draft.entries):
        draft.place.refuse(
            "A pack here is either a plan, with “groups:”, or a standard, with “items:”. Write one of them."
        )
    return PlanReader(draft).read() if "groups" in draft.entries else read_standard(draft)


def uses(content: rules.Plan | rules.Standard) -> tuple[tuple[str, str], ...]:
    return (("careplans", content.plan),) if isinstance(content, rules.Standard) else ()


def run_examples(found: Pack, place: Place, library: Library) -> int:
    """Worked cases: a section, what is given, and the fields that must be refused; for a standard, how many items it has."""
    ran = 0
    for case in place.items(what="examples"):
        if isinstance(found.content, rules.Standard):
            _counted(found.content, case)
        else:
            _refused(cast(rules.Plan, found.content), case)
        ran += 1
    return ran


def _refused(plan: rules.Plan, case: Place) -> None:
    lines = case.only(
        {"person", "section", "on", "given", "expect"}, required=("person", "section", "on", "given", "expect")
    )
    which = plan.section(lines["section"].text(what="section"))
    if which is None:
        lines["section"].refuse("There is no such section in this pack.")
    expected = lines["expect"].only({"refused"}, required=("refused",), what="expect")["refused"].plain()
    given = cast(dict[str, Any], lines["given"].plain())
    refused = sorted(rules.check(which, given, on=lines["on"].day(what="on")).problems)
    if refused != sorted(expected):
        case.note(f"The pack refuses {refused or 'nothing'}; the example expects {sorted(expected) or 'nothing'}.")


def _counted(standard: rules.Standard, case: Place) -> None:
    """Either how many items of each status the standard has by its own text, or the title and status of one of them."""
    lines = case.only({"person", "item", "expect"}, required=("person", "expect"))
    if "item" not in lines:
        expected = lines["expect"].only(rules.STATUSES, required=rules.STATUSES[:3], what="expect")
        for status, told in expected.items():
            there = sum(asked.status == status for asked in standard.items)
            if there != told.whole(what=status):
                told.note(
                    f"The pack lists {there} items of status {status}; the standard has {told.whole(what=status)}."
                )
        return
    asked_id = lines["item"].text(what="item")
    one = lines["expect"].only({"title", "status"}, required=("title", "status"), what="expect")
    found = next((asked for asked in standard.items if asked.id == asked_id), None)
    if found is None or (found.title, found.status) != (one["title"].text(), one["status"].text()):
        case.note(f"The pack has {(found.title, found.status) if found else 'no such item'} for “{asked_id}”.")


KIND = Kind(
    name="careplans",
    title="care plan",
    read=read,
    keys=frozenset({"groups", "value_sets", "plan", "ages", "items", "known_in_part"}),
    run_examples=run_examples,
    uses=uses,
    coverage=coverage,
)
