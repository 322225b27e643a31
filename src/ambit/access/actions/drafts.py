"""What was typed when a session ran out is kept, for whoever typed it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import cast
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ambit.access.models import Draft
from ambit.audit import actions as audit
from ambit.audit.rules import Reader

DRAFTS_AT_MOST = 20
DRAFTS_KEPT_FOR = timedelta(days=7)


@transaction.atomic
def keep_draft(*, by: Reader, path: str, data: Mapping[str, list[str]]) -> Draft:
    """Keep what somebody had typed, for them alone, when it could not be saved because their session had run out."""
    mine = Draft.objects.filter(account_id=cast(int, by.account_id))
    mine.filter(saved_at__lt=timezone.now() - DRAFTS_KEPT_FOR).delete()
    oldest = mine.order_by("-saved_at").values_list("pk", flat=True)[DRAFTS_AT_MOST - 1 :]
    mine.filter(pk__in=list(oldest)).delete()
    draft = Draft.objects.create(
        account_id=cast(int, by.account_id), path=path, data=dict(data), saved_at=timezone.now()
    )
    audit.record(by=by, what="kept a draft when signed out", details={"draft": str(draft.pk)})
    return draft


@transaction.atomic
def expire_drafts(*, by: Reader) -> int:
    """Let go of every draft that nobody came back for within a week; done nightly."""
    count, _ = Draft.objects.filter(saved_at__lt=timezone.now() - DRAFTS_KEPT_FOR).delete()
    if count:
        audit.record(by=by, what="let go of old drafts", details={"drafts": count})
    return count


@transaction.atomic
def discard_draft(*, by: Reader, draft_id: UUID | str) -> None:
    """Let go of a draft, once it has been used or is not wanted."""
    try:
        draft_id = UUID(str(draft_id))
    except ValueError:
        return
    Draft.objects.filter(account_id=cast(int, by.account_id), pk=draft_id).delete()
    audit.record(by=by, what="let go of a draft", details={"draft": str(draft_id)})
