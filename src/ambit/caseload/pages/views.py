"""The caseload's page."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from ambit.access.queries import Reader
from ambit.caseload import place, queries, rules
from ambit.caseload import residents as home
from ambit.design.page import page
from ambit.design.routes import needs
from ambit.register.rules import STAGES

ASKED = ("show", "stage", "coordinator", "practice", "name", "sort")


@needs("see_caseload")
def caseload(request: Any) -> HttpResponse:
    """Everybody we look after, by when something is due; what is asked in the address narrows and sorts the list."""
    everybody = queries.caseload(request.reader, on=timezone.localdate())
    asked = {name: request.GET.get(name, "").strip() for name in ASKED}
    shown = [row for row in everybody.rows if _matches(row, asked)]
    if asked["sort"] in queries.ORDERS and asked["sort"] != "due":
        groups = [("", sorted(shown, key=queries.ORDERS[asked["sort"]]))]
    else:
        groups = [(when, [row for row in shown if row.when == when]) for when in (rules.TODAY, rules.SOON, rules.LATER)]
    return page(
        request,
        "caseload/caseload.jinja",
        total=len(everybody.rows),
        today_count=len(everybody.due(rules.TODAY)),
        counts={name: sum(map(test, everybody.rows)) for name, test in queries.FILTERS.items()},
        sees_plans=everybody.sees_plans,
        groups=groups,
        shown=len(shown),
        asked=asked,
        stages=list(STAGES.items()),
        coordinators=sorted({row.coordinator for row in everybody.rows if row.coordinator}),
        practices=sorted({row.practice for row in everybody.rows if row.practice}),
        places=_places(request.reader, sees_plans=everybody.sees_plans),
        may_close=request.reader.may("close_record"),
        may_find=request.reader.may("find_people"),
        at_home=request.reader.role == "care_home_senior",
        team=request.reader.organisation_name,
        now=timezone.now(),
    )


def _places(reader: Reader, *, sees_plans: bool) -> dict[str, tuple[str, str]]:
    """Where this reader sees to each kind of need: the page and, of a plan, the section."""
    places = {rules.TASK: ("tasks_about", ""), rules.COORDINATOR: ("tasks_about", "")}
    if sees_plans:
        places |= {rules.DISAGREEMENT: ("plan", ""), rules.MISSING: ("plan", "")}
    if reader.may("edit_plan"):
        places |= {
            rules.CPR: ("make_cpr_decision", ""),
            rules.PLACE: ("save_section", "place_of_care"),
            rules.BOX: ("save_section", "medicines_at_home"),
        }
    if reader.may("name_coordinator"):
        places[rules.COORDINATOR] = ("name_coordinator", "")
    if reader.may("see_register"):
        places[rules.REVIEW] = ("register_entry", "")
    return places


@needs("see_register_counts")
@require_GET
def register_in_numbers(request: Any) -> HttpResponse:
    """The register of a place or system in counts by practice."""
    return page(
        request,
        "caseload/register_in_numbers.jinja",
        found=place.register_in_numbers(request.reader, on=timezone.localdate()),
        stages=list(STAGES.items()),
        now=timezone.now(),
    )


def _matches(row: queries.CaseloadRow, asked: dict[str, str]) -> bool:
    test = queries.FILTERS.get(asked["show"])
    words = asked["name"].casefold()
    number = words.replace(" ", "")
    return (
        (test is None or test(row))
        and (not asked["stage"] or row.stage == asked["stage"])
        and (not asked["coordinator"] or row.coordinator == asked["coordinator"])
        and (not asked["practice"] or row.practice == asked["practice"])
        and (
            not words
            or all(
                word in f"{row.family_name} {row.given_names} {row.preferred_name}".casefold() for word in words.split()
            )
            or (number.isdigit() and row.nhs_number == number)
        )
    )


@needs("see_plan")
def residents(request: Any) -> HttpResponse:
    """Everybody who lives in the reader's care home, with what must be known before anything else."""
    return page(
        request,
        "caseload/residents.jinja",
        rows=home.residents(request.reader, on=timezone.localdate()),
        team=request.reader.organisation_name,
        now=timezone.now(),
    )
