"""What every document with legal force says of itself, as it is recorded. Written once; what becomes of one is another row.

Sources: Mental Capacity Act 2005; Adults with Incapacity (Scotland) Act 2000; ReSPECT v3; SCCI1580 items 44 to 53;
`record-standards`, sections 2.1, 2.4, 2.5 and 8. Plain Python, no clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import ClassVar, Final
from uuid import UUID

MADE_HERE, TRANSCRIBED = "made_here", "transcribed"
YES, NO, NOT_KNOWN = "yes", "no", "not_known"
ENGLAND_WALES, SCOTLAND, NORTHERN_IRELAND = "EW", "SCT", "NI"
JURISDICTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {ENGLAND_WALES: "England or Wales", SCOTLAND: "Scotland", NORTHERN_IRELAND: "Northern Ireland"}
)
SEEN: Final[Mapping[str, str]] = MappingProxyType(
    {"original": "The original was seen", "copy": "A copy was seen", "reported": "Told of, not seen"}
)
REPLACED, WITHDRAWN, WRONG = "replaced", "withdrawn", "wrong"
ENDINGS: Final[Mapping[str, str]] = MappingProxyType(
    {REPLACED: "replaced", WITHDRAWN: "withdrawn", WRONG: "recorded by mistake"}
)
BINDING, NOT_BINDING, DOUBTFUL = "binding", "not_binding", "doubtful"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A different view of what a document weighs, with its reason. It stands beside what is computed and hides nothing."""

    force: str
    reason: str
    by: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What every document says of itself: when it was made, how it came here, who recorded it, what became of it."""

    kind: ClassVar[str] = ""
    title: ClassVar[str] = ""

    id: UUID
    made_on: date | None
    recorded_at: datetime
    source: str
    jurisdiction: str = ENGLAND_WALES
    seen: str = ""
    paper_at: str = ""
    review_on: date | None = None
    note: str = ""
    recorded_by: str = ""
    recorded_by_role: str = ""
    recorded_by_organisation: str = ""
    born_on: date | None = None
    ended: str = ""
    ended_at: datetime | None = None
    ended_by: str = ""
    ended_reason: str = ""
    views: tuple[View, ...] = ()

    @property
    def is_current(self) -> bool:
        return not self.ended

    @property
    def in_brief(self) -> str:
        """What it says, in one line."""
        return self.title

    @property
    def author(self) -> str:
        """Who made or decided it; without anybody named, who recorded it."""
        return self.recorded_by

    @property
    def incomplete(self) -> tuple[str, ...]:
        """What a transcribed document was seen to lack; it is saved and shown all the same."""
        if self.source != TRANSCRIBED:
            return ()
        missing = ["the document itself was not seen"] if self.seen == "reported" else []
        if self.made_on is None:
            missing.append("no date seen")
        return (*missing, *self._lacks())

    def _lacks(self) -> tuple[str, ...]:
        return ()

    @property
    def report(self) -> str:
        """How it came here: "Made here", "Transcribed from the original", "Reported, incomplete: no date seen"."""
        if self.source == MADE_HERE:
            return "Made here"
        if self.incomplete:
            return "Reported, incomplete: " + ", ".join(self.incomplete)
        return f"Transcribed from {'a copy' if self.seen == 'copy' else 'the original'}"

    def age_when_made(self) -> int | None:
        """Whole years lived on the day it was made; None when either day is not known."""
        return years(self.born_on, self.made_on)

    def review_overdue(self, on: date) -> bool:
        """Age never hides or fades a document; it says that the review is overdue (L20)."""
        return self.is_current and self.review_on is not None and self.review_on < on


def years(born_on: date | None, on: date | None) -> int | None:
    """Whole years lived on a day."""
    if born_on is None or on is None:
        return None
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
