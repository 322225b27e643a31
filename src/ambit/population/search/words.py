"""A criterion as a sentence a clinician can check."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from ambit.population.rules import MILLIONTHS
from ambit.population.search.criteria import (
    After,
    Age,
    All,
    Any,
    AtLeast,
    Change,
    Codes,
    Criterion,
    EncounterKind,
    Encounters,
    FoundBy,
    Increase,
    Latest,
    Medicines,
    Not,
    NotInRecords,
    Points,
    Recorded,
    Ref,
    Twice,
    Window,
)


def amount(millionths: int) -> str:
    return plain(Decimal(millionths) / MILLIONTHS)


def day_in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def plain(number: Decimal) -> str:
    """A number without exponent or needless noughts."""
    return f"{number.normalize():f}"


def codes_in_words(codes: Codes, titles: Mapping[str, str]) -> str:
    told = or_([titles.get(name, name) for name in codes.lists])
    return told if codes.polarity in ("has", "any") else f"{told} ({codes.polarity})"


def in_words(criterion: Criterion, *, lists: Mapping[str, str], says: Mapping[str, str], on: date | None = None) -> str:
    """`lists` gives each code list's title and `says` each named criterion's words."""

    def named(codes: Codes) -> str:
        return codes_in_words(codes, lists)

    def inner(part: Criterion) -> str:
        return in_words(part, lists=lists, says=says, on=on)

    if isinstance(criterion, Age):
        limits = [f"{criterion.at_least} or over"] if criterion.at_least else []
        limits += [f"under {criterion.below}"] if criterion.below is not None else []
        return "aged " + " and ".join(limits)
    if isinstance(criterion, Recorded):
        of = {"records": "times", "days": "different days", "lists": "different kinds"}[criterion.of]
        often = (
            f" on at least {criterion.at_least} {of}"
            if criterion.of == "days"
            else f" at least {criterion.at_least} {of}"
        )
        often = often if criterion.at_least > 1 else ""
        ended = " and not ended" if criterion.ended == "excluded" else ""
        return f"{named(criterion.codes)} recorded{often}{ended} {criterion.within.in_words(on)}"
    if isinstance(criterion, Latest):
        compare = {"below": "below", "at_most": "at most", "at_least": "at least", "above": "above"}[criterion.compare]
        return (
            f"latest {named(criterion.codes)} {compare} {amount(criterion.value)} {criterion.unit} "
            f"({criterion.ties} of that day) {criterion.within.in_words(on)}"
        )
    if isinstance(criterion, Change):
        by = (
            f"{plain(Decimal(criterion.by) / 100)}%"
            if criterion.percent
            else f"{amount(criterion.by)} {criterion.unit}"
        )
        best = "highest" if criterion.direction == "fall" else "lowest"
        return (
            f"{named(criterion.codes)}: a {criterion.direction} of {f'more than {by}' if criterion.more else f'{by} or more'} from the {best} value "
            f"{before_latest(criterion.within) if criterion.from_latest else criterion.within.in_words(on)} "
            f"to the latest {criterion.latest_within.in_words(on)}"
        )
    if isinstance(criterion, Increase):
        return f"at least {criterion.at_least} more of {named(criterion.codes)} recorded than {criterion.then.in_words(on)}"
    if isinstance(criterion, FoundBy):
        return f"found by {criterion.title} ({or_(list(criterion.tiers))})"
    if isinstance(criterion, After):
        since = f", on or after {day_in_words(criterion.not_before)}" if criterion.not_before else ""
        return (
            f"{named(criterion.codes)} recorded later than any {named(criterion.than)} "
            f"{criterion.within.in_words(on)}{since}"
        )
    if isinstance(criterion, Twice):
        return (
            f"{named(criterion.codes)} {criterion.compare.replace('_', ' ')} {amount(criterion.value)} {criterion.unit} on "
            f"two days at least {criterion.apart} days apart {criterion.within.in_words(on)}"
        )
    if isinstance(criterion, Points):
        least = plain(Decimal(criterion.at_least) / 1000)
        return f"{'more than ' if criterion.more else ''}{least}{'' if criterion.more else ' or more'} points of {named(criterion.codes)} {criterion.within.in_words(on)}"
    if isinstance(criterion, NotInRecords):
        return f"not in records: {criterion.why}"
    if isinstance(criterion, Medicines):
        return f"at least {criterion.at_least} different medicines {criterion.within.in_words(on)}"
    if isinstance(criterion, Encounters):
        of = "days with" if criterion.of == "days" else ""
        possibly = (
            f" (perhaps also {or_([kind_in_words(k) for k in criterion.possibly])})" if criterion.possibly else ""
        )
        return (
            f"at least {criterion.at_least} {of} {or_([kind_in_words(k) for k in criterion.counted])}{possibly} "
            f"{criterion.within.in_words(on)}"
        ).replace("  ", " ")
    if isinstance(criterion, Not):
        return f"not ({inner(criterion.criterion)})"
    if isinstance(criterion, All):
        return " and ".join(f"({inner(part)})" for part in criterion.criteria)
    if isinstance(criterion, Any):
        return " or ".join(f"({inner(part)})" for part in criterion.criteria)
    if isinstance(criterion, AtLeast):
        if all(weight == 1 for _, weight in criterion.weighted):
            return f"at least {criterion.k} of: " + "; ".join(inner(part) for part, _ in criterion.weighted)
        return f"{criterion.k} or more points: " + "; ".join(f"{w} for {inner(part)}" for part, w in criterion.weighted)
    if isinstance(criterion, Ref):
        return says.get(criterion.id, criterion.id)
    raise TypeError(criterion)


def before_latest(window: Window) -> str:
    return "ever before it" if window.unit == "ever" else f"in the {window.length} {window.unit} before it"


CLASSES = {
    "EMER": "emergency attendance",
    "IMP": "hospital stay",
    "ACUTE": "acute hospital stay",
    "NONAC": "non-acute hospital stay",
    "AMB": "outpatient or surgery contact",
    "OBSENC": "observation stay",
    "SS": "short stay",
    "HH": "contact at home",
    "VR": "contact by phone or video",
}


def kind_in_words(kind: EncounterKind) -> str:
    told = or_([CLASSES.get(one, one) for one in kind.classes])
    if not kind.methods:
        return told
    return f"{told} ({'not said how' if kind.methods == ('unknown',) else or_(list(kind.methods))})"


def or_(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]
