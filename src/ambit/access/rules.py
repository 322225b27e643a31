"""What each role may do, and whether a reader may open a record. Plain Python, no clock.

Deny by default: a word that is not in a role's row is refused, and a reader without a tie to the person opens nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from ambit.audit.rules import NotAllowed

CLINICAL = frozenset(
    {
        "find_people", "admit_people", "edit_people", "see_plan", "edit_plan", "see_urgent",
        "see_register", "add_to_register", "see_caseload", "see_tasks", "do_tasks", "break_glass",
        "see_organisations", "merge_people", "give_access", "answer_concerns", "record_sharing", "record_medicines",
        "refer_to_register", "close_record", "see_rounds",
    }
)  # fmt: skip
URGENT = frozenset(
    {
        "find_people",
        "see_plan",
        "see_urgent",
        "break_glass",
        "see_organisations",
        "refer_to_register",
        "record_medicines",
    }
)

ABILITIES: dict[str, frozenset[str]] = {
    "gp": CLINICAL | {"seal_items", "see_former_names", "see_candidates", "decide_candidates", "name_coordinator", "verify_death",
                 "see_measures", "see_frameworks", "see_search_figures"},
    "community_nurse": CLINICAL | {"name_coordinator", "verify_death", "see_measures", "see_frameworks"},
    "palliative_specialist": CLINICAL
    | {"seal_items", "see_former_names", "name_coordinator", "verify_death", "see_measures", "see_frameworks"},
    "care_coordinator": CLINICAL | {"name_coordinator", "see_measures", "see_frameworks"},
    "urgent_clinician": URGENT | {"verify_death"},
    "advice_line_nurse": URGENT | {"see_tasks", "do_tasks", "edit_plan", "record_sharing", "see_rounds"},
    "care_home_senior": frozenset(
        {"find_people", "see_plan", "edit_plan", "see_urgent", "see_caseload", "see_tasks", "do_tasks", "break_glass",
         "see_organisations", "refer_to_register", "record_medicines", "see_rounds"}
    ),
    "social_worker": frozenset(
        {"find_people", "see_plan", "see_caseload", "see_tasks", "do_tasks", "see_organisations", "refer_to_register",
         "see_rounds"}
    ),
    "hospital_clinician": (CLINICAL - {"merge_people"}) | {"seal_items", "see_former_names", "verify_death"},
    "practice_administrator": frozenset(
        {"find_people", "admit_people", "edit_people", "merge_people", "see_register", "see_caseload", "see_tasks",
         "do_tasks", "see_organisations", "see_candidates", "record_sharing", "refer_to_register", "see_measures", "see_frameworks",
         "see_rounds", "see_search_figures"}
    ),
    # of a place, or of a provider that assesses itself: the organisation says which
    "place_lead": frozenset(
        {"see_organisations", "see_packs", "see_register_counts", "see_measures", "see_frameworks", "see_rounds", "lead_rounds",
         "see_search_figures"}
    ),
    "analyst": frozenset(
        {"see_organisations", "see_packs", "see_register_counts", "see_measures", "see_frameworks", "see_rounds", "lead_rounds",
         "see_search_figures"}
    ),
    "educator": frozenset({"see_organisations", "see_frameworks", "see_rounds"}),
    "privacy_officer": frozenset({"see_organisations", "read_audit", "review_break_glass", "answer_concerns"}),
    "auditor": frozenset({"see_organisations", "read_audit"}),
    "system_administrator": frozenset(
        {"see_organisations", "edit_organisations", "see_packs", "sign_off_packs", "run_case_finding", "import_population",
         "manage_accounts", "put_on_duty", "see_search_figures"}
    ),
    # not staff: what the person, their proxy or carer may do on their own pages
    "person": frozenset({"see_own_record", "write_own_plan", "propose_changes", "see_who_opened", "choose_who_sees"}),
    "proxy": frozenset({"see_own_record", "write_own_plan", "propose_changes", "see_who_opened"}),
    "carer": frozenset({"see_own_record", "propose_changes"}),
    # the operator of the machine, on the command line; opens no person
    "operator": frozenset(
        {"edit_organisations", "see_organisations", "import_population", "run_case_finding", "see_packs", "sign_off_packs",
         "read_audit", "operate", "admit_people", "edit_people", "add_to_register", "edit_plan", "do_tasks",
         "name_coordinator", "manage_accounts", "put_on_duty", "give_access", "record_sharing",
         "seal_items", "see_measures", "see_frameworks", "take_snapshots", "see_search_figures"}
    ),
}  # fmt: skip

OPENS_RECORDS = frozenset({"find_people", "see_own_record"})
# Whoever answers for everybody in an area while on duty: ambulance, 111 and out-of-hours clinicians, the advice line.
ANSWERS_FOR_AN_AREA = frozenset({"urgent_clinician", "advice_line_nurse"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentMembership:
    """A role that a member of staff has today."""

    id: UUID
    role: str
    role_name: str
    organisation_id: UUID
    organisation_name: str
    team_id: UUID | None
    staff_name: str


class Relation(StrEnum):
    """What ties a reader to a person, the strongest first."""

    SELF = "self"
    OWN_PRACTICE = "own_practice"
    PROXY = "proxy"
    CARER = "carer"
    CARE_TEAM = "care_team"
    RESIDENCE = "residence"
    SHARED = "shared"
    ON_DUTY = "on_duty"
    SHOWN = "shown"
    EMERGENCY = "emergency"

    @property
    def words(self) -> str:
        return RELATION_WORDS[self]


RELATION_WORDS = {
    Relation.SELF: "this is your own record",
    Relation.OWN_PRACTICE: "the person is registered with your practice",
    Relation.PROXY: "you act for the person",
    Relation.CARER: "the person has given you leave as their carer",
    Relation.CARE_TEAM: "you are in the person's care team",
    Relation.RESIDENCE: "the person lives in your care home",
    Relation.SHARED: "the record has been shared with you",
    Relation.ON_DUTY: "you are on duty for the person's area",
    Relation.SHOWN: "the person has shown you the record with a code",
    Relation.EMERGENCY: "you opened the record in an emergency",
}
# ties of one sitting: they end by themselves within hours, and put nobody on a list
FOR_A_WHILE = frozenset({Relation.SHOWN, Relation.EMERGENCY})
# ties of the person's own choosing, which objection to sharing among services does not touch: they end with their grant
PERSONAL = frozenset({Relation.SELF, Relation.PROXY, Relation.CARER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A current decision about sharing: agreed, objected, or agreement withdrawn (which counts as an objection)."""

    outcome: str
    scope: str = "whole_record"
    organisation_id: UUID | None = None
    item: str = ""
    not_even_in_emergency: bool = False

    @property
    def objects(self) -> bool:
        return self.outcome in {"objected", "withdrawn"}


class Door(StrEnum):
    """What happens at the door."""

    OPEN = "open"
    NO_RELATION = "no_relation"
    OBJECTED = "objected"
    NO_CONSENT = "no_consent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Whether the record opens, by which relation, and why in words; what stays closed inside it is `kept_back`."""

    door: Door
    reason: str
    relation: Relation | None = None
    emergency_may_open: bool = True

    @property
    def is_open(self) -> bool:
        return self.door is Door.OPEN


def may_open(
    relations: Collection[Relation],
    decisions: Collection[Decision],
    *,
    policy: str,
    organisation_id: UUID | None = None,
    died: bool = False,
) -> Answer:
    """Whether a reader with these ties opens the record of a person who has made these decisions.

    Policy `implied_with_objection`: those directly caring may open unless the person has objected (GMC, NHS England
    28 March 2023). `explicit_opt_in`: services outside the own practice also need the person's agreement.
    A decision about one organisation goes before one about the whole record. The own practice holds the record, so
    objection to sharing does not close it there. What the person gave (proxy, carer) ends with its grant and with
    death: an attorney's authority ends then, the person's own sign-in is nobody's any more, and afterwards access is by
    request (Access to Health Records Act 1990).
    Who was shown the record with a code, by the person or who acts for them, sees it: whatever was decided about others,
    this was chosen here and now. An emergency opening passes over objection and missing agreement, but never over "not
    even in an emergency".
    """
    ties = [r for r in Relation if r in relations and not (died and r in PERSONAL)]
    emergency_may_open = not any(d.not_even_in_emergency and d.objects for d in decisions)

    for tie in ties:
        if tie is Relation.OWN_PRACTICE or tie in PERSONAL:
            return Answer(door=Door.OPEN, reason=tie.words, relation=tie, emergency_may_open=emergency_may_open)

    if Relation.SHOWN in ties:
        return Answer(
            door=Door.OPEN,
            reason=Relation.SHOWN.words,
            relation=Relation.SHOWN,
            emergency_may_open=emergency_may_open,
        )
    service = [tie for tie in ties if tie not in FOR_A_WHILE]
    door = _shared_with(organisation_id, decisions, policy=policy) if service else Door.NO_RELATION
    if door is Door.OPEN:
        return Answer(door=door, reason=service[0].words, relation=service[0], emergency_may_open=emergency_may_open)
    if Relation.EMERGENCY in ties and emergency_may_open:
        return Answer(door=Door.OPEN, reason=Relation.EMERGENCY.words, relation=Relation.EMERGENCY)
    return Answer(door=door, reason=REFUSAL_WORDS[door], emergency_may_open=emergency_may_open)


REFUSAL_WORDS = {
    Door.NO_RELATION: "nothing ties you to this person",
    Door.OBJECTED: "the person has objected to sharing",
    Door.NO_CONSENT: "the person has not agreed to sharing",
}


def _shared_with(organisation_id: UUID | None, decisions: Collection[Decision], *, policy: str) -> Door:
    here = [d for d in decisions if d.scope == "organisation" and d.organisation_id == organisation_id]
    if any(d.objects for d in here):
        return Door.OBJECTED
    if here:
        return Door.OPEN
    whole = [d for d in decisions if d.scope == "whole_record"]
    if any(d.objects for d in whole):
        return Door.OBJECTED
    if policy == "explicit_opt_in" and not whole:
        return Door.NO_CONSENT
    return Door.OPEN


# --- decisions about sharing ---

# SCCI1580, item 1, has one code for each; an objection and an agreement taken back have the same
SCCI_GIVEN, SCCI_WITHDRAWN = "882921000000109", "882941000000102"
SCCI_FOR_THE_PERSON = {"best_interests": "882961000000101", "attorney": "883001000000106"}


def scci_code(outcome: str, basis: str) -> str:
    """The code by which SCCI1580 (item 1) says how sharing was decided."""
    return SCCI_FOR_THE_PERSON.get(basis, SCCI_GIVEN) if outcome == "agreed" else SCCI_WITHDRAWN


def problems_of_deciding(*, basis: str, decided_by: str, born_on: date | None, on: date) -> dict[str, str]:
    """What stops somebody deciding about sharing, by field: each basis has those for whom it holds.

    Who has parental responsibility decides for a child; a child under 16 who understands it decides alone (Gillick),
    and from 16 somebody is presumed to (Family Law Reform Act 1969, section 8; Mental Capacity Act 2005).
    """
    problems: dict[str, str] = {}
    young = born_on is not None and (on.year - born_on.year, on.month, on.day) < (16, born_on.month, born_on.day)
    child = born_on is not None and (on.year - born_on.year, on.month, on.day) < (18, born_on.month, born_on.day)
    if basis == "gillick" and not young:
        problems["basis"] = "Gillick competence is asked of a child under 16. From 16, choose “The person”."
    elif basis == "person" and young:
        problems["basis"] = "Under 16, choose “A child who is Gillick competent”, or who has parental responsibility."
    elif basis == "parental" and not child:
        problems["basis"] = "Parental responsibility ends at 18. Choose who decides now."
    elif basis in {"attorney", "deputy"} and young:
        problems["basis"] = "Nobody under 16 has an attorney or deputy for their care. Choose who decides."
    if basis == "best_interests" and not decided_by.strip():
        problems["decided_by"] = "Give the name of the clinician who decided in the person’s best interests."
    elif basis not in {"person", "gillick"} and not decided_by.strip():
        problems["decided_by"] = "Give the name of who decided for the person."
    return problems


# --- what stays closed inside an open record ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A part of the record that is hidden until a day, from whom, and who may see it all the same."""

    item: str
    hides_from: str
    roles: frozenset[str] = frozenset()
    account_ids: frozenset[int] = frozenset()


RESTRICTED, SEALED, SILENT, LEFT_OUT = "restricted", "sealed", "silent", "left_out"
NOT_STAFF = frozenset({"person", "proxy", "carer"})
# what a seal may hide, by whom it hides it from
HIDES_FROM = {
    "staff": "All staff but those named here",
    "person": "The person, and those who act or care for them",
    "proxies": "Those who act or care for the person",
}
WHY_SEALED = {
    "serious_harm": "Seeing it would probably cause serious harm to the person or somebody else",
    "third_party": "It is about somebody else, or came from them in confidence",
    "safeguarding": "Safeguarding",
    "sensitive": "The person asks that only a few see it",
}
# a seal says nothing more than a year ahead: then somebody looks whether it is still needed
SEALED_DAYS_AT_MOST = 366
# without these somebody is harmed tonight, so they are never sealed from staff; the person may still object to sharing
NEVER_SEALED_FROM_STAFF = frozenset({"cpr", "allergies"})


def kept_back(
    decisions: Collection[Decision],
    seals: Collection[Sealed],
    *,
    lifted: bool,
    role: str,
    account_id: int | None,
    organisation_id: UUID | None,
    existence_shown: bool = True,
) -> dict[str, str]:
    """Which items of an open record this reader does not see, and why: restricted, sealed, or silent (not even said).

    The person may keep an item back from one organisation or from everybody outside their practice; the decision about
    the reader's own organisation goes before the one about all. It is `lifted` for the own practice, which holds the
    record, for the person and those who act for them, for whoever was shown the record, and in an emergency.
    Nothing but a name or role on it passes a seal. To the person a seal says nothing: to be told that something is
    hidden can be the harm (Data Protection Act 2018, schedule 3).
    """
    found: dict[str, str] = {}
    if not lifted:
        everybody = {d.item: d for d in decisions if d.scope == "item" and d.organisation_id is None}
        here = {d.item: d for d in decisions if d.scope == "item" and d.organisation_id == organisation_id}
        found |= {item: RESTRICTED for item, d in (everybody | here).items() if d.objects}
    for seal in seals:
        if account_id in seal.account_ids or role in seal.roles:
            continue
        if seal.hides_from == "staff" and role not in NOT_STAFF:
            found[seal.item] = SEALED if existence_shown else SILENT
        elif (seal.hides_from == "person" and role in NOT_STAFF) or (
            seal.hides_from == "proxies" and role in NOT_STAFF - {"person"}
        ):
            found[seal.item] = SILENT
    return found


KEPT_BACK_WORDS = {
    RESTRICTED: "The person has asked that this is not shared with your service.",
    SEALED: "Sealed: only those named on the seal may see this. If you need it, ring the person’s practice.",
    SILENT: "Nothing is recorded here that you may see.",
    LEFT_OUT: "Left out of this copy. That does not mean that nothing is recorded.",
}


class NotShown(NotAllowed):
    """A part of an open record that this reader does not see."""

    def __init__(self, title: str, why: str) -> None:
        super().__init__(
            f"“{title}” is not shown to you",
            who_may=KEPT_BACK_WORDS[why],
            what_to_do="Ask the person, or ring their practice. That you see nothing here does not mean that nothing is decided.",
        )


# why somebody opens a record in an emergency, and what a privacy officer can make of it
EMERGENCIES = {
    "cannot_say": "The person needs care now and cannot say what they want",
    "called_out": "I am called to the person and their usual team cannot be reached",
    "safeguarding": "Somebody is at risk of serious harm",
    "other": "Another emergency",
}
REVIEWS = {"proper": "Proper", "not_proper": "Not proper", "needs_follow_up": "Needs follow-up"}


class CannotOpen(NotAllowed):
    """The record stays closed. Never says whether a plan exists, and of an objection only what policy allows."""

    def __init__(self, person_id: UUID, *, may_break_glass: bool, objected: bool = False) -> None:
        super().__init__(
            "You cannot open this record.",
            who_may=(
                "The person's own practice, those caring for them in a team or care home, and urgent care "
                "clinicians on duty for their area."
            ),
            what_to_do="If you are caring for this person, ask their practice or care coordinator to add your team.",
        )
        self.person_id = person_id
        self.may_break_glass = may_break_glass
        self.objected = objected


class NotAudited(Exception):
    """The line about this could not be written, so the record stays closed."""


def what_a_paramedic_will_not_see() -> tuple[str, ...]:
    """What somebody is told before "not even in an emergency" is recorded (architecture, floors that may not crack)."""
    return (
        "Ambulance and out-of-hours staff will not see whether you want resuscitation to be attempted.",
        "They will not see what you want to happen if you become ill, or where you want to be.",
        "They will not see your allergies, your medicines at home, or whom to ring.",
        "They will treat you as they would somebody they know nothing about.",
    )


def eighteen_years_before(day: date) -> date:
    """Whoever was born on or before this day is 18 on `day`: parental responsibility ends then (Children Act 1989)."""
    try:
        return day.replace(year=day.year - 18)
    except ValueError:  # 29 February: in a year without one, 18 is reached on 1 March
        return day.replace(year=day.year - 18, day=28)


def due_after(day: date, working_days: int) -> date:
    """The last working day for a review. Bank holidays count as working days, so the date is never too late."""
    due = day
    while working_days:
        due += timedelta(days=1)
        if due.weekday() < 5:
            working_days -= 1
    return due


# --- codes by which a person shows their record ---

# without letters and figures that are taken for one another when read aloud or copied
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8
WRONG_CODES_AT_MOST = 10
CODES_SHOWN_AT_MOST = 20


def code_as_kept(typed: str) -> str:
    """A code as it is compared: in capitals, without the spaces and hyphens with which people write it."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def code_in_groups(code: str) -> str:
    """A code as it is shown and read aloud: ABCD EFGH."""
    return f"{code[:4]} {code[4:]}"
