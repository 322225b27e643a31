"""What self-assessment does when it hears of something. Safe to repeat."""

from ambit.access.queries import operator, reader_for
from ambit.coordination import actions as coordination
from ambit.coordination.queries import Owner
from ambit.improvement import actions
from ambit.improvement.events import AnswersHandedIn, AssessorAsked, RoundSigned
from ambit.improvement.models import Reminder


def mail_that_something_waits(asked: AssessorAsked) -> None:
    actions.mail_reminder(by=operator("Ambit"), reminder_id=asked.reminder_id)


def put_among_tasks(asked: AssessorAsked) -> None:
    """Whoever works from a list of tasks finds what they were asked there; the others on their page of self-assessments."""
    reminder = (
        Reminder.objects.select_related("assessor__account", "assessor__round").filter(pk=asked.reminder_id).first()
    )
    if reminder is None:
        return
    assessor = reminder.assessor
    is_over = assessor.handed_in_at or assessor.removed_at or assessor.round.signed_at
    if is_over or not reader_for(assessor.account).may("see_tasks"):
        return
    coordination.raise_task(
        by=operator("Ambit"),
        what=f"Answer the self-assessment “{assessor.round.title}” for {assessor.speaks_for}",
        owner=Owner(name=assessor.name, account_id=assessor.account_id),
        due_on=assessor.round.answers_due_on,
        source_event=f"improvement.Assessor/{assessor.pk}",
    )


def take_off_tasks(handed_in: AnswersHandedIn) -> None:
    coordination.finish_asked(
        by=operator("Ambit"), source_event=f"improvement.Assessor/{handed_in.assessor_id}", note="Handed in."
    )


def propose_gaps(signed: RoundSigned) -> None:
    """What a signed round calls a gap is proposed for the gap analysis; a person decides about each."""
    actions.propose_gaps(by=operator("Ambit"), round_id=signed.round_id)
