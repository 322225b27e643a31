"""What is stored of a plan: versions of sections, drafts, proposals, and decisions with legal force."""

from ambit.careplan.models.attachments import Attachment
from ambit.careplan.models.cpr import CPRDecision, CPREnding
from ambit.careplan.models.directives import AuthorityAccess, Directive, DirectiveEnding, DirectiveView
from ambit.careplan.models.dying import Closure, Recognition, Verification
from ambit.careplan.models.kinds import (
    TABLES,
    AdvanceDecision,
    Authority,
    BestInterests,
    CapacityAssessment,
    Dispute,
    DonationDecision,
    EmergencyRecommendations,
    Escalation,
    GillickAssessment,
    IMCAReferral,
)
from ambit.careplan.models.medicines import MedicineMistake, MedicineMovement
from ambit.careplan.models.proposals import Proposal
from ambit.careplan.models.sections import SectionDraft, SectionVersion
from ambit.careplan.models.siblings import SiblingTie, SiblingTieEnding
from ambit.careplan.models.transition import TransitionStep

__all__ = [
    "TABLES",
    "AdvanceDecision",
    "Attachment",
    "Authority",
    "AuthorityAccess",
    "BestInterests",
    "CPRDecision",
    "CPREnding",
    "CapacityAssessment",
    "Closure",
    "Directive",
    "DirectiveEnding",
    "DirectiveView",
    "Dispute",
    "DonationDecision",
    "EmergencyRecommendations",
    "Escalation",
    "GillickAssessment",
    "IMCAReferral",
    "MedicineMistake",
    "MedicineMovement",
    "Proposal",
    "Recognition",
    "SectionDraft",
    "SectionVersion",
    "SiblingTie",
    "SiblingTieEnding",
    "TransitionStep",
    "Verification",
]
