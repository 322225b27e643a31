"""What an instrument is, and what an assessment with it comes to. Plain Python, no clock."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

MISSING = "missing"
"""Written instead of a number: staff could not assess it, or nobody answered. Never counted as 0."""

RESPONDENTS = {"person": "The person", "proxy": "Somebody close to them", "staff": "Staff"}


@dataclass(frozen=True, slots=True)
class Level:
    """One answer that may be chosen: its number, and what it means in our own words or the owner's."""

    value: int
    words: str
    code: str = ""
    hint: str = ""
    ends: bool = False  # a phase that nobody chooses: it begins with the death that is recorded elsewhere


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is judged. `topic` is ours; `label` is the owner's wording, which only a site's own file brings."""

    id: str
    topic: str
    scale: str
    levels: tuple[Level, ...]
    worded_the_other_way: bool = False
    low_at_most: int | None = None
    label: str = ""

    @property
    def words(self) -> str:
        return self.label or self.topic

    @property
    def high(self) -> int:
        return max(level.value for level in self.levels)

    def level(self, value: int) -> Level | None:
        return next((level for level in self.levels if level.value == value), None)


@dataclass(frozen=True, slots=True)
class Subscale:
    id: str
    title: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Instrument:
    """An instrument as its pack tells it."""

    id: str
    version: str
    title: str
    respondents: tuple[str, ...]
    items: tuple[Item, ...]
    subscales: tuple[Subscale, ...] = ()
    recall: str = ""
    timing: str = ""
    about: str = ""
    owner: str = ""
    licence_required: bool = False
    is_totalled: bool = True
    scoring_confirmed: bool = True
    lower_is_better: bool | None = True
    extras: int = 0
    problems: int = 0
    has_phases: bool = False
    worded_in: str = ""  # the language of the owner's wording that a site brought

    def item(self, item_id: str) -> Item | None:
        return next((item for item in self.items if item.id == item_id), None)

    @property
    def highest(self) -> int:
        """The most a total can be."""
        return sum(item.high for item in self.items)

    def highest_of(self, part: Subscale) -> int:
        return sum(item.high for item in self.items if item.id in part.items)

    @property
    def missing_words(self) -> str:
        return "Cannot assess" if self.respondents == ("staff",) else "Not answered"


@dataclass(frozen=True, slots=True)
class Wording:
    """The owner's wording of one version of an instrument in one language, from a file the site holds under licence."""

    instrument: str
    version: str
    language: str
    labels: Mapping[str, str]
    levels: Mapping[str, Mapping[int, str]]


def worded(instrument: Instrument, wording: Wording) -> Instrument:
    """The same instrument in its owner's words; numbers, items and scoring stay as they are."""
    return replace(
        instrument,
        worded_in=wording.language,
        items=tuple(
            replace(
                item,
                label=wording.labels[item.id],
                levels=tuple(
                    replace(level, words=wording.levels.get(item.scale, {}).get(level.value, level.words))
                    for level in item.levels
                ),
            )
            for item in instrument.items
        ),
    )


@dataclass(frozen=True, slots=True)
class Use:
    """Whether an instrument may be used here, and why or why not."""

    allowed: bool
    why: str


def may_be_used(
    instrument: Instrument, *, pack_allowed: bool, pack_why: str, licensed: Collection[str], demonstration: bool
) -> Use:
    """Off where its owner's licence is needed until the site says that it holds one; never on without the pack's own leave.

    The demonstration shows structure and scoring in our own words; it holds nobody's wording.
    """
    if not instrument.items:
        return Use(False, "Its items come with the owner's own file, which this site does not have.")
    if not pack_allowed:
        return Use(False, pack_why)
    if instrument.licence_required and instrument.id not in licensed:
        if not demonstration:
            owner = instrument.owner or "its owner"
            return Use(False, f"Needs a licence of {owner}; this site has not said that it holds one.")
        return Use(
            True, f"Our own words, for demonstration only. Used with people, it needs a licence of {instrument.owner}."
        )
    return Use(True, pack_why)


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered: numbers by item, the items left out on purpose, and what is wrong by item."""

    given: Mapping[str, int]
    missing: tuple[str, ...]
    problems: Mapping[str, str] = field(default_factory=dict)


def read_answers(instrument: Instrument, said: Mapping[str, str]) -> Answers:
    """The answers in `said`: each item has a number or says that it is missing, so that none is forgotten unnoticed."""
    given: dict[str, int] = {}
    missing: list[str] = []
    problems = {name: "This instrument has no such item." for name in said if instrument.item(name) is None}
    for item in instrument.items:
        words = said.get(item.id, "").strip()
        if words == MISSING:
            missing.append(item.id)
        elif not words:
            problems[item.id] = f"{item.topic}: choose a number, or “{instrument.missing_words}”."
        elif not words.isascii() or not words.isdigit() or (level := item.level(int(words))) is None or level.ends:
            problems[item.id] = f"{item.topic}: choose one of the answers shown."
        else:
            given[item.id] = int(words)
    if not given and not problems:
        problems[""] = "Nothing could be assessed, so there is nothing to save. Leave without saving."
    return Answers(given, tuple(missing), problems)


@dataclass(frozen=True, slots=True)
class Score:
    """What an assessment comes to; `why` says why there is no total."""

    total: int | None
    subscales: Mapping[str, int | None]
    why: str = ""


def score(instrument: Instrument, given: Mapping[str, int]) -> Score:
    """Totals of what was answered. Nothing is filled in: with an item missing there is no total, and the same for subscales.

    Items worded the other way are printed so that 0 is best for them too, so no number is turned round. Extra symptoms
    and main problems are never part of a total.
    """
    subscales = {
        part.id: sum(given[item] for item in part.items) if all(item in given for item in part.items) else None
        for part in instrument.subscales
        if instrument.scoring_confirmed
    }
    if not instrument.scoring_confirmed:
        return Score(None, subscales, "No total: how to score it is not confirmed.")
    if not instrument.is_totalled:
        return Score(None, subscales, "No total: each item is read by itself.")
    lacking = [item for item in instrument.items if item.id not in given]
    if lacking:
        return Score(None, subscales, f"No total: {len(lacking)} of {len(instrument.items)} items missing.")
    return Score(sum(given[item.id] for item in instrument.items), subscales)


@dataclass(frozen=True, slots=True)
class Comparison:
    """How one assessment differs from an earlier one, item by item; unknown where either lacks the item."""

    worse: tuple[str, ...]
    better: tuple[str, ...]
    same: tuple[str, ...]
    unknown: tuple[str, ...]


def compare(instrument: Instrument, earlier: Mapping[str, int], later: Mapping[str, int]) -> Comparison:
    """Which items moved, the furthest first. One point is a change; no least important difference of a total is known."""
    moved = {i.id: later[i.id] - earlier[i.id] for i in instrument.items if i.id in earlier and i.id in later}
    sign = -1 if instrument.lower_is_better is False else 1
    by_distance = sorted(moved, key=lambda name: -abs(moved[name]))
    return Comparison(
        worse=tuple(name for name in by_distance if moved[name] * sign > 0),
        better=tuple(name for name in by_distance if moved[name] * sign < 0),
        same=tuple(name for name in moved if moved[name] == 0),
        unknown=tuple(item.id for item in instrument.items if item.id not in moved),
    )
