"""How the urgent page is set on one side of A4: measured before it is set, and what gives way first. Plain Python, no clock."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache

from ambit.design.rules import Banner
from ambit.urgent.rules import Box, Cpr, Disagreement, Medicine, Now, Number, Row, Side


@dataclass(frozen=True, slots=True)
class Paper:
    """How the one side is set: its type size in points, how much is kept of what may be shortened, and what is left out."""

    points: float
    cut: tuple[str, ...] = ()
    letters: int = 0
    rows: int = 99
    leave: tuple[str, ...] = ()

    def sets(self, box: "Box") -> tuple[float, int, int]:
        """How it sets one box: papers that are alike in this are alike for the box."""
        return (self.points, self.letters, self.rows) if box.key in self.cut else (self.points, 0, 0)


MORE = "more on the live record"
# what gives way, the least first; CPR, disagreement, allergy, authority, medicines and numbers to ring are in no step
# (design: print rules). Boxes go before words do: half a sentence about what to do helps nobody
LEAST = ("also", "what_matters", "emergency")
BACKGROUND = ("illness", "getting_in", "place_of_care", "devices")
TO_DO = ("if_this_happens", "treatment_limits")
NO_ROOM = (*LEAST, "illness")  # that somebody is thought to be dying is a box of its own, and stays
SHORTENED = (*LEAST, *BACKGROUND, *TO_DO, "need_to_know")
# the note of the day is cut last, and keeps so many times the letters of the others
KEEPS_MORE = {"need_to_know": 4}
# these may stand in the wide column where the narrow one is full, the first of them first
MAY_MOVE = ("devices", "illness", "getting_in")
SMALLEST_POINTS = 7.4
# millimetres inside an A4 side with margins of 8 mm, and the two columns on it
TALL, MAIN_WIDE, SIDE_WIDE, CHIPS_WIDE = 281.0, 126.0, 64.0, 192.0
PAPERS = (
    Paper(9.4),
    Paper(8.8),
    Paper(8.4),
    Paper(8.4, leave=("also",)),
    Paper(7.9, leave=("also",)),
    Paper(7.9, ("what_matters", "emergency"), 120, 3, ("also",)),
    *(Paper(points, ("emergency",), 120, 3, LEAST[:2]) for points in (7.9, SMALLEST_POINTS)),
    Paper(SMALLEST_POINTS, leave=LEAST),
    Paper(SMALLEST_POINTS, BACKGROUND, 120, 6, LEAST),
    *(Paper(SMALLEST_POINTS, BACKGROUND, letters, rows, NO_ROOM) for letters, rows in ((120, 6), (60, 3))),
    *(Paper(SMALLEST_POINTS, (*BACKGROUND, *TO_DO), letters, rows, NO_ROOM) for letters, rows in ((90, 6), (60, 4))),
    *(Paper(SMALLEST_POINTS, SHORTENED, letters, rows, NO_ROOM) for letters, rows in ((60, 4), (40, 2), (24, 1))),
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
BOLD, PLAIN = 1.07, 1.02  # how much wider than those widths words are taken to be
LEADING = 1.25  # height of a line in type sizes
LARGER = 1.4  # CPR words of documents that disagree


def text_width(words: str, *, points: float) -> float:
    """Millimetres of the words on one line, measured as bold, which is wider."""
    return _units(words) * points * _MM / 1000 * BOLD


@lru_cache(maxsize=8192)
def _units(words: str) -> int:
    """Width in thousandths of the type size; kept by the word, because every size of type is tried with the same words."""
    return sum(_WIDTHS.get(letter, 556) for letter in words)


def lines(words: str, *, points: float, wide: float, bold: bool = True) -> int:
    """How many lines the words take in a column `wide` millimetres, wrapped between words."""
    room = int(wide * 1000 / (points * _MM * (BOLD if bold else PLAIN)))
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
    letters = paper.letters * KEEPS_MORE.get(box.key, 1)
    rows = tuple(replace(row, words=cut_words(row.words, letters)) for row in box.rows[:shown])
    if len(box.rows) > shown:
        rows += (Row(label="", words=f"{len(box.rows) - shown} {MORE}"),)
    return replace(box, rows=rows)


def box_height(box: Box, *, points: float, wide: float, today: date, stacked: bool = False) -> float:
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
        mostly_bold = sum(len(row.label) for row in box.rows) > len(said) / 2
        height += lines(said, points=points, wide=inside, bold=mostly_bold) * line + 1.1
    for row in () if box.run_in else box.rows:
        # beside its words, an answer has a mark and a word of its own
        said = f"MM Disagreement. {row.words}" if row.answer else row.words
        words = lines(said, points=points, wide=inside - label, bold=False)
        named = lines(row.label, points=points, wide=label or inside)
        height += (words + named if stacked else max(words, named)) * line + 1.1
    height += lines(box.missing, points=points, wide=inside) * line
    source = box.source.printed(today) if box.source else ""
    return height + lines(source, points=small, wide=inside, bold=False) * small * LEADING * _MM + 2.8


def disagreement_height(about: Disagreement, *, points: float, wide: float, today: date) -> float:
    """Millimetres of documents side by side, their heading above and whom to ask below; CPR is set larger."""
    line = points * LEADING * _MM
    column = (wide - 8) / max(len(about.sides), 1) - 3
    large = points * (LARGER if about.concerns_cpr else 1)

    def side(one: Side) -> float:
        detail = f"{one.source.printed(today) if one.source else ''} {one.force}"
        told = lines(one.name, points=points, wide=column) + lines(detail, points=points, wide=column, bold=False)
        return told * line + lines(one.says, points=large, wide=column) * large * LEADING * _MM

    whom = f"Ambit does not choose. {about.whom_to_ask}"
    below = lines(whom, points=points, wide=wide - 8, bold=False) * line
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


def cpr_height(cpr: Cpr, *, points: float, wide: float, today: date) -> float:
    """Millimetres of the CPR block, whose own words are set more than twice as large."""
    line = points * LEADING * _MM
    large = points * 2.3
    source = f"{cpr.source.printed(today) if cpr.source else ''} Review by 30 September 2026. {cpr.paper}"
    body = (f"{cpr.reason} {cpr.told}", "About CPR only.", source, cpr.reported)
    height = lines(cpr.words, points=large, wide=wide - 9) * large * 1.15 * _MM
    return height + (1 + sum(lines(words, points=points, wide=wide - 9, bold=False) for words in body)) * line + 12


def numbers_height(numbers: Sequence[Number], *, points: float, wide: float, instead: str = "") -> float:
    """Millimetres of whom to ring; `instead` is what is said where nobody may be named."""
    line, inside = points * LEADING * _MM, wide - 6
    height = line * 1.06 + 6.8
    for one in numbers:
        said = lines(one.name, points=points, wide=inside)
        said += lines(f"{one.holds} {one.hours}", points=points, wide=inside, bold=False)
        height += said * line + 1.6 * line + 1.5
    if not numbers:
        told = lines(instead or "Nobody is recorded to ring.", points=points, wide=inside)
        told += lines("In danger of life ring 999; for advice ring 111.", points=points, wide=inside)
        height += told * line + 1.5
    return height


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
    named = lines(name, points=points * 1.7, wide=94) * line * 1.7
    named += lines(who.preferred_name or who.died_words, points=points, wide=80) * line
    facts = f"{who.born_words or '30 September 1946'} ({who.age}) {who.sex} {who.number or who.no_number_reason}"
    wrap = 2 if text_width(facts, points=points * 1.2) > 84 else 1
    top = max(named, (1 + 1.2 * wrap) * line)
    top += (
        lines(f"Somebody nearby has a similar name. {who.similar}", points=points, wide=178) * line + 7
        if who.similar
        else 0
    )
    return top + rows_of_chips(who, points=points) * (line + 1.6) + 6


def first_height(now: Now, *, points: float, shown: int) -> float:
    """Millimetres of CPR and what disagrees: the first `shown` in columns, the others in a sentence each."""
    rest, today = now.disagreements[shown:], now.opened_at.date()
    height = sum(
        disagreement_height(one, points=points, wide=MAIN_WIDE, today=today) for one in now.disagreements[:shown]
    )
    line = points * LEADING * _MM
    height += sum(lines(one.in_short, points=points, wide=MAIN_WIDE - 8) * line + 1 for one in rest)
    height += 7 if rest else 0
    if any(one.concerns_cpr for one in now.disagreements):
        return height
    return height + cpr_height(now.cpr, points=points, wide=MAIN_WIDE, today=today)


def check_height(foot: str, *, points: float) -> float:
    """Millimetres of the QR code, 22, and of what stands beside it."""
    return 22 + lines(foot, points=points, wide=SIDE_WIDE - 6) * points * LEADING * _MM + 4.5


type _Layout = tuple[tuple[Box, ...], tuple[Box, ...]]  # the boxes of the wide and of the narrow column


@dataclass(frozen=True, slots=True)
class Fitted:
    """The side of paper as it is set: one type size, and the boxes of both columns as far as they had to be cut."""

    points: float
    main: tuple[Box, ...]
    side: tuple[Box, ...]
    disagreements: tuple[Disagreement, ...] = ()
    also: tuple[str, ...] = ()
    left_out: str = ""


def fit(now: Now, *, foot: str) -> Fitted:
    """The roomiest setting that holds everything, each column cut no more than it needs; `foot` stands beside the QR code.

    No disagreement is ever left out: where there is no room for all in columns, the last become a sentence each. Some boxes
    of a full narrow column move to the wide one. Papers share most of how they set a page, so each part is measured once
    in each way; nothing is kept longer than that.
    """

    @cache
    def top(points: float) -> float:
        return top_height(now.banner, points=points)

    @cache
    def first(points: float, shown: int) -> float:
        return first_height(now, points=points, shown=shown)

    @cache
    def ring_and_check(points: float, beside: str) -> float:
        ring = numbers_height(now.numbers, points=points, wide=SIDE_WIDE, instead=now.nobody_to_ring)
        return ring + check_height(beside, points=points)

    def boxes(several: Sequence[Box], paper: Paper, *, wide: float, stacked: bool) -> float:
        height = 0.0
        for box in several:
            if box.key in paper.leave:
                continue
            key = (box.key, stacked, paper.sets(box))
            if key not in measured:
                measured[key] = box_height(
                    shortened(box, paper), points=paper.points, wide=wide, today=now.opened_at.date(), stacked=stacked
                )
            height += measured[key]
        return height

    def settings(layout: _Layout, shown: int) -> tuple[int, int]:
        """The first paper that holds each column; one past the last where none does."""
        main, side = layout

        def main_fits(paper: Paper) -> bool:
            height = top(paper.points) + first(paper.points, shown)
            return height + boxes(main, paper, wide=MAIN_WIDE, stacked=False) <= TALL

        def side_fits(paper: Paper) -> bool:
            beside = f"{foot} {left_out((*main, *side), paper)}"
            height = top(paper.points) + ring_and_check(paper.points, beside)
            return height + boxes(side, paper, wide=SIDE_WIDE, stacked=True) <= TALL

        return _first_that(main_fits), _first_that(side_fits)

    measured: dict[tuple[str, bool, tuple[float, int, int]], float] = {}
    for shown in range(len(now.disagreements), -1, -1):
        tried: dict[tuple[int, int], _Layout] = {}
        for one in _layouts(now):
            found = settings(one, shown)
            tried.setdefault(found, one)
            if max(found) < _WHOLE:
                break
        (main, side), layout = min(tried.items(), key=lambda made: (max(made[0]), sum(made[0])))
        if max(main, side) < len(PAPERS) or shown <= 1:
            break
    last = len(PAPERS) - 1
    return fitted(now, PAPERS[min(main, last)], PAPERS[min(side, last)], shown=shown, layout=layout)


# so many of the first papers leave nothing out
_WHOLE = sum(not paper.cut and not paper.leave for paper in PAPERS)


def _first_that(holds: Callable[[Paper], bool]) -> int:
    return next((place for place, paper in enumerate(PAPERS) if holds(paper)), len(PAPERS))


def _layouts(now: Now) -> Iterator[_Layout]:
    """The boxes of both columns: as they stand, then with more and more of the narrow one's in the wide one, after what is to be done."""
    yield now.main, now.side
    moved: tuple[Box, ...] = ()
    for name in MAY_MOVE:
        if one := next((box for box in now.side if box.key == name), None):
            moved += (one,)
            after = sum(box.key not in (*LEAST, *BACKGROUND) for box in now.main)
            yield (
                (*now.main[:after], *moved, *now.main[after:]),
                tuple(box for box in now.side if box not in moved),
            )


def left_out(boxes: Sequence[Box], *papers: Paper) -> str:
    """A sentence that names what these papers have no room for."""
    leave = {key for paper in papers for key in paper.leave}
    names = [box.heading for box in boxes if box.key in leave and box.key != "also"]
    names += ["other parts of the plan" for box in boxes if box.key == "also" and "also" in leave]
    return f"{', '.join(names)}: {MORE}." if names else ""


def fitted(
    now: Now,
    main: Paper,
    side: Paper,
    *,
    shown: int = 1,
    layout: _Layout | None = None,
) -> Fitted:
    """The page with its columns set as these papers say, in the smaller of their two sizes; `shown` disagreements in columns."""
    wide, narrow = layout or (now.main, now.side)
    return Fitted(
        points=min(main.points, side.points),
        main=tuple(shortened(box, main) for box in wide if box.key not in main.leave),
        side=tuple(shortened(box, side) for box in narrow if box.key not in side.leave),
        disagreements=now.disagreements[:shown],
        also=tuple(one.in_short for one in now.disagreements[shown:]),
        left_out=left_out([*wide, *narrow], main, side),
    )
