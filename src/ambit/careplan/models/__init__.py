"""What is stored of a plan: versions of sections, drafts, proposals, and decisions with legal force."""

from ambit.careplan.models.cpr import CPRDecision, CPREnding
from ambit.careplan.models.medicines import MedicineMistake, MedicineMovement
from ambit.careplan.models.proposals import Proposal
from ambit.careplan.models.sections import SectionDraft, SectionVersion

__all__ = [
    "CPRDecision",
    "CPREnding",
    "MedicineMistake",
    "MedicineMovement",
    "Proposal",
    "SectionDraft",
    "SectionVersion",
]
