"""The invented people of the place, one by one: the same in the demonstration, the tests and the pictures.

Nobody here exists. Codes belong to no organisation, NHS numbers are from the 999 range kept for synthetic
data, and telephone numbers are those Ofcom keeps for drama (01632 960000 to 960999, 07700 900000 to 900999).
"""

from datetime import date

from ambit.demonstration.names import PRACTICES

# code, name, kind, part of
ORGANISATIONS = [
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

# what the demonstration has beyond what most tests need
MORE_ORGANISATIONS = [
    ("ZZ02", "Harrowfell and Coast", "place", "QZZ"),
    ("Z90003", "Mill Lane Medical Centre", "practice", "ZZ01"),
    ("Z90004", "Eskmouth Harbour Practice", "practice", "ZZ01"),
    ("Z90005", "Castle Street Surgery", "practice", "ZZ01"),
    ("Z90006", "Harrowfell Health Centre", "practice", "ZZ02"),
    ("Z90007", "Saltings Family Practice", "practice", "ZZ02"),
    ("Z90008", "Skerry Road Practice", "practice", "ZZ02"),
    ("ZCH2", "Larkrigg House", "care_home", "ZZ01"),
    ("ZCH3", "The Old Rectory Nursing Home", "care_home", "ZZ02"),
    ("ZCH4", "Saltings Court", "care_home", "ZZ02"),
]

# code: telephone, postcode
CONTACT = {
    "Z90001": ("01632 960101", "NM1 1AA"),
    "Z90002": ("01632 960102", "NM1 2AB"),
    "Z90003": ("01632 960103", "NM1 3AD"),
    "Z90004": ("01632 960104", "NM2 1AE"),
    "Z90005": ("01632 960105", "NM2 2AF"),
    "Z90006": ("01632 960106", "NM5 1AG"),
    "Z90007": ("01632 960107", "NM5 2AH"),
    "Z90008": ("01632 960108", "NM6 1AJ"),
    "ZC1": ("01632 960177", "NM1 4AL"),
    "ZH1": ("01632 960150", "NM2 4AN"),
    "ZHS": ("01632 960140", "NM1 5AP"),
    "ZCH1": ("01632 960161", "NM2 1AQ"),
    "ZCH2": ("01632 960162", "NM1 6AR"),
    "ZCH3": ("01632 960163", "NM5 3AS"),
    "ZCH4": ("01632 960164", "NM5 4AT"),
    "ZAM": ("01632 960190", "NM3 1AU"),
    "ZOH": ("01632 960111", "NM3 2AW"),
    "ZLA": ("01632 960120", "NM1 1AX"),
}

# organisation, team, telephone, hours
TEAMS = [
    ("ZC1", "Eskvale district nurses, day", "01632 960178", "8am to 8pm every day"),
    ("ZC1", "Eskvale district nurses, night", "01632 960177", "8pm to 8am every day"),
    ("ZC1", "Thornmere district nurses, day", "01632 960180", "8am to 8pm every day"),
    ("ZC1", "Harrowfell district nurses, day", "01632 960181", "8am to 8pm every day"),
    ("ZC1", "Coordination hub", "01632 960179", "8am to 6pm, Monday to Friday"),
    ("ZHS", "24-hour advice line", "01632 960140", "Always"),
    ("ZHS", "Hospice at home", "01632 960141", "8am to 10pm every day"),
    ("ZH1", "Hospital palliative care team", "01632 960151", "9am to 5pm every day"),
    ("ZLA", "Adult social care, Thornmere", "01632 960121", "9am to 5pm, Monday to Friday"),
]

# title, name, role, organisation code; one for each role, and a GP elsewhere
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

MORE_STAFF = [
    ("Dr", "Ifan Prosser", "gp", "Z90003"),
    ("Dr", "Marta Nowicka", "gp", "Z90004"),
    ("Dr", "Colm Hegarty", "gp", "Z90005"),
    ("Dr", "Yetunde Bello", "gp", "Z90006"),
    ("Dr", "Rhona Skelton", "gp", "Z90007"),
    ("Dr", "Felix Amador", "gp", "Z90008"),
    ("", "Jo Thistlewood", "community_nurse", "ZC1"),
    ("", "Kofi Asante", "community_nurse", "ZC1"),
    ("", "Mina Farrow", "community_nurse", "ZC1"),
    ("", "Gwen Tolley", "community_nurse", "ZC1"),
    ("", "Marian Peake", "care_coordinator", "ZC1"),
    ("Dr", "Lucy Abernethy", "urgent_clinician", "ZOH"),
    ("", "Dev Chauhan", "urgent_clinician", "ZAM"),
    ("", "Siobhan Reilly", "care_home_senior", "ZCH2"),
    ("", "Milan Novak", "care_home_senior", "ZCH3"),
    ("", "Abi Fairclough", "care_home_senior", "ZCH4"),
    ("", "Noor Siddiqui", "practice_administrator", "Z90002"),
    ("", "Callum Rigby", "place_lead", "ZZ02"),
]

# who works in which team
TEAM_OF = {
    "Ruth Tannahill": "Eskvale district nurses, day",
    "Mina Farrow": "Thornmere district nurses, day",
    "Gwen Tolley": "Harrowfell district nurses, day",
    "Jo Thistlewood": "Eskvale district nurses, night",
    "Kofi Asante": "Eskvale district nurses, night",
    "Bea Lindqvist": "Coordination hub",
    "Marian Peake": "Coordination hub",
    "Amir Haddad": "24-hour advice line",
    "Sofia Quayle": "Hospice at home",
    "Hugh Castell": "Hospital palliative care team",
    "Tom Fenwick": "Adult social care, Thornmere",
}

# practice: its GP, the district nurse who goes there
LOOKED_AFTER_BY = {
    "Z90001": ("Amina Rahman", "Ruth Tannahill"),
    "Z90002": ("Owen Shah", "Mina Farrow"),
    "Z90003": ("Ifan Prosser", "Mina Farrow"),
    "Z90004": ("Marta Nowicka", "Ruth Tannahill"),
    "Z90005": ("Colm Hegarty", "Mina Farrow"),
    "Z90006": ("Yetunde Bello", "Gwen Tolley"),
    "Z90007": ("Rhona Skelton", "Gwen Tolley"),
    "Z90008": ("Felix Amador", "Gwen Tolley"),
}

# of whom the council's social worker arranges care at home
SOCIAL_CARE_OF = ("Z90001", "Z90002", "Z90004")

# who answers for an area today; Dev Chauhan is off duty, so that an emergency opening can be shown
ON_DUTY = [(name, area) for name in ("Sam Okafor", "Lucy Abernethy", "Amir Haddad") for area in ("ZZ01", "ZZ02")]

# one password for everybody, printed by `ambit demo users`; a live deployment never has these accounts
PASSWORD = "Eskvale-in-November"  # noqa: S105

# title, given names, family name, preferred, born, sex, NHS number, practice
PEOPLE = [
    ("Mrs", "Margaret Jean", "Ashworth", "Peggy", date(1943, 3, 14), "female", "9997170326", "Z90001"),
    ("Mr", "Arthur", "Longworth", "", date(1942, 8, 3), "male", "9997900960", "Z90001"),
    ("Ms", "Joan", "Preston", "", date(1942, 5, 9), "female", "9990000018", "Z90002"),
]

# the hard cases that a real Tuesday brings: two people with one name born close together, a name of 60
# letters, children, somebody whose directives disagree, somebody who objected
MORE_PEOPLE = [
    ("Mrs", "Margaret Joan", "Ashworth", "", date(1943, 4, 13), "female", "9990000026", "Z90002"),
    (
        "Mr",
        "Bartholomew Maximilian Aurelius",
        "Featherstonehaugh-Cholmondeley",
        "Bart",
        date(1938, 11, 30),
        "male",
        "9990000034",
        "Z90001",
    ),
    ("", "Isla Rose", "Thorne", "", date(2019, 6, 21), "female", "9990000042", "Z90001"),
    ("", "Yusuf", "Karim", "", date(2011, 2, 8), "male", "9990000050", "Z90003"),
    ("Mr", "Desmond", "Oyelaran", "Des", date(1951, 1, 17), "male", "9990000069", "Z90001"),
    ("Miss", "Enid", "Castlereagh", "", date(1936, 9, 5), "female", "9990000077", "Z90004"),
    ("Mrs", "Wanda", "Zielińska", "", date(1947, 12, 1), "female", "9990000085", "Z90001"),
    ("Mr", "Harold", "Pym", "Harry", date(1940, 7, 23), "male", "9990000093", "Z90001"),
]

EVERYBODY = [*PEOPLE, *MORE_PEOPLE]

# by NHS number: long-term conditions (of `rules.CONDITIONS`), unplanned admissions in days before today
CONDITIONS = {
    "9997170326": ("heart_failure", "copd", "chronic_kidney_disease_4"),
    "9997900960": ("metastatic_cancer",),
    "9990000018": ("heart_failure", "hypertension"),
    "9990000034": ("dementia",),
    "9990000050": ("duchenne",),
    "9990000069": ("chronic_kidney_disease_4",),
    "9990000077": ("copd", "severe_frailty"),
    "9990000085": ("metastatic_cancer",),
    "9990000093": ("motor_neurone_disease",),
}
ADMITTED = {
    "9997170326": (47, 110),
    "9990000018": (31, 96, 150),
    "9990000077": (20, 75),
}
DETAILS: dict[str, dict] = {
    "9997170326": {"address": ("4 Mill Rise", "Eskmouth"), "postcode": "NM1 4LJ", "ethnicity": "A"},
    "9990000085": {"language": "pl", "interpreter": True, "ethnicity": "C"},
}
# those who matter to them
MATTER: dict[str, list[dict]] = {
    "9997170326": [
        {
            "name": "Helen Ashworth-Doyle",
            "relation": "daughter",
            "roles": ["main_carer", "emergency", "attorney_health"],
            "telephone": "07700 900418",
            "rank": 1,
            "may_share": True,
        }
    ],
    "9990000042": [
        {
            "name": "Kerry Thorne",
            "relation": "mother",
            "roles": ["main_carer", "emergency"],
            "telephone": "07700 900231",
            "rank": 1,
            "may_share": True,
        }
    ],
}

# who signs in to their own pages: name, e-mail, role, whose plan by NHS number, on what basis
OWN_PAGES = [
    ("Peggy Ashworth", "peggy.ashworth@ambit.example", "person", "9997170326", "own"),
    ("Helen Ashworth-Doyle", "helen.ashworth-doyle@ambit.example", "proxy", "9997170326", "attorney"),
    ("Kerry Thorne", "kerry.thorne@ambit.example", "proxy", "9990000042", "parental"),
    ("Joe Doyle", "joe.doyle@ambit.example", "carer", "9997170326", "leave"),
]
BASIS = {
    "own": "her own plan",
    "attorney": "attorney for Peggy Ashworth",
    "parental": "mother of Isla Thorne",
    "leave": "carer with Peggy Ashworth's leave",
}


def home_of(number: str, practice: str) -> dict:
    """Where somebody of the cast lives, and what else is told of them."""
    _, _, village, area, lsoa = next(row for row in PRACTICES if row[0] == practice)
    house = int(number[-3:-1]) + 1
    return {
        "address": (f"{house} Market Hill", village),
        "postcode": f"{area} 1LN",
        "lsoa": f"{lsoa}1",
        "telephone": f"01632 9602{house:02}"[:12],
        **DETAILS.get(number, {}),
    }


def email_of(name: str) -> str:
    """Where somebody of the cast signs in; `.example` never resolves."""
    return f"{name.lower().replace(' ', '.')}@ambit.example"
