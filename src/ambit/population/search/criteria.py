"""What a search asks of a person's record, as data: typed, frozen, three-valued.

An answer is true, false or None (unknown). Conventions (reference/identification.md, section 1):

- Windows are half-open: a thing counts when it is dated after the window opens and not after the day of the search `t`.
  Months are calendar months (31 August less 6 months is 28 or 29 February); days are days.
- The day of a thing is the day the source wrote, in the source's own time zone.
- What is dated after `t` does not count, and neither does what the source has withdrawn or refuted.
- No data is unknown, never false; each criterion below says what "no data" means for it.
- Who is dead at `t` is not flagged. What is dated after a death is dated after `t`, or the person is not searched.
"""

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

Absence = Literal["false", "unknown"]
MEDICINE_TYPES = ("MedicationRequest", "MedicationStatement")  # FHIR R4: what was prescribed or is being taken
Counted = Literal["records", "days", "lists"]


@dataclass(frozen=True, slots=True)
class Window:
    """How far back from the day of the search, and how long before it the window closes: not at all, unless `ago` says so.

    `length` counts from the day of the search even when the window closes before it: “24 months to 12 months ago”.
    """

    length: int
    unit: Literal["days", "months", "ever"]
    ago: int = 0
    ago_unit: Literal["days", "months"] = "months"

    def opens(self, on: date) -> date | None:
        """The last day that no longer counts; None for “ever”."""
        return None if self.unit == "ever" else _before(on, self.length, self.unit)

    def closes(self, on: date) -> date:
        """The last day that counts."""
        return _before(on, self.ago, self.ago_unit)

    def in_words(self, on: date | None = None) -> str:
        if self.ago:
            end = f"{self.ago} {self.ago_unit if self.ago != 1 else self.ago_unit[:-1]} before " + _day_in_words(on)
            return f"ever, up to {end}" if self.unit == "ever" else f"from {self.length} {self.unit} to {end}"
        if self.unit == "ever":
            return "ever"
        unit = self.unit if self.length != 1 else self.unit[:-1]
        return f"in the {self.length} {unit} to {_day_in_words(on)}"


@lru_cache(maxsize=4096)
def _before(on: date, length: int, unit: str) -> date:
    """So many days or calendar months earlier; a month without that day gives its last."""
    if unit == "days":
        return on - timedelta(days=length)
    year, month = divmod(on.year * 12 + on.month - 1 - length, 12)
    return date(year, month + 1, min(on.day, calendar.monthrange(year, month + 1)[1]))


def _day_in_words(on: date | None) -> str:
    return f"{on.day} {on:%B %Y}" if on else "the day of the search"


EVER = Window(0, "ever")


@dataclass(frozen=True, slots=True)
class Codes:
    """Code lists, and the sense in which their codes count."""

    lists: tuple[str, ...]
    polarity: str = "has"


@dataclass(frozen=True, slots=True)
class Age:
    """Age in completed years, from `at_least` and below `below`. Born on 29 February, a year is completed on 1 March.

    Unknown when the birth date is missing, or known only to the month or year and both answers are possible.
    """

    at_least: int = 0
    below: int | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A code of these lists stands in the record at least so often: as resources, distinct days, or distinct lists.

    Nothing in the window answers `absence`, which the pack must choose: "false" where the record would show the thing if it
    were so (and then only for somebody of whom the source has sent at least one coded thing by `t`), "unknown" where it is
    often left unrecorded. Something, but less than `at_least`, is false. With `ended` "excluded", what the source says ended by
    `t` does not count.
    """

    codes: Codes
    within: Window
    absence: Absence
    at_least: int = 1
    of: Counted = "records"
    ended: Literal["counts", "excluded"] = "counts"


@dataclass(frozen=True, slots=True)
class Latest:
    """The value of the latest day in the window, compared. Values in another unit do not count; unknown when there is none.

    Several values on that day: `ties` takes the lowest or the highest. Values are whole millionths of `unit`.
    """

    codes: Codes
    unit: str
    compare: Literal["below", "at_most", "at_least", "above"]
    value: int
    within: Window
    ties: Literal["lowest", "highest"]


@dataclass(frozen=True, slots=True)
class Change:
    """The value of the latest day in `latest_within` against the best of the days before it in `within`.

    A fall is measured from the highest, a rise from the lowest; `by` is millionths of the unit, or, with `percent`, hundredths of
    a percent of the best. Exactly `by` counts, unless it must be `more`. On the latest day a fall takes the lowest value, a rise the highest. Unknown when
    there is no latest or no earlier value. With `from_latest`, `within` looks back from the latest day, not from the search.
    """

    codes: Codes
    unit: str
    direction: Literal["fall", "rise"]
    by: int
    percent: bool
    within: Window
    latest_within: Window
    from_latest: bool = False
    more: bool = False


@dataclass(frozen=True, slots=True)
class Increase:
    """So many more of these lists have a code now than had one at the end of `then`, as deficits of an index.

    No code of any of them by the day of the search answers `absence`, as for `Recorded`.
    """

    codes: Codes
    then: Window
    at_least: int
    absence: Absence


@dataclass(frozen=True, slots=True)
class After:
    """The last of these codes is later than the last of those: a state that has not been ended since.

    With `not_before`, a last code dated before that day is false: some registers count only from a day on.

    None of these in the window answers `absence`, as for `Recorded`. These and none of those: true. Both on one day: `same_day`.
    """

    codes: Codes
    than: Codes
    within: Window
    absence: Absence
    same_day: bool
    not_before: date | None = None


@dataclass(frozen=True, slots=True)
class EncounterKind:
    """Encounters of these classes (FHIR v3 ActCode, as EMER, IMP) and, when named, these admission methods."""

    classes: tuple[str, ...]
    methods: tuple[str, ...] = ()

    def fits(self, class_: str, method: str) -> bool:
        return class_ in self.classes and (not self.methods or method in self.methods)


@dataclass(frozen=True, slots=True)
class Encounters:
    """At least so many encounters that count, as encounters or distinct days of starting.

    `possibly` names encounters of which the record cannot say whether they count: when they decide, the answer is unknown.
    Unknown also when the source has sent no encounter at all for the person by `t`.
    """

    counted: tuple[EncounterKind, ...]
    possibly: tuple[EncounterKind, ...]
    within: Window
    at_least: int
    of: Literal["records", "days"]


@dataclass(frozen=True, slots=True)
class Twice:
    """Values that compare so on two days at least `apart` days from each other, as a kidney function that stays low.

    Unknown when no value in this unit is in the window; values, but no such pair, is false.
    """

    codes: Codes
    unit: str
    compare: Literal["below", "at_most", "at_least", "above"]
    value: int
    within: Window
    apart: int


@dataclass(frozen=True, slots=True)
class Medicines:
    """So many different medicines prescribed in the window, whatever they are.

    Medicines are told apart by code, or by text where there is none; of a prescription coded twice the first code counts.
    Unknown when the source has sent no prescription at all for the person by `t`.
    """

    within: Window
    at_least: int


@dataclass(frozen=True, slots=True)
class Points:
    """The points that a list gives to its codes come to at least so much, or to more; each code of the list counts once.

    Points are thousandths. None of the codes in the window answers `absence`, as for `Recorded`; some, but too few points, is false.
    """

    codes: Codes
    within: Window
    absence: Absence
    at_least: int
    more: bool
    weights: tuple[tuple[str, str, int], ...] = field(repr=False)  # system, code, points


@dataclass(frozen=True, slots=True)
class NotInRecords:
    """What no record says and a person must be asked: always unknown, so that it is named and never guessed."""

    why: str


@dataclass(frozen=True, slots=True)
class Not:
    criterion: "Criterion"


@dataclass(frozen=True, slots=True)
class All:
    """True when all are; false when one is; otherwise unknown (Kleene)."""

    criteria: tuple["Criterion", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """True when one is; false when all are; otherwise unknown (Kleene)."""

    criteria: tuple["Criterion", ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """The weights of what is true come to at least `k`; unknown when what is unknown could still decide."""

    k: int
    weighted: tuple[tuple["Criterion", int], ...]


@dataclass(frozen=True, slots=True)
class Ref:
    """The answer of another criterion of the same pack."""

    id: str


@dataclass(frozen=True, slots=True)
class FoundBy:
    """Another pack finds the person, in one of these tiers; `criterion` is what those tiers ask."""

    pack: str
    title: str
    tiers: tuple[str, ...]
    criterion: "Criterion"


Leaf = Age | Recorded | Latest | Change | Increase | After | Encounters | Twice | Medicines | Points | NotInRecords
Criterion = Leaf | Not | All | Any | AtLeast | Ref | FoundBy


@dataclass(frozen=True, slots=True)
class Named:
    """A criterion of a pack: its id, what it says to a clinician when true, and whether it is shown as a reason."""

    id: str
    says: str
    criterion: Criterion
    reason: bool = True


@dataclass(frozen=True, slots=True)
class Tier:
    """A degree of finding, strongest first: the first tier that is true is the person's."""

    name: str
    says: str
    criterion: Criterion


@dataclass(frozen=True, slots=True)
class Published:
    """What was published of a tool elsewhere: to compare with, never a promise. `counts` are true and false positives, false and true negatives."""

    says: str
    source: str
    counts: tuple[int, int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class SearchPack:
    """Named criteria, each of which may refer to those before it, and the tiers that flag somebody."""

    id: str
    criteria: tuple[Named, ...]
    tiers: tuple[Tier, ...]
    nightly: bool = True  # runs of itself, and who it finds waits for a clinician; else only when somebody asks for it
    about: str = ""
    published: tuple[Published, ...] = ()


def parts_of(criterion: Criterion) -> tuple["Criterion", ...]:
    if isinstance(criterion, Not | FoundBy):
        return (criterion.criterion,)
    if isinstance(criterion, All | Any):
        return criterion.criteria
    if isinstance(criterion, AtLeast):
        return tuple(part for part, _ in criterion.weighted)
    return ()


def without_refs(criterion: Criterion, named: Mapping[str, Criterion]) -> Criterion:
    """The same question with every criterion it refers to written out."""
    if isinstance(criterion, Ref):
        return without_refs(named[criterion.id], named)
    if isinstance(criterion, Not | FoundBy):
        return replace(criterion, criterion=without_refs(criterion.criterion, named))
    if isinstance(criterion, All | Any):
        return replace(criterion, criteria=tuple(without_refs(part, named) for part in criterion.criteria))
    if isinstance(criterion, AtLeast):
        return replace(criterion, weighted=tuple((without_refs(part, named), n) for part, n in criterion.weighted))
    return criterion


def packs_of(pack: SearchPack) -> tuple[str, ...]:
    """The other packs a pack asks about."""

    def inside(criterion: Criterion) -> Iterator[str]:
        if isinstance(criterion, FoundBy):
            yield criterion.pack
        for part in parts_of(criterion):
            yield from inside(part)

    return tuple(sorted({name for criterion in every_criterion(pack) for name in inside(criterion)}))


def leaves(criterion: Criterion) -> Iterator[Leaf]:
    """Every question asked of the record itself."""
    if isinstance(criterion, Leaf):
        yield criterion
    for part in parts_of(criterion):
        yield from leaves(part)


def codes_of(leaf: Leaf) -> tuple[Codes, ...]:
    if isinstance(leaf, After):
        return (leaf.codes, leaf.than)
    if isinstance(leaf, Recorded | Latest | Change | Increase | Twice | Points):
        return (leaf.codes,)
    return ()


def every_criterion(pack: SearchPack) -> Iterator[Criterion]:
    yield from (named.criterion for named in pack.criteria)
    yield from (tier.criterion for tier in pack.tiers)


def asked(pack: SearchPack) -> list[tuple[str, Criterion]]:
    """Everything a pack answers, in order: its criteria by id, then its tiers as "tier:" and the name."""
    return [(named.id, named.criterion) for named in pack.criteria] + [
        (f"tier:{tier.name}", tier.criterion) for tier in pack.tiers
    ]


def lists_of(pack: SearchPack) -> tuple[str, ...]:
    """The code lists a pack uses."""
    return tuple(
        sorted(
            {
                name
                for c in every_criterion(pack)
                for leaf in leaves(c)
                for told in codes_of(leaf)
                for name in told.lists
            }
        )
    )
