"""Advance decisions to refuse treatment: what makes one binding (L1 to L10). Plain Python, no clock.

Mental Capacity Act 2005, sections 24 to 26. The software presents conditions and evidence; people decide.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from ambit.careplan.rules import checks
from ambit.careplan.rules.checks import MET, NOT_MET, NOT_NOW, UNKNOWN, Check, Condition, answered
from ambit.careplan.rules.document import DOUBTFUL, MADE_HERE, NO, NOT_KNOWN, WITHDRAWN, YES, Document
from ambit.careplan.rules.documents import LACKS, LPA_HEALTH, REFUSAL, AdvanceDecision, Authority, CapacityAssessment

PRESUMED, ATTESTED, DOUBTED = "presumed", "attested", "doubted"
CAPACITY: Final = {
    PRESUMED: "Presumed: nobody recorded a doubt",
    ATTESTED: "Somebody attested that they had capacity",
    DOUBTED: "There is a doubt about it",
}
SIGNED: Final = {
    "person": "Signed by the person",
    "directed": "Signed by another, in the person’s presence and as they directed",
    NO: "Not signed",
    NOT_KNOWN: "Not known",
}
_DEMAND: Final = re.compile(
    r"\b(insists? on|demands?|must (be given|have|receive)|(wants?|wish(es)?|asks?|would like) (to (be given|have|receive|get|try)|"
    r"everything)|give (me|him|her|them)|do everything|please give)\b",
    re.IGNORECASE,
)
_REFUSING: Final = re.compile(r"\b(not|no|never|refuse[sd]?|without|stop)\b", re.IGNORECASE)


def of_age(decision: AdvanceDecision) -> Condition:
    """L1: its maker was 18 or over when it was made (s.24(1))."""
    age = decision.age_when_made()
    state = UNKNOWN if age is None else MET if age >= 18 else NOT_MET
    evidence = (
        f"{age} on {decision.made_on:%-d %B %Y}"
        if age is not None and decision.made_on
        else "The day it was made, or of birth, is not known"
    )
    return Condition("L1", "Aged 18 or over when made", state, evidence, "Mental Capacity Act 2005, s.24(1)")


def capable(decision: AdvanceDecision, assessments: Iterable[CapacityAssessment]) -> Condition:
    """L2: its maker had capacity when it was made: presumed unless a doubt is recorded (s.1(2), s.24(1)).

    An assessment of the same day that they could not decide about planning is such a doubt.
    """
    doubt = next(
        (a for a in assessments if a.outcome == LACKS and a.made_on == decision.made_on and a.about == "planning"), None
    )
    if doubt and decision.made_on:
        state, evidence = NOT_MET, f"{doubt.author} assessed on that day that they could not decide"
    elif decision.capacity == DOUBTED:
        state, evidence = UNKNOWN, decision.attested_by or "A doubt is recorded"
    elif decision.capacity == ATTESTED:
        state, evidence = MET, f"Attested by {decision.attested_by}" if decision.attested_by else "Attested"
    else:
        state, evidence = MET, "Presumed; nobody recorded a doubt"
    return Condition("L2", "Had capacity when made", state, evidence, "Mental Capacity Act 2005, s.1(2) and s.24(1)")


def names_treatments(decision: AdvanceDecision) -> Condition:
    """L3: it names at least one treatment, and refuses; nobody can demand treatment by it (s.24(1), (2))."""
    if demands(decision.other_treatments):
        return Condition(
            "L3", "Refuses, and demands nothing", NOT_MET, decision.other_treatments, "Mental Capacity Act 2005, s.24(1)"
        )  # fmt: skip
    return Condition(
        "L3",
        "Names the treatments refused",
        MET if decision.names else NOT_MET,
        decision.names or "None is named",
        "Mental Capacity Act 2005, s.24(1)(a) and s.24(2)",
    )


def in_form(decision: AdvanceDecision) -> tuple[Condition, ...]:
    """L4: to refuse life-sustaining treatment it is in writing, signed, witnessed, and says "even if life is at risk".

    Signed by the person, or by another in their presence and by their direction; the signature made or acknowledged before
    a witness, who signs or acknowledges it in the person's presence (s.25(5), (6)). None of it is asked of other refusals.
    """
    if not decision.is_life_sustaining:
        return ()
    basis = "Mental Capacity Act 2005, s.25(5) and (6)"
    witnessed = NOT_MET if decision.witness_is_maker else answered(decision.witnessed)
    who = f"Witness {decision.witness}" if decision.witness else "A witness signed"
    seen = {"original": "Original seen", "copy": "Copy seen", "reported": "Told of, not seen"}.get(decision.seen, "")
    by = f"{seen} by {decision.recorded_by}" if seen and decision.recorded_by else "Written here"
    return (
        Condition("L4", "In writing", answered(decision.in_writing),
                  {YES: by, NO: "Spoken only"}.get(decision.in_writing, "Nobody recorded whether it is in writing"), basis),
        Condition("L4", "Signed by the person, or as they directed", answered(decision.signed, yes=("person", "directed")),
                  SIGNED.get(decision.signed, "Not known"), basis),
        Condition("L4", "Says “even if life is at risk”", answered(decision.at_risk),
                  {YES: "It says so", NO: "It does not say so"}.get(decision.at_risk, "Nobody recorded whether it says so"), basis),
        Condition("L4", "Signed by a witness, with the person present", witnessed,
                  "The witness is the person" if decision.witness_is_maker
                  else {YES: who, NO: "No witness signature"}.get(decision.witnessed, "Nobody recorded a witness"), basis),
    )  # fmt: skip


def not_withdrawn(decision: AdvanceDecision) -> Condition:
    """L5: it was not withdrawn. Withdrawing needs no writing; whoever has capacity may do it at any time (s.24(3) to (5))."""
    state = NOT_MET if decision.ended == WITHDRAWN else MET
    evidence = decision.ended_reason if state == NOT_MET else "Nobody recorded that it was withdrawn"
    return Condition("L5", "Not withdrawn", state, evidence, "Mental Capacity Act 2005, s.24(3) to (5) and s.25(2)(a)")


def not_overtaken(decision: AdvanceDecision, authorities: Iterable[Authority]) -> Condition:
    """L6: no lasting power of attorney made after it gives authority over the same treatment (s.25(2)(b), (7)).

    Any other does not affect it. One whose day or authority is not known leaves the question open.
    """
    asks, basis = "Not overtaken by a later attorney", "Mental Capacity Act 2005, s.25(2)(b) and (7)"
    powers = [a for a in authorities if a.type == LPA_HEALTH and a.is_current]
    later = [power for power in powers if overtakes(power, decision) == YES]
    if later:
        return Condition("L6", asks, NOT_MET, f"{later[0].names}: made {_day(later[0].made_on)}, after it", basis)
    open_ = [power for power in powers if overtakes(power, decision) == NOT_KNOWN]
    if open_:
        return Condition("L6", asks, UNKNOWN, f"{open_[0].names}: the days, or the authority, are not known", basis)
    if powers:
        made = _day(powers[0].made_on)
        earlier = powers[0].made_on and decision.made_on and powers[0].made_on < decision.made_on
        evidence = (
            f"Attorney made {made}, before it" if earlier else "The attorney may not decide about these treatments"
        )
        return Condition("L6", asks, MET, evidence, basis)
    return Condition("L6", asks, MET, "No attorney for health is recorded", basis)


def overtakes(power: Authority, decision: AdvanceDecision) -> str:
    """Whether a power of attorney takes the decision's place: yes, no, or not known (s.25(2)(b))."""
    if power.type != LPA_HEALTH:
        return NO
    if power.made_on and decision.made_on and power.made_on < decision.made_on:
        return NO
    if decision.is_life_sustaining and power.life_sustaining == NO:
        return NO
    later = (
        power.made_on and decision.made_on and power.made_on > decision.made_on
    )  # of one day, the order is not known
    if later and (power.life_sustaining == YES or not decision.is_life_sustaining):
        return YES
    return NOT_KNOWN


def consistent(decision: AdvanceDecision) -> Condition:
    """L7: nothing the person did since is clearly inconsistent with it, and nothing unforeseen has happened (s.25(2)(c), (4)(c)).

    A recorded doubt makes it doubtful, not void: somebody has to look at it.
    """
    doubt = next((view for view in decision.views if view.force == DOUBTFUL), None)
    state = UNKNOWN if doubt else MET
    evidence = f"{doubt.by}: {doubt.reason}" if doubt else "Nobody recorded anything that does not fit"
    return Condition(
        "L7", "Nothing since then speaks against it", state, evidence, "Mental Capacity Act 2005, s.25(2)(c) and (4)(c)"
    )


def lacks_capacity_now(assessments: Iterable[CapacityAssessment], about: Iterable[str]) -> Condition:
    """L8: it has effect only once the person lacks capacity for that decision; until then they are asked (s.25(3))."""
    asks, basis = "The person now lacks capacity for the decision", "Mental Capacity Act 2005, s.25(3)"
    wanted = set(about)
    found = [a for a in assessments if a.is_current and a.about in wanted and a.outcome]
    latest = max(found, key=lambda a: (a.made_on or date.min, a.recorded_at), default=None)
    if latest is None:
        return Condition("L8", asks, NOT_NOW, "Nobody assessed it: ask the person first", basis)
    when = f"{_day(latest.made_on)}, {latest.author}"
    if latest.outcome == LACKS:
        return Condition("L8", asks, MET, f"Could not decide on {when}: check again now", basis)
    return Condition("L8", asks, NOT_NOW, f"Could decide on {when}: ask the person first", basis)


BASIC_CARE: Final = "It cannot refuse basic care: warmth, shelter, washing, food and drink by mouth."
MENTAL_HEALTH: Final = (
    "Treatment for mental disorder under Part 4 of the Mental Health Act may be given in spite of it."
)
"""L10: Code of Practice, chapter 9; Mental Health Act 1983, Part 4."""


def check(decision: AdvanceDecision, among: Iterable[Document]) -> Check:
    """What the decision weighs: binding if every condition is met, and, where not, which is missing (L1 to L10).

    Valid and applicable, it goes before best interests and before an attorney appointed earlier (L9, s.26).
    """
    others = tuple(among)
    if other_law := checks.elsewhere(decision.jurisdiction):
        return other_law
    if decision.form != REFUSAL:
        return Check(
            force=checks.NOT_BINDING,
            label="Recorded as a wish",
            why="A written wish binds nobody. It must be weighed by whoever decides (Mental Capacity Act 2005, s.4(6)(a)).",
            how="If the person has capacity and wants to refuse treatment, record an advance decision with them.",
        )
    assessments = [one for one in others if isinstance(one, CapacityAssessment) and one.is_current]
    conditions = (
        of_age(decision),
        capable(decision, assessments),
        names_treatments(decision),
        *in_form(decision),
        not_withdrawn(decision),
        not_overtaken(decision, (one for one in others if isinstance(one, Authority))),
        consistent(decision),
    )
    now = lacks_capacity_now(assessments, {"cpr", "life_sustaining", "treatment"})
    failing = [one for one in conditions if one.state == NOT_MET]
    unclear = [one for one in conditions if one.state == UNKNOWN]
    notes = (BASIC_CARE, MENTAL_HEALTH)
    if failing:
        label = _wish(failing, decision)
        return Check(force=checks.NOT_BINDING, label=label, why=_why_not(failing), conditions=(*conditions, now), how=_how(failing), notes=notes)  # fmt: skip
    if unclear:
        return Check(
            force=checks.UNCLEAR,
            label=f"Not known whether it binds: {_small(unclear[0].evidence)}",
            why="Something that decides about its force is not known or is in doubt. Until somebody has looked, it counts at least as the person’s wish.",
            conditions=(*conditions, now),
            how="Look at the document, ask the person, and record what you find.",
            notes=notes,
        )
    return Check(
        force=checks.BINDING,
        label="Binding if the person lacks capacity for the decision",
        why="Every condition of the law is met. When the person cannot decide, it goes before best interests and before an attorney appointed earlier (Mental Capacity Act 2005, s.26).",
        conditions=(*conditions, now),
        notes=notes,
    )


_MISSING: Final = {
    "Aged 18 or over when made": "made before the age of 18",
    "Had capacity when made": "no capacity when made",
    "Names the treatments refused": "no treatment is named",
    "Refuses, and demands nothing": "it asks for treatment",
    "In writing": "not in writing",
    "Signed by the person, or as they directed": "not signed",
    "Says “even if life is at risk”": "does not say “even if life is at risk”",
    "Signed by a witness, with the person present": "not witnessed",
    "Not withdrawn": "withdrawn",
    "Not overtaken by a later attorney": "an attorney was appointed later",
}


def _wish(failing: list[Condition], decision: AdvanceDecision) -> str:
    """As in "Recorded as a wish: not witnessed, so not binding for life-sustaining treatment"."""
    reasons = ", ".join(_MISSING[one.asks] for one in failing)
    only_form = all(one.rule == "L4" for one in failing)
    return f"Recorded as a wish: {reasons}, so not binding{' for life-sustaining treatment' if only_form else ''}"


def _why_not(failing: list[Condition]) -> str:
    law = {"L1": "The law asks for it", "L4": "To refuse life-sustaining treatment, the law asks for it"}
    first = failing[0]
    asked = law.get(first.rule, "So the law says")
    return f"{_MISSING[first.asks].capitalize()}. {asked} ({first.basis}). It still counts as the person’s wish and must be weighed."


def _how(failing: list[Condition]) -> str:
    """How to make it binding: what the person would do, if they have capacity and want it."""
    rules = {one.rule for one in failing}
    if rules <= {"L4"}:
        return "If the person has capacity and wants this, they sign it again in front of a witness, with the words “even if my life is at risk”."
    if "L6" in rules:
        return "If the person has capacity and still wants this, they make a new advance decision. Tell the attorney."
    if rules & {"L1", "L2", "L5"}:
        return "If the person now has capacity, is 18 or over and wants this, record a new advance decision with them."
    return "If the person has capacity, write with them which treatments they refuse."


def problems(decision: AdvanceDecision, *, name: str, on: date) -> dict[str, str]:
    """What stops a decision made here: only what cannot be so, or cannot be called a refusal (L3). A wish is never refused."""
    found: dict[str, str] = {}
    if decision.form == REFUSAL and decision.source == MADE_HERE:
        if demands(decision.other_treatments):
            found["other_treatments"] = (
                "An advance decision refuses treatment; it cannot ask for it. Write what is refused, "
                "or choose “A written wish” above: a wish is always kept."
            )
        elif not decision.names:
            found["treatments"] = (
                "Choose at least one treatment that is refused, or write it in the person’s words. "
                "If nothing is refused, choose “A written wish” above."
            )
    if decision.source == MADE_HERE and same_name(decision.witness, name):
        found["witness"] = "The witness must be somebody else than the person. Write who saw the person sign."
    if decision.source == MADE_HERE and decision.witnessed == YES and not decision.witness.strip():
        found["witness"] = "Write the name of the witness, or say that nobody witnessed it."
    return found


def demands(words: str) -> bool:
    """Whether words ask for treatment rather than refuse it, as "wants to be given antibiotics"."""
    return any(_DEMAND.search(part) and not _REFUSING.search(part) for part in re.split(r"[.;\n]", words))


def same_name(one: str, other: str) -> bool:
    """Whether two names are made of the same words, whatever their order and case."""
    return bool(one.strip()) and _words(one) <= _words(other) and len(_words(one)) > 1


def _words(name: str) -> set[str]:
    return {word for word in re.findall(r"\w+", name.casefold()) if word not in ("mr", "mrs", "ms", "miss", "dr", "mx")}


def _day(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else "on a day not known"


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]
