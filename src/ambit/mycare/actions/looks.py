"""How somebody likes their pages, and which mails they want."""

from collections.abc import Collection

from django.db import transaction

from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.mycare.models import Notice, Preferences


@transaction.atomic
def choose_looks(*, by: Reader, large: bool, contrast: bool, easy: bool) -> Preferences:
    """Large print, more contrast, Easy Read."""
    by.must("see_own_record")
    chosen, _made = Preferences.objects.update_or_create(
        account_id=by.account_id or 0, defaults={"large": large, "contrast": contrast, "easy": easy}
    )
    audit.record(by=by, what="chose how their pages look")
    return chosen


@transaction.atomic
def choose_mails(*, by: Reader, wanted: Collection[str]) -> Preferences:
    """For which kinds of news a mail is sent. What is on the page stays on the page."""
    by.must("see_own_record")
    unwanted = sorted(set(Notice.Kind.values) - set(wanted))
    chosen, _made = Preferences.objects.update_or_create(
        account_id=by.account_id or 0, defaults={"no_mail_for": unwanted}
    )
    audit.record(by=by, what="chose which mails they get", details={"not": unwanted})
    return chosen
