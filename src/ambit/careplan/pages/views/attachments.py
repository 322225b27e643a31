"""Files that belong to a plan."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ambit.careplan import actions, queries
from ambit.careplan.pages.banner import banner
from ambit.careplan.pages.forms.attachments import AttachFileForm
from ambit.careplan.pages.views.plan import may_edit
from ambit.design.page import page
from ambit.design.refusals import Refused
from ambit.design.routes import needs


@needs("see_plan", person="person_id")
@require_GET
def attachments(request: Any, person_id: UUID) -> HttpResponse:
    """Every file attached to the plan, the newest first; replaced ones say so."""
    plan = queries.current(request.reader, request.person.id)
    return page(
        request,
        "careplan/attachments.jinja",
        banner=banner(request.person, plan),
        person_id=request.person.id,
        rows=queries.attachments(request.reader, request.person, plan),
        may_edit=may_edit(request),
    )


@needs("edit_plan", person="person_id")
def attach_file(request: Any, person_id: UUID) -> HttpResponse:
    """Attach a file to a part of the plan; with `replaces`, in the place of another, which is kept."""
    person_id = request.person.id
    plan = queries.current(request.reader, person_id)
    initial = {"section": request.GET.get("section", ""), "replaces": request.GET.get("replaces")}
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = AttachFileForm(*sent, role=request.reader.role, initial=initial)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            actions.attach_file(
                by=request.reader,
                person=request.person,
                section_id=form.cleaned_data["section"],
                title=form.cleaned_data["title"],
                name=file.name,
                chunks=file.chunks(),
                size=file.size,
                replaces=form.cleaned_data["replaces"],
                key=form.cleaned_data["key"],
            )
            messages.success(request, _("Attached."))
            return redirect("attachments", person_id=person_id)
        except Refused as refused:
            form.refuse(refused)
    return page(
        request,
        "careplan/attach_file.jinja",
        banner=banner(request.person, plan),
        person_id=person_id,
        form=form,
    )


@needs("see_plan", person="person_id")
@require_GET
def attachment(request: Any, person_id: UUID, attachment_id: UUID) -> HttpResponse:
    """Hand a file out to be saved, never to be shown in the page; what no longer is what was kept is not handed out."""
    if queries.attachment(request.reader, request.person, attachment_id) is None:
        raise Http404("There is no such file.")
    kept = queries.kept_file(request.reader, request.person, attachment_id)
    if kept is None:
        messages.error(
            request,
            _(
                "This file is missing or changed on the server, and is not shown. Its place is kept: ask who runs Ambit for the backup."
            ),
        )
        return redirect("attachments", person_id=request.person.id)
    actions.open_file(by=request.reader, person=request.person, attachment_id=attachment_id)
    answer = HttpResponse(kept.content, content_type=kept.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{kept.name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer
