"""What is done about access: accounts, grants, duty, decisions about sharing, emergency openings."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from ambit.access.events import EmergencyOpened
from ambit.access.models import Account, BreakGlass, Draft, Duty, Grant, SharingDecision
from ambit.access.queries import CannotOpen, answer_at_the_door, kept, openings_to_review, people_of
from ambit.access.rules import EMERGENCIES, REVIEWS, due_after, what_a_paramedic_will_not_see
from ambit.audit import actions as audit
from ambit.audit.rules import NotAllowed, Reader
from ambit.design.refusals import Refused
from ambit.events.actions import announce
from ambit.organisations.models import Membership, Organisation, Staff
from ambit.people.models import Person

# --- accounts ---


@transaction.atomic
def make_account(
    *,
    by: Reader,
    email: str,
    staff: Staff | None = None,
    role: str = "",
    person: Person | None = None,
    name: str = "",
    password: str | None = None,
) -> tuple[Account, str]:
    """Make an account for a member of staff, or for a person, proxy or carer; gives back its password, once."""
    by.must("manage_accounts")
    problems: dict[str, str | list[str]] = {}
    try:
        validate_email(email)
    except ValidationError:
        problems["email"] = "Give an e-mail address such as name@example.org."
    if Account.objects.filter(email__iexact=email).exists():
        problems["email"] = "Somebody already signs in with this address. Give another."
    if (staff is None) == (role == ""):
        problems["role"] = "Say which member of staff this is for, or whether it is for a person, proxy or carer."
    if role == Account.Role.PERSON and person is None:
        problems["person"] = "Say which person this account is for."
    if staff is not None and Account.objects.filter(staff=staff).exists():
        problems["staff"] = f"{staff} already has an account."
    account = Account(
        email=Account.objects.normalize_email(email),
        staff=staff,
        role=role,
        person=person,
        name=name or str(staff or ""),
    )
    password = password or secrets.token_urlsafe(15)
    try:
        validate_password(password, account)
    except ValidationError as weak:
        problems["password"] = list(weak.messages)
    if problems:
        raise Refused(problems)
    account.set_password(password)
    account.save()
    audit.record(
        by=by,
        what="made an account",
        about=person.id if person else None,
        details={"account": account.pk, "role": role},
    )
    return account, password


@transaction.atomic
def deactivate_account(*, by: Reader, account_id: int) -> None:
    """Close an account. Whoever is signed in with it is out at the next request."""
    by.must("manage_accounts")
    account = Account.objects.select_for_update().get(pk=account_id)
    if account.pk == by.account_id:
        raise Refused("You cannot close your own account. Ask another administrator.")
    account.is_active = False
    account.save(update_fields=["is_active"])
    audit.record(by=by, what="closed an account", details={"account": account.pk})


# --- grants and duty ---


@transaction.atomic
def give_grant(
    *,
    by: Reader,
    person_id: UUID,
    kind: str,
    organisation_id: UUID | None = None,
    team_id: UUID | None = None,
    account_id: int | None = None,
    basis: str = "",
    from_at: datetime | None = None,
    until_at: datetime | None = None,
) -> Grant:
    """Tie an organisation, a team or one account to a person. Slices that make such a tie call this in their own act.

    Giving what already stands gives back the standing grant, so that the caller is safe to repeat.
    """
    by.must("give_access")
    person = kept(person_id)
    if by.role != "operator" and not people_of(by).filter(pk=person.id).exists():
        raise CannotOpen(person.id, may_break_glass=by.may("break_glass"))
    from_at = from_at or timezone.now()
    if sum(tied is not None for tied in (organisation_id, team_id, account_id)) != 1:
        raise Refused("Say who is tied to the person: one organisation, one team or one account.")
    if until_at is not None and until_at <= from_at:
        raise Refused({"until_at": "The end must be after the beginning."})
    if kind in {Grant.Kind.PROXY, Grant.Kind.CARER}:
        if account_id is None:
            raise Refused({"account": "A proxy or carer is one account, not an organisation or team."})
        if not basis.strip():
            raise Refused(
                {"basis": "Say on what basis: attorney, parental responsibility, or leave given by the person."}
            )
        if person.died_on is not None:
            raise Refused("The person has died. Their record is no longer opened for a proxy or carer.")
    tied: dict[str, Any] = {"organisation_id": organisation_id, "team_id": team_id, "account_id": account_id}
    standing = Grant.objects.filter(person=person, kind=kind, until_at=None, **tied).first()
    if standing and until_at is None:
        return standing
    grant = Grant.objects.create(
        person=person,
        kind=kind,
        basis=basis.strip(),
        from_at=from_at,
        until_at=until_at,
        **tied,
    )
    audit.record(by=by, what="gave access", about=person.id, details={"grant": str(grant.pk), "kind": kind})
    return grant


@transaction.atomic
def end_grant(*, by: Reader, grant_id: UUID) -> Grant:
    """End a tie to a person now; who had it is out at their next request."""
    by.must("give_access")
    grant = Grant.objects.select_for_update().select_related("person").get(pk=grant_id)
    if by.role != "operator" and not people_of(by).filter(pk=grant.person_id).exists():
        raise CannotOpen(grant.person_id, may_break_glass=by.may("break_glass"))
    now = timezone.now()
    if grant.until_at is not None and grant.until_at <= now:
        return grant
    grant.until_at = max(now, grant.from_at)
    grant.save(update_fields=["until_at"])
    audit.record(
        by=by, what="ended access", about=grant.person_id, details={"grant": str(grant.pk), "kind": grant.kind}
    )
    return grant


@transaction.atomic
def put_on_duty(
    *,
    by: Reader,
    area: Organisation,
    membership: Membership | None = None,
    organisation: Organisation | None = None,
    from_at: datetime | None = None,
    until_at: datetime | None = None,
) -> Duty:
    """Put a member of staff, or a whole organisation, on duty for everybody whose practice is part of an area."""
    by.must("put_on_duty")
    from_at = from_at or timezone.now()
    if (membership is None) == (organisation is None):
        raise Refused("Say who is on duty: one member of staff or one organisation.")
    if until_at is not None and until_at <= from_at:
        raise Refused({"until_at": "The end of duty must be after its beginning."})
    duty = Duty.objects.create(
        membership=membership, organisation=organisation, area=area, from_at=from_at, until_at=until_at
    )
    audit.record(by=by, what="put on duty", details={"duty": str(duty.pk), "area": area.code})
    return duty


@transaction.atomic
def end_duty(*, by: Reader, duty_id: UUID) -> Duty:
    """End somebody's duty now."""
    by.must("put_on_duty")
    duty = Duty.objects.select_for_update().get(pk=duty_id)
    now = timezone.now()
    if duty.until_at is None or duty.until_at > now:
        duty.until_at = max(now, duty.from_at)
        duty.save(update_fields=["until_at"])
        audit.record(by=by, what="ended duty", details={"duty": str(duty.pk)})
    return duty


# --- what the person decides about sharing ---


@transaction.atomic
def record_consent(
    *,
    by: Reader,
    person_id: UUID,
    basis: str,
    informed_on: date,
    decided_by: str = "",
    scope: str = SharingDecision.Scope.WHOLE_RECORD,
    organisation_id: UUID | None = None,
    item: str = "",
    note: str = "",
) -> SharingDecision:
    """Record that sharing was agreed to. It ends what stood in the same scope."""
    return _decide(
        by=by,
        person_id=person_id,
        outcome=SharingDecision.Outcome.AGREED,
        basis=basis,
        informed_on=informed_on,
        decided_by=decided_by,
        scope=scope,
        organisation_id=organisation_id,
        item=item,
        note=note,
    )


@transaction.atomic
def record_objection(
    *,
    by: Reader,
    person_id: UUID,
    basis: str,
    informed_on: date,
    decided_by: str = "",
    scope: str = SharingDecision.Scope.WHOLE_RECORD,
    organisation_id: UUID | None = None,
    item: str = "",
    not_even_in_emergency: bool = False,
    told_what_would_not_be_seen: bool = False,
    note: str = "",
) -> SharingDecision:
    """Record an objection to sharing, or that an agreement is withdrawn. It holds from the moment this is saved."""
    if not_even_in_emergency and not told_what_would_not_be_seen:
        raise Refused(
            {
                "told_what_would_not_be_seen": [
                    "First tell the person what a paramedic will then not see, and record that you did:",
                    *what_a_paramedic_will_not_see(),
                ]
            }
        )
    if not_even_in_emergency and scope != SharingDecision.Scope.WHOLE_RECORD:
        raise Refused({"not_even_in_emergency": "“Not even in an emergency” is about the whole record."})
    return _decide(
        by=by,
        person_id=person_id,
        outcome=SharingDecision.Outcome.OBJECTED,
        basis=basis,
        informed_on=informed_on,
        decided_by=decided_by,
        scope=scope,
        organisation_id=organisation_id,
        item=item,
        not_even_in_emergency=not_even_in_emergency,
        told_what_would_not_be_seen=told_what_would_not_be_seen,
        note=note,
    )


@transaction.atomic
def withdraw_objection(*, by: Reader, decision_id: UUID) -> SharingDecision:
    """End an objection. Under explicit opt-in this is not yet an agreement: that is recorded on its own."""
    by.must("record_sharing")
    decision = SharingDecision.objects.select_for_update().get(pk=decision_id)
    _must_be_of(by, decision.person_id)
    if decision.outcome == SharingDecision.Outcome.AGREED or decision.ended_at is not None:
        raise Refused("There is no objection here to withdraw.")
    _end(decision, by=by)
    audit.record(
        by=by, what="withdrew an objection to sharing", about=decision.person_id, details={"decision": str(decision.pk)}
    )
    return decision


def _must_be_of(by: Reader, person_id: UUID) -> None:
    if by.role != "operator" and not people_of(by).filter(pk=person_id).exists():
        raise CannotOpen(person_id, may_break_glass=by.may("break_glass"))


def _end(decision: SharingDecision, *, by: Reader) -> None:
    decision.ended_at = timezone.now()
    decision.ended_by = by.name
    decision.save(update_fields=["ended_at", "ended_by"])


def _decide(
    *,
    by: Reader,
    person_id: UUID,
    outcome: str,
    basis: str,
    informed_on: date,
    decided_by: str,
    scope: str,
    organisation_id: UUID | None,
    item: str,
    note: str,
    not_even_in_emergency: bool = False,
    told_what_would_not_be_seen: bool = False,
) -> SharingDecision:
    by.must("record_sharing")
    person = kept(person_id)
    _must_be_of(by, person.id)
    problems: dict[str, str] = {}
    if basis not in SharingDecision.Basis.values:
        problems["basis"] = "Say who decided: the person, an attorney, a deputy, a parent, a clinician."
    if basis != SharingDecision.Basis.PERSON and basis != SharingDecision.Basis.GILLICK and not decided_by.strip():
        problems["decided_by"] = "Give the name of who decided for the person."
    if informed_on > timezone.localdate():
        problems["informed_on"] = "The day the person was informed cannot be in the future."
    if (scope == SharingDecision.Scope.ORGANISATION) != (organisation_id is not None):
        problems["organisation"] = "Name the organisation that the decision is about."
    if (scope == SharingDecision.Scope.ITEM) != bool(item.strip()):
        problems["item"] = "Name the item that the decision is about."
    if (
        outcome != SharingDecision.Outcome.AGREED
        and organisation_id is not None
        and organisation_id == person.practice_id
    ):
        problems["organisation"] = "The person's own practice holds the record, so its staff go on seeing it."
    if problems:
        raise Refused(problems)
    current = SharingDecision.objects.select_for_update().filter(person=person, ended_at=None)
    same: dict[str, Any] = {"scope": scope, "organisation_id": organisation_id, "item": item.strip()}
    before = current.filter(**same).first()
    if before is not None:
        if outcome == SharingDecision.Outcome.OBJECTED and before.outcome == SharingDecision.Outcome.AGREED:
            outcome = SharingDecision.Outcome.WITHDRAWN
        _end(before, by=by)
    if scope == SharingDecision.Scope.WHOLE_RECORD and outcome != SharingDecision.Outcome.AGREED:
        # a later "nobody" ends what was agreed to before for single organisations
        for agreed in current.filter(scope=SharingDecision.Scope.ORGANISATION, outcome=SharingDecision.Outcome.AGREED):
            _end(agreed, by=by)
    decision = SharingDecision.objects.create(
        person=person,
        basis=basis,
        decided_by=decided_by.strip(),
        outcome=outcome,
        scope=scope,
        organisation_id=organisation_id,
        item=item.strip(),
        informed_on=informed_on,
        not_even_in_emergency=not_even_in_emergency,
        told_what_would_not_be_seen=told_what_would_not_be_seen,
        note=note.strip(),
        recorded_by=by.name,
        recorded_at=timezone.now(),
    )
    audit.record(
        by=by,
        what="recorded a decision about sharing",
        about=person.id,
        details={"decision": str(decision.pk), "outcome": outcome, "scope": scope},
    )
    return decision


# --- emergencies ---


def break_glass(*, by: Reader, person_id: UUID, reason: str, words: str) -> BreakGlass:
    """Open a record in an emergency, for a few hours, with a reason that the privacy officer will review.

    A refusal is audited too: its line is written before the refusal, outside the transaction of the opening.
    """
    by.must("break_glass")
    if by.account_id is None:
        raise NotAllowed("Only somebody who is signed in opens a record in an emergency.")
    person = kept(person_id)
    problems: dict[str, str] = {}
    if reason not in EMERGENCIES:
        problems["reason"] = "Choose what the emergency is."
    if len(words.strip()) < 5:
        problems["words"] = "Say in your own words why you need to open this record now."
    if problems:
        raise Refused(problems)
    if not answer_at_the_door(by, person).emergency_may_open:
        audit.record(by=by, what="was refused an emergency opening", about=person.id, details={"reason": reason})
        raise CannotOpen(person.id, may_break_glass=False)
    now = timezone.now()
    with transaction.atomic():
        opened = BreakGlass.objects.create(
            person=person,
            account_id=by.account_id,
            organisation_id=by.organisation_id,
            name=by.name,
            role=by.role,
            reason=reason,
            words=words.strip(),
            opened_at=now,
            until_at=now + timedelta(hours=settings.CONFIG.break_glass_hours),
            review_due_on=due_after(timezone.localdate(now), settings.CONFIG.break_glass_review_days),
        )
        audit.record(
            by=by,
            what="opened a record in an emergency",
            about=person.id,
            details={
                "opening": str(opened.pk),
                "reason": reason,
                "words": opened.words,
                "until": opened.until_at.isoformat(),
            },
        )
        announce(
            EmergencyOpened(
                opening_id=opened.pk,
                person_id=person.id,
                account_id=by.account_id,
                reason=reason,
                opened_at=opened.opened_at,
                until_at=opened.until_at,
            )
        )
    return opened


@transaction.atomic
def review_break_glass(*, by: Reader, opening_id: UUID, outcome: str, note: str) -> BreakGlass:
    """Record what the privacy officer made of an emergency opening. A review is made once and not changed."""
    by.must("review_break_glass")
    opened = openings_to_review(by).select_related(None).select_for_update(of=("self",)).filter(pk=opening_id).first()
    if opened is None:
        raise NotAllowed("This emergency opening is not yours to review.")
    problems: dict[str, str] = {}
    if outcome not in REVIEWS:
        problems["outcome"] = "Choose what you made of it."
    if outcome != "proper" and not note.strip():
        problems["note"] = "Say what was not proper, or what has to follow."
    if opened.outcome:
        problems[""] = f"This opening has already been reviewed: {opened.get_outcome_display()}."
    if problems:
        raise Refused(problems)
    opened.outcome = outcome
    opened.note = note.strip()
    opened.reviewed_by_id = by.account_id
    opened.reviewed_at = timezone.now()
    opened.save(update_fields=["outcome", "note", "reviewed_by", "reviewed_at"])
    audit.record(
        by=by,
        what="reviewed an emergency opening",
        about=opened.person_id,
        details={"opening": str(opened.pk), "outcome": outcome, "note": opened.note},
    )
    return opened


# --- what was typed when a session ran out ---

DRAFTS_AT_MOST = 20
DRAFTS_KEPT_FOR = timedelta(days=7)


@transaction.atomic
def keep_draft(*, by: Reader, path: str, data: Mapping[str, list[str]]) -> Draft:
    """Keep what somebody had typed, for them alone, when it could not be saved because their session had run out."""
    mine = Draft.objects.filter(account_id=cast(int, by.account_id))
    mine.filter(saved_at__lt=timezone.now() - DRAFTS_KEPT_FOR).delete()
    oldest = mine.order_by("-saved_at").values_list("pk", flat=True)[DRAFTS_AT_MOST - 1 :]
    mine.filter(pk__in=list(oldest)).delete()
    draft = Draft.objects.create(
        account_id=cast(int, by.account_id), path=path, data=dict(data), saved_at=timezone.now()
    )
    audit.record(by=by, what="kept a draft when signed out", details={"draft": str(draft.pk)})
    return draft


@transaction.atomic
def expire_drafts(*, by: Reader) -> int:
    """Let go of every draft that nobody came back for within a week; done nightly."""
    count, _ = Draft.objects.filter(saved_at__lt=timezone.now() - DRAFTS_KEPT_FOR).delete()
    if count:
        audit.record(by=by, what="let go of old drafts", details={"drafts": count})
    return count


@transaction.atomic
def discard_draft(*, by: Reader, draft_id: UUID | str) -> None:
    """Let go of a draft, once it has been used or is not wanted."""
    try:
        draft_id = UUID(str(draft_id))
    except ValueError:
        return
    Draft.objects.filter(account_id=cast(int, by.account_id), pk=draft_id).delete()
    audit.record(by=by, what="let go of a draft", details={"draft": str(draft_id)})
