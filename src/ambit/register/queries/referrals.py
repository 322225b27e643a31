"""Referrals as the practice that is asked sees them, and as those who referred do."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404

from ambit.access.models import SharingDecision
from ambit.access.queries import Person, Reader, current_numbers, people_of
from ambit.audit import actions as audit
from ambit.organisations.models import Organisation, Role
from ambit.people.rules import banner_name, spaced
from ambit.register import rules
from ambit.register.models import Referral, ReferralAnswer, RegisterEntry

ANSWERED_SHOWN = 50
ALIKE_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Said:
    """One answer to a referral, or what was added to it."""

    answer: str
    words: str
    at: datetime
    by_name: str
    by_role: str
    by_organisation: str

    @property
    def in_words(self) -> str:
        return rules.ANSWERS[self.answer]


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """One referral in a list."""

    id: UUID
    family_name: str
    given_names: str
    born_on: date | None
    nhs_number: str
    referred_at: datetime
    by_name: str
    by_role: str
    by_organisation: str
    practice: str
    last: str
    died_on: date | None

    @property
    def waits_for(self) -> str:
        return rules.waits_for(self.last)

    @property
    def in_words(self) -> str:
        return rules.ANSWERS.get(self.last, "")


@dataclass(frozen=True, slots=True)
class Referrals:
    """What the reader's practice has to answer and has answered, and what the reader or their team referred."""

    to_answer: tuple[ReferralRow, ...]
    answered: tuple[ReferralRow, ...]
    ours: tuple[ReferralRow, ...]


@dataclass(frozen=True, slots=True)
class ReferralPage:
    """One referral with everything that was said. What is known of the person is there for their practice alone."""

    row: ReferralRow
    reason: str
    knows: str
    said: tuple[Said, ...]
    is_ours: bool
    may_answer: bool
    person: Person | None
    on_register_since: date | None
    has_objected: bool
    alike: tuple[tuple[str, str], ...]

    @property
    def number(self) -> int:
        return len(self.said)


def referrals(reader: Reader) -> Referrals:
    """The referrals of the reader's practice and those of the reader and their team, newest last."""
    reader.must("refer_to_register")
    asked = [_row(r, for_practice=True) for r in asked_of(reader)] if reader.may("see_register") else []
    waiting = [row for row in asked if row.waits_for]
    answered = [row for row in reversed(asked) if not row.waits_for]
    ours = sorted((_row(r) for r in referred_by(reader)), key=lambda row: row.referred_at, reverse=True)
    return Referrals(tuple(waiting), tuple(answered[:ANSWERED_SHOWN]), tuple(ours))


def referrals_waiting(reader: Reader) -> int:
    """How many referrals the reader's practice has to answer."""
    if not (reader.may("see_register") and reader.may("refer_to_register")):
        return 0
    return asked_of(reader).filter(last__in=("", rules.TOLD_MORE)).count()


def referral(reader: Reader, referral_id: UUID) -> ReferralPage:
    """One referral that the reader's practice is asked, or that the reader or their team made; the look is audited."""
    reader.must("refer_to_register")
    found = asked_of(reader).filter(pk=referral_id).first() if reader.may("see_register") else None
    for_practice = found is not None
    ours = referred_by(reader).filter(pk=referral_id).first()
    found = found or ours
    if found is None:
        raise Http404("No such referral.")
    audit.record(by=reader, what="looked at a referral", about=found.person_id, details={"referral": str(found.id)})
    person = found.person if for_practice else None
    entry = RegisterEntry.objects.filter(person=person, left_on=None).first() if person else None
    said = tuple(
        Said(s.answer, s.words, s.at, s.by_name, role_in_words(s.by_role), s.by_organisation)
        for s in found.answers.order_by("number")
    )
    row = _row(found, for_practice=for_practice)
    may_answer = for_practice and bool(row.waits_for) and reader.may("add_to_register")
    return ReferralPage(
        row=row,
        reason=found.reason,
        knows=rules.KNOWS[found.knows],
        said=said,
        is_ours=ours is not None,
        may_answer=may_answer,
        person=person,
        on_register_since=entry.joined_on if entry else None,
        has_objected=bool(person)
        and SharingDecision.objects.filter(person=person, ended_at=None, scope="whole_record")
        .exclude(outcome="agreed")
        .exists(),
        alike=_alike(reader, found) if may_answer and person is None else (),
    )


def asked_of(reader: Reader) -> QuerySet[Any, Any]:
    """Referrals that are the reader's practice's to answer, the oldest first."""
    practice = reader.organisation_id
    if practice is None:
        return Referral.objects.none()
    theirs = Q(person__practice_id=practice) | Q(Q(person=None) | Q(person__practice=None), practice_id=practice)
    return _with_last(Referral.objects.filter(theirs)).order_by("referred_at", "id")


def referred_by(reader: Reader) -> QuerySet[Any, Any]:
    """Referrals that the reader or somebody of their team made."""
    mine = Q(by_account_id=reader.account_id)
    if reader.team_ids:
        mine |= Q(by_team_id__in=reader.team_ids)
    return _with_last(Referral.objects.filter(mine, by_account__isnull=False))


def referral_waits_for(referral_id: UUID) -> tuple[str, int]:
    """Who has to act next on a referral, and how many answers it has; for whoever is asked to act."""
    last = ReferralAnswer.objects.filter(referral_id=referral_id).order_by("-number").first()
    return (rules.waits_for(last.answer), last.number) if last else (rules.waits_for(""), 0)


def role_in_words(role: str) -> str:
    """A role after a name: `GP`, `social worker`."""
    words = str(Role(role).label)
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


def practices_to_ask() -> list[tuple[str, str]]:
    """The practices that a referral may name."""
    practices = Organisation.objects.filter(kind=Organisation.Kind.PRACTICE, closed_on=None).order_by("name")
    return [(str(pk), name) for pk, name in practices.values_list("id", "name")]


def _with_last(found: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    answers = ReferralAnswer.objects.filter(referral=OuterRef("pk")).order_by("-number").values("answer")[:1]
    last = Coalesce(Subquery(answers), Value(""), output_field=CharField())
    return found.annotate(last=last).select_related("person", "practice")


def _row(found: Any, *, for_practice: bool = False) -> ReferralRow:
    """The row as its reader may see it: a death is for the practice to know, and for those tied to the person."""
    shows_death = found.person is not None and (for_practice or not found.by_identity)
    return ReferralRow(
        id=found.id,
        family_name=found.family_name,
        given_names=found.given_names,
        born_on=found.born_on,
        nhs_number=found.nhs_number,
        referred_at=found.referred_at,
        by_name=found.by_name,
        by_role=role_in_words(found.by_role),
        by_organisation=found.by_organisation,
        practice=found.practice.name,
        last=found.last,
        died_on=found.person.died_on if found.person and shows_death else None,
    )


def _alike(reader: Reader, found: Any) -> tuple[tuple[str, str], ...]:
    """People of the practice with this birth date or number, as choices: one of them may be meant."""
    born_then = Q(born_on=found.born_on, born_on__isnull=False)
    has_number = Q(numbers__value=found.nhs_number, numbers__is_current=True) if found.nhs_number else Q(pk=None)
    own = people_of(reader).filter(born_then | has_number, practice_id=reader.organisation_id)
    number = current_numbers().filter(person=OuterRef("pk"), kind="nhs").values("value")[:1]
    rows = own.distinct().annotate(number=Subquery(number)).order_by("name_key", "pk")
    columns = ("pk", "title", "given_names", "family_name", "born_on", "number")
    return tuple(
        (
            str(pk),
            ", ".join(
                [banner_name(title, given, family)]
                + ([f"born {born_on:%-d %B %Y}"] if born_on else [])
                + ([spaced(number)] if number else [])
            ),
        )
        for pk, title, given, family, born_on, number in rows.values_list(*columns)[:ALIKE_SHOWN]
    )
