"""Inventing a place: who lives there, with whom, with which conditions. Plain Python, no clock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from ambit.demonstration import names

# condition: share in a thousand from the first year of age given, rounded from the Quality and Outcomes
# Framework 2023/24 and, for children, from 66 in 10,000 living with a life-limiting condition (Fraser and
# others 2021); how they spread over ages is ours
CONDITIONS: dict[str, list[tuple[int, float]]] = {
    "hypertension": [(0, 0), (35, 60), (50, 210), (65, 450), (80, 560)],
    "diabetes": [(0, 2), (18, 12), (40, 60), (55, 120), (65, 170), (85, 150)],
    "asthma": [(0, 40), (10, 75), (40, 65)],
    "depression": [(0, 0), (16, 110), (60, 90), (75, 60)],
    "chronic_kidney_disease_4": [(0, 0), (50, 3), (65, 10), (80, 28)],
    "heart_failure": [(0, 0), (45, 4), (65, 25), (75, 60), (85, 120)],
    "copd": [(0, 0), (40, 12), (55, 38), (65, 65)],
    "dementia": [(0, 0), (60, 4), (70, 22), (80, 90), (88, 190)],
    "metastatic_cancer": [(0, 0.2), (35, 1.5), (50, 6), (65, 14), (80, 18)],
    "stroke": [(0, 0), (50, 12), (65, 45), (80, 95)],
    "parkinsons": [(0, 0), (60, 4), (75, 14)],
    "motor_neurone_disease": [(0, 0), (50, 0.6)],
    "cirrhosis": [(0, 0), (40, 3), (70, 2)],
    "severe_frailty": [(0, 0), (70, 12), (80, 50), (88, 170)],
    "cystic_fibrosis": [(0, 1.6), (18, 0.4)],
    "duchenne": [(0, 0), (3, 1.6), (20, 0)],
    "severe_cerebral_palsy": [(0, 3.4), (18, 0.6)],
}
SERIOUS = (
    "metastatic_cancer",
    "metastatic_cancer",
    "metastatic_cancer",
    "heart_failure",
    "heart_failure",
    "copd",
    "dementia",
    "dementia",
    "severe_frailty",
    "severe_frailty",
    "motor_neurone_disease",
    "cirrhosis",
)
LIFE_LIMITING = frozenset(CONDITIONS) - {"hypertension", "diabetes", "asthma", "depression", "stroke"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Invented:
    """Somebody who does not exist, as much of them as the place shows."""

    title: str
    given_names: str
    family_name: str
    born_on: date
    sex: str
    practice: str
    nhs_number: str = ""
    no_number_reason: str = ""
    preferred_name: str = ""
    birth_precision: str = "exact"
    ethnicity: str = ""
    language: str = "en"
    interpreter: bool = False
    address: tuple[str, ...] = ()
    postcode: str = ""
    lsoa: str = ""
    telephone: str = ""
    household: int = 0
    conditions: tuple[str, ...] = ()
    admissions: tuple[date, ...] = ()
    died_on: date | None = None


def check_digit(nine: str) -> int:
    """The modulus-11 check digit of an NHS number; 10 means that no number starts so (Data Dictionary)."""
    return (11 - sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11) % 11


def nhs_numbers(start: int = 999_100_000) -> Iterator[str]:
    """Numbers of the range kept for synthetic people (999), upwards from these nine digits."""
    for nine in range(start, 999_999_999):
        digit = check_digit(str(nine))
        if digit < 10:
            yield f"{nine}{digit}"


def age_on(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def share(condition: str, age: int) -> float:
    """How many in a thousand of this age live with the condition."""
    return next(rate for first, rate in reversed(CONDITIONS[condition]) if age >= first)


def invent(count: int, *, on: date, seed: int = 2026) -> list[Invented]:
    """`count` people of all ages in households, the same for the same seed and day."""
    dice = Random(seed)  # noqa: S311  (not a secret: the same place each time)
    numbers = nhs_numbers()
    bands = dice.choices(names.AGES, weights=[band[2] for band in names.AGES], k=count)
    people = [_somebody(dice, band, on) for band in bands]
    people = _households(dice, people, on)
    return [_with_number(dice, somebody, numbers, on) for somebody in people]


CHILDHOOD = ("cystic_fibrosis", "duchenne", "severe_cerebral_palsy")


def invent_ill(count: int, *, on: date, seed: int = 2027) -> list[Invented]:
    """`count` people with a life-limiting condition, one in forty a child, each with an NHS number.

    They are as many as thirty thousand people would have, so that a small place has the registers of a large one.
    """
    dice = Random(seed)  # noqa: S311  (not a secret: the same place each time)
    numbers = nhs_numbers(999_400_000)
    older = [band for band in names.AGES if band[0] >= 45]
    young = [band for band in names.AGES if band[1] < 18 and band[0] >= 1]
    people: list[Invented] = []
    for place in range(count):
        bands = young if place % 40 == 20 else older
        band = dice.choices(bands, weights=[band[2] * (1 + band[0] // 30) for band in bands])[0]
        somebody = _somebody(dice, band, on)
        if not LIFE_LIMITING & set(somebody.conditions):
            conditions = CHILDHOOD if place % 40 == 20 else SERIOUS
            somebody = replace(somebody, conditions=(dice.choice(conditions), *somebody.conditions))
        # one in ten of a register dies in the time that it is shown: recorded the day after, so at least two days ago
        died = on - timedelta(days=dice.randint(2, 300)) if dice.random() < 0.1 else None
        admissions = tuple(day for day in somebody.admissions if died is None or day < died)
        people.append(replace(somebody, died_on=died, admissions=admissions))
    settled = [_settle(dice, [somebody], 100_000 + i, on, names.REGISTERS)[0] for i, somebody in enumerate(people)]
    return _one_last_month([replace(somebody, nhs_number=next(numbers)) for somebody in settled], on)


def _one_last_month(people: list[Invented], on: date) -> list[Invented]:
    """With one death out of hospital in the month that ended last, so that on every day of the year its figures count somebody."""
    day = on.replace(day=1) - timedelta(days=10)
    for place, somebody in enumerate(people):
        if somebody.died_on and place_of_death(somebody) in ("21", "40"):
            before = tuple(admitted for admitted in somebody.admissions if admitted < day)
            people[place] = replace(somebody, died_on=day, admissions=before)
            break
    return people


def place_of_death(somebody: Invented) -> str:
    """About 44 in 100 die in hospital, 28 at home, 21 in a care home, 5 in a hospice (England, rounded)."""
    dice = Random(somebody.nhs_number)  # noqa: S311  (the same place each time)
    return dice.choices(["10", "21", "40", "30", "50"], weights=[44, 28, 21, 5, 2])[0]


def _somebody(dice: Random, band: tuple[int, int, int, int], on: date) -> Invented:
    first, last, _, women = band
    age = dice.randint(first, last)
    born = on - timedelta(days=int(age * 365.2425) + dice.randint(1, 364))
    sex = "female" if dice.random() * 100 < women else "male"
    conditions = tuple(name for name in CONDITIONS if dice.random() * 1000 < share(name, age))
    limiting = sum(name in LIFE_LIMITING for name in conditions)
    # about 1 in 12 people is admitted unplanned in a year, most of them old or ill (rounded from HES)
    likely = 0.03 + 0.04 * (age >= 65) + 0.08 * (age >= 80) + 0.28 * limiting
    admissions: list[date] = []
    while len(admissions) < 5 and dice.random() < likely:
        admissions.append(on - timedelta(days=int(dice.triangular(3, 700, 40))))
    # about 1 in 100 dies in a year, mostly late in life
    dying = 0.001 + 0.02 * (age >= 70) + 0.06 * (age >= 85) + 0.09 * limiting
    died = on - timedelta(days=dice.randint(1, 360)) if dice.random() < dying else None
    return Invented(
        title="",
        given_names="",
        family_name="",
        born_on=born,
        sex=sex,
        practice="",
        conditions=conditions,
        admissions=tuple(sorted(day for day in admissions if day > born and (died is None or day < died))),
        died_on=died,
    )


def _households(dice: Random, people: list[Invented], on: date) -> list[Invented]:
    """Children live with one or two adults 18 to 42 years older; many adults in pairs, others alone."""
    order = sorted(range(len(people)), key=lambda i: people[i].born_on)
    adults = [i for i in order if age_on(people[i].born_on, on) >= 18]
    children = [i for i in order if age_on(people[i].born_on, on) < 18]
    households: list[list[int]] = []
    place = 0
    while place < len(adults):
        pair = place + 1 < len(adults) and dice.random() < 0.56
        households.append(adults[place : place + 2] if pair else adults[place : place + 1])
        place += 2 if pair else 1
    eldest = [age_on(people[home[0]].born_on, on) for home in households]
    for child in children:
        age = age_on(people[child].born_on, on)
        fitting = [h for h in range(len(households)) if 18 <= eldest[h] - age <= 42 and len(households[h]) < 6]
        if fitting:
            households[dice.choice(fitting)].append(child)
        else:
            households.append([child])
            eldest.append(age)
    settled = list(people)
    for number, home in enumerate(households):
        for i, somebody in zip(home, _settle(dice, [people[i] for i in home], number, on), strict=True):
            settled[i] = somebody
    return settled


def _settle(dice: Random, home: list[Invented], number: int, on: date, weights: Sequence[int] = ()) -> list[Invented]:
    """Name one household and give it an address and a practice; practices weigh as many as they have people."""
    code, _, heritage, languages = dice.choices(names.ETHNICITY, weights=[row[1] for row in names.ETHNICITY])[0]
    family_names, female, male = names.HERITAGE.get(heritage, (names.FAMILY, names.FEMALE, names.MALE))
    family = dice.choice(family_names)
    practice, _, village, area, lsoa = dice.choices(
        names.PRACTICES, weights=weights or [row[1] for row in names.PRACTICES]
    )[0]
    address = (f"{dice.randint(1, 140)} {dice.choice(names.STREETS)}", village)
    postcode = f"{area} {dice.randint(1, 9)}{dice.choice('ABDEFGHJLN')}{dice.choice('ABDEFGHJLN')}"
    neighbourhood = f"{lsoa}{dice.randint(1, 5)}"
    telephone = f"01632 960{dice.randint(200, 999)}"
    language = dice.choice(languages) if languages and dice.random() < 0.3 else "en"
    settled = []
    for place, somebody in enumerate(home):
        age = age_on(somebody.born_on, on)
        own_name = place == 1 and dice.random() < 0.15
        given = dice.choice(female if somebody.sex == "female" else male)
        second = dice.choice(names.FEMALE if somebody.sex == "female" else names.MALE) if dice.random() < 0.35 else ""
        title = "" if age < 16 else ("Mr" if somebody.sex == "male" else dice.choice(["Mrs", "Mrs", "Ms", "Miss"]))
        settled.append(
            replace(
                somebody,
                title=title,
                given_names=f"{given} {second}".strip(),
                family_name=dice.choice(family_names) if own_name else family,
                practice=practice,
                ethnicity=code,
                language=language,
                interpreter=language != "en" and age > 60 and dice.random() < 0.5,
                address=address,
                postcode=postcode,
                lsoa=neighbourhood,
                telephone=telephone,
                household=number,
            )
        )
    return settled


def _with_number(dice: Random, somebody: Invented, numbers: Iterator[str], on: date) -> Invented:
    """About 1 in 150 has no NHS number, for a reason; for 2 in a thousand the birth date is estimated."""
    number = next(numbers)
    if dice.random() < 1 / 150:
        newborn = age_on(somebody.born_on, on) == 0
        reason = names.NO_NUMBER_REASONS[0] if newborn else dice.choice(names.NO_NUMBER_REASONS[1:])
        return replace(somebody, no_number_reason=reason)
    precision = "estimated" if dice.random() < 0.002 else "exact"
    return replace(somebody, nhs_number=number, birth_precision=precision)
