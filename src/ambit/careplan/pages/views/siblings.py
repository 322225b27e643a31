"""Brothers and sisters with records of their own."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from ambit.access.queries import FoundPerson
from ambit.careplan import actions, queries
from ambit.careplan.pages.banner import banner
from ambit.careplan.pages.forms.siblings import SearchForm, TieSiblingForm, UntieSiblingForm
from ambit.careplan.pages.views.plan import may_edit
from ambit.design.page import page
from ambit.design.refusals import Refused
from ambit.design.routes import needs


@needs("see_plan", person="person_id")
def siblings(request: Any, person_id: UUID) -> HttpResponse:
    """The brothers and sisters whose records the reader may open."""
    return _page(request)


@needs("edit_plan", person="person_id")
def tie_sibling(request: Any, person_id: UUID) -> HttpResponse:
    """Find the record of a brother or sister among the reader's own people, and tie the two."""
    person = request.person
    search = SearchForm(request.GET if "search" in request.GET else None)
    found: tuple[FoundPerson, ...] = ()
    if search.is_valid():
        found, problem = queries.who_may_be_a_sibling(request.reader, person.id, search.cleaned_data["search"])
        if problem:
            search.add_error("search", problem)
    form = TieSiblingForm(request.POST or None, found=_told_apart(found))
    if form.is_valid():
        chosen = form.cleaned_data["sibling"]
        try:
            actions.tie_sibling(by=request.reader, person=person, sibling_id=UUID(chosen) if chosen else None)
            return redirect("siblings", person_id=person.id)
        except Refused as refused:
            form.refuse(refused)
    return _page(request, form=form, search=search, found=found)


@needs("edit_plan", person="person_id")
def untie_sibling(request: Any, person_id: UUID, tie_id: UUID) -> HttpResponse:
    """Take back that two records are of a brother or sister each of the other."""
    known = queries.siblings_of(request.reader, request.person.id)
    sibling = next((one for one in known if one.tie_id == tie_id), None)
    if sibling is None:
        raise Http404("No such tie.")
    form = UntieSiblingForm(request.POST or None)
    if form.is_valid():
        try:
            actions.untie_sibling(by=request.reader, person=request.person, tie_id=tie_id, **form.cleaned_data)
            return redirect("siblings", person_id=request.person.id)
        except Refused as refused:
            form.refuse(refused)
    return page(
        request,
        "careplan/untie_sibling.jinja",
        banner=banner(request.person, queries.current(request.reader, request.person.id)),
        person_id=request.person.id,
        form=form,
        sibling=sibling,
    )


def _told_apart(found: Iterable[FoundPerson]) -> list[tuple[str, str]]:
    return [(str(one.id), f"{one.name}, {one.born_in_words or _('birth day not recorded')}") for one in found]


def _page(request: Any, *, form: Any = None, search: Any = None, found: tuple[FoundPerson, ...] = ()) -> HttpResponse:
    person = request.person
    # the layout lists what is wrong with the page's form: the search until somebody was found
    asked = {"form": form if found else search} if search is not None and search.is_bound else {}
    return page(
        request,
        "careplan/siblings.jinja",
        banner=banner(person, queries.current(request.reader, person.id)),
        person_id=person.id,
        siblings=queries.siblings_of(request.reader, person.id),
        search=search or SearchForm(),
        searched=search is not None and search.is_bound,
        found=found,
        may_edit=may_edit(request),
        **asked,
    )
