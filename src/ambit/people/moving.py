"""What moves when two records turn out to be of one person: every row of every slice, by one list of changes.

Every foreign key to a person is found by itself and its rows move to the kept record, so that no slice can be
forgotten. A slice whose rows cannot simply move says so once, when it starts:

    moves("register.RegisterEntry", "person", close_the_later_entry)   # gives the changes itself
    stays("people.PersonVersion", "person", why="…")                   # reads both records instead

A move that would break what must always be true refuses the whole merge.
Why rows move, and records are not read through their merge: `docs/decisions/2026-11-22-merging-moves-rows.md`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model

from ambit.design.refusals import Refused
from ambit.people.models import Person


@dataclass(frozen=True, slots=True)
class Change:
    """Rows of one model that change together: what the fields were, and what they become. Values as JSON has them."""

    model: str
    pks: list[Any]
    before: dict[str, Any]
    after: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


Mover = Callable[[UUID, UUID], list[Change]]
_movers: dict[tuple[str, str], Mover] = {}
_staying: dict[tuple[str, str], str] = {}


def moves(model: str, field: str, mover: Mover) -> None:
    """Let `mover(kept_id, other_id)` say which rows of `model` change, instead of all moving as they are."""
    _movers[model, field] = mover


def stays(model: str, field: str, *, why: str) -> None:
    """Leave the rows of `model` on the merged record, and say why nobody misses them."""
    _staying[model, field] = why


def references() -> Iterator[tuple[str, str]]:
    """Every foreign key to a person in the whole house, as `slice.Model` and field."""
    fields: Iterable[Any] = Person._meta.get_fields(include_hidden=True)
    for relation in fields:
        if relation.auto_created and not relation.concrete and not relation.many_to_many:
            yield relation.related_model._meta.label, relation.field.name


def move_all(model: str, field: str, kept_id: UUID, other_id: UUID) -> list[Change]:
    """All rows of the other record become rows of the kept one, otherwise as they are."""
    pks = [_plain(pk) for pk in _rows(model).filter(**{field: other_id}).values_list("pk", flat=True)]
    name = f"{field}_id"
    return [Change(model, pks, {name: str(other_id)}, {name: str(kept_id)})] if pks else []


def only_one(model: str, field: str, *, open_rows: dict[str, Any], words: str) -> Mover:
    """A mover for rows of which a person has only one open: where both records do, the merge is refused with `words`."""

    def mover(kept_id: UUID, other_id: UUID) -> list[Change]:
        both = _rows(model).filter(**open_rows, **{f"{field}__in": (kept_id, other_id)})
        if both.values(field).distinct().count() == 2:
            raise Refused(words)
        return move_all(model, field, kept_id, other_id)

    return mover


def changes(kept_id: UUID, other_id: UUID) -> list[Change]:
    """Everything that a merge changes outside the two people themselves."""
    found: list[Change] = []
    for model, field in sorted(references()):
        if (model, field) in _staying:
            continue
        mover = _movers.get((model, field))
        found += mover(kept_id, other_id) if mover else move_all(model, field, kept_id, other_id)
    return found


def apply(change: Change) -> None:
    _rows(change.model).filter(pk__in=change.pks).update(**change.after)


def undo(change: Change) -> int:
    """Put rows back that still are as the merge left them; how many were changed since, and so stay as they are."""
    back = _rows(change.model).filter(pk__in=change.pks, **change.after).update(**change.before)
    return len(change.pks) - back


def _rows(model: str) -> Any:
    found: type[Model] = apps.get_model(model)
    return found._base_manager


def _plain(pk: Any) -> Any:
    return str(pk) if isinstance(pk, UUID) else pk
