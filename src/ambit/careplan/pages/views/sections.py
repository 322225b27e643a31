"""One section, and its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ambit.careplan import actions, queries, registry
from ambit.careplan.pages.banner import banner
from ambit.careplan.pages.forms.sections import CompareForm, SectionForm, SeenForm, values
from ambit.careplan.pages.views.plan import may_edit
from ambit.careplan.rules import CHILD, PERSON, Difference, Section, differences
from ambit.design.conflict import stale_page
from ambit.design.page import page
from ambit.design.refusals import Refused, Stale
from ambit.design.routes import needs


def section_or_404(section_id: str) -> Section:
    section = registry.section(section_id)
    if section is None or section.decision:
        raise Http404("The plan has no such section.")
    return section


@needs("edit_plan", person="person_id")
def save_section(request: Any, person_id: UUID, section_id: str) -> HttpResponse:
    """Write one section; a save that comes too late shows both versions and keeps the writer's words."""
    person_id = request.person.id
    section = section_or_404(section_id)
    is_past = request.person.died_on or section.is_past(queries.life_of(request.person, on=timezone.localdate()))
    if not section.may_write(request.reader.role) or (request.method == "GET" and is_past):
        return redirect("section_history", person_id=person_id, section_id=section_id)
    shown = queries.section_page(request.reader, person_id, section)
    draft = shown.draft
    seen, content = shown.number, shown.content
    if draft and draft.base == shown.number:
        content = draft.content
    form = _form(request, section, request.POST or None, content=content, seen=seen)
    if request.method == "POST" and request.POST.get("do") == "drop":
        actions.drop_draft(by=request.reader, person=request.person, section=section)
        return redirect("save_section", person_id=person_id, section_id=section_id)
    if form.is_valid():
        if request.POST.get("do") == "draft":
            _keep(request, form, section)
            messages.info(request, _("Kept as your draft. Nobody else sees it."))
            return redirect("plan", person_id=person_id)
        try:
            actions.save_section(
                by=request.reader,
                person=request.person,
                section=section,
                base=form.cleaned_data["seen"],
                content=form.content(),
                on=timezone.localdate(),
            )
            return redirect("plan", person_id=person_id)
        except Refused as refused:
            form.refuse(refused)
        except Stale as stale:
            _keep(request, form, section)
            return _both_versions(request, stale, form, section)
    if draft and draft.base != shown.number and request.method == "GET" and "draft" in request.GET:
        yours = values(section, draft.content)
        older = Stale(what=section.title, seen=draft.base, current=shown.number, saved=shown.fact, yours=yours)
        drafted = _form(request, section, None, content=draft.content, seen=draft.base)
        return _both_versions(request, older, drafted, section)
    return page(
        request,
        "careplan/save_section.jinja",
        banner=banner(request.person, queries.current(request.reader, person_id)),
        person_id=person_id,
        form=form,
        section=section,
        shown=shown,
        may_edit=may_edit(request),
        may_copy=queries.may_copy(request.reader, request.person, section),
    )


def _form(request: Any, section: Section, data: Any, *, content: Mapping[str, Any], seen: int) -> SectionForm:
    """The form of a section: what this role is asked about this person, and whom its items may name."""
    life = queries.life_of(
        request.person, on=timezone.localdate(), has_childs_plan=section.ages.kind == CHILD and bool(seen)
    )
    asked = {item.id for item in section.asked(content, role=request.reader.role, life=life)}
    names_somebody = any(part.type == PERSON for item in section.items for part in (item, *item.items))
    people = queries.people_to_name(request.reader, request.person) if names_somebody else ()
    return SectionForm(section, data, content=content, seen=seen, asked=asked, people=people)


def _keep(request: Any, form: SectionForm, section: Section) -> None:
    actions.keep_draft(
        by=request.reader,
        person=request.person,
        section=section,
        base=form.cleaned_data["seen"],
        content=form.kept(),
    )


def _both_versions(request: Any, stale: Stale, form: Any, section: Section) -> HttpResponse:
    """409: what is saved beside what was written, each against what both began from, with a choice for each part."""
    saved: queries.SectionFact | None = stale.saved
    messages.info(request, _("Your words are kept as your draft."))
    meanwhile = queries.meanwhile(
        request.reader, request.person.id, section.id, began_from=stale.seen, now=stale.current
    )
    stale.saved = values(section, saved.content if saved else {})
    return stale_page(
        request,
        stale,
        form,
        before=values(section, meanwhile.before),
        saved_by=saved.author if saved else "",
        saved_at=saved.saved_at if saved else None,
        telephone=meanwhile.telephone,
    )


@needs("edit_plan", person="person_id")
@require_POST
def confirm_section(request: Any, person_id: UUID, section_id: str) -> HttpResponse:
    """Say that a section was asked about again and is unchanged; refused when somebody saved since it was read."""
    person_id = request.person.id
    section = section_or_404(section_id)
    form = SeenForm(request.POST)
    if not form.is_valid():
        raise Http404("The page did not say which version was read.")
    try:
        actions.confirm_section(
            by=request.reader,
            person=request.person,
            section=section,
            seen=form.cleaned_data["seen"],
            on=timezone.localdate(),
        )
        messages.success(request, _("%(section)s: asked, unchanged.") % {"section": section.title})
    except Refused as refused:
        messages.error(request, str(refused))
    except Stale:
        messages.error(request, _("Somebody saved this section since you opened it. Read what it says now."))
    else:
        return redirect("plan", person_id=person_id)
    return redirect("section_history", person_id=person_id, section_id=section_id)


@needs("see_plan", person="person_id")
def section_history(request: Any, person_id: UUID, section_id: str) -> HttpResponse:
    """Every version of a section, the newest first, with who and when."""
    person_id = request.person.id
    section = section_or_404(section_id)
    versions = queries.history(request.reader, person_id, section_id)
    compare = CompareForm(request.GET or None, versions=versions)
    return page(
        request,
        "careplan/section_history.jinja",
        banner=banner(request.person, queries.current(request.reader, person_id)),
        person_id=person_id,
        section=section,
        versions=versions,
        compare=compare,
        compared=_compared(section, versions, compare),
        may_edit=may_edit(request) and section.may_write(request.reader.role),
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions, the older first, and what differs."""

    before: queries.SectionFact
    after: queries.SectionFact
    parts: tuple[Difference, ...]


def _compared(section: Section, versions: Sequence[queries.SectionFact], form: CompareForm) -> Compared | None:
    if not form.is_bound or not form.is_valid():
        return None
    by_number = {version.number: version for version in versions}
    before, after = sorted((int(form.cleaned_data["from"]), int(form.cleaned_data["to"])))
    old, new = by_number[before], by_number[after]
    return Compared(old, new, differences(section, old.content, new.content))
