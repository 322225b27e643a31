"""What a section may hold, and how fresh it is. Plain Python, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from ambit.careplan.rules.items import (
    CHOICE,
    CHOICES,
    CODE,
    DATE,
    KNOWN,
    LINE,
    MOMENT,
    NOT_ASKED,
    NUMBER,
    PERSON,
    ROWS,
    TELEPHONE,
    TEXT,
    Item,
    Section,
)
from ambit.population.codelists.rules import is_snomed_id

_LONGEST: Final = {LINE: 200, TEXT: 4000, TELEPHONE: 30, CODE: 18}


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
        missing = item.required or (needed is not None and needed.met(content))
        if missing and item.id not in content and not any(name.startswith(item.id) for name in problems):
            where = path(item.id, 0, item.items[0].id) if item.type == ROWS else item.id
            problems[where] = (
                f"{_ask(item)}: {item.label}" if item.type != ROWS else f"Write at least one: {item.label}"
            )
    return Checked(content, problems)


def _one(item: Item, value: Any, where: str, on: date, problems: dict[str, str]) -> Any:
    """What is kept of one answer; None when it says nothing. What does not fit is told at the field."""
    if value in (None, "", []):
        return None
    kept, problem = _READ.get(item.type, _text)(item, value, on)
    if problem:
        problems[where] = problem
    return kept


def _choice(item: Item, value: Any, on: date) -> tuple[Any, str]:
    if value in {known.id for known in item.values}:
        return value, ""
    return None, f"Choose one of the answers: {item.label}"


def _choices(item: Item, value: Any, on: date) -> tuple[Any, str]:
    chosen = value if isinstance(value, list | tuple) else [value]
    kept = [known.id for known in item.values if known.id in chosen]
    return kept, "" if len(kept) == len(set(chosen)) else f"Choose among the answers: {item.label}"


def _number(item: Item, value: Any, on: date) -> tuple[Any, str]:
    try:
        number = int(str(value))
    except ValueError:
        return None, f"Write a whole number: {item.label}"
    low, high = item.low, item.high
    if (low is not None and number < low) or (high is not None and number > high):
        return None, f"Write a number {_range(low, high)}: {item.label}"
    return number, ""


def _range(low: int | None, high: int | None) -> str:
    if low is None or high is None:
        return f"of at most {high}" if low is None else f"of at least {low}"
    return f"from {low} to {high}"


def _date(item: Item, value: Any, on: date) -> tuple[Any, str]:
    day = value if isinstance(value, date) else _day(value)
    if day is None:
        return None, f"Write a day, month and year that exist: {item.label}"
    return day.isoformat(), _when(item, day, on)


def _moment(item: Item, value: Any, on: date) -> tuple[Any, str]:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return None, f"Write a day and a time that exist: {item.label}"
    return moment.replace(tzinfo=None).isoformat(timespec="minutes"), _when(item, moment.date(), on)


def _when(item: Item, day: date, on: date) -> str:
    if item.when == "future" and day <= on:
        return f"The day must be after today, {on:%-d %B %Y}: {item.label}"
    if item.when == "past" and day > on:
        return f"The day must not be after today, {on:%-d %B %Y}: {item.label}"
    return ""


def _person(item: Item, value: Any, on: date) -> tuple[Any, str]:
    if isinstance(value, Mapping) and value.get("id") and value.get("name"):
        return {"id": str(value["id"]), "name": str(value["name"])}, ""
    return None, f"Choose one of the people who matter: {item.label}"


def _text(item: Item, value: Any, on: date) -> tuple[Any, str]:
    text = str(value).replace("\r\n", "\n").strip()
    longest = item.most or _LONGEST[item.type]
    if len(text) > longest:
        return text, f"Write at most {longest} characters ({len(text)} now): {item.label}"
    if item.type == TELEPHONE and text and not _is_telephone(text):
        return text, "Write a telephone number, such as 01632 960 140"
    if item.type == CODE and text and not is_snomed_id(text):
        return text, "Write a SNOMED CT code: its last digit does not check. Leave it empty if you do not have it."
    return text or None, ""


_READ: Final = {
    CHOICE: _choice,
    KNOWN: _choice,
    CHOICES: _choices,
    NUMBER: _number,
    DATE: _date,
    MOMENT: _moment,
    PERSON: _person,
}


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
    return "Choose an answer" if item.type in (CHOICE, CHOICES, KNOWN, PERSON) else "Fill this in"


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
