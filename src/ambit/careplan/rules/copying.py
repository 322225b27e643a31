"""What of somebody's records may be copied forward into a section of the plan: offered, never taken by itself. No clock.

A copy says in its row where it comes from and when that was last taken in. Nothing about a dose is copied: sources hold it in
words that this store does not keep, and the plan asks for what stands on the label.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

ALLERGY, CONDITION, MEDICINE, CONTACT = "AllergyIntolerance", "Condition", "MedicationRequest", "contact"
MEDICINES: Final = (MEDICINE, "MedicationStatement")
PRESCRIBED_WITHIN: Final = timedelta(days=365)
"""A medicine that nobody prescribed for a year is not offered as one that is taken."""


@dataclass(frozen=True, slots=True)
class Into:
    """Where copies of a kind go: the rows of a section, the part that holds the name, and what else a row says."""

    rows: str
    name: str
    kinds: tuple[str, ...]


INTO: Final[Mapping[str, Into]] = {
    "allergies": Into("allergies.list", "substance", (ALLERGY,)),
    "illness": Into("illness.others", "name", (CONDITION,)),
    "regular_medicines": Into("regular_medicines.list", "name", MEDICINES),
    "people_to_ring": Into("people_to_ring.people", "name", (CONTACT,)),
}
"""The sections that something can be copied into."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing that a record says, in its own words."""

    kind: str
    words: str
    source: str
    since: date | None = None
    ended: date | None = None
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that may be copied: by which key it is chosen, what it says, since when, and where it comes from."""

    key: str
    words: str
    since: date | None
    source: str
    row: Mapping[str, str]
    is_medicine: bool = False


def offers(section: str, said: Iterable[Said], content: Mapping[str, Any], *, on: date) -> tuple[Offer, ...]:
    """What may be copied into a section: once each, the newest first, without what stands there already or is over.

    A condition that ended is history. What a record does not say has no place here: that no allergy is offered is no "none known".
    """
    into = INTO[section]
    there = {_alike(row.get(into.name, "")) for row in content.get(into.rows) or ()}
    there |= {_alike(str(content.get("illness.main", "")))} if section == "illness" else set()
    found: dict[str, Offer] = {}
    for one in sorted(said, key=lambda one: one.since or date.min, reverse=True):
        old = one.kind in MEDICINES and (one.since is None or one.since < on - PRESCRIBED_WITHIN)
        over = one.ended is not None and one.ended <= on
        name = _alike(one.words)
        if one.kind not in into.kinds or old or over or not name or name in there or name in found:
            continue
        found[name] = Offer(
            _key(one), one.words, one.since, one.source, _row(section, into, one), one.kind in MEDICINES
        )
    return tuple(found.values())


def copied(section: str, content: Mapping[str, Any], chosen: Sequence[Offer]) -> dict[str, Any]:
    """The section with the chosen rows after its own; nothing of its own is changed."""
    into = INTO[section]
    whole = {**content, into.rows: [*(content.get(into.rows) or ()), *(dict(one.row) for one in chosen)]}
    if section == "allergies":
        whole["allergies.status"] = "some"
    if section == "regular_medicines" and not whole.get("regular_medicines.from"):
        whole["regular_medicines.from"] = "; ".join(dict.fromkeys(one.source for one in chosen))
    return whole


def _row(section: str, into: Into, one: Said) -> dict[str, str]:
    row = {into.name: one.words, **dict(one.more)}
    if section == "people_to_ring":
        return row
    if section == "illness" and one.since:
        row["since"] = f"{one.since:%B %Y}"
    if section == "allergies" and one.since:
        row["when"] = f"{one.since:%Y}"
    return row | {"source": one.source}


def _alike(words: str) -> str:
    return " ".join(words.casefold().split())


def _key(one: Said) -> str:
    said = "\x1f".join((one.kind, _alike(one.words), one.source))
    return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()
