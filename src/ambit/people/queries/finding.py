"""Finding a person: by the beginnings of their names, by number, by date of birth."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Protocol, cast
from uuid import UUID

from django.db import connection

from ambit.people.rules import HealthNumber, banner_name, health_number, name_words, spaced
from ambit.people.rules.numbers import SEPARATORS
from ambit.statements import Condition, begins, loaded_day, loaded_id, stored

ROWS = 20
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAY = re.compile(
    r"\b([0-9]{1,2})(?:\s*[/.\-]\s*|\s+)([0-9]{1,2}|[a-zA-Z]{3,9})(?:\s*[/.\-]\s*|\s+)([0-9]{4})\b", re.ASCII
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """Somebody in a list: enough to tell them from another, and no more."""

    id: UUID
    title: str
    given_names: str
    family_name: str
    preferred_name: str
    born_on: date | None
    birth_precision: str
    sex: str
    nhs_number: str
    practice: str
    died_on: date | None
    version: int

    @property
    def name(self) -> str:
        return banner_name(self.title, self.given_names, self.family_name)

    @property
    def born_in_words(self) -> str:
        """When they were born, or are expected; "" when it is not known."""
        if self.born_on is None:
            return ""
        expected = self.birth_precision == "unborn"
        return f"{'expected' if expected else 'born'} {self.born_on:%-d %B %Y}"

    @property
    def number(self) -> str:
        return spaced(self.nhs_number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found; `more` when there are more than are shown."""

    people: tuple[PersonRow, ...]
    more: bool
    understood: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody typed into the one search box, taken apart."""

    words: tuple[str, ...] = ()
    number: str = ""
    born_on: date | None = None
    problem: str = ""


def read_search(text: str) -> Asked:
    """A number of ten digits, a date of birth, words of a name, or a name with a date."""
    text = text.strip()
    digits = text.translate(SEPARATORS)
    if digits.isdigit() and len(digits) >= 9 and not DAY.fullmatch(text):
        number = health_number(text)
        if isinstance(number, HealthNumber):
            return Asked(number=number.value)
        return Asked(problem=number.reason)
    born_on = None
    if found := DAY.search(text):
        day, month, year = found.groups()
        if not month.isdigit():
            month = str(MONTHS.index(month[:3].lower()) + 1) if month[:3].lower() in MONTHS else "0"
        try:
            born_on = date(int(year), int(month), int(day))
        except ValueError:
            return Asked(problem=f"There is no day {found.group()}. Write it like 14 3 1943.")
        text = text[: found.start()] + text[found.end() :]
    words = tuple(sorted(name_words(text), key=len, reverse=True))[:6]
    if not words and born_on is None:
        return Asked(problem="Type a name, an NHS number or a date of birth.")
    return Asked(words=words, born_on=born_on)


class Scope(Protocol):
    """A reader's own people, as a condition: asked of each person `among_few`, or of everybody there is.

    `access.queries.theirs` is one.
    """

    def __call__(self, *, among_few: bool = True) -> Condition: ...


# whom it is about is settled first: number and practice are then looked up for those shown, and PostgreSQL finds the
# plan it made once as good as a new one each time, which would cost more than to run it
_ROWS = (
    "SELECT p.id, p.title, p.given_names, p.family_name, p.preferred_name, p.born_on, p.birth_precision, p.sex,"
    " n.value, o.name, p.died_on, p.version FROM"
    " (SELECT p.* FROM people_person p WHERE {conditions} ORDER BY p.name_key, p.born_on, p.id LIMIT {limit:d}) p"
    " LEFT JOIN people_personnumber n ON n.person_id = p.id AND n.kind = 'nhs' AND n.is_current"
    " LEFT JOIN organisations_organisation o ON o.id = p.practice_id"
    " ORDER BY p.name_key, p.born_on, p.id"
)


def rows(*conditions: Condition, limit: int = ROWS) -> list[PersonRow]:
    """People as rows of a list, by name, in one statement; written out, since every search and banner asks for it."""
    wanted = " AND ".join(condition.sql for condition in conditions)
    with connection.cursor() as cursor:
        cursor.execute(
            _ROWS.format(conditions=wanted, limit=limit),
            [value for condition in conditions for value in condition.values],
        )
        found = cursor.fetchall()
    return [
        PersonRow(
            id=cast(UUID, loaded_id(id_)),
            title=title, given_names=given, family_name=family, preferred_name=preferred, born_on=loaded_day(born_on),
            birth_precision=precision, sex=sex, nhs_number=number or "", practice=practice or "",
            died_on=loaded_day(died_on), version=version,
        )
        for id_, title, given, family, preferred, born_on, precision, sex, number, practice, died_on, version in found
    ]  # fmt: skip


def search_people(people: Scope, text: str) -> Found:
    """Those of the reader's people whom a search means: every word begins a word of their names.

    "ash mar" and "mar ash" both find Margaret Ashworth, "peggy" finds her by what she likes to be called.
    """
    asked = read_search(text)
    if asked.problem:
        return Found(people=(), more=False, understood=asked.problem)
    wanted = []
    if asked.number:
        named = "SELECT n.person_id FROM people_personnumber n WHERE n.value = %s AND n.withdrawn_at IS NULL"
        wanted.append(Condition(f"p.id IN ({named})", [asked.number]))
    for place, word in enumerate(asked.words):
        begun = begins("w.word", word)
        # the longest word says who may be meant, the others are looked for among those
        named = "p.id IN (SELECT w.person_id FROM people_nameword w WHERE {})"
        also = "EXISTS (SELECT 1 FROM people_nameword w WHERE w.person_id = p.id AND {})"
        wanted.append(Condition((also if place else named).format(begun.sql), begun.values))
    if asked.born_on:
        wanted.append(Condition("p.born_on = %s", [stored(asked.born_on)]))
    found = rows(*wanted, people(), limit=ROWS + 1)
    return Found(people=tuple(found[:ROWS]), more=len(found) > ROWS, understood="")
