"""Finding a person: by the beginnings of their names, by number, by date of birth."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from ambit.people.models import NameWord, Person, PersonNumber
from ambit.people.rules import HealthNumber, banner_name, health_number, name_words, spaced
from ambit.people.rules.numbers import SEPARATORS

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


_ROWS = (
    "SELECT p.id, p.title, p.given_names, p.family_name, p.preferred_name, p.born_on, p.birth_precision, p.sex,"
    " n.value, o.name, p.died_on, p.version FROM people_person p"
    " LEFT JOIN people_personnumber n ON n.person_id = p.id AND n.kind = 'nhs' AND n.is_current"
    " LEFT JOIN organisations_organisation o ON o.id = p.practice_id"
    " WHERE p.id IN ({people}) ORDER BY p.name_key, p.born_on, p.id LIMIT {limit:d}"
)


def rows(people: "QuerySet[Person]", limit: int = ROWS) -> list[PersonRow]:
    """People as rows of a list, by name, in one statement; written out, since every search and banner asks for it."""
    try:
        asked, values = people.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(people=asked, limit=limit), values)
        found = cursor.fetchall()
    return [
        PersonRow(
            id=id_ if isinstance(id_, UUID) else UUID(id_),
            title=title, given_names=given, family_name=family, preferred_name=preferred, born_on=_day(born_on),
            birth_precision=precision, sex=sex, nhs_number=number or "", practice=practice or "",
            died_on=_day(died_on), version=version,
        )
        for id_, title, given, family, preferred, born_on, precision, sex, number, practice, died_on, version in found
    ]  # fmt: skip


def _day(value: date | str | None) -> date | None:
    """A day as PostgreSQL gives it, or as SQLite does."""
    return date.fromisoformat(value) if isinstance(value, str) else value


class Scope(Protocol):
    """A reader's own people; `among` is a query of ids that narrows the look-up. `access.queries.people_of` is one."""

    def __call__(self, among: "QuerySet[Any] | None" = None) -> "QuerySet[Person]": ...


def search_people(people: Scope, text: str) -> Found:
    """Those of the reader's people whom a search means: every word begins a word of their names.

    "ash mar" and "mar ash" both find Margaret Ashworth, "peggy" finds her by what she likes to be called.
    """
    asked = read_search(text)
    if asked.problem:
        return Found(people=(), more=False, understood=asked.problem)
    few: QuerySet[Any]
    if asked.number:
        few = PersonNumber.objects.filter(value=asked.number, withdrawn_at=None).values("person_id")
    elif asked.words:
        few = NameWord.objects.filter(word__begins=asked.words[0]).values("person_id")
        for word in asked.words[1:]:
            few = few.filter(person__in=NameWord.objects.filter(word__begins=word).values("person_id"))
        if asked.born_on:
            few = few.filter(person__born_on=asked.born_on)
    else:
        few = Person.objects.filter(born_on=asked.born_on).values("pk")
    found = rows(people(few), ROWS + 1)
    return Found(people=tuple(found[:ROWS]), more=len(found) > ROWS, understood="")
