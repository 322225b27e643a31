"""Pages of validation reports: which there are and asking for one; one report; its PDF and figures."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from ambit.casefinding import (
    actions,
    documents,
    queries,
    report_charts,
    report_files,
    report_words,
    reports,
    run_figures,
    tasks,
)
from ambit.casefinding.pages.forms import ValidationForm
from ambit.casefinding.search import packs_that_may_be_asked
from ambit.design.charts import csv_answer
from ambit.design.documents import can_make_pdf, pdf, pdf_response
from ambit.design.page import page
from ambit.design.refusals import Refused
from ambit.design.routes import needs


@needs("see_search_figures")
def validations(request: Any) -> HttpResponse:
    """The reports there are."""
    return page(
        request,
        "casefinding/validations.jinja",
        found=reports.reports(request.reader),
        horizon=report_words.horizon,
        may_ask=request.reader.may("run_case_finding"),
    )


@needs("run_case_finding")
def ask_for_validation(request: Any) -> HttpResponse:
    """Ask for a report; it is counted in the background."""
    form = ValidationForm(
        request.POST if request.method == "POST" else None,
        packs=packs_that_may_be_asked(),
        practices=queries.practices(),
    )
    if form.is_valid():
        said = form.cleaned_data
        try:
            asked = actions.ask_for_validation(
                by=request.reader,
                pack_ids=said["packs"],
                on=[said["on"]],
                horizon=int(said["horizon"]),
                today=timezone.localdate(),
                practice_id=UUID(said["practice"]) if said["practice"] else None,
            )
            tasks.make_validation.enqueue(str(asked.id))
            return redirect("validations")
        except Refused as refused:
            form.refuse(refused)
    return page(request, "casefinding/ask_for_validation.jinja", form=form)


@needs("see_search_figures")
def validation(request: Any, report_id: UUID) -> HttpResponse:
    """One report: a pack on a day at a time, the others a press away."""
    found = reports.report(request.reader, report_id)
    asked = (request.GET.get("pack", ""), request.GET.get("on", ""))
    shown = next((part for part in found.parts if (part.pack, part.on.isoformat()) == asked), found.parts[0])
    csv_url = reverse("validation_figures", args=[report_id])
    return page(
        request,
        "casefinding/validation.jinja",
        report=found,
        shown=shown,
        charts=report_charts.charts(shown, found.horizon, csv_url=csv_url, method_url="#worked-out"),
        words=report_words,
        can_make_pdf=can_make_pdf(),
    )


@needs("see_search_figures")
def validation_pdf(request: Any, report_id: UUID) -> HttpResponse:
    """The whole report as PDF."""
    found = reports.report(request.reader, report_id)
    return pdf_response(pdf([documents.validation_report(found)]), name="validation-report")


@needs("see_search_figures")
def validation_figures(request: Any, report_id: UUID) -> HttpResponse:
    """Every figure of the report as CSV, hidden where the page hides."""
    found = reports.report(request.reader, report_id)
    return csv_answer("validation-report", report_files.columns(), report_files.rows(found))


@needs("see_search_figures")
def validation_data(request: Any, report_id: UUID) -> HttpResponse:
    """The report as plain data for programs, hidden where the page hides."""
    return JsonResponse(report_files.plain(reports.report(request.reader, report_id)))


@needs("see_search_figures")
def search_figures(request: Any) -> HttpResponse:
    """Whom the last run found, by group, of the reader's own practice and of everybody; what became of those found before.

    For a practice, its register stands first, against the size that might be expected of it.
    """
    return page(
        request,
        "casefinding/search_figures.jinja",
        found=run_figures.rates(request.reader),
        words=report_words,
        may_see_deaths=request.reader.may("see_candidates"),
        size=queries.register_size(request.reader) if request.reader.may("see_candidates") else None,
    )
