"""What is left of the medicines in a home, counted from what was recorded. Plain Python, no clock.

Ambit never fills in, proposes or works out a dose: it adds and takes away what people say they counted.
Sources: SCCI1580 items 31 and 32; local policies on anticipatory medicines, which ask for a count at every visit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

SUPPLIED, COUNTED, USED, WASTED, RETURNED, DESTROYED = (
    "supplied", "counted", "used", "wasted", "returned", "destroyed",
)  # fmt: skip
KINDS: Final = {
    SUPPLIED: "Came into the home",
    COUNTED: "Counted",
    USED: "Used",
    WASTED: "Broken or spilt",
    RETURNED: "Taken back to the pharmacy",
    DESTROYED: "Destroyed in the home",
}
TAKEN_AWAY: Final = frozenset({USED, WASTED, RETURNED, DESTROYED})
AFTER_DEATH: Final = frozenset({COUNTED, WASTED, RETURNED, DESTROYED})
"""What is still done with medicines when the person has died."""

MOST: Final = 10_000


_ONE: Final = {
    "ampoules": "ampoule", "bottles": "bottle", "boxes": "box", "capsules": "capsule", "doses": "dose", "inhalers": "inhaler",
    "millilitres": "millilitre", "packets": "packet", "patches": "patch", "pens": "pen", "sachets": "sachet",
    "sprays": "spray", "suppositories": "suppository", "syringes": "syringe", "tablets": "tablet", "vials": "vial",
}  # fmt: skip
_SEVERAL: Final = {one: several for several, one in _ONE.items()}


def amount(quantity: int, unit: str) -> str:
    """As in "1 ampoule", "4 ampoules"; a unit that is not known here is written as it was typed."""
    known = (_ONE if quantity == 1 else _SEVERAL).get(unit.strip().casefold())
    return f"{quantity} {known or unit}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One thing that happened to a medicine in the home, in the unit it is counted in."""

    id: UUID
    medicine: str
    unit: str
    kind: str
    quantity: int
    happened_at: datetime
    recorded_at: datetime
    by: str = ""
    what_for: str = ""
    effect: str = ""
    witness: str = ""
    note: str = ""
    mistake: str = ""

    @property
    def words(self) -> str:
        return f"{KINDS[self.kind]}: {amount(self.quantity, self.unit)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """How much of a medicine should be there; `known` only once somebody counted it or it was supplied."""

    medicine: str
    unit: str
    quantity: int
    known: bool
    last: Movement
    counted: Movement | None
    out_by: int = 0

    @property
    def words(self) -> str:
        """As in "4 ampoules", or that nobody counted them."""
        return amount(max(self.quantity, 0), self.unit) if self.known else "Not counted"

    @property
    def does_not_add_up(self) -> bool:
        """True when the last count differs from what was recorded before it, or more was used than there was."""
        return self.out_by != 0 or self.quantity < 0


def name_key(medicine: str) -> str:
    """The same medicine under two spellings of case and space is one."""
    return " ".join(medicine.casefold().split())


def left(movements: Iterable[Movement]) -> tuple[Left, ...]:
    """What should be left of each medicine: a count begins anew, the rest is added or taken away, in the order it happened.

    What was recorded by mistake does not count. A count that differs from what was expected says by how many.
    """
    by_name: dict[str, list[Movement]] = {}
    for movement in movements:
        if not movement.mistake:
            by_name.setdefault(name_key(movement.medicine), []).append(movement)
    return tuple(
        _left(sorted(several, key=lambda m: (m.happened_at, m.recorded_at))) for _, several in sorted(by_name.items())
    )


def _left(movements: list[Movement]) -> Left:
    quantity, known, out_by = 0, False, 0
    counted = None
    for movement in movements:
        if movement.kind == COUNTED:
            out_by = movement.quantity - quantity if known else 0
            quantity, known, counted = movement.quantity, True, movement
        elif movement.kind == SUPPLIED:
            quantity, known = quantity + movement.quantity, True
        else:
            quantity -= movement.quantity
    last = movements[-1]
    return Left(
        medicine=last.medicine,
        unit=last.unit,
        quantity=quantity,
        known=known,
        last=last,
        counted=counted,
        out_by=out_by,
    )


def problems(
    *,
    medicine: str,
    unit: str,
    kind: str,
    quantity: int | None,
    happened_at: datetime | None,
    what_for: str,
    now: datetime,
    died: bool,
    known_unit: str,
) -> dict[str, str]:
    """What stops a movement being recorded, by field."""
    found = {}
    if not medicine.strip():
        found["medicine"] = "Choose the medicine, or write it as it is labelled, with its strength."
    if not unit.strip():
        found["unit"] = "Write what you count: ampoules, tablets, patches, millilitres."
    elif known_unit and name_key(unit) != name_key(known_unit):
        found["unit"] = f"This medicine is counted in {known_unit}. Use the same, or write it as another medicine."
    if kind not in KINDS:
        found["kind"] = "Choose what happened."
    elif died and kind not in AFTER_DEATH:
        found["kind"] = "The person has died: medicines are counted, taken back or destroyed, and nothing else."
    if quantity is None or not 0 <= quantity <= MOST or (quantity == 0 and kind != COUNTED):
        found["quantity"] = f"Write how many, as a whole number from {0 if kind == COUNTED else 1} to {MOST:,}."
    if happened_at is None:
        found["happened_at"] = "Write the day and time at which it happened."
    elif happened_at > now:
        found["happened_at"] = "That is still to come. Write when it happened."
    if kind == USED and not what_for.strip():
        found["what_for"] = "Write what it was given for: pain, sickness, agitation."
    return found
