"""The caseload's page."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET
from msgspec import Struct

from ambit.access.queries import Reader
from ambit.caseload import place, queries, rules
from ambit.caseload import residents as home
from ambit.design.addresses import addresses_of
from ambit.design.page import page
from ambit.design.routes import needs
from ambit.register.rules import STAGES

CPR_DISAGREEMENT = "cpr_disagreement"
ASKED = ("show", "stage", "coordinator", "practice", "name", "sort")


@needs("see_caseload")
def caseload(request: Any) -> HttpResponse:
    """Everybody we look after, by when something is due; what is asked in the address narrows and sorts the list."""
    everybody = queries.caseload(request.reader, on=timezone.localdate())
    asked = {name: request.GET.get(name, "").strip() for name in ASKED}
    narrowed = any(asked[name] for name in ASKED if name != "sort")
    shown = [row for row in everybody.rows if _matches(row, asked)] if narrowed else list(everybody.rows)
    if asked["sort"] in queries.ORDERS and asked["sort"] != "due":
        groups = [("", sorted(shown, key=queries.ORDERS[asked["sort"]]))]
    else:
        groups = [(when, [row for row in shown if row.when == when]) for when in (rules.TODAY, rules.SOON, rules.LATER)]
    places = _places(request.reader, sees_plans=everybody.sees_plans)
    return page(
        request,
        "caseload/caseload.jinja",
        total=len(everybody.rows),
        today_count=len(everybody.due(rules.TODAY)),
        counts={name: sum(map(test, everybody.rows)) for name, test in queries.FILTERS.items()},
        sees_plans=everybody.sees_plans,
        groups=[(when, [_line(row, places) for row in rows]) for when, rows in groups],
        shown=len(shown),
        asked=asked,
        stages=list(STAGES.items()),
        coordinators=sorted({row.coordinator for row in everybody.rows if row.coordinator}),
        practices=sorted({row.practice for row in everybody.rows if row.practice}),
        may_close=request.reader.may("close_record"),
        may_find=request.reader.may("find_people"),
        at_home=request.reader.role == "care_home_senior",
        team=request.reader.organisation_name,
        now=timezone.now(),
    )


def _places(reader: Reader, *, sees_plans: bool) -> dict[str, Callable[[UUID | str], str]]:
    """Where this reader sees to each kind of need of a person."""
    places = {rules.TASK: addresses_of("tasks_about"), rules.COORDINATOR: addresses_of("tasks_about")}
    if sees_plans:
        places |= {rules.DISAGREEMENT: addresses_of("plan"), rules.MISSING: addresses_of("plan")}
        places[CPR_DISAGREEMENT] = addresses_of("cpr_decision")
    if reader.may("edit_plan"):
        places |= {
            rules.CPR: addresses_of("make_cpr_decision"),
            rules.PLACE: addresses_of("save_section", "place_of_care"),
            rules.BOX: addresses_of("save_section", "medicines_at_home"),
        }
    if reader.may("name_coordinator"):
        places[rules.COORDINATOR] = addresses_of("name_coordinator")
    if reader.may("see_register"):
        places[rules.REVIEW] = addresses_of("register_entry")
    return places


class Line(Struct, frozen=True):
    """One row with what it needs: each need as words, its mark where it is the first of today, and where it is seen to."""

    row: queries.CaseloadRow
    whose: str
    needs: list[tuple[str, str, str]]


def _line(row: queries.CaseloadRow, places: dict[str, Callable[[UUID | str], str]]) -> Line:
    needs: list[tuple[str, str, str]] = []
    whose = str(row.person_id)  # once for all addresses
    for need in row.needs:
        about = CPR_DISAGREEMENT if need.about == rules.DISAGREEMENT and row.cpr == "disagree" else need.about
        at = places.get(about)
        mark = need.kind if not needs and need.when == rules.TODAY else ""
        needs.append((need.words, mark, at(whose) if at else ""))
    return Line(row, whose, needs)


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
