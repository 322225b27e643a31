"""By which groups case-finding's figures are told apart, so that a search that misses some people is seen. Plain Python.

The bands of age are those of Public Health Scotland's end of life statistics; ethnic groups the sixteen of the NHS data dictionary.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ambit.population.followed import Asked, Followed

UNKNOWN: Final = "unknown"

AGE_BANDS: Final = ((0, "0-17"), (18, "18-44"), (45, "45-54"), (55, "55-64"), (65, "65-74"), (75, "75-84"), (85, "85+"))

ETHNIC_GROUPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "A": "White: British", "B": "White: Irish", "C": "White: any other background", "D": "Mixed: White and Black Caribbean",
        "E": "Mixed: White and Black African", "F": "Mixed: White and Asian", "G": "Mixed: any other background",
        "H": "Asian: Indian", "J": "Asian: Pakistani", "K": "Asian: Bangladeshi", "L": "Asian: any other background",
        "M": "Black: Caribbean", "N": "Black: African", "P": "Black: any other background", "R": "Chinese",
        "S": "Any other ethnic group", "Z": "Asked, not stated", UNKNOWN: "Not recorded",
    }
)  # fmt: skip

# the first that fits is somebody's main condition; cancer first, as it dominates registers and would hide behind frailty
CONDITIONS: Final = (
    ("cancer", "Cancer", ("cancer-metastatic", "cancer-poor-prognosis", "hepatocellular-carcinoma")),
    ("organ_failure", "Organ failure: heart, lungs, liver, kidneys", ("heart-failure", "nyha-3-4", "lung-disease-severe", "copd", "long-term-oxygen", "liver-cirrhosis", "ckd-4-5", "ckd-5")),
    ("dementia_frailty", "Dementia or severe frailty", ("dementia", "severe-frailty", "cfs-7", "cfs-8", "cfs-9")),
    ("neurological", "Neurological condition or stroke", ("motor-neurone-disease", "neurological-progressive", "efi-parkinsonism", "stroke")),
    ("childhood", "Life-limiting condition of childhood", ("life-limiting-childhood",)),
)  # fmt: skip
NONE_CODED: Final = "none_coded"

BREAKDOWNS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = MappingProxyType(
    {
        "age": ("Age", {**{band: band for _, band in AGE_BANDS}, UNKNOWN: "Not recorded"}),
        "sex": ("Sex", {"female": "Female", "male": "Male", "other": "Other", UNKNOWN: "Not recorded"}),
        "ethnicity": ("Ethnic group", ETHNIC_GROUPS),
        "deprivation": (
            "Deprivation of the home's small area",
            {"1": "Most deprived fifth", "2": "Second fifth", "3": "Third fifth", "4": "Fourth fifth", "5": "Least deprived fifth",
             UNKNOWN: "Area not known"},
        ),
        "learning_disability": (
            "Learning disability", {"yes": "Learning disability is coded", "no": "No learning disability is coded"}
        ),
        "condition": (
            "Main condition", {**{name: title for name, title, _ in CONDITIONS}, NONE_CODED: "None of these is coded"}
        ),
    }
)  # fmt: skip
"""What each breakdown is called, and its groups in the order in which they are shown; unknown is a group of its own."""


def age_band(age: int | None) -> str:
    if age is None or age < 0:
        return UNKNOWN
    return [band for first, band in AGE_BANDS if first <= age][-1]


def groups_of(one: Followed) -> dict[str, str]:
    """The group of each breakdown to which these people belong."""
    return {
        "age": age_band(one.age),
        "sex": one.sex if one.sex in BREAKDOWNS["sex"][1] else UNKNOWN,
        "ethnicity": one.ethnicity if one.ethnicity in ETHNIC_GROUPS else UNKNOWN,
        "deprivation": one.fifth if one.fifth in BREAKDOWNS["deprivation"][1] else UNKNOWN,
        "learning_disability": "yes" if one.learning_disability else "no",
        "condition": one.condition or NONE_CODED,
    }


def asked(known: Mapping[str, tuple[str, str]]) -> Asked:
    """What the population store is asked to tell people apart by."""
    letters = [letter for letter in ETHNIC_GROUPS if letter not in ("Z", UNKNOWN)]
    return Asked(
        conditions=[(name, lists) for name, _, lists in CONDITIONS],
        ethnicities=[(letter, [f"ethnicity-{letter.lower()}"]) for letter in letters],
        learning_disability=["learning-disability"],
        known=known,
    )
