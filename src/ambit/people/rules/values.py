"""Value sets: what may be recorded about a person, in codes and words. "Not recorded" is always the absence of one."""

SEXES = {"female": "Female", "male": "Male", "indeterminate": "Indeterminate"}

BIRTH_PRECISIONS = {
    "exact": "Exact",
    "estimated": "Estimated",
    "month": "Month and year only",
    "year": "Year only",
    "unborn": "Not born yet (due date)",
}

NO_NUMBER_REASONS = {
    "unborn": "Not born yet",
    "newborn": "Newborn, not yet allocated",
    "visitor": "Visitor from overseas",
    "not_registered": "Not registered with a GP",
    "awaiting_trace": "Awaiting tracing",
    "no_match": "Traced, no match",
    "not_known": "Number not known",
    "homeless": "Homeless, number not known",
    "detained": "In prison or detained, number not known",
    "protected": "Identity protected by law",
    "source_has_none": "The source gave none",
}

# NHS Data Dictionary: NHS NUMBER STATUS INDICATOR CODE
NUMBER_STATUSES = {
    "01": "Present and verified",
    "02": "Present, not traced",
    "03": "Trace required",
    "04": "Trace attempted, no match or several",
    "05": "Trace needs to be resolved",
    "06": "Trace in progress",
    "07": "Not present, no trace required",
    "08": "Trace postponed (baby under six weeks)",
}

# NHS Data Dictionary: GENDER IDENTITY CODE; words as in the census and the Unified Information Standard
GENDER_IDENTITIES = {
    "woman": "Woman (including trans woman)",
    "man": "Man (including trans man)",
    "non_binary": "Non-binary",
    "other": "In another way",
    "declined": "Asked, prefers not to say",
}

# NHS Data Dictionary: ETHNIC CATEGORY (16+1, census 2001)
ETHNICITIES = {
    "A": "White: British",
    "B": "White: Irish",
    "C": "White: any other background",
    "D": "Mixed: White and Black Caribbean",
    "E": "Mixed: White and Black African",
    "F": "Mixed: White and Asian",
    "G": "Mixed: any other background",
    "H": "Asian or Asian British: Indian",
    "J": "Asian or Asian British: Pakistani",
    "K": "Asian or Asian British: Bangladeshi",
    "L": "Asian or Asian British: any other background",
    "M": "Black or Black British: Caribbean",
    "N": "Black or Black British: African",
    "P": "Black or Black British: any other background",
    "R": "Other: Chinese",
    "S": "Any other ethnic group",
    "Z": "Asked, not stated",
}

# ISO 639 codes of the languages most often asked for; any other code is kept as given
LANGUAGES = {
    "en": "English",
    "cy": "Welsh",
    "ar": "Arabic",
    "bn": "Bengali (with Sylheti)",
    "bfi": "British Sign Language",
    "yue": "Cantonese",
    "fa": "Persian (Farsi)",
    "fr": "French",
    "gu": "Gujarati",
    "hi": "Hindi",
    "it": "Italian",
    "cmn": "Mandarin",
    "ne": "Nepali",
    "pl": "Polish",
    "pt": "Portuguese",
    "pa": "Punjabi",
    "ro": "Romanian",
    "so": "Somali",
    "es": "Spanish",
    "ta": "Tamil",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
}

# Accessible Information Standard (DCB1605): how to reach somebody, in what form, with what help
COMMUNICATION_NEEDS = {
    "large_print": "Large print",
    "easy_read": "Easy read",
    "braille": "Braille",
    "audio": "Audio instead of print",
    "email": "By e-mail",
    "text": "By text message",
    "no_telephone": "Cannot use the telephone",
    "bsl": "British Sign Language interpreter",
    "lipreads": "Lip-reads: face the person",
    "hearing_aid": "Wears hearing aids",
    "deafblind": "Deafblind: tactile contact",
    "aid": "Uses a communication aid or board",
    "advocate": "Speaks through an advocate or carer",
    "more_time": "Needs more time to understand and answer",
}

# Reasonable Adjustment Flag (DCB4019): the kinds of adjustment
ADJUSTMENTS = {
    "community": "Seen at home or outside the clinic",
    "time": "Time of day or length of visit",
    "environment": "Quiet or low-light place",
    "support": "Somebody known to them is present",
    "behaviour": "A known way to calm and reassure",
    "access": "Step-free way, hoist, or wide chair",
    "information": "Information explained before it happens",
}

LIVING_SITUATIONS = {
    "alone": "Lives alone",
    "partner": "With a partner",
    "family": "With family",
    "parents": "With parents or guardians",
    "others": "With others, not family",
    "care_home": "In a care home",
    "sheltered": "In sheltered or extra-care housing",
    "supported": "In supported living",
    "hostel": "In a hostel or temporary housing",
    "no_home": "No fixed home",
    "prison": "In prison or detention",
    "looked_after": "Child looked after by the council",
    "other": "Another situation",
}

# Core20PLUS5 and the Ambitions framework: groups who are offered palliative care late
INCLUSION_GROUPS = {
    "learning_disability": "Learning disability",
    "autism": "Autism",
    "serious_mental_illness": "Serious mental illness",
    "homelessness": "Homelessness",
    "drugs_or_alcohol": "Drug or alcohol dependence",
    "gypsy_roma_traveller": "Gypsy, Roma or Traveller",
    "vulnerable_migrant": "Vulnerable migrant or seeking asylum",
    "sex_worker": "Sex worker",
    "justice": "In contact with the justice system",
    "modern_slavery": "Victim of modern slavery",
    "lgbt": "LGBT+",
    "armed_forces": "Served in the armed forces",
}

ADDRESS_KINDS = {"home": "Home", "temporary": "Staying for now", "postal": "For letters", "school": "School"}

RELATIONS = {
    "wife": "Wife",
    "husband": "Husband",
    "partner": "Partner",
    "mother": "Mother",
    "father": "Father",
    "step_parent": "Step-parent",
    "foster_carer": "Foster carer",
    "daughter": "Daughter",
    "son": "Son",
    "child": "Child",
    "sister": "Sister",
    "brother": "Brother",
    "grandparent": "Grandparent",
    "grandchild": "Grandchild",
    "other_family": "Other family",
    "friend": "Friend",
    "neighbour": "Neighbour",
    "faith": "Faith leader or chaplain",
    "council": "Council, for a child in its care",
    "professional": "Paid carer or professional",
    "other": "Other",
}

# what somebody important is asked for; several may be so at once
ROLES = {
    "next_of_kin": "Next of kin, as the person names them",
    "main_carer": "Main carer",
    "carer": "Carer",
    "emergency": "To ring in an emergency",
    "named_to_consult": "Named by the person to be consulted",
    "parental_responsibility": "Has parental responsibility",
    "attorney_health": "Attorney for health and welfare",
    "keyholder": "Has a key",
    "dependant": "Depends on the person",
}

# Children Act 1989 sections 2 to 4A, 8, 12, 14A, 33; Adoption and Children Act 2002
PARENTAL_BASES = {
    "birth_mother": "Mother, by birth",
    "married_or_registered_father": "Father, married to the mother or named on the birth certificate",
    "second_parent": "Second female parent, by law or registration",
    "agreement": "Parental responsibility agreement",
    "court_order": "Court order (parental responsibility or child arrangements)",
    "adoption": "Adoption",
    "special_guardian": "Special guardianship order",
    "guardian": "Appointed guardian",
    "care_order": "Council, by care order",
    "surrogacy": "Parental order after surrogacy",
}

# SCCI1580 items 36 and 60: the standard's two-figure codes, with the words shown
DEATH_PLACES = {
    "20": "Private residence, not said whose",
    "21": "Own home",
    "22": "Somebody else’s home",
    "40": "Care home",
    "30": "Hospice or specialist palliative care unit",
    "10": "Hospital",
    "11": "Hospital: acute",
    "12": "Hospital: community",
    "13": "Hospital: other",
    "50": "Other place",
    "not_known": "Not known",
}

DEATH_PRECISIONS = {"exact": "Exact", "day": "Day known, time not", "estimated": "Estimated", "found": "Found dead"}

# what the history of a record says when a death turned out to be of another
RETRACTED_DEATH = "retracted a death"
