"""What each role may do. Deny by default: a word that is not in a role's row is refused."""

CLINICAL = frozenset(
    {
        "find_people", "admit_people", "edit_people", "see_plan", "edit_plan", "see_urgent",
        "see_register", "add_to_register", "see_caseload", "see_tasks", "do_tasks", "break_glass",
        "see_organisations", "merge_people",
    }
)  # fmt: skip
URGENT = frozenset({"find_people", "see_plan", "see_urgent", "break_glass", "see_organisations"})

ABILITIES: dict[str, frozenset[str]] = {
    "gp": CLINICAL | {"see_candidates", "decide_candidates", "name_coordinator"},
    "community_nurse": CLINICAL | {"name_coordinator"},
    "palliative_specialist": CLINICAL | {"name_coordinator"},
    "care_coordinator": CLINICAL | {"name_coordinator"},
    "urgent_clinician": URGENT,
    "advice_line_nurse": URGENT | {"see_tasks", "do_tasks", "edit_plan"},
    "care_home_senior": frozenset(
        {"find_people", "see_plan", "edit_plan", "see_urgent", "see_caseload", "see_tasks", "do_tasks", "break_glass",
         "see_organisations"}
    ),
    "social_worker": frozenset(
        {"find_people", "see_plan", "see_caseload", "see_tasks", "do_tasks", "see_organisations"}
    ),
    "hospital_clinician": CLINICAL - {"merge_people"},
    "practice_administrator": frozenset(
        {"find_people", "admit_people", "edit_people", "merge_people", "see_register", "see_caseload", "see_tasks",
         "do_tasks", "see_organisations", "see_candidates"}
    ),
    "place_lead": frozenset({"see_organisations", "see_packs"}),
    "analyst": frozenset({"see_organisations", "see_packs"}),
    "educator": frozenset({"see_organisations"}),
    "privacy_officer": frozenset({"see_organisations", "read_audit", "review_break_glass"}),
    "auditor": frozenset({"see_organisations", "read_audit"}),
    "system_administrator": frozenset(
        {"see_organisations", "edit_organisations", "see_packs", "sign_off_packs", "run_case_finding", "import_population"}
    ),
    # not staff: what the person, their proxy or carer may do on their own pages
    "person": frozenset({"see_own_record"}),
    "proxy": frozenset({"see_own_record"}),
    "carer": frozenset({"see_own_record"}),
    # the operator of the machine, on the command line; opens no person
    "operator": frozenset(
        {"edit_organisations", "see_organisations", "import_population", "run_case_finding", "see_packs", "sign_off_packs",
         "read_audit", "operate", "admit_people", "edit_people", "add_to_register", "edit_plan", "do_tasks",
         "name_coordinator"}
    ),
}  # fmt: skip
