"""What hospitals, community teams and other searches have said of people in the fictional place, beside what signs.py gives.

The shares are ours: high enough that every criterion that a record can answer is met by somebody among a few thousand people.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from ambit.demonstration.rules import LIFE_LIMITING, Invented, age_on

SNOMED, LOINC, AMBIT = "http://snomed.info/sct", "http://loinc.org", "urn:x-ambit:result"

Finding = tuple[str, str, str, int, int]  # system, code, term, share in a thousand, how many days back at the most
Measurement = tuple[str, str, str, str, float, float, int, int]  # … unit, lowest, highest, share, days back

OF_ILLNESS: list[Finding] = [
    (SNOMED, "433146000", "Chronic kidney disease stage 5", 40, 1500),
    (SNOMED, "328383001", "Chronic liver disease", 60, 1500),
    (SNOMED, "716581000000101", "Excepted from stroke quality indicators - patient unsuitable", 80, 900),
    (SNOMED, "83291003", "Cor pulmonale", 120, 2000), (SNOMED, "109841003", "Liver cell carcinoma", 40, 2500),
    (SNOMED, "62744007", "Orthopnoea", 180, 250), (SNOMED, "267038008", "Oedema", 160, 300),
    (SNOMED, "238108007", "Cachexia", 160, 500), (SNOMED, "376971000000101",
    "European pressure ulcer advisory panel grade 3 ulcer", 110, 400),
    (SNOMED, "2776000", "Delirium", 120, 300), (SNOMED, "160685001", "Bed-ridden", 110, 300),
    (SNOMED, "450847001", "Responds to pain", 90, 14), (SNOMED, "302866003", "Hypoglycaemia", 90, 14),
    (SNOMED, "91175000", "Seizure", 90, 14), (SNOMED, "83128009", "Oliguria", 90, 14),
    (SNOMED, "29738008", "Proteinuria", 120, 600), (SNOMED, "102594003", "Electrocardiogram abnormal", 120, 600),
    (SNOMED, "386806002", "Impaired cognition", 90, 1500), (SNOMED, "161898004", "Falls", 160, 60),
    (SNOMED, "161898004", "Falls", 160, 170), (SNOMED, "161898004", "Falls", 160, 175),
    (SNOMED, "302497006", "Haemodialysis", 30, 900), (SNOMED, "428311008", "Non-invasive ventilation", 70, 900),
    (AMBIT, "surprise-question-no", "Would not be surprised if the person died within 12 months", 120, 110),
    (AMBIT, "surprise-question-yes", "Would be surprised if the person died within 12 months", 120, 110),
    (AMBIT, "conservative-kidney-care", "Conservative kidney care chosen, or dialysis stopped", 40, 900),
    (AMBIT, "ascites-diuretic-resistant", "Ascites that diuretics do not relieve", 30, 900),
    (AMBIT, "early", "EARLY amber", 140, 150),
]  # fmt: skip
OF_CONDITION: dict[str, list[Finding]] = {
    "metastatic_cancer": [
        (SNOMED, "367336001", "Chemotherapy", 500, 900), (SNOMED, "363418001", "Malignant tumor of pancreas", 200, 1000),
        (SNOMED, "160685001", "Bed-ridden", 250, 300),
    ],
    "heart_failure": [
        (SNOMED, "422293003", "New York Heart Association Classification - Class IV", 160, 500),
        (SNOMED, "84114007", "Heart failure", 400, 500), (SNOMED, "431857002", "Chronic kidney disease stage 4", 120, 500),
        *[(SNOMED, "424404003", "Decompensated chronic heart failure", 450, 500)] * 6,
    ],
    "chronic_kidney_disease_4": [(AMBIT, "conservative-kidney-care", "Conservative kidney care chosen", 400, 900)],
    "copd": [(SNOMED, "391125004", "Medical Research Council Dyspnoea scale grade 4", 300, 500)],
    "motor_neurone_disease": [(SNOMED, "428311008", "Non-invasive ventilation", 500, 400)],
}  # fmt: skip
MEASURED: list[Measurement] = [
    (LOINC, "96761-2", "Total score Barthel Index", "{score}", 5, 95, 250, 300),
    (LOINC, "20152-5", "FEV1 measured/predicted", "%", 18, 80, 350, 900),
    (AMBIT, "fvc-percent-predicted", "Forced vital capacity, percent of predicted", "%", 25, 90, 350, 900),
    (AMBIT, "tlco-percent-predicted", "Transfer factor for carbon monoxide, percent of predicted", "%", 20, 80, 250, 900),
    (LOINC, "10230-1", "Left ventricular Ejection fraction", "%", 15, 60, 300, 900),
    (LOINC, "33914-3", "Estimated glomerular filtration rate", "mL/min/{1.73_m2}", 8, 60, 70, 300),
    (LOINC, "2951-2", "Sodium in serum or plasma", "mmol/L", 126, 144, 350, 500),
    (LOINC, "8480-6", "Systolic blood pressure", "mm[Hg]", 70, 160, 500, 14),
    (LOINC, "8867-4", "Heart rate", "/min", 34, 150, 500, 14), (LOINC, "9279-1", "Respiratory rate", "/min", 3, 36, 400, 14),
    (LOINC, "2708-6", "Oxygen saturation in Arterial blood", "%", 84, 99, 300, 14),
    (SNOMED, "1104051000000101", "NEWS2 total score", "{score}", 0, 9, 300, 14),
    (SNOMED, "763264000", "Clinical Frailty Scale score", "{score}", 3, 9, 250, 500),
    (AMBIT, "efi2", "eFI2 score", "{score}", 0.02, 0.36, 400, 500),
    (AMBIT, "qmortality", "QMortality risk of death within a year", "%", 2, 75, 400, 500),
]  # fmt: skip
FRAILTY = ("1129331000000101", "1129341000000105", "1129351000000108", "1129361000000106", "1129371000000104",
           "1129381000000102", "1129391000000100", "1129401000000102", "1129411000000100")  # fmt: skip
RUNS_EARLY = "Z90002"  # the one practice that runs the EARLY searches, and brings in what they find
SPECTRUM = ("red", "amber", "yellow", "green", "blue")


def dice_for(somebody: Invented, seed: int) -> Random:
    return Random(f"{seed}/{somebody.nhs_number}/findings")  # noqa: S311  (the same each time)


def coded(somebody: Invented, dice: Random, on: date) -> Iterator[tuple[str, str, str, date]]:
    """Code system, code, term and day of each finding, up to the day or the death."""
    ill = bool(LIFE_LIMITING & set(somebody.conditions))
    several = list(OF_ILLNESS) if ill else []
    for condition in somebody.conditions:
        several += OF_CONDITION.get(condition, [])
    for system, code, term, share, back in several:
        if dice.random() * 1000 < share:
            day = _day(somebody, dice, on, back)
            if code != "early" or somebody.practice == RUNS_EARLY:
                yield system, code, term, day
    for _ in range(dice.choice((0, 0, 1, 2)) if age_on(somebody.born_on, on) >= 65 else 0):
        level = min(9, max(1, round(dice.gauss(6 if ill else 4, 2.3))))
        yield SNOMED, FRAILTY[level - 1], f"Clinical Frailty Scale level {level}", _day(somebody, dice, on, 600)
    if ill and age_on(somebody.born_on, on) < 20:
        for _ in range(5):
            band, group = dice.choice(SPECTRUM), dice.randint(1, 4)
            yield AMBIT, f"cyp-spectrum-{band}", f"Spectrum, {band}", _day(somebody, dice, on, 800)
            yield AMBIT, f"tfsl-group-{group}", f"Together for Short Lives group {group}", _day(somebody, dice, on, 900)


def measured(somebody: Invented, dice: Random, on: date) -> Iterator[tuple[str, str, str, str, float, date]]:
    """What is measured of the ill: code system, code, name, unit, value, day."""
    if LIFE_LIMITING & set(somebody.conditions):
        for system, code, name, unit, lowest, highest, share, back in MEASURED:
            if dice.random() * 1000 < share:
                value = round(dice.uniform(lowest, highest), 2 if highest < 1 else 0 if unit == "{score}" else 1)
                yield system, code, name, unit, value, _day(somebody, dice, on, back)


def _day(somebody: Invented, dice: Random, on: date, back: int) -> date:
    last = min(on, somebody.died_on or on)
    return max(last - timedelta(days=dice.randint(1, back)), somebody.born_on)
