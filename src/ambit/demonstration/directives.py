"""Documents with legal force of the people of the cast: an unwitnessed refusal, a registered attorney, what disagrees, who is missing."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from ambit.careplan import actions as careplan
from ambit.demonstration.caring import moment, one_of, who
from ambit.demonstration.clock import clock_at

# family name, given names, who recorded it, days ago, kind, made how many days ago, how it came here, what it says
Recorded = tuple[str, str, str, int, str, int | None, str, dict[str, Any]]

DOCUMENTS: list[Recorded] = [
    (
        "Ashworth", "Margaret Jean", "Amina Rahman", 140, "advance_decision", 531, "copy",
        {
            "form": "refusal", "treatments": ["cpr", "mask_ventilation", "intensive_care"], "capacity": "presumed",
            "in_writing": "yes", "signed": "person", "at_risk": "yes", "witnessed": "no",
            "paper_at": "Yellow folder, hall table",
        },
    ),
    (
        "Ashworth", "Margaret Jean", "Ruth Tannahill", 25, "authority", 990, "original",
        {
            "type": "lpa_health", "holders": [{"name": "Helen Ashworth-Doyle", "telephone": "07700 900418"}],
            "registered_on": -928, "life_sustaining": "yes", "reference": "7000 1234 5678",
        },
    ),
    (
        "Ashworth", "Margaret Jean", "Amina Rahman", 80, "emergency", 80, "",
        {
            "summary": "Severe heart failure and COPD. Clear about what she wants; hard of hearing, speak to the right ear.",
            "priority": "comfort", "comfort_scale": 8, "value_most": "Being at home with Helen and the cat",
            "fear_most": "Being moved at night", "cpr": "do_not_attempt",
            "cpr_reason": "CPR would not restart her heart for long, and she wants a natural death.",
            "has_capacity": "yes", "involvement": "A", "clinician": "Dr Amina Rahman", "clinician_role": "GP", "signed": "yes",
            "review_on": 11,
            "limits": [
                {"treatment": "hospital", "answer": "only_if", "words": "Comfort cannot be reached at home, or a broken bone."},
                {"treatment": "antibiotics", "answer": "yes", "words": "By mouth, or by vein at home."},
                {"treatment": "mask_ventilation", "answer": "only_if", "words": "A trial in hospital, if she is tired and wants it."},
                {"treatment": "intensive_care", "answer": "no", "words": "Would not help; she does not want it."},
                {"treatment": "feeding_tube", "answer": "no", "words": "Her own words."},
                {"treatment": "fluids", "answer": "ask", "words": "Peggy or, if she cannot decide, her daughter."},
                {"treatment": "defibrillator", "answer": "no", "words": "Switched off at Eskmouth General."},
            ],
        },
    ),
    (
        "Featherstonehaugh-Cholmondeley", "Bartholomew Maximilian Aurelius", "Amina Rahman", 9, "capacity", 9, "",
        {
            "decision": "To stay at Ferry View for good", "about": "place", "outcome": "lacks", "understand": "no",
            "retain": "no", "weigh": "no", "communicate": "yes", "impairment": "Alzheimer’s disease, moderate to severe",
            "link": "Believes that he is on a ship and goes home when it lands.",
            "support": "Asked twice, in the morning, with pictures of both rooms.", "may_return": "no",
            "assessor": "Dr Amina Rahman, GP",
        },
    ),
    (
        "Featherstonehaugh-Cholmondeley", "Bartholomew Maximilian Aurelius", "Amina Rahman", 8, "best_interests", 8, "",
        {
            "decision": "To stay at Ferry View for good", "about": "place", "options": "Ferry View; home with four visits a day",
            "wishes": "Likes company and the view of the water. Never liked to be told what to do.",
            "nobody_to_consult": True, "serious": "care_home", "consulted": "",
            "less_restrictive": "Home with visits was tried in the summer; he fell four times at night.",
            "not_to_bring_about_death": True, "outcome": "Stays at Ferry View, with walks to the harbour every day.",
            "decided_by": "Dr Amina Rahman, GP",
        },
    ),
    (
        "Featherstonehaugh-Cholmondeley", "Bartholomew Maximilian Aurelius", "Ruth Tannahill", 6, "authority", 1400, "reported",
        {
            "type": "lpa_health", "holders": [{"name": "Miles Featherstonehaugh"}],
            "note": "The home remembers a form; nobody has found a registration.",
        },
    ),
    (
        "Longworth", "Arthur", "Amina Rahman", 200, "advance_decision", 204, "",
        {
            "form": "refusal", "treatments": ["dialysis", "intensive_care", "operation"], "capacity": "attested",
            "attested_by": "Dr Amina Rahman", "in_writing": "yes", "signed": "person", "at_risk": "yes", "witnessed": "yes",
            "witness": "Jean Longworth", "circumstances": "Once the cancer has spread further",
        },
    ),
    (
        "Zielińska", "Wanda", "Ruth Tannahill", 9, "donation", 9, "",
        {"decision": "yes_some", "which": "Corneas", "on_register": "yes"},
    ),
    (
        "Thorne", "Isla Rose", "Sofia Quayle", 12, "emergency", 12, "",
        {
            "summary": "Batten disease. Hears and knows voices. Rescue medicine in the red bag by her bed.",
            "priority": "comfort", "comfort_scale": 9, "cpr": "modified",
            "cpr_reason": "Open the airway, suction, five breaths by bag and mask. No chest compressions, no drugs.",
            "has_capacity": "no", "involvement": "C", "child_involvement": "C2", "parents_involved": True,
            "clinician": "Dr Sofia Quayle", "clinician_role": "Palliative care consultant", "signed": "yes", "review_on": 78,
            "limits": [
                {"treatment": "hospital", "answer": "only_if", "words": "Her mother wants it, or a fit does not stop."},
                {"treatment": "antibiotics", "answer": "yes", "words": "Also at home."},
                {"treatment": "intensive_care", "answer": "no", "words": "Her parents and the team agree."},
            ],
        },
    ),
    (
        "Thorne", "Isla Rose", "Sofia Quayle", 12, "dispute", 20, "",
        {
            "about": "A feeding tube", "views_held": "Her mother would like one; her father fears the operation.",
            "next_step": "second_opinion", "led_by": "Dr Sofia Quayle",
        },
    ),
]  # fmt: skip
DAYS = ("registered_on", "review_on")


def record_them(today: date) -> None:
    """Each on the day it was recorded, by whoever recorded it; Helen signs in, so that her access comes with the document."""
    for family, given, name, days_ago, kind, made, seen, said in sorted(DOCUMENTS, key=lambda row: -row[3]):
        by = who(name)
        person = one_of(by, family, given)
        kept = {part: today + timedelta(days=value) if part in DAYS else value for part, value in said.items()}
        with clock_at(moment(today, days_ago)):
            careplan.record_directive(
                by=by,
                person=person,
                kind=kind,
                source="transcribed" if seen else "made_here",
                said=kept | {"seen": seen, "made_on": today - timedelta(days=made) if made else None},
                on=today - timedelta(days=days_ago),
                key=uuid4(),
            )
