"""The one list of who listens to which event. Listeners are safe to repeat.

What protects somebody (withdrawal, death, supersession) is never here: it is in the action itself.
"""

from ambit.careplan.events import ChangeProposed, DisagreementFound, MedicinesDoNotAddUp, ProposalAnswered
from ambit.coordination.reactions import (
    ask_for_a_coordinator,
    ask_for_an_answer,
    ask_once_told,
    ask_to_answer,
    ask_to_count_again,
    ask_to_settle,
    heard_the_answer,
)
from ambit.events.delivery import when
from ambit.register.events import PersonJoined, PersonReferred, PersonTold, ReferralAnswered

when(PersonJoined, ask_for_a_coordinator)
when(PersonTold, ask_once_told)
when(PersonReferred, ask_to_answer)
when(ReferralAnswered, ask_to_answer)
when(ChangeProposed, ask_for_an_answer)
when(ProposalAnswered, heard_the_answer)
when(DisagreementFound, ask_to_settle)
when(MedicinesDoNotAddUp, ask_to_count_again)
