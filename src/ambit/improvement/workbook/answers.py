"""A round of self-assessment as a sheet: what is asked, what shows it, what others said, and the cells to fill in."""

from ambit.access.queries import Reader
from ambit.improvement import words
from ambit.improvement.queries.answers import AnswerShown, Position, positions_of
from ambit.improvement.queries.figures import FigureShown, Live, live
from ambit.improvement.queries.scope import Opened
from ambit.improvement.rules.answer_columns import ANSWERS, answer_columns, levels_of
from ambit.improvement.rules.editions import Wording
from ambit.improvement.rules.frameworks import Node
from ambit.improvement.rules.sheets import Column, Row, Sheet
from ambit.improvement.workbook.writing import Guide


def answer_sheet(reader: Reader, opened: Opened, *, agreed: bool) -> Sheet:
    """The sheet with its cells still empty, and what the reader may see of figures and of others' answers."""
    several = positions_of(opened)
    now = live(reader, opened.round.area, [one.node for one in several])
    open_columns = answer_columns(opened.wording, opened.round.rates, agreed=agreed)
    given = (
        Column(key="number", title="No.", width=5),
        Column(key="statement", title="Statement", width=46),
        Column(key="shows", title="What would show it", width=30),
        Column(key="figures", title="Live figures", width=34),
        *((Column(key="proposed", title="The evidence proposes", width=16),) if now.proposals else ()),
        *((Column(key="said", title="What assessors said", width=40),) if agreed else ()),
    )
    rows: list[Row] = []
    part = ""
    for one in several:
        if one.top.id != part and one.top.id != one.node.id:
            rows.append(Row(heading=f"{one.top.ref} {one.top.title}".strip()))
        part = one.top.id
        levels = levels_of(opened.wording, one.node)
        rows.append(Row(id=one.node.id, cells=_fixed(one, now, opened.wording), choices={"level": levels}))
    about = opened.round
    whose = (
        "the agreed answers" if agreed else f"the answers of {opened.assessor.speaks_for if opened.assessor else ''}"
    )
    return Sheet(
        key=ANSWERS,
        name="Self-assessment",
        title=f"{about.title}: {opened.wording.framework.title}",
        about=f"{about.organisation.name}; {whose}. Fill in the white cells; nothing else is taken back.",
        columns=(*given, *open_columns),
        rows=tuple(rows),
    )


def _fixed(one: Position, now: Live, wording: Wording) -> dict[str, str]:
    """What stands beside a statement and is not changed here."""
    proposal = now.proposals.get(one.node.id)
    level = wording.level(one.node, proposal.level) if proposal and proposal.level else None
    return {
        "number": str(one.number),
        "statement": _statement(one.node),
        "shows": "\n".join(f"• {prompt}" for prompt in one.node.evidence),
        "figures": "\n".join(figure_words(figure) for figure in now.figures.get(one.node.id, ())),
        "proposed": f"{level.symbol} {level.label}" if level else "",
        "said": "\n".join(_said(answer, wording, one.node) for answer in one.assessors),
    }


def _statement(node: Node) -> str:
    told = f"{node.title}\n{node.text}" if node.text and node.text != node.title else node.title
    return f"{node.ref} {told}".strip() if node.ref else told


def figure_words(figure: FigureShown) -> str:
    """An indicator with its figure as it may be seen outside its owners: a small number says “hidden”."""
    told = words.figure(figure)
    return f"{told.name}: {told.value}" + (f" ({told.counted})" if told.counted else "")


def _said(answer: AnswerShown, wording: Wording, node: Node) -> str:
    said = answer.said
    level = wording.level(node, said.level) if said.level else None
    mark = f"{level.symbol} {level.label}" if level else "does not apply" if said.not_applicable else "not answered"
    position = f". {said.position}" if said.position else ""
    return f"{answer.speaks_for}: {mark}{position}"


def answer_guide(opened: Opened, *, agreed: bool) -> Guide:
    """The first sheet: how to fill the workbook in, what happens when it comes back, and what the levels mean."""
    about = opened.round
    scales = tuple(
        (
            f"Levels: {scale.title}",
            tuple(f"{level.symbol} {level.label}: {level.description}" for level in scale.levels),
        )
        for scale in opened.wording.scales.values()
    )
    asked = about.answers_due_on
    due = (f"Answers are asked for by {asked:%d %B %Y}.",) if asked else ()
    return Guide(
        title=f"{about.title}: {opened.wording.framework.title}",
        parts=(
            (
                "What this is",
                (
                    f"{about.organisation.name}, about {about.period_from:%d %B %Y} to {about.period_until:%d %B %Y}. "
                    + ("The agreed answers of the round." if agreed else "Your own answers, until you hand them in."),
                    *due,
                    "Name nobody who is cared for; this is not a place for anybody’s record.",
                ),
            ),
            (
                "How to fill it in",
                (
                    "Fill in the white cells of the sheet “Self-assessment”. Cells with an arrow have a list: choose from it.",
                    "Type words, no formulas. Grey cells say what was so when the workbook went out; changes there are not taken back.",
                    "You may sort, hide or widen columns, and write in columns of your own: those are listed, not lost.",
                    "The hidden first row and column say which cell is what. Leave them where they are.",
                ),
            ),
            (
                "When it comes back",
                (
                    "Bring it to the page of the round. You see every change before anything is saved.",
                    "What only you changed is taken. What only others changed stays. What both changed differently, you decide cell by cell.",
                    "A row that you delete deletes nothing. Several people may each edit a copy, and bring theirs.",
                ),
            ),
            *scales,
        ),
    )
