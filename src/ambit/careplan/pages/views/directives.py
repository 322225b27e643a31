"""Documents with legal force: how each kind stands, recorded, ended, viewed differently. Every kind goes the same way."""

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from ambit.careplan import actions, queries
from ambit.careplan.pages.banner import banner
from ambit.careplan.pages.forms.directives import FORMS, EndDirectiveForm, ViewDifferentlyForm
from ambit.careplan.pages.views.plan import may_edit
from ambit.careplan.rules import cpr, wording
from ambit.careplan.rules.checks import Check
from ambit.careplan.rules.conflicts import whom_to_ask
from ambit.careplan.rules.directives import KINDS
from ambit.careplan.rules.document import ENDINGS, Document
from ambit.careplan.rules.emergency import review_by
from ambit.design.page import page
from ambit.design.refusals import Refused
from ambit.design.routes import needs

HAVE_FORCE = ("advance_decision", "authority")


@needs("see_plan", person="person_id")
def directives(request: Any, person_id: UUID, kind: str) -> HttpResponse:
    """Every document of one kind: what it says, what it weighs and why, and those that no longer count."""
    person_id = request.person.id
    plan = queries.current(request.reader, person_id)
    plan.must_show(kind, title=KINDS[kind].title)
    on = timezone.localdate()
    current = plan.directives.of_kind(kind)
    checked = [(one, plan.directives.check(one, on=on)) for one in current]
    editing = may_edit(request) and (not KINDS[kind].clinical or request.reader.role in cpr.MAKERS)
    return page(
        request,
        "careplan/directives.jinja",
        banner=banner(request.person, plan),
        person_id=person_id,
        kind=KINDS[kind],
        heading=_heading(kind, checked),
        shown=[(one, check, tuple(wording.lines(one))) for one, check in checked],
        conflicts=[one for one in plan.conflicts if {side.of for side in one.sides} & {one.id for one in current}],
        whom=whom_to_ask(plan.directives, on=on),
        ended=[(one, ENDINGS[one.ended]) for one in plan.directives.ended if one.kind == kind],
        may_record=may_edit(request),
        may_end=editing,
        may_view=may_edit(request) and kind in HAVE_FORCE,
        on=on,
        opens=queries.opens_by([one.id for one in plan.directives.documents]) if kind == "authority" else {},
    )


def _heading(kind: str, checked: list[tuple[Document, Check]]) -> str:
    """The answer: what the one current document weighs or says, or how many there are."""
    title = KINDS[kind].title
    if not checked:
        return _("%(title)s: none recorded") % {"title": title}
    if len(checked) > 1:
        return _("%(title)s: %(count)s are current") % {"title": title, "count": len(checked)}
    one, check = checked[0]
    words = check.label if check.conditions or check.force == "not_computed" else one.in_brief
    return f"{title}: {words[:1].lower()}{words[1:]}"


@needs("edit_plan", person="person_id")
def record_directive(request: Any, person_id: UUID, kind: str) -> HttpResponse:
    """Record a document made here, or transcribe one as it stands."""
    person_id = request.person.id
    plan = queries.current(request.reader, person_id)
    plan.must_show(kind, title=KINDS[kind].title)
    on = timezone.localdate()
    initial: dict[str, Any] = {"key": uuid4(), "jurisdiction": "EW"}
    if KINDS[kind].clinical:
        initial["review_on"] = review_by(on)
    form = FORMS[kind](request.POST or None, initial=initial, current=plan.directives.of_kind(kind))
    if form.is_valid():
        try:
            actions.record_directive(
                by=request.reader,
                person=request.person,
                kind=kind,
                source=form.source_said(),
                said=form.said(),
                on=on,
                key=form.cleaned_data["key"],
                replaces=form.replaces(),
                accounts=form.accounts(),
            )
            return redirect(kind, person_id=person_id)
        except Refused as refused:
            form.refuse(refused)
    return page(
        request,
        "careplan/record_directive.jinja",
        banner=banner(request.person, plan),
        person_id=person_id,
        kind=KINDS[kind],
        form=form,
        on_behalf=KINDS[kind].clinical and request.reader.role not in cpr.MAKERS,
    )


@needs("edit_plan", person="person_id")
def end_directive(request: Any, person_id: UUID, directive_id: UUID) -> HttpResponse:
    """Say that a document no longer counts, and why."""
    plan, one = _current(request, directive_id)
    form = EndDirectiveForm(request.POST or None)
    if form.is_valid():
        try:
            actions.end_directive(by=request.reader, person=request.person, directive_id=one.id, **form.cleaned_data)
            return redirect(one.kind, person_id=request.person.id)
        except Refused as refused:
            form.refuse(refused)
    return _about(request, plan, one, form, heading=_("It no longer counts: %(words)s") % {"words": one.in_brief})


@needs("edit_plan", person="person_id")
def view_differently(request: Any, person_id: UUID, directive_id: UUID) -> HttpResponse:
    """Record a view of a document's force that differs from what is computed."""
    plan, one = _current(request, directive_id)
    if one.kind not in HAVE_FORCE:
        raise Http404("This has no force of its own.")
    form = ViewDifferentlyForm(request.POST or None)
    if form.is_valid():
        try:
            actions.view_differently(by=request.reader, person=request.person, directive_id=one.id, **form.cleaned_data)
            return redirect(one.kind, person_id=request.person.id)
        except Refused as refused:
            form.refuse(refused)
    return _about(request, plan, one, form, heading=_("Record a different view: %(words)s") % {"words": one.in_brief})


def _current(request: Any, directive_id: UUID) -> tuple[queries.CurrentPlan, Document]:
    plan = queries.current(request.reader, request.person.id)
    one = next((one for one in plan.directives.current if one.id == directive_id), None)
    if one is None:
        raise Http404("No such current document.")
    return plan, one


def _about(request: Any, plan: queries.CurrentPlan, one: Document, form: Any, *, heading: str) -> HttpResponse:
    return page(
        request,
        "careplan/about_directive.jinja",
        banner=banner(request.person, plan),
        person_id=request.person.id,
        kind=KINDS[one.kind],
        form=form,
        heading=heading,
        check=plan.directives.check(one, on=timezone.localdate()),
    )
