"""Judgement about identity: numbers, names, dates. Plain Python, no clock."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from uuid import UUID


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


def name_key(family_name: str, given_names: str) -> str:
    """Family then given names in small letters without accents or punctuation: what a name search compares."""
    plain = unicodedata.normalize("NFKD", f"{family_name} {given_names}").casefold()
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(letters.split())
