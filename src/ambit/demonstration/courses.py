"""How people fared from one assessment to the next: phases, AKPS and IPOS. Plain Python, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from ambit.demonstration.rules import Invented

STAFF, PERSON = "ipos-staff-3-day", "ipos-patient-3-day"
ITEMS = (
    "pain", "breathlessness", "weakness", "nausea", "vomiting", "appetite", "constipation", "mouth", "drowsiness", "mobility",
    "anxiety", "family_anxiety", "depression", "peace", "share_feelings", "information", "practical",
)  # fmt: skip
# what troubles people most with each illness; everybody is weaker and moves less as they near death
TROUBLES: Mapping[str, tuple[str, ...]] = {
    "metastatic_cancer": ("pain", "appetite", "nausea", "constipation"),
    "copd": ("breathlessness", "anxiety", "mobility"),
    "heart_failure": ("breathlessness", "drowsiness", "mobility"),
    "dementia": ("drowsiness", "family_anxiety", "appetite"),
}
NEXT = {
    "stable": ("stable", "stable", "unstable", "deteriorating"),
    "unstable": ("stable", "stable", "deteriorating"),
    "deteriorating": ("deteriorating", "stable", "unstable"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One assessment at one visit, so many days ago."""

    days_ago: int
    phase: str
    akps: int
    ipos: Mapping[str, str] = field(default_factory=dict)
    instrument: str = STAFF
    extras: tuple[tuple[str, int], ...] = ()
    problems: tuple[str, ...] = ()


def answers(base: int = 1, **but: int | str) -> dict[str, str]:
    """Seventeen answers: most alike, those named otherwise."""
    return {item: str(but.get(item, base)) for item in ITEMS}


def course_of(somebody: Invented, *, joined: int, stage: str, died: int | None, seed: int = 2026) -> tuple[Visit, ...]:
    """The visits of one person, the earliest first; the same each time. Nothing is measured on the day of death."""
    dice = Random(f"{seed}/course/{somebody.nhs_number}")  # noqa: S311  (the same course each time)
    last = 1 if died is None else died + 1
    days = sorted({min(joined, last + dice.randint(0, 90)) for _ in range(dice.randint(1, 6))}, reverse=True)
    phase = dice.choice(("stable", "stable", "deteriorating"))
    akps = dice.choice((50, 60, 60, 70))
    troubles = next((TROUBLES[name] for name in somebody.conditions if name in TROUBLES), ("mobility", "weakness"))
    level = dice.choice((1, 1, 2))
    visits = []
    for number, ago in enumerate(days):
        if number:
            phase = dice.choice(NEXT[phase])
        is_last = number == len(days) - 1
        if is_last and (stage == "days" or (died is not None and ago - died <= 5)):
            phase = "dying"
        akps = 20 if phase == "dying" else max(30, akps - dice.choice((0, 0, 10)))
        level = {"unstable": min(level + 2, 4), "dying": 2}.get(phase, max(level - 1, 1))
        said = {
            item: str(max(0, min(4, dice.choice((0, 0, 1, 1, 2)) + (level if item in troubles else 0))))
            for item in ITEMS
        }
        if dice.random() < 0.25 or phase == "dying":
            said["depression"] = "missing"
        visits.append(Visit(days_ago=ago, phase=phase, akps=akps, ipos=said if dice.random() < 0.85 else {}))
    return tuple(visits)


# told one by one: family name, given names: who assessed, and their visits
TOLD: dict[tuple[str, str], tuple[str, tuple[Visit, ...]]] = {
    ("Ashworth", "Margaret Jean"): (
        "Ruth Tannahill",
        (
            Visit(days_ago=79, phase="stable", akps=60, ipos=answers(breathlessness=2, mobility=2, peace=0)),
            Visit(
                days_ago=58, phase="stable", akps=60, ipos=answers(breathlessness=2, mobility=2, drowsiness=2, peace=0)
            ),
            Visit(
                days_ago=37,
                phase="unstable",
                akps=50,
                ipos=answers(pain=3, breathlessness=3, anxiety=3, family_anxiety=3, mobility=3),
                extras=(("Itch", 2),),
                problems=("Not sleeping for the pain in her back",),
            ),
            Visit(days_ago=33, phase="stable", akps=50, ipos=answers(breathlessness=2, family_anxiety=2, mobility=3)),
            Visit(
                days_ago=16,
                phase="deteriorating",
                akps=50,
                ipos=answers(breathlessness=2, weakness=3, appetite=2, drowsiness=2, mobility=3, depression="missing"),
            ),
            Visit(
                days_ago=3,
                phase="unstable",
                akps=40,
                ipos=answers(
                    breathlessness=4, weakness=3, appetite=3, drowsiness=2, anxiety=3, family_anxiety=3, mobility=3
                ),
                problems=("Cannot get her breath on the stairs", "Helen is worn out"),
            ),
        ),
    ),
    # stale, as his plan is
    ("Longworth", "Arthur"): (
        "Ruth Tannahill",
        (Visit(days_ago=250, phase="stable", akps=70, ipos=answers(0, pain=2, weakness=2)),),
    ),
    ("Oyelaran", "Desmond"): (
        "Ruth Tannahill",
        (
            Visit(days_ago=30, phase="deteriorating", akps=40, ipos=answers(drowsiness=2), instrument=PERSON),
            Visit(
                days_ago=8,
                phase="deteriorating",
                akps=30,
                ipos=answers(drowsiness=4, appetite=3, information=3, share_feelings=2),
                instrument=PERSON,
            ),
        ),
    ),
    ("Pym", "Harold"): (
        "Ruth Tannahill",
        (
            Visit(days_ago=20, phase="deteriorating", akps=30, ipos=answers(weakness=4, mobility=4)),
            Visit(
                days_ago=6,
                phase="dying",
                akps=10,
                ipos=answers(mouth=3, drowsiness=4, weakness=4, mobility=4, depression="missing", peace="missing"),
            ),
        ),
    ),
}
