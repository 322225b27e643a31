"""What is done with a plan. All writing happens here; every act writes its audit line in the same transaction."""

from ambit.careplan.actions.attachments import attach_file, open_file
from ambit.careplan.actions.authorities import document_naming, give_access_by, rest_on
from ambit.careplan.actions.copies import copy_plan
from ambit.careplan.actions.copying import copy_from_record, look_in_record
from ambit.careplan.actions.cpr import CPRForm, end_cpr_form, make_cpr_decision, transcribe_cpr_form
from ambit.careplan.actions.directives import end_directive, record_directive, view_differently
from ambit.careplan.actions.dying import (
    ClosureForm,
    RecognitionForm,
    VerificationForm,
    close_record,
    recognise_dying,
    verify_death,
)
from ambit.careplan.actions.medicines import MovementForm, record_movement, take_back_movement
from ambit.careplan.actions.proposals import answer_proposal, propose_change, take_back_proposal
from ambit.careplan.actions.sections import bring_in_section, confirm_section, drop_draft, keep_draft, save_section
from ambit.careplan.actions.siblings import tie_sibling, untie_sibling
from ambit.careplan.actions.transition import record_transition_step

__all__ = [
    "CPRForm",
    "ClosureForm",
    "MovementForm",
    "RecognitionForm",
    "VerificationForm",
    "answer_proposal",
    "attach_file",
    "bring_in_section",
    "close_record",
    "confirm_section",
    "copy_from_record",
    "copy_plan",
    "document_naming",
    "drop_draft",
    "end_cpr_form",
    "end_directive",
    "give_access_by",
    "keep_draft",
    "look_in_record",
    "make_cpr_decision",
    "open_file",
    "propose_change",
    "recognise_dying",
    "record_directive",
    "record_movement",
    "record_transition_step",
    "rest_on",
    "save_section",
    "take_back_movement",
    "take_back_proposal",
    "tie_sibling",
    "transcribe_cpr_form",
    "untie_sibling",
    "verify_death",
    "view_differently",
]
