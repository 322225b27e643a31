"""Two records of one person become one, and can be taken apart again without loss. Never by itself: somebody decides."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from ambit.audit import actions as audit
from ambit.audit.rules import Reader
from ambit.design.refusals import Refused
from ambit.events.actions import announce
from ambit.people import moving
from ambit.people.actions.saving import locked, saved
from ambit.people.events import PeopleMerged, PeopleUnmerged
from ambit.people.models import Address, Merge, Person, PersonDetails, PersonNumber
from ambit.people.moving import Change
from ambit.people.rules.likeness import births_alike

# what the kept record takes from the other where it says nothing itself
PERSON_GAPS = ("practice_id", "sex")
DETAILS_GAPS = tuple(field.attname for field in PersonDetails._meta.concrete_fields if field.attname != "person_id")
NOTHING_SAID = {name: getattr(PersonDetails(), name) for name in DETAILS_GAPS}
EMPTY: tuple[Any, ...] = (None, "", [])


@transaction.atomic
def merge(*, by: Reader, keep_id: UUID, other_id: UUID, seen_keep: int, seen_other: int, reason: str) -> Merge:
    """Make one record of two. Everything that hangs on the other moves to the kept one; what moved is written down.

    Refused when birth dates differ (H11): correct the wrong one first, so that a slip cannot join two people.
    """
    by.must("merge_people")
    if keep_id == other_id:
        raise Refused("Choose two different records.")
    seen = {keep_id: seen_keep, other_id: seen_other}
    # always in one order, so that two merges cannot wait for each other
    people = {pk: locked(by=by, person_id=pk, seen=seen[pk]) for pk in sorted(seen)}
    kept, other = people[keep_id], people[other_id]
    _refuse_what_differs(kept, other, reason)
    changes = [*_filled(kept, other), *moving.changes(keep_id, other_id)]
    try:
        with transaction.atomic():
            for change in changes:
                moving.apply(change)
    except IntegrityError as error:
        raise Refused(
            "Both records hold something of which a person has only one, such as an open place on the register. "
            "Close it on one of the two first; nothing was merged."
        ) from error
    kept.refresh_from_db()
    other.merged_into = kept
    saved(by=by, person=kept, what="merged another record into this", details={"other": str(other_id)})
    saved(by=by, person=other, what="merged into another record", details={"kept": str(keep_id)})
    done = Merge.objects.create(
        kept=kept,
        other=other,
        reason=reason.strip(),
        changes=[change.as_dict() for change in changes],
        at=timezone.now(),
        by_name=by.name,
        by_role=by.role,
    )
    announce(PeopleMerged(merge_id=done.pk, kept_id=kept.pk, other_id=other.pk))
    return done


def _refuse_what_differs(kept: Person, other: Person, reason: str) -> None:
    problems: dict[str, str] = {}
    if not reason.strip():
        problems["reason"] = "Say how you know that both are one person."
    both_born = kept.born_on and other.born_on
    alike = births_alike(kept, other)
    if both_born and (alike is None or "swapped" in alike or "digit" in alike):
        problems[""] = (
            f"The dates of birth differ ({_said(kept.born_on)} and {_said(other.born_on)}). "
            "Find out which is right and correct it; records of different births are never merged."
        )
    elif kept.died_on != other.died_on:
        problems[""] = (
            f"One record says “died {_said(kept.died_on)}”, the other “died {_said(other.died_on)}”. "
            "Record, correct or retract the death so that both say the same."
        )
    if problems:
        raise Refused(problems)


def _said(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else "not recorded"


def _filled(kept: Person, other: Person) -> list[Change]:
    """Gaps of the kept record that the other fills."""
    found = _gaps("people.Person", kept, other, PERSON_GAPS)
    if kept.born_on is None and other.born_on is not None:
        before = {"born_on": None, "birth_precision": kept.birth_precision}
        after = {"born_on": other.born_on.isoformat(), "birth_precision": other.birth_precision}
        found.append(Change("people.Person", [str(kept.pk)], before, after))
    if kept.no_number_reason and PersonNumber.objects.filter(person=other, is_current=True).exists():
        before = {"no_number_reason": kept.no_number_reason}
        found.append(Change("people.Person", [str(kept.pk)], before, {"no_number_reason": ""}))
    theirs = PersonDetails.objects.filter(person=other).first()
    if theirs:
        ours, _ = PersonDetails.objects.get_or_create(person=kept)
        found += _gaps("people.PersonDetails", ours, theirs, DETAILS_GAPS)
    return found


def _gaps(model: str, kept: Any, other: Any, names: tuple[str, ...]) -> list[Change]:
    """One change for each field, so that each goes back by itself if nobody changed it since."""
    found = []
    for name in names:
        ours, theirs = getattr(kept, name), getattr(other, name)
        if ours in EMPTY and theirs not in EMPTY:
            value = str(theirs) if isinstance(theirs, UUID) else theirs
            found.append(Change(model, [str(kept.pk)], {name: ours}, {name: value}))
    return found


def _move_numbers(kept_id: UUID, other_id: UUID) -> list[Change]:
    """Numbers move; where both have a current one of a kind, the kept record's stays current."""
    taken = set(PersonNumber.objects.filter(person_id=kept_id, is_current=True).values_list("kind", flat=True))
    found = []
    for number in PersonNumber.objects.filter(person_id=other_id).order_by("pk"):
        stays_current = number.is_current and number.kind not in taken
        before = {"person_id": str(other_id), "is_current": number.is_current}
        after = {"person_id": str(kept_id), "is_current": stays_current}
        found.append(Change("people.PersonNumber", [number.pk], before, after))
    return found


def _move_addresses(kept_id: UUID, other_id: UUID) -> list[Change]:
    """Addresses move; a second present home becomes a past one."""
    has_home = Address.objects.filter(person_id=kept_id, kind="home", until_on=None).exists()
    today = timezone.localdate()
    found = []
    for address in Address.objects.filter(person_id=other_id).order_by("pk"):
        before: dict[str, Any] = {"person_id": str(other_id)}
        after: dict[str, Any] = {"person_id": str(kept_id)}
        if has_home and address.kind == "home" and address.until_on is None:
            before["until_on"] = None
            after["until_on"] = max(today, address.from_on or today).isoformat()
        found.append(Change("people.Address", [str(address.pk)], before, after))
    return found


moving.moves("people.PersonNumber", "person", _move_numbers)
moving.moves("people.Address", "person", _move_addresses)
moving.stays("people.NameWord", "person", why="people are found by the names of the kept record")
moving.stays("people.PersonVersion", "person", why="versions never change; each record keeps its own history")
moving.stays("people.PersonDetails", "person", why="gaps of the kept record are filled; the rest stays to be seen")
moving.stays("people.BirthSex", "person", why="guarded facts are read from both records")
moving.stays("people.Death", "person", why="both records say the same death before they are merged")
moving.stays("people.Merge", "kept", why="merges are undone in the order opposite to that in which they were made")
moving.stays("people.Merge", "other", why="merges are undone in the order opposite to that in which they were made")
moving.stays("people.Person", "merged_into", why="a record opens at the end of its chain of merges")


@transaction.atomic
def unmerge(*, by: Reader, merge_id: UUID, reason: str) -> Merge:
    """Take two records apart again: what had moved goes back, what was written on the kept one since stays there."""
    by.must("merge_people")
    done = Merge.objects.select_for_update().filter(pk=merge_id).first()
    if done is None:
        raise Refused("That merge is not here. Open the list of merges again.")
    if done.undone_at:
        raise Refused("These two records are apart already.")
    if not reason.strip():
        raise Refused({"reason": "Say how you know that they are two people."})
    pks = sorted([done.kept_id, done.other_id])
    people = {
        person.pk: person for person in Person.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")
    }
    kept, other = people[done.kept_id], people[done.other_id]
    if kept.merged_into_id:
        raise Refused("The kept record was later merged into another. Take that merge apart first.")
    later = Merge.objects.filter(kept=kept, undone_at=None, at__gt=done.at)
    if later.exists():
        raise Refused("Another record was merged into this one later. Take that merge apart first.")
    changed_since = 0
    try:
        with transaction.atomic():
            for change in reversed(done.changes):
                changed_since += moving.undo(Change(**change))
            # a row that the merge made to fill gaps, and that says nothing again
            PersonDetails.objects.filter(person=kept, **NOTHING_SAID).delete()
    except IntegrityError as error:
        raise Refused(
            "Something was written since that only one of the two can have. "
            "Close it on the kept record first; nothing was taken apart."
        ) from error
    kept.refresh_from_db()
    other.merged_into = None
    details = {"merge": str(done.pk), "changed_since": changed_since}
    saved(by=by, person=kept, what="took a merged record apart again", details=details)
    saved(by=by, person=other, what="stands by itself again", details=details)
    done.undone_at, done.undone_by, done.undone_reason = timezone.now(), by.name, reason.strip()
    done.save(update_fields=["undone_at", "undone_by", "undone_reason"])
    audit.record(by=by, what="took two records apart", about=other.pk, details=details)
    announce(PeopleUnmerged(merge_id=done.pk, kept_id=kept.pk, other_id=other.pk))
    return done
