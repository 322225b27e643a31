"""Copying forward from somebody's records."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from ambit.careplan import actions, queries
from ambit.careplan.pages.banner import banner
from ambit.careplan.pages.forms.copying import CopyForm
from ambit.careplan.pages.views.sections import section_or_404
from ambit.design.page import page
from ambit.design.refusals import Refused
from ambit.design.routes import needs


@needs("edit_plan", person="person_id")
def copy_from_record(request: Any, person_id: UUID, section_id: str) -> HttpResponse:
    """Choose what to copy from a record into the form of a section; nothing is saved by it."""
    person_id = request.person.id
    section, on = section_or_404(section_id), timezone.localdate()
    offered = actions.look_in_record(by=request.reader, person=request.person, section=section, on=on)
    form = CopyForm(request.POST if request.method == "POST" else None, offered=offered)
    if form.is_valid():
        try:
            actions.copy_from_record(
                by=request.reader, person=request.person, section=section, chosen=form.cleaned_data["chosen"], on=on
            )
            messages.success(request, _("Copied into your draft. Check each, then save the section."))
            return redirect("save_section", person_id=person_id, section_id=section_id)
        except Refused as refused:
            form.refuse(refused)
    return page(
        request,
        "careplan/copy_from_record.jinja",
        banner=banner(request.person, queries.current(request.reader, person_id)),
        person_id=person_id,
        section=section,
        offered=offered,
        form=form,
    )
