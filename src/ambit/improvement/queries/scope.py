"""Which rounds a reader may see, and as what: lead, assessor, or reader of what was signed."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from ambit.access.queries import Reader
from ambit.improvement.models import Assessor, Edition, Round
from ambit.improvement.rules.editions import Wording, from_plain
from ambit.improvement.rules.rounds import Standing
from ambit.organisations.models import Organisation
from ambit.statements import Prepared, Together


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A round that this reader may see: as what they see it, their own place among the assessors, and who those are."""

    round: Round
    standing: Standing
    assessor: Assessor | None
    wording: Wording
    assessors: tuple[Assessor, ...] = ()

    @property
    def is_lead(self) -> bool:
        return self.standing is Standing.LEAD

    @property
    def is_signed(self) -> bool:
        return self.round.signed_at is not None


@lru_cache(maxsize=32)
def wording(sha256: str) -> Wording:
    """The words of an edition. They never change, so a process reads them once."""
    return from_plain(Edition.objects.values_list("content", flat=True).get(pk=sha256))


def chain_of(organisation_id: UUID | None) -> tuple[UUID, ...]:
    """An organisation, what it is part of, and what that is part of: practice, place, system."""
    if organisation_id is None:
        return ()
    return tuple(one for row in _CHAIN(organisation_id) for one in row if one)


# every page of improvement asks it
_CHAIN = Prepared(
    lambda one: Organisation.objects.filter(pk=one).values_list("pk", "part_of_id", "part_of__part_of_id")
)


def is_lead(reader: Reader, organisation_id: UUID) -> bool:
    """Whether the reader leads rounds of this organisation: only of their own."""
    return reader.may("lead_rounds") and reader.organisation_id == organisation_id


def _signed_for(reader: Reader) -> Q:
    """Signed rounds of the reader's organisation, of those above and below it, and what others of its system share."""
    chain = chain_of(reader.organisation_id)
    if not chain:
        return Q(pk=None)
    below = Q(organisation__part_of=chain[0]) | Q(organisation__part_of__part_of=chain[0])
    system = chain[-1]
    near = Q(organisation=system) | Q(organisation__part_of=system) | Q(organisation__part_of__part_of=system)
    return Q(signed_at__isnull=False) & (Q(organisation__in=chain) | below | (Q(sign_off__is_shared=True) & near))


def rounds_of(reader: Reader) -> QuerySet[Round]:
    """Every round that this reader may see."""
    reader.must("see_rounds")
    asked = Q(assessors__account_id=reader.account_id or 0, assessors__removed_at=None)
    mine = (
        Q(organisation=reader.organisation_id) if reader.may("lead_rounds") and reader.organisation_id else Q(pk=None)
    )
    found = Round.objects.filter(mine | asked | _signed_for(reader))
    return Round.objects.filter(pk__in=found.values("pk")).select_related("organisation", "sign_off")


def open_round(reader: Reader, round_id: UUID) -> Opened:
    """One round; what the reader may not see is as if it were not there."""
    reader.must("see_rounds")
    rounds, organisations, assessors = _OPENED(round_id, round_id, round_id)
    if not rounds:
        raise Http404("There is no such round.")
    found: Round = rounds[0]
    found.organisation = organisations[0]
    assessor = next((one for one in assessors if one.account_id == reader.account_id), None)
    if is_lead(reader, found.organisation_id):
        standing = Standing.LEAD
    elif assessor is not None:
        standing = Standing.ASSESSOR
    elif Round.objects.filter(_signed_for(reader), pk=found.pk).exists():
        standing = Standing.READER
    else:
        raise Http404("There is no such round.")
    return Opened(
        round=found,
        standing=standing,
        assessor=assessor,
        wording=wording(found.edition_id),
        assessors=tuple(assessors),
    )


# every page and every act of a round asks these
_OPENED = Together(
    Prepared(lambda one: Round.objects.filter(pk=one)),
    Prepared(lambda one: Organisation.objects.filter(pk__in=Round.objects.filter(pk=one).values("organisation"))),
    Prepared(lambda one: Assessor.objects.filter(round=one, removed_at=None)),
)
