"""Who holds parental responsibility for somebody under 18, and what a court has restricted. Plain Python, no clock.

Children Act 1989. Several may hold it at once. A restriction is never left out, and a dispute is said first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ambit.careplan.rules.transition import GROWN_UP_AT, age_at
from ambit.people.rules.values import PARENTAL_BASES, RELATIONS

DECIDES_FROM = 16
NOBODY = (
    "Nobody is recorded as having parental responsibility. Ask who has it, and see the order or the birth certificate. "
    "In an emergency treat in the child’s best interests."
)
DECIDES_THEMSELVES = "From 16 the young person is presumed able to decide; ask them first."
BEFORE_BIRTH = "Until the birth the mother decides about her own care and how the child is born. Parental responsibility begins at birth."
ASK_THE_CHILD = "A child who understands enough may decide themselves (Gillick); ask them first."


@dataclass(frozen=True, slots=True)
class Holder:
    """One who holds parental responsibility."""

    name: str
    relation: str
    telephone: str
    basis: str
    restriction: str
    court_order: str
    is_disputed: bool

    @property
    def words(self) -> str:
        """What holds for this holder; a dispute and what a court restricts stand first."""
        parts = [
            "Disputed: ask before relying on it." if self.is_disputed else "",
            f"Restricted by a court: {self.restriction.rstrip('.')}." if self.restriction else "",
            f"{self.basis}.",
            f"{self.court_order.rstrip('.')}." if self.court_order else "",
        ]
        return " ".join(part for part in parts if part)


def is_child(born_on: date | None, *, unborn: bool, on: date) -> bool:
    """Whether somebody is under 18, or not born yet; not where no day of birth is known."""
    return unborn or (born_on is not None and age_at(born_on, on) < GROWN_UP_AT)


def holders(said: Mapping[str, Any]) -> tuple[Holder, ...]:
    """Who holds it now, from what the record says; whoever's is disputed or restricted comes first."""
    known = {row["id"]: row for row in said.get("important_people", ())}
    found = []
    for row in said.get("parental_responsibilities", ()):
        one = known.get(row["holder_id"])
        if row["until_on"] is None and one is not None:
            found.append(
                Holder(
                    name=one["name"],
                    relation=RELATIONS.get(one["relation"], ""),
                    telephone=one["telephone"] or one["other_telephone"],
                    basis=PARENTAL_BASES.get(row["basis"], row["basis"]),
                    restriction=row["restriction"],
                    court_order=row["court_order"],
                    is_disputed=row["is_disputed"],
                )
            )
    return tuple(sorted(found, key=lambda one: (not one.is_disputed, not one.restriction, one.name)))


def who_may_decide(born_on: date | None, *, unborn: bool, on: date) -> str:
    """Whom to ask first: the child, as far as they can decide; before birth, the mother."""
    if unborn:
        return BEFORE_BIRTH
    if born_on is None:
        return ""
    return DECIDES_THEMSELVES if age_at(born_on, on) >= DECIDES_FROM else ASK_THE_CHILD
