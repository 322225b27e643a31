"""What stays closed inside records that are open: asked by everything that shows a part of one."""

# ruff: noqa: S608  (the statement is put together from its own text; every value is a parameter)

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import BooleanField, Exists, ExpressionWrapper, Q
from django.utils import timezone

from ambit.access.models import Seal, SharingDecision
from ambit.access.rules import NOT_STAFF, Decision, NotShown, Sealed, kept_back
from ambit.audit.rules import Reader
from ambit.statements import among, loaded_id, stored


def anything_kept_back(person_ids: Sequence[UUID]) -> ExpressionWrapper:
    """Whether anything of these people is kept back from anybody: a column for a statement that reads their parts.

    It is worked out once in that statement, so that a page about people who keep nothing back asks nothing more. It has
    no clock, so that the statement can be prepared: a seal whose day has passed costs a look, and hides nothing.
    """
    restricted = SharingDecision.objects.filter(person_id__in=person_ids, ended_at=None, scope="item")
    sealed = Seal.objects.filter(person_id__in=person_ids, ended_at=None)
    return ExpressionWrapper(Q(Exists(restricted)) | Q(Exists(sealed)), output_field=BooleanField())


def kept_back_from(reader: Reader, person_ids: Sequence[UUID]) -> dict[UUID, Mapping[str, str]]:
    """For each person the items that this reader does not see, and why; in one statement, at this moment."""
    if not person_ids:
        return {}
    now, today = stored(timezone.now()), stored(timezone.localdate())
    some, ids = among("person_id", person_ids)
    themselves, _ = among("id", person_ids)
    arms = [
        "SELECT person_id, 'decision', outcome, item, organisation_id, '', not_even_in_emergency"
        " FROM access_sharingdecision"
        f" WHERE {some} AND ended_at IS NULL AND (scope = 'item' OR not_even_in_emergency)",
        "SELECT person_id, 'seal', hides_from, item, NULL,"
        " CAST(roles AS TEXT) || '|' || CAST(accounts AS TEXT), FALSE FROM access_seal"
        f" WHERE {some} AND ended_at IS NULL AND until_on >= %s",
        "SELECT person_id, 'emergency', '', '', NULL, '', FALSE FROM access_breakglass"
        f" WHERE {some} AND account_id = %s AND until_at > %s",
        "SELECT person_id, 'lifted', '', '', NULL, '', FALSE FROM access_codeuse"
        f" WHERE {some} AND account_id = %s AND until_at > %s",
        f"SELECT id, 'lifted', '', '', NULL, '', FALSE FROM people_person WHERE {themselves} AND practice_id = %s",
    ]
    account = stored(reader.account_id)
    values: list[Any] = [
        *ids, *ids, today, *ids, account, now, *ids, account, now, *ids, stored(reader.organisation_id)
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(arms), values)
        rows = cursor.fetchall()
    return kept_back_in(rows, reader, person_ids, existence_shown=settings.CONFIG.sealed_existence == "shown")


def kept_back_in(
    rows: Iterable[tuple[Any, ...]], reader: Reader, person_ids: Sequence[UUID], *, existence_shown: bool
) -> dict[UUID, Mapping[str, str]]:
    """What the rows of that statement keep back from this reader, for each person."""
    decisions: dict[UUID, list[Decision]] = {}
    seals: dict[UUID, list[Sealed]] = {}
    ties: dict[UUID, set[str]] = {}
    for whose, what, word, item, organisation_id, names, never in rows:
        person_id = UUID(str(whose))
        if what == "decision":
            decisions.setdefault(person_id, []).append(
                Decision(
                    outcome=word,
                    scope="item" if item else "whole_record",
                    organisation_id=loaded_id(organisation_id),
                    item=item,
                    not_even_in_emergency=bool(never),
                )
            )
        elif what == "seal":
            roles, accounts = names.split("|")
            seals.setdefault(person_id, []).append(
                Sealed(
                    item=item,
                    hides_from=word,
                    roles=frozenset(json.loads(roles)),
                    account_ids=frozenset(json.loads(accounts)),
                )
            )
        else:
            ties.setdefault(person_id, set()).add(what)
    return {
        person_id: kept_back(
            decisions.get(person_id, []),
            seals.get(person_id, []),
            lifted=_is_lifted(reader, ties.get(person_id, set()), decisions.get(person_id, [])),
            role=reader.role,
            account_id=reader.account_id,
            organisation_id=reader.organisation_id,
            existence_shown=existence_shown,
        )
        for person_id in person_ids
    }


def _is_lifted(reader: Reader, ties: set[str], decisions: Sequence[Decision]) -> bool:
    """Whether what the person keeps back from services is open to this reader (`rules.kept_back`)."""
    if reader.role in NOT_STAFF or "lifted" in ties:
        return True
    return "emergency" in ties and not any(d.not_even_in_emergency and d.objects for d in decisions)


def must_see(reader: Reader, person_id: UUID, item: str, *, title: str) -> None:
    """Refuse, in words, what this reader does not see of an open record."""
    why = kept_back_from(reader, [person_id])[person_id].get(item)
    if why:
        raise NotShown(title, why)
