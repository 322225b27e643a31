"""The one list of who listens to which event. Listeners are safe to repeat.

What protects somebody (withdrawal, death, supersession) is never here: it is in the action itself.
"""

from ambit.access.events import EmergencyOpened
from ambit.careplan.events import (
    ChangeProposed,
    CPRRecorded,
    DeathVerified,
    DisagreementFound,
    MedicinesDoNotAddUp,
    ProposalAnswered,
    SectionSaved,
    TransitionStepRecorded,
)
from ambit.coordination.reactions import (
    ask_for_a_coordinator,
    ask_for_an_answer,
    ask_once_told,
    ask_to_answer,
    ask_to_count_again,
    ask_to_look_again,
    ask_to_record_a_death,
    ask_to_settle,
    heard_the_answer,
    transition_step_recorded,
)
from ambit.events.delivery import when
from ambit.improvement.events import AnswersHandedIn, AssessorAsked, RoundSigned
from ambit.improvement.reactions import mail_that_something_waits, propose_gaps, put_among_tasks, take_off_tasks
from ambit.mycare.events import AskedToSeeAnswered, ConcernAnswered, NoticeMade
from ambit.mycare.reactions import (
    mail_it,
    tell_of_asked,
    tell_of_concern,
    tell_of_cpr,
    tell_of_emergency,
    tell_of_proposal,
    tell_of_section,
)
from ambit.people.events import PersonMoved
from ambit.register.events import PersonJoined, PersonReferred, PersonTold, ReferralAnswered

when(PersonJoined, ask_for_a_coordinator)
when(PersonTold, ask_once_told)
when(PersonReferred, ask_to_answer)
when(ReferralAnswered, ask_to_answer)
when(ChangeProposed, ask_for_an_answer)
when(ProposalAnswered, heard_the_answer)
when(DisagreementFound, ask_to_settle)
when(DeathVerified, ask_to_record_a_death)
when(MedicinesDoNotAddUp, ask_to_count_again)
when(TransitionStepRecorded, transition_step_recorded)
when(PersonMoved, ask_to_look_again)
when(SectionSaved, tell_of_section)
when(CPRRecorded, tell_of_cpr)
when(EmergencyOpened, tell_of_emergency)
when(ProposalAnswered, tell_of_proposal)
when(ConcernAnswered, tell_of_concern)
when(AskedToSeeAnswered, tell_of_asked)
when(NoticeMade, mail_it)
when(AssessorAsked, mail_that_something_waits)
when(AssessorAsked, put_among_tasks)
when(AnswersHandedIn, take_off_tasks)
when(RoundSigned, propose_gaps)
