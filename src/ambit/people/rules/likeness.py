"""Are two records of one person, or of two people who are easily mistaken? Always with the reasons."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from ambit.people.rules.names import name_words, nearly


class Known(Protocol):
    """What likeness looks at; people, identities and rows of a list all have it."""

    @property
    def family_name(self) -> str: ...
    @property
    def given_names(self) -> str: ...
    @property
    def preferred_name(self) -> str: ...
    @property
    def born_on(self) -> date | None: ...
    @property
    def birth_precision(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two records may be of one person, because of these."""

    reasons: tuple[str, ...]


def births_alike(a: Known, b: Known) -> str | None:
    """The same day, or a day that a slip of the pen turns into the other; None when they differ or one is not known."""
    one, other = a.born_on, b.born_on
    if one is None or other is None:
        return None
    if (a.birth_precision == "unborn") != (b.birth_precision == "unborn"):
        return None
    if one == other:
        return "same date of birth"
    coarse = {a.birth_precision, b.birth_precision}
    if "year" in coarse or "estimated" in coarse:
        apart = 2 if "estimated" in coarse else 0
        return "years of birth agree as far as they are known" if abs(one.year - other.year) <= apart else None
    if "month" in coarse:
        return "months of birth agree" if (one.year, one.month) == (other.year, other.month) else None
    if one.year == other.year and (one.day, one.month) == (other.month, other.day):
        return "day and month of birth swapped"
    written, also = one.strftime("%d%m%Y"), other.strftime("%d%m%Y")
    if sum(x != y for x, y in zip(written, also, strict=True)) == 1:
        return "dates of birth differ in one digit"
    return None


def _first(names: str) -> str:
    words = name_words(names.split(" ")[0]) if names else frozenset()
    return next(iter(sorted(words)), "")


def _given_alike(a: Known, b: Known) -> str | None:
    ours, theirs = _first(a.given_names), _first(b.given_names)
    if not ours or not theirs:
        return "first name of one is not known"
    if ours == theirs:
        return "same first name"
    called = {_first(a.preferred_name), _first(b.preferred_name)} - {""}
    if called & {ours, theirs}:
        return "first name of one is the preferred name of the other"
    if 1 in (len(ours), len(theirs)) and ours[0] == theirs[0]:
        return "same initial"
    if nearly(ours, theirs):
        return "first names differ in a letter"
    return None


def _family_alike(a: Known, b: Known) -> str | None:
    ours, theirs = name_words(a.family_name), name_words(b.family_name)
    if ours == theirs:
        return "same family name"
    if ours & theirs:
        return "part of the family name is the same"
    if nearly(" ".join(sorted(ours)), " ".join(sorted(theirs))):
        return "family names differ in a letter"
    return None


def names_alike(a: Known, b: Known) -> tuple[str, ...]:
    """Why two names may be one person’s; empty when they are not alike."""
    family = _family_alike(a, b)
    if family and (given := _given_alike(a, b)):
        return family, given
    swapped = name_words(a.family_name) == name_words(b.given_names) and bool(name_words(a.family_name))
    if swapped and name_words(a.given_names) == name_words(b.family_name):
        return ("family and given names swapped",)
    return ()


def likeness(a: Known, b: Known, *, same_number: bool = False) -> Likeness | None:
    """One person behind two records is likely when a number is shared, or when names and birth are both alike.

    A clinician decides; different full given names with one family name and birthday (twins) are not likely.
    """
    reasons: list[str] = ["same number"] if same_number else []
    born = births_alike(a, b)
    if born and (named := names_alike(a, b)):
        reasons += [born, *named]
    return Likeness(tuple(reasons)) if reasons else None


def similar_names(a: Known, b: Known) -> Likeness | None:
    """Two people who are easily mistaken: like names whatever the birth, or one family name and births within a week.

    The hazard is the wrong person’s record (same first name, next bed), so this warns sooner than `likeness`.
    """
    named = names_alike(a, b)
    if named:
        born = births_alike(a, b)
        return Likeness((*named, born) if born else named)
    near = a.born_on and b.born_on and abs((a.born_on - b.born_on).days) <= 7
    family = _family_alike(a, b)
    if near and family:
        return Likeness((family, "born within a week of each other"))
    return None
