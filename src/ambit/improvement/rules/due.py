"""When something is due, as people write it: a day, a month, a quarter, a season, a financial year, or words that name no day.

The words are always kept as they were written. Beside them stand the first and the last day that they can mean, for sorting and for saying
that something is overdue; words that name no day have neither, and nothing is guessed. A financial year runs from April to March.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ambit.measures.rules.periods import Month

MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_SEASONS: Final = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 14)}
_NUMBERS: Final = {"one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "nine": 9, "twelve": 12}


@dataclass(frozen=True, slots=True)
class Due:
    """Words about when, with the first and last day they can mean; both None when they name none."""

    words: str
    earliest: date | None = None
    latest: date | None = None


def read_due(words: str, *, on: date) -> Due:
    """The words with the days they mean, as somebody would read them who wrote them on the day `on`.

    “March” without a year is the next one to end; “Q3” is of the financial year, and “Q1 2027”, which could be either kind of
    quarter, spans both. What is not understood in full (“31 March, and ongoing”) names no day.
    """
    kept = " ".join(words.split())
    said = _plain(kept)
    for pattern, meaning in _READERS:
        if found := pattern.fullmatch(said):
            try:
                days = meaning(found, on)
            except (ValueError, OverflowError):  # the 31st of February, the year 0
                days = None
            return Due(kept, *days) if days else Due(kept)
    return Due(kept)


def is_overdue(latest: date | None, *, on: date) -> bool:
    """Past the last day that the words can mean. Words without a day are never overdue; they are shown as having none."""
    return latest is not None and latest < on


def as_words(day: date) -> str:
    """A day as people write it; for cells of a workbook that hold a date and no words."""
    return f"{day.day} {MONTHS[day.month - 1].title()} {day.year}"


Days = tuple[date, date]
_BEFORE_THE_TIME: Final = re.compile(
    r"^\s*((due|target|to be completed|completed?|delivered?)\b:?\s*)?"
    r"((by|before or on|no later than|in|during|on|for)\b\s+)?(the\s+)?"
)


def _plain(words: str) -> str:
    """Lower case, one kind of dash and apostrophe, without “by”, “due” and the like, ordinals and full stops."""
    said = words.lower().replace("’", "'")
    said = re.sub(r"[‐-―−]", "-", said)
    said = re.sub(r"\s*-\s*", "-", said)
    said = re.sub(r"\b(mon|tues?|wednes|thurs?|fri|satur|sun)(day)?,?\s+(?=\d)", "", said)
    said = _BEFORE_THE_TIME.sub("", said)
    said = re.sub(r"(\d)(st|nd|rd|th)\b", r"\1", said)
    return re.sub(r"\s+", " ", said.replace(",", " ").strip(" .")).replace(" of ", " ")


def _year(words: str) -> int:
    """A year in two or four figures."""
    return int(words) if len(words) == 4 else 2000 + int(words)


def _month(words: str) -> int:
    return next(number for number, name in enumerate(MONTHS, 1) if name.startswith(words[:3]))


def _span(first: Month, last: Month) -> Days:
    return first.first, last.last


def _next(month: int, on: date) -> Month:
    """The next month of this name to end: this one still counts."""
    found = Month(on.year, month)
    return found if found.last >= on else found.after(12)


def _of(found: re.Match[str], on: date, name: str = "month", year: str = "year") -> Month:
    month = _month(found[name])
    return Month(_year(found[year]), month) if found[year] else _next(month, on)


def _numbered_day(found: re.Match[str], on: date) -> Days:
    day = date(_year(found["year"]), int(found["month"]), int(found["day"]))
    return day, day


def _named_day(found: re.Match[str], on: date) -> Days:
    if found["year"]:
        day = date(_year(found["year"]), _month(found["month"]), int(found["day"]))
    else:
        day = date(on.year, _month(found["month"]), int(found["day"]))
        if day < on:
            day = day.replace(year=on.year + 1)
    return day, day


def _whole_month(found: re.Match[str], on: date) -> Days:
    one = _of(found, on)
    return _span(one, one)


def _numbered_month(found: re.Match[str], on: date) -> Days:
    one = Month(_year(found["year"]), int(found["month"]))
    return _span(one, one)


def _part_of_month(found: re.Match[str], on: date) -> Days:
    one = _of(found, on)
    if found["part"] in ("end", "the end", "late"):
        first = one.last if "end" in found["part"] else one.first + timedelta(days=20)
        return first, one.last
    if found["part"] in ("mid", "middle", "the middle"):
        return one.first + timedelta(days=10), one.first + timedelta(days=19)
    return one.first, one.first + timedelta(days=9)


def _before_month(found: re.Match[str], on: date) -> Days:
    last = _of(found, on).after(-1).last
    return min(on, last), last


def _months(found: re.Match[str], on: date) -> Days:
    last = _of(found, on, "last")
    first = Month(_year(found["first_year"]) if found["first_year"] else last.year, _month(found["month"]))
    if first > last:
        first = first.after(-12)
    return _span(first, last)


def _financial_year(start: int) -> Days:
    return _span(Month(start, 4), Month(start + 1, 3))


def _is_next(first: int, second: str) -> bool:
    """Whether two years written side by side follow each other, as 2024/25 does."""
    return (first + 1) % 100 == int(second[-2:])


def _year_pair(found: re.Match[str], on: date) -> Days | None:
    first = _year(found["first"])
    return _financial_year(first) if _is_next(first, found["second"]) else None


def _end_of_year_pair(found: re.Match[str], on: date) -> Days | None:
    days = _year_pair(found, on)
    return (days[1], days[1]) if days else None


def _one_financial_year(found: re.Match[str], on: date) -> Days:
    """“FY 2026” alone may be the year that begins or the one that ends in 2026."""
    year = _year(found["year"])
    return _span(Month(year - 1, 4), Month(year + 1, 3))


def _quarter(number: int, start: int) -> Days:
    first = Month(start, 1 + 3 * number)
    return _span(first if number < 4 else Month(start + 1, 1), first.after(2) if number < 4 else Month(start + 1, 3))


def _quarter_of_pair(found: re.Match[str], on: date) -> Days | None:
    first = _year(found["first"])
    return _quarter(int(found["quarter"]), first) if _is_next(first, found["second"]) else None


def _quarter_of_year(found: re.Match[str], on: date) -> Days:
    """A quarter with one year: of the calendar, or of the financial year that begins then; the days span both."""
    year, number = _year(found["year"]), int(found["quarter"])
    calendar = Month(year, 3 * number - 2)
    return calendar.first, _quarter(number, year)[1]


def _next_quarter(found: re.Match[str], on: date) -> Days:
    start = on.year if on.month >= 4 else on.year - 1
    days = _quarter(int(found["quarter"]), start)
    return days if days[1] >= on else _quarter(int(found["quarter"]), start + 1)


def _whole_year(found: re.Match[str], on: date) -> Days:
    year = int(found["year"])
    return date(year, 12, 31) if found["end"] else date(year, 1, 1), date(year, 12, 31)


def _season(found: re.Match[str], on: date) -> Days | None:
    first, last = _SEASONS[found["season"]]
    if found["second"] and not (found["season"] == "winter" and _is_next(_year(found["year"]), found["second"])):
        return None
    year = _year(found["year"]) if found["year"] else on.year
    days = _span(Month(year, first), Month(year, 1).after(last - 1))
    if not found["year"] and days[1] < on:
        days = _span(Month(year + 1, first), Month(year + 1, 1).after(last - 1))
    return days


def _within(found: re.Match[str], on: date) -> Days:
    number = _NUMBERS.get(found["number"]) or int(found["number"])
    if found["unit"].startswith("week"):
        return on, on + timedelta(weeks=number)
    if found["unit"].startswith("day"):
        return on, on + timedelta(days=number)
    later = Month.of(on).after(number * (12 if found["unit"].startswith("year") else 1))
    return on, date(later.year, later.month, min(on.day, later.last.day))


def _christmas(found: re.Match[str], on: date) -> Days:
    day = date(_year(found["year"]) if found["year"] else on.year, 12, 25)
    return day, day if day >= on or found["year"] else day.replace(year=on.year + 1)


def _readers() -> Iterator[tuple[re.Pattern[str], Callable[[re.Match[str], date], Days | None]]]:
    """What is understood, each as a whole; the first that fits is used."""
    short = "|".join(sorted({form for name in MONTHS for form in (name, name[:3], name[:4])}, key=len, reverse=True))
    month, last = rf"(?P<month>{short})", rf"(?P<last>{short})"
    year, maybe_year = r"(?P<year>\d{4}|\d{2})", r"(?:[ \-/']+(?P<year>\d{4}|\d{2}))?"
    pair = r"(?P<first>\d{4}|\d{2}) ?[/\-] ?(?P<second>\d{4}|\d{2})"
    quarter = r"(?:q|quarter |qtr )(?P<quarter>[1-4])"
    financial = r"(?:fy|f/y|financial year)"
    number = rf"(?P<number>\d{{1,3}}|{'|'.join(_NUMBERS)})"
    told: tuple[tuple[str, Callable[[re.Match[str], date], Days | None]], ...] = (
        (r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?: 00:00(?::00)?)?", _numbered_day),
        (rf"(?P<day>\d{{1,2}})[/.\-](?P<month>\d{{1,2}})[/.\-]{year}", _numbered_day),
        (rf"(?P<day>\d{{1,2}})[ \-]{month}{maybe_year}", _named_day),
        (rf"{month} (?P<day>\d{{1,2}}) (?P<year>\d{{4}})", _named_day),
        (rf"{month}{maybe_year}", _whole_month),
        (r"(?P<month>0?[1-9]|1[0-2])/(?P<year>\d{4})", _numbered_month),
        (rf"(?P<part>the end|end|the middle|middle|mid|early|beginning|start|late)[ \-]{month}{maybe_year}", _part_of_month),
        (rf"(?:before|prior to) (?:the start )?{month}{maybe_year}", _before_month),
        (rf"(?:between )?{month}(?: (?P<first_year>\d{{4}}))?(?:-| to | and ){last}{maybe_year}", _months),
        (rf"(?:the )?end (?:{financial}|the {financial}) ?{pair}", _end_of_year_pair),
        (rf"{financial} ?{pair}(?: {financial})?", _year_pair),
        (rf"{pair}(?: {financial})?", _year_pair),
        (rf"{financial} ?{year}", _one_financial_year),
        (rf"(?:end )?{quarter}[ \-]*(?:{financial})? ?{pair}", _quarter_of_pair),
        (rf"{pair} {quarter}", _quarter_of_pair),
        (rf"(?:end )?{quarter}[ \-]+{year}", _quarter_of_year),
        (rf"(?P<year>\d{{4}}) {quarter}", _quarter_of_year),
        (rf"(?:end )?{quarter}", _next_quarter),
        (r"(?P<end>the end |end |late )?(?P<year>20\d{2})", _whole_year),
        (rf"(?P<season>{'|'.join(_SEASONS)})(?: (?P<year>\d{{4}})(?:[/\-](?P<second>\d{{2,4}}))?)?", _season),
        (rf"(?:within|next|the next) {number} (?P<unit>days?|weeks?|months?|years?)", _within),
        (rf"{number} (?P<unit>days?|weeks?|months?|years?)(?: time)?", _within),
        (rf"christmas{maybe_year}", _christmas),
    )  # fmt: skip
    for pattern, meaning in told:
        yield re.compile(pattern), meaning


_READERS: Final = tuple(_readers())
