"""What else is coded of older people in the fictional place: deficits, scores, medicines, what was planned.

The shares are ours: high enough that every criterion of every shipped pack is met by somebody among a few thousand people.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from ambit.demonstration.rules import LIFE_LIMITING, Invented, age_on

# SNOMED CT code, its term, share in a thousand of those aged 65 and over, how many days back at the most
OF_AGE = [
    ("21134002", "Disability", 120, 4000), ("271737000", "Anaemia", 150, 3000), ("396275006", "Osteoarthritis", 330, 7000),
    ("49436004", "Atrial fibrillation", 140, 4000), ("266257000", "Transient ischaemic attack", 70, 4000),
    ("433144002", "Chronic kidney disease stage 3", 160, 3000), ("404640003", "Dizziness", 130, 2500),
    ("267036007", "Dyspnoea", 150, 1500), ("161898004", "Falls", 170, 900), ("185303007", "Seen by podiatrist", 160, 1500),
    ("5913000", "Fracture of neck of femur", 50, 1500), ("15188001", "Hearing loss", 210, 5000),
    ("60573004", "Aortic valve stenosis", 60, 3000), ("160689007", "Housebound", 70, 1200),
    ("271594007", "Syncope", 90, 2500), ("414545008", "Ischaemic heart disease", 180, 6000),
    ("386807006", "Memory impairment", 110, 1800), ("8510008", "Reduced mobility", 150, 2000),
    ("64859006", "Osteoporosis", 140, 5000), ("26079004", "Tremor", 50, 3000), ("13200003", "Peptic ulcer", 60, 8000),
    ("400047006", "Peripheral vascular disease", 60, 4000), ("184156005", "Has a caregiver", 110, 1500),
    ("399912005", "Pressure ulcer", 50, 900), ("193462001", "Insomnia", 120, 4000), ("105529008", "Lives alone", 280, 4000),
    ("40930008", "Hypothyroidism", 110, 7000), ("165232002", "Urinary incontinence", 130, 3000),
    ("68566005", "Urinary tract infectious disease", 140, 700), ("193570009", "Cataract", 260, 5000),
    ("89362005", "Weight loss", 80, 700), ("161898004", "Falls", 80, 300), ("301011002",
    "Escherichia coli urinary tract infection", 50, 150), ("50417007", "Lower respiratory tract infection", 90, 200),
]  # fmt: skip
# the same, of those of any age with a life-limiting condition
OF_ILLNESS = [
    ("526631000000108", "On end of life care register", 70, 500), ("103735009", "Palliative care", 90, 600),
    ("414937009", "On gold standards palliative care framework", 60, 600),
    ("514591000000108", "Completion of DS1500 terminal illness medical report", 40, 1800),
    ("871021000000106", "Prescription of palliative care anticipatory medication", 50, 500),
    ("201511000000105", "Under care of palliative care service", 60, 600),
    ("1107891000000106", "Has Recommended Summary Plan for Emergency Care and Treatment", 80, 900),
    ("1025611000000105", "End of life care plan offered", 60, 900),
    ("713662007", "Discussion about advance care planning", 80, 900),
    ("1095091000000103", "End of life advance care planning declined", 50, 600),
    ("1048611000000104", "Palliative care not currently clinically indicated", 40, 500),
    ("423053003", "ECOG performance status - grade 3", 70, 250), ("160734000", "Lives in nursing home", 110, 300),
    ("282145008", "Unable to walk", 60, 400), ("40739000", "Dysphagia", 120, 400), ("78459008", "Double incontinence", 60, 900),
    ("422588002", "Aspiration pneumonia", 50, 400),
]  # fmt: skip
# of those with the condition named
OF_CONDITION = {
    "heart_failure": [
        ("420913000", "New York Heart Association Classification - Class III", 250, 500),
        ("421704003", "New York Heart Association Classification - Class II", 400, 500),
    ],
    "copd": [
        ("391126003", "MRC Breathlessness Scale grade 5", 200, 500),
        ("243137006", "Long-term oxygen therapy", 120, 900),
    ],
    "cirrhosis": [("389026000", "Ascites", 900, 300)],
}
# LOINC code, name, unit in UCUM, lowest, highest
SCORES = [
    ("89247-1", "ECOG performance status score", "{score}", 0, 4),
    ("89243-0", "Karnofsky performance status score", "{score}", 30, 100),
    ("39156-5", "Body mass index", "kg/m2", 16, 33),
]
MEDICINES = (
    "Amlodipine 5mg tablets", "Atorvastatin 20mg tablets", "Bisoprolol 2.5mg tablets", "Furosemide 40mg tablets",
    "Omeprazole 20mg capsules", "Paracetamol 500mg tablets", "Ramipril 5mg capsules", "Senna 7.5mg tablets",
)  # fmt: skip

Sign = tuple[str, str, date]


def dice_for(somebody: Invented, seed: int) -> Random:
    return Random(f"{seed}/{somebody.nhs_number}/signs")  # noqa: S311  (the same each time)


def coded(somebody: Invented, dice: Random, on: date) -> Iterator[Sign]:
    """SNOMED CT code, term and day of each sign, up to the day or the death."""
    last = min(on, somebody.died_on or on)
    several = list(OF_AGE) if age_on(somebody.born_on, on) >= 65 else []
    if LIFE_LIMITING & set(somebody.conditions):
        several += OF_ILLNESS
    for condition in somebody.conditions:
        several += OF_CONDITION.get(condition, [])
    often = 3 if "severe_frailty" in somebody.conditions else 1
    for code, term, share, back in several:
        if dice.random() * 1000 < share * often:
            yield code, term, max(last - timedelta(days=dice.randint(1, back)), somebody.born_on)


def scores(somebody: Invented, dice: Random, on: date) -> Iterator[tuple[str, str, str, int, date]]:
    """What is scored now and then of the ill: LOINC code, name, unit, value, day."""
    last = min(on, somebody.died_on or on)
    if LIFE_LIMITING & set(somebody.conditions):
        for code, name, unit, lowest, highest in SCORES:
            if dice.random() < 0.3:
                yield code, name, unit, dice.randint(lowest, highest), last - timedelta(days=dice.randint(5, 300))


def medicines(somebody: Invented, dice: Random, on: date) -> Iterator[tuple[str, date]]:
    """What is prescribed to older people, in words, as some systems send it."""
    last = min(on, somebody.died_on or on)
    if age_on(somebody.born_on, on) >= 60:
        for name in dice.sample(MEDICINES, dice.randint(1, len(MEDICINES))):
            yield name, last - timedelta(days=dice.randint(1, 420))
