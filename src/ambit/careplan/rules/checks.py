"""The legal check: each condition of the law, whether it is met, and by which evidence. Plain Python, no clock."""

from dataclasses import dataclass
from typing import Final

from ambit.careplan.rules.document import ENGLAND_WALES, JURISDICTIONS

MET, NOT_MET, NOT_NOW, UNKNOWN = "met", "not_met", "not_now", "not_known"
SYMBOLS: Final = {MET: "✓", NOT_MET: "✕", NOT_NOW: "○", UNKNOWN: "?"}
WORDS: Final = {MET: "Met", NOT_MET: "Not met", NOT_NOW: "Not now", UNKNOWN: "Not known"}

# values of `design.rules.LEGAL_FORCES`; "" for a record that has no legal force of its own
BINDING, AUTHORITY, RECOMMENDATION, CLINICAL, NOT_BINDING, UNCLEAR, NOT_COMPUTED, NONE = (
    "binding", "authority", "recommendation", "clinical_decision", "not_binding", "not_known", "not_computed", "",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of the law: what it asks, how it stands, what is recorded about it, and where it is written."""

    rule: str
    asks: str
    state: str
    evidence: str
    basis: str

    @property
    def section(self) -> str:
        """Where in the Act it is written, in short."""
        return self.basis.removeprefix("Mental Capacity Act 2005, ")

    @property
    def symbol(self) -> str:
        return SYMBOLS[self.state]

    @property
    def in_words(self) -> str:
        return WORDS[self.state]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a document weighs in law: its force, a label that says why, each condition, and how to make it binding."""

    force: str
    label: str
    why: str = ""
    conditions: tuple[Condition, ...] = ()
    how: str = ""
    notes: tuple[str, ...] = ()


def elsewhere(jurisdiction: str) -> Check | None:
    """Rules L1 to L25 are the law of England and Wales; elsewhere the force is not computed, and says so."""
    if jurisdiction == ENGLAND_WALES:
        return None
    where = JURISDICTIONS.get(jurisdiction, jurisdiction)
    return Check(
        force=NOT_COMPUTED,
        label=f"Legal force not computed for {where}",
        why=f"Ambit knows the law of England and Wales only. What is recorded is shown as it is; ask somebody who knows the law of {where}.",
    )


def answered(answer: str, *, yes: tuple[str, ...] = ("yes",), no: tuple[str, ...] = ("no",)) -> str:
    """The state of a condition from an answer: met, not met, or not known for anything else."""
    return MET if answer in yes else NOT_MET if answer in no else UNKNOWN
