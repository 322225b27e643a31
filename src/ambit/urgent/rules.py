"""What the urgent page says, in which order, and how it fits on one side of A4. Plain Python, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, lru_cache
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

    @property
    def longest(self) -> str:
        """The words as they are printed, or a little longer: the paper is measured with them."""
        return f"{self.who}, 30 September 2026, 180 days ago, review due {self.note}"


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


@dataclass(frozen=True, slots=True)
class Paper:
    """How the one side is set: its type size in points, and how much is kept of what may be shortened."""

    points: float
    cut: tuple[str, ...] = ()
    letters: int = 0
    rows: int = 99

    def sets(self, box: "Box") -> tuple[float, int, int]:
        """How it sets one box: papers that are alike in this are alike for the box."""
        return (self.points, self.letters, self.rows) if box.key in self.cut else (self.points, 0, 0)


MORE = "more on the live record"
# what may be shortened, first things first; CPR, disagreement, allergy, authority, medicines and numbers to
# ring are in no step (design: print rules)
SHORTENED = (
    "if_this_happens",
    "illness",
    "getting_in",
    "what_matters",
    "emergency",
    "place_of_care",
    "need_to_know",
    "treatment_limits",
)
SMALLEST_POINTS = 7.4
# millimetres inside an A4 side with margins of 8 mm, and the two columns on it
TALL, MAIN_WIDE, SIDE_WIDE, CHIPS_WIDE = 279.0, 132.0, 58.0, 192.0
PAPERS = (
    Paper(9.4),
    Paper(8.8),
    Paper(8.4),
    *(Paper(8.4, SHORTENED[:step], letters) for letters in (180, 90) for step in range(1, len(SHORTENED) + 1)),
    *(Paper(7.9, SHORTENED, letters, rows) for letters, rows in ((120, 8), (70, 5))),
    *(Paper(SMALLEST_POINTS, SHORTENED, letters, rows) for letters, rows in ((90, 6), (60, 4), (40, 2), (24, 1))),
)

# widths of Helvetica, and so of Arial and Liberation Sans, in thousandths of the type size (Adobe font metrics)
_WIDTHS = {
    **dict.fromkeys("ijl'|’", 222),
    **dict.fromkeys("I.,:;/ !ft[]\\", 278),
    **dict.fromkeys("r-()", 333),
    **dict.fromkeys("Jckszvxy", 500),
    **dict.fromkeys("FTLZ", 611),
    **dict.fromkeys("ABEKPSVXY&", 667),
    **dict.fromkeys("CDHNRUw", 722),
    **dict.fromkeys("GOQ", 778),
    **dict.fromkeys("Mm", 833),
    **dict.fromkeys("W%@…", 1000),
}
WIDEST = max(_WIDTHS.values())
_MM = 25.4 / 72  # millimetres in a point
LEADING = 1.25  # height of a line in type sizes
LARGER = 1.4  # CPR words of documents that disagree


def text_width(words: str, *, points: float) -> float:
    """Millimetres of the words on one line, measured as bold, which is wider."""
    return _units(words) * points * _MM / 1000 * 1.07


@lru_cache(maxsize=8192)
def _units(words: str) -> int:
    """Width in thousandths of the type size; kept by the word, because every size of type is tried with the same words."""
    return sum(_WIDTHS.get(letter, 556) for letter in words)


def lines(words: str, *, points: float, wide: float) -> int:
    """How many lines the words take in a column `wide` millimetres, wrapped between words."""
    room = int(wide * 1000 / (points * _MM * 1.07))
    taken, space = 0, 278
    for paragraph in words.splitlines():
        taken, used = taken + 1, 0
        if len(paragraph) * WIDEST <= room:
            continue
        for width in map(_units, paragraph.split()):
            if used and used + space + width > room:
                taken, used = taken + 1, 0
            if width > room:
                taken, width = taken + (width - 1) // room, (width - 1) % room + 1
            used += width + (space if used else 0)
    return taken


def cut_words(words: str, letters: int) -> str:
    """The beginning of the words, never inside a word, ending by saying where the rest is."""
    if len(words) <= letters:
        return words
    return f"{words[:letters].rsplit(' ', 1)[0].rstrip(' ,.;:')}… {MORE}"


def shortened(box: Box, paper: Paper) -> Box:
    """The box as this paper shows it: cut only if it is among what may be, and saying so."""
    if box.key not in paper.cut:
        return box
    shown = len(box.rows) if box.key == "treatment_limits" else paper.rows  # every answer stays; its sentence may not
    rows = tuple(replace(row, words=cut_words(row.words, paper.letters)) for row in box.rows[:shown])
    if len(box.rows) > shown:
        rows += (Row(label="", words=f"{len(box.rows) - shown} {MORE}"),)
    return replace(box, rows=rows)


def box_height(box: Box, *, points: float, wide: float, stacked: bool = False) -> float:
    """Millimetres that a box takes on paper: heading, rows, source, padding, gap.

    A label stands beside its words, or above them (`stacked`) in the narrow column; rows that run in are one paragraph.
    """
    line = points * LEADING * _MM
    small = max(points * 0.88, SMALLEST_POINTS)
    inside = wide - 5.5
    label = 0.31 * inside if not stacked and any(row.label for row in box.rows) else 0.0
    height = lines(box.heading, points=points * 1.06, wide=inside) * line * 1.06 + 2.4
    height += medicines_height(box.medicines, line=line, points=points, inside=inside)
    if box.run_in:
        said = " ".join(f"{row.label} {row.words}" for row in box.rows)
        height += lines(said, points=points, wide=inside) * line + 1.1
    for row in () if box.run_in else box.rows:
        words = lines(row.words, points=points, wide=inside - label)
        named = lines(row.label, points=points, wide=label or inside)
        height += (words + named if stacked else max(words, named)) * line + 1.1
    height += lines(box.missing, points=points, wide=inside) * line
    height += lines(box.source.longest if box.source else "", points=small, wide=inside) * small * LEADING * _MM
    return height + 3.2


def disagreement_height(about: Disagreement, *, points: float, wide: float) -> float:
    """Millimetres of documents side by side, their heading above and whom to ask below; CPR is set larger."""
    line = points * LEADING * _MM
    column = (wide - 8) / max(len(about.sides), 1) - 3
    large = points * (LARGER if about.concerns_cpr else 1)

    def side(one: Side) -> float:
        small = (one.name, f"{one.force} {one.source.longest if one.source else ''}")
        told = sum(lines(words, points=points, wide=column) for words in small) * line
        return told + lines(one.says, points=large, wide=column) * large * LEADING * _MM

    whom = f"Ambit does not choose. {about.whom_to_ask}"
    below = lines(whom, points=points, wide=wide - 8) * line
    return max(map(side, about.sides), default=0) + below + 1.3 * line + 9


def medicines_height(medicines: Sequence[Medicine], *, line: float, points: float, inside: float) -> float:
    """Millimetres of the table of medicines: the name takes half of the width, what it is for a third."""
    if not medicines:
        return 0.0
    height = line + 0.7
    for medicine in medicines:
        named = lines(medicine.name, points=points, wide=inside * 0.5 - 1)
        meant = lines(medicine.what_for, points=points, wide=inside * 0.32 - 1)
        left = lines(f"{medicine.left} {medicine.expires}", points=points, wide=inside * 0.18)
        height += max(named, meant, left, 1) * line + 0.85
    return height


def cpr_height(cpr: Cpr, *, points: float, wide: float) -> float:
    """Millimetres of the CPR block, whose own words are set more than twice as large."""
    line = points * LEADING * _MM
    large = points * 2.3
    source = f"{cpr.source.longest if cpr.source else ''} Review by 30 September 2026. {cpr.paper}"
    body = (f"{cpr.reason} {cpr.told}", "About CPR only.", source, cpr.reported)
    height = lines(cpr.words, points=large, wide=wide - 9) * large * 1.15 * _MM
    return height + (1 + sum(lines(words, points=points, wide=wide - 9) for words in body)) * line + 12


def numbers_height(numbers: Sequence[Number], *, points: float, wide: float) -> float:
    line = points * LEADING * _MM
    held = sum(lines(f"{n.holds} {n.hours}", points=points, wide=wide - 6) for n in numbers)
    named = sum(lines(n.name, points=points, wide=wide - 6) for n in numbers)
    return (held + named) * line + len(numbers) * (points * 1.7 * LEADING * _MM + 2) + line + 8


def rows_of_chips(who: Banner, *, points: float) -> int:
    """How many rows the chips under the banner take; one that is longer than the paper is wide wraps."""
    rows, used = 0, CHIPS_WIDE
    for chip in who.chips:
        wide = text_width(f"{chip.label or chip.kind} {chip.words}", points=points) + 7
        if used + wide > CHIPS_WIDE:
            rows, used = rows + 1, 0.0
        while wide > CHIPS_WIDE:
            rows, wide = rows + 1, wide - CHIPS_WIDE
        used += wide
    return rows


def top_height(who: Banner, *, points: float) -> float:
    """Millimetres of the banner with its chips and the warning of a similar name."""
    line = points * LEADING * _MM
    name = f"{who.family_name.upper()}, {who.given_names} ({who.title})"
    top = lines(name, points=points * 1.7, wide=96) * line * 1.7
    top += lines(who.preferred_name or who.died_words, points=points, wide=80) * line
    top += (
        lines(f"Somebody nearby has a similar name. {who.similar}", points=points, wide=178) * line + 7
        if who.similar
        else 0
    )
    return top + rows_of_chips(who, points=points) * (line + 2.4) + 6


def first_height(now: Now, *, points: float, shown: int) -> float:
    """Millimetres of CPR and what disagrees: the first `shown` in columns, the others in a sentence each."""
    rest = now.disagreements[shown:]
    height = sum(disagreement_height(one, points=points, wide=MAIN_WIDE) for one in now.disagreements[:shown])
    line = points * LEADING * _MM
    height += sum(lines(one.in_short, points=points, wide=MAIN_WIDE - 8) * line + 1 for one in rest)
    height += 7 if rest else 0
    if any(one.concerns_cpr for one in now.disagreements):
        return height
    return height + cpr_height(now.cpr, points=points, wide=MAIN_WIDE)


def check_height(foot: str, *, points: float) -> float:
    """Millimetres of the QR code, 28, and of what stands beside it."""
    return 28 + lines(foot, points=points, wide=SIDE_WIDE - 6) * points * LEADING * _MM + 5


@dataclass(frozen=True, slots=True)
class Fitted:
    """The side of paper as it is set: one type size, and the boxes of both columns as far as they had to be cut."""

    points: float
    main: tuple[Box, ...]
    side: tuple[Box, ...]
    disagreements: tuple[Disagreement, ...] = ()
    also: tuple[str, ...] = ()


def fit(now: Now, *, foot: str) -> Fitted:
    """The roomiest setting that holds everything, each column cut no more than it needs; `foot` stands beside the QR code.

    No disagreement is ever left out: where there is no room for all in columns, the last become a sentence each. Papers
    share most of how they set a page, so each part is measured once in each way; nothing is kept longer than that.
    """

    @cache
    def top(points: float) -> float:
        return top_height(now.banner, points=points)

    @cache
    def first(points: float, shown: int) -> float:
        return first_height(now, points=points, shown=shown)

    @cache
    def ring_and_check(points: float) -> float:
        return numbers_height(now.numbers, points=points, wide=SIDE_WIDE) + check_height(foot, points=points)

    def boxes(several: Sequence[Box], paper: Paper, *, wide: float, stacked: bool) -> float:
        height = 0.0
        for box in several:
            key = (box.key, paper.sets(box))
            if key not in measured:
                measured[key] = box_height(shortened(box, paper), points=paper.points, wide=wide, stacked=stacked)
            height += measured[key]
        return height

    def main_fits(paper: Paper) -> bool:
        height = top(paper.points) + first(paper.points, shown)
        return height + boxes(now.main, paper, wide=MAIN_WIDE, stacked=False) <= TALL

    def side_fits(paper: Paper) -> bool:
        height = top(paper.points) + ring_and_check(paper.points)
        return height + boxes(now.side, paper, wide=SIDE_WIDE, stacked=True) <= TALL

    measured: dict[tuple[str, tuple[float, int, int]], float] = {}
    for shown in range(len(now.disagreements), -1, -1):
        main = next(filter(main_fits, PAPERS), None)
        if main or shown <= 1:
            break
    side = next(filter(side_fits, PAPERS), PAPERS[-1])
    return fitted(now, main or PAPERS[-1], side, shown=shown)


def fitted(now: Now, main: Paper, side: Paper, *, shown: int = 1) -> Fitted:
    """The page with its columns set as these papers say, in the smaller of their two sizes; `shown` disagreements in columns."""
    return Fitted(
        points=min(main.points, side.points),
        main=tuple(shortened(box, main) for box in now.main),
        side=tuple(shortened(box, side) for box in now.side),
        disagreements=now.disagreements[:shown],
        also=tuple(one.in_short for one in now.disagreements[shown:]),
    )
