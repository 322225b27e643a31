"""Pages about people: finding them, adding them, and what is known of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from ambit.design.conflict import stale_page
from ambit.design.page import page
from ambit.design.refusals import Refused, Stale
from ambit.design.routes import needs
from ambit.people import actions, queries
from ambit.people.pages import forms
from ambit.people.rules import Home

FORMER_NAMES_STAY_OPEN = timedelta(minutes=10)


def sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def banner(request: Any) -> Any:
    shown = queries.person_page(request.person, on=timezone.localdate())
    return queries.banner_of(request.person, shown, queries.similar_people(request.people_among, request.person))


def done(
    request: HttpRequest,
    form: Any,
    act: Callable[[], Any],
    *,
    then: str = "",
    now: Callable[[], dict[str, Any]] = dict,
    before: Callable[[int], dict[str, Any] | None] = lambda seen: None,
) -> HttpResponse | None:
    """Carry out a form that is in order: refusals go back into the form, a stale save shows both versions."""
    asked: Any = request
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        act()
    except Refused as refused:
        form.refuse(refused)
        return None
    except Stale as stale:
        stale.saved = now()
        last = queries.last_save(asked.person)
        return stale_page(
            request,
            stale,
            form,
            before=before(stale.seen),
            saved_by=last.by,
            saved_at=last.at,
            telephone=last.telephone,
            banner=banner(request),
        )
    return redirect(then or "person", **({} if then else {"person_id": asked.person.pk}))


def form_page(request: HttpRequest, form: Any, *, heading: str, button: str, words: str = "") -> HttpResponse:
    """One topic of one person: banner, form, and the way back."""
    asked: Any = request
    return page(
        request,
        "people/form.jinja",
        form=form,
        banner=banner(request),
        heading=heading,
        button_words=button,
        words=words,
        person_id=asked.person.pk,
    )


@needs("find_people")
@require_safe
def find_person(request: Any) -> HttpResponse:
    form = forms.FindPersonForm(request.GET if "search" in request.GET else None)
    found = None
    if form.is_valid():
        found = queries.search_people(request.people_among, form.cleaned_data["search"])
        if found.understood:
            form.add_error("search", found.understood)
    return page(
        request,
        "people/find.jinja",
        form=form,
        found=found,
        may_admit=request.reader.may("admit_people"),
        may_look_beyond=request.reader.may("break_glass") and request.reader.may("see_urgent"),
        may_merge=request.reader.may("merge_people"),
    )


@needs("admit_people")
@require_http_methods(["GET", "POST"])
def admit(request: Any) -> HttpResponse:
    form = forms.AdmitForm(sent(request), initial={"person_id": uuid4(), "birth_precision": "exact"})
    if request.method == "POST" and form.is_valid():
        identity = form.identity()
        if not form.cleaned_data["checked"]:
            like = queries.people_like(request.people_among, identity, without=form.cleaned_data["person_id"])
            if like:
                kept = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
                kept = [(name, value) for name, value in kept if name not in {"csrfmiddlewaretoken", "checked"}]
                return page(request, "people/admit_like.jinja", like=like, kept=kept)
        try:
            person = actions.admit(by=request.reader, identity=identity, person_id=form.cleaned_data["person_id"])
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("person", person_id=person.pk)
    return page(request, "people/admit.jinja", form=form)


@needs("find_people", person="person_id")
@require_safe
def person(request: Any, person_id: UUID) -> HttpResponse:
    shown = queries.person_page(request.person, on=timezone.localdate())
    similar = queries.similar_people(request.people_among, request.person)
    return page(
        request,
        "people/person.jinja",
        banner=queries.banner_of(request.person, shown, similar),
        person=request.person,
        shown=shown,
        may_edit=request.reader.may("edit_people"),
        may_merge=request.reader.may("merge_people"),
        may_see_former_names=request.reader.may("see_former_names"),
        may_record_sharing=request.reader.may("record_sharing"),
        may_move=request.reader.may("give_access") and request.person.died_on is None,
    )


@needs("find_people", person="person_id")
@require_safe
def person_history(request: Any, person_id: UUID) -> HttpResponse:
    return page(
        request,
        "people/history.jinja",
        banner=banner(request),
        person=request.person,
        versions=queries.versions(request.person),
        merges=queries.merges_of(request.person),
        may_merge=request.reader.may("merge_people"),
    )


@needs("edit_people", person="person_id")
@require_http_methods(["GET", "POST"])
def change_details(request: Any, person_id: UUID, part: str) -> HttpResponse:
    if part not in forms.PARTS:
        raise Http404("There is no such part.")
    kind, heading = forms.PARTS[part]

    def now() -> dict[str, Any]:
        said = queries.details_now(request.person)
        said["needs_interpreter"] = forms.in_words(said["needs_interpreter"])
        return said

    form = kind(sent(request), person=request.person, initial=now())

    def act() -> None:
        actions.change_details(
            by=request.reader, person_id=person_id, seen=form.cleaned_data["seen"], changes=form.said()
        )

    def as_saved() -> dict[str, Any]:
        request.person.refresh_from_db()
        return queries.details_now(request.person)

    def as_begun(seen: int) -> dict[str, Any] | None:
        return queries.details_at(request.person, seen)

    return done(request, form, act, now=as_saved, before=as_begun) or form_page(
        request, form, heading=str(heading), button=_("Save details")
    )


@needs("edit_people", person="person_id")
@require_http_methods(["GET", "POST"])
def change_number(request: Any, person_id: UUID) -> HttpResponse:
    form = forms.ChangeNumberForm(sent(request), person=request.person, initial={"kind": "nhs"})

    def act() -> None:
        actions.change_number(by=request.reader, person_id=person_id, seen=form.cleaned_data["seen"], **form.said())

    return done(request, form, act) or form_page(
        request,
        form,
        heading=_("NHS, CHI or H&C number"),
        button=_("Save number"),
        words=_("The number before is kept with the record, so that nobody else is added under it."),
    )


@needs("edit_people", person="person_id")
@require_http_methods(["GET", "POST"])
def move_house(request: Any, person_id: UUID) -> HttpResponse:
    form = forms.MoveHouseForm(sent(request), person=request.person, initial={"kind": "home"})

    def act() -> None:
        home = Home(**form.said())
        actions.move_house(by=request.reader, person_id=person_id, seen=form.cleaned_data["seen"], home=home)

    return done(request, form, act) or form_page(
        request,
        form,
        heading=_("New address"),
        button=_("Save address"),
        words=_("The address before stays in the history."),
    )


@needs("see_former_names", person="person_id")
@require_http_methods(["GET", "POST"])
def former_names(request: Any, person_id: UUID) -> HttpResponse:
    form = forms.FormerNamesForm(sent(request))
    shown = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.open_former_names(by=request.reader, person_id=person_id, need=form.cleaned_data["need"])
        except Refused as refused:
            form.refuse(refused)
        else:
            since = timezone.now() - FORMER_NAMES_STAY_OPEN
            shown = queries.former_names(request.reader, request.person, since=since)
    return page(
        request, "people/former_names.jinja", banner=banner(request), form=form, shown=shown, person_id=person_id
    )


@needs("merge_people")
@require_GET
def likely_duplicates(request: Any) -> HttpResponse:
    return page(request, "people/duplicates.jinja", pairs=queries.likely_duplicates(request.people_among))


def _other(request: Any, other_id: UUID) -> Any:
    """The second record of a merge, which must be one of the reader's own people too."""
    other = request.people.filter(pk=other_id).exclude(pk=request.person.pk).first()
    if other is None:
        raise Http404("No such record.")
    return other


@needs("merge_people", person="person_id")
@require_http_methods(["GET", "POST"])
def merge(request: Any, person_id: UUID, other_id: UUID) -> HttpResponse:
    other = _other(request, other_id)
    form = forms.MergeForm(sent(request), person=request.person, initial={"seen_other": other.version})

    def act() -> None:
        actions.merge(
            by=request.reader,
            keep_id=person_id,
            other_id=other_id,
            seen_keep=form.cleaned_data["seen"],
            seen_other=form.cleaned_data["seen_other"],
            reason=form.cleaned_data["reason"],
        )

    answer = done(request, form, act)
    if answer is not None:
        return answer
    today = timezone.localdate()
    return page(
        request,
        "people/merge.jinja",
        form=form,
        kept=request.person,
        other=other,
        kept_shown=queries.person_page(request.person, on=today),
        other_shown=queries.person_page(other, on=today),
    )


@needs("merge_people", person="person_id")
@require_http_methods(["GET", "POST"])
def unmerge(request: Any, person_id: UUID, merge_id: UUID) -> HttpResponse:
    if merge_id not in {row.id for row in queries.merges_of(request.person)}:
        raise Http404("No such merge.")
    form = forms.ReasonForm(sent(request), person=request.person)

    def act() -> None:
        actions.unmerge(by=request.reader, merge_id=merge_id, reason=form.cleaned_data["reason"])

    return done(request, form, act) or form_page(
        request,
        form,
        heading=_("Take the two records apart again"),
        button=_("Take apart"),
        words=_("What had moved goes back. What was written since the merge stays on this record."),
    )
