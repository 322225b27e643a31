"""A list of levers: brought, looked at, and taken over whole. What was looked at is carried by the page, so nothing is kept before."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ambit.design.page import page
from ambit.design.refusals import Refused
from ambit.design.routes import needs
from ambit.improvement import actions, queries
from ambit.improvement.pages.workbook_forms import BringLeversForm
from ambit.improvement.rules.lever_lists import LeverList, read_levers

LARGEST = 1024 * 1024


@needs("lead_rounds")
def import_levers(request: Any) -> HttpResponse:
    """Look at a list of levers, then take it over; each line that cannot be taken is named."""
    form = BringLeversForm(request.POST, request.FILES) if request.method == "POST" else BringLeversForm()
    told: LeverList | None = None
    text = ""
    if request.method == "POST" and form.is_valid():
        try:
            if "text" in request.POST:
                many = actions.import_levers(by=request.reader, text=request.POST["text"])
                words = ngettext("%(many)s lever is new.", "%(many)s levers are new.", many)
                messages.success(request, words % {"many": many})
                return redirect("levers")
            text = _text(form.cleaned_data["file"])
            told = read_levers(text, standing=queries.levers_of_own(request.reader))
            if told.problems:
                raise Refused({"file": [f"Line {line}: {words}" for line, words in told.problems.items()]})
        except Refused as refused:
            form.refuse(refused)
            told = None
    return page(request, "improvement/import_levers.jinja", form=form, told=told, text=text)


def _text(sent: Any) -> str:
    if sent is None:
        raise Refused({"file": _("Choose a CSV file.")})
    if sent.size > LARGEST:
        raise Refused({"file": _("The file is larger than 1 MB. Bring at most 500 lines at once.")})
    try:
        return str(sent.read().decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        where = _("It is not written in UTF-8 (byte %(byte)s). Save it as “CSV UTF-8”.") % {"byte": problem.start}
        raise Refused({"file": where}) from problem
