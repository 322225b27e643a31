"""How packs of the kind `careplans` are read, and how their examples run."""

from collections.abc import Mapping
from typing import Any, cast

from ambit.careplan import rules
from ambit.packs.kinds import Draft, Kind
from ambit.packs.library import Library
from ambit.packs.reading import Place
from ambit.packs.rules import Pack

_SECTION = {
    "id", "title", "title_for_person", "what_others_see", "review_after_days", "ask_again_after_days", "decision", "write",
    "items", "standards",
}  # fmt: skip
_ITEM = {
    "id", "label", "label_for_person", "brief", "hint", "type", "required", "needed_when", "values", "when", "most", "items", "write",
    "standards",
}  # fmt: skip
DECISIONS = ("cpr",)
STANDARDS = ("scci1580", "nhsd", "prsb", "respect", "kis", "cypacp")


def read(draft: Draft) -> rules.Plan:
    """A pack's lines as groups, sections and items; each mistake is told with its line."""
    seen: set[str] = set()
    return rules.Plan(groups=tuple(draft.entries["groups"].each(lambda place: _group(place, seen), what="groups")))


def _group(place: Place, seen: set[str]) -> rules.Group:
    lines = place.only({"title", "sections"}, required=("title", "sections"), what="a group")
    return rules.Group(
        title=lines["title"].text(what="title"),
        sections=tuple(lines["sections"].each(lambda section: _section(section, seen), what="sections")),
    )


def _section(place: Place, seen: set[str]) -> rules.Section:
    lines = place.only(
        _SECTION,
        required=("id", "title", "title_for_person", "review_after_days", "ask_again_after_days"),
        what="a section",
    )
    decision = lines["decision"].one_of(DECISIONS, what="decision") if "decision" in lines else ""
    if bool(decision) == ("items" in lines):
        place.refuse("A section has either items or a decision. Keep one of the two.")
    section_id = _new_id(lines["id"], seen)
    items = (
        tuple(lines["items"].each(lambda item: _item(item, seen, section_id), what="items")) if "items" in lines else ()
    )
    return rules.Section(
        id=section_id,
        title=lines["title"].text(what="title"),
        title_for_person=lines["title_for_person"].text(what="title_for_person"),
        what_others_see=_text(lines, "what_others_see"),
        review_after_days=lines["review_after_days"].whole(what="review_after_days", at_least=1),
        ask_again_after_days=lines["ask_again_after_days"].whole(what="ask_again_after_days", at_least=1),
        decision=decision,
        write=_words(lines, "write"),
        items=items,
        standards=_standards(lines),
    )


def _item(place: Place, seen: set[str], within: str, *, part: bool = False) -> rules.Item:
    lines = place.only(_ITEM, required=("id", "label", "label_for_person", "type"), what="an item")
    kind = lines["type"].one_of([t for t in rules.TYPES if not (part and t == rules.ROWS)], what="type")
    item_id = lines["id"].text(what="id") if part else _new_id(lines["id"], seen)
    if not part and not item_id.startswith(f"{within}."):
        lines["id"].refuse(f"The item's id must begin with its section's: write “{within}.{item_id}”.")
    if (kind == rules.CHOICE) != ("values" in lines):
        place.refuse("A choice has values, and nothing else has. Add “values:” or change the type.")
    if (kind == rules.ROWS) != ("items" in lines):
        place.refuse("Rows have items, and nothing else has. Add “items:” or change the type.")
    return rules.Item(
        id=item_id,
        label=lines["label"].text(what="label"),
        label_for_person=lines["label_for_person"].text(what="label_for_person"),
        type=kind,
        brief=_text(lines, "brief"),
        hint=_text(lines, "hint"),
        required="required" in lines and lines["required"].flag(what="required"),
        needed_when=_needed(lines["needed_when"]) if "needed_when" in lines else None,
        values=tuple(lines["values"].each(_value, what="values")) if "values" in lines else (),
        when=lines["when"].one_of(("past", "future"), what="when") if kind == rules.DATE and "when" in lines else "",
        most=lines["most"].whole(what="most", at_least=1) if "most" in lines else 0,
        items=tuple(lines["items"].each(lambda row: _item(row, seen, "", part=True), what="items"))
        if "items" in lines
        else (),
        write=_words(lines, "write"),
        standards=_standards(lines),
    )


def _value(place: Place) -> rules.Value:
    lines = place.only({"id", "label", "snomed"}, required=("id", "label"), what="a value")
    return rules.Value(lines["id"].text(what="id"), lines["label"].text(what="label"), _text(lines, "snomed"))


def _needed(place: Place) -> rules.Needed:
    lines = place.only({"item", "is"}, required=("item", "is"), what="needed_when")
    return rules.Needed(
        lines["item"].text(what="item"), tuple(lines["is"].each(lambda p: p.text(what="is"), what="is"))
    )


def _standards(lines: Mapping[str, Place]) -> dict[str, tuple[str, ...]]:
    if "standards" not in lines:
        return {}
    named = lines["standards"].only(STANDARDS, what="standards")
    return {name: tuple(place.each(lambda p: p.text(what=name), what=name)) for name, place in named.items()}  # noqa: B023


def _new_id(place: Place, seen: set[str]) -> str:
    written = place.text(what="id")
    if written in seen:
        place.refuse(f"“{written}” is used twice. Give this one another id.")
    seen.add(written)
    return written


def _text(lines: Mapping[str, Place], name: str) -> str:
    return lines[name].text(what=name) if name in lines else ""


def _words(lines: Mapping[str, Place], name: str) -> frozenset[str]:
    return frozenset(lines[name].each(lambda p: p.text(what=name), what=name)) if name in lines else frozenset()


def run_examples(found: Pack, place: Place, library: Library) -> int:
    """Worked cases: a section, what is given, and the fields that must be refused."""
    ran = 0
    for case in place.items(what="examples"):
        lines = case.only(
            {"person", "section", "on", "given", "expect"}, required=("person", "section", "on", "given", "expect")
        )
        which = cast(rules.Plan, found.content).section(lines["section"].text(what="section"))
        if which is None:
            lines["section"].refuse("There is no such section in this pack.")
        expected = lines["expect"].only({"refused"}, required=("refused",), what="expect")["refused"].plain()
        given = cast(dict[str, Any], lines["given"].plain())
        refused = sorted(rules.check(which, given, on=lines["on"].day(what="on")).problems)
        if refused != sorted(expected):
            case.note(f"The pack refuses {refused or 'nothing'}; the example expects {sorted(expected) or 'nothing'}.")
        ran += 1
    return ran


KIND = Kind(
    name="careplans",
    title="care plan",
    read=read,
    keys=frozenset({"groups"}),
    needs=frozenset({"groups"}),
    run_examples=run_examples,
)
