"""Attorneys, deputies and guardians: who may decide, about what, and when (L9, L11 to L13, L22). Plain Python, no clock.

Mental Capacity Act 2005, sections 9 to 11 and 16 to 20; Adults with Incapacity (Scotland) Act 2000 is recorded, not computed.
"""

from collections.abc import Iterable
from datetime import date

from ambit.careplan.rules import checks
from ambit.careplan.rules.advance_decision import lacks_capacity_now, same_name
from ambit.careplan.rules.checks import (
    AUTHORITY,
    MET,
    NOT_COMPUTED,
    NOT_MET,
    UNKNOWN,
    Check,
    Condition,
    answered,
)
from ambit.careplan.rules.document import ENDINGS, NO, NOT_BINDING, SCOTLAND, YES, Document
from ambit.careplan.rules.documents import DEPUTY, LPA_HEALTH, LPA_PROPERTY, SCOTTISH, Authority, CapacityAssessment


def registered(power: Authority) -> Condition:
    """L11: a lasting power of attorney is usable only once the Public Guardian has registered it (s.9(2)(b), Schedule 1)."""
    day = power.registered_on
    return Condition(
        "L11",
        "Registered with the Office of the Public Guardian",
        MET if day else NOT_MET,
        f"Registered {day:%-d %B %Y}" if day else "No registration is recorded",
        "Mental Capacity Act 2005, s.9(2)(b)",
    )


def donor_of_age(power: Authority) -> Condition:
    """L11: whoever gives the power is 18 or over when they make it (s.9(2)(c))."""
    age = power.age_when_made()
    state = UNKNOWN if age is None else MET if age >= 18 else NOT_MET
    evidence = f"{age} when made" if age is not None else "The day it was made, or of birth, is not known"
    return Condition("L11", "Made at 18 or over", state, evidence, "Mental Capacity Act 2005, s.9(2)(c)")


def for_health(power: Authority) -> Condition:
    """L11: only a power for health and welfare reaches decisions about care (s.9(1)(a), s.11(7))."""
    state = MET if power.type in (LPA_HEALTH, DEPUTY) else NOT_MET
    return Condition("L11", "For health and welfare", state, power.type_in_words, "Mental Capacity Act 2005, s.9(1)(a)")


def life_sustaining(power: Authority) -> Condition:
    """L12: an attorney decides about life-sustaining treatment only where the document says so expressly (s.11(8)).

    L13: a deputy may never refuse it (s.20(5)).
    """
    if power.type == DEPUTY:
        return Condition("L13", "May decide about life-sustaining treatment", NOT_MET,
                         "A deputy never may", "Mental Capacity Act 2005, s.20(5)")  # fmt: skip
    evidence = {YES: "The document says so", NO: "The document does not"}
    return Condition(
        "L12",
        "May decide about life-sustaining treatment",
        answered(power.life_sustaining),
        evidence.get(power.life_sustaining, "Nobody recorded what the document says"),
        "Mental Capacity Act 2005, s.11(8)",
    )


def in_time(power: Authority, *, on: date | None) -> Condition:
    """A court may appoint a deputy for a time only (s.16(4))."""
    ended = power.ends_on is not None and on is not None and power.ends_on < on
    evidence = f"Ends {power.ends_on:%-d %B %Y}" if power.ends_on else "No end is recorded"
    return Condition(
        "L11", "The appointment still runs", NOT_MET if ended else MET, evidence, "Mental Capacity Act 2005, s.16(4)"
    )


def may_decide_about_life(power: Authority) -> bool:
    """Whether the holder may decide about life-sustaining treatment, as far as is recorded (L12, L13)."""
    return power.type == LPA_HEALTH and power.life_sustaining == YES


def check(power: Authority, among: Iterable[Document], *, on: date | None = None) -> Check:
    """Whether the holder may be asked to decide when the person cannot (L11 to L13)."""
    if power.type in SCOTTISH:
        return checks.elsewhere(SCOTLAND) or Check(force=checks.NOT_COMPUTED, label="")
    if other_law := checks.elsewhere(power.jurisdiction):
        return other_law
    if power.type == LPA_PROPERTY:
        return Check(
            force=checks.NOT_BINDING,
            label="For property and money: no say about care",
            why="A power for property and money gives no authority over health or care.",
            conditions=(for_health(power),),
        )
    assessments = [one for one in among if isinstance(one, CapacityAssessment)]
    about = {"cpr", "life_sustaining", "treatment", "place", "other"}
    now = lacks_capacity_now(assessments, about)
    now = Condition("L11", now.asks, now.state, now.evidence, "Mental Capacity Act 2005, s.11(7)(a)")
    if power.type == DEPUTY:
        needed: tuple[Condition, ...] = (for_health(power), in_time(power, on=on))
    else:
        needed = (for_health(power), donor_of_age(power), registered(power))
    conditions = (*needed, life_sustaining(power), now)
    notes = tuple(part for part in (f"Restrictions: {power.restrictions}" if power.restrictions else "",) if part)
    failing = [one for one in needed if one.state == NOT_MET]
    if failing:
        words = (
            "Not registered: cannot be used yet" if failing[-1].asks.startswith("Registered") else "Gives no authority"
        )
        if failing[-1].asks.startswith("The appointment"):
            words = "The appointment has ended"
        return Check(
            force=checks.NOT_BINDING,
            label=words,
            why=f"{failing[-1].evidence}. {failing[-1].basis}.",
            conditions=conditions,
            how="Once it is registered, record the day of registration: write it again and tick what it replaces."
            if "registered" in words
            else "",
            notes=notes,
        )
    scope = {MET: "life-sustaining treatment included", NOT_MET: "not for life-sustaining treatment"}
    says = scope.get(conditions[-2].state, "whether for life-sustaining treatment is not known")
    return Check(
        force=checks.AUTHORITY,
        label=f"Authority if the person lacks capacity, {says}",
        why="May decide only what the person cannot decide themselves, in their best interests.",
        conditions=conditions,
        notes=notes,
    )


def why_no_access(power: Authority, check: Check) -> str:
    """Why nobody opens the record by this document; nothing where it gives authority, or where Ambit does not compute that.

    It no longer counts, it gives no authority over care (L11), or the last to look at it holds that it does not bind.
    """
    if power.ended:
        return f"It no longer counts: {ENDINGS[power.ended]}"
    if power.views and power.views[-1].force == NOT_BINDING:
        view = power.views[-1]
        return f"{view.by} holds that it is not binding: {view.reason.rstrip('.')}"
    if check.force not in (AUTHORITY, NOT_COMPUTED):
        return f"{check.label}: {check.why.rstrip('.')}"
    return ""


def names(power: Authority, name: str) -> bool:
    """Whether somebody is one of those whom the document names, whatever the order of the words."""
    return any(same_name(name, holder.name) or same_name(holder.name, name) for holder in power.holders)


def problems(power: Authority, *, on: date) -> dict[str, str]:
    """What cannot be so in a power of attorney or appointment; what it lacks is labelled, never refused."""
    found: dict[str, str] = {}
    if not power.holders:
        found["holders__0__name"] = "Write the name of at least one attorney, deputy or guardian."
    if power.type == DEPUTY and power.life_sustaining == YES:
        found["life_sustaining"] = "A deputy may never refuse life-sustaining treatment (s.20(5)). Choose “No”."
    if power.registered_on and power.registered_on > on:
        found["registered_on"] = (
            f"The day must not be after today, {on:%-d %B %Y}. Leave it empty until it is registered."
        )
    if power.registered_on and power.made_on and power.registered_on < power.made_on:
        found["registered_on"] = "It cannot be registered before the day it was made. Check both days."
    if power.ends_on and power.made_on and power.ends_on < power.made_on:
        found["ends_on"] = "It cannot end before the day it was made. Check both days."
    return found


def undocumented(named_as_attorney: Iterable[str], powers: Iterable[Authority]) -> tuple[str, ...]:
    """L22: people named as attorney among those who matter, of whom no document is recorded."""
    recorded = " ".join(power.names for power in powers if power.is_current).casefold()
    return tuple(name for name in named_as_attorney if name.casefold() not in recorded)
