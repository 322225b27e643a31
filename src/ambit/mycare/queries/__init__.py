"""What the person, somebody who acts for them, or their carer is shown, and what staff see of their side."""

from ambit.mycare.queries.another import AskedRow, asked, asked_by, asked_of_area, asked_to_answer, who_is_meant
from ambit.mycare.queries.concerns import ConcernRow, concern_to_answer, concerns, concerns_of_area, concerns_to_answer
from ambit.mycare.queries.invitations import (
    InvitationRow,
    SeesPlan,
    documents_to_choose,
    holders_of_parental,
    invitation_hash,
    invitations,
    parental_of,
    who_sees,
)
from ambit.mycare.queries.notices import NoticeRow, mails_wanted, notices, who_is_told
from ambit.mycare.queries.plan import (
    Line,
    MyPlan,
    Opened,
    Part,
    WhoOpened,
    Whose,
    called,
    mine,
    my_plan,
    who_opened,
    whose_plans,
)
from ambit.mycare.queries.sorting import CprWords, ToSortOut

__all__ = [
    "AskedRow",
    "ConcernRow",
    "CprWords",
    "InvitationRow",
    "Line",
    "MyPlan",
    "NoticeRow",
    "Opened",
    "Part",
    "SeesPlan",
    "ToSortOut",
    "WhoOpened",
    "Whose",
    "asked",
    "asked_by",
    "asked_of_area",
    "asked_to_answer",
    "called",
    "concern_to_answer",
    "concerns",
    "concerns_of_area",
    "concerns_to_answer",
    "documents_to_choose",
    "holders_of_parental",
    "invitation_hash",
    "invitations",
    "mails_wanted",
    "mine",
    "my_plan",
    "notices",
    "parental_of",
    "who_is_meant",
    "who_is_told",
    "who_opened",
    "who_sees",
    "whose_plans",
]
