"""Pages of plans: all of them, one with its milestones by quarter, one page for a board, an action with its cycles and its indicator."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ambit.design.conflict import stale_page
from ambit.design.page import page
from ambit.design.refusals import Refused, Stale
from ambit.design.routes import needs
from ambit.improvement import actions, queries, words
from ambit.improvement.pages.row_forms import (
    ActionForm,
    ChangePlanForm,
    CycleForm,
    MilestoneForm,
    ProgressForm,
    StartPlanForm,
    names_of,
)
from ambit.improvement.pages.views.rows import initial_of, keep, stale_row, take_out
from ambit.improvement.pages.views.signing import sign
from ambit.improvement.rules import plans as rules
from ambit.measures.pages import charts
from ambit.measures.queries import indicators


@needs("see_rounds")
@require_GET
def plans(request: Any) -> HttpResponse:
    """Every plan the reader may see."""
    found = queries.plans(request.reader)
    return page(request, "improvement/plans.jinja", found=found, may_start=request.reader.may("lead_rounds"))


@needs("lead_rounds")
def start_plan(request: Any) -> HttpResponse:
    """Begin a plan of the reader's own organisation."""
    form = StartPlanForm(request.POST or None)
    if form.is_valid():
        try:
            made = actions.start_plan(by=request.reader, **form.cleaned_data)
            return redirect("improvement_plan", plan_id=made.pk)
        except Refused as refused:
            form.refuse(refused)
    return page(request, "improvement/start_plan.jinja", form=form, organisation=request.reader.organisation_name)


@needs("see_rounds")
@require_GET
def improvement_plan(request: Any, plan_id: UUID) -> HttpResponse:
    """A plan: actions with their delivery, milestones by quarter, signed versions."""
    chosen = {name: request.GET.get(name, "")[:200] for name in ("delivery", "owner")}
    found = queries.plan_page(request.reader, plan_id, on=timezone.localdate(), **chosen)
    here = reverse("improvement_plan", args=(plan_id,))

    def filtered(**change: str) -> str:
        """The address of the plan with one filter changed and the other kept."""
        some = {name: value for name, value in (chosen | change).items() if value}
        return here + (f"?{urlencode(some)}" if some else "")

    return page(
        request, "improvement/plan.jinja", found=found, one=found.opened.table, chosen=chosen, filtered=filtered,
        now=rules.Quarter.of(timezone.localdate()),
    )  # fmt: skip


@needs("see_rounds")
@require_GET
def plan_on_a_page(request: Any, plan_id: UUID) -> HttpResponse:
    """The plan on one side for a board: what is asked of it, what happens when, how it is going."""
    found = queries.plan_page(request.reader, plan_id, on=timezone.localdate())
    return page(
        request,
        "improvement/plan_on_a_page.jinja",
        found=found,
        one=found.opened.table,
        quarters=found.quarters[:6],
        now=rules.Quarter.of(timezone.localdate()),
        figures=[(words.figure(one), about) for about, one in queries.figures_of_plan(request.reader, found)],
    )


@needs("lead_rounds")
def change_plan(request: Any, plan_id: UUID) -> HttpResponse:
    """What the plan is for, and what it asks of the board."""
    opened = queries.open_plan(request.reader, plan_id)
    one = opened.table
    form = ChangePlanForm(
        request.POST or None, initial={"title": one.title, "aim": one.aim, "asks": one.asks, "seen": one.revision}
    )
    if form.is_valid():
        try:
            actions.change_plan(by=request.reader, plan_id=plan_id, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("improvement_plan", plan_id=plan_id)
        except Refused as refused:
            form.refuse(refused)
        except Stale as stale:
            return stale_page(request, stale, form)
    return page(request, "improvement/change_plan.jinja", form=form, one=one)


@needs("lead_rounds")
def sign_plan(request: Any, plan_id: UUID) -> HttpResponse:
    """Sign the plan as it stands."""
    found = queries.plan_page(request.reader, plan_id, on=timezone.localdate())
    says = [
        (_("Actions"), str(found.total)),
        (_("Off track"), str(found.deliveries["off_track"])),
        (_("Milestones"), str(len(found.milestones))),
    ]
    return sign(request, found, says=says, back=reverse("improvement_plan", args=(plan_id,)))


# --- actions ---


def _action_form(request: Any, opened: queries.OpenedTable, initial: dict[str, Any]) -> ActionForm:
    named = sorted((one.name, name) for name, one in indicators().items() if one.is_collected)
    return ActionForm(
        request.POST or None,
        gaps=queries.gaps_to_choose(request.reader, opened),
        indicators=[(name, words) for words, name in named],
        initial=initial,
    )


@needs("see_rounds")
def plan_action(request: Any, plan_id: UUID, action_id: UUID) -> HttpResponse:
    """One action: who leads the plan changes it, who owns it says how it is going, others read it."""
    found = queries.action_page(request.reader, plan_id, action_id, on=timezone.localdate())
    row = found.line.row
    more: dict[str, Any] = {}
    if found.opened.may_change:
        form = _action_form(request, found.opened, initial_of(row))
        done = keep(request, form, of=plan_id, row=row, to=lambda _row: redirect("plan_action", plan_id, action_id))
        if done:
            return done
        more = {"form": form}
    elif found.is_owner:
        mine = ProgressForm(request.POST or None, initial=initial_of(row))
        done = _report(request, mine, row)
        if done:
            return done
        more = {"form": mine}
    time = None
    if found.indicator and any(point.value is not None for point in found.indicator.chart.points):
        about = f"?{urlencode({'area': found.area})}"
        time = charts.over_time(
            found.indicator,
            csv_url=reverse("indicator_figures", args=(row.said.indicator,)) + about,
            method_url=reverse("indicator", args=(row.said.indicator,)) + about,
        )
    told = indicators().get(row.said.indicator)
    return page(
        request,
        "improvement/plan_action.jinja",
        found=found,
        one=found.opened.table,
        row=row,
        time=time,
        indicator=told.name if told else "",
        names=names_of(ActionForm),
        **more,
    )


def _report(request: Any, form: ProgressForm, row: queries.RowShown) -> HttpResponse | None:
    """What who owns an action says of it; None when the form is to be shown."""
    if request.method != "POST" or not form.is_valid():
        return None
    cells = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
    try:
        actions.report_progress(by=request.reader, action_id=row.id, seen=form.cleaned_data["seen"], cells=cells)
    except Refused as refused:
        form.refuse(refused)
        return None
    except Stale as stale:
        return stale_row(request, stale, form, row)
    messages.success(request, _("Saved."))
    return redirect("plan_action", row.of, row.id)


@needs("lead_rounds")
def add_action(request: Any, plan_id: UUID) -> HttpResponse:
    """A new action, of a gap where one comes from it."""
    opened = queries.open_plan(request.reader, plan_id)
    form = _action_form(request, opened, {"gap": request.GET.get("gap", ""), "progress": "not_started", "seen": 0})
    done = keep(request, form, of=plan_id, row=None, to=lambda row: redirect("plan_action", plan_id, row.pk))
    return done or _add(request, opened, form, _("Add an action to %(title)s"))


def _add(request: Any, opened: queries.OpenedTable, form: Any, words: str, more: str = "") -> HttpResponse:
    return page(
        request,
        "improvement/add_row.jinja",
        form=form,
        one=opened.table,
        heading=words % {"title": more or opened.table.title},
    )


@needs("lead_rounds")
@require_POST
def remove_action(request: Any, plan_id: UUID, action_id: UUID) -> HttpResponse:
    """Take an action out; it is kept."""
    if take_out(request, kind=rules.ACTION, of=plan_id, row_id=action_id):
        return redirect("improvement_plan", plan_id=plan_id)
    return redirect("plan_action", plan_id=plan_id, action_id=action_id)


# --- milestones ---


def _milestone_form(request: Any, plan_id: UUID, initial: dict[str, Any], own: UUID | None = None) -> MilestoneForm:
    several = queries.plan_rows(request.reader, plan_id)
    others = queries.plan_rows(request.reader, plan_id, rules.MILESTONE)
    return MilestoneForm(
        request.POST or None,
        actions=[(str(row.id), row.said.what[:100]) for row in several],
        milestones=[(str(row.id), row.said.what[:100]) for row in others if row.id != own],
        initial=initial,
    )


@needs("lead_rounds")
def add_milestone(request: Any, plan_id: UUID) -> HttpResponse:
    """A new dated step."""
    opened = queries.open_plan(request.reader, plan_id)
    form = _milestone_form(request, plan_id, {"action": request.GET.get("action", ""), "seen": 0})
    done = keep(request, form, of=plan_id, row=None, to=lambda _row: redirect("improvement_plan", plan_id))
    return done or _add(request, opened, form, _("Add a milestone to %(title)s"))


@needs("lead_rounds")
def milestone(request: Any, plan_id: UUID, milestone_id: UUID) -> HttpResponse:
    """One milestone: move it, or say that it was reached and what shows it."""
    opened = queries.open_plan(request.reader, plan_id)
    row = queries.milestone_row(request.reader, plan_id, milestone_id)
    form = _milestone_form(request, plan_id, initial_of(row), own=row.id)
    done = keep(request, form, of=plan_id, row=row, to=lambda _row: redirect("improvement_plan", plan_id))
    return done or _add(request, opened, form, _("Milestone: %(title)s"), row.said.what)


# --- cycles ---


@needs("lead_rounds")
def add_cycle(request: Any, plan_id: UUID, action_id: UUID) -> HttpResponse:
    """A new plan-do-study-act cycle of an action."""
    opened = queries.open_plan(request.reader, plan_id)
    form = CycleForm(request.POST or None, initial={"seen": 0})
    done = keep(request, form, of=action_id, row=None, to=lambda _row: redirect("plan_action", plan_id, action_id))
    return done or _add(request, opened, form, _("Add a cycle to %(title)s"))


@needs("lead_rounds")
def cycle(request: Any, plan_id: UUID, action_id: UUID, cycle_id: UUID) -> HttpResponse:
    """One cycle: what was tried, what happened, what was learnt, what is decided."""
    opened = queries.open_plan(request.reader, plan_id)
    row = queries.cycle_row(request.reader, plan_id, action_id, cycle_id)
    form = CycleForm(request.POST or None, initial=initial_of(row))
    done = keep(request, form, of=action_id, row=row, to=lambda _row: redirect("plan_action", plan_id, action_id))
    return done or _add(request, opened, form, _("Cycle: %(title)s"), row.said.title)
