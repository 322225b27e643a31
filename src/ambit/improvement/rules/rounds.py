"""What a round of self-assessment asks of an answer, and what changed between two. Plain Python, no Django, no clock.

Three ratings are kept apart: *maturity* (the level of a statement), *gap* (is there one, and a plan for it), and *delivery* (will an
action be done in time, which is of an action and not of an answer). Red for poor and red for late are different things.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from ambit.improvement.rules.editions import Wording
from ambit.improvement.rules.frameworks import Node

PLACE, COMMISSIONER, PROVIDER = "place", "commissioner", "provider"
AUDIENCES: Final = (PLACE, COMMISSIONER, PROVIDER)
CONFIDENCES: Final = ("high", "medium", "low")
GAPS: Final = ("red", "amber", "green")
RAG: Final = "rag"


def audience_of(kind_of_organisation: str) -> str:
    """Whose self-assessment an organisation makes: a place's, a commissioner's (the system), or a provider's."""
    return {"place": PLACE, "system": COMMISSIONER}.get(kind_of_organisation, PROVIDER)


class Standing(StrEnum):
    """What a reader is to a round."""

    LEAD = "lead"
    ASSESSOR = "assessor"
    READER = "reader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An answer as somebody gives it: a level, or not applicable with the reason, or neither yet."""

    level: str = ""
    not_applicable: bool = False
    why_not_applicable: str = ""
    position: str = ""
    comment: str = ""
    confidence: str = ""
    gap: str = ""

    @property
    def is_rated(self) -> bool:
        return bool(self.level) or self.not_applicable

    @property
    def is_empty(self) -> bool:
        return self == Said()

    def tidied(self) -> "Said":
        """The same without spaces around its words."""
        told: dict[str, Any] = {
            name: value.strip() if isinstance(value, str) else value for name, value in asdict(self).items()
        }
        return Said(**told)


FIELDS: Final = tuple(Said.__dataclass_fields__)


def problems_of(
    said: Said, *, node: Node, wording: Wording, proposed: str = "", moderated: bool = False
) -> dict[str, str]:
    """What stops an answer from being kept, by field. `proposed` is what the live evidence proposes now.

    Only the moderated answer decides against the evidence, so only there a reason is asked for; assessors say what they see.
    """
    problems: dict[str, str] = {}
    if said.level and wording.level(node, said.level) is None:
        problems["level"] = "Choose one of the levels shown."
    if said.level and said.not_applicable:
        problems["level"] = "Choose a level, or say that it does not apply; not both."
    if said.not_applicable and not said.why_not_applicable.strip():
        problems["why_not_applicable"] = "Say why this does not apply here."
    if said.confidence and said.confidence not in CONFIDENCES:
        problems["confidence"] = "Choose how sure this is from the list."
    if said.gap and (said.gap not in GAPS or not moderated):
        problems["gap"] = (
            "The gap is rated once, with the agreed answer."
            if not moderated
            else "Choose a rating of the gap from the list."
        )
    if moderated and proposed and said.level and said.level != proposed and not said.position.strip():
        level = wording.level(node, proposed)
        problems["position"] = (
            f"The evidence proposes “{level.label if level else proposed}”. Say why you decide otherwise."
        )
    return problems


def gap_of(said: Said | None, *, node: Node, wording: Wording) -> str:
    """The rating of the gap: the level itself on a RAG scale, else what was agreed; "unrated" before that."""
    if said is None or said.not_applicable:
        return "unrated"
    if wording.scale_of(node).kind == RAG and said.level:
        return said.level
    return said.gap or "unrated"


def spread(levels: Iterable[int | None]) -> int:
    """By how many levels assessors differ; those without a value (not applicable, not answered) are left out."""
    known = [value for value in levels if value is not None]
    return max(known) - min(known) if known else 0


@dataclass(frozen=True, slots=True)
class Average:
    """The mean level of what was rated, with how many were; one formula for every page and file."""

    mean: float | None
    rated: int
    not_applicable: int
    not_assessed: int


def average(answers: Sequence[tuple[int | None, bool]]) -> Average:
    """Of (value, not applicable) pairs: those not applicable and not assessed are left out, and counted."""
    values = [value for value, na in answers if value is not None and not na]
    na = sum(bool(na) for _, na in answers)
    mean = sum(values) / len(values) if values else None
    return Average(mean, len(values), na, len(answers) - len(values) - na)


# --- another edition of a framework ---

SAME, REWORDED, REPLACED, NEW, RETIRED = "same", "reworded", "replaced", "new", "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """What a statement of the new edition has of the old one: from which statements an answer could come."""

    node: str
    kind: str
    sources: tuple[str, ...] = ()


def mapping(old: Wording, new: Wording, audience: str) -> list[Mapped]:
    """For each statement of the new edition where its answer could come from, then what only the old one had.

    An id never changes its meaning, so the same id carries over; where its words differ people look at both. A statement that
    names those it replaces takes over theirs. Everything is a proposal that people review.
    """
    before = {node.id: node for node in old.statements(audience)}
    found, taken = [], set()
    for node in new.statements(audience):
        same = before.get(node.id)
        sources = (node.id,) if same else tuple(name for name in node.replaces if name in before)
        kind = NEW if not sources else REPLACED if same is None else SAME if _words(same) == _words(node) else REWORDED
        if same and old.scale_of(same) != new.scale_of(node):
            kind = REWORDED
        taken |= set(sources)
        found.append(Mapped(node=node.id, kind=kind, sources=sources))
    lost = [name for name in before if name not in taken]
    return [*found, *(Mapped(node=name, kind=RETIRED) for name in lost)]


def _words(node: Node) -> tuple[str, str]:
    return node.title, node.text


# --- what changed between two rounds ---

UP, DOWN, UNCHANGED, ONLY_HERE, ONLY_THERE, OTHER = "up", "down", "same", "only_here", "only_there", "other"


def change(before: tuple[str, int | None] | None, now: tuple[str, int | None] | None) -> str:
    """How a statement's level changed from one round to another: (level, value) each, None where it was not rated."""
    if before is None or now is None:
        return UNCHANGED if before is now else ONLY_HERE if now else ONLY_THERE
    if before[0] == now[0]:
        return UNCHANGED
    if before[1] is None or now[1] is None:
        return OTHER
    return UP if now[1] > before[1] else DOWN


def counted(changes: Collection[str]) -> Mapping[str, int]:
    return {name: sum(one == name for one in changes) for name in (UP, DOWN, UNCHANGED, ONLY_HERE, ONLY_THERE, OTHER)}


def said_of(row: Any) -> Said:
    """What a stored answer says, from a row or from kept data."""
    told: dict[str, Any] = {name: row[name] if isinstance(row, Mapping) else getattr(row, name) for name in FIELDS}
    return Said(**told)
