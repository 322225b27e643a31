"""Gap analyses and plans begin, take up what a signed round proposes, are signed, and are closed."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ambit.access.queries import NotAllowed, Reader
from ambit.audit import actions as audit
from ambit.design.refusals import Refused, Stale
from ambit.improvement import registry
from ambit.improvement.actions.rounds import edition_of
from ambit.improvement.actions.rows import save_row, written_by
from ambit.improvement.models import Gap, GapAnalysis, Plan, Round, SignedCopy
from ambit.improvement.queries.answers import positions_of
from ambit.improvement.queries.plans import OpenedTable, content_of, row_shown, state_of
from ambit.improvement.queries.scope import Opened, wording
from ambit.improvement.rules import plans as rules
from ambit.improvement.rules.editions import digest
from ambit.improvement.rules.frameworks import Node
from ambit.improvement.rules.rounds import Standing


@transaction.atomic
def start_gap_analysis(*, by: Reader, title: str, framework_id: str = "", population: str = "") -> GapAnalysis:
    """Begin a gap analysis of the reader's own organisation: with a row for each statement of a framework, or with none.

    Rows begin unrated. Of a framework with many statements better begin a self-assessment: signing it proposes the gaps.
    """
    organisation_id = _own(by)
    problems = {}
    if not title.strip():
        problems["title"] = "Name it, such as “Gap analysis, children and young people”."
    pack = registry.framework_pack(framework_id) if framework_id else None
    if framework_id and pack is None:
        problems["framework"] = "Choose a framework from the list."
    if problems:
        raise Refused(problems)
    edition = edition_of(framework_id, pack.version) if pack else None
    made = GapAnalysis.objects.create(
        organisation_id=organisation_id,
        title=title.strip(),
        population=population.strip(),
        framework=framework_id,
        edition=edition,
        started_at=timezone.now(),
        started_by=by.name,
        started_by_role=by.role,
    )
    audit.record(by=by, what="started a gap analysis", details={"analysis": str(made.pk), "framework": framework_id})
    if edition:
        opened = written_by(by, rules.GAP, made.pk)
        told = wording(edition.pk)
        for node in told.statements(""):
            said = _of_node(node, told.framework.part_of(node))
            save_row(by=by, kind=rules.GAP, of=made.pk, opened=opened, row_id=None, seen=0, said=said, node=node.id)
    return made


@transaction.atomic
def start_plan(*, by: Reader, title: str, from_on: date, until_on: date, aim: str = "") -> Plan:
    """Begin an improvement plan of the reader's own organisation."""
    organisation_id = _own(by)
    problems = {}
    if not title.strip():
        problems["title"] = "Name the plan, such as “Palliative and end of life care, 2026 to 2028”."
    if until_on < from_on:
        problems["until_on"] = "The plan cannot end before it begins."
    if problems:
        raise Refused(problems)
    made = Plan.objects.create(
        organisation_id=organisation_id,
        title=title.strip(),
        aim=aim.strip(),
        from_on=from_on,
        until_on=until_on,
        started_at=timezone.now(),
        started_by=by.name,
        started_by_role=by.role,
    )
    audit.record(by=by, what="started an improvement plan", details={"plan": str(made.pk)})
    return made


@transaction.atomic
def change_plan(*, by: Reader, plan_id: UUID, seen: int, title: str, aim: str, asks: str) -> Plan:
    """Change what a plan is for and what it asks of the board."""
    opened = written_by(by, rules.ACTION, plan_id)
    assert opened is not None
    plan: Plan = opened.table
    if plan.revision != seen:
        saved = {"title": plan.title, "aim": plan.aim, "asks": plan.asks}
        yours = {"title": title, "aim": aim, "asks": asks}
        raise Stale(what="the plan", seen=seen, current=plan.revision, saved=saved, yours=yours)
    if not title.strip():
        raise Refused({"title": "Name the plan."})
    plan.title, plan.aim, plan.asks, plan.revision = title.strip(), aim.strip(), asks.strip(), seen + 1
    plan.save(update_fields=["title", "aim", "asks", "revision"])
    audit.record(by=by, what="changed an improvement plan", details={"plan": str(plan_id), "revision": plan.revision})
    return plan


@transaction.atomic
def propose_gaps(*, by: Reader, round_id: UUID) -> GapAnalysis | None:
    """From a signed round, propose a row for each statement with a gap; a person decides about each. Safe to repeat.

    Rows go into the organisation's open gap analysis on the same framework, or into a new one. A gap that stands there already is
    not changed: what the round says is put beside it. What went from a gap to none is proposed as closed.
    """
    one = Round.objects.select_for_update(of=("self",)).filter(pk=round_id, signed_at__isnull=False).first()
    if one is None:
        return None
    opened = Opened(round=one, standing=Standing.READER, assessor=None, wording=wording(one.edition_id))
    analysis = (
        GapAnalysis.objects.filter(organisation=one.organisation_id, framework=one.framework, closed_at=None)
        .order_by("-started_at")
        .first()
    )
    if analysis is not None and analysis.round_id == one.pk:
        return analysis
    standing = {row.node: row for row in Gap.objects.filter(analysis=analysis).exclude(node="")} if analysis else {}
    told = [(row, row.gap if row.gap != "unrated" else _by_level(row.agreed)) for row in positions_of(opened)]
    gaps = [(row, rating) for row, rating in told if rating in ("red", "amber") or row.node.id in standing]
    if not gaps:
        return analysis
    if analysis is None:
        analysis = GapAnalysis.objects.create(
            organisation_id=one.organisation_id,
            title=opened.wording.framework.title,
            population=opened.wording.framework.population,
            framework=one.framework,
            started_at=timezone.now(),
            started_by=by.name,
            started_by_role=by.role,
        )
    analysis.edition, analysis.round = one.edition, one
    analysis.save(update_fields=["edition", "round"])
    table, made = OpenedTable(table=analysis, is_lead=True), 0
    for row, rating in gaps:
        position = row.agreed.said.position if row.agreed else ""
        there = standing.get(row.node.id)
        if there is not None:
            _put_beside(there, one, rating, position)
            continue
        said = replace(_of_node(row.node, row.top), position=position, rating=rating)
        save_row(
            by=by, kind=rules.GAP, of=analysis.pk, opened=table, row_id=None, seen=0, said=said, how="round",
            node=row.node.id, is_proposed=True,
        )  # fmt: skip
        made += 1
    audit.record(
        by=by, what="proposed gaps", details={"analysis": str(analysis.pk), "round": str(round_id), "proposed": made}
    )
    return analysis


@transaction.atomic
def decide_gap(*, by: Reader, analysis_id: UUID, gap_id: UUID, seen: int, takes: bool, why: str = "") -> Gap:
    """Take up what a signed round proposes of a row, or leave it and say why."""
    opened = written_by(by, rules.GAP, analysis_id)
    row = Gap.objects.select_for_update().filter(pk=gap_id, analysis=analysis_id, removed_at=None).first()
    if row is None or not (row.is_proposed or row.proposal):
        raise Refused("Nothing is proposed for this row.")
    said = row_shown(rules.GAP, row).said
    if row.revision != seen:
        saved = rules.as_plain(said)
        raise Stale(what=f"“{row}”", seen=seen, current=row.revision, saved=saved, yours=saved)
    if not takes and not why.strip():
        raise Refused({"why": "Say why it is left."})
    proposal, row.proposal = row.proposal, {}
    row.save(update_fields=["proposal"])
    if takes:
        if proposal:
            said = replace(said, rating=proposal["rating"], position=proposal["position"] or said.position)
        save_row(by=by, kind=rules.GAP, of=analysis_id, opened=opened, row_id=gap_id, seen=seen, said=said, how="round")
    elif row.is_proposed:
        row.removed_at, row.removed_by, row.why_removed = timezone.now(), by.name, why.strip()
        row.save(update_fields=["removed_at", "removed_by", "why_removed"])
    audit.record(
        by=by,
        what="decided about a proposed gap",
        details={"analysis": str(analysis_id), "row": str(gap_id), "takes": takes, "why": why.strip()},
    )
    row.refresh_from_db()
    return row


@transaction.atomic
def sign_table(
    *, by: Reader, analysis_id: UUID | None = None, plan_id: UUID | None = None, seen: int, words: str, share: bool
) -> SignedCopy:
    """Sign a gap analysis or a plan: every row as it stands is kept as the next version. It goes on being worked at.

    `seen` is `state_of_table` as it was read; what changed since is looked at first. A shared copy may be compared with by other
    places of the system.
    """
    kind = rules.GAP if analysis_id else rules.ACTION
    opened = written_by(by, kind, analysis_id or plan_id or UUID(int=0))
    assert opened is not None
    content = content_of(opened.table)
    current = state_of(content)
    if seen != current:
        raise Stale(what="the table", seen=seen, current=current)
    waiting = Gap.objects.filter(analysis=analysis_id, is_proposed=True, removed_at=None).count() if analysis_id else 0
    if waiting:
        raise Refused(f"Rows that a round proposed and nobody has decided about: {waiting}. Decide, then sign.")
    if not any(content["rows"].values()):
        raise Refused("There is nothing to sign yet.")
    before = SignedCopy.objects.filter(analysis=analysis_id, plan=plan_id).aggregate(last=Max("number"))["last"] or 0
    made = SignedCopy.objects.create(
        analysis_id=analysis_id,
        plan_id=plan_id,
        number=before + 1,
        content=content,
        words=words.strip(),
        is_shared=share,
        signed_at=timezone.now(),
        signed_by=by.name,
        signed_by_role=by.role,
        signed_by_organisation=by.organisation_name,
        sha256=digest([content]),
    )
    what = "signed a gap analysis" if analysis_id else "signed an improvement plan"
    audit.record(by=by, what=what, details={"copy": str(made.pk), "number": made.number, "sha256": made.sha256})
    return made


def _own(by: Reader) -> UUID:
    by.must("lead_rounds")
    if by.organisation_id is None:
        raise NotAllowed("Only who works for an organisation begins this for it.")
    return by.organisation_id


def _of_node(node: Node, top: Node) -> rules.GapSaid:
    """A row for a statement: under which foundation it stands, and what is asked."""
    words = node.text or node.title
    foundation = f"{top.ref} {top.title}".strip()
    return rules.GapSaid(foundation=foundation, meaning=words if node is not top or node.text else "")


def _by_level(agreed: Any) -> str:
    """The rating that a level stands for where nobody rated the gap."""
    return agreed.level.rag if agreed and agreed.level and agreed.level.rag else "unrated"


def _put_beside(row: Gap, one: Round, rating: str, position: str) -> None:
    """What a later round says of a row, unless it says what stands there."""
    if rating == "unrated" or (rating == row.rating and position in ("", row.position)):
        return
    row.proposal = {"round": str(one.pk), "title": one.title, "rating": rating, "position": position}
    row.save(update_fields=["proposal"])
