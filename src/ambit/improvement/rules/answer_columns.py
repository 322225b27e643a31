"""The columns of a round's workbook: the same fields as on the page of a statement, with the lists of its scales. Plain Python."""

from collections.abc import Mapping
from typing import Final

from ambit.design import rules as marks
from ambit.improvement.rules.editions import Wording
from ambit.improvement.rules.frameworks import Level, Node
from ambit.improvement.rules.rounds import RAG, Said
from ambit.improvement.rules.sheets import CHOICE, YES, Choice, Column

ANSWERS: Final = "answers"
LONGEST: Final = 4000
"""Characters of a text, as on the page."""
_COLOURS: Final = {"red": "rating-red", "amber": "rating-amber", "green": "rating-green"}
GAPS: Final = tuple(
    Choice(
        id=name,
        shown=f"{marks.GAPS[name].symbol} {marks.GAPS[name].words}",
        also=(name, marks.GAPS[name].words),
        colour=_COLOURS[name],
    )
    for name in ("red", "amber", "green")
)
CONFIDENCES: Final = (
    Choice(id="high", shown="Sure"),
    Choice(id="medium", shown="Fairly sure"),
    Choice(id="low", shown="Not sure"),
)


def level_choice(level: Level) -> Choice:
    """A level as a list offers it: symbol and label, as everywhere."""
    return Choice(
        id=level.id, shown=f"{level.symbol} {level.label}".strip(), also=(level.label, level.word), colour=level.colour
    )


def answer_columns(wording: Wording, audience: str, *, agreed: bool) -> tuple[Column, ...]:
    """What can be filled in: the same fields as on the page of a statement, in its order."""
    levels = dict.fromkeys(level_choice(level) for scale in wording.scales.values() for level in scale.levels)
    gap = Column(
        key="gap", title="The gap", width=18, kind=CHOICE, is_open=True, choices=GAPS,
        note="Is there a gap, and an agreed plan for it?",
    )  # fmt: skip
    rates_gaps = all(wording.scale_of(node).kind == RAG for node in wording.statements(audience))
    return (
        Column(key="level", title="Where does it stand?", width=24, kind=CHOICE, is_open=True, choices=tuple(levels)),
        *((gap,) if agreed and not rates_gaps else ()),
        Column(key="position", title="Where we are, and why this level", width=52, is_open=True, longest=LONGEST),
        Column(key="comment", title="Anything else", width=30, is_open=True, longest=LONGEST),
        Column(
            key="confidence", title="How sure is this?", width=13, kind=CHOICE, is_open=True, choices=CONFIDENCES
        ),
        Column(
            key="not_applicable", title="Does not apply here", width=11, kind=YES, is_open=True,
            note="“Yes” where a statement does not apply; then say why, and leave the level empty.",
        ),
        Column(key="why_not_applicable", title="Why it does not apply", width=26, is_open=True, longest=400),
    )  # fmt: skip


def levels_of(wording: Wording, node: Node) -> tuple[Choice, ...]:
    """The levels of one statement's own scale."""
    return tuple(level_choice(level) for level in wording.scale_of(node).levels)


def cells_of(said: Said) -> dict[str, str]:
    """An answer as the cells of its row."""
    return {
        "level": said.level,
        "gap": said.gap,
        "position": said.position,
        "comment": said.comment,
        "confidence": said.confidence,
        "not_applicable": "yes" if said.not_applicable else "",
        "why_not_applicable": said.why_not_applicable,
    }


def said_in(cells: Mapping[str, str]) -> Said:
    """The answer that the cells of a row make."""
    told = {name: cells.get(name, "") for name in ("level", "gap", "position", "comment", "confidence")}
    return Said(
        **told,
        not_applicable=bool(cells.get("not_applicable")),
        why_not_applicable=cells.get("why_not_applicable", ""),
    )
