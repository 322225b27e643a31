"""Signing a gap analysis or a plan: the same form, the same refusal, and what changed meanwhile."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from ambit.design.page import page
from ambit.design.refusals import Refused, Stale
from ambit.improvement import actions, queries
from ambit.improvement.pages.row_forms import SignTableForm


def sign(
    request: Any, found: queries.GapTable | queries.PlanPage, *, says: Sequence[tuple[str, str]], back: str
) -> HttpResponse:
    """Sign a table as it stands; it goes on being worked at. `says` is what who signs looks at first, `back` its page."""
    table = found.opened.table
    seen = queries.state_of_table(table)
    form = SignTableForm(request.POST or None, initial={"seen": seen})
    stale = None
    if form.is_valid():
        of = {"plan_id" if isinstance(found, queries.PlanPage) else "analysis_id": table.pk}
        try:
            actions.sign_table(by=request.reader, **of, **form.cleaned_data)
            messages.success(request, _("Signed. What is written from now on is the next version."))
            return redirect(back)
        except Refused as refused:
            form.refuse(refused)
        except Stale as older:
            stale, form = older, SignTableForm(initial={**form.cleaned_data, "seen": seen})
    return page(
        request,
        "improvement/sign_table.jinja",
        status=409 if stale else 200,
        form=form,
        stale=stale,
        title=table.title,
        version=len(found.signed) + 1,
        says=says,
        back=back,
    )
