"""What was typed when a session ran out."""

from typing import cast
from uuid import UUID

from django.http import Http404

from ambit.access.models import Draft
from ambit.audit.rules import Reader


def draft(reader: Reader, draft_id: UUID) -> Draft:
    """What this reader had typed; nobody else can see it."""
    found = Draft.objects.filter(pk=draft_id, account_id=cast(int, reader.account_id)).first()
    if found is None:
        raise Http404("No such draft.")
    return found
