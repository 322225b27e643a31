"""Rows of gap analyses and plans: kept as their next revision, taken out, owners found by name. A stale save is refused with both versions."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from ambit.access.queries import NotAllowed, Reader
from ambit.audit import actions as audit
from ambit.design.refusals import Refused, Stale
from ambit.improvement.models import Gap, GapAnalysis, Milestone, Plan, PlanAction, RowVersion
from ambit.improvement.queries.plans import IN, LINKS, TABLES, OpenedTable, open_analysis, open_plan, row_shown
from ambit.improvement.queries.scope import chain_of
from ambit.improvement.rules import plans as rules
from ambit.improvement.rules.due import read_due
from ambit.measures.queries import indicators
from ambit.organisations.models import Membership, Organisation

OWN_PROGRESS = ("progress", "progress_note", "forecast", "done_on", "shown_by")
"""What who owns an action says of it themselves."""

FindOwner = Callable[[str, Reader], tuple[int | None, UUID | None]]
"""Whose account an owner's name is, and which organisation."""


@transaction.atomic
def keep_row(
    *, by: Reader, kind: str, of: UUID, row_id: UUID | None, seen: int, said: Any, how: str = "typed", node: str = ""
) -> Any:
    """Keep a row as its next revision; without `row_id` it is a new one, last in its table.

    `of` is the gap analysis, plan, action (of a cycle) or organisation (of a lever) it stands in; `seen` the revision that was
    read, 0 for a new one. A row that says what it says already makes no revision, unless it was proposed and is confirmed.
    """
    opened = written_by(by, kind, of)
    return save_row(by=by, kind=kind, of=of, opened=opened, row_id=row_id, seen=seen, said=said, how=how, node=node)


@transaction.atomic
def change_cells(
    *, by: Reader, kind: str, of: UUID, row_id: UUID, seen: int, cells: Mapping[str, Any], how: str = "typed"
) -> Any:
    """Change some cells of a row and leave the others as they stand."""
    opened = written_by(by, kind, of)
    row = _locked(kind, of, row_id)
    said = replace(row_shown(kind, row).said, **cells)
    return save_row(by=by, kind=kind, of=of, opened=opened, row_id=row_id, seen=seen, said=said, how=how)


@transaction.atomic
def remove_row(*, by: Reader, kind: str, of: UUID, row_id: UUID, seen: int, why: str) -> Any:
    """Take a row out. It is kept, with who took it out and why, and shown no more."""
    opened = written_by(by, kind, of)
    row = _locked(kind, of, row_id)
    _refuse_stale(kind, row, seen, row_shown(kind, row).said)
    if not why.strip():
        raise Refused({"why": "Say why it is taken out."})
    if kind == rules.MILESTONE:
        waiting = Milestone.objects.filter(waits_for=row_id, removed_at=None).values_list("what", flat=True)
        if names := ", ".join(f"“{what}”" for what in waiting):
            raise Refused(f"This is what others wait for: {names}. Say first what they wait for instead.")
    row.removed_at, row.removed_by, row.why_removed = timezone.now(), by.name, why.strip()
    row.save(update_fields=["removed_at", "removed_by", "why_removed"])
    _record(by, "took out a row", kind, row, opened)
    return row


@transaction.atomic
def bring_back_row(*, by: Reader, kind: str, of: UUID, row_id: UUID) -> Any:
    """Bring a row back that was taken out."""
    opened = written_by(by, kind, of)
    row = TABLES[kind].objects.select_for_update().filter(pk=row_id, **{IN[kind]: of}).exclude(removed_at=None).first()
    if row is None:
        raise Refused("There is no such row that was taken out.")
    row.removed_at, row.removed_by, row.why_removed = None, "", ""
    row.save(update_fields=["removed_at", "removed_by", "why_removed"])
    _record(by, "brought back a row", kind, row, opened)
    return row


@transaction.atomic
def report_progress(*, by: Reader, action_id: UUID, seen: int, cells: Mapping[str, Any]) -> PlanAction:
    """Say how one's own action is going: who owns it, by their account, may; nothing else of it changes."""
    by.must("see_rounds")
    row = PlanAction.objects.select_for_update(of=("self",)).filter(pk=action_id, removed_at=None).first()
    if row is None or row.owner_account_id is None or row.owner_account_id != by.account_id:
        raise NotAllowed("Only who owns this action says how it is going.", what_to_do="Ask who leads the plan.")
    if strange := set(cells) - set(OWN_PROGRESS):
        raise Refused(dict.fromkeys(strange, "Ask who leads the plan to change this."))
    said = replace(row_shown(rules.ACTION, row).said, **cells)
    kept = save_row(by=by, kind=rules.ACTION, of=row.plan_id, opened=None, row_id=row.pk, seen=seen, said=said)
    assert isinstance(kept, PlanAction)
    return kept


def written_by(by: Reader, kind: str, of: UUID) -> OpenedTable | None:
    """What a row stands in, held until this act ends, for who may write there."""
    by.must("lead_rounds")
    if kind == rules.LEVER:
        if by.organisation_id != of:
            raise NotAllowed("Only who leads for this organisation writes its levers.")
        return None
    if kind == rules.GAP:
        GapAnalysis.objects.select_for_update().filter(pk=of).first()
        opened = open_analysis(by, of)
    else:
        plan_id = of
        if kind == rules.CYCLE:
            plan_id = PlanAction.objects.filter(pk=of).values_list("plan_id", flat=True).first() or of
        Plan.objects.select_for_update().filter(pk=plan_id).first()
        opened = open_plan(by, plan_id)
    if not opened.is_lead:
        raise NotAllowed("Only who leads for this organisation may change this.", what_to_do="Ask its lead.")
    if not opened.may_change:
        raise Refused("This is closed and stays as it is.")
    return opened


def save_row(
    *,
    by: Reader,
    kind: str,
    of: UUID,
    opened: OpenedTable | None,
    row_id: UUID | None,
    seen: int,
    said: Any,
    how: str = "typed",
    node: str = "",
    is_proposed: bool = False,
    number: int | None = None,
    find_owner: FindOwner | None = None,
) -> Any:
    """The same as `keep_row` where the right has been asked: the one place in which rows are written.

    Whoever writes many rows at once says the `number` of a new one, and finds each owner's name once, not at every row.
    """
    model = TABLES[kind]
    said = rules.said_of(kind, {name: getattr(said, name) for name in rules.columns(kind)})
    row = _locked(kind, of, row_id) if row_id else None
    problems = rules.problems_of(kind, said)
    problems |= _links(kind, said, opened.table.organisation_id if opened else None, of, row_id)
    if problems:
        raise Refused(problems)
    if row is None:
        row = model(**{f"{IN[kind]}_id": of, "number": number or next_number(kind, of), "revision": 0})
        if node:
            row.node = node
        before = None
    else:
        before = row_shown(kind, row).said
        _refuse_stale(kind, row, seen, said)
        if said == before and not getattr(row, "is_proposed", False):
            return row
    if hasattr(row, "is_proposed"):
        row.is_proposed = is_proposed
    _fill(row, kind, said, before, by, find_owner or owner_of)
    row.revision += 1
    row.saved_at, row.saved_by, row.saved_by_role = timezone.now(), by.name, by.role
    row.saved_by_organisation = by.organisation_name
    row.save()
    RowVersion.objects.create(
        kind=kind,
        row=row.pk,
        revision=row.revision,
        said=rules.as_plain(said),
        how=how,
        saved_at=row.saved_at,
        saved_by=row.saved_by,
        saved_by_role=row.saved_by_role,
        saved_by_organisation=row.saved_by_organisation,
    )
    _record(by, "wrote a row", kind, row, opened, how=how)
    return row


def next_number(kind: str, of: UUID) -> int:
    """The number of the next new row of a table."""
    return (TABLES[kind].objects.filter(**{IN[kind]: of}).aggregate(last=Max("number"))["last"] or 0) + 1


def _locked(kind: str, of: UUID, row_id: UUID) -> Any:
    row = TABLES[kind].objects.select_for_update(of=("self",)).filter(pk=row_id, **{IN[kind]: of}).first()
    if row is None:
        raise Refused("There is no such row in this table.")
    if row.removed_at:
        raise Refused(f"{row.removed_by} took this row out. Bring it back first, then change it.")
    return row


def _refuse_stale(kind: str, row: Any, seen: int, said: Any) -> None:
    if seen != row.revision:
        saved = rules.as_plain(row_shown(kind, row).said)
        what = f"“{row}”"
        raise Stale(what=what, seen=seen, current=row.revision, saved=saved, yours=rules.as_plain(said))


def _fill(row: Any, kind: str, said: Any, before: Any, by: Reader, find_owner: FindOwner) -> None:
    """Cells into columns. Days that words mean are read when the words change, as of today; owners when their name does."""
    today = timezone.localdate()
    for name in rules.columns(kind):
        value = getattr(said, name)
        if (kind, name) in LINKS:
            value = UUID(value) if value else None
        setattr(row, LINKS.get((kind, name), name), value)
    for name in ("due", "forecast"):
        if name in rules.columns(kind) and (before is None or getattr(before, name) != getattr(said, name)):
            told = read_due(getattr(said, name), on=today)
            if name == "due":
                row.due_from = told.earliest
            setattr(row, f"{name}_until", told.latest)
    if hasattr(row, "owner_account_id") and (before is None or before.owner != said.owner):
        account, organisation = find_owner(said.owner, by)
        row.owner_account_id = account
        if hasattr(row, "owner_organisation_id"):
            row.owner_organisation_id = organisation


def owner_of(words: str, by: Reader) -> tuple[int | None, UUID | None]:
    """Whose account an owner's name is, and which organisation: of somebody in the system of that name, or of an organisation.

    A name that nobody has, or that two have, is kept as words and belongs to no account.
    """
    if not words or by.organisation_id is None:
        return None, None
    system, today = chain_of(by.organisation_id)[-1], timezone.localdate()
    near = Q(organisation=system) | Q(organisation__part_of=system) | Q(organisation__part_of__part_of=system)
    names = [words, words.partition(" ")[2] or words]
    rows = (
        Membership.objects.filter(near, from_on__lte=today, staff__account__is_active=True)
        .exclude(until_on__lt=today)
        .filter(Q(staff__name__iexact=names[0]) | Q(staff__name__iexact=names[1]))
        .values_list("staff__title", "staff__name", "staff__account__pk", "organisation_id")
    )
    found = {
        account: organisation
        for title, name, account, organisation in rows
        if words.lower() in (name.lower(), f"{title} {name}".strip().lower())
    }
    if len(found) == 1:
        return next(iter(found.items()))
    own = Q(pk=system) | Q(part_of=system) | Q(part_of__part_of=system)
    organisations = list(Organisation.objects.filter(own, name__iexact=words).values_list("pk", flat=True)[:2])
    return None, organisations[0] if len(organisations) == 1 else None


def _links(kind: str, said: Any, organisation: UUID | None, of: UUID, row_id: UUID | None) -> dict[str, str]:
    """Cells that name something else: a gap of the same organisation, an action or milestone of the same plan, an indicator of this site."""
    problems = {}
    if kind == rules.ACTION:
        if said.gap and organisation and not _is_there(Gap, said.gap, analysis__organisation=organisation):
            problems["gap"] = "Choose a row of this organisation’s gap analysis."
        if said.indicator and said.indicator not in indicators():
            problems["indicator"] = "Choose an indicator from the list."
    if kind == rules.MILESTONE and said.action and not _is_there(PlanAction, said.action, plan=of):
        problems["action"] = "Choose an action of this plan."
    if kind == rules.MILESTONE and said.waits_for:
        links = {
            str(pk): str(before or "")
            for pk, before in Milestone.objects.filter(plan=of).values_list("pk", "waits_for")
        }
        if said.waits_for not in links:
            problems["waits_for"] = "Choose a milestone of this plan."
        elif row_id and rules.is_circle(str(row_id), said.waits_for, links):
            problems["waits_for"] = "They would wait for each other. Choose one that does not wait for this milestone."
    return problems


def _is_there(model: Any, name: str, **where: Any) -> bool:
    try:
        return bool(model.objects.filter(pk=UUID(name), **where).exists())
    except ValueError:
        return False


def _record(by: Reader, what: str, kind: str, row: Any, opened: OpenedTable | None, **more: Any) -> None:
    details = {"kind": kind, "row": str(row.pk), "revision": row.revision, **more}
    if opened:
        details["table"] = str(opened.table.pk)
    audit.record(by=by, what=what, details=details)
