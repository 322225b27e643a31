"""Documents with legal force for tests of the rules: each as it might be recorded, with what a test changes."""

from datetime import UTC, date, datetime
from uuid import uuid4

from ambit.careplan.rules import documents
from ambit.careplan.rules.treatments import Limit

DAY = date(2026, 11, 21)
MADE = date(2024, 6, 12)
BORN = date(1943, 3, 14)
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
COMMON = {"made_on": MADE, "recorded_at": AT, "source": "made_here", "born_on": BORN, "recorded_by": "Ruth Tannahill"}

REFUSAL = {
    "treatments": ("cpr", "mask_ventilation"), "capacity": "presumed", "in_writing": "yes", "signed": "person",
    "at_risk": "yes", "witnessed": "yes", "witness": "Ade Cole",
}  # fmt: skip


def refusal(**but):
    return documents.AdvanceDecision(**{"id": uuid4(), **COMMON, **REFUSAL, **but})


def attorney(**but):
    said = {
        "type": "lpa_health", "holders": (documents.Holder(name="Helen Ashworth-Doyle", telephone="07700 900418"),),
        "registered_on": date(2023, 5, 8), "made_on": date(2023, 3, 1), "life_sustaining": "yes", "source": "transcribed",
        "seen": "original",
    }  # fmt: skip
    return documents.Authority(**{"id": uuid4(), **COMMON, **said, **but})


def assessment(**but):
    said = {
        "decision": "To go to hospital for the chest infection", "about": "treatment", "outcome": "lacks",
        "understand": "no", "retain": "yes", "weigh": "yes", "communicate": "yes", "impairment": "Delirium",
        "link": "Cannot follow what is said", "support": "Hearing aids, in the morning", "assessor": "Dr Amina Rahman",
    }  # fmt: skip
    return documents.CapacityAssessment(**{"id": uuid4(), **COMMON, **said, **but})


def gillick(**but):
    said = {
        "decision": "To stop chemotherapy", "understanding": "Said what it does", "outcome": "competent",
        "assessor": "Dr Sofia Quayle", "born_on": date(2012, 1, 1),
    }  # fmt: skip
    return documents.GillickAssessment(**{"id": uuid4(), **COMMON, **said, **but})


def best_interests(**but):
    said = {
        "decision": "To move", "options": "Home, Ferry View", "wishes": "Company", "consulted": "Helen",
        "less_restrictive": "Night sitters were tried", "not_to_bring_about_death": True, "outcome": "Ferry View",
        "decided_by": "Dr Amina Rahman",
    }  # fmt: skip
    return documents.BestInterests(**{"id": uuid4(), **COMMON, **said, **but})


def referral(**but):
    said = {"decision": "To move", "serious": "care_home", "state": "instructed", "service": "Northmarch Voices"}
    return documents.IMCAReferral(**{"id": uuid4(), **COMMON, **said, **but})


def emergency(**but):
    said = {
        "priority": "comfort", "cpr": "do_not_attempt", "cpr_reason": "Heart failure", "has_capacity": "yes",
        "involvement": "A", "clinician": "Dr Amina Rahman", "signed": "yes",
    }  # fmt: skip
    return documents.EmergencyRecommendations(**{"id": uuid4(), **COMMON, **said, **but})


def escalation(*answers, **but):
    limits = tuple(Limit(treatment=treatment, answer=answer) for treatment, answer in answers)
    said = {"limits": limits, "decided_by": "Dr Amina Rahman", "talked": "person"}
    return documents.Escalation(**{"id": uuid4(), **COMMON, **said, **but})


def limits(*answers):
    return tuple(Limit(treatment=treatment, answer=answer) for treatment, answer in answers)
