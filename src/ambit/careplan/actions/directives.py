"""Documents with legal force are recorded, ended, and viewed differently; an attorney's access comes and goes with the document."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils import timezone

from ambit.access.models import Account
from ambit.access.queries import Person, Reader
from ambit.audit import actions as audit
from ambit.audit.rules import NotAllowed
from ambit.careplan.actions.authorities import end_access_by, give_access_by
from ambit.careplan.actions.conflicts import announce_conflicts
from ambit.careplan.actions.living import refuse_after_death
from ambit.careplan.events import DirectiveRecorded
from ambit.careplan.models import TABLES, Directive, DirectiveEnding, DirectiveView
from ambit.careplan.queries import authorities
from ambit.careplan.rules import checks, cpr, directives, documents
from ambit.careplan.rules.advance_decision import same_name
from ambit.careplan.rules.directives import KINDS
from ambit.careplan.rules.document import DOUBTFUL, MADE_HERE, NOT_BINDING, TRANSCRIBED, WITHDRAWN, WRONG, Document
from ambit.design.refusals import Refused
from ambit.events.actions import announce

_COMMON = ("made_on", "jurisdiction", "seen", "paper_at", "review_on", "note")


@transaction.atomic
def record_directive(
    *,
    by: Reader,
    person: Person,
    kind: str,
    source: str,
    said: Mapping[str, Any],
    on: date,
    key: UUID,
    replaces: Sequence[UUID] = (),
    accounts: Sequence[str] = (),
) -> Directive:
    """Record a document made here, or transcribe one as it stands; what it lacks is labelled, never refused.

    It replaces only the documents named; any other stays current beside it. `accounts` are the addresses with which attorneys
    sign in: their access is given in the same act. `key` is the page's own number, so that a form sent twice is one document.
    """
    by.must("edit_plan")
    refuse_after_death(person)
    known = Directive.objects.filter(pk=key, person=person).first()
    if known:
        return known
    document = _document(by=by, person=person, kind=kind, source=source, said=said, key=key)
    name = f"{person.given_names} {person.family_name}"
    problems = directives.problems(document, name=name, role=by.role, on=on)
    replaced = list(
        Directive.objects.select_for_update(of=("self",)).filter(person=person, kind=kind, ending=None, pk__in=replaces)
    )
    problems |= _replacing(document, replaced, asked=len(set(replaces)))
    if replaced and KINDS[kind].clinical and by.role not in cpr.MAKERS:
        problems["replaces"] = (
            "Only a GP, palliative care specialist or hospital clinician replaces this. Leave it beside."
        )
    holders = _accounts(document, accounts, by=by, on=on, problems=problems)
    if problems:
        raise Refused(problems)
    row = _store(document, person=person, by=by)
    for old in replaced:
        _end(old, by=by, how=DirectiveEnding.How.REPLACED, replaced_by=row)
    for account in holders:
        rested = authorities(person.id, on=on)[row.id]
        give_access_by(by=by, person_id=person.id, document=rested, name=account[0], account_id=account[1].pk)
    what = "recorded a document with legal force" if source == MADE_HERE else "transcribed a document with legal force"
    audit.record(by=by, what=what, about=person.id, details={"directive": str(row.id), "kind": kind})
    announce(DirectiveRecorded(person_id=person.id, directive_id=row.id, kind=kind))
    announce_conflicts(by=by, person_id=person.id)
    return row


@transaction.atomic
def end_directive(*, by: Reader, person: Person, directive_id: UUID, how: str, reason: str) -> DirectiveEnding:
    """Say that a document no longer counts: withdrawn, or recorded by mistake. It is kept; an attorney's access ends with it.

    A person withdraws an advance decision in any way, also by word alone: anybody who may write the plan records that (L5).
    """
    by.must("edit_plan")
    problems: dict[str, str] = {}
    if how not in (WITHDRAWN, WRONG):
        problems["how"] = "Choose what became of it."
    if not reason.strip():
        problems["reason"] = "Write why it no longer counts."
    if problems:
        raise Refused(problems)
    row = _current(person, directive_id)
    if KINDS[row.kind].clinical and by.role not in cpr.MAKERS:
        raise NotAllowed(
            "Only a GP, palliative care specialist or hospital clinician ends this.", what_to_do="Ask one of them."
        )
    ending = _end(row, by=by, how=how, reason=reason)
    audit.record(
        by=by, what="ended a document with legal force", about=person.id, details={"directive": str(row.id), "how": how}
    )
    announce(DirectiveRecorded(person_id=person.id, directive_id=row.id, kind=row.kind))
    announce_conflicts(by=by, person_id=person.id)
    return ending


@transaction.atomic
def view_differently(*, by: Reader, person: Person, directive_id: UUID, force: str, reason: str) -> DirectiveView:
    """Record a view of a document's force that differs from what is computed; both are shown, neither hides the other.

    A doubt is anybody's to record who may write the plan; that it binds, or does not, is for a senior clinician (L7). Nobody
    opens the record any more by a power that is held not to bind.
    """
    by.must("edit_plan")
    refuse_after_death(person)
    problems: dict[str, str] = {}
    if force not in DirectiveView.Force.values:
        problems["force"] = "Choose what your view is."
    elif force != DOUBTFUL and by.role not in cpr.MAKERS:
        problems["force"] = (
            "Only a GP, palliative care specialist or hospital clinician records that it binds or does not. "
            "You may record that something speaks against it."
        )
    if not reason.strip():
        problems["reason"] = "Write why, so that others can weigh it."
    if problems:
        raise Refused(problems)
    row = _current(person, directive_id)
    if row.kind not in (documents.AdvanceDecision.kind, documents.Authority.kind):
        raise Refused("Only an advance decision or a power of attorney has a force of its own.")
    view = DirectiveView.objects.create(
        directive=row, force=force, reason=reason.strip(), at=timezone.now(), by=by.name, role=by.role
    )
    if force == NOT_BINDING:
        end_access_by(row, by=by)
    audit.record(
        by=by, what="recorded a different view", about=person.id, details={"directive": str(row.id), "force": force}
    )
    announce_conflicts(by=by, person_id=person.id)
    return view


def _document(*, by: Reader, person: Person, kind: str, source: str, said: Mapping[str, Any], key: UUID) -> Document:
    """What was given, as the rules read it. A Scottish power is Scottish wherever it is typed."""
    kept: dict[str, Any] = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
    if kept.get("type") in documents.SCOTTISH:
        kept["jurisdiction"] = "SCT"
    if not KINDS[kind].may_be_made_here:
        source = TRANSCRIBED
    if source == MADE_HERE:
        kept["seen"] = ""
    elif not kept.get("seen"):
        raise Refused({"seen": "Say whether you saw the original, a copy, or were told of it."})
    if kind == documents.AdvanceDecision.kind:
        name = f"{person.given_names} {person.family_name}"
        kept["witness_is_maker"] = same_name(kept.get("witness", ""), name)
    kept |= {
        "id": key, "source": source, "recorded_at": timezone.now(), "recorded_by": by.name, "recorded_by_role": by.role,
        "recorded_by_organisation": by.organisation_name, "born_on": person.born_on,
    }  # fmt: skip
    try:
        found: Document = msgspec.convert(kept, type=KINDS[kind].document)
    except msgspec.ValidationError as wrong:
        raise Refused(f"This cannot be recorded: {wrong}") from wrong
    return found


def _replacing(document: Document, replaced: Sequence[Directive], *, asked: int) -> dict[str, str]:
    if len(replaced) != asked:
        return {"replaces": "One of these was ended by somebody else since you opened this page. Look again."}
    if document.made_on and any(old.made_on and old.made_on > document.made_on for old in replaced):
        return {"replaces": "A document cannot replace one that was made on a later day."}
    return {}


def _accounts(
    document: Document, addresses: Sequence[str], *, by: Reader, on: date, problems: dict[str, str]
) -> list[tuple[str, Account]]:
    """The accounts of attorneys who sign in; access follows authority, so a power that is not registered gives none."""
    found: list[tuple[str, Account]] = []
    for number, address in enumerate(addresses):
        if not address.strip() or not isinstance(document, documents.Authority):
            continue
        field = f"holders__{number}__email"
        account = Account.objects.filter(email__iexact=address.strip(), role=Account.Role.PROXY, is_active=True).first()
        if directives.check(document, (), on=on).force not in (checks.AUTHORITY, checks.NOT_COMPUTED):
            problems[field] = (
                "Access follows authority. Leave this empty until it is registered for health and welfare."
            )
        elif not by.may("give_access"):
            problems[field] = "Your role may not give access. Leave this empty and ask the practice."
        elif account is None:
            problems[field] = (
                "Nobody who acts for a person signs in with this address. Leave it empty, or have an account made."
            )
        else:
            found.append((document.holders[number].name if number < len(document.holders) else address, account))
    return found


def _store(document: Document, *, person: Person, by: Reader) -> Directive:
    table: Any = TABLES[document.kind]
    row = Directive.objects.create(
        id=document.id,
        person=person,
        kind=document.kind,
        source=document.source,
        recorded_at=document.recorded_at,
        recorded_by=document.recorded_by,
        recorded_by_role=document.recorded_by_role,
        recorded_by_organisation=document.recorded_by_organisation,
        **{name: getattr(document, name) for name in _COMMON},
    )
    own = [field.name for field in table._meta.concrete_fields if field.name != "directive"]
    table.objects.create(
        directive=row,
        **{
            name: msgspec.to_builtins(getattr(document, name)) if name in _LISTS else getattr(document, name)
            for name in own
        },
    )
    return row


_LISTS = frozenset({"treatments", "limits", "holders"})


def _current(person: Person, directive_id: UUID) -> Directive:
    row = Directive.objects.select_for_update(of=("self",)).filter(person=person, ending=None, pk=directive_id).first()
    if row is None:
        raise Refused("This was ended by somebody else since you opened this page.")
    return row


def _end(
    row: Directive, *, by: Reader, how: str, reason: str = "", replaced_by: Directive | None = None
) -> DirectiveEnding:
    """End a document, and in the same act the access that came with it, unless another current document gives the same."""
    ending = DirectiveEnding.objects.create(
        directive=row,
        how=how,
        reason=reason.strip(),
        replaced_by=replaced_by,
        ended_at=timezone.now(),
        ended_by=by.name,
        ended_by_role=by.role,
    )
    end_access_by(row, by=by)
    return ending
