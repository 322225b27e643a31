"""Birth of an unborn child, and death: recorded, corrected, or retracted when it was of the wrong person."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ambit.audit.rules import Reader
from ambit.design.refusals import Refused
from ambit.events.actions import announce
from ambit.people.actions.saving import locked, saved, words_of
from ambit.people.events import DeathRecorded, DeathRetracted
from ambit.people.models import Death, NameWord, Person, PersonName
from ambit.people.rules import Identity, checked, death_problems
from ambit.people.rules.values import DEATH_PLACES, DEATH_PRECISIONS, RETRACTED_DEATH


@transaction.atomic
def register_birth(
    *,
    by: Reader,
    person_id: UUID,
    seen: int,
    born_on: date,
    sex: str = "",
    given_names: str = "",
    family_name: str = "",
) -> Person:
    """The child who was awaited is born: the day, and the names when they have them."""
    by.must("edit_people")
    yours = {"born_on": born_on, "sex": sex, "given_names": given_names, "family_name": family_name}
    person = locked(by=by, person_id=person_id, seen=seen, yours=yours)
    if person.birth_precision != "unborn":
        raise Refused("This person is born already. Correct the date of birth under their details.")
    identity, problems = checked(
        Identity(
            title=person.title,
            given_names=given_names or person.given_names,
            family_name=family_name or person.family_name,
            preferred_name=person.preferred_name,
            born_on=born_on,
            sex=sex or person.sex,
            no_number_reason=person.no_number_reason or "newborn",
        ),
        on=timezone.localdate(),
        demonstration=settings.DEMONSTRATION,
    )
    if problems:
        raise Refused(problems)
    if (identity.given_names, identity.family_name) != (person.given_names, person.family_name):
        PersonName.objects.create(
            person=person, given_names=person.given_names, family_name=person.family_name, until_on=born_on
        )
    person.given_names, person.family_name = identity.given_names, identity.family_name
    person.born_on, person.birth_precision, person.sex = identity.born_on, "exact", identity.sex
    if person.no_number_reason == "unborn":
        person.no_number_reason = "newborn"
    NameWord.objects.filter(person=person).delete()
    NameWord.objects.bulk_create(words_of(by=by, person=person))
    return saved(by=by, person=person, what="registered a birth")


@transaction.atomic
def record_death(
    *,
    by: Reader,
    person_id: UUID,
    seen: int,
    died_on: date,
    place: str,
    died_at: time | None = None,
    precision: str = "day",
    place_name: str = "",
    was_usual_residence: bool | None = None,
    was_expected: bool | None = None,
    cause: str = "",
    verified_by: str = "",
    verified_at: datetime | None = None,
) -> Person:
    """Record that somebody died. From the same moment no list counts them as living; `DeathRecorded` tells the others."""
    by.must("edit_people")
    said = {
        "died_on": died_on,
        "place": place,
        "died_at": died_at,
        "precision": precision,
        "place_name": place_name.strip(),
        "was_usual_residence": was_usual_residence,
        "was_expected": was_expected,
        "cause": cause.strip(),
        "verified_by": verified_by.strip(),
        "verified_at": verified_at,
    }
    person = locked(by=by, person_id=person_id, seen=seen, yours=said)
    if person.died_on:
        raise Refused("This death is recorded already. Correct it instead.")
    return _died(by, person, said, what="recorded a death")


def _died(by: Reader, person: Person, said: dict[str, Any], *, what: str) -> Person:
    now = timezone.now()
    local = timezone.localtime(now)
    exact_birth = person.birth_precision == "exact"
    problems = death_problems(
        said["died_on"],
        said["died_at"],
        born_on=person.born_on if exact_birth else None,
        unborn=person.birth_precision == "unborn",
        on=local.date(),
        now=local.time(),
    )
    if said["place"] not in DEATH_PLACES:
        problems["place"] = "Choose where they died, or “Not known”."
    if said["precision"] not in DEATH_PRECISIONS:
        problems["precision"] = "Choose how exactly the moment is known."
    verified_at = said["verified_at"]
    if verified_at and (verified_at > now or timezone.localtime(verified_at).date() < said["died_on"]):
        problems["verified_at"] = "A death is verified after it happened and before now. Check the day and time."
    if verified_at and not said["verified_by"]:
        problems["verified_by"] = "Enter who verified the death, and their registration number."
    if problems:
        raise Refused(problems)
    Death.objects.create(person=person, recorded_at=now, **said)
    person.died_on = said["died_on"]
    saved(by=by, person=person, what=what, details={"died_on": said["died_on"].isoformat(), "place": said["place"]})
    announce(DeathRecorded(person_id=person.pk, died_on=said["died_on"]))
    return person


def _open_death(person: Person) -> Death:
    death = Death.objects.select_for_update().filter(person=person, ended_at=None).first()
    if death is None:
        raise Refused("No death is recorded here.")
    return death


def _ended(death: Death, reason: str) -> None:
    if not reason.strip():
        raise Refused({"reason": "Say what was wrong and how you know."})
    death.ended_at, death.end_reason = timezone.now(), reason.strip()
    death.save(update_fields=["ended_at", "end_reason"])


@transaction.atomic
def correct_death(*, by: Reader, person_id: UUID, seen: int, reason: str, **changes: Any) -> Person:
    """Correct what was recorded of a death; the earlier record stays, with the reason."""
    by.must("edit_people")
    person = locked(by=by, person_id=person_id, seen=seen, yours=changes)
    death = _open_death(person)
    kept = (
        "died_on", "place", "died_at", "precision", "place_name", "was_usual_residence", "was_expected", "cause",
        "verified_by", "verified_at",
    )  # fmt: skip
    foreign = sorted(set(changes) - set(kept))
    if foreign:
        raise Refused(dict.fromkeys(foreign, "This is not kept about a death."))
    _ended(death, reason)
    return _died(by, person, {name: changes.get(name, getattr(death, name)) for name in kept}, what="corrected a death")


@transaction.atomic
def retract_death(*, by: Reader, person_id: UUID, seen: int, reason: str) -> Person:
    """They live: the death was recorded in error. What was stopped by it is told, and starts again only by hand."""
    by.must("edit_people")
    person = locked(by=by, person_id=person_id, seen=seen)
    _ended(_open_death(person), reason)
    person.died_on = None
    saved(by=by, person=person, what=RETRACTED_DEATH, details={"reason": reason.strip()})
    announce(DeathRetracted(person_id=person.pk))
    return person


@transaction.atomic
def note_verification(*, by: Reader, person_id: UUID, verified_by: str, verified_at: datetime) -> Person | None:
    """Say with a recorded death who verified it and when; None while no death is recorded, or when it says so already."""
    by.must("verify_death")
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    death = Death.objects.select_for_update().filter(person=person, ended_at=None).first()
    if death is None or (death.verified_by, death.verified_at) == (verified_by, verified_at):
        return None
    death.verified_by, death.verified_at = verified_by, verified_at
    death.save(update_fields=["verified_by", "verified_at"])
    return saved(by=by, person=person, what="noted who verified a death")
