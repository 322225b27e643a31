"""The plan that a place shows to everybody: its signed version, people by their role alone, small numbers hidden, and nothing said in confidence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext

from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.improvement.models import Plan, SignedCopy
from ambit.improvement.queries.figures import FigureShown, public_figures
from ambit.improvement.queries.planning import area_of
from ambit.improvement.queries.plans import OpenedTable, open_plan
from ambit.improvement.queries.scope import chain_of
from ambit.improvement.rules import plans as rules
from ambit.improvement.rules.plans import Delivery, Quarter
from ambit.improvement.rules.publishing import personal_in
from ambit.organisations.models import Membership, Organisation, Role

MOST_FIGURES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAction:
    """An action as everybody may read it: what, who by their role, by when, how it stood when the plan was signed."""

    what: str
    owner: str
    due: str
    delivery: Delivery
    indicator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicMilestone:
    """A milestone as everybody may read it."""

    what: str
    due: str
    quarter: Quarter | None
    delivery: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPlan:
    """A signed version of a plan as everybody may read it."""

    id: UUID
    title: str
    organisation: str
    aim: str
    from_on: date
    until_on: date
    version: int
    signed_at: datetime
    published_at: datetime | None
    actions: tuple[PublicAction, ...]
    milestones: tuple[PublicMilestone, ...]
    figures: tuple[FigureShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """What would be public of the newest signed version, what is public now, and what stands in the way."""

    opened: OpenedTable
    newest: PublicPlan | None
    public: int | None
    personal: Mapping[str, str]


def published_plan(plan_id: UUID) -> PublicPlan:
    """The published plan, for everybody; one that is not published is as if it were not there."""
    plan = (
        Plan.objects.select_related("organisation__part_of__part_of")
        .filter(pk=plan_id, published_at__isnull=False)
        .first()
    )
    copy = published_copy(plan) if plan else None
    if plan is None or copy is None:
        raise Http404("There is no such plan.")
    return _public(plan, copy)


def published_copy(plan: Plan) -> SignedCopy | None:
    """The version that was made public: the newest that was signed when the place said so. What is signed later waits."""
    if plan.published_at is None:
        return None
    return SignedCopy.objects.filter(plan=plan.pk, signed_at__lte=plan.published_at).order_by("-number").first()


def publishing(reader: Reader, plan_id: UUID) -> Publishing:
    """What who leads looks at before the plan is made public. Audited."""
    reader.must("lead_rounds")
    opened = open_plan(reader, plan_id)
    audit.record(by=reader, what="looked at a plan's public page", details={"plan": str(plan_id)})
    copy = SignedCopy.objects.filter(plan=plan_id).order_by("-number").first()
    public = published_copy(opened.table)
    return Publishing(
        opened=opened,
        newest=_public(opened.table, copy) if copy else None,
        public=public.number if public else None,
        personal=personal_of(opened.table, copy) if copy else {},
    )


def personal_of(plan: Plan, copy: SignedCopy) -> dict[str, str]:
    """What is personal in the words that would be public, by the words themselves; empty when nothing is."""
    told, rows = copy.content["table"], copy.content["rows"]
    said = [told["title"], told["aim"]]
    for kind in (rules.ACTION, rules.MILESTONE):
        said += [words for row in rows[kind].values() for words in (row["what"], row["due"])]
    names = Membership.objects.filter(_near(plan)).values_list("staff__name", flat=True).distinct()
    return personal_in({words: words for words in said if words}, names)


def _near(plan: Plan) -> Q:
    """Of the system that a plan belongs to."""
    system = chain_of(plan.organisation_id)[-1]
    return Q(organisation=system) | Q(organisation__part_of=system) | Q(organisation__part_of__part_of=system)


def _public(plan: Plan, copy: SignedCopy) -> PublicPlan:
    told, rows = copy.content["table"], copy.content["rows"]
    signed_on = timezone.localdate(copy.signed_at)
    actions = sorted(rows[rules.ACTION].values(), key=lambda row: row["number"])
    roles = _roles(plan, {row["owner"] for row in actions if row["owner"]})
    names = list(dict.fromkeys(row["indicator"] for row in actions if row["indicator"]))[:MOST_FIGURES]
    figures = public_figures(area_of(plan), names)
    titles = {one.indicator: one.name for one in figures}
    return PublicPlan(
        id=plan.pk,
        title=told["title"],
        organisation=plan.organisation.name,
        aim=told["aim"],
        from_on=date.fromisoformat(told["from_on"]),
        until_on=date.fromisoformat(told["until_on"]),
        version=copy.number,
        signed_at=copy.signed_at,
        published_at=plan.published_at,
        actions=tuple(
            PublicAction(
                what=row["what"],
                owner=roles.get(row["owner"], NAMED) if row["owner"] else "",
                due=row["due"],
                delivery=rules.delivery_of(
                    rules.said_of(rules.ACTION, row),
                    due_until=_day(row, "due_until"),
                    forecast_until=_day(row, "forecast_until"),
                    on=signed_on,
                ),
                indicator=titles.get(row["indicator"], ""),
            )
            for row in actions
        ),
        milestones=_milestones(rows[rules.MILESTONE], on=signed_on),
        figures=figures,
    )


NAMED = "named"
"""An owner whose role nobody knows here: that there is one is said, and no more."""


def _milestones(rows: Mapping[str, Mapping[str, Any]], *, on: date) -> tuple[PublicMilestone, ...]:
    steps = {
        name: rules.Step(
            reached=bool(row["reached_on"]),
            due_until=_day(row, "due_until"),
            forecast_until=_day(row, "forecast_until"),
            # versions that were signed before milestones could wait for each other say nothing of it
            waits_for=row.get("waits_for", ""),
        )
        for name, row in rows.items()
    }
    held = rules.held_up(steps, on=on)
    ordered = sorted(rows.items(), key=lambda told: told[1]["number"])
    return tuple(_milestone(row, on, is_held_up=name in held) for name, row in ordered)


def _milestone(row: Mapping[str, Any], on: date, *, is_held_up: bool) -> PublicMilestone:
    due, reached = _day(row, "due_until"), row["reached_on"]
    day = date.fromisoformat(reached) if reached else due
    return PublicMilestone(
        what=row["what"],
        due=row["due"],
        quarter=Quarter.of(day) if day else None,
        delivery=rules.milestone_delivery(
            reached=bool(reached),
            due_until=due,
            forecast_until=_day(row, "forecast_until"),
            on=on,
            is_held_up=is_held_up,
        ),
    )


def _day(row: Mapping[str, Any], name: str) -> date | None:
    return date.fromisoformat(row[name]) if row.get(name) else None


def _roles(plan: Plan, owners: Iterable[str]) -> dict[str, str]:
    """Owners in words that name nobody: their role and organisation, or the organisation that they are."""
    wanted = {words.lower(): words for words in owners}
    if not wanted:
        return {}
    found: dict[str, str] = {}
    system = chain_of(plan.organisation_id)[-1]
    own = Q(pk=system) | Q(part_of=system) | Q(part_of__part_of=system)
    for name in Organisation.objects.filter(own).values_list("name", flat=True):
        if name.lower() in wanted:
            found[wanted[name.lower()]] = name
    today = timezone.localdate()
    rows = Membership.objects.filter(_near(plan), from_on__lte=today).exclude(until_on__lt=today)
    for title, name, role, organisation in rows.values_list(
        "staff__title", "staff__name", "role", "organisation__name"
    ):
        for words in (name.lower(), f"{title} {name}".strip().lower()):
            if words in wanted:
                found.setdefault(wanted[words], f"{gettext(Role(role).label)}, {organisation}")
    return found
