"""What the people of the cast have had written for them: whole, stale, disagreeing, none. Days count back from today."""

from typing import Any

# who wrote, how many days ago, section, what it says (by the item's own part of its id)
Saved = tuple[str, int, str, dict[str, Any]]

PEGGY: list[Saved] = [
    (
        "Ruth Tannahill",
        191,
        "what_matters",
        {
            "words": "Her own bed, Helen nearby, the cat on it, and Radio 3. No fuss.",
            "worries": "Being moved at night, and strangers who shout.",
            "who_said": "person",
        },
    ),
    (
        "Amina Rahman",
        80,
        "allergies",
        {
            "status": "some",
            "list": [{"substance": "Penicillin", "reaction": "swollen throat", "when": "2009"}],
        },
    ),
    (
        "Ruth Tannahill",
        2,
        "people_to_ring",
        {
            "people": [
                {
                    "name": "24-hour advice line",
                    "relation": "Merrowdale Hospice",
                    "telephone": "01632 960140",
                    "hours": "always",
                    "when": "Nurse answers, doctor on call",
                },
                {
                    "name": "Helen Ashworth-Doyle",
                    "relation": "Daughter, lives with her. Attorney for health",
                    "telephone": "07700 900418",
                },
                {
                    "name": "District nurses, night",
                    "relation": "Hold her box",
                    "telephone": "01632 960177",
                    "hours": "daily",
                    "opens": "20",
                    "closes": "08",
                },
            ]
        },
    ),
    (
        "Ruth Tannahill",
        2,
        "need_to_know",
        {
            "note": "More breathless since Tuesday. Chose to stay at home. Night sitter from 10pm to 6am. "
            "Helen is asleep upstairs: wake her. Cat gets out.",
            "until_on": +12,
        },
    ),
    (
        "Ruth Tannahill",
        191,
        "place_of_care",
        {
            "care_first": "own_home",
            "care_second": "hospice",
            "death_first": "own_home",
            "death_second": "hospice",
            "which": "Merrowdale Hospice",
            "words": "Not hospital.",
        },
    ),
    (
        "Amina Rahman",
        80,
        "if_this_happens",
        {
            "what": [
                {
                    "happens": "Breathless and worse than usual",
                    "do": "Sit up, fan, window open. Morphine by mouth (brown bottle, bedside), then injections from "
                    "the box. Ring the advice line before moving her.",
                },
                {"happens": "Chest infection", "do": "Treat at home first. Hospital at Home takes calls 8am to 10pm."},
                {
                    "happens": "Legs or belly swelling",
                    "do": "Ring the heart failure nurse, same or next day. Extra tablets only as on the chart.",
                },
                {
                    "happens": "Fall",
                    "do": "Lift only if no pain on moving. Hip or head injury: hospital, with Helen if possible.",
                },
                {
                    "happens": "Dying",
                    "do": "Stay at home. Stop observations. Advice line sends a nurse day or night.",
                },
            ]
        },
    ),
    (
        "Ruth Tannahill",
        2,
        "getting_in",
        {
            "words": "4 Mill Rise, Eskmouth. Key safe right of back door, code 4471. Two steps. Oxygen concentrator in "
            "bedroom: no smoking."
        },
    ),
    (
        "Ruth Tannahill",
        2,
        "medicines_at_home",
        {
            "box": "yes",
            "kept": "Top shelf, kitchen cupboard left of sink",
            "medicines": [
                {"name": "Morphine 10mg/1ml injection", "for": "Pain, breathlessness", "count": "5"},
                {"name": "Midazolam 10mg/2ml injection", "for": "Agitation", "count": "5"},
                {"name": "Levomepromazine 25mg/1ml injection", "for": "Sickness", "count": "4"},
                {"name": "Glycopyrronium 200 micrograms/1ml injection", "for": "Secretions", "count": "5"},
            ],
            "chart_until_on": +9,
        },
    ),
]

PEGGY += [
    (
        "Ruth Tannahill",
        60,
        "about_me",
        {
            "life": "Taught infants for thirty years at Eskmouth Primary. Widow of Jack. Two children, four grandchildren.",
            "good_day": "Slept through, porridge, the garden window open, Helen home by five.",
            "upset": "Being talked over. Bright lights at night.",
            "support": "Sit down, say who you are, and wait for her to get her breath.",
            "communicate": "Hears well with the left aid in. Glasses for reading.",
            "faith": "Methodist. Rev Gill visits on Thursdays.",
        },
    ),
    (
        "Amina Rahman",
        80,
        "illness",
        {
            "main": "Heart failure, severe (ejection fraction 20%)",
            "main_code": "84114007",
            "main_since": "2021",
            "others": [
                {"name": "Chronic kidney disease stage 4", "since": "2022"},
                {"name": "Type 2 diabetes", "since": "2009"},
            ],
            "understanding": "Knows her heart is failing and that there is no operation. Wants to be told things straight.",
            "tools": ["gsf"],
        },
    ),
    (
        "Amina Rahman",
        12,
        "prognosis",
        {
            "expected": "weeks",
            "words": "Weeks, perhaps few. A chest infection could shorten it.",
            "assessed_by": "Dr Amina Rahman",
            "assessed_on": -12,
            "person_knows": "yes",
            "carer_knows": "aware",
            "relative_knows": "aware",
        },
    ),
    (
        "Amina Rahman",
        80,
        "treatment",
        {
            "now": "Furosemide by mouth, bisoprolol stopped in September. Treatment is for comfort.",
            "stopped": "Hospital admissions for heart failure: she does not want another.",
            "out_of_hours": "Advice line first. Night sitter from 10pm.",
        },
    ),
    (
        "Ruth Tannahill",
        12,
        "talks",
        {
            "answer": "accepted",
            "with_whom": "Helen, and not the grandchildren",
            "topics": ["matters", "treatment", "cpr", "place", "dying"],
            "held": [
                {
                    "on": -12,
                    "led_by": "Dr Amina Rahman",
                    "who": "Peggy, Helen, Ruth Tannahill",
                    "outcome": "Stays at home. No more hospital. CPR decision read through again and unchanged.",
                },
                {"on": -80, "led_by": "Dr Amina Rahman", "who": "Peggy and Helen", "outcome": "CPR decided."},
            ],
            "review_on": +30,
        },
    ),
    (
        "Ruth Tannahill",
        2,
        "professionals",
        {
            "who": [
                {
                    "name": "Ruth Tannahill",
                    "group": "district_nurse",
                    "organisation": "Eskmouth nurses",
                    "telephone": "01632 960171",
                },
                {
                    "name": "Dr Amina Rahman",
                    "group": "gp",
                    "organisation": "Brackenhill Surgery",
                    "telephone": "01632 960151",
                },
                {
                    "name": "Colin Marsh",
                    "group": "specialist_nurse",
                    "organisation": "Heart failure team",
                    "note": "Weekdays",
                },
                {"name": "Rev Sandra Gill", "group": "spiritual", "organisation": "Eskmouth Methodist Church"},
            ]
        },
    ),
    (
        "Ruth Tannahill",
        60,
        "carers",
        {
            "has": "has",
            "name": "Helen Ashworth-Doyle",
            "telephone": "07700 900418",
            "does": "Everything at night and before work. Tired; a sitter comes four nights.",
            "assessment": "done",
            "told": "yes",
        },
    ),
    (
        "Ruth Tannahill",
        60,
        "daily_life",
        {
            "disabilities": ["hearing", "moving"],
            "words": "Left hearing aid. Walks to the commode with one to help.",
            "function": "In bed or chair most of the day; washes her own face and hands.",
            "eating": "Small meals, likes porridge and ice cream. Swallows well.",
        },
    ),
    (
        "Ruth Tannahill",
        60,
        "equipment",
        {
            "oxygen": "yes",
            "oxygen_words": "2 litres as prescribed, by nasal tube, for comfort",
            "oxygen_sources": [
                {"kind": "concentrator", "where": "Bedroom, left of the bed", "supplier": "On its label"},
                {"kind": "cylinder", "where": "Hall cupboard, for a power cut", "supplier": "On its label"},
            ],
            "defibrillator": "off",
            "defibrillator_on": -170,
            "defibrillator_by": "Cardiac physiologist, Eskmouth Infirmary",
            "defibrillator_where": "At home",
            "defibrillator_clinic": "Device clinic, 01632 960188",
            "driver": "no",
            "moving": "Profiling bed, commode, slide sheet",
        },
    ),
]

ADVICE = {
    "name": "24-hour advice line",
    "relation": "Merrowdale Hospice",
    "telephone": "01632 960140",
    "hours": "always",
}

# what happened to the medicines in a home: who, days ago, medicine, kind, how many, what for; one count does not add up
MEDICINES = {
    ("Ashworth", "Margaret Jean"): [
        ("Ruth Tannahill", 12, "Morphine 10mg/1ml injection", "supplied", 5, ""),
        ("Ruth Tannahill", 12, "Midazolam 10mg/2ml injection", "supplied", 5, ""),
        ("Ruth Tannahill", 12, "Levomepromazine 25mg/1ml injection", "supplied", 5, ""),
        ("Ruth Tannahill", 12, "Glycopyrronium 200 micrograms/1ml injection", "supplied", 5, ""),
        ("Ruth Tannahill", 6, "Levomepromazine 25mg/1ml injection", "used", 1, "Sickness"),
        ("Ruth Tannahill", 2, "Levomepromazine 25mg/1ml injection", "counted", 4, ""),
        ("Ruth Tannahill", 2, "Morphine 10mg/1ml injection", "counted", 5, ""),
    ],
    ("Oyelaran", "Desmond"): [
        ("Amina Rahman", 9, "Morphine 10mg/1ml injection", "supplied", 10, ""),
        ("Amina Rahman", 1, "Morphine 10mg/1ml injection", "counted", 8, ""),
    ],
}

# family name and given names: what was written
SECTIONS: dict[tuple[str, str], list[Saved]] = {
    ("Ashworth", "Margaret Jean"): PEGGY,
    # stale: the note has ended, nobody looked for eight months
    ("Longworth", "Arthur"): [
        (
            "Amina Rahman",
            250,
            "need_to_know",
            {
                "note": "Lung cancer, spread to bone. Wants to be at home with Jean. Pain when moved: give "
                "something before you lift.",
                "until_on": -160,
            },
        ),
        ("Amina Rahman", 250, "allergies", {"status": "none_known"}),
        ("Amina Rahman", 250, "people_to_ring", {"people": [ADVICE]}),
    ],
    ("Oyelaran", "Desmond"): [
        (
            "Amina Rahman",
            30,
            "need_to_know",
            {
                "note": "Kidney failure, stopped dialysis in October. Sleepy but wakes to his wife’s voice. Two CPR "
                "forms disagree: being settled on Thursday.",
                "until_on": +5,
            },
        ),
        ("Amina Rahman", 30, "allergies", {"status": "none_known"}),
        ("Amina Rahman", 30, "people_to_ring", {"people": [ADVICE]}),
    ],
    ("Featherstonehaugh-Cholmondeley", "Bartholomew Maximilian Aurelius"): [
        (
            "Ruth Tannahill",
            6,
            "need_to_know",
            {
                "note": "Dementia, lives at Ferry View. Calms when his hand is held and he is called Captain. Swallows "
                "slowly: sit him up.",
                "until_on": +20,
            },
        ),
        (
            "Ruth Tannahill",
            6,
            "allergies",
            {
                "status": "some",
                "list": [{"substance": "Co-trimoxazole", "reaction": "blistering rash, in hospital", "when": "1998"}],
            },
        ),
    ],
    ("Thorne", "Isla Rose"): [
        (
            "Amina Rahman",
            12,
            "need_to_know",
            {
                "note": "Batten disease. Fits: rescue medicine in the red bag by her bed, her mother gives it. She hears "
                "and knows voices: say what you do before you touch her.",
                "until_on": +30,
            },
        ),
        ("Amina Rahman", 12, "allergies", {"status": "none_known"}),
    ],
    ("Pym", "Harold"): [
        (
            "Ruth Tannahill",
            12,
            "need_to_know",
            {
                "note": "Motor neurone disease. Cannot lie flat. Speaks by a letter board on the bed rail. His wife Ada "
                "sleeps beside him.",
                "until_on": +2,
            },
        ),
        ("Ruth Tannahill", 12, "people_to_ring", {"people": [ADVICE]}),
        ("Amina Rahman", 60, "what_matters", {"words": "Ada, and Radio 4 at six.", "who_said": "person"}),
    ],
    ("Zielińska", "Wanda"): [
        (
            "Ruth Tannahill",
            9,
            "need_to_know",
            {
                "note": "Speaks Polish; understands some English when not tired. Ovarian cancer. Her son Marek interprets "
                "by day; use the telephone interpreter at night.",
                "until_on": +15,
            },
        ),
        ("Ruth Tannahill", 9, "allergies", {"status": "not_known"}),
    ],
}

# family name, given names, who, made here or on paper, reading, days ago, review in days from today, reason
CPR = [
    (
        "Ashworth",
        "Margaret Jean",
        "Amina Rahman",
        "here",
        "do_not_attempt",
        80,
        11,
        "CPR would not restart her heart for long, and she wants a natural death.",
    ),
    (
        "Longworth",
        "Arthur",
        "Amina Rahman",
        "here",
        "do_not_attempt",
        250,
        -160,
        "His heart and lungs would not recover. He said: let me go.",
    ),
    (
        "Oyelaran",
        "Desmond",
        "Amina Rahman",
        "here",
        "do_not_attempt",
        30,
        60,
        "CPR would not work with his kidney failure. He and his wife agreed.",
    ),
    (
        "Oyelaran",
        "Desmond",
        "Ruth Tannahill",
        "paper",
        "attempt",
        24,
        None,
        "Hospital form in the hall drawer: for attempted CPR.",
    ),
    (
        "Thorne",
        "Isla Rose",
        "Sofia Quayle",
        "here",
        "modified",
        12,
        78,
        "Open the airway, suction, five breaths by bag and mask. No chest compressions, no drugs.",
    ),
    ("Zielińska", "Wanda", "Amina Rahman", "here", "not_decided", 9, None, ""),
]

# family name, given names, stage, days ago, whether the person knows
REGISTER = [
    ("Ashworth", "Margaret Jean", "weeks", 190, True),
    ("Longworth", "Arthur", "months", 250, True),
    ("Oyelaran", "Desmond", "days", 30, True),
    ("Featherstonehaugh-Cholmondeley", "Bartholomew Maximilian Aurelius", "months", 60, True),
    ("Thorne", "Isla Rose", "months", 40, True),
    ("Zielińska", "Wanda", "months", 9, True),
    ("Pym", "Harold", "weeks", 120, True),
]

# days ago, whose (their GP, family name, given names), why, in the paramedic's own words; the last one was reviewed
EMERGENCIES = [
    (
        1,
        ("Amina Rahman", "Ashworth", "Margaret Jean"),
        "cannot_say",
        "Found on the kitchen floor, drowsy, nobody else in the house.",
    ),
    (
        2,
        ("Marta Nowicka", "Castlereagh", "Enid"),
        "cannot_say",
        "Breathless, too breathless to speak. Neighbour let us in and did not know her medicines.",
    ),
    (6, ("Owen Shah", "Preston", "Joan"), "cannot_say", "Collapsed at the bus stop, confused, no bag or papers."),
]
