"""Finding a person: by the beginnings of their names, by number, by date of birth."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from django.db.models import FilteredRelation, Q, QuerySet

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


def rows(people: "QuerySet[Person]", limit: int = ROWS) -> list[PersonRow]:
    """People as rows of a list, by name, in one statement."""
    found = (
        people.annotate(nhs=FilteredRelation("numbers", condition=Q(numbers__kind="nhs", numbers__is_current=True)))
        .order_by("name_key", "born_on", "id")
        .values_list(
            "id", "title", "given_names", "family_name", "preferred_name", "born_on", "birth_precision", "sex",
            "nhs__value", "practice__name", "died_on", "version",
        )
    )  # fmt: skip
    return [
        PersonRow(
            id=id_, title=title, given_names=given, family_name=family, preferred_name=preferred, born_on=born_on,
            birth_precision=precision, sex=sex, nhs_number=number or "", practice=practice or "", died_on=died_on,
            version=version,
        )
        for id_, title, given, family, preferred, born_on, precision, sex, number, practice, died_on, version in found[
            :limit
        ]
    ]  # fmt: skip


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
