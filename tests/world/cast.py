"""The same invented people in every test: organisations, staff in their roles, people. NHS numbers start 999."""

from datetime import date

# ODS-like codes that no real organisation has
ORGANISATIONS = [
    # code, name, kind, part of
    ("QZZ", "Northmarch Integrated Care System", "system", None),
    ("ZZ01", "Thornmere and Eskvale", "place", "QZZ"),
    ("Z90001", "Brackenhill Surgery", "practice", "ZZ01"),
    ("Z90002", "Old Tannery Practice", "practice", "ZZ01"),
    ("ZC1", "Eskvale Community Nursing", "community", "ZZ01"),
    ("ZH1", "Eskmouth General Hospital", "hospital", "QZZ"),
    ("ZHS", "Merrowdale Hospice", "hospice", "ZZ01"),
    ("ZCH1", "Ferry View Care Home", "care_home", "ZZ01"),
    ("ZAM", "Northmarch Ambulance Service", "ambulance", "QZZ"),
    ("ZOH", "Northmarch Out of Hours", "out_of_hours", "QZZ"),
    ("ZLA", "Thornmere Council", "council", "QZZ"),
]

# title, name, role, organisation code; one for each role, and a GP and a nurse elsewhere
STAFF = [
    ("Dr", "Amina Rahman", "gp", "Z90001"),
    ("Dr", "Owen Shah", "gp", "Z90002"),
    ("", "Ruth Tannahill", "community_nurse", "ZC1"),
    ("Dr", "Sofia Quayle", "palliative_specialist", "ZHS"),
    ("", "Bea Lindqvist", "care_coordinator", "ZC1"),
    ("", "Sam Okafor", "urgent_clinician", "ZAM"),
    ("", "Amir Haddad", "advice_line_nurse", "ZHS"),
    ("", "Grace Nwosu", "care_home_senior", "ZCH1"),
    ("", "Tom Fenwick", "social_worker", "ZLA"),
    ("Mr", "Hugh Castell", "hospital_clinician", "ZH1"),
    ("", "Pat Moorhouse", "practice_administrator", "Z90001"),
    ("", "Leila Garside", "place_lead", "ZZ01"),
    ("", "Niall Byrne", "analyst", "QZZ"),
    ("", "Edie Marchetti", "educator", "ZHS"),
    ("", "Priya Venn", "privacy_officer", "QZZ"),
    ("", "Otto Lamb", "auditor", "QZZ"),
    ("", "Dana Whitlock", "system_administrator", "QZZ"),
]

# title, given names, family name, preferred, born, sex, NHS number, practice
PEOPLE = [
    ("Mrs", "Margaret Jean", "Ashworth", "Peggy", date(1943, 3, 14), "female", "9997170326", "Z90001"),
    ("Mr", "Arthur", "Longworth", "", date(1942, 8, 3), "male", "9997900960", "Z90001"),
    ("Ms", "Joan", "Preston", "", date(1942, 5, 9), "female", "9990000018", "Z90002"),
]
