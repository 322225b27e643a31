"""Who somebody is: what must be known to admit them, and when two descriptions cannot be of one person."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from ambit.people.rules import values
from ambit.people.rules.dates import birth_problem
from ambit.people.rules.likeness import Known, births_alike, names_alike
from ambit.people.rules.names import name_words, tidy
from ambit.people.rules.numbers import KINDS, NumberRefused, number_of_kind

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who somebody is, as far as it is known, before or after they are a `Person`."""

    family_name: str
    given_names: str = ""
    title: str = ""
    preferred_name: str = ""
    born_on: date | None = None
    birth_precision: str = "exact"
    sex: str = ""
    nhs_number: str = ""
    chi_number: str = ""
    hc_number: str = ""
    no_number_reason: str = ""
    practice_id: UUID | None = None

    def numbers(self) -> dict[str, str]:
        """The numbers that are given, by kind."""
        given = {"nhs": self.nhs_number, "chi": self.chi_number, "hc": self.hc_number}
        return {kind: value for kind, value in given.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What is known of somebody besides their identity. Empty is "not recorded"; codes are those of `values`."""

    gender_identity: str = ""
    pronouns: str = ""
    ethnicity: str = ""
    religion: str = ""
    language: str = ""
    needs_interpreter: bool | None = None
    communication_needs: tuple[str, ...] = ()
    communication_notes: str = ""
    adjustments: tuple[str, ...] = ()
    adjustment_notes: str = ""
    telephone: str = ""
    mobile: str = ""
    email: str = ""
    living_situation: str = ""
    residence_id: UUID | None = None
    inclusion_groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """An address as it is given; `lsoa` is the census area (LSOA 2021 code) when the source knows it."""

    lines: str
    postcode: str = ""
    lsoa: str = ""
    kind: str = "home"
    from_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Somebody to be admitted with what is known of them."""

    identity: Identity
    details: Details = field(default_factory=Details)
    home: Home | None = None


def checked(identity: Identity, *, on: date, demonstration: bool) -> tuple[Identity, dict[str, str]]:
    """The identity as it is stored, and what stands against storing it, field by field."""
    problems: dict[str, str] = {}
    names: dict[str, Any] = {
        name: tidy(getattr(identity, name)) for name in ("title", "given_names", "family_name", "preferred_name")
    }
    for name, text in names.items():
        if len(text) > (40 if name == "title" else LONGEST_NAME):
            problems[name] = f"Shorten this: it has {len(text)} characters."
    if not name_words(names["family_name"]):
        problems["family_name"] = "Enter the family name. If there is one name only, enter it here."
    numbers: dict[str, Any] = {}
    for kind, value in identity.numbers().items():
        number = number_of_kind(kind, value, demonstration=demonstration)
        if isinstance(number, NumberRefused):
            problems[f"{kind}_number"] = number.reason
        else:
            numbers[f"{kind}_number"] = number.value
    reason = _code_of(identity.no_number_reason, values.NO_NUMBER_REASONS)
    if not identity.numbers() and reason not in values.NO_NUMBER_REASONS:
        problems["no_number_reason"] = "Enter the NHS, CHI or H&C number, or choose why there is none."
    if identity.birth_precision not in {*values.BIRTH_PRECISIONS, ""}:
        problems["birth_precision"] = "Choose how exactly the date of birth is known."
    elif words := birth_problem(identity.born_on, identity.birth_precision, on=on):
        problems["born_on"] = words
    if identity.sex not in {*values.SEXES, ""}:
        problems["sex"] = f"Choose one of: {', '.join(values.SEXES.values())}, or leave it not recorded."
    stored = replace(
        identity,
        **names,
        **{f"{kind}_number": numbers.get(f"{kind}_number", "") for kind in KINDS},
        no_number_reason="" if numbers else reason,
        birth_precision=identity.birth_precision if identity.born_on else "",
    )
    return stored, problems


def _code_of(said: str, value_set: dict[str, str]) -> str:
    """A code given as itself or in its words."""
    return next((code for code, words in value_set.items() if said in (code, words)), said)


def details_problems(details: Details) -> dict[str, str]:
    """Codes outside their value sets, and telephone numbers that cannot be dialled."""
    problems: dict[str, str] = {}
    for name, value_set in (
        ("gender_identity", values.GENDER_IDENTITIES),
        ("ethnicity", values.ETHNICITIES),
        ("living_situation", values.LIVING_SITUATIONS),
    ):
        if getattr(details, name) not in {*value_set, ""}:
            problems[name] = f"“{getattr(details, name)}” is not in the list. Choose one of the list."
    for name, value_set in (
        ("communication_needs", values.COMMUNICATION_NEEDS),
        ("adjustments", values.ADJUSTMENTS),
        ("inclusion_groups", values.INCLUSION_GROUPS),
    ):
        foreign = [code for code in getattr(details, name) if code not in value_set]
        if foreign:
            problems[name] = f"“{', '.join(foreign)}” is not in the list. Choose from the list."
    return problems


def disagreements(held: Known, given: Known) -> tuple[str, ...]:
    """Why a number's holder cannot be the one described; empty when they agree. A mismatch is never merged (H11).

    Births agree when both are known and equal as far as they are known; a slip of one digit is a disagreement here.
    """
    found = []
    if held.born_on and given.born_on:
        alike = births_alike(held, given)
        if alike is None or "swapped" in alike or "digit" in alike:
            found.append("date of birth")
    named = names_alike(held, given)
    if not named or any("differ" in words for words in named):
        found.append("name")
    return tuple(found)
