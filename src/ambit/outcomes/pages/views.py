"""Pages of outcomes: how somebody is, one instrument over time, recording and correcting."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ambit.careplan.pages.banner import banner as with_alerts
from ambit.careplan.queries import current
from ambit.design.charts import csv_answer
from ambit.design.page import page
from ambit.design.refusals import Refused
from ambit.design.routes import needs
from ambit.design.rules import Banner
from ambit.outcomes import actions, queries, registry
from ambit.outcomes.pages import charts, words
from ambit.outcomes.pages.forms import MeasureForm, PhaseForm, WithdrawForm
from ambit.outcomes.rules.instruments import compare


def _banner(request: Any) -> Banner:
    return with_alerts(request.person, current(request.reader, request.person.id))


def _may_record(request: Any) -> bool:
    return bool(request.reader.may("edit_plan")) and request.person.died_on is None


@needs("see_plan", person="person_id")
def outcomes(request: Any, person_id: UUID) -> HttpResponse:
    """How somebody is now, how that changed, and what can be recorded."""
    person_id, on = request.person.id, timezone.localdate()
    found = queries.outcomes_of(request.reader, request.person)
    here = queries.instruments(request.reader)
    used = [line.instrument.id for line in found.lines]
    offered = [one for one in here.values() if one.use.allowed and not one.instrument.has_phases]
    asked = next((line for line in found.lines if len(line.instrument.items) > 1), None)
    akps = found.line(registry.AKPS)
    ribbon_csv = reverse("phase_figures", args=[person_id])
    return page(
        request,
        "outcomes/outcomes.jinja",
        banner=_banner(request),
        person_id=person_id,
        headline=words.headline(found, on),
        rows=[
            (line, words.total_words(line), words.moved_words(line), words.items_finding(line)) for line in found.lines
        ],
        ribbon=charts.ribbon(found.phases, on, ribbon_csv) if found.phases else None,
        items=charts.items(asked, _figures(person_id, asked)) if asked else None,
        akps=charts.totals(akps, _figures(person_id, akps)) if akps else None,
        offered=[one for one in offered if one.instrument.id in used],
        others=[one for one in offered if one.instrument.id not in used],
        off=[one for one in here.values() if not one.use.allowed],
        may_record=_may_record(request),
    )


def _figures(person_id: UUID, line: queries.Line) -> str:
    return reverse("outcome_figures", args=[person_id, line.instrument.id])


def _line(request: Any, instrument_id: str) -> tuple[queries.Outcomes, queries.Line]:
    found = queries.outcomes_of(request.reader, request.person)
    line = found.line(instrument_id)
    if line is None:
        raise Http404("Nothing was measured with this instrument.")
    return found, line


@needs("see_plan", person="person_id")
def outcome(request: Any, person_id: UUID, instrument_id: str) -> HttpResponse:
    """One instrument over time: items, totals, phases, and every assessment."""
    person_id = request.person.id
    found, line = _line(request, instrument_id)
    instrument = line.instrument
    figures_csv = _figures(person_id, line)
    here = queries.instruments(request.reader)[instrument_id]
    ends = [
        (
            one.period,
            one.start,
            one.end,
            compare(instrument, one.start.answers, one.end.answers) if one.start and one.end else None,
        )
        for one in found.ends(line)
    ]
    return page(
        request,
        "outcomes/outcome.jinja",
        banner=_banner(request),
        person_id=person_id,
        at_this_site=here,
        line=line,
        heading=words.over_time(line),
        items=charts.items(line, figures_csv) if len(instrument.items) > 1 else None,
        totals=charts.totals(line, figures_csv) if instrument.is_totalled and instrument.scoring_confirmed else None,
        ends=[(words.phase(period), period, start, end, moved) for period, start, end, moved in reversed(ends)],
        both_ends=sum(moved is not None for *_rest, moved in ends),
        may_record=_may_record(request) and here.use.allowed,
    )


@needs("see_plan", person="person_id")
def outcome_figures(request: Any, person_id: UUID, instrument_id: str) -> HttpResponse:
    """The figures of one instrument as CSV."""
    _found, line = _line(request, instrument_id)
    return csv_answer(instrument_id, charts.figure_columns(line), charts.figures(line))


@needs("see_plan", person="person_id")
def phase_figures(request: Any, person_id: UUID) -> HttpResponse:
    """The phases of illness as CSV."""
    phases = queries.outcomes_of(request.reader, request.person).phases
    return csv_answer("phases", charts.phase_columns(), charts.phase_figures(phases, timezone.localdate()))


@needs("edit_plan", person="person_id")
def record_measure(request: Any, person_id: UUID, instrument_id: str) -> HttpResponse:
    """Record an assessment."""
    person_id = request.person.id
    here = queries.instruments(request.reader).get(instrument_id)
    if here is None or here.instrument.has_phases or not here.use.allowed:
        raise Http404("This instrument is not in use here.")
    initial = {"key": uuid4(), "assessed_on": timezone.localdate()}
    form = MeasureForm(here.instrument, request.POST or None, initial=initial)
    if form.is_valid():
        try:
            actions.record_measure(
                by=request.reader,
                person=request.person,
                instrument_id=instrument_id,
                said=form.said(),
                on=timezone.localdate(),
                key=form.cleaned_data["key"],
            )
            messages.info(request, _("Saved: %(title)s.") % {"title": here.instrument.title})
            return redirect("outcome", person_id=person_id, instrument_id=instrument_id)
        except Refused as refused:
            form.refuse(refused)
    return _measure_form(request, form, here.instrument, why=here.use.why, heading="")


def _measure_form(request: Any, form: MeasureForm, instrument: Any, *, why: str, heading: str) -> HttpResponse:
    return page(
        request,
        "outcomes/measure_form.jinja",
        banner=_banner(request),
        person_id=request.person.id,
        form=form,
        instrument=instrument,
        why=why,
        heading=heading or instrument.title,
    )


@needs("see_plan", person="person_id")
def measure(request: Any, person_id: UUID, measure_id: UUID) -> HttpResponse:
    """One assessment, with what it corrected and what corrected it."""
    found = queries.measure(request.reader, request.person, measure_id)
    return page(
        request,
        "outcomes/measure.jinja",
        banner=_banner(request),
        person_id=request.person.id,
        found=found,
        one=found.shown,
        phase=words.phase(found.shown) if found.shown.phase else "",
        may_correct=request.reader.may("edit_plan") and found.is_current,
    )


@needs("edit_plan", person="person_id")
def correct_measure(request: Any, person_id: UUID, measure_id: UUID) -> HttpResponse:
    """Put a following version in the place of an assessment that was recorded wrongly."""
    person_id = request.person.id
    found = _to_correct(request, measure_id)
    form = MeasureForm(found.instrument, request.POST or None, initial={"key": uuid4()}, corrects=found.shown)
    if form.is_valid():
        try:
            corrected = actions.correct_measure(
                by=request.reader,
                person=request.person,
                measure_id=measure_id,
                said=form.said(),
                reason=form.cleaned_data["reason"],
                on=timezone.localdate(),
                key=form.cleaned_data["key"],
            )
            return redirect("measure", person_id=person_id, measure_id=corrected.id)
        except Refused as refused:
            form.refuse(refused)
    heading = _("Correct: %(title)s") % {"title": found.instrument.title}
    return _measure_form(request, form, found.instrument, why="", heading=heading)


def _to_correct(request: Any, measure_id: UUID) -> queries.Recording:
    found = queries.measure(request.reader, request.person, measure_id)
    if not found.is_current:
        raise Http404("This assessment was corrected or withdrawn already.")
    return found


@needs("edit_plan", person="person_id")
def withdraw_measure(request: Any, person_id: UUID, measure_id: UUID) -> HttpResponse:
    """Say that an assessment should not be there at all."""
    person_id = request.person.id
    found = _to_correct(request, measure_id)
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        try:
            actions.withdraw_measure(
                by=request.reader, person=request.person, measure_id=measure_id, **form.cleaned_data
            )
            return redirect("outcomes", person_id=person_id)
        except Refused as refused:
            form.refuse(refused)
    heading = _("Withdraw: %(title)s of %(day)s") % {
        "title": found.instrument.title,
        "day": words.day(found.shown.assessed_on),
    }
    return _withdraw_form(request, form, heading, reverse("measure", args=[person_id, measure_id]))


def _withdraw_form(request: Any, form: WithdrawForm, heading: str, back: str) -> HttpResponse:
    return page(request, "outcomes/withdraw.jinja", banner=_banner(request), form=form, heading=heading, back=back)


@needs("see_plan", person="person_id")
def record_phase(request: Any, person_id: UUID) -> HttpResponse:
    """The phases of illness as they were recorded, and a form for the next."""
    person_id, on = request.person.id, timezone.localdate()
    form = PhaseForm(request.POST or None, initial={"key": uuid4(), "began_on": on})
    if _may_record(request) and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            actions.start_phase(
                by=request.reader, person=request.person, on=on, **said | {"key": said["key"] or uuid4()}
            )
            return redirect("outcomes", person_id=person_id)
        except Refused as refused:
            form.refuse(refused)
    phases = queries.phases_shown(request.reader, request.person)
    return page(
        request,
        "outcomes/phases.jinja",
        banner=_banner(request),
        person_id=person_id,
        finding=words.phases_finding(phases, on) if phases else _("No phase of illness is recorded"),
        form=form,
        rows=[(words.phase(row), row) for row in queries.phase_rows(request.reader, request.person)],
        may_record=_may_record(request),
        may_correct=request.reader.may("edit_plan"),
    )


@needs("edit_plan", person="person_id")
def correct_phase(request: Any, person_id: UUID, phase_id: UUID) -> HttpResponse:
    """Put another phase or day in the place of one that was recorded wrongly."""
    person_id = request.person.id
    row = _phase_row(request, phase_id)
    form = PhaseForm(request.POST or None, initial={"phase": row.phase, "began_on": row.began_on}, is_correction=True)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("phase", "began_on", "reason")}
        try:
            actions.correct_phase(
                by=request.reader, person=request.person, phase_id=phase_id, on=timezone.localdate(), **said
            )
            return redirect("record_phase", person_id=person_id)
        except Refused as refused:
            form.refuse(refused)
    return page(
        request,
        "outcomes/correct_phase.jinja",
        banner=_banner(request),
        person_id=person_id,
        form=form,
        heading=_("Correct: %(phase)s from %(day)s") % {"phase": words.phase(row), "day": words.day(row.began_on)},
    )


def _phase_row(request: Any, phase_id: UUID) -> queries.PhaseRow:
    rows = queries.phase_rows(request.reader, request.person)
    row = next((one for one in rows if one.id == phase_id and one.is_current), None)
    if row is None:
        raise Http404("No such phase, or it was corrected already.")
    return row


@needs("edit_plan", person="person_id")
def withdraw_phase(request: Any, person_id: UUID, phase_id: UUID) -> HttpResponse:
    """Say that a phase should not be there at all."""
    person_id = request.person.id
    row = _phase_row(request, phase_id)
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        try:
            actions.withdraw_phase(by=request.reader, person=request.person, phase_id=phase_id, **form.cleaned_data)
            return redirect("record_phase", person_id=person_id)
        except Refused as refused:
            form.refuse(refused)
    heading = _("Withdraw: %(phase)s from %(day)s") % {"phase": words.phase(row), "day": words.day(row.began_on)}
    return _withdraw_form(request, form, heading, reverse("record_phase", args=[person_id]))
