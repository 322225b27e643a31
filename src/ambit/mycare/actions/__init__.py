"""What is done on the person's side. All writing happens here; every act writes its audit line in the same transaction."""

from ambit.mycare.actions.another import add_by_letter, add_to_sign_in, ask_to_see, name_document, refuse_to_show
from ambit.mycare.actions.concerns import answer_concern, raise_concern, receive_concern
from ambit.mycare.actions.copies import copy_my_plan
from ambit.mycare.actions.invitations import (
    MadeLetter,
    Said,
    ask_for_carer,
    begin,
    invite,
    make_letter,
    withdraw_invitation,
)
from ambit.mycare.actions.looks import choose_looks, choose_mails
from ambit.mycare.actions.notices import mail_notice, read_notices, remind_of_reviews, tell

__all__ = [
    "MadeLetter",
    "Said",
    "add_by_letter",
    "add_to_sign_in",
    "answer_concern",
    "ask_for_carer",
    "ask_to_see",
    "begin",
    "choose_looks",
    "choose_mails",
    "copy_my_plan",
    "invite",
    "mail_notice",
    "make_letter",
    "name_document",
    "raise_concern",
    "read_notices",
    "receive_concern",
    "refuse_to_show",
    "remind_of_reviews",
    "tell",
    "withdraw_invitation",
]
