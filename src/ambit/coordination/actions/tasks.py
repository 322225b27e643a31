"""What is done in coordination: tasks raised, taken, handed over and done; a coordinator named."""

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from ambit.access import actions as access
from ambit.access.models import Grant
from ambit.access.queries import Reader, kept
from ambit.audit import actions as audit
from ambit.coordination import rules
from ambit.coordination.events import CoordinatorNamed
from ambit.coordination.models import Coordinator, Task, TaskStep
from ambit.coordination.queries import Owner, notes_shown, tasks_of
from ambit.design.refusals import Refused, Stale
from ambit.events.actions import announce
from ambit.organisations.models import Membership
from ambit.register.models import RegisterEntry

ASKED_TO_NAME = "Asked to name a coordinator"
COORDINATES = "Coordinates this person's care"


@transaction.atomic
def raise_task(
    *,
    by: Reader,
    what: str,
    owner: Owner,
    person_id: UUID | None = None,
    due_on: date | None = None,
    note: str = "",
    source_event: str | None = None,
) -> Task:
    """Raise a task; one that comes from an event is raised once, however often the event is heard; none about the dead."""
    by.must("do_tasks")
    if not what.strip():
        raise Refused({"what": "Say what there is to do."})
    _refuse_after_death(person_id, "Nothing is asked for after death.")
    if source_event:
        known = Task.objects.filter(source_event=source_event).first()
        if known:
            return known
    try:
        with transaction.atomic():
            task = Task.objects.create(
                person_id=person_id,
                what=what.strip(),
                owner_account_id=owner.account_id,
                owner_team_id=owner.team_id,
                owner_organisation_id=owner.organisation_id,
                due_on=due_on,
                source_event=source_event,
                raised_by=by.name,
            )
    except IntegrityError:
        known = Task.objects.filter(source_event=source_event).first() if source_event else None
        if known is None:
            raise
        return known
    _keep_step(task, TaskStep.Kind.RAISED, by=by, note=note, to=owner.name)
    audit.record(by=by, what="raised a task", about=person_id, details={"task": str(task.id)})
    return task


@transaction.atomic
def take_task(*, by: Reader, task_id: UUID, seen: int) -> Task:
    """Make a task of the reader's team or organisation their own."""
    by.must("do_tasks")
    if by.account_id is None:
        raise Refused("Only somebody who signs in can take a task.")
    task = _open_task(task_id, by=by, seen=seen, yours="Take this task")
    _give(task, Owner(name=by.name, account_id=by.account_id))
    _keep_step(task, TaskStep.Kind.TAKEN, by=by, to=by.name)
    audit.record(by=by, what="took a task", about=task.person_id, details={"task": str(task.id)})
    return task


@transaction.atomic
def hand_over(*, by: Reader, task_id: UUID, seen: int, to: Owner, note: str = "") -> Task:
    """Give a task to somebody else, with a note for them."""
    by.must("do_tasks")
    task = _open_task(task_id, by=by, seen=seen, yours=f"Hand over to {to.name}")
    _give(task, to)
    _keep_step(task, TaskStep.Kind.HANDED_OVER, by=by, note=note, to=to.name)
    audit.record(by=by, what="handed over a task", about=task.person_id, details={"task": str(task.id)})
    return task


@transaction.atomic
def do_task(*, by: Reader, task_id: UUID, seen: int, note: str) -> Task:
    """Say that a task is done, and what was done."""
    by.must("do_tasks")
    if not note.strip():
        raise Refused({"note": "Say in a few words what was done."})
    task = _open_task(task_id, by=by, seen=seen, yours=note)
    _finish(task, by=by, note=note.strip())
    return task


@transaction.atomic
def name_coordinator(*, by: Reader, person_id: UUID, membership_id: UUID, seen: UUID | None) -> Coordinator:
    """Name the one who coordinates; their team (or organisation) gains access, the former one's ends, in the same act.

    `seen` is the coordinator the reader saw, or None when there was none. Whoever was asked to name somebody has been heard:
    that task is done in the same act.
    """
    by.must("name_coordinator")
    _refuse_after_death(person_id, "Nobody is named to coordinate after death.")
    entry = RegisterEntry.objects.select_for_update().filter(person_id=person_id, left_on=None).first()
    now = timezone.now()
    today = timezone.localdate()
    membership = (
        Membership.objects.select_related("staff", "organisation")
        .filter(pk=membership_id, from_on__lte=today)
        .exclude(until_on__lt=today)
        .first()
    )
    if membership is None:
        raise Refused({"membership_id": "Choose somebody who works here now."})
    former = (
        Coordinator.objects.select_for_update(of=("self",))
        .select_related("membership__staff")
        .filter(person_id=person_id, until_at=None)
        .first()
    )
    if (former.id if former else None) != seen:
        raise Stale(
            what="The coordinator",
            seen=0,
            current=1,
            saved=str(former.membership.staff) if former else "Nobody",
            yours=str(membership.staff),
        )
    ended = Q(person_id=person_id, until_at=None, basis=ASKED_TO_NAME)
    if former:
        ended |= Q(pk=former.grant_id)
        former.until_at = now
        former.save(update_fields=["until_at"])
    grant = access.give_grant(
        by=by,
        person_id=person_id,
        kind=Grant.Kind.CARE_TEAM,
        team_id=membership.team_id,
        organisation_id=None if membership.team_id else membership.organisation_id,
        basis=COORDINATES,
    )
    # the reader's own tie last: each ending asks whether they may still open the record
    for over in sorted(Grant.objects.filter(ended).exclude(pk=grant.pk), key=lambda tie: _ties(tie, by)):
        access.end_grant(by=by, grant_id=over.pk)
    try:
        with transaction.atomic():
            coordinator = Coordinator.objects.create(
                person_id=person_id, membership=membership, grant=grant, from_at=now, named_by=by.name
            )
    except IntegrityError as error:
        raise Stale(
            what="The coordinator", seen=0, current=1, saved="Somebody else, a moment ago", yours=str(membership.staff)
        ) from error
    _asked_and_named(by=by, person_id=person_id, name=str(membership.staff), told=entry is None or entry.told)
    audit.record(by=by, what="named a coordinator", about=person_id, details={"coordinator": str(coordinator.id)})
    announce(
        CoordinatorNamed(person_id=person_id, coordinator_id=coordinator.id, organisation_id=membership.organisation_id)
    )
    return coordinator


@transaction.atomic
def told_at_last(*, by: Reader, person_id: UUID) -> None:
    """The person knows that they are on the register: the task to tell them is done."""
    by.must("do_tasks")
    for task in _asked(person_id, rules.TELL, rules.TELL_FIRST):
        task.version += 1
        _finish(task, by=by, note="The person has been told.")


@transaction.atomic
def referral_answered(*, by: Reader, source: str, still_asked: str, note: str) -> None:
    """The practice has answered what its tasks about a referral asked: they are done, but for what is `still_asked`."""
    by.must("do_tasks")
    open_tasks = Task.objects.select_for_update().filter(done_at=None, source_event__startswith=source)
    open_tasks = open_tasks.exclude(source_event=still_asked)
    for task in open_tasks:
        task.version += 1
        _finish(task, by=by, note=note)


def _asked_and_named(*, by: Reader, person_id: UUID, name: str, told: bool) -> None:
    """What asked for a coordinator is done; somebody who does not know yet has still to be told."""
    for task in _asked(person_id, rules.NAME_A_COORDINATOR, rules.TELL_FIRST):
        if told or task.what == rules.NAME_A_COORDINATOR:
            task.version += 1
            _finish(task, by=by, note=f"{name} coordinates.")
        else:
            task.what = rules.TELL
            task.save(update_fields=["what"])


def _asked(person_id: UUID, *what: str) -> list[Task]:
    """Open tasks that joining the register raised about somebody; those that people wrote themselves stay theirs."""
    return list(
        Task.objects.select_for_update().filter(
            person_id=person_id, done_at=None, what__in=what, source_event__startswith="register."
        )
    )


@transaction.atomic
def finish_asked(*, by: Reader, source_event: str, note: str) -> None:
    """What an event asked for has been seen to in another way; safe to repeat."""
    by.must("do_tasks")
    task = Task.objects.select_for_update().filter(source_event=source_event, done_at=None).first()
    if task is not None:
        task.version += 1
        _finish(task, by=by, note=note)


def _finish(task: Task, *, by: Reader, note: str) -> None:
    task.done_at = timezone.now()
    task.save(update_fields=["done_at", "version"])
    _keep_step(task, TaskStep.Kind.DONE, by=by, note=note)
    audit.record(by=by, what="did a task", about=task.person_id, details={"task": str(task.id)})


def _refuse_after_death(person_id: UUID | None, words: str) -> None:
    died_on = kept(person_id).died_on if person_id else None
    if died_on:
        raise Refused(f"This person died on {died_on:%-d %B %Y}. {words}")


def _open_task(task_id: UUID, *, by: Reader, seen: int, yours: str) -> Task:
    """The open task, locked, its version moved on by one; another's task or an older version is refused."""
    task = Task.objects.select_for_update().filter(pk__in=tasks_of(by).values("pk"), pk=task_id).first()
    if task is None:
        raise Refused("This task is not on your list. Open your tasks to see where it went.")
    if task.version != seen:
        last = task.steps.order_by("-number").first()
        note = last.note if last and notes_shown(by, task.person_id) else ""
        raise Stale(
            what="The task",
            seen=seen,
            current=task.version,
            saved=f"{last.get_kind_display()} by {last.by_name} {note}".strip() if last else "",
            yours=yours,
        )
    if task.done_at is not None:
        raise Refused("This task is done already.")
    _refuse_after_death(task.person_id, "Their tasks have stopped.")
    task.version += 1
    return task


def _ties(grant: Grant, reader: Reader) -> bool:
    return grant.team_id in reader.team_ids or grant.organisation_id == reader.organisation_id


def _give(task: Task, owner: Owner) -> None:
    task.owner_account_id = owner.account_id
    task.owner_team_id = owner.team_id
    task.owner_organisation_id = owner.organisation_id
    task.save(update_fields=["owner_account", "owner_team", "owner_organisation", "version"])


def _keep_step(task: Task, kind: TaskStep.Kind, *, by: Reader, note: str = "", to: str = "") -> None:
    TaskStep.objects.create(
        task=task,
        number=task.version,
        kind=kind,
        note=note,
        to=to,
        at=timezone.now(),
        by_name=by.name,
        by_role=by.role,
        by_organisation=by.organisation_name,
    )
