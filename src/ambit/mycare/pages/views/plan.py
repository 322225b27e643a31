"""The person's plan: read whole, written where it is theirs, and a change proposed elsewhere."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ambit.careplan import actions as careplan
from ambit.careplan import queries as careplan_queries
from ambit.careplan import registry
from ambit.careplan.pages.forms.sections import values
from ambit.design.conflict import stale_page
from ambit.design.documents import can_make_pdf, pdf, pdf_response
from ambit.design.environment import moment
from ambit.design.page import page
from ambit.design.refusals import Refused, Stale
from ambit.design.routes import needs
from ambit.mycare import actions, easy_read, queries
from ambit.mycare.documents import my_copy as my_copy_document
from ambit.mycare.pages.forms import MyCopyForm, MyWordsForm, ProposeChangeForm
from ambit.mycare.rules import Mine, for_person
from ambit.mycare.sentences import in_their_language
from ambit.register.pages.banner import banner


def mine_of(request: Any) -> Mine:
    """Whose plan this request opened, and what its reader may do."""
    return queries.mine(request.reader, request.opening)


@needs("see_own_record")
@require_GET
def my_care(request: Any) -> HttpResponse:
    """Leads to the one plan this reader may open; asks whose when there are several, and says so when there is none."""
    plans = queries.whose_plans(request.reader)
    if len(plans) == 1:
        return redirect("my_plan", person_id=plans[0].person_id)
    return page(request, "mycare/whose_plan.jinja", mine=None, plans=plans)


@needs("see_own_record", person="person_id")
@require_GET
def my_plan(request: Any, person_id: UUID) -> HttpResponse:
    """The first page: whom to ring, what the plan says, what to sort out, who opened it, and the choices."""
    mine = mine_of(request)
    plan = queries.my_plan(request.reader, request.person, mine, on=timezone.localdate())
    return page(
        request,
        "mycare/my_plan.jinja",
        mine=mine,
        plan=plan,
        easy=easy_read.sentences() if mine.looks.easy else {},
        propose=ProposeChangeForm(parts=parts_of(plan)),
    )


@needs("see_own_record", person="person_id")
@require_GET
def my_whole_plan(request: Any, person_id: UUID) -> HttpResponse:
    """Every part of the plan, to read or to print."""
    mine = mine_of(request)
    plan = queries.my_plan(request.reader, request.person, mine, on=timezone.localdate())
    return page(
        request,
        "mycare/my_whole_plan.jinja",
        mine=mine,
        plan=plan,
        easy=easy_read.sentences() if mine.looks.easy else {},
        now=timezone.now(),
        may_change=True,
        left_out=False,
    )


@needs("see_own_record", person="person_id")
@require_http_methods(["GET", "POST"])
def my_copy(request: Any, person_id: UUID) -> HttpResponse:
    """Choose what is in a copy; then the copy, to print or as a PDF."""
    mine, now = mine_of(request), timezone.now()
    plan = queries.my_plan(request.reader, request.person, mine, on=timezone.localdate(now))
    form = MyCopyForm(request.POST if request.method == "POST" else None, parts=parts_of(plan))
    if not form.is_valid():
        return page(request, "mycare/my_copy.jinja", mine=mine, form=form)
    left_out = set(form.cleaned_data["leave_out"])
    is_pdf = request.POST.get("paper") == "pdf" and can_make_pdf()
    actions.copy_my_plan(
        by=request.reader, person=request.person, left_out=left_out, paper="pdf" if is_pdf else "print"
    )
    shown: dict[str, Any] = {
        "mine": mine,
        "plan": replace(plan, parts=tuple(part for part in plan.parts if part.id not in left_out)),
        "easy": easy_read.sentences() if mine.looks.easy else {},
        "now": now,
        "may_change": False,
        "left_out": bool(left_out),
    }
    if is_pdf:
        margin = _("Made on %(moment)s. This copy does not change when the plan does.") % {"moment": moment(now)}
        document = my_copy_document({**shown, "who": banner(request.person), "margin": margin})
        return pdf_response(pdf([document]), name=f"plan-{timezone.localdate(now):%Y-%m-%d}")
    return page(request, "mycare/my_whole_plan.jinja", **shown)


def parts_of(plan: queries.MyPlan) -> list[tuple[str, str]]:
    return [(part.id, part.title) for part in plan.parts]


@needs("write_own_plan", person="person_id")
@require_http_methods(["GET", "POST"])
def write_my_words(request: Any, person_id: UUID, section_id: str) -> HttpResponse:
    """A part that is the person's own; a save that comes too late shows both versions and loses nothing."""
    mine = mine_of(request)
    section = registry.section(section_id)
    if section is None or not section.is_their_own or not mine.may_write:
        raise Http404("No such part to write.")
    shown = careplan_queries.section_page(request.reader, request.person.id, section)
    draft = shown.draft if shown.draft and shown.draft.base == shown.number else None
    content = draft.content if draft else shown.content
    form = MyWordsForm(section, request.POST or None, content=content, seen=shown.number, who=mine.who)
    if form.is_valid():
        try:
            careplan.save_section(
                by=request.reader,
                person=request.person,
                section=for_person(section, registry.say_in(get_language() or "")),
                base=form.cleaned_data["seen"],
                content=form.content(),
                on=timezone.localdate(),
            )
        except Refused as refused:
            form.refuse(refused)
        except Stale as stale:
            return _both_versions(request, stale, form, section)
        else:
            messages.success(request, _("Saved. Everybody who cares for you sees it now."))
            return redirect("my_plan", person_id=request.person.id)
    return page(
        request,
        "mycare/write_my_words.jinja",
        mine=mine,
        form=form,
        section=for_person(section, registry.say_in(get_language() or "")),
        shown=shown,
    )


@needs("write_own_plan", person="person_id")
@require_POST
def still_right(request: Any, person_id: UUID, section_id: str) -> HttpResponse:
    """One press: asked, and unchanged. The same words become the version of today."""
    mine = mine_of(request)
    section = registry.section(section_id)
    if section is None or not section.is_their_own or not mine.may_write:
        raise Http404("No such part to write.")
    shown = careplan_queries.section_page(request.reader, request.person.id, section)
    try:
        careplan.save_section(
            by=request.reader,
            person=request.person,
            section=section,
            base=int(request.POST.get("seen") or 0),
            content=shown.content,
            on=timezone.localdate(),
        )
    except Stale:
        messages.warning(request, _("Somebody changed this part while you were reading. Here it is now."))
    except (Refused, ValueError):
        return redirect("write_my_words", person_id=request.person.id, section_id=section_id)
    else:
        messages.success(request, _("Thank you. Everybody sees that it is still right."))
    return redirect("my_plan", person_id=request.person.id)


def _both_versions(request: Any, stale: Stale, form: MyWordsForm, section: Any) -> HttpResponse:
    careplan.keep_draft(
        by=request.reader,
        person=request.person,
        section=section,
        base=form.cleaned_data["seen"],
        content=form.kept(),
    )
    saved: careplan_queries.SectionFact | None = stale.saved
    meanwhile = careplan_queries.meanwhile(
        request.reader, request.person.id, section.id, began_from=stale.seen, now=stale.current
    )
    stale.saved = values(form.section, saved.content if saved else {})
    return stale_page(
        request,
        stale,
        form,
        before=values(form.section, meanwhile.before),
        saved_by=saved.author_name if saved else "",
        saved_at=saved.saved_at if saved else None,
    )


@needs("propose_changes", person="person_id")
@require_http_methods(["GET", "POST"])
def propose_change(request: Any, person_id: UUID) -> HttpResponse:
    """Say what should be different; somebody reads it and answers, and nobody's words are changed."""
    mine = mine_of(request)
    plan = queries.my_plan(request.reader, request.person, mine, on=timezone.localdate())
    form = ProposeChangeForm(
        request.POST or None, parts=parts_of(plan), initial={"section": request.GET.get("part", "")}
    )
    if form.is_valid():
        try:
            careplan.propose_change(by=request.reader, person=request.person, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Sent. You will read the answer here."))
            return redirect("my_plan", person_id=request.person.id)
    return page(request, "mycare/propose_change.jinja", mine=mine, plan=plan, form=form)


@needs("propose_changes", person="person_id")
@require_POST
def take_back_proposal(request: Any, person_id: UUID, proposal_id: UUID) -> HttpResponse:
    """Let go of what one asked for oneself."""
    try:
        careplan.take_back_proposal(by=request.reader, person=request.person, proposal_id=proposal_id)
    except Refused as refused:
        messages.warning(request, in_their_language(str(refused)))
    return redirect("my_plan", person_id=request.person.id)


@needs("see_who_opened", person="person_id")
@require_GET
def who_opened(request: Any, person_id: UUID) -> HttpResponse:
    """Everybody who opened the record, and why."""
    mine = mine_of(request)
    opened = queries.who_opened(request.reader, request.person, now=timezone.now())
    return page(request, "mycare/who_opened.jinja", mine=mine, opened=opened)
