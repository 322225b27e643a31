"""What is done in coordination: tasks, a named coordinator, and meetings about people found."""

from ambit.coordination.actions.meetings import close_meeting, make_meeting, print_meeting, record_outcome, take_in_more
from ambit.coordination.actions.tasks import (
    ASKED_TO_NAME,
    COORDINATES,
    do_task,
    finish_asked,
    hand_over,
    name_coordinator,
    raise_task,
    referral_answered,
    take_task,
    told_at_last,
)

__all__ = [
    "ASKED_TO_NAME", "COORDINATES", "close_meeting", "do_task", "finish_asked", "hand_over", "make_meeting", "name_coordinator",
    "print_meeting", "raise_task", "record_outcome", "referral_answered", "take_in_more", "take_task", "told_at_last",
]  # fmt: skip
