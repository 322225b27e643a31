"""What is done with a plan. All writing happens here; every act writes its audit line in the same transaction."""

from ambit.careplan.actions.cpr import CPRForm, end_cpr_form, make_cpr_decision, transcribe_cpr_form
from ambit.careplan.actions.sections import drop_draft, keep_draft, save_section

__all__ = [
    "CPRForm",
    "drop_draft",
    "end_cpr_form",
    "keep_draft",
    "make_cpr_decision",
    "save_section",
    "transcribe_cpr_form",
]
