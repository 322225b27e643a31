from datetime import date

import pytest

from ambit.access.queries import operator
from ambit.casefinding import actions
from ambit.casefinding.found import Evidence, Found, PackUsed, Reason, Search, SourceIdentity

DAY = date(2026, 11, 21)
PACK = PackUsed("first-signs", "0.1", "abc", "First signs", reviewed=False)
ADMISSIONS = Reason(
    "first-signs", "two-admissions", "Two unplanned admissions in 6 months",
    (
        Evidence("snomed", "4525004", "Emergency admission", date(2026, 6, 27), "9", "days", "Encounter/1"),
        Evidence("snomed", "4525004", "Emergency admission", date(2026, 10, 9), "6", "days", "Encounter/2"),
    ),
)  # fmt: skip
FAILURE = Reason(
    "first-signs", "heart-failure", "Heart failure",
    (Evidence("snomed", "84114007", "Heart failure", date(2024, 2, 1), "", "", "Condition/7"),),
)  # fmt: skip


def found(key="arthur", *, practice="Z90001", number="9997900960", reasons=(ADMISSIONS, FAILURE), family="Longworth"):
    who = SourceIdentity(family, "Arthur", "Mr", date(1942, 8, 3), "male", number, practice, "1 Beck Lane", "NM1 1AA")
    return Found("synthea", key, who, "first-signs", "0.1", "abc", "both", tuple(reasons), ("Frailty score",))


def search(*flagged, on=DAY):
    return Search(on, (PACK,), 100, tuple(flagged), 0.1, "snapshot-1", "")


@pytest.fixture
def keep(place):
    """Run case-finding with these people found; on another day with `on`."""

    def kept(*flagged, on=DAY, practice=None):
        run = actions.ask_for_run(by=operator(), on=on, practice_id=practice.id if practice else None)
        return actions.keep_candidates(by=operator(), found=search(*flagged, on=on), run=run)

    return kept
