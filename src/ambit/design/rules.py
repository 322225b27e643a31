"""From a value to what is shown: symbol, word and colour come from one function per scale, never from a template.

Colours are names of style classes (`a-mark--red`); their values stand in `static/design/ambit.css`. Every pair passes
WCAG AA, and every value has a word and a symbol as well, because colour is never the only carrier.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType


def N_(words: str) -> str:
    """Mark words for translation where they are written; the template translates them when they are shown."""
    return words


@dataclass(frozen=True, slots=True)
class Mark:
    """One value as it is shown: `words` carry the meaning, `symbol` is second, `colour` third."""

    symbol: str
    words: str
    colour: str


@dataclass(frozen=True, slots=True)
class Fresh:
    """The age of a fact, and whether somebody should look at it again: `state` is plain, review_due or ask_again."""

    state: str
    days: int
    symbol: str = ""


class UnknownValue(LookupError):
    """A page was given a value that its scale does not have. Raised, so that it can never show as a blank."""


Scale = Mapping[str, Mark]


def _scale(**values: Mark) -> Scale:
    return MappingProxyType(values)


STAGES = _scale(
    days=Mark("", N_("Days"), "red"),
    weeks=Mark("", N_("Weeks"), "amber"),
    months=Mark("", N_("Months"), "green"),
    a_year_or_more=Mark("", N_("A year or more"), "blue"),
    not_staged=Mark("", N_("Not staged"), "hollow"),
)
GAPS = _scale(
    red=Mark("◆", N_("Red: no plan"), "red"),
    amber=Mark("▲", N_("Amber: plan"), "amber"),
    green=Mark("●", N_("Green: no gap"), "green"),
    unrated=Mark("–", N_("Unrated"), "grey"),
    unknown=Mark("?", N_("Unknown"), "white"),
)
DELIVERIES = _scale(
    complete=Mark("■", N_("Complete"), "blue"),
    on_track=Mark("●", N_("On track"), "green"),
    at_risk=Mark("▲", N_("At risk"), "amber"),
    off_track=Mark("◆", N_("Off track"), "red"),
    not_due=Mark("–", N_("Not due"), "grey"),
)
# the symbol of a level is drawn: a circle filled by as many quarters as the level
MATURITIES = (
    Mark("0", N_("Not started"), "red"),
    Mark("1", N_("Planned"), "orange"),
    Mark("2", N_("Partly in place"), "amber"),
    Mark("3", N_("In place"), "green"),
    Mark("4", N_("Embedded and improving"), "blue"),
)
LEGAL_FORCES = _scale(
    binding=Mark("", N_("Binding"), "filled"),
    authority=Mark("", N_("Authority if the person lacks capacity"), "filled"),
    recommendation=Mark("", N_("Recommendation"), "thin"),
    clinical_decision=Mark("", N_("Clinical decision"), "thin"),
    not_binding=Mark("", N_("Not binding"), "dashed"),
    not_known=Mark("", N_("Not known whether binding"), "dashed"),
    not_computed=Mark("", N_("Legal force not computed here"), "dashed"),
)
# what a section of the plan, or a row of a list, needs
STATUSES = _scale(
    complete=Mark("✓", N_("Complete"), "quiet"),
    ask_again=Mark("▲", N_("Ask again"), "amber"),
    ends_soon=Mark("▲", N_("Ends soon"), "amber"),
    disagrees=Mark("≠", N_("Disagrees"), "red"),
    not_asked=Mark("○", N_("Not asked"), "white"),
    kept_back=Mark("∅", N_("Kept back"), "white"),
    none=Mark("", N_("None"), "quiet"),
)
# why somebody needs something: the words are the caller's, the look is the kind's
DUES = _scale(
    harm=Mark("◆", "", "red"),
    disagreement=Mark("≠", "", "red"),
    today=Mark("▲", "", "amber"),
    later=Mark("", "", "quiet"),
)
# whether something may go ahead, in the caller's words
VERDICTS = _scale(
    yes=Mark("✓", "", "green"),
    caution=Mark("▲", "", "amber"),
    no=Mark("◆", "", "red"),
)
TREATMENT_ANSWERS = _scale(
    yes=Mark("✓", N_("Yes"), "green"),
    no=Mark("✕", N_("No"), "ink"),
    only_if=Mark("◐", N_("Only if"), "ink"),
    ask=Mark("○", N_("Ask"), "outline"),
    disagreement=Mark("≠", N_("Disagreement"), "red"),
    not_recorded=Mark("", N_("Not recorded"), "quiet"),
)
# five readings, four frames: the two that are no decision share the dashed one
CPR_READINGS = _scale(
    do_not_attempt=Mark("", N_("Do not attempt CPR"), "filled"),
    attempt=Mark("", N_("Attempt CPR"), "outlined"),
    modified=Mark("", N_("Modified CPR (child)"), "bar"),
    not_decided=Mark("", N_("CPR: talked about, not decided"), "dashed"),
    not_recorded=Mark("", N_("CPR: not recorded"), "dashed"),
)
# unknown is shown as loudly as known: four different sentences
MISSINGS = _scale(
    not_asked=Mark("", N_("Not asked"), "loud"),
    not_recorded=Mark("", N_("Not recorded"), "loud"),
    declined=Mark("", N_("Asked, declined"), "plain"),
    not_needed=Mark("", N_("Not needed yet"), "quiet"),
    not_loaded=Mark("", N_("Could not be loaded: do not read this as “none”"), "loud"),
)
# kind of alert: what its frame says
ALERTS = MappingProxyType({"harm": "red", "read": "brown", "information": "blue"})


def _from(scale: Scale, name: str, value: str) -> Mark:
    try:
        return scale[value]
    except KeyError:
        raise UnknownValue(f"“{value}” is not on the scale “{name}”: {', '.join(scale)}.") from None


def stage(value: str) -> Mark:
    """How long the clinician thinks the person has; a block and a word, never filled, so it is not read as a rating."""
    return _from(STAGES, "stage", value or "not_staged")


def gap(value: str) -> Mark:
    """RAG rating of a gap against a framework."""
    return _from(GAPS, "gap", value)


def delivery(value: str) -> Mark:
    """BRAG rating of an action or milestone."""
    return _from(DELIVERIES, "delivery", value)


def maturity(level: int) -> Mark:
    """Maturity in five steps, 0 to 4."""
    if not 0 <= level < len(MATURITIES):
        raise UnknownValue(f"Maturity goes from 0 to 4; this is {level}.")
    return MATURITIES[level]


def legal_force(value: str) -> Mark:
    """What a document weighs in law: filled binds, a thin edge advises, a dashed edge does not bind."""
    return _from(LEGAL_FORCES, "legal force", value)


def status(value: str) -> Mark:
    """What a section of the plan needs."""
    return _from(STATUSES, "status", value)


def due(kind: str, words: str) -> Mark:
    """Why somebody is on a list today, in the list's own words."""
    look = _from(DUES, "due", kind)
    return Mark(look.symbol, words, look.colour)


def verdict(value: str, words: str) -> Mark:
    """Whether something may go ahead, in the page's own words."""
    look = _from(VERDICTS, "verdict", value)
    return Mark(look.symbol, words, look.colour)


def treatment_answer(value: str) -> Mark:
    """The answer for one treatment, from yes to disagreement."""
    return _from(TREATMENT_ANSWERS, "treatment answer", value)


def cpr(reading: str) -> Mark:
    """The words and frame of a CPR reading; "not recorded" never looks like a decision."""
    return _from(CPR_READINGS, "CPR reading", reading)


def is_cpr_decision(reading: str) -> bool:
    """Whether this reading is a decision at all."""
    return cpr(reading).colour != "dashed"


def missing(kind: str) -> Mark:
    """Why a fact is not there: never a blank, a dash or a question mark."""
    return _from(MISSINGS, "missing", kind)


def alert(kind: str) -> str:
    """Colour of an alert's frame: harm possible now, stop and read, or for your information."""
    try:
        return ALERTS[kind]
    except KeyError:
        raise UnknownValue(f"“{kind}” is not a kind of alert: {', '.join(ALERTS)}.") from None


def freshness(known_on: date, *, today: date, review_after: int = 90, ask_again_after: int = 180) -> Fresh:
    """Age of a fact in days, and what to do about it; the limits are data of the kind of fact, in days."""
    days = (today - known_on).days
    if days < 0:
        raise ValueError(f"A fact known on {known_on} is in the future on {today}.")
    if days > ask_again_after:
        return Fresh("ask_again", days, "◆")
    if days > review_after:
        return Fresh("review_due", days, "◔")
    return Fresh("plain", days)


def months_between(start: date, end: date) -> int:
    """Whole months from one day to a later one."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def age_on(born_on: date, day: date) -> int:
    """Whole years lived on a day; somebody born on 29 February has a birthday on 1 March in other years."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def spaced_number(number: str) -> str:
    """An NHS number as people read it aloud: 3, 3 and 4 digits, with spaces that never break over lines."""
    if len(number) != 10:
        return number
    return f"{number[:3]}\N{NO-BREAK SPACE}{number[3:6]}\N{NO-BREAK SPACE}{number[6:]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """An alert under the banner. `kind`: cpr, disagreement, allergy, adjustment, getting_in or staff_safety.

    A CPR chip names its `reading`, and has the frame of that reading: one that is no decision never looks like one.
    """

    kind: str
    words: str
    label: str = ""
    reading: str = ""

    @property
    def look(self) -> str:
        """The style of the chip: harm, ink, or the frame of a CPR reading."""
        if self.kind == "cpr":
            return f"cpr-{cpr(self.reading or 'not_recorded').colour}"
        return CHIPS[self.kind][2]


# the order in which chips stand, their label, and whether their edge says harm
CHIPS = MappingProxyType(
    {
        "cpr": (0, "", "ink"),
        "disagreement": (1, N_("Documents disagree"), "harm"),
        "allergy": (2, N_("Allergy"), "harm"),
        "adjustment": (3, N_("Adjustment"), "ink"),
        "getting_in": (4, N_("Getting in"), "ink"),
        "staff_safety": (5, N_("Safety of staff"), "harm"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """Who a page is about: the same words in the same order on screen, phone and paper.

    `age` is in words ("83 years", "7 months"); `number` is printed in groups; `similar` says how somebody with a
    similar name nearby differs.
    """

    family_name: str
    given_names: str = ""
    title: str = ""
    preferred_name: str = ""
    born_on: date | None = None
    born_words: str = ""
    age: str = ""
    sex: str = ""
    number: str = ""
    number_label: str = N_("NHS number")
    no_number_reason: str = ""
    note: str = ""
    chips: tuple[Chip, ...] = field(default_factory=tuple)
    similar: str = ""
    died_on: date | None = None
    died_words: str = ""
    dead_note: str = ""

    def chips_in_order(self) -> tuple[tuple[Chip, str, str], ...]:
        """Chips in the order of danger, each with its label and look."""
        shown = sorted(self.chips, key=lambda chip: CHIPS[chip.kind][0])
        return tuple((chip, chip.label or CHIPS[chip.kind][1], chip.look) for chip in shown)
