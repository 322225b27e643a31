"""Who answers a round: asked, reminded, handed in, taken back, no longer asked."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.design.refusals import Refused
from ambit.events.actions import announce
from ambit.improvement.actions.opening import answered_by, led_by, opened_for
from ambit.improvement.events import AnswersHandedIn, AssessorAsked
from ambit.improvement.models import Assessor, Reminder
from ambit.improvement.queries.rounds import people_to_ask
from ambit.improvement.queries.scope import Opened

# somebody who was mailed is not mailed again on the same day, however often they are reminded
MAILED_AGAIN_AFTER = timedelta(hours=20)


@transaction.atomic
def invite_assessor(*, by: Reader, round_id: UUID, account_id: int, speaks_for: str = "") -> Assessor:
    """Ask somebody to answer; who was asked before and then left out is asked again, and finds their answers."""
    opened = led_by(by, round_id)
    known = {one.account_id: one for one in people_to_ask(by, opened)}
    somebody = known.get(account_id)
    if somebody is None:
        raise Refused({"account_id": "Choose somebody who works in this system and can sign in."})
    assessor, is_new = Assessor.objects.get_or_create(
        round=opened.round,
        account_id=account_id,
        defaults={
            "name": somebody.name,
            "speaks_for": speaks_for.strip() or somebody.organisation,
            "asked_at": timezone.now(),
            "asked_by": by.name,
        },
    )
    if not is_new and assessor.removed_at is None:
        raise Refused({"account_id": f"{assessor.name} is asked already."})
    if not is_new:
        assessor.removed_at = None
        assessor.speaks_for = speaks_for.strip() or assessor.speaks_for
        assessor.save(update_fields=["removed_at", "speaks_for"])
    _remind(by, assessor)
    audit.record(by=by, what="asked an assessor", details=_about(opened, assessor))
    return assessor


@transaction.atomic
def remove_assessor(*, by: Reader, round_id: UUID, assessor_id: UUID) -> Assessor:
    """Somebody is no longer asked; what they answered is kept, and counts no more."""
    opened = led_by(by, round_id)
    assessor = _one_of(opened, assessor_id)
    assessor.removed_at = timezone.now()
    assessor.save(update_fields=["removed_at"])
    announce(AnswersHandedIn(assessor_id=assessor.pk))
    audit.record(by=by, what="no longer asked an assessor", details=_about(opened, assessor))
    return assessor


@transaction.atomic
def remind_assessors(*, by: Reader, round_id: UUID, assessor_id: UUID | None = None) -> list[Reminder]:
    """Remind who has not handed in, one or all; a mail says that something waits, and nothing else."""
    opened = led_by(by, round_id)
    waiting = Assessor.objects.filter(round=opened.round, removed_at=None, handed_in_at=None).order_by("name")
    if assessor_id is not None:
        waiting = waiting.filter(pk=assessor_id)
    asked = list(waiting)
    if not asked:
        raise Refused("Everybody has handed in. Nobody was reminded.")
    made = [_remind(by, assessor) for assessor in asked]
    audit.record(by=by, what="reminded assessors", details={"round": str(round_id), "assessors": len(made)})
    return made


@transaction.atomic
def hand_in(*, by: Reader, round_id: UUID) -> Assessor:
    """Give one's answers to who leads the round; until then nobody else reads them."""
    opened, assessor = answered_by(by, round_id)
    assessor.handed_in_at = timezone.now()
    assessor.save(update_fields=["handed_in_at"])
    announce(AnswersHandedIn(assessor_id=assessor.pk))
    audit.record(by=by, what="handed in a self-assessment", details=_about(opened, assessor))
    return assessor


@transaction.atomic
def take_back(*, by: Reader, round_id: UUID) -> Assessor:
    """Take one's answers back to change them, while the round is open."""
    opened = opened_for(by, round_id)
    assessor = opened.assessor
    if assessor is None or assessor.handed_in_at is None:
        raise Refused("You have not handed in, so there is nothing to take back.")
    assessor.handed_in_at = None
    assessor.save(update_fields=["handed_in_at"])
    audit.record(by=by, what="took back a self-assessment", details=_about(opened, assessor))
    return assessor


@transaction.atomic
def mail_reminder(*, by: Reader, reminder_id: UUID) -> bool:
    """Mail that something waits, once, without saying what; whether a mail was sent.

    Asked again at this moment: is the account open, is the round, has the assessor handed in, were they mailed today.
    """
    reminder = (
        Reminder.objects.select_for_update(of=("self",))
        .select_related("assessor__account", "assessor__round")
        .filter(pk=reminder_id)
        .first()
    )
    if reminder is None or reminder.mailed_at or not _waits(reminder.assessor):
        return False
    now = timezone.now()
    since = now - MAILED_AGAIN_AFTER
    if Reminder.objects.filter(assessor=reminder.assessor, mailed_at__gt=since).exists():
        return False
    reminder.mailed_at = now
    reminder.save(update_fields=["mailed_at"])
    with translation.override(settings.LANGUAGE_CODE):
        send_mail(
            _("Something waits for you in Ambit"),
            _("You were asked for something. Sign in to see what it is.\n\nThis mail does not say what it is about."),
            settings.DEFAULT_FROM_EMAIL,
            [reminder.assessor.account.email],
        )
    audit.record(by=by, what="mailed that something waits", details={"reminder": str(reminder_id)})
    return True


def _waits(assessor: Assessor) -> bool:
    return (
        assessor.account.is_active
        and assessor.removed_at is None
        and assessor.handed_in_at is None
        and assessor.round.signed_at is None
    )


def _remind(by: Reader, assessor: Assessor) -> Reminder:
    reminder = Reminder.objects.create(assessor=assessor, at=timezone.now(), by_name=by.name)
    announce(AssessorAsked(reminder_id=reminder.pk))
    return reminder


def _one_of(opened: Opened, assessor_id: UUID) -> Assessor:
    found = Assessor.objects.filter(pk=assessor_id, round=opened.round, removed_at=None).first()
    if found is None:
        raise Refused("This round has no such assessor.")
    return found


def _about(opened: Opened, assessor: Assessor) -> dict[str, str]:
    return {"round": str(opened.round.pk), "assessor": str(assessor.pk)}
