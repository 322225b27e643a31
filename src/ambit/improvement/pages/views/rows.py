"""What pages of gaps, actions, milestones and cycles share: a form kept as a row, a refusal at its field, both versions of a stale save."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from ambit.design.conflict import stale_page
from ambit.design.refusals import Refused, Stale
from ambit.improvement import actions, queries
from ambit.improvement.pages.row_forms import RowForm
from ambit.improvement.queries import RowShown
from ambit.improvement.rules import plans as rules


def initial_of(row: RowShown) -> dict[str, Any]:
    """What a form begins with: the row as it stands, and its revision as seen."""
    return {name: getattr(row.said, name) for name in rules.columns(row.kind)} | {"seen": row.revision}


def keep(
    request: Any, form: RowForm, *, of: UUID, row: RowShown | None, to: Callable[[Any], HttpResponse]
) -> HttpResponse | None:
    """Keep what a form says and go on; None when the form is to be shown, with what refused it at its fields."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        kept = actions.keep_row(
            by=request.reader,
            kind=form.kind,
            of=of,
            row_id=row.id if row else None,
            seen=form.cleaned_data["seen"] if row else 0,
            said=form.said(row.said if row else None),
        )
    except Refused as refused:
        form.refuse(refused)
        return None
    except Stale as stale:
        return stale_row(request, stale, form, row)
    messages.success(request, _("Saved."))
    return to(kept)


def stale_row(request: Any, stale: Stale, form: RowForm, row: RowShown | None) -> HttpResponse:
    """Both versions of a row beside each other, part by part."""
    return stale_page(
        request,
        stale,
        form,
        before=queries.said_before(row.id, stale.seen) if row else None,
        saved_by=row.saved_by if row else "",
        saved_at=row.saved_at if row else None,
    )


def take_out(request: Any, *, kind: str, of: UUID, row_id: UUID) -> bool:
    """Take a row out, as a small form asks; whether it was."""
    try:
        seen = int(request.POST.get("seen", ""))
    except ValueError:
        seen = 0
    try:
        actions.remove_row(
            by=request.reader, kind=kind, of=of, row_id=row_id, seen=seen, why=request.POST.get("why", "")
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return False
    except Stale as stale:
        messages.error(request, _("%(what)s Look at it again first.") % {"what": stale})
        return False
    messages.success(request, _("Taken out. It is kept, with who took it out and why."))
    return True
