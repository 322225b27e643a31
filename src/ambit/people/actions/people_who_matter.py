"""The people who matter to somebody, and those who hold parental responsibility."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from ambit.audit.rules import Reader
from ambit.design.refusals import Refused
from ambit.organisations.rules import telephone_problem
from ambit.people.actions.saving import locked, saved
from ambit.people.models import ImportantPerson, ParentalResponsibility
from ambit.people.rules import age_on, tidy
from ambit.people.rules.names import name_words
from ambit.people.rules.values import PARENTAL_BASES, RELATIONS, ROLES


def _checked(said: Mapping[str, Any]) -> dict[str, Any]:
    known = {
        "name", "relation", "roles", "telephone", "other_telephone", "email", "rank", "may_share", "is_under_18", "notes",
        "own_record_id",
    }  # fmt: skip
    problems = dict.fromkeys(set(said) - known, "This is not kept about somebody important.")
    stored = {**said, "name": tidy(said.get("name", ""))}
    if not name_words(stored["name"]):
        problems["name"] = "Enter the name, or what they are called."
    if said.get("relation") not in RELATIONS:
        problems["relation"] = "Choose who they are to the person."
    foreign = [role for role in said.get("roles", []) if role not in ROLES]
    if foreign:
        problems["roles"] = f"“{', '.join(foreign)}” is not in the list. Choose from the list."
    for name in ("telephone", "other_telephone"):
        if words := telephone_problem(said.get(name, "")):
            problems[name] = words
    if "emergency" in said.get("roles", []) and not (said.get("telephone") or said.get("other_telephone")):
        problems.setdefault("telephone", "Enter a number: this one is to be rung in an emergency.")
    if said.get("email"):
        try:
            validate_email(said["email"])
        except ValidationError:
            problems["email"] = "Write the e-mail address like name@example.org."
    if not 1 <= said.get("rank", 1) <= 20:
        problems["rank"] = "Choose an order from 1 to 20."
    if problems:
        raise Refused(problems)
    return stored


@transaction.atomic
def add_important_person(*, by: Reader, person_id: UUID, seen: int, **said: Any) -> ImportantPerson:
    """Add somebody who matters: name, relation, roles, how to reach them, and whether they may be told."""
    by.must("edit_people")
    person = locked(by=by, person_id=person_id, seen=seen, yours=said)
    important = ImportantPerson.objects.create(person=person, from_on=timezone.localdate(), **_checked(said))
    saved(by=by, person=person, what="added an important person", details={"relation": important.relation})
    return important


def _important(person_id: UUID, important_id: UUID) -> ImportantPerson:
    found = ImportantPerson.objects.select_for_update().filter(pk=important_id, person_id=person_id).first()
    if found is None:
        raise Refused("That person is not among those who matter here. Open the list again.")
    if found.until_on:
        raise Refused(f"{found.name} was taken off the list on {found.until_on}. Add them again instead.")
    return found


@transaction.atomic
def edit_important_person(
    *, by: Reader, person_id: UUID, important_id: UUID, seen: int, **said: Any
) -> ImportantPerson:
    """Correct what is known of somebody important."""
    by.must("edit_people")
    person = locked(by=by, person_id=person_id, seen=seen, yours=said)
    important = _important(person_id, important_id)
    if "roles" in said and "parental_responsibility" not in said["roles"]:
        _holds_none(important)
    for name, value in _checked(said).items():
        setattr(important, name, value)
    important.save()
    saved(by=by, person=person, what="edited an important person", details={"relation": important.relation})
    return important


def _holds_none(important: ImportantPerson) -> None:
    if important.parental_responsibilities.filter(until_on=None).exists():
        raise Refused(f"{important.name} holds parental responsibility. End that first, with its day.")


@transaction.atomic
def end_important_person(*, by: Reader, person_id: UUID, important_id: UUID, seen: int, reason: str) -> None:
    """Take somebody off the list, with the reason; they stay in the history."""
    by.must("edit_people")
    person = locked(by=by, person_id=person_id, seen=seen)
    important = _important(person_id, important_id)
    if not reason.strip():
        raise Refused({"reason": "Say why, such as “moved away” or “wish of the person”."})
    _holds_none(important)
    important.until_on, important.end_reason = timezone.localdate(), reason.strip()
    important.save(update_fields=["until_on", "end_reason"])
    saved(by=by, person=person, what="took an important person off the list")


@transaction.atomic
def record_parental_responsibility(
    *,
    by: Reader,
    person_id: UUID,
    seen: int,
    important_id: UUID,
    basis: str,
    evidence: str = "",
    restriction: str = "",
    court_order: str = "",
    is_disputed: bool = False,
    from_on: date | None = None,
) -> ParentalResponsibility:
    """Record that somebody holds parental responsibility, on what basis, and what a court has restricted.

    Several people may hold it at once (Children Act 1989, section 2); a later record replaces the holder's earlier one.
    """
    by.must("edit_people")
    person = locked(by=by, person_id=person_id, seen=seen)
    holder = _important(person_id, important_id)
    problems: dict[str, str] = {}
    today = timezone.localdate()
    if basis not in PARENTAL_BASES:
        problems["basis"] = "Choose how they come to hold it."
    if basis in {"court_order", "special_guardian", "care_order", "adoption", "surrogacy"} and not court_order.strip():
        problems["court_order"] = "Enter the order: court, date and number, or “seen, details to follow”."
    if from_on and from_on > today:
        problems["from_on"] = "Enter the day it began, today or earlier."
    if person.born_on and person.birth_precision != "unborn" and age_on(person.born_on, today) >= 18:
        problems[""] = "Parental responsibility ends at 18. Record an attorney or deputy instead."
    if problems:
        raise Refused(problems)
    holder.parental_responsibilities.filter(until_on=None).update(until_on=today)
    held = ParentalResponsibility.objects.create(
        person=person,
        holder=holder,
        basis=basis,
        evidence=evidence.strip(),
        restriction=restriction.strip(),
        court_order=court_order.strip(),
        is_disputed=is_disputed,
        from_on=from_on,
    )
    if "parental_responsibility" not in holder.roles:
        holder.roles = [*holder.roles, "parental_responsibility"]
        holder.save(update_fields=["roles"])
    saved(by=by, person=person, what="recorded parental responsibility", details={"basis": basis})
    return held


@transaction.atomic
def end_parental_responsibility(*, by: Reader, person_id: UUID, seen: int, important_id: UUID, on: date) -> None:
    """End somebody's parental responsibility on a day, such as when a court discharges an order."""
    by.must("edit_people")
    person = locked(by=by, person_id=person_id, seen=seen)
    holder = _important(person_id, important_id)
    held = holder.parental_responsibilities.filter(until_on=None).first()
    if held is None:
        raise Refused(f"{holder.name} holds no parental responsibility here.")
    if on > timezone.localdate() or (held.from_on and on < held.from_on):
        raise Refused({"on": "Enter the day it ended: today or earlier, and not before it began."})
    held.until_on = on
    held.save(update_fields=["until_on"])
    holder.roles = [role for role in holder.roles if role != "parental_responsibility"]
    holder.save(update_fields=["roles"])
    saved(by=by, person=person, what="ended parental responsibility")
