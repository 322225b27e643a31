"""Telling the person's side that something is new; safe to repeat, and never after death or withdrawal."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ambit.access.models import Account
from ambit.access.queries import Reader, people_of, reader_for
from ambit.audit import actions as audit
from ambit.careplan import registry
from ambit.careplan.models import SectionVersion
from ambit.events.actions import announce
from ambit.mycare.events import NoticeMade
from ambit.mycare.models import Notice, Preferences
from ambit.mycare.queries import who_is_told
from ambit.mycare.rules import MAILED_AGAIN_AFTER_HOURS, TOLD


@transaction.atomic
def tell(
    *, by: Reader, person_id: UUID, kind: str, source: str, section: str = "", only: int | None = None
) -> list[Notice]:
    """Make a notice for each account that is told of this kind; hearing of the same thing again makes none."""
    made = []
    for account in who_is_told(person_id):
        if account.role not in TOLD[kind] or (only is not None and account.pk != only):
            continue
        notice, is_new = Notice.objects.get_or_create(
            account=account,
            source=source,
            defaults={"person_id": person_id, "kind": kind, "section": section, "at": timezone.now()},
        )
        if is_new:
            made.append(notice)
            announce(NoticeMade(person_id=person_id, notice_id=notice.pk))
    if made:
        audit.record(by=by, what="told of news", about=person_id, details={"kind": kind, "accounts": len(made)})
    return made


@transaction.atomic
def mail_notice(*, by: Reader, notice_id: int) -> bool:
    """Mail that there is news, once, without saying what; whether a mail was sent.

    Asked again at this moment: has the person died, has the leave ended, is the account open, is the mail wanted. Somebody
    who has not come since the last mail is not mailed again within half a day.
    """
    notice = Notice.objects.select_for_update(of=("self",)).select_related("account").filter(pk=notice_id).first()
    if notice is None or notice.mailed_at or notice.read_at or not _wanted(notice):
        return False
    notice.mailed_at = timezone.now()
    notice.save(update_fields=["mailed_at"])
    with translation.override(settings.LANGUAGE_CODE):
        send_mail(
            _("There is news on your Ambit page"),
            _(
                "There is something new on your page. Sign in to read it.\n\n"
                "This mail does not say what it is about, so that nobody else learns it. "
                "You can choose on your page which mails you get."
            ),
            settings.DEFAULT_FROM_EMAIL,
            [notice.account.email],
        )
    audit.record(by=by, what="mailed that there is news", about=notice.person_id, details={"notice": notice.pk})
    return True


def _wanted(notice: Notice) -> bool:
    account: Account = notice.account
    if not account.is_active or not people_of(reader_for(account)).filter(pk=notice.person_id).exists():
        return False
    chosen = Preferences.objects.filter(account=account).first()
    if chosen and notice.kind in chosen.no_mail_for:
        return False
    since = timezone.now() - timedelta(hours=MAILED_AGAIN_AFTER_HOURS)
    return not Notice.objects.filter(account=account, mailed_at__gt=since, read_at=None).exists()


@transaction.atomic
def read_notices(*, by: Reader, person_id: UUID) -> None:
    """What is new has been seen."""
    by.must("see_own_record")
    unread = Notice.objects.filter(account_id=by.account_id or 0, person_id=person_id, read_at=None)
    if unread.update(read_at=timezone.now()):
        audit.record(by=by, what="read their news", about=person_id)


def remind_of_reviews(*, by: Reader) -> int:
    """Ask those who sign in to look again at what is their own and old; once for each version."""
    told = 0
    for section in registry.plan().sections():
        if not section.is_their_own:
            continue
        before = timezone.now() - timedelta(days=section.ask_again_after_days)
        old = SectionVersion.objects.filter(
            section=section.id, saved_at__lt=before, person__accounts__is_active=True, person__died_on=None
        ).distinct()
        for version in old:
            later = SectionVersion.objects.filter(
                person=version.person_id, section=section.id, number__gt=version.number
            )
            if not later.exists():
                source = f"review/{section.id}/{version.number}"
                told += len(
                    tell(by=by, person_id=version.person_id, kind="review_due", source=source, section=section.id)
                )
    return told
