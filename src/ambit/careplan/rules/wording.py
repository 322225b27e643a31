"""What each document says, label by label, for pages and print. Plain Python, no clock."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from ambit.careplan.rules import advance_decision, capacity, cpr, documents
from ambit.careplan.rules.document import Document
from ambit.careplan.rules.treatments import Limit

KNOWN: Final[Mapping[str, str]] = {"yes": "Yes", "no": "No", "not_known": "Not known"}
COULD: Final[Mapping[str, str]] = {"yes": "Could", "no": "Could not", "not_known": "Not known"}

# field, label, words of its values
_Line = tuple[str, str, Mapping[str, str]]
_LINES: Final[Mapping[str, tuple[_Line, ...]]] = {
    "advance_decision": (
        ("names", "What is refused", {}),
        ("circumstances", "In which circumstances", {}),
        ("capacity", "Capacity when made", advance_decision.CAPACITY),
        ("attested_by", "Who said so", {}),
        ("in_writing", "In writing", KNOWN),
        ("signed", "Signature", advance_decision.SIGNED),
        ("at_risk", "Says “even if life is at risk”", KNOWN),
        ("witnessed", "Signed by a witness", KNOWN),
        ("witness", "Witness", {}),
    ),
    "authority": (
        ("type_in_words", "What it is", {}),
        ("joint", "How they decide", documents.JOINT),
        ("registered_on", "Registered on", {}),
        ("reference", "Reference", {}),
        ("life_sustaining", "May decide about life-sustaining treatment", KNOWN),
        ("restrictions", "Restrictions and wishes in it", {}),
        ("ends_on", "Ends on", {}),
    ),
    "capacity": (
        ("decision", "Which decision", {}),
        ("outcome_in_words", "Outcome", {}),
        *((name, words, COULD) for name, words in capacity.ABILITIES.items()),
        ("impairment", "What affects the mind or brain", {}),
        ("link", "How it keeps the person from deciding", {}),
        ("support", "What was tried to help", {}),
        ("may_return", "May be able to decide later", KNOWN),
        ("assessor", "Assessed by", {}),
    ),
    "gillick": (
        ("decision", "Which decision", {}),
        ("understanding", "What the child understood", {}),
        ("assessor", "Assessed by", {}),
        ("parents_told", "Those with parental responsibility", {}),
    ),
    "best_interests": (
        ("decision", "Which decision", {}),
        ("options", "Options", {}),
        ("wishes", "Wishes, feelings and beliefs", {}),
        ("consulted", "Who was consulted", {}),
        ("serious", "Serious treatment or long stay", documents.SERIOUS),
        ("less_restrictive", "Less restrictive ways", {}),
        ("outcome", "What was decided", {}),
        ("decided_by", "Decided by", {}),
    ),
    "imca": (
        ("decision", "Which decision", {}),
        ("serious", "Why", documents.SERIOUS),
        ("state", "State", documents.IMCA_STATES),
        ("service", "Service", {}),
        ("advocate", "Advocate", {}),
        ("telephone", "Telephone", {}),
        ("why_urgent", "Why it could not wait", {}),
    ),
    "escalation": (
        ("reason", "Why", {}),
        ("talked", "Talked about", cpr.TALKED),
        ("why_not_talked", "Why it was not talked about", {}),
        ("author", "Decided by", {}),
    ),
    "emergency": (
        ("summary", "Summary", {}),
        ("priority", "Priority", documents.PRIORITIES),
        ("comfort_scale", "From 0, living as long as possible, to 10, comfort", {}),
        ("value_most", "What the person most values", {}),
        ("fear_most", "What the person most fears", {}),
        ("cpr", "CPR", cpr.WORDS),
        ("cpr_reason", "Why", {}),
        ("has_capacity", "Could take part", KNOWN),
        ("in_what_way", "In what way not", {}),
        ("involvement", "How the person took part", documents.INVOLVEMENT),
        ("child_involvement", "The child", documents.CHILD_INVOLVEMENT),
        ("why_not_involved", "Why none of these", {}),
        ("author", "Recommended by", {}),
        ("senior", "Senior clinician responsible", {}),
    ),
    "donation": (
        ("decision", "Decision", documents.DONATIONS),
        ("which", "Which", {}),
        ("nominated", "Nominated to decide", {}),
        ("on_register", "On the donor register", KNOWN),
    ),
    "dispute": (
        ("about", "About", {}),
        ("views_held", "Who holds which view", {}),
        ("next_step", "Next", documents.NEXT_STEPS),
        ("led_by", "Led by", {}),
    ),
}


def lines(one: Document) -> Iterator[tuple[str, str]]:
    """Label and words of everything a document says, in the order of its form; what it does not say is left out."""
    if isinstance(one, documents.Authority):
        for holder in one.holders:
            yield holder.name, holder.telephone or "No telephone recorded"
    for name, label, values in _LINES[one.kind]:
        words = _words(getattr(one, name), values)
        if words:
            yield label, words
    if isinstance(one, documents.EmergencyRecommendations | documents.Escalation):
        yield from ((limit.name, limit.in_words) for limit in one.limits)
    if one.paper_at:
        yield "Where it is", one.paper_at
    if one.note:
        yield "Note", one.note


def _words(value: Any, values: Mapping[str, str]) -> str:
    if value in (None, ""):
        return ""
    if isinstance(value, date):
        return f"{value:%-d %B %Y}"
    return values.get(value, str(value)) if isinstance(value, str) else str(value)


def limits_of(one: Document) -> tuple[Limit, ...]:
    """Limits that a document sets to treatment; none for those that set no limits."""
    if isinstance(one, documents.EmergencyRecommendations | documents.Escalation):
        return one.limits
    return ()
