"""What a section may hold, and how fresh it is. Plain Python, no clock."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

LINE, TEXT, CHOICE, DATE, TELEPHONE, ROWS = "line", "text", "choice", "date", "telephone", "rows"
TYPES: Final = (LINE, TEXT, CHOICE, DATE, TELEPHONE, ROWS)

NOT_ASKED: Final = "not_asked"
"""The value that says a question was not put yet; it settles nothing (SCCI1580 requirement 54)."""

THEIR_OWN: Final = frozenset({"what_matters", "place_of_care"})

_LONGEST: Final = {LINE: 200, TEXT: 4000, TELEPHONE: 30}


@dataclass(frozen=True, slots=True)
class Value:
    """One answer of a value set, with its code where a standard gives one."""

    id: str
    label: str
    snomed: str = ""


@dataclass(frozen=True, slots=True)
class Needed:
    """An item that must be filled when another has one of these answers."""

    item: str
    answers: tuple[str, ...]


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
    items: tuple["Item", ...] = ()
    write: frozenset[str] = frozenset()
    standards: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def words(self, value: Any) -> str:
        """What this item says, as one line of text."""
        if value in (None, "", []):
            return ""
        if self.type == CHOICE:
            return next((v.label for v in self.values if v.id == value), str(value))
        if self.type == DATE:
            return f"{date.fromisoformat(value):%-d %B %Y}"
        if self.type == ROWS:
            return "; ".join(
                ", ".join(part.words(row.get(part.id)) for part in self.items if row.get(part.id)) for row in value
            )
        return str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of the plan, saved as a whole; `decision` names the model of a decision with legal force instead of items."""

    id: str
    title: str
    title_for_person: str
    what_others_see: str = ""
    review_after_days: int
    ask_again_after_days: int
    decision: str = ""
    write: frozenset[str] = frozenset()
    items: tuple[Item, ...] = ()
    standards: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_their_own(self) -> bool:
        """Whether the person, and who acts for them, write this section themselves: what matters, and preferences."""
        return self.id in THEIR_OWN

    def item(self, item_id: str) -> Item:
        return next(item for item in self.items if item.id == item_id)

    def in_brief(self, content: Mapping[str, Any]) -> str:
        """What the section says, in one short line: its first items that say anything."""
        said = [(item.brief, item.words(content.get(item.id))) for item in self.items]
        line = ". ".join(f"{brief}: {words}" if brief else words.rstrip(".") for brief, words in said if words)
        return line if len(line) <= 120 else line[:117].rsplit(" ", 1)[0] + "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Every group and section of the plan, as one pack defines it."""

    groups: tuple[Group, ...]

    def sections(self) -> Iterator[Section]:
        for group in self.groups:
            yield from group.sections

    def section(self, section_id: str) -> Section | None:
        return next((section for section in self.sections() if section.id == section_id), None)


@dataclass(frozen=True, slots=True)
class Checked:
    """What is kept of a section as it was given, and what is wrong with it, by the path of the field."""

    content: dict[str, Any]
    problems: dict[str, str]


def path(item_id: str, number: int | None = None, part: str = "") -> str:
    """The name of a field: the item's id, for a part of a row with its number and the part's id."""
    return item_id if number is None else f"{item_id}__{number}__{part}"


def check(section: Section, given: Mapping[str, Any], *, on: date) -> Checked:
    """Keep what the section knows, cleaned; say what is missing or does not fit. What is empty is left out, never guessed."""
    content: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name in given.keys() - {item.id for item in section.items}:
        problems[name] = f"“{name}” is not part of {section.title}."
    for item in section.items:
        value = given.get(item.id)
        kept = (
            _rows(item, value, on=on, problems=problems)
            if item.type == ROWS
            else _one(item, value, path(item.id), on, problems)
        )
        if kept not in (None, "", []):
            content[item.id] = kept
    for item in section.items:
        needed = item.needed_when
        missing = item.required or (needed is not None and content.get(needed.item) in needed.answers)
        if missing and item.id not in content and not any(name.startswith(item.id) for name in problems):
            where = path(item.id, 0, item.items[0].id) if item.type == ROWS else item.id
            problems[where] = (
                f"{_ask(item)}: {item.label}" if item.type != ROWS else f"Write at least one: {item.label}"
            )
    return Checked(content, problems)


def _one(item: Item, value: Any, where: str, on: date, problems: dict[str, str]) -> Any:
    if value in (None, ""):
        return None
    if item.type == CHOICE:
        if value not in {known.id for known in item.values}:
            problems[where] = f"Choose one of the answers: {item.label}"
            return None
        return value
    if item.type == DATE:
        day = value if isinstance(value, date) else _day(value)
        if day is None:
            problems[where] = f"Write a day, month and year that exist: {item.label}"
            return None
        if item.when == "future" and day <= on:
            problems[where] = f"The day must be after today, {on:%-d %B %Y}: {item.label}"
        if item.when == "past" and day > on:
            problems[where] = f"The day must not be after today, {on:%-d %B %Y}: {item.label}"
        return day.isoformat()
    text = str(value).replace("\r\n", "\n").strip()
    longest = item.most or _LONGEST[item.type]
    if len(text) > longest:
        problems[where] = f"Write at most {longest} characters ({len(text)} now): {item.label}"
    if item.type == TELEPHONE and not _is_telephone(text):
        problems[where] = "Write a telephone number, such as 01632 960 140"
    return text


def _is_telephone(text: str) -> bool:
    return sum(c in "0123456789" for c in text) >= 5 and set(text) <= set("0123456789 +()-ext.")


def _rows(item: Item, rows: Any, *, on: date, problems: dict[str, str]) -> list[dict[str, Any]]:
    kept = []
    for number, row in enumerate(rows or ()):
        said = {
            part.id: value
            for part in item.items
            if (value := _one(part, row.get(part.id), path(item.id, number, part.id), on, problems)) is not None
        }
        if not said:
            continue
        for part in item.items:
            if part.required and part.id not in said:
                problems.setdefault(path(item.id, number, part.id), f"{_ask(part)}: {part.label}")
        kept.append(said)
    if item.most and len(kept) > item.most:
        problems[path(item.id, item.most, item.items[0].id)] = f"Keep at most {item.most}: {item.label}"
    return kept


def _ask(item: Item) -> str:
    return "Choose an answer" if item.type == CHOICE else "Fill this in"


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def freshness(section: Section, saved_on: date, *, on: date) -> str:
    """How fresh a section is: `` while plain, `review` when its review is due, `ask` when it should be asked again."""
    age = (on - saved_on).days
    if age > section.ask_again_after_days:
        return "ask"
    return "review" if age > section.review_after_days else ""


def still_to_ask(section: Section, content: Mapping[str, Any]) -> bool:
    """True when a question of the section is recorded as not asked; undecided, unable and declined are answers."""
    return any(item.type == CHOICE and content.get(item.id) == NOT_ASKED for item in section.items)


def has_ended(section: Section, content: Mapping[str, Any], *, on: date) -> bool:
    """True when a day up to which the section was meant to hold has passed; it is shown all the same, and says so."""
    return any(
        item.type == DATE and item.when == "future" and (day := _day(content.get(item.id))) is not None and day < on
        for item in section.items
    )
