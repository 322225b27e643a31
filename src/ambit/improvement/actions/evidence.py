"""Evidence that people bring to a statement, and withdraw; nothing of it is removed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ambit.access.queries import NotAllowed, Reader
from ambit.audit import actions as audit
from ambit.design.refusals import Refused
from ambit.files.actions import keep_file
from ambit.improvement.actions.opening import opened_for, statement_of
from ambit.improvement.models import Assessor, Evidence
from ambit.improvement.queries.scope import Opened
from ambit.measures.queries import indicators

FOLDER = "evidence"
"""Where evidence stands among the uploads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a piece of evidence says of itself: what it is, and from when to when it holds."""

    title: str
    note: str = ""
    effective_on: date | None = None
    expires_on: date | None = None


@transaction.atomic
def add_evidence(
    *, by: Reader, round_id: UUID, node_id: str, shown: Shown, url: str = "", indicator: str = ""
) -> Evidence:
    """Name a link, an indicator beyond those of the framework, or, with neither, what people say."""
    opened, assessor = _may_bring(by, round_id)
    problems = _problems(shown)
    if url and not _is_web_address(url):
        problems["url"] = "Give the whole address, beginning with https:// or http://."
    if indicator and indicator not in indicators():
        problems["indicator"] = "Choose an indicator from the list."
    if url and indicator:
        problems["url"] = "Give a link or an indicator, not both."
    if not url and not indicator and not shown.note.strip():
        problems["note"] = "Write what people say, or give a link, an indicator or a file."
    if problems:
        raise Refused(problems)
    kind = Evidence.Kind.LINK if url else Evidence.Kind.INDICATOR if indicator else Evidence.Kind.WORDS
    return _keep(by, opened, assessor, node_id, shown, kind=kind, url=url.strip(), indicator=indicator)


@transaction.atomic
def add_evidence_file(
    *,
    by: Reader,
    round_id: UUID,
    node_id: str,
    shown: Shown,
    name: str,
    chunks: Iterable[bytes],
    size: int,
    key: UUID,
) -> Evidence:
    """Keep a file byte for byte as evidence. `key` is the page's own number, so that a form sent twice is one file."""
    opened, assessor = _may_bring(by, round_id)
    known = Evidence.objects.filter(pk=key, round=opened.round).first()
    if known:
        return known
    if problems := _problems(shown):
        raise Refused(problems)
    statement_of(opened, node_id)
    sha256, content_type = keep_file(chunks, folder=FOLDER, size=size)
    return _keep(
        by, opened, assessor, node_id, shown, id=key, kind=Evidence.Kind.FILE, file_name=name, size=size, sha256=sha256,
        content_type=content_type,
    )  # fmt: skip


@transaction.atomic
def withdraw_evidence(*, by: Reader, round_id: UUID, evidence_id: UUID) -> Evidence:
    """Say that a piece of evidence no longer counts: one's own, or any for who leads the round. It is kept."""
    opened = opened_for(by, round_id)
    row = Evidence.objects.select_for_update().filter(pk=evidence_id, round=opened.round, withdrawn_at=None).first()
    mine = row is not None and opened.assessor is not None and row.assessor_id == opened.assessor.pk
    if row is None or not (opened.is_lead or mine):
        raise Refused("There is no such evidence that you may withdraw.")
    row.withdrawn_at, row.withdrawn_by = timezone.now(), by.name
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    audit.record(by=by, what="withdrew evidence", details={"round": str(round_id), "evidence": str(evidence_id)})
    return row


def take_evidence_file(*, by: Reader, round_id: UUID, evidence_id: UUID) -> None:
    """Record that somebody took a file out."""
    audit.record(by=by, what="took out evidence", details={"round": str(round_id), "evidence": str(evidence_id)})


def _may_bring(by: Reader, round_id: UUID) -> tuple[Opened, Assessor | None]:
    """Who leads brings evidence for the round, an assessor for their own answer until they hand in."""
    opened = opened_for(by, round_id)
    if opened.assessor is not None and not opened.assessor.handed_in_at:
        return opened, opened.assessor
    if opened.is_lead:
        return opened, None
    if opened.assessor is None:
        raise NotAllowed("Only who leads or answers this round brings evidence to it.")
    raise Refused("You have handed in your answers. Take them back first, then add to them.")


def _problems(shown: Shown) -> dict[str, str]:
    problems = {}
    if not shown.title.strip():
        problems["title"] = "Write what it is, such as “Minutes of the board, March 2026”."
    if shown.effective_on and shown.expires_on and shown.expires_on < shown.effective_on:
        problems["expires_on"] = "It cannot end before it begins."
    return problems


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    return (
        parts.scheme in ("https", "http") and bool(parts.netloc) and not any(letter.isspace() for letter in url.strip())
    )


def _keep(
    by: Reader, opened: Opened, assessor: Assessor | None, node_id: str, shown: Shown, **more: object
) -> Evidence:
    node = statement_of(opened, node_id)
    row = Evidence.objects.create(
        round=opened.round,
        assessor=assessor,
        node=node.id,
        title=shown.title.strip(),
        note=shown.note.strip(),
        effective_on=shown.effective_on,
        expires_on=shown.expires_on,
        added_at=timezone.now(),
        added_by=by.name,
        added_by_role=by.role,
        added_by_organisation=by.organisation_name,
        **more,
    )
    audit.record(
        by=by,
        what="added evidence",
        details={"round": str(opened.round.pk), "node": node.id, "evidence": str(row.pk), "kind": row.kind},
    )
    return row
