"""What a row of a gap analysis or a plan says, what stops it from being kept, and how an action's delivery is rated. Plain Python, no clock.

*Gap* says whether there is one and a plan for it; *delivery* says whether an action will be done in time. They are never mixed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Final

from ambit.improvement.rules.due import is_overdue
from ambit.measures.rules.periods import Month

GAP, ACTION, MILESTONE, CYCLE, LEVER = "gap", "action", "milestone", "cycle", "lever"
RATINGS: Final = ("red", "amber", "green", "unrated", "unknown")
PROGRESSES: Final = ("not_started", "started", "complete")
COMPLETE, ON_TRACK, AT_RISK, OFF_TRACK, NOT_DUE = "complete", "on_track", "at_risk", "off_track", "not_due"
DELIVERIES: Final = (COMPLETE, ON_TRACK, AT_RISK, OFF_TRACK, NOT_DUE)
DECISIONS: Final = ("", "adopt", "adapt", "abandon")
AUDIENCES: Final = ("place", "commissioner", "provider")
LONGEST: Final = 4000
"""Letters that one cell holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GapSaid:
    """A row of a gap analysis as people write it."""

    foundation: str = ""
    meaning: str = ""
    position: str = ""
    action: str = ""
    rating: str = "unrated"
    why_rating: str = ""
    owner: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSaid:
    """An action as people write it. `gap` is the id of the row it closes, as text; `delivery` only where somebody rates against the rule."""

    what: str = ""
    gap: str = ""
    driver: str = ""
    lever: str = ""
    owner: str = ""
    starts_on: date | None = None
    due: str = ""
    forecast: str = ""
    progress: str = "not_started"
    progress_note: str = ""
    done_on: date | None = None
    shown_by: str = ""
    delivery: str = ""
    why_delivery: str = ""
    indicator: str = ""
    effect: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneSaid:
    """A milestone as people write it. `action` and `waits_for` are the ids of the action it is a step of, and of the milestone
    that has to be reached first, as text."""

    what: str = ""
    action: str = ""
    waits_for: str = ""
    owner: str = ""
    due: str = ""
    forecast: str = ""
    reached_on: date | None = None
    shown_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleSaid:
    """A plan-do-study-act cycle as people write it."""

    title: str = ""
    tries: str = ""
    prediction: str = ""
    begins_on: date | None = None
    ends_on: date | None = None
    data: str = ""
    study: str = ""
    decision: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverSaid:
    """A lever and its measure as people write it."""

    audience: str = ""
    foundation: str = ""
    lever: str = ""
    measure: str = ""
    source: str = ""


Said = GapSaid | ActionSaid | MilestoneSaid | CycleSaid | LeverSaid
SAYS: Final[Mapping[str, type[Any]]] = {
    GAP: GapSaid,
    ACTION: ActionSaid,
    MILESTONE: MilestoneSaid,
    CYCLE: CycleSaid,
    LEVER: LeverSaid,
}
LISTS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    (GAP, "rating"): RATINGS,
    (ACTION, "progress"): PROGRESSES,
    (ACTION, "delivery"): ("", *DELIVERIES),
    (CYCLE, "decision"): DECISIONS,
    (LEVER, "audience"): AUDIENCES,
}
"""What a cell may hold where it is chosen from a list."""
_NEEDED: Final = {
    (GAP, "foundation"): "Write which foundation or statement the row is about.",
    (ACTION, "what"): "Write what will be done.",
    (MILESTONE, "what"): "Write what will have been reached.",
    (CYCLE, "title"): "Name the cycle, such as “Two practices try a weekly call”.",
    (LEVER, "foundation"): "Write which foundation or gap the lever is for.",
    (LEVER, "lever"): "Write what can be done.",
}


def columns(kind: str) -> tuple[str, ...]:
    """The cells of a row of this kind, in order."""
    return tuple(one.name for one in fields(SAYS[kind]))


def is_day(kind: str, column: str) -> bool:
    """Whether a cell holds a day and not words."""
    return column.endswith("_on") and column in columns(kind)


def said_of(kind: str, told: Mapping[str, Any]) -> Any:
    """What a row says, from stored columns or from kept data; days as days, words without spaces around them."""
    found: dict[str, Any] = {}
    for name in columns(kind):
        if name not in told:
            continue
        value = told[name]
        if is_day(kind, name):
            found[name] = date.fromisoformat(value) if isinstance(value, str) and value else value or None
        else:
            found[name] = "" if value is None else str(value).strip()
    return SAYS[kind](**found)


def as_plain(said: Any) -> dict[str, Any]:
    """What a row says, as it is kept: days in figures."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(said).items()}


def problems_of(kind: str, said: Any) -> dict[str, str]:
    """What stops a row from being kept, by cell: what is missing, too long, or not of its list."""
    problems = {
        name: f"Keep it to {LONGEST} letters; this has {len(value)}."
        for name, value in asdict(said).items()
        if isinstance(value, str) and len(value) > LONGEST
    }
    for (of, name), words in _NEEDED.items():
        if of == kind and not getattr(said, name):
            problems[name] = words
    for (of, name), allowed in LISTS.items():
        if of == kind and getattr(said, name) not in allowed:
            problems[name] = f"Choose one of the list: {', '.join(one for one in allowed if one)}."
    return problems | _CHECKS.get(kind, lambda _: {})(said)


def _action_problems(said: ActionSaid) -> dict[str, str]:
    problems = {}
    if said.delivery and not said.why_delivery:
        problems["why_delivery"] = "Say why you rate it otherwise than its dates do."
    if said.progress == "complete" and said.done_on is None:
        problems["done_on"] = "Write the day on which it was done."
    if said.done_on and said.progress != "complete":
        problems["progress"] = (
            "It has a day on which it was done, so it is complete. Take the day out, or say complete."
        )
    return problems


def _cycle_problems(said: CycleSaid) -> dict[str, str]:
    if said.begins_on and said.ends_on and said.ends_on < said.begins_on:
        return {"ends_on": "It cannot end before it begins."}
    if said.decision and not said.study:
        return {"study": "Write what was learnt before it is decided."}
    return {}


_CHECKS: Final[Mapping[str, Any]] = {ACTION: _action_problems, CYCLE: _cycle_problems}


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery rating with its reason; `by_rule` keeps what the dates say where a person said otherwise."""

    value: str
    why: str
    by_rule: str = ""


def delivery_of(said: Any, *, due_until: date | None, forecast_until: date | None, on: date) -> Delivery:
    """Will it be done in time? Worked out from dates and progress; a person's own rating goes before it, and both are kept.

    Complete needs something that shows it. Past its last day it is off track; expected later than that, or not begun in time, at
    risk; begun, on track; before its time, not due.
    """
    rule = _by_dates(said, due_until=due_until, forecast_until=forecast_until, on=on)
    if said.delivery:
        return Delivery(said.delivery, said.why_delivery, rule.value)
    return rule


def _by_dates(said: Any, *, due_until: date | None, forecast_until: date | None, on: date) -> Delivery:
    if said.progress == "complete":
        return (
            Delivery(COMPLETE, "Done, and shown.")
            if said.shown_by
            else Delivery(AT_RISK, "Said to be done; nothing shows it yet.")
        )
    if is_overdue(due_until, on=on):
        return Delivery(OFF_TRACK, "Past its due day.")
    if due_until and forecast_until and forecast_until > due_until:
        return Delivery(AT_RISK, "Expected later than it is due.")
    if said.progress == "not_started":
        if said.starts_on and said.starts_on < on:
            return Delivery(AT_RISK, "Should have begun.")
        return (
            Delivery(NOT_DUE, "Not begun, and not due to.")
            if said.starts_on or due_until
            else Delivery(NOT_DUE, "No day is set.")
        )
    return Delivery(ON_TRACK, "Under way, and expected in time." if due_until else "Under way; no day is set.")


def milestone_delivery(
    *, reached: bool, due_until: date | None, forecast_until: date | None, on: date, is_held_up: bool = False
) -> str:
    """The same of a milestone: reached, late, expected late or held up by another (`held_up`), or to come."""
    if reached:
        return COMPLETE
    if is_overdue(due_until, on=on):
        return OFF_TRACK
    if is_held_up or (due_until and forecast_until and forecast_until > due_until):
        return AT_RISK
    return ON_TRACK if due_until else NOT_DUE


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What has to be known of a milestone to say whether it holds others up."""

    reached: bool
    due_until: date | None
    forecast_until: date | None
    waits_for: str = ""


def held_up(steps: Mapping[str, Step], *, on: date) -> frozenset[str]:
    """Milestones, by their ids, that wait for one which is past its day, or which is expected after they are due themselves.

    Also over several: what the one before waits for counts as well. What is reached holds nobody up, nor does what has no day.
    """
    found: set[str] = set()
    for name, step in steps.items():
        before, met = steps.get(step.waits_for), {name}
        while before is not None and not before.reached and not step.reached:
            expected = before.forecast_until or before.due_until
            is_late = is_overdue(expected, on=on) or (expected and step.due_until and expected > step.due_until)
            if is_late:
                found.add(name)
            if is_late or before.waits_for in met:
                break
            met.add(before.waits_for)
            before = steps.get(before.waits_for)
    return frozenset(found)


def is_circle(name: str, waits_for: str, links: Mapping[str, str]) -> bool:
    """Whether a milestone would wait for itself, over however many others; `links` says what each waits for now."""
    met = {name}
    while waits_for:
        if waits_for in met:
            return True
        met.add(waits_for)
        waits_for = links.get(waits_for, "")
    return False


def rating_by_rule(ratings: Iterable[str], *, has_words: bool) -> str:
    """What the rule says of a gap that somebody says there is: amber with an action that is not off track, red without one."""
    going = [one for one in ratings if one != OFF_TRACK]
    return "amber" if going or has_words else "red"


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a financial year: `year` is the one in which it begins in April."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        year = day.year if day.month >= 4 else day.year - 1
        return cls(year, (day.month - 4) % 12 // 3 + 1)

    @property
    def first(self) -> date:
        return Month(self.year, 4).after(3 * self.number - 3).first

    @property
    def last(self) -> date:
        return Month(self.year, 4).after(3 * self.number - 1).last

    @property
    def name(self) -> str:
        return f"Q{self.number} {self.year}/{(self.year + 1) % 100:02d}"

    def after(self, quarters: int) -> "Quarter":
        count = self.year * 4 + self.number - 1 + quarters
        return Quarter(count // 4, count % 4 + 1)


def quarters(first: date, last: date, *, at_most: int = 12) -> tuple[Quarter, ...]:
    """The quarters from one day to another, both among them."""
    found: list[Quarter] = []
    one = Quarter.of(first)
    while one <= Quarter.of(last) and len(found) < at_most:
        found.append(one)
        one = one.after(1)
    return tuple(found)


# --- what changed between two tables of rows ---

ADDED, TAKEN_OUT, CHANGED, SAME = "added", "taken_out", "changed", "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One row beside what it said last time; `cells` names those that differ."""

    id: str
    kind: str
    cells: tuple[str, ...] = ()
    before: Mapping[str, Any] | None = None
    now: Mapping[str, Any] | None = None


def changes(before: Mapping[str, Mapping[str, Any]], now: Mapping[str, Mapping[str, Any]]) -> tuple[Change, ...]:
    """Rows by their ids: which are new, which were taken out, which say something else. Those that are the same are left out."""
    found = []
    for name, row in now.items():
        old = before.get(name)
        if old is None:
            found.append(Change(id=name, kind=ADDED, now=row))
            continue
        cells = tuple(cell for cell in row if cell in old and row[cell] != old[cell])
        if cells:
            found.append(Change(id=name, kind=CHANGED, cells=cells, before=old, now=row))
    return (*found, *(Change(id=name, kind=TAKEN_OUT, before=row) for name, row in before.items() if name not in now))
