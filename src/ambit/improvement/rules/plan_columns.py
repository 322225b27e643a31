"""The columns of the workbooks of a gap analysis and of a plan: the same cells as on their pages. Plain Python."""

from collections.abc import Mapping, Sequence
from typing import Final

from ambit.design import rules as marks
from ambit.improvement.rules.plans import ACTION, GAP, LONGEST, MILESTONE
from ambit.improvement.rules.sheets import CHOICE, DAY, Choice, Column

_RATED: Final = {"red": "rating-red", "amber": "rating-amber", "green": "rating-green", "unrated": "", "unknown": ""}
RATINGS: Final = tuple(
    Choice(
        id=name, shown=f"{marks.GAPS[name].symbol} {marks.GAPS[name].words}", also=(marks.GAPS[name].words, name), colour=colour,
    )
    for name, colour in _RATED.items()
)  # fmt: skip
PROGRESSES: Final = (
    Choice(id="not_started", shown="Not started"),
    Choice(id="started", shown="Under way", also=("started",)),
    Choice(id="complete", shown="Complete", also=("done",)),
)
DELIVERIES: Final = (
    Choice(id="complete", shown="■ Complete", colour="rating-blue", also=("blue",)),
    Choice(id="on_track", shown="● On track", colour="rating-green", also=("green",)),
    Choice(id="at_risk", shown="▲ At risk", colour="rating-amber", also=("amber",)),
    Choice(id="off_track", shown="◆ Off track", colour="rating-red", also=("red",)),
    Choice(id="not_due", shown="– Not due", also=("grey",)),
)
SHEETS: Final[Mapping[str, tuple[str, ...]]] = {"analysis": (GAP,), "plan": (ACTION, MILESTONE)}
NAMES: Final[Mapping[str, str]] = {GAP: "Gap analysis", ACTION: "Actions", MILESTONE: "Milestones"}
TITLE: Final[Mapping[str, str]] = {GAP: "foundation", ACTION: "what", MILESTONE: "what"}
"""The cell by which people know a row."""


def _text(key: str, title: str, width: int, *, note: str = "") -> Column:
    return Column(key=key, title=title, width=width, is_open=True, longest=LONGEST, note=note)


_DUE: Final = "A day, a month, a quarter, a financial year, or words such as “ongoing”; kept as you write it."


def _gap() -> tuple[Column, ...]:
    return (
        _text("foundation", "Foundation", 24),
        _text("meaning", "What it means", 36),
        _text("position", "Our position", 44),
        _text("action", "Action plan", 44),
        Column(key="rating", title="RAG", width=17, kind=CHOICE, is_open=True, choices=RATINGS),
        _text("why_rating", "Why this rating", 24),
        _text("owner", "Owner", 18),
        _text("due", "Completion", 16, note=_DUE),
    )


def _action(gaps: Sequence[Choice], indicators: Sequence[Choice]) -> tuple[Column, ...]:
    return (
        _text("what", "Action", 44),
        Column(key="gap", title="Gap it closes", width=26, kind=CHOICE, is_open=True, choices=tuple(gaps)),
        _text("driver", "Driver", 22),
        _text("lever", "Lever", 22),
        _text("owner", "Owner", 18),
        Column(key="starts_on", title="Starts", width=12, kind=DAY, is_open=True),
        _text("due", "Due", 16, note=_DUE),
        _text("forecast", "Expected now", 16, note=_DUE),
        Column(key="progress", title="Progress", width=13, kind=CHOICE, is_open=True, choices=PROGRESSES),
        _text("progress_note", "How it is going", 30),
        Column(key="done_on", title="Done on", width=12, kind=DAY, is_open=True),
        _text("shown_by", "What shows it", 24),
        Column(
            key="delivery", title="Delivery", width=14, kind=CHOICE, is_open=True, choices=DELIVERIES,
            note="Only where you rate otherwise than the dates do; then say why.",
        ),
        _text("why_delivery", "Why this rating", 22),
        Column(key="indicator", title="Indicator it moves", width=26, kind=CHOICE, is_open=True, choices=tuple(indicators)),
        _text("effect", "Expected effect", 22),
    )  # fmt: skip


def _milestone(actions: Sequence[Choice], milestones: Sequence[Choice]) -> tuple[Column, ...]:
    return (
        _text("what", "Milestone", 44),
        Column(key="action", title="Step of", width=30, kind=CHOICE, is_open=True, choices=tuple(actions)),
        Column(
            key="waits_for", title="Waits for", width=30, kind=CHOICE, is_open=True, choices=tuple(milestones),
            note="The milestone that has to be reached first.",
        ),
        _text("owner", "Owner", 18),
        _text("due", "Due", 16, note=_DUE),
        _text("forecast", "Expected now", 16, note=_DUE),
        Column(key="reached_on", title="Reached on", width=12, kind=DAY, is_open=True),
        _text("shown_by", "What shows it", 26),
    )  # fmt: skip


def row_columns(
    kind: str,
    *,
    gaps: Sequence[Choice] = (),
    actions: Sequence[Choice] = (),
    milestones: Sequence[Choice] = (),
    indicators: Sequence[Choice] = (),
) -> tuple[Column, ...]:
    """What can be filled in of a row of this kind; lists of other rows by their titles."""
    if kind == ACTION:
        return _action(gaps, indicators)
    return _milestone(actions, milestones) if kind == MILESTONE else _gap()


def titled(rows: Mapping[str, str]) -> tuple[Choice, ...]:
    """Rows as a list offers them: by their titles, those that are the same told apart by a number."""
    seen: dict[str, int] = {}
    found = []
    for name, title in rows.items():
        words = " ".join(title.split())[:120] or "–"
        seen[words] = seen.get(words, 0) + 1
        found.append(Choice(id=name, shown=words if seen[words] == 1 else f"{words} ({seen[words]})"))
    return tuple(found)
