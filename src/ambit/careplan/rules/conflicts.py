"""What contradicts what: derived from what is recorded whenever it is read, and never stored (L24, L25). No clock.

Ambit shows, people decide: nothing here says which document is right. Two current forms of a kind both stay; the day they were
made orders them, and neither hides the other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from ambit.careplan.rules import best_interests, checks, cpr
from ambit.careplan.rules.advance_decision import overtakes
from ambit.careplan.rules.directives import KINDS, Directives
from ambit.careplan.rules.document import NO, Document
from ambit.careplan.rules.documents import (
    LPA_HEALTH,
    AdvanceDecision,
    Authority,
    Dispute,
    DonationDecision,
    EmergencyRecommendations,
    Escalation,
)
from ambit.careplan.rules.items import GROWN_UP_AT, NOT_ASKED
from ambit.careplan.rules.treatments import GIVEN, LIMITED, Limit

CPR_DIFFERS, TWO_CURRENT, TREATMENTS, ATTORNEY_AFTER, HOME, NIGHT = (
    "cpr", "two_current", "treatments", "attorney_after", "home", "night",
)  # fmt: skip
SECTIONS: Final = frozenset({"place_of_care", "medicines_at_home", "care_package"})
"""Sections whose words may contradict each other."""
UNDECIDED: Final = ("Talked about, not decided.", "Not recorded.")
HOMES: Final = frozenset({"own_home", "other_home"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the documents that differ: what it says, what it weighs, who made it and when. All are shown alike."""

    name: str
    says: str
    force: str
    who: str
    made_on: date | None
    of: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two or more records that differ about one matter; `seen_to` is the section of the plan where somebody settles it."""

    kind: str
    about: str
    sides: tuple[Side, ...]
    seen_to: str
    treatments: tuple[str, ...] = ()

    @property
    def concerns_cpr(self) -> bool:
        return self.kind == CPR_DIFFERS

    @property
    def is_prompt(self) -> bool:
        """Something missing rather than a contradiction: first only for somebody with days or weeks, else among what to settle."""
        return self.kind in (HOME, NIGHT)

    @property
    def in_short(self) -> str:
        """What is missing, in the words of a list; "" for a contradiction."""
        return {
            HOME: "Wants to die at home, no medicines there",
            NIGHT: "Wants to die at home, nobody there at night",
        }.get(self.kind, "")

    @property
    def heading(self) -> str:
        """The heading that says what is so; "" for two documents that disagree, which is said alike everywhere."""
        if self.kind == CPR_DIFFERS and any(side.says in UNDECIDED for side in self.sides):
            return "CPR is refused in writing, and no CPR decision is recorded"
        if self.kind == ATTORNEY_AFTER:
            return "An attorney was appointed after the advance decision"
        if self.kind == HOME:
            return "Home is where they want to die, and medicines for it are not there"
        if self.kind == NIGHT:
            return "Home is where they want to die, and there are nights with nobody there"
        if self.kind == TWO_CURRENT:
            return f"{self.about[:1].upper()}{self.about[1:]}"
        return f"{len(self.sides)} documents disagree: {self.about}" if len(self.sides) > 2 else ""

    @property
    def key(self) -> str:
        """The same for as long as the same records differ about the same matter."""
        return ":".join([self.kind, *sorted(str(side.of) for side in self.sides if side.of)])


READ_OF_SECTIONS: Final = ("care_package.night", "medicines_at_home.box", "place_of_care.death_first")
"""The items of sections by which `conflicts_in` goes, besides documents and decisions about CPR."""


def conflicts_in(
    directives: Directives, standing: cpr.Standing, says: Mapping[str, Mapping[str, Any]]
) -> tuple[Conflict, ...]:
    """Everything that differs, in the order of danger; `says` is what the sections of the plan say, by section."""
    found: list[Conflict | None] = []
    if directives.documents or standing.disagree:
        found = [_about_cpr(directives, standing), *_between(directives)]
    if says.get("place_of_care", {}).get("place_of_care.death_first") in HOMES:
        found += [_medicines_for_home(says), _nights_at_home(says)]
    return tuple([one for one in found if one is not None])


def _between(directives: Directives) -> list[Conflict | None]:
    """What documents say against one another, but for CPR."""
    refusals = directives.refusals()
    plans: list[EmergencyRecommendations | Escalation] = [
        *directives.of(EmergencyRecommendations),
        *directives.of(Escalation),
    ]
    found = [_refused_and_given(directives, refusal, plan) for refusal in refusals for plan in plans]
    found += [
        _limits_differ(directives, one, other)
        for number, one in enumerate(plans)
        for other in plans[number + 1 :]
        if one.kind != other.kind
    ]
    found += [
        _attorney_after(directives, refusal, power)
        for refusal in refusals
        for power in directives.of(Authority)
        if overtakes(power, refusal) != NO
    ]
    found += [_two_current(directives, kind.id) for kind in KINDS.values() if kind.one_current]
    return [*found, _two_powers(directives)]


def _about_cpr(directives: Directives, standing: cpr.Standing) -> Conflict | None:
    """CPR forms that differ, a refusal of CPR beside an attempt, or a refusal where no decision is recorded (H4, H5).

    Everything said about CPR stands in one place, so that nobody has to put two boxes together at night.
    """
    refusals = [one for one in directives.refusals() if one.refuses_cpr]
    decided = [form for form in standing.current if form.reading in cpr.DECISIONS]
    refused_but = bool(refusals) and standing.reading != cpr.DO_NOT_ATTEMPT
    if not standing.disagree and not refused_but:
        return None
    sides = [_cpr_side(form) for form in decided]
    if not decided:
        talk = standing.newest
        sides.append(
            Side(
                name="CPR decision",
                says=standing.words if standing.kept_back else UNDECIDED[0] if talk else UNDECIDED[1],
                force="" if standing.kept_back else "This is not a decision.",
                who=(talk.decided_by or talk.recorded_by) if talk else "",
                made_on=talk.made_on if talk else None,
                of=talk.id if talk else None,
            )
        )
    sides += [side_of(directives, one, "Refuses CPR.") for one in refusals]
    return Conflict(kind=CPR_DIFFERS, about="CPR", sides=tuple(sides), seen_to="cpr", treatments=("cpr",))


def _cpr_side(form: cpr.Recorded) -> Side:
    told = cpr.TALKED.get(form.talked, "")
    words = (form.reason, f"{told}." if told else "", f"{form.report}." if form.incomplete else "")
    if form.of_emergency_plan:
        name = "Emergency recommendations"
    else:
        name = "Made here" if form.source == cpr.MADE_HERE else "Transcribed from paper"
    return Side(
        name=name,
        says=f"{form.words}.",
        force=" ".join(part for part in words if part),
        who=form.who,
        made_on=form.made_on,
        of=form.id,
    )


def side_of(directives: Directives, one: Document, says: str) -> Side:
    """A document as one side of a disagreement, with what it weighs; one that was not seen whole says so."""
    check = directives.check(one)
    names = {
        AdvanceDecision.kind: "Written refusal (ADRT)",
        EmergencyRecommendations.kind: "Emergency recommendations",
        Escalation.kind: "Treatment limits",
        Authority.kind: "Attorney",
        DonationDecision.kind: "Donation decision",
    }
    parts = [f"{check.label}." if check.label else "", f"{one.report}." if one.incomplete else ""]
    parts += [f"{view.by} takes a different view: {_FORCES[view.force]}." for view in one.views]
    return Side(
        name=names.get(one.kind, one.title),
        says=says,
        force=" ".join(part for part in parts if part),
        who=one.author,
        made_on=one.made_on,
        of=one.id,
    )


_FORCES: Final = {"binding": "binding", "not_binding": "not binding", "doubtful": "in doubt"}


def _refused_and_given(
    directives: Directives, refusal: AdvanceDecision, plan: EmergencyRecommendations | Escalation
) -> Conflict | None:
    """A treatment refused in an advance decision that a plan would give, always or in some case (L25)."""
    given = [limit for limit in plan.limits if limit.treatment in refusal.treatments and limit.answer in GIVEN]
    if not given:
        return None
    names = _names(limit.treatment for limit in given)
    return Conflict(
        kind=TREATMENTS,
        about=names,
        seen_to=plan.kind,
        treatments=tuple(limit.treatment for limit in given),
        sides=(side_of(directives, refusal, f"Refuses {names}."), side_of(directives, plan, _said(given))),
    )


def _limits_differ(
    directives: Directives, one: EmergencyRecommendations | Escalation, other: EmergencyRecommendations | Escalation
) -> Conflict | None:
    """Emergency recommendations and treatment limits of which one would give what the other would not."""
    mine = {limit.treatment: limit for limit in one.limits}
    differ = [
        (mine[limit.treatment], limit)
        for limit in other.limits
        if limit.treatment in mine and {_gives(mine[limit.treatment]), _gives(limit)} == {True, False}
    ]
    if not differ:
        return None
    return Conflict(
        kind=TREATMENTS,
        about=_names(limit.treatment for limit, _ in differ),
        seen_to=other.kind,
        treatments=tuple(limit.treatment for limit, _ in differ),
        sides=(
            side_of(directives, one, _said([limit for limit, _ in differ])),
            side_of(directives, other, _said([limit for _, limit in differ])),
        ),
    )


def _gives(limit: Limit) -> bool | None:
    """Whether a treatment would be given; "ask" says neither."""
    return True if limit.answer in GIVEN else False if limit.answer == NO else None


def _attorney_after(directives: Directives, refusal: AdvanceDecision, power: Authority) -> Conflict:
    """L6: an attorney appointed after the advance decision, who may decide about what it refuses, takes its place."""
    return Conflict(
        kind=ATTORNEY_AFTER,
        about="attorney appointed after the advance decision",
        seen_to=refusal.kind,
        treatments=refusal.treatments,
        sides=(
            side_of(directives, refusal, f"Refuses {refusal.names}."),
            side_of(directives, power, f"{power.names} may decide."),
        ),
    )


def _two_current(directives: Directives, kind: str) -> Conflict | None:
    """L24: of these kinds one is current; where two are recorded as current, both stay and somebody settles it."""
    several = [
        one for one in directives.of_kind(kind) if not (isinstance(one, AdvanceDecision) and one.form != "refusal")
    ]
    if len(several) < 2:
        return None
    return Conflict(
        kind=TWO_CURRENT,
        about=f"{len(several)} are current, {KINDS[kind].title[:1].lower()}{KINDS[kind].title[1:]}",
        seen_to=kind,
        sides=tuple(side_of(directives, one, f"{one.in_brief}.") for one in several),
    )


def _two_powers(directives: Directives) -> Conflict | None:
    """Two powers of attorney for health: a later one may have ended the earlier, which its words say (L24)."""
    several = [one for one in directives.of(Authority) if one.type == LPA_HEALTH]
    if len(several) < 2:
        return None
    return Conflict(
        kind=TWO_CURRENT,
        about=f"{len(several)} are current, power of attorney for health",
        seen_to=Authority.kind,
        sides=tuple(side_of(directives, one, f"{one.in_brief}.") for one in several),
    )


def _medicines_for_home(says: Mapping[str, Mapping[str, Any]]) -> Conflict | None:
    """L25: home is where the person wants to die, and medicines for it are known not to be there."""
    box = says.get("medicines_at_home", {}).get("medicines_at_home.box", "")
    words = {"no": "None in the home.", "prescribed": "Prescribed, and not in the home."}.get(box)
    return _missing_at_home(
        HOME, "dying at home, and medicines", "Medicines for the end of life", words, seen_to="medicines_at_home"
    )


def _nights_at_home(says: Mapping[str, Mapping[str, Any]]) -> Conflict | None:
    """L25: home is where the person wants to die, and it is known that nobody is there in some or all nights."""
    night = says.get("care_package", {}).get("care_package.night", "")
    words = {"nobody": "Nobody is there.", "some": "Somebody is there in some nights only."}.get(night)
    return _missing_at_home(
        NIGHT, "dying at home, and who is there at night", "At night", words, seen_to="care_package"
    )


def _missing_at_home(kind: str, about: str, name: str, words: str | None, *, seen_to: str) -> Conflict | None:
    """What is known to be missing where home is the first choice; what nobody was asked about is not said to be missing."""
    if words is None:
        return None
    return Conflict(
        kind=kind,
        about=about,
        seen_to=seen_to,
        sides=(
            Side(name="Where they want to die", says="At home.", force="Preference.", who="", made_on=None),
            Side(name=name, says=words, force="", who="", made_on=None),
        ),
    )


def _names(treatments: Iterable[str]) -> str:
    words = [LIMITED.get(code, code) for code in dict.fromkeys(treatments)]
    return ", ".join(word[:1].lower() + word[1:] for word in words)


def _said(limits: Sequence[Limit]) -> str:
    return " ".join(f"{limit.name}: {limit.in_words.rstrip('.')}." for limit in limits)


def whom_to_ask(directives: Directives, *, on: date | None = None) -> str:
    """Whom to ask when documents differ: the person first; then who has authority, by name."""
    powers = directives.attorneys(on=on)
    named = ", ".join(dict.fromkeys(power.names for power in powers))
    ask = "If the person can decide, ask them."
    return f"{ask} If they cannot, ring {named} (attorney)." if named else ask


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSettle:
    """Something that is not a contradiction and still has to be seen to: its words, and the kind of page it is seen to on."""

    words: str
    kind: str


def to_settle(directives: Directives) -> tuple[ToSettle, ...]:
    """Open disputes, advocates to be asked for (L16), attorneys not registered, documents whose force is not known."""
    found = [ToSettle(words=one.in_brief.rstrip("."), kind=one.kind) for one in directives.of(Dispute)]
    found += [
        ToSettle(words=f"must be asked for: {one.decision.rstrip('.')}", kind="imca")
        for one in best_interests.advocates_needed(directives.documents)
    ]
    for one in directives.current:
        check = directives.check(one)
        if check.force == checks.UNCLEAR or (isinstance(one, Authority) and check.label.startswith("Not registered")):
            found.append(ToSettle(words=f"{check.label[:1].lower()}{check.label[1:]}", kind=one.kind))
    return tuple(found)


def defibrillator_to_talk_about(says: Mapping[str, Mapping[str, Any]], standing: cpr.Standing) -> bool:
    """Whether an implanted defibrillator is active where CPR is not to be attempted, and nobody decided that it stays.

    It may shock somebody who is dying (Resuscitation Council UK, British Heart Foundation and others, 2015); whether it is
    switched off is for the person to decide, with their cardiac team. A prompt: nothing is said to contradict.
    """
    said = says.get("equipment", {})
    talked = said.get("equipment.defibrillator_talk") == "stays"
    active = said.get("equipment.defibrillator") == "active"
    return active and not talked and standing.reading == cpr.DO_NOT_ATTEMPT


def place_is_blank(says: Mapping[str, Mapping[str, Any]], *, age: int | None) -> bool:
    """L21: whether the first preferred place of death of an adult is still blank (SCCI1580 requirement 54).

    A recorded "undecided", "declined", "unable" or "not appropriate" is an answer; "not asked" is none. A child's family says
    what it wishes for the end of life if it wants to (CYPACP), and is not pressed; an age that is not known is an adult's.
    """
    asked_of = age is None or age >= GROWN_UP_AT
    return asked_of and says.get("place_of_care", {}).get("place_of_care.death_first", "") in ("", NOT_ASKED)
