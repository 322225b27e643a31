"""What happens to the medicines in a home is recorded, and what was recorded by mistake is taken out of the count."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ambit.access.queries import Person, Reader
from ambit.audit import actions as audit
from ambit.careplan import queries
from ambit.careplan.events import MedicinesDoNotAddUp
from ambit.careplan.models import MedicineMistake, MedicineMovement
from ambit.careplan.rules import medicines
from ambit.design.refusals import Refused
from ambit.events.actions import announce


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementForm:
    """What somebody says happened to a medicine."""

    medicine: str
    unit: str
    kind: str
    quantity: int | None
    happened_at: datetime | None
    what_for: str = ""
    effect: str = ""
    witness: str = ""
    note: str = ""


@transaction.atomic
def record_movement(*, by: Reader, person: Person, form: MovementForm, key: UUID) -> MedicineMovement:
    """Record what happened to a medicine in the home. A count that does not add up is kept, shown, and told to the team.

    `key` is the page's own number, so that a form sent twice is one movement.
    """
    by.must("record_medicines")
    known = MedicineMovement.objects.filter(pk=key, person=person).first()
    if known:
        return known
    before = queries.movements_of(person.id)
    problems = medicines.problems(
        medicine=form.medicine,
        unit=form.unit,
        kind=form.kind,
        quantity=form.quantity,
        happened_at=form.happened_at,
        what_for=form.what_for,
        now=timezone.now(),
        died=person.died_on is not None,
        known_unit=_unit_of(form.medicine, before),
    )
    if problems or form.quantity is None or form.happened_at is None:
        raise Refused(problems)
    movement = MedicineMovement.objects.create(
        id=key,
        person=person,
        medicine=" ".join(form.medicine.split()),
        unit=form.unit.strip(),
        kind=form.kind,
        quantity=form.quantity,
        happened_at=form.happened_at,
        what_for=form.what_for.strip(),
        effect=form.effect.strip(),
        witness=form.witness.strip(),
        note=form.note.strip(),
        recorded_at=timezone.now(),
        recorded_by=by.name,
        recorded_by_role=by.role,
        recorded_by_organisation=by.organisation_name,
    )
    audit.record(by=by, what="recorded a medicine", about=person.id, details={"movement": str(key), "kind": form.kind})
    after = {medicines.name_key(one.medicine): one for one in medicines.left(queries.movements_of(person.id))}
    if after[medicines.name_key(form.medicine)].does_not_add_up:
        announce(MedicinesDoNotAddUp(person_id=person.id, movement_id=movement.id))
    return movement


@transaction.atomic
def take_back_movement(*, by: Reader, person: Person, movement_id: UUID, reason: str) -> MedicineMistake:
    """Say that something was recorded by mistake: it stays in the history, and no longer counts."""
    by.must("record_medicines")
    if not reason.strip():
        raise Refused({"reason": "Write what was wrong with it."})
    movement = (
        MedicineMovement.objects.select_for_update(of=("self",))
        .filter(person=person, pk=movement_id, mistake=None)
        .first()
    )
    if movement is None:
        raise Refused("This was taken back by somebody else since you opened this page.")
    mistake = MedicineMistake.objects.create(
        movement=movement,
        reason=reason.strip(),
        recorded_at=timezone.now(),
        recorded_by=by.name,
        recorded_by_role=by.role,
    )
    audit.record(by=by, what="took back a medicine", about=person.id, details={"movement": str(movement_id)})
    return mistake


def _unit_of(medicine: str, movements: list[medicines.Movement]) -> str:
    """The unit in which this medicine was counted before; none when it is new."""
    key = medicines.name_key(medicine)
    return next((m.unit for m in movements if not m.mistake and medicines.name_key(m.medicine) == key), "")
