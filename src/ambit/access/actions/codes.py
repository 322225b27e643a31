"""A person shows their record with a short-lived code, and who is with them uses it."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from ambit.access.models import CodeUse, ShownCode
from ambit.access.queries import CannotOpen, answer_at_the_door, code_hash, kept, search_print
from ambit.access.rules import (
    CODE_LENGTH,
    CODE_LETTERS,
    CODES_SHOWN_AT_MOST,
    WRONG_CODES_AT_MOST,
    Relation,
    code_as_kept,
    code_in_groups,
)
from ambit.audit import actions as audit
from ambit.audit.models import AuditLine
from ambit.audit.rules import NotAllowed, Reader
from ambit.design.refusals import Refused
from ambit.people.models import Person

WRONG = "tried a code that shows nothing"
WRONG_WITHIN = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A code as the person's own page shows it, once: nobody can read it again."""

    code: str
    until_at: datetime

    @property
    def in_groups(self) -> str:
        return code_in_groups(self.code)


@transaction.atomic
def show_code(*, by: Reader, person_id: UUID) -> Shown:
    """Make a code with which the person, or who acts for them, shows the record to a clinician beside them.

    It works for some minutes, once for each reader; the code before it stops working.
    """
    person = _theirs_to_show(by, person_id)
    now = timezone.now()
    mine = ShownCode.objects.filter(shown_by_id=by.account_id, shown_at__gt=now - timedelta(hours=1))
    if mine.count() >= CODES_SHOWN_AT_MOST:
        raise Refused("You have asked for many codes within an hour. Wait a while, then try again.")
    _end_codes(person, now)
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    shown = ShownCode.objects.create(
        person=person,
        code_hash=code_hash(code),
        shown_by_id=cast(int, by.account_id),
        shown_at=now,
        until_at=now + timedelta(minutes=settings.CONFIG.code_minutes),
    )
    audit.record(by=by, what="showed a code", about=person.id, details={"code": str(shown.pk)})
    return Shown(code=code, until_at=shown.until_at)


@transaction.atomic
def stop_showing(*, by: Reader, person_id: UUID) -> None:
    """End the code, and close the record for everybody who opened it with one; at their next request it is closed."""
    person = _theirs_to_show(by, person_id)
    now = timezone.now()
    _end_codes(person, now)
    ended = CodeUse.objects.filter(person=person, until_at__gt=now).update(until_at=now)
    audit.record(by=by, what="stopped showing the record", about=person.id, details={"closed": ended})


def use_code(*, by: Reader, code: str) -> Person:
    """Open the record that a code shows. Used again by the same reader it leads there, and does not open it for longer.

    A wrong code is audited before it is refused, and after several the reader has to wait: then each is refused unread.
    """
    by.must("see_urgent")
    if by.account_id is None:
        raise NotAllowed("Only somebody who is signed in uses a code.")
    now = timezone.now()
    wrong = AuditLine.objects.filter(account_id=by.account_id, what=WRONG, at__gt=now - WRONG_WITHIN).count()
    if wrong >= WRONG_CODES_AT_MOST:
        raise Refused(
            {
                "code": "Too many wrong codes. Wait 15 minutes, or find the person by NHS number, or name and date of birth."
            }
        )
    kept_code = code_as_kept(code)
    shown = (
        ShownCode.objects.filter(Q(ended_at=None), code_hash=code_hash(kept_code), until_at__gt=now)
        .select_related("person")
        .first()
    )
    if shown is None or shown.person.died_on is not None:
        audit.record(by=by, what=WRONG, details={"terms": search_print(kept_code)})
        raise Refused({"code": "This code does not work, or no longer. Ask the person to show a new one."})
    person = kept(shown.person_id)
    try:
        with transaction.atomic():
            use = CodeUse.objects.create(
                person=person,
                code=shown,
                account_id=by.account_id,
                name=by.name,
                role=by.role,
                organisation_name=by.organisation_name,
                used_at=now,
                until_at=now + timedelta(hours=settings.CONFIG.code_opens_hours),
            )
            audit.record(
                by=by,
                what="opened a record that the person showed",
                about=person.id,
                details={"code": str(shown.pk), "until": use.until_at.isoformat()},
            )
    except IntegrityError:
        if not CodeUse.objects.filter(code=shown, account_id=by.account_id, until_at__gt=now).exists():
            raise Refused({"code": "You have used this code before. Ask the person to show a new one."}) from None
    return person


def _theirs_to_show(by: Reader, person_id: UUID) -> Person:
    by.must("see_own_record")
    person = kept(person_id)
    if answer_at_the_door(by, person).relation not in {Relation.SELF, Relation.PROXY}:
        raise CannotOpen(person.id, may_break_glass=False)
    if person.died_on is not None:
        raise Refused("The person has died. Their record is no longer shown with a code.")
    return person


def _end_codes(person: Person, now: datetime) -> None:
    ShownCode.objects.filter(person=person, ended_at=None, until_at__gt=now).update(ended_at=now)
