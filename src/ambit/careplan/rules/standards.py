"""Record content standards as data: what each asks for, and where Ambit holds it. Plain Python, no clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MANDATORY, REQUIRED, OPTIONAL, NOT_CONFIRMED = "M", "R", "O", "?"
STATUSES: Final = (MANDATORY, REQUIRED, OPTIONAL, NOT_CONFIRMED)
STATUS_WORDS: Final = {
    MANDATORY: "Mandatory",
    REQUIRED: "Required if known",
    OPTIONAL: "Optional",
    NOT_CONFIRMED: "Status not confirmed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One item of a standard: the items of the plan that answer it, where else Ambit holds it, or why it is refused.

    An item of a section is named by its id; a field of a decision by the decision and the field, as in `cpr.reading`.
    What another slice holds is named by the slice and its word, as in `people.nhs_number`.
    """

    id: str
    title: str
    status: str
    group: str = ""
    items: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    refused: str = ""

    @property
    def implemented(self) -> bool:
        return bool(self.items or self.elsewhere)

    @property
    def reason(self) -> str:
        """Where it is, or why it is not."""
        where = ", ".join((*self.items, *self.elsewhere))
        return where or self.refused or "Not built yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """One record content standard, as its pack lists it; `known_in_part` when its owner's list is not here yet."""

    title: str
    plan: str
    ages: str
    items: tuple[Asked, ...]
    known_in_part: bool = False

    def asks_for(self, item_id: str) -> Iterator[Asked]:
        """The items of the standard that this item of the plan answers."""
        return (asked for asked in self.items if item_id in asked.items)
