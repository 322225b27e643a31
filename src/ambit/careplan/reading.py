"""How a plan is read: groups in `pack.yaml`, and one file for each section in the folder `sections/` beside it."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from ambit.careplan import rules
from ambit.careplan.rules.directives import KINDS
from ambit.packs.kinds import Draft
from ambit.packs.reading import NotUnderstood, Place, meant, read_yaml

_HELD = {"write", "for_person", "talk", "never_because", "ages"}
_SECTION = _HELD | {
    "id", "title", "title_for_person", "what_others_see", "review_after_days", "ask_again_after_days", "expected", "decision",
    "items",
}  # fmt: skip
_ITEM = _HELD | {
    "id", "label", "label_for_person", "brief", "hint", "type", "required", "needed_when", "values", "when", "most", "low",
    "high", "unit", "items",
}  # fmt: skip

DECISIONS: dict[str, frozenset[str]] = {
    "cpr": frozenset(
        {"reading", "made_on", "reason", "talked", "why_not_talked", "decided_by", "decided_by_role", "review_on", "paper_at",
         "signature_seen", "recorded_by"}
    ),
    **{kind.id: frozenset(field.name for field in fields(kind.document)) for kind in KINDS.values()},
}  # fmt: skip
"""The models of decisions with legal force, and the fields of each that a standard may name."""


class PlanReader:
    """Reads one plan; remembers the ids it has seen, since no two parts of a plan share one."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.seen: set[str] = set()
        self.value_sets: dict[str, tuple[rules.Value, ...]] = {}

    def read(self) -> rules.Plan:
        entries = self.draft.entries
        if "value_sets" in entries:
            for name, place in entries["value_sets"].entries(what="value_sets").items():
                self.value_sets[name] = self._values(place)
        plan = rules.Plan(groups=tuple(entries["groups"].each(self._group, what="groups")))
        return replace(plan, translations=self._translations(plan))

    def _translations(self, plan: rules.Plan) -> dict[str, rules.Translation]:
        """`welsh.yaml` beside the pack, where there is one: words that nobody says any more are a mistake, a gap is not."""
        path = self.draft.folder / "welsh.yaml"
        if not path.exists():
            return {}
        label = self.draft.label.replace("pack.yaml", path.name)
        place = read_yaml(path, label=label, problems=self.draft.problems)
        if place is None:
            raise NotUnderstood(path.name)
        keys = ("language", "source", "reviewer", "review_date", "words")
        lines = place.only(keys, required=keys, what="a translation")
        own = rules.OWN_ANSWERS.values()
        used = {*own, *(word for section in plan.sections() for word in rules.words_for_person(section))}
        words = {}
        for english, said in lines["words"].entries(what="words").items():
            if english not in used:
                said.note(f"The plan does not say “{english}” to the person. {meant(english, used)}".strip())
            words[english] = said.text(what=english)
        language = lines["language"].one_of(rules.NOT_TRANSLATED, what="language")
        return {
            language: rules.Translation(
                language=language,
                words=words,
                source=lines["source"].text(what="source"),
                reviewer=lines["reviewer"].text(what="reviewer", empty=True),
                review_date=lines["review_date"].text(what="review_date", empty=True),
            )
        }

    def _group(self, place: Place) -> rules.Group:
        lines = place.only({"title", "sections"}, required=("title", "sections"), what="a group")
        return rules.Group(
            title=lines["title"].text(what="title"),
            sections=tuple(lines["sections"].each(self._section, what="sections")),
        )

    def _section(self, named: Place) -> rules.Section:
        name = named.text(what="sections")
        label = self.draft.label.replace("pack.yaml", f"sections/{name}.yaml")
        place = read_yaml(self.draft.folder / "sections" / f"{name}.yaml", label=label, problems=self.draft.problems)
        if place is None:
            raise NotUnderstood(name)
        lines = place.only(
            _SECTION,
            required=("id", "title", "title_for_person", "review_after_days", "ask_again_after_days", "for_person"),
            what="a section",
        )
        decision = lines["decision"].one_of(DECISIONS, what="decision") if "decision" in lines else ""
        if bool(decision) == ("items" in lines):
            place.refuse("A section has either items or a decision. Keep one of the two.")
        section_id = self._new_id(lines["id"])
        if section_id != name:
            lines["id"].refuse(f"The id “{section_id}” differs from the file's name. Write “id: {name}”.")
        held = self._held(lines, place)
        items = (
            tuple(lines["items"].each(lambda item: self._item(item, section_id, held), what="items"))
            if "items" in lines
            else ()
        )
        for talk in {part["talk"] for part in [held, *({"talk": i.talk} for i in items)] if part.get("talk")}:
            if talk.item not in {item.id for item in items}:
                place.refuse(f"The talk is recorded in “{talk.item}”, which is no item of this section.")
        return rules.Section(
            id=section_id,
            title=lines["title"].text(what="title"),
            title_for_person=lines["title_for_person"].text(what="title_for_person"),
            what_others_see=_text(lines, "what_others_see"),
            review_after_days=lines["review_after_days"].whole(what="review_after_days", at_least=1),
            ask_again_after_days=lines["ask_again_after_days"].whole(what="ask_again_after_days", at_least=1),
            expected="expected" in lines and lines["expected"].flag(what="expected"),
            decision=decision,
            items=items,
            **held,
        )

    def _item(self, place: Place, section_id: str, held: dict[str, Any]) -> rules.Item:
        """An item of a section; where it does not say what the person may do with it, what holds for its section does."""
        lines = place.only(_ITEM, required=("id", "label", "label_for_person", "type"), what="an item")
        own = self._held(lines, place)
        if "for_person" not in own:
            own |= {name: held[name] for name in ("for_person", "talk", "never_because") if name in held}
        item_id = self._new_id(lines["id"])
        if not item_id.startswith(f"{section_id}."):
            lines["id"].refuse(f"The item's id must begin with its section's: write “{section_id}.{item_id}”.")
        return self._any_item(place, lines, item_id, own)

    def _part(self, place: Place) -> rules.Item:
        """A part of a row. Rows are written, seen and restricted as a whole."""
        lines = place.only(_ITEM - _HELD, required=("id", "label", "label_for_person", "type"), what="a part of a row")
        if lines["type"].text(what="type") in (rules.ROWS, rules.CHOICES):
            lines["type"].refuse("A part of a row is one answer. Choose another type.")
        return self._any_item(place, lines, lines["id"].text(what="id"), {})

    def _any_item(self, place: Place, lines: dict[str, Place], item_id: str, held: dict[str, Any]) -> rules.Item:
        kind = lines["type"].one_of(rules.TYPES, what="type")
        if (kind in (rules.CHOICE, rules.CHOICES)) != ("values" in lines):
            place.refuse("A choice has values, and nothing else has. Add “values:” or change the type.")
        if (kind == rules.ROWS) != ("items" in lines):
            place.refuse("Rows have items, and nothing else has. Add “items:” or change the type.")
        if kind != rules.NUMBER and {"low", "high", "unit"} & lines.keys():
            place.refuse("Only a number has “low:”, “high:” or “unit:”. Take them out or change the type.")
        if "when" in lines and kind not in (rules.DATE, rules.MOMENT):
            place.refuse("Only a day or a moment has “when:”. Take it out or change the type.")
        return rules.Item(
            id=item_id,
            label=lines["label"].text(what="label"),
            label_for_person=lines["label_for_person"].text(what="label_for_person"),
            type=kind,
            brief=_text(lines, "brief"),
            hint=_text(lines, "hint"),
            required="required" in lines and lines["required"].flag(what="required"),
            needed_when=_answers(lines["needed_when"], "needed_when") if "needed_when" in lines else None,
            values=self._values(lines["values"]) if "values" in lines else _KNOWN.get(kind, ()),
            when=lines["when"].one_of(("past", "future"), what="when") if "when" in lines else "",
            most=lines["most"].whole(what="most", at_least=1) if "most" in lines else 0,
            low=_whole(lines, "low"),
            high=_whole(lines, "high"),
            unit=_text(lines, "unit"),
            items=tuple(lines["items"].each(self._part, what="items")) if "items" in lines else (),
            **held,
        )

    def _held(self, lines: dict[str, Place], place: Place) -> dict[str, Any]:
        """Who writes, what the person may do, and at which ages: said of a section, and again of an item that differs."""
        held: dict[str, Any] = {}
        if "write" in lines:
            held["write"] = frozenset(lines["write"].each(lambda p: p.text(what="write"), what="write"))
        if "for_person" in lines:
            held["for_person"] = told = lines["for_person"].one_of(rules.FOR_PERSON, what="for_person")
            if (told == rules.AFTER_TALK) != ("talk" in lines):
                place.refuse(
                    "What the person sees after a talk has “talk:”, the item that records it. Write both or neither."
                )
            if (told == rules.NEVER) != ("never_because" in lines):
                place.refuse("What the person never sees has “never_because:”. Write both or neither.")
        if "talk" in lines:
            held["talk"] = _answers(lines["talk"], "talk")
        if "never_because" in lines:
            held["never_because"] = lines["never_because"].text(what="never_because")
        if "ages" in lines:
            held["ages"] = _ages(lines["ages"])
        return held

    def _values(self, place: Place) -> tuple[rules.Value, ...]:
        """A value set, or the name of one that several items share."""
        if place.is_list:
            return tuple(place.each(_value, what="values"))
        name = place.text(what="values")
        if name not in self.value_sets:
            place.refuse(f"There is no value set “{name}”. {meant(name, self.value_sets)}".strip())
        return self.value_sets[name]

    def _new_id(self, place: Place) -> str:
        written = place.text(what="id")
        if written in self.seen:
            place.refuse(f"“{written}” is used twice. Give this one another id.")
        self.seen.add(written)
        return written


_KNOWN = {rules.KNOWN: rules.KNOWN_ANSWERS}


def _value(place: Place) -> rules.Value:
    lines = place.only({"id", "label", "snomed"}, required=("id", "label"), what="a value")
    return rules.Value(lines["id"].text(what="id"), lines["label"].text(what="label"), _text(lines, "snomed"))


def _ages(place: Place) -> rules.Ages:
    """`ages: child`, or with birthdays: `ages: {kind: child, from: 14, until: 25}`."""
    if not place.is_mapping:
        return rules.Ages(place.one_of(rules.AGES, what="ages"))
    lines = place.only({"kind", "from", "until"}, required=("kind",), what="ages")
    return rules.Ages(lines["kind"].one_of(rules.AGES, what="kind"), _whole(lines, "from"), _whole(lines, "until"))


def _answers(place: Place, what: str) -> rules.Needed:
    lines = place.only({"item", "is"}, required=("item", "is"), what=what)
    return rules.Needed(
        lines["item"].text(what="item"), tuple(lines["is"].each(lambda p: p.text(what="is"), what="is"))
    )


def _text(lines: Mapping[str, Place], name: str) -> str:
    return lines[name].text(what=name) if name in lines else ""


def _whole(lines: Mapping[str, Place], name: str) -> int | None:
    return lines[name].whole(what=name) if name in lines else None
