"""Case-finding in the background: when somebody asks for it, and every night."""

from django.tasks import task
from django.utils import timezone

from ambit.access.queries import operator
from ambit.casefinding import actions
from ambit.casefinding.models import Run, Validation


@task
def search_for_candidates(run_id: str) -> None:
    """Do a run that was asked for; one that is done already is left as it is."""
    run = Run.objects.get(pk=run_id)
    if run.state != Run.State.DONE:
        actions.run_search(by=operator(run.asked_by), run=run)


@task
def make_validation(validation_id: str) -> None:
    """Count a report that was asked for; one that is ended already is left as it is."""
    asked = Validation.objects.select_related("practice").get(pk=validation_id)
    if asked.state == Validation.State.WAITING:
        actions.make_validation(by=operator(asked.asked_by), asked=asked, today=timezone.localdate())


def search_tonight() -> None:
    """The nightly run over everybody, and what has become of those whom runs of half a year and a year ago found."""
    by = operator("Ambit")
    actions.run_search(by=by, run=actions.ask_for_run(by=by, on=timezone.localdate()))
    actions.take_later_figures(by=by, on=timezone.localdate())
