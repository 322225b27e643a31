"""What the people of the place say, and what their nurses and doctors write about them: our own words, by condition."""

# condition: what somebody who comes tonight would want to know
NOTES = {
    "heart_failure": [
        "Breathless lying down, sleeps in the chair. Legs weep. Extra water tablets have not helped this week.",
        "Tired after a few steps. Wants no more admissions for fluid. Fan by the bed helps.",
    ],
    "copd": [
        "Breathless at rest, worse when frightened. Sit forward over a table, window open, talk slowly.",
        "Oxygen at two litres by nose: more makes the head heavy. Third chest infection since summer.",
    ],
    "dementia": [
        "Does not know the house at night and calls out. Calms with music and a hand held. Eats little.",
        "In bed most of the day. Chokes on thin drinks: thicken them. Pain shows as frowning and gripping.",
    ],
    "metastatic_cancer": [
        "Pain in the back, well held since Friday by the slow tablets. Sick in the mornings. Sleeping more.",
        "Yellow since last week, itching. Knows that time is short and wants to talk about it.",
    ],
    "chronic_kidney_disease_4": [
        "Has decided against dialysis. Itching and restless legs at night. Avoid anti-inflammatory tablets.",
        "Sleepy by the afternoon, clear in the morning. Wants decisions talked about before lunch.",
    ],
    "stroke": ["Speech is slow but the understanding is good: wait for the answer. Left side weak, two to move."],
    "parkinsons": [
        "Stiff and frightened when tablets are late: give them on the hour. Swallowing is poor after six.",
        "Sees people who are not there, and is used to them. No haloperidol or metoclopramide.",
    ],
    "motor_neurone_disease": [
        "Cannot lie flat. Speaks by a letter board on the bed rail. Mask at night, taken off to talk.",
    ],
    "cirrhosis": ["Belly drained every two weeks. Muddled when constipated: ask about bowels first."],
    "severe_frailty": [
        "Falls most weeks, does not want to be lifted by strangers. Daughter next door has a key.",
        "In bed since Sunday, drinking sips. Family are taking turns. Skin on the heels is breaking.",
    ],
    "cystic_fibrosis": ["On the list for nothing more. Physiotherapy twice a day is still wanted; ask first."],
    "duchenne": ["Mask ventilator from ten at night. Uses his phone to speak. His mother knows every setting."],
    "severe_cerebral_palsy": [
        "Fits last two minutes and stop. Fed by tube. Smiles mean yes. Parents stay in the room."
    ],
}
# condition: if this happens, do this
HAPPENS = {
    "heart_failure": ("More breathless", "Sit up, fan, window open. Ring the heart failure nurse before 999."),
    "copd": ("Chest infection", "Start the tablets in the kitchen drawer. Hospital only if wanted that day."),
    "dementia": ("Stops eating and drinking", "Mouth care, tastes for pleasure. This is expected. Ring the family."),
    "metastatic_cancer": ("Pain not held", "Give the quick medicine, wait half an hour, ring the advice line."),
    "chronic_kidney_disease_4": ("Drowsy or twitching", "Ring the advice line: medicines may have to change."),
    "stroke": ("Another stroke", "Stay at home unless in distress that cannot be helped here."),
    "parkinsons": ("Cannot swallow tablets", "Ring the advice line the same day for patches."),
    "motor_neurone_disease": ("Choking", "Sit forward, stay, give the medicine in the just-in-case box."),
    "cirrhosis": ("Bleeding", "Dark towels, stay with them, give the crisis medicine. This may be the end."),
    "severe_frailty": ("A fall", "Lift only if moving does not hurt. Hip or head: hospital, with family."),
    "cystic_fibrosis": ("Coughs blood", "Sit up, ring the ward: they know them by name."),
    "duchenne": ("Chest infection", "Cough machine, antibiotics by mouth, ring the ward on call."),
    "severe_cerebral_palsy": ("A fit longer than five minutes", "Rescue medicine in the red bag; parents give it."),
}
DYING = ("Dying", "Stay where they are. Stop observations. Ring the advice line, day or night.")
MATTERS = [
    "The garden from the kitchen window, and no fuss.",
    "To see the spring lambing once more.",
    "Radio on low, the door left open, the dog allowed up.",
    "That my husband is not left alone at night.",
    "Mass on Sundays, or the priest at home.",
    "To be told the truth, first and plainly.",
    "My own bed. My own tea. My sister on the telephone at six.",
    "Not to be a burden. To settle the house.",
    "The grandchildren running in and out as they do.",
    "Football on Saturday with the sound up.",
    "Prayers five times, turned to face the right way.",
    "To go on being asked, even when I am slow.",
]
WORRIES = [
    "Being breathless and nobody coming.",
    "Dying on a trolley.",
    "Pain that nobody believes.",
    "What happens to the cat.",
    "Being sent from ward to ward.",
    "Losing my wits before I go.",
]
CHANGES = [
    "Not hospital.",
    "Hospital only for something that can be put right in a day.",
    "The hospice if the family are worn out.",
    "Ask again when things change.",
]
GETTING_IN = [
    "Key safe by the back door, code with the district nurses. Three steps.",
    "Ring twice, it takes a while. Dog is friendly.",
    "Intercom, flat on the second floor, no lift.",
    "Neighbour at number 12 has a key at any hour.",
    "Park in the yard; the lane is too narrow for an ambulance.",
]
ALLERGIES = [
    ("Penicillin", "rash"),
    ("Co-trimoxazole", "blistering rash"),
    ("Codeine", "sick and confused"),
    ("Plasters with zinc oxide", "skin comes off"),
    ("Latex", "wheeze"),
    ("Metoclopramide", "cannot keep still"),
]
BOX = [
    {"name": "Morphine 10mg/1ml injection", "for": "Pain, breathlessness", "count": "5"},
    {"name": "Midazolam 10mg/2ml injection", "for": "Agitation", "count": "5"},
    {"name": "Levomepromazine 25mg/1ml injection", "for": "Sickness", "count": "5"},
    {"name": "Glycopyrronium 200 micrograms/1ml injection", "for": "Secretions", "count": "5"},
]
KEPT = ["Kitchen, top cupboard right of the cooker", "Wardrobe in the bedroom", "Sideboard, locked, key on the hook"]
CPR_REASONS = [
    "CPR would not bring them back to a life they would want. They said so themselves.",
    "CPR would not work: heart, lungs and strength are at their end.",
    "They want a natural death, and told their family.",
]
REVIEWS = [
    "Talked through at the palliative care meeting; as it was.",
    "Seen at home. A little weaker, plans hold.",
    "Rang the family; they are managing.",
]
# relation, whether a name for a woman is meant
CLOSE = [("daughter", True), ("son", False), ("wife", True), ("husband", False), ("sister", True), ("brother", False)]
