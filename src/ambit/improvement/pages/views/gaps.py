"""Pages of gap analyses: all of them, the table, one row, what a round proposed, what changed, signing, comparing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from ambit.design.page import page
from ambit.design.refusals import Refused, Stale
from ambit.design.routes import needs
from ambit.improvement import actions, queries
from ambit.improvement.pages.row_forms import DecideGapForm, GapForm, StartAnalysisForm, names_of
from ambit.improvement.pages.views.rows import initial_of, keep, take_out
from ambit.improvement.pages.views.signing import sign
from ambit.improvement.rules import plans as rules


@needs("see_rounds")
@require_GET
def gap_analyses(request: Any) -> HttpResponse:
    """Every gap analysis the reader may see, and those that other places share."""
    own, shared = queries.gap_analyses(request.reader)
    return page(
        request,
        "improvement/gap_analyses.jinja",
        own=own,
        shared=shared,
        may_start=request.reader.may("lead_rounds"),
        red=sum(row.ratings["red"] for row in own if row.is_lead),
    )


@needs("lead_rounds")
def start_gap_analysis(request: Any) -> HttpResponse:
    """Begin one, from a framework or with rows of its own."""
    told = queries.frameworks(request.reader)
    form = StartAnalysisForm(
        request.POST or None,
        frameworks=[
            (row.framework.id, f"{row.framework.title} ({row.statements})") for row in told.rows if row.statements
        ],
    )
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = actions.start_gap_analysis(
                by=request.reader,
                title=said["title"],
                framework_id=said["framework"],
                population=said["population"],
            )
            return redirect("gap_analysis", analysis_id=made.pk)
        except Refused as refused:
            form.refuse(refused)
    return page(
        request, "improvement/start_gap_analysis.jinja", form=form, organisation=request.reader.organisation_name
    )


FILTERS = ("foundation", "rating", "owner", "late")


@needs("see_rounds")
@require_GET
def gap_analysis(request: Any, analysis_id: UUID) -> HttpResponse:
    """The table that people know, with its filters."""
    chosen = {name: request.GET.get(name, "")[:400] for name in FILTERS}
    found = queries.gap_table(
        request.reader,
        analysis_id,
        on=timezone.localdate(),
        foundation=chosen["foundation"],
        rating=chosen["rating"],
        owner=chosen["owner"],
        late=bool(chosen["late"]),
    )
    here = reverse("gap_analysis", args=(analysis_id,))

    def filtered(**change: str) -> str:
        """The address of the table with one filter changed and the others kept."""
        some = {name: value for name, value in (chosen | change).items() if value}
        return here + (f"?{urlencode(some)}" if some else "")

    return page(
        request,
        "improvement/gap_analysis.jinja",
        found=found,
        one=found.opened.table,
        chosen=chosen,
        filtered=filtered,
        nobody=queries.NOBODY,
        groups=_groups(found) if found.is_grouped else [("", found.lines)],
        draft=bool(found.signed),
    )


def _groups(found: queries.GapTable) -> list[tuple[str, list[queries.GapLine]]]:
    """The rows under their foundations, in the order in which those come first."""
    groups: dict[str, list[queries.GapLine]] = {}
    for line in found.lines:
        groups.setdefault(line.row.said.foundation, []).append(line)
    return list(groups.items())


@needs("see_rounds")
def gap(request: Any, analysis_id: UUID, gap_id: UUID) -> HttpResponse:
    """One row: who leads changes it, others read it."""
    found = queries.gap_page(request.reader, analysis_id, gap_id, on=timezone.localdate())
    waits = found.row.is_proposed or bool(found.row.proposal)
    more: dict[str, Any] = {}
    if found.opened.may_change and not waits:
        form = GapForm(request.POST or None, initial=initial_of(found.row))
        done = keep(request, form, of=analysis_id, row=found.row, to=lambda _row: redirect("gap_analysis", analysis_id))
        if done:
            return done
        more = {"form": form}
    return page(
        request,
        "improvement/gap.jinja",
        found=found,
        one=found.opened.table,
        row=found.row,
        waits=waits,
        names=names_of(GapForm),
        **more,
    )


@needs("lead_rounds")
def add_gap(request: Any, analysis_id: UUID) -> HttpResponse:
    """A row of one's own."""
    opened = queries.open_analysis(request.reader, analysis_id)
    form = GapForm(request.POST or None, initial={"rating": "unrated", "seen": 0})
    done = keep(request, form, of=analysis_id, row=None, to=lambda _row: redirect("gap_analysis", analysis_id))
    return done or page(request, "improvement/add_gap.jinja", form=form, one=opened.table)


@needs("lead_rounds")
@require_POST
def decide_gap(request: Any, analysis_id: UUID, gap_id: UUID) -> HttpResponse:
    """Take up what a round proposes of a row, or leave it."""
    form = DecideGapForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose whether to take it up or to leave it."))
        return redirect("gap_analysis", analysis_id=analysis_id)
    said = form.cleaned_data
    try:
        actions.decide_gap(
            by=request.reader,
            analysis_id=analysis_id,
            gap_id=gap_id,
            seen=said["seen"],
            takes=said["takes"] == "yes",
            why=said["why"],
        )
        messages.success(request, _("Decided."))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("gap", analysis_id=analysis_id, gap_id=gap_id)
    except Stale as stale:
        messages.error(request, _("%(what)s Look at it again, then decide.") % {"what": stale})
    return redirect("proposed_gaps", analysis_id=analysis_id)


@needs("lead_rounds")
def proposed_gaps(request: Any, analysis_id: UUID) -> HttpResponse:
    """What a signed round proposes, row by row; several can be taken up at once."""
    if request.method == "POST":
        taken = 0
        for row in queries.gap_rows(request.reader, analysis_id):
            if request.POST.get(f"take-{row.id}") != str(row.revision):
                continue
            try:
                actions.decide_gap(
                    by=request.reader, analysis_id=analysis_id, gap_id=row.id, seen=row.revision, takes=True
                )
                taken += 1
            except Refused as refused:
                messages.error(request, str(refused))
        words = ngettext("%(many)s row is taken up.", "%(many)s rows are taken up.", taken) % {"many": taken}
        messages.success(request, words)
        return redirect("gap_analysis", analysis_id=analysis_id)
    found = queries.gap_table(request.reader, analysis_id, on=timezone.localdate())
    return page(request, "improvement/proposed_gaps.jinja", found=found, one=found.opened.table)


@needs("lead_rounds")
@require_POST
def remove_gap(request: Any, analysis_id: UUID, gap_id: UUID) -> HttpResponse:
    """Take a row out; it is kept."""
    if take_out(request, kind=rules.GAP, of=analysis_id, row_id=gap_id):
        return redirect("gap_analysis", analysis_id=analysis_id)
    return redirect("gap", analysis_id=analysis_id, gap_id=gap_id)


@needs("lead_rounds")
def sign_gap_analysis(request: Any, analysis_id: UUID) -> HttpResponse:
    """Sign the table as it stands; it goes on being worked at."""
    found = queries.gap_table(request.reader, analysis_id, on=timezone.localdate())
    says = [
        (_("Rows"), str(found.total)),
        (_("A gap and no plan"), str(found.ratings["red"])),
        (_("Unrated"), str(found.ratings["unrated"])),
        (_("Late"), str(found.late)),
    ]
    return sign(request, found, says=says, back=reverse("gap_analysis", args=(analysis_id,)))


@needs("see_rounds")
@require_GET
def gap_changes(request: Any, analysis_id: UUID) -> HttpResponse:
    """What changed since the table was signed last."""
    found = queries.changes_since(request.reader, analysis_id)
    return page(request, "improvement/gap_changes.jinja", found=found, one=found.opened.table, names=names_of(GapForm))


@needs("see_rounds")
@require_GET
def compare_gaps(request: Any) -> HttpResponse:
    """Gap analyses of several places, or versions of one, beside each other."""
    found = queries.compare_gaps(request.reader, request.GET.getlist("table")[:4])
    return page(request, "improvement/compare_gaps.jinja", found=found)
