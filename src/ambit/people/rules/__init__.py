"""Judgement about identity: numbers, names, dates, likeness. Plain Python, no clock."""

from ambit.people.rules.dates import age_on, age_words, birth_problem, death_problems
from ambit.people.rules.identity import Admission, Details, Home, Identity, checked, disagreements
from ambit.people.rules.likeness import Likeness, likeness, similar_names
from ambit.people.rules.names import banner_name, name_key, name_words, tidy
from ambit.people.rules.numbers import (
    HealthNumber,
    Issuer,
    NumberRefused,
    chi_number,
    health_number,
    hsc_number,
    nhs_number,
    spaced,
)

__all__ = [
    "Admission",
    "Details",
    "HealthNumber",
    "Home",
    "Identity",
    "Issuer",
    "Likeness",
    "NumberRefused",
    "age_on",
    "age_words",
    "banner_name",
    "birth_problem",
    "checked",
    "chi_number",
    "death_problems",
    "disagreements",
    "health_number",
    "hsc_number",
    "likeness",
    "name_key",
    "name_words",
    "nhs_number",
    "similar_names",
    "spaced",
    "tidy",
]
