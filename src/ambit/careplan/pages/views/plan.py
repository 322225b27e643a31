"""The whole plan."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone

from ambit.careplan import queries
from ambit.careplan.pages.banner import banner
from ambit.design.page import page
from ambit.design.routes import needs


def may_edit(request: Any) -> bool:
    """Whether this reader may change the plan of the person this page is about."""
    return bool(request.reader.may("edit_plan")) and request.person.died_on is None


@needs("see_plan", person="person_id")
def plan(request: Any, person_id: UUID) -> HttpResponse:
    """The whole plan by sections, and what to settle first."""
    person_id = request.person.id
    plan = queries.current(request.reader, person_id)
    on = timezone.localdate()
    return page(
        request,
        "careplan/plan.jinja",
        banner=banner(request.person, plan),
        person_id=person_id,
        overview=queries.overview_of(
            plan, on=on, life=queries.life_of(request.person, on=on, has_childs_plan=queries.has_childs_plan(plan))
        ),
        proposals=queries.proposals(request.reader, person_id, only_open=True),
        may_edit=may_edit(request),
        dying=plan.dying,
        childhood=queries.childhood_of(request.reader, request.person, plan, on=on),
    )


# where what the plan does not hold is written, and the ability that its page asks for
OPENED_BY = {
    "person": "find_people",
    "sharing": "record_sharing",
    "register_entry": "see_register",
    "outcomes": "see_plan",
    "tasks_about": "see_tasks",
}


@needs("see_plan", person="person_id")
def completeness(request: Any, person_id: UUID) -> HttpResponse:
    """How complete the plan is against each standard, and where to write what is missing."""
    person_id = request.person.id
    plan = queries.current(request.reader, person_id)
    return page(
        request,
        "careplan/completeness.jinja",
        banner=banner(request.person, plan),
        person_id=person_id,
        standards=queries.completeness(request.reader, request.person, plan, on=timezone.localdate()),
        opened_by=OPENED_BY,
        may_edit=may_edit(request),
    )
