"""What care people on the register have had: stage, reviews, plan, CPR, coordinator. Plain Python, no clock.

Most of it is as it should be, because on a Tuesday most of it is; the rest is late, stale, missing or contradictory.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from ambit.demonstration import names, phrases
from ambit.demonstration.rules import Invented

# stage: how many in a hundred, days in which it is reviewed again (`register.rules.review_due`)
STAGES = {"days": (3, 1), "weeks": (10, 14), "months": (40, 42), "a_year_or_more": (35, 90), "not_staged": (12, 42)}
NEAR = ("days", "weeks")
ADVICE_LINE = {
    "name": "24-hour advice line",
    "relation": "Merrowdale Hospice",
    "telephone": "01632 960140",
    "hours": "always",
}


NIGHT_NURSES = {
    "name": "District nurses, night",
    "relation": "Eskvale Community Nursing",
    "telephone": "01632 960177",
    "hours": "daily",
    "opens": "20",
    "closes": "08",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A section as it was saved; whole numbers in `says` are days from today."""

    section: str
    days_ago: int
    says: Mapping[str, Any]
    by_nurse: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CprForm:
    reading: str
    days_ago: int
    review_in: int | None  # days from today
    reason: str
    on_paper: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Somebody who matters to the person."""

    name: str
    relation: str
    telephone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """One person's time on the register, in days before today."""

    joined: int
    found_by: str
    stage: str
    told: bool
    reviewed: int | None
    review: str
    left: int | None
    coordinator: str  # nurse, hub, gp, or nobody
    nurses: bool
    hospice: bool
    close: Close | None
    sections: tuple[Written, ...]
    cpr: tuple[CprForm, ...]

    @property
    def needs_arranging(self) -> bool:
        """Whether nobody of the family is there every night, so that a social worker arranges care at home."""
        nights = [one.says["night"] for one in self.sections if one.section == "care_package"]
        return bool({"some", "nobody", "paid"} & set(nights))


def care_of(somebody: Invented, *, died: int | None, is_child: bool, seed: int = 2026) -> Care:
    """What was done for one person, the same each time; `died` says how many days ago, if they did."""
    dice = Random(f"{seed}/care/{somebody.nhs_number}")  # noqa: S311  (the same place each time)
    first = 1 if died is None else died + 3  # nothing is written later than this many days ago
    stage = dice.choices(list(STAGES), weights=[share for share, _ in STAGES.values()])[0]
    if is_child:
        stage = "not_staged" if stage in NEAR else stage
    within = STAGES[stage][1]
    joined = first + int(dice.triangular(4, 420 if stage not in NEAR else 200, 60))
    reviewed = first + _reviewed(dice, within)
    told = dice.random() < 0.9
    coordinator = dice.choices(["nurse", "hub", "gp", ""], weights=[30, 18, 49, 3])[0] if told else "gp"
    close = _close(dice, somebody) if dice.random() < 0.7 else None
    return Care(
        joined=joined,
        found_by=dice.choices(["case_finding", "referral", "by_hand", "imported"], weights=[35, 30, 15, 20])[0],
        stage=stage,
        told=told,
        reviewed=reviewed if reviewed < joined else None,
        review=dice.choice(phrases.REVIEWS),
        left=died if died is not None else (first + 1 if dice.random() < 0.02 else None),
        coordinator=coordinator,
        nurses=told and (coordinator == "nurse" or stage in NEAR or dice.random() < 0.25),
        hospice=told and stage in NEAR,
        close=close,
        sections=_sections(dice, somebody, stage=stage, joined=joined, first=first, close=close),
        cpr=_cpr(dice, stage=stage, joined=joined, first=first, is_child=is_child),
    )


def _reviewed(dice: Random, within: int) -> int:
    """How long ago the last review was: for six in seven as agreed, for one too long ago."""
    if dice.random() < 0.14:
        return within + dice.randint(1, 35)
    return dice.randint(0, max(within - 8, 0))


def _close(dice: Random, somebody: Invented) -> Close:
    relation, is_woman = dice.choice(phrases.CLOSE)
    given = dice.choice(names.FEMALE if is_woman else names.MALE)
    telephone = f"07700 900{dice.randint(100, 999)}"
    return Close(name=f"{given} {somebody.family_name}", relation=relation, telephone=telephone)


def _sections(
    dice: Random, somebody: Invented, *, stage: str, joined: int, first: int, close: Close | None
) -> tuple[Written, ...]:
    """The plan as far as it has been written; somebody new has little, somebody near death mostly a whole one."""
    often = 0.25 if joined - first < 10 else 1.0 if stage in NEAR else 0.75
    is_stale = dice.random() < 0.09
    found: list[Written] = []

    def ago(latest: int, longest: int) -> int:
        """Some day since they joined; of a plan gone stale, the day they joined."""
        return joined if is_stale else min(joined, first + dice.randint(latest, longest))

    def write(section: str, likely: float, days_ago: int, says: Mapping[str, Any], *, by_nurse: bool = True) -> None:
        if dice.random() < likely * often:
            found.append(Written(section=section, days_ago=days_ago, says=says, by_nurse=by_nurse))

    ill = [name for name in somebody.conditions if name in phrases.NOTES] or ["severe_frailty"]
    noted = ago(0, 12)
    note = {"note": dice.choice(phrases.NOTES[ill[0]]), "until_on": dice.randint(14, 30) - noted}
    write("need_to_know", 0.8, noted, note)
    write("allergies", 0.9, ago(5, 300), _allergies(dice), by_nurse=False)
    write(
        "what_matters",
        0.65,
        ago(5, 150),
        {
            "words": dice.choice(phrases.MATTERS),
            "worries": dice.choice(phrases.WORRIES),
            "who_said": dice.choice(["person", "person", "close"]),
        },
    )
    write("place_of_care", 0.7, ago(5, 150), _places(dice))
    ring = [ADVICE_LINE]
    if close:
        ring.append({"name": close.name, "relation": close.relation.capitalize(), "telephone": close.telephone})
    if dice.random() < 0.5:
        ring.append(NIGHT_NURSES)
    write("people_to_ring", 0.8, ago(1, 80), {"people": ring})
    told = [phrases.HAPPENS[name] for name in ill if name in phrases.HAPPENS] + [phrases.DYING]
    write("if_this_happens", 0.5, ago(5, 80), {"what": [{"happens": h, "do": d} for h, d in told]}, by_nurse=False)
    write("getting_in", 0.5, ago(1, 170), {"words": dice.choice(phrases.GETTING_IN)})
    has_box = dice.random() < {"days": 0.9, "weeks": 0.7}.get(stage, 0.15)
    box = {"box": "yes", "kept": dice.choice(phrases.KEPT), "medicines": phrases.BOX} if has_box else {"box": "no"}
    write("medicines_at_home", 0.95 if stage in NEAR else 0.4, ago(0, 12), box)
    write("care_package", 0.5, ago(1, 80), {"night": dice.choices(list(NIGHTS), weights=list(NIGHTS.values()))[0]})
    return tuple(found)


NIGHTS = {"family": 60, "some": 14, "nobody": 16, "paid": 6, "not_known": 4}
"""Who is with somebody at home at night, and how many of a hundred."""


def _places(dice: Random) -> Mapping[str, Any]:
    """Where to be cared for and where to die: mostly home, mostly the same; one in eight named no place."""
    if dice.random() < 0.12:
        answer = dice.choice(["undecided", "declined", "unable", "not_asked"])
        return {"care_first": dice.choice(["own_home", answer]), "death_first": answer}
    care = dice.choices(["own_home", "care_home", "hospice", "hospital"], weights=[66, 18, 12, 4])[0]
    death = care if dice.random() < 0.75 else "hospice"
    second = dice.choice([place for place in ("own_home", "hospice", "hospital") if place != death])
    return {"care_first": care, "death_first": death, "death_second": second, "words": dice.choice(phrases.CHANGES)}


def _allergies(dice: Random) -> Mapping[str, Any]:
    status = dice.choices(["none_known", "some", "not_known"], weights=[60, 28, 12])[0]
    if status != "some":
        return {"status": status}
    return {
        "status": status,
        "list": [
            {"substance": to, "reaction": what} for to, what in dice.sample(phrases.ALLERGIES, dice.choice([1, 2]))
        ],
    }


def _cpr(dice: Random, *, stage: str, joined: int, first: int, is_child: bool) -> tuple[CprForm, ...]:
    """One decision for most; two that disagree for one in fifty; none for the rest."""
    if dice.random() > {"days": 0.95, "weeks": 0.92, "months": 0.85, "a_year_or_more": 0.72}.get(stage, 0.5):
        return ()
    readings = ("modified", "attempt") if is_child else ("do_not_attempt", "attempt", "not_decided")
    reading = dice.choices(readings, weights=[5, 2] if is_child else [84, 9, 7])[0]
    made = min(joined, first + dice.randint(1, 120))
    is_late = dice.random() < 0.1
    review_in = None if reading == "not_decided" else (-dice.randint(1, 60) if is_late else dice.randint(3, 80))
    if review_in is not None and review_in <= -made:
        review_in = 1 - made
    form = CprForm(reading=reading, days_ago=made, review_in=review_in, reason=dice.choice(phrases.CPR_REASONS))
    if reading == "do_not_attempt" and dice.random() < 0.025:
        other = CprForm(
            reading="attempt",
            days_ago=min(joined, made + dice.randint(1, 30)),
            review_in=None,
            reason="Form in the hospital letter: for attempted CPR.",
            on_paper=True,
        )
        return (other, form)
    return (form,)
