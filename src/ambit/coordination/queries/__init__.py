"""What people ask about tasks, coordinators and meetings."""

from ambit.coordination.queries.meetings import (
    ItemPage,
    ItemRow,
    MeetingPage,
    MeetingRow,
    Meetings,
    item,
    meeting,
    meetings,
    possible_present,
)
from ambit.coordination.queries.tasks import (
    PAGE,
    SEEN_TO,
    SEEN_TO_OF_ONE,
    Choice,
    NamedCoordinator,
    Owner,
    SeenTo,
    Step,
    TaskPage,
    TaskRow,
    Worklist,
    coordinating_organisation,
    coordinator_of,
    notes_shown,
    open_tasks_about,
    people_without_a_coordinator,
    possible_coordinators,
    possible_owners,
    seen_to,
    seen_to_of,
    task,
    tasks_of,
    tasks_stopped,
    who_answers_for,
    worklist,
)

__all__ = [
    "PAGE", "SEEN_TO", "SEEN_TO_OF_ONE", "Choice", "ItemPage", "ItemRow", "MeetingPage", "MeetingRow", "Meetings", "NamedCoordinator", "Owner", "SeenTo", "Step",
    "TaskPage", "TaskRow", "Worklist", "coordinating_organisation", "coordinator_of", "item", "meeting", "meetings", "notes_shown",
    "open_tasks_about", "people_without_a_coordinator", "possible_coordinators", "possible_owners", "possible_present", "seen_to", "seen_to_of",
    "task", "tasks_of", "tasks_stopped", "who_answers_for", "worklist",
]  # fmt: skip
