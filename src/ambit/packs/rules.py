"""When a pack may be used, and how its review is said. Plain Python, no Django, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ambit.packs.reading import Problem


@dataclass(frozen=True)
class Pack:
    """One pack as it stands in its folder, understood and hashed."""

    kind: str
    id: str
    version: str
    title: str
    source: str
    licence: str
    reviewer: str  # empty unless somebody real has reviewed it
    review_on: date | None
    extends: str
    origin: str  # "shipped" or "site"
    folder: str
    sha256: str
    content: Any = None
    problems: tuple[Problem, ...] = ()
    uses: tuple[tuple[str, str], ...] = field(default=())
    awaits: tuple[str, ...] = ()  # what this site must bring first, as a code list that may not be shipped

    @property
    def ok(self) -> bool:
        return not self.problems

    @property
    def reviewed(self) -> bool:
        return bool(self.reviewer)

    @property
    def review_in_words(self) -> str:
        if not self.reviewed:
            return "Not reviewed by a clinician"
        return f"Reviewed by {self.reviewer}" + (f" on {self.review_on}" if self.review_on else "")


@dataclass(frozen=True, slots=True)
class SignedOff:
    """A site's decision to run exactly this content."""

    kind: str
    pack_id: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Permission:
    allowed: bool
    why: str


def may_run(pack: Pack, *, demonstration: bool, sign_offs: Iterable[SignedOff]) -> Permission:
    """A pack with problems never runs, nor one that waits for something to be imported; one without a named clinical reviewer runs in the demonstration or after local sign-off.

    The sign-off must be of this very content: another version, or a changed code list, needs a new one
    (architecture, "Floors that may not crack").
    """
    if not pack.ok:
        first = f" The first: {pack.problems[0]}" if pack.problems else ""
        return Permission(False, f"{pack.id} has problems. Run `ambit packs check` to see them.{first}")
    if pack.awaits:
        return Permission(False, f"{pack.id} cannot run yet: {' '.join(pack.awaits)}")
    if pack.reviewed:
        return Permission(True, pack.review_in_words)
    if SignedOff(pack.kind, pack.id, pack.version, pack.sha256) in set(sign_offs):
        return Permission(True, "Not reviewed by a clinician; signed off for use here")
    if demonstration:
        return Permission(True, "Not reviewed by a clinician; for demonstration only")
    return Permission(
        False,
        f"{pack.id} {pack.version} has not been reviewed by a clinician. "
        "Somebody who may sign off packs must read it and sign it off first: on the page “Packs”, or with "
        f"`ambit packs sign-off {pack.kind} {pack.id} --note …`.",
    )
