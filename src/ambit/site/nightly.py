"""The one list of what happens every night. Each job is safe to repeat, and a night that was missed is made up for.

What protects somebody is never here: it is computed when read, or in the action itself.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from ambit.access import actions as access
from ambit.access.queries import operator
from ambit.casefinding.tasks import search_tonight
from ambit.coordination import reactions
from ambit.events.delivery import forget_delivered
from ambit.measures import actions as measures
from ambit.mycare import actions as mycare
from ambit.urgent.documents.summaries import export_summaries


@dataclass(frozen=True, slots=True)
class Job:
    """Something done once a night, under the name by which the log and the clock know it."""

    name: str
    do: Callable[[], object]


def clear_expired_sessions() -> None:
    """Those who signed out by staying away are forgotten."""
    call_command("clearsessions")


def expire_drafts() -> None:
    """What was typed by somebody whose session ran out, and who did not come back for it in a week."""
    access.expire_drafts(by=operator("nightly"))


def write_summaries() -> None:
    """Emergency summaries for a day without the system, where the site keeps a folder for them."""
    if settings.CONFIG.summaries_folder:
        export_summaries(by=operator("nightly"), folder=settings.CONFIG.summaries_folder)


def remind_of_reviews() -> None:
    """What is the person's own and old is asked about again, on their own page and by a mail that says nothing of it."""
    mycare.remind_of_reviews(by=operator("nightly"))


def ask_for_steps_to_adult_care() -> None:
    """What is due on the way to adult care is asked for, once for each birthday."""
    reactions.ask_for_steps_to_adult_care(on=timezone.localdate())


def take_figures() -> None:
    """The figures of the month that has ended, and of those before it that were missed."""
    measures.take_what_is_missing(by=operator("nightly"), on=timezone.localdate())


NIGHTLY: list[Job] = [
    Job("expire drafts", expire_drafts),
    Job("clear expired sessions", clear_expired_sessions),
    Job("forget delivered events", forget_delivered),
    Job("look for candidates", search_tonight),
    Job("remind of reviews", remind_of_reviews),
    Job("ask for steps to adult care", ask_for_steps_to_adult_care),
    Job("take the figures of a month", take_figures),
    Job("write emergency summaries", write_summaries),
]
