"""Who may be given a copy of a record on paper, and what stays out of it whoever makes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from ambit.access.models import OutsideConsent, Seal, SharingDecision
from ambit.access.rules import Decision, Relation, Sealed, kept_back, may_open
from ambit.audit.rules import NotAllowed, Reader
from ambit.design.refusals import Refused
from ambit.organisations.models import Organisation
from ambit.people.models import Person

OWN, SERVICE, PERSON, OUTSIDE = "own", "service", "person", "outside"
MAKES: Final[Mapping[str, str]] = {
    OWN: "see_plan",
    SERVICE: "edit_plan",
    PERSON: "edit_plan",
    OUTSIDE: "record_sharing",
}
"""Who may make a copy, by for whom it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """For whom a copy is, in words; what stays out of it and why; the only parts it may hold (None: all the others)."""

    kind: str
    words: str
    kept_back: Mapping[str, str] = field(default_factory=dict)
    only: frozenset[str] | None = None
    agreement_id: UUID | None = None

    @property
    def is_for_care(self) -> bool:
        """Whether those who get it act on it: what keeps somebody safe tonight is then never left out by choice."""
        return self.kind in {OWN, SERVICE}


def given_to(
    reader: Reader,
    person: Person,
    *,
    kind: str,
    organisation_id: UUID | None = None,
    service: str = "",
    agreement_id: UUID | None = None,
) -> Given:
    """For whom somebody makes a copy about a person they have opened; refused when the person's decisions forbid it.

    A service gets what its own staff would see who are named on no seal. Of a service that is not known here nobody can
    say which decision was meant, so whatever is kept back from any service counts. Outside direct care an agreement that
    stands names the parts, and nothing else is given. What is kept back from the maker is taken out besides.
    """
    if kind not in MAKES:
        raise Refused({"kind": "Choose for whom the copy is."})
    if not reader.may(MAKES[kind]):
        raise NotAllowed("Your role may make a copy for its own use only.", what_to_do="Ask a colleague who may.")
    if person.died_on and kind in {PERSON, OUTSIDE}:
        raise Refused(
            {
                "kind": "The person has died. A copy for anybody but their care is asked for under the Access to Health "
                "Records Act 1990."
            }
        )
    if kind == OWN:
        return Given(kind=kind, words=reader.organisation_name or reader.name)
    decisions, seals = _kept(person.id)
    if kind == PERSON:
        name = person.preferred_name or person.given_names
        return Given(
            kind=kind, words=f"{name} {person.family_name}".strip(), kept_back=_closed([], seals, role="carer")
        )
    if kind == OUTSIDE:
        return _outside(person, agreement_id, decisions, seals)
    return _service(person, organisation_id, service.strip(), decisions, seals)


def agreements_of(person: Person) -> list[tuple[str, str]]:
    """Agreements with somebody outside direct care that stand today, for a choice."""
    rows = OutsideConsent.objects.filter(person=person, ended_at=None, until_on__gte=timezone.localdate())
    return [(str(row.pk), f"{row.party}: {row.purpose}") for row in rows.order_by("party")]


def _outside(person: Person, agreement_id: UUID | None, decisions: list[Decision], seals: list[Sealed]) -> Given:
    today = timezone.localdate()
    agreed = OutsideConsent.objects.filter(
        pk=agreement_id or UUID(int=0), person=person, ended_at=None, agreed_on__lte=today, until_on__gte=today
    ).first()
    if agreed is None:
        raise Refused(
            {
                "agreement_id": "Choose an agreement that stands. Without the person’s yes nobody outside their care gets a copy."
            }
        )
    return Given(
        kind=OUTSIDE,
        words=f"{agreed.party}, for: {agreed.purpose}",
        kept_back=_closed(_of_any_service(decisions), seals),
        only=frozenset(agreed.items),
        agreement_id=agreed.pk,
    )


def _service(
    person: Person, organisation_id: UUID | None, service: str, decisions: list[Decision], seals: list[Sealed]
) -> Given:
    if bool(organisation_id) == bool(service):
        raise Refused(
            {"organisation_id": "Choose the service, or write its name when it is not in the list. One of the two."}
        )
    if organisation_id == person.practice_id and organisation_id:
        return Given(kind=SERVICE, words=_name(organisation_id), kept_back=_closed([], seals))
    known = decisions if organisation_id else _of_any_service(decisions)
    answer = may_open(
        {Relation.CARE_TEAM}, known, policy=settings.CONFIG.sharing_policy, organisation_id=organisation_id
    )
    if not answer.is_open:
        raise Refused(
            {
                "organisation_id" if organisation_id else "service": f"No copy can be made for them: {answer.reason}. "
                "Ask the person, and record what they decide under “Who may see this record”."
            }
        )
    closed = _closed(known, seals, organisation_id=organisation_id)
    return Given(kind=SERVICE, words=_name(organisation_id) if organisation_id else service, kept_back=closed)


def _name(organisation_id: UUID) -> str:
    found = Organisation.objects.filter(pk=organisation_id).first()
    if found is None:
        raise Refused({"organisation_id": "Choose a service from the list."})
    return found.name


def _of_any_service(decisions: list[Decision]) -> list[Decision]:
    """Every objection as if it were about everybody, and what was agreed for everybody: so it is read for a stranger."""
    return [
        replace(one, organisation_id=None, scope="item" if one.item else "whole_record")
        for one in decisions
        if one.objects or one.scope == "whole_record"
    ]


def _kept(person_id: UUID) -> tuple[list[Decision], list[Sealed]]:
    decisions = SharingDecision.objects.filter(person_id=person_id, ended_at=None)
    seals = Seal.objects.filter(person_id=person_id, ended_at=None, until_on__gte=timezone.localdate())
    return [
        Decision(outcome=row.outcome, scope=row.scope, organisation_id=row.organisation_id, item=row.item)
        for row in decisions
    ], [Sealed(item=row.item, hides_from=row.hides_from) for row in seals]


def _closed(
    decisions: list[Decision], seals: list[Sealed], *, organisation_id: UUID | None = None, role: str = ""
) -> dict[str, str]:
    return kept_back(
        decisions,
        seals,
        lifted=not decisions,
        role=role,
        account_id=None,
        organisation_id=organisation_id,
        existence_shown=settings.CONFIG.sealed_existence == "shown",
    )
