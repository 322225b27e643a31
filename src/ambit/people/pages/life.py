"""Pages about the people who matter, birth and death."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ambit.design.page import page
from ambit.design.routes import needs
from ambit.people import actions, queries
from ambit.people.pages import forms
from ambit.people.pages.views import banner, done, form_page, sent


@needs("edit_people", person="person_id")
@require_http_methods(["GET", "POST"])
def add_important_person(request: Any, person_id: UUID) -> HttpResponse:
    form = forms.ImportantPersonForm(sent(request), person=request.person)

    def act() -> None:
        actions.add_important_person(
            by=request.reader, person_id=person_id, seen=form.cleaned_data["seen"], **form.said()
        )

    return done(request, form, act) or form_page(
        request, form, heading=_("Somebody who matters"), button=_("Add this person")
    )


def _important(request: Any, important_id: UUID) -> dict[str, Any]:
    found = queries.important_person_now(request.person, important_id)
    if found is None:
        raise Http404("That person is not among those who matter here.")
    return found


@needs("edit_people", person="person_id")
@require_http_methods(["GET", "POST"])
def edit_important_person(request: Any, person_id: UUID, important_id: UUID) -> HttpResponse:
    now = _important(request, important_id)
    shown = now | {name: forms.in_words(now[name]) for name in ("may_share", "is_under_18")}
    form = forms.ImportantPersonForm(sent(request), person=request.person, initial=shown)

    def act() -> None:
        actions.edit_important_person(
            by=request.reader,
            person_id=person_id,
            important_id=important_id,
            seen=form.cleaned_data["seen"],
            **form.said(),
        )

    return done(
        request,
        form,
        act,
        now=lambda: _important(request, important_id),
        before=lambda seen: queries.important_person_at(request.person, important_id, seen),
    ) or form_page(request, form, heading=now["name"], button=_("Save changes"))


@needs("edit_people", person="person_id")
@require_http_methods(["GET", "POST"])
def end_important_person(request: Any, person_id: UUID, important_id: UUID) -> HttpResponse:
    name = _important(request, important_id)["name"]
    form = forms.ReasonForm(sent(request), person=request.person)

    def act() -> None:
        actions.end_important_person(
            by=request.reader,
            person_id=person_id,
            important_id=important_id,
            seen=form.cleaned_data["seen"],
            reason=form.cleaned_data["reason"],
        )

    return done(request, form, act) or form_page(
        request,
        form,
        heading=_("Take %(name)s off the list") % {"name": name},
        button=_("Take off the list"),
        words=_("They stay in the history."),
    )


@needs("edit_people", person="person_id")
@require_http_methods(["GET", "POST"])
def record_parental_responsibility(request: Any, person_id: UUID, important_id: UUID) -> HttpResponse:
    name = _important(request, important_id)["name"]
    form = forms.ParentalResponsibilityForm(sent(request), person=request.person)

    def act() -> None:
        actions.record_parental_responsibility(
            by=request.reader,
            person_id=person_id,
            important_id=important_id,
            seen=form.cleaned_data["seen"],
            **form.said(),
        )

    return done(request, form, act) or form_page(
        request, form, heading=_("Parental responsibility of %(name)s") % {"name": name}, button=_("Save")
    )


@needs("edit_people", person="person_id")
@require_http_methods(["GET", "POST"])
def end_parental_responsibility(request: Any, person_id: UUID, important_id: UUID) -> HttpResponse:
    name = _important(request, important_id)["name"]
    form = forms.EndParentalResponsibilityForm(sent(request), person=request.person)

    def act() -> None:
        actions.end_parental_responsibility(
            by=request.reader,
            person_id=person_id,
            important_id=important_id,
            seen=form.cleaned_data["seen"],
            on=form.cleaned_data["on"],
        )

    return done(request, form, act) or form_page(
        request, form, heading=_("Parental responsibility of %(name)s ends") % {"name": name}, button=_("Save")
    )


@needs("edit_people", person="person_id")
@require_http_methods(["GET", "POST"])
def register_birth(request: Any, person_id: UUID) -> HttpResponse:
    now = queries.details_now(request.person)
    shown = {name: now[name] for name in ("given_names", "family_name", "sex")}
    form = forms.RegisterBirthForm(sent(request), person=request.person, initial=shown)

    def act() -> None:
        actions.register_birth(by=request.reader, person_id=person_id, seen=form.cleaned_data["seen"], **form.said())

    return done(request, form, act) or form_page(request, form, heading=_("The child is born"), button=_("Save birth"))


def _death_page(request: HttpRequest, form: Any, *, heading: str, button: str) -> HttpResponse:
    asked: Any = request
    return page(
        request,
        "people/death.jinja",
        form=form,
        banner=banner(request),
        heading=heading,
        button_words=button,
        person_id=asked.person.pk,
    )


@needs("edit_people", person="person_id")
@require_http_methods(["GET", "POST"])
def record_death(request: Any, person_id: UUID) -> HttpResponse:
    form = forms.DeathForm(sent(request), person=request.person)

    def act() -> None:
        actions.record_death(by=request.reader, person_id=person_id, seen=form.cleaned_data["seen"], **form.said())

    return done(request, form, act) or _death_page(
        request, form, heading=_("Record a death"), button=_("Record that they died")
    )


def _death(request: Any) -> dict[str, Any]:
    found = queries.death_now(request.person)
    if found is None:
        raise Http404("No death is recorded here.")
    return found


@needs("edit_people", person="person_id")
@require_http_methods(["GET", "POST"])
def correct_death(request: Any, person_id: UUID) -> HttpResponse:
    now = _death(request)
    shown = now | {name: forms.in_words(now[name]) for name in ("was_usual_residence", "was_expected")}
    shown["died_at"] = f"{now['died_at']:%H:%M}" if now["died_at"] else ""
    form = forms.CorrectDeathForm(sent(request), person=request.person, initial=shown)

    def act() -> None:
        actions.correct_death(by=request.reader, person_id=person_id, seen=form.cleaned_data["seen"], **form.said())

    return done(request, form, act, now=lambda: _death(request)) or _death_page(
        request, form, heading=_("Correct what is recorded of the death"), button=_("Save correction")
    )


@needs("edit_people", person="person_id")
@require_http_methods(["GET", "POST"])
def retract_death(request: Any, person_id: UUID) -> HttpResponse:
    _death(request)
    form = forms.ReasonForm(sent(request), person=request.person)

    def act() -> None:
        actions.retract_death(
            by=request.reader,
            person_id=person_id,
            seen=form.cleaned_data["seen"],
            reason=form.cleaned_data["reason"],
        )

    return done(request, form, act) or form_page(
        request,
        form,
        heading=_("They are alive: retract the death"),
        button=_("Retract the death"),
        words=_("Tasks and plans that stopped do not start again by themselves: look at each."),
    )
