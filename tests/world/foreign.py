"""Somebody far away, of whom every table of the site holds a row: nothing of theirs may reach the readers of the cast."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.utils import timezone

from ambit.access.queries import operator
from ambit.organisations.models import Membership, Organisation, Staff
from ambit.people import actions as people
from ambit.people.models import Person
from ambit.people.rules import Identity

FAMILY, GIVEN, BORN, NUMBER = "Zephyrine-Quill", "Oudarda Wilmette", date(1931, 7, 19), "9991234586"
SECRETS = (
    FAMILY.lower(), "oudarda", NUMBER, "999 123 4586", "1931-07-19", "19 july 1931", "19 jul 1931", "19/07/1931",
)  # fmt: skip
# the slices whose rows may name a person; the others hold accounts, the trail or nothing about anybody
HOLDERS = (
    "people", "access", "register", "careplan", "casefinding", "coordination", "caseload", "urgent", "outcomes", "mycare",
    "measures", "improvement",
)  # fmt: skip

# what a table asks for beyond any value that fits its columns
ASKED_FOR: dict[str, dict[str, Any]] = {
    "access.SharingDecision": {"organisation": None, "item": ""},
    "careplan.SectionVersion": {"number": 1, "base": 0, "how": "imported", "words_by_name": FAMILY},
    "careplan.Attachment": {"content_type": "application/pdf", "replaces": None},
    "careplan.CPRDecision": {"made_on": BORN},
    "careplan.Recognition": {"causes": "considered"},
    "careplan.CPREnding": {"how": "withdrawn"},
    "careplan.Directive": {"kind": "advance_decision", "source": "transcribed", "seen": "copy", "made_on": BORN},
    "careplan.DirectiveEnding": {"how": "withdrawn"},
    "careplan.Proposal": {"answer": "", "answered_at": None},
    "casefinding.Candidate": {"person": None},
    "casefinding.Validation": {"packs": [], "on_days": []},
    "mycare.Invitation": {
        "role": "person",
        "basis": "own",
        "parental": None,
        "directive": None,
        "used_at": None,
        "withdrawn_at": None,
    },
    "measures.Figure": {"numerator": 1.0},
    "improvement.Lever": {"audience": "place"},
    "improvement.Evidence": {"kind": "words", "size": None},
    "mycare.AskedToSee": {"answer": "", "answered_at": None, "invitation": None},
    "mycare.Concern": {"answer": "", "answered_at": None},
}
# what a row must name although the column may be empty: it is of one thing or of another
LINKED = {
    ("improvement.SignedCopy", "plan"), ("improvement.WorkbookSent", "round"), ("improvement.WorkbookReceived", "round"),
    ("improvement.WorkbookReading", "round"),
}  # fmt: skip
# a merge is of two people; here there is one
NOT_HELD = {"people.Merge"}


@dataclass
class Foreign:
    """The person, and the keys of everything held about them."""

    person: Person
    practice: Organisation
    rows: dict[type[models.Model], models.Model] = field(default_factory=dict)

    @property
    def made(self) -> set[str]:
        return {model._meta.label for model in self.rows}

    @property
    def keys(self) -> set[Any]:
        return {row.pk for row in self.rows.values()}


def foreign_world() -> Foreign:
    """A person of a practice in another system, with a row in every table that can hold one about them."""
    system = Organisation.objects.create(code="YYY", name="Farlands Integrated Care System", kind="system")
    practice = Organisation.objects.create(code="Y90001", name="Farlands Surgery", kind="practice", part_of=system)
    staff = Staff.objects.create(name="Farah Lund", email="farah@ambit.example")
    colleague = Membership.objects.create(staff=staff, organisation=practice, role="gp", from_on=date(2020, 1, 1))
    person = people.admit(
        by=operator(),
        identity=Identity(
            family_name=FAMILY,
            given_names=GIVEN,
            title="Mx",
            born_on=BORN,
            sex="female",
            nhs_number=NUMBER,
            practice_id=practice.id,
        ),
    )
    world = Foreign(person=person, practice=practice, rows={Person: person, Membership: colleague, Staff: staff})
    for _turn in range(3):  # a row may need one that is made later
        for model in _about_people():
            row = world.rows.get(model) or row_of(model, world)
            if row is not None:
                world.rows[model] = row
    return world


def tables() -> set[str]:
    """Every table that can hold something about a person."""
    return {model._meta.label for model in _about_people()} - NOT_HELD


def _about_people() -> Iterator[type[models.Model]]:
    for label in HOLDERS:
        yield from (model for model in apps.get_app_config(label).get_models() if model is not Person)


def row_of(model: type[models.Model], world: Foreign) -> models.Model | None:
    """A row that is there already, else one made with as much in it as the database allows."""
    for f in model._meta.fields:
        if f.related_model is Person:
            row = model._default_manager.filter(**{f.name: world.person}).first()
            if row is not None:
                return row
    for full in (True, False):
        try:
            values = {f.name: _filled(f, world, full) for f in model._meta.fields} | ASKED_FOR.get(
                model._meta.label, {}
            )
            with transaction.atomic():
                return model._default_manager.create(**{k: v for k, v in values.items() if v is not ...})
        except (DatabaseError, ValueError, LookupError):
            continue
    return None


def _filled(f: Any, world: Foreign, full: bool) -> Any:
    if f.many_to_one or f.one_to_one:
        target = f.related_model
        if target is Person:
            return world.person
        if f.null and not full:
            return None
        if target is Organisation:
            return world.practice
        if f.null and (f.model._meta.label, f.name) not in LINKED:
            return None
        return world.rows[target]
    if f.has_default() or f.primary_key or getattr(f, "generated", False):
        return ...
    if f.choices:
        return "" if f.blank else next(value for value, _words in f.flatchoices if value != "")
    if f.null and f.name not in {"born_on", "nhs_number"}:
        return None
    words, day = (FAMILY, BORN) if _is_about_somebody(f.model) else ("words", date(2026, 1, 1))
    fillings = {
        models.DateTimeField: timezone.now(),
        models.DateField: day,
        models.TimeField: time(3, 12),
        models.UUIDField: uuid4(),
        models.JSONField: {"words": words},
        models.BooleanField: False,
        models.IntegerField: 1,
        models.CharField: NUMBER if "number" in f.name else words[: f.max_length or None],
        models.TextField: words,
    }
    return next((value for kind, value in fillings.items() if isinstance(f, kind)), ...)


def _is_about_somebody(model: type[models.Model]) -> bool:
    """Whether a row says something about a person: by a key to one, or by holding a name."""
    fields = model._meta.fields
    return any(f.name == "family_name" for f in fields) or any(
        f.related_model is Person
        or (f.related_model in _about_people() and f.related_model is not model and _is_about_somebody(f.related_model))
        for f in fields
        if f.related_model
    )
