"""The public page of a plan: made by who leads its place, never by itself, and taken down again."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.design.refusals import Refused, Stale
from ambit.improvement.actions.rows import written_by
from ambit.improvement.models import Plan, SignedCopy
from ambit.improvement.queries.publishing import personal_of
from ambit.improvement.rules import plans as rules


@transaction.atomic
def publish_plan(*, by: Reader, plan_id: UUID, version: int) -> Plan:
    """Make the newest signed version of a plan a page for everybody; `version` is the one that was looked at.

    Refused while a title, an action or a milestone in it names somebody who works here, or holds an address or a number like an NHS
    number. A version that is signed later is not public until somebody says so again.
    """
    plan = _held(by, plan_id)
    copy = SignedCopy.objects.filter(plan=plan_id).order_by("-number").first()
    if copy is None:
        raise Refused("Sign the plan first: what is public is a signed version.")
    if copy.number != version:
        raise Stale(what="the signed version", seen=version, current=copy.number)
    if personal := personal_of(plan, copy):
        raise Refused(
            {"": [f"“{words}” {why}. Write it without, sign again, then publish." for words, why in personal.items()]}
        )
    plan.published_at, plan.published_by = timezone.now(), by.name
    plan.save(update_fields=["published_at", "published_by"])
    details = {"plan": str(plan_id), "copy": str(copy.pk), "number": copy.number}
    audit.record(by=by, what="made a plan public", details=details)
    return plan


@transaction.atomic
def unpublish_plan(*, by: Reader, plan_id: UUID) -> Plan:
    """Take the public page down."""
    plan = _held(by, plan_id)
    if plan.published_at is None:
        raise Refused("This plan is not public.")
    plan.published_at, plan.published_by = None, ""
    plan.save(update_fields=["published_at", "published_by"])
    audit.record(by=by, what="took a plan off its public page", details={"plan": str(plan_id)})
    return plan


def _held(by: Reader, plan_id: UUID) -> Plan:
    opened = written_by(by, rules.ACTION, plan_id)
    assert opened is not None
    plan: Plan = opened.table
    return plan
