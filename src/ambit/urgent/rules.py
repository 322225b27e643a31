"""What the urgent page says, and in which order. Plain Python, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from ambit.design.rules import CPR_READINGS, Banner


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who said a thing and when, which every fact on the page carries; limits in days say when to ask again."""

    who: str
    on: date | None  # None: a paper form on which no day was seen
    review_after: int = 90
    ask_again_after: int = 180
    note: str = ""

    def printed(self, today: date) -> str:
        """The words as they are printed, or a little longer: the paper is measured with them."""
        if self.on is None:
            return f"{self.who}, no day seen {self.note}"
        days = (today - self.on).days
        late = "◆ : ask again" if days > self.ask_again_after else "◔ : review due" if days > self.review_after else ""
        return f"{self.who}, {self.on:%-d %B %Y}, {days} days ago {late} {self.note}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cpr:
    """What to do if heart or breathing stops. Age never hides it; it says "review overdue"."""

    reading: str  # one of the five of `design.rules.CPR_READINGS`
    reason: str = ""
    told: str = ""
    source: Source | None = None
    review_by: date | None = None
    review_overdue: bool = False
    paper: str = ""  # where the signed original is
    reported: str = ""  # a paper form transcribed as it is: what was not seen on it
    kept_back: str = ""  # why this reader is not shown it; the reading then says nothing

    @property
    def words(self) -> str:
        if self.kept_back:
            return "CPR: not shown to you"
        return CPR_READINGS[self.reading].words


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the documents that disagree: all are shown alike, none is chosen."""

    name: str
    says: str
    force: str
    source: Source | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two or more that disagree about one treatment; when it is CPR, this takes the place of the CPR block."""

    about: str
    sides: tuple[Side, ...]
    whom_to_ask: str
    concerns_cpr: bool = False
    heading: str = ""

    @property
    def in_short(self) -> str:
        """In one sentence, where the paper has no room for two columns: what each side says."""
        return f"{self.about}: " + " / ".join(f"{side.name}: {side.says}" for side in self.sides)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """Somebody to ring: what they hold, whether they answer now, and at which hours, for paper that is read later."""

    name: str
    telephone: str
    holds: str = ""
    is_open: bool = True  # also when their hours are not known: only what is known to be closed moves down
    now: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    label: str
    words: str
    answer: str = ""  # of `design.rules.TREATMENT_ANSWERS`


@dataclass(frozen=True, slots=True, kw_only=True)
class Medicine:
    """One line of what is in the box at home, as labelled."""

    name: str
    what_for: str = ""
    left: str = ""
    expires: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One heading with what is recorded under it, or the sentence that says that it is not.

    `run_in` sets each row as one sentence that begins with its label.
    """

    key: str
    heading: str
    rows: tuple[Row, ...] = ()
    medicines: tuple[Medicine, ...] = ()
    run_in: bool = False
    source: Source | None = None
    missing: str = ""
    ends_on: date | None = None
    has_ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """One person, now: everything that the page and the paper show."""

    person_id: UUID
    banner: Banner
    version: int
    saved_at: datetime | None
    opened_at: datetime
    cpr: Cpr
    disagreements: tuple[Disagreement, ...]
    numbers: tuple[Number, ...]
    main: tuple[Box, ...]
    side: tuple[Box, ...]
    nobody_to_ring: str = ""  # why no number is shown, when there may be some
    opens_in_emergency: bool = False  # something is kept back that an emergency opening would show
    yours: Box | None = None  # what this reader's role has to see to; not on paper, which anybody may read


def ring_first(numbers: Sequence[Number], *, at_most: int = 3) -> tuple[Number, ...]:
    """At most three numbers: those that may answer now first, in the order given; what is closed moves down."""
    answering = [number for number in numbers if number.is_open]
    closed = [number for number in numbers if not number.is_open]
    return tuple((answering + closed)[:at_most])


def hour_words(hour: int) -> str:
    """A full hour as it is said: midnight, 8am, noon, 10pm."""
    if hour in (0, 12):
        return "noon" if hour else "midnight"
    return f"{hour}am" if hour < 12 else f"{hour - 12}pm"


@dataclass(frozen=True, slots=True)
class Answers:
    """Whether somebody answers at a moment, said for that moment (`now`) and for any other (`hours`)."""

    is_open: bool
    now: str
    hours: str


UNKNOWN_HOURS = Answers(True, "", "")


def answers(hours: str, opens: str, closes: str, *, hour: int) -> Answers:
    """Whether who keeps these hours answers in this hour of the day; hours that are not fully given claim nothing."""
    if hours == "always" or (hours == "daily" and opens and opens == closes):
        return Answers(True, "Open now.", "Day and night.")
    if hours != "daily" or not (opens and closes):
        return UNKNOWN_HOURS
    first, last = int(opens), int(closes)
    is_open = first <= hour < last if first < last else hour >= first or hour < last
    every_day = f"{hour_words(first)} to {hour_words(last)} every day."
    if is_open:
        return Answers(True, f"Open now until {hour_words(last)}.", every_day)
    return Answers(False, f"Closed now. Opens at {hour_words(first)}.", every_day)


def places(care: str, care_next: str, death: str, death_next: str, which: str, words: str) -> tuple[Row, ...]:
    """Where the person wants to be, death first; the place of care only where it is not the same."""
    rows = []
    if death:
        rows.append(Row(label=f"To die: {_small(death)}.", words=_second(death_next)))
    if care and (care != death or (care_next and care_next != death_next)):
        rows.append(Row(label=f"To be cared for: {_small(care)}.", words=_second(care_next)))
    more = " ".join(part if part.endswith(".") else f"{part}." for part in (which, words) if part)
    return (*rows, Row(label="", words=more)) if more else tuple(rows)


def _second(place: str) -> str:
    return f"Second choice {_small(place)}." if place else ""


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]


def chart(until: date, *, on: date) -> str:
    """Until when the administration chart holds, and when there is little time left."""
    words = f"Chart with the box, valid to {until:%-d %B %Y}."
    days = (until - on).days
    if days < 0:
        return f"◆ The chart ended on {until:%-d %B %Y}: nothing may be given by it."
    return f"{words} ◔ Chart ends {'today' if days == 0 else 'in 1 day' if days == 1 else f'in {days} days'}."
