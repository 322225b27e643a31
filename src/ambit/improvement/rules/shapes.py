"""What the tables that people mail around are made of: a gap analysis, the actions of a plan, or the answers of a self-assessment. Plain Python.

A *shape* says what a column can be, in which words its heading says so, and what a colour or a word in the column of ratings means.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

Words = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """`key` is the column that names a row; `rating` the one that may be a colour alone; what stands there and is no rating
    is when the row is due (`due`, where there is such a column and nothing else says it), else the reason (`reason`)."""

    key: str
    words: Words
    rating: str
    reason: str
    due: str = ""
    ratings: Mapping[str, str]

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(self.words)


_RAG: Final = {
    "red": "red", "r": "red", "amber": "amber", "a": "amber", "yellow": "amber", "orange": "amber", "green": "green", "g": "green",
}  # fmt: skip
_OWNER: Final = ("owner", "lead", "responsible", "who")
_DUE: Final = ("completion", "due", "timescale", "by when", "deadline", "target date", "date", "when")
_POSITION: Final = (
    "position",
    "current state",
    "where are we",
    "where we are",
    "baseline",
    "current situation",
    "progress to date",
)
_STATEMENT: Final = ("foundation", "ambition", "statement", "standard", "theme", "area", "domain", "building block")

GAPS: Final = Shape(
    key="foundation",
    words={
        "foundation": _STATEMENT,
        "meaning": (
            "what it means",
            "what does it mean",
            "what this means",
            "description",
            "definition",
            "meaning",
            "expectation",
        ),
        "position": _POSITION,
        "action": ("action", "next step", "what we will do", "improvement", "plan"),
        "rating": ("rag", "rating", "status", "brag", "the gap"),
        "why_rating": ("reason", "rationale", "why this rating"),
        "owner": _OWNER,
        "due": _DUE,
    },
    rating="rating",
    reason="why_rating",
    due="due",
    ratings={
        **_RAG, "red: no plan": "red", "amber: plan": "amber", "green: no gap": "green", "unrated": "unrated", "unknown": "unknown",
    },
)  # fmt: skip
ACTIONS: Final = Shape(
    key="what",
    words={
        "what": ("action", "task", "milestone", "deliverable", "what will be done", "what we will do", "objective", "initiative"),
        "driver": ("driver", "rationale", "aim", "why we do"),
        "lever": ("lever", "contract", "funding"),
        "owner": _OWNER,
        "due": _DUE,
        "forecast": ("forecast", "expected now", "revised date", "new date"),
        "progress_note": ("progress", "update", "comment", "note", "position", "how it is going"),
        "shown_by": ("evidence", "what shows", "shown by"),
        "delivery": ("rag", "brag", "rating", "status", "delivery"),
        "why_delivery": ("reason", "why this rating"),
        "effect": ("outcome", "impact", "benefit", "expected effect", "measure", "kpi"),
    },
    rating="delivery",
    reason="progress_note",
    due="due",
    ratings={
        "red": "off_track", "r": "off_track", "amber": "at_risk", "a": "at_risk", "yellow": "at_risk", "orange": "at_risk",
        "green": "on_track", "g": "on_track", "blue": "complete", "b": "complete", "complete": "complete", "completed": "complete",
        "done": "complete", "on track": "on_track", "at risk": "at_risk", "off track": "off_track", "late": "off_track",
        "delayed": "off_track", "overdue": "off_track", "not due": "not_due", "not started": "not_due", "grey": "not_due",
    },
)  # fmt: skip
ANSWERS: Final = Shape(
    key="statement",
    words={
        "statement": (*_STATEMENT, "question", "commitment"),
        "level": ("level", "rag", "rating", "score", "maturity", "status", "where does it stand"),
        "position": (*_POSITION, "evidence", "commentary", "narrative", "response", "answer"),
        "comment": ("comment", "note", "anything else", "action", "next step"),
    },
    rating="level",
    reason="comment",
    ratings=_RAG,
)
SHAPES: Final[Mapping[str, Shape]] = {"analysis": GAPS, "plan": ACTIONS, "round": ANSWERS}
"""By what a workbook is brought into."""
OF_MILESTONES: Final = frozenset({"what", "owner", "due", "forecast", "shown_by"})
"""Columns of a plan's table that a milestone has too."""
