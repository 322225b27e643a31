"""What a plan is made of: groups, sections, items and their answers. Plain Python, no clock."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

LINE, TEXT, TELEPHONE, CODE = "line", "text", "telephone", "code"
CHOICE, CHOICES, KNOWN = "choice", "choices", "known"
NUMBER, DATE, MOMENT, PERSON, ROWS = "number", "date", "moment", "person", "rows"
TYPES: Final = (LINE, TEXT, TELEPHONE, CODE, CHOICE, CHOICES, KNOWN, NUMBER, DATE, MOMENT, PERSON, ROWS)

WRITE, PROPOSE, SEE, AFTER_TALK, NEVER = "write", "propose", "see", "after_talk", "never"
FOR_PERSON: Final = (WRITE, PROPOSE, SEE, AFTER_TALK, NEVER)
"""What the person may do with an item on their own pages; after a talk that is recorded they may see it."""

THEIR_ROLES: Final = frozenset({"person", "proxy"})
"""The person, and who acts for them."""

ANY, ADULT, CHILD, ANTENATAL = "any", "adult", "child", "antenatal"
AGES: Final = (ANY, ADULT, CHILD, ANTENATAL)
GROWN_UP_AT: Final = 18

NOT_ASKED: Final = "not_asked"
"""The value that says a question was not put yet; it settles nothing (SCCI1580 requirement 54)."""


@dataclass(frozen=True, slots=True)
class Value:
    """One answer of a value set, with its code where a standard gives one."""

    id: str
    label: str
    snomed: str = ""


OWN_ANSWERS: Final = {"undecided": "I have not decided yet", "declined": "I would rather not say"}
"""What the person says of themselves where staff write what was said to them."""

KNOWN_ANSWERS: Final = (Value("yes", "Yes"), Value("no", "No"), Value("not_known", "Not known"))
"""The three answers of an item of the type `known`: "no" is never the absence of an answer."""


@dataclass(frozen=True, slots=True)
class Needed:
    """Another item, and the answers of it that count."""

    item: str
    answers: tuple[str, ...]

    def met(self, content: Mapping[str, Any]) -> bool:
        said = content.get(self.item)
        return any(answer in self.answers for answer in (said if isinstance(said, list) else [said]))


@dataclass(frozen=True, slots=True)
class Life:
    """How old somebody is, as far as it decides what they are asked."""

    age: int | None = None
    unborn: bool = False
    in_transition: bool = False


@dataclass(frozen=True, slots=True)
class Ages:
    """Whom something is asked about: by kind, and from one birthday until before another where it says so."""

    kind: str = ANY
    from_age: int | None = None
    to_age: int | None = None

    def include(self, life: Life) -> bool:
        """Whether it is asked about this life. An age that is not known rules nothing out.

        What is a child's stays open past eighteen for as long as the move to adult care is under way.
        """
        if life.unborn:
            return self.kind == ANTENATAL or (self.kind in (ANY, CHILD) and not self.from_age)
        if self.kind == ANTENATAL:
            return False
        if life.age is None:
            return True
        child_still = self.kind == CHILD and life.in_transition
        if (self.kind == ADULT and life.age < GROWN_UP_AT) or (
            self.kind == CHILD and life.age >= GROWN_UP_AT and not child_still
        ):
            return False
        below = self.to_age is None or life.age < self.to_age or child_still
        return below and (self.from_age is None or life.age >= self.from_age)


EVERYBODY: Final = Ages()
AGE_NOT_KNOWN: Final = Life()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of a section, for as long as there are plans: its id never changes its meaning."""

    id: str
    label: str
    label_for_person: str
    type: str
    brief: str = ""
    hint: str = ""
    required: bool = False
    needed_when: Needed | None = None
    values: tuple[Value, ...] = ()
    when: str = ""
    most: int = 0
    low: int | None = None
    high: int | None = None
    unit: str = ""
    items: tuple["Item", ...] = ()
    write: frozenset[str] = frozenset()
    for_person: str = SEE
    talk: Needed | None = None
    never_because: str = ""
    ages: Ages = EVERYBODY

    def words(self, value: Any) -> str:
        """What this item says, as one line of text."""
        if value in (None, "", []):
            return ""
        match self.type:
            case "choice" | "known":
                return self.answer(value)
            case "choices":
                return "; ".join(self.answer(one) for one in value)
            case "date":
                return f"{date.fromisoformat(value):%-d %B %Y}"
            case "moment":
                return f"{datetime.fromisoformat(value):%-d %B %Y at %H:%M}"
            case "number":
                return f"{value} {self.unit}".strip()
            case "person":
                return str(value["name"])
            case "rows":
                return "; ".join(
                    ", ".join(part.words(row.get(part.id)) for part in self.items if row.get(part.id)) for row in value
                )
        return str(value)

    def answer(self, value: str) -> str:
        """An answer of the value set in words; one that a later pack dropped is shown as it was stored."""
        return next((v.label for v in self.values if v.id == value), value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of the plan, saved as a whole; `decision` names the model of a decision with legal force instead of items.

    What is `expected` of every plan has to be settled while it is not written; the rest is written where it helps.
    """

    id: str
    title: str
    title_for_person: str
    what_others_see: str = ""
    review_after_days: int
    ask_again_after_days: int
    expected: bool = False
    decision: str = ""
    write: frozenset[str] = frozenset()
    for_person: str = SEE
    talk: Needed | None = None
    never_because: str = ""
    ages: Ages = EVERYBODY
    items: tuple[Item, ...] = ()

    def item(self, item_id: str) -> Item:
        return next(item for item in self.items if item.id == item_id)

    def in_brief(self, content: Mapping[str, Any]) -> str:
        """What the section says, in one short line: its first items that say anything."""
        said = [(item.brief, item.words(content.get(item.id))) for item in self.items if item.type != CODE]
        line = ". ".join(f"{brief}: {words}" if brief else words.rstrip(".") for brief, words in said if words)
        return line if len(line) <= 120 else line[:117].rsplit(" ", 1)[0] + "…"

    def is_past(self, life: Life) -> bool:
        """Whether it is of the time before birth, and that is over: it is kept, and no longer asked."""
        return self.ages.kind == ANTENATAL and not life.unborn

    @property
    def is_their_own(self) -> bool:
        """Whether the person, and who acts for them, write this section themselves: what matters, and preferences."""
        return self.for_person == WRITE

    def may_write(self, role: str, item: Item | None = None) -> bool:
        """Whether this role may write the section, or one item of it (L23: prognosis and CPR); the person, what is theirs."""
        if role in THEIR_ROLES:
            return (item or self).for_person == WRITE
        return all(not roles or role in roles for roles in (self.write, item.write if item else frozenset()))

    def asked(self, content: Mapping[str, Any], *, role: str, life: Life) -> tuple[Item, ...]:
        """The items that a form asks of this role about this life; what is written already is never left out."""
        return tuple(
            item
            for item in self.items
            if self.may_write(role, item) and (item.id in content or item.ages.include(life))
        )

    def may_person(self, content: Mapping[str, Any], item: Item | None = None) -> str:
        """What the person may do now with the section, or one item: `write`, `propose`, `see`, or nothing at all.

        What waits for a talk opens once the talk is recorded in the section itself; it stays the clinicians' to write.
        """
        asked = item or self
        if asked.for_person == AFTER_TALK:
            return SEE if asked.talk is not None and asked.talk.met(content) else ""
        return "" if asked.for_person == NEVER else asked.for_person


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Every group and section of the plan, as one pack defines it."""

    groups: tuple[Group, ...]
    translations: Mapping[str, Any] = field(default_factory=dict)
    """Its words for the person in other languages (`rules.translated.Translation`), by language."""

    def sections(self) -> Iterator[Section]:
        for group in self.groups:
            yield from group.sections

    def section(self, section_id: str) -> Section | None:
        return self._by_id.get(section_id)

    @cached_property
    def _by_id(self) -> dict[str, Section]:
        return {section.id: section for section in self.sections()}

    def item(self, item_id: str) -> Item | None:
        return next((item for section in self.sections() for item in section.items if item.id == item_id), None)
