"""Changes that were proposed, and what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import get_language

from ambit.access.queries import Reader, anything_kept_back, kept_back_from
from ambit.careplan import registry
from ambit.careplan.models import Proposal
from ambit.careplan.queries.authors import ROLES
from ambit.statements import Prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRow:
    """One proposed change with its answer."""

    id: UUID
    section: str
    title: str
    title_for_person: str
    words: str
    by_name: str
    by_role: str
    mine: bool
    made_at: datetime
    answer: str
    why: str
    answered_by: str
    answered_at: datetime | None

    @property
    def made_on(self) -> date:
        return timezone.localdate(self.made_at)

    @property
    def author(self) -> str:
        """As in "Helen Ashworth-Doyle, acts for the person"."""
        return ", ".join(part for part in (self.by_name, ROLES.get(self.by_role, "")) if part)


def proposals(reader: Reader, person_id: UUID, *, only_open: bool = False) -> tuple[ProposalRow, ...]:
    """What was proposed for somebody the reader has opened: open ones first, then by age, the newest on top.

    A carer sees their own only; the person and those who act for them see all. What others proposed for a section that is
    kept back from this reader is kept back with it.
    """
    reader.must("see_plan", or_else="see_own_record")
    rows = OPEN_PROPOSALS(person_id) if only_open else _proposals(person_id)
    if reader.role == "carer":
        rows = [row for row in rows if row.account_id == (reader.account_id or 0)]
    return _shown_to(reader, person_id, rows)


def _proposed(person_id: UUID) -> QuerySet[Proposal]:
    return Proposal.objects.filter(person_id=person_id).annotate(anything=anything_kept_back([person_id]))


_proposals: Prepared[Proposal] = Prepared(_proposed)
OPEN_PROPOSALS: Prepared[Proposal] = Prepared(lambda person_id: _proposed(person_id).filter(answer=""))
"""What was proposed for somebody and is not answered; to be asked together with others (`statements.Together`)."""


def open_proposals(reader: Reader, person_id: UUID, *, rows: Sequence[Proposal]) -> tuple[ProposalRow, ...]:
    """As `proposals` of what is open, by the rows of `OPEN_PROPOSALS`; for staff."""
    reader.must("see_plan")
    return _shown_to(reader, person_id, rows)


def _shown_to(reader: Reader, person_id: UUID, rows: Sequence[Proposal]) -> tuple[ProposalRow, ...]:
    found: list[Any] = sorted(rows, key=lambda row: row.made_at, reverse=True)
    closed = kept_back_from(reader, [person_id])[person_id] if found and found[0].anything else {}
    seen = [_seen(reader, row) for row in found if row.section not in closed or row.account_id == reader.account_id]
    return tuple(sorted(seen, key=lambda row: row.answer != ""))


def proposal(reader: Reader, person_id: UUID, proposal_id: UUID) -> ProposalRow:
    """One proposed change about somebody the reader has opened."""
    found = next((row for row in proposals(reader, person_id) if row.id == proposal_id), None)
    if found is None:
        raise Http404("No such proposal.")
    return found


def proposer(proposal_id: UUID) -> int | None:
    """The account of who proposed a change; for those who let them know."""
    return Proposal.objects.filter(pk=proposal_id).values_list("account_id", flat=True).first()


def _seen(reader: Reader, row: Proposal) -> ProposalRow:
    section = registry.section(row.section)
    return ProposalRow(
        id=row.pk,
        section=row.section,
        title=section.title if section else "",
        title_for_person=registry.say_in(get_language() or "")(section.title_for_person) if section else "",
        words=row.words,
        by_name=row.by_name,
        by_role=row.by_role,
        mine=row.account_id == reader.account_id,
        made_at=row.made_at,
        answer=row.answer,
        why=row.why,
        answered_by=", ".join(
            part
            for part in (row.answered_by, ROLES.get(row.answered_by_role, ""), row.answered_by_organisation)
            if part
        ),
        answered_at=row.answered_at,
    )
