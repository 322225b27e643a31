"""What ties a reader to people, as statements that run on every database: for lists, and for one person at the door."""

# ruff: noqa: S608, S611  (these statements are put together from their own text; every value is a parameter)

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from ambit.access.rules import ANSWERS_FOR_AN_AREA, OPENS_RECORDS, Decision, Relation
from ambit.audit.rules import Reader
from ambit.people.models import Person


def stored(value: Any) -> Any:
    """A value as this database keeps it, for the statements written out in this file."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value


def loaded_id(value: Any) -> UUID | None:
    return UUID(str(value)) if value else None


_NOW = "{0}from_at <= %s AND ({0}until_at IS NULL OR {0}until_at > %s)"


def _held_by(reader: Reader, *, alias: str = "") -> tuple[str, list[Any]]:
    """The grants this reader holds through organisation, team or account."""
    held, values = [f"{alias}account_id = %s"], [stored(reader.account_id)]
    if reader.organisation_id:
        held.append(f"{alias}organisation_id = %s")
        values.append(stored(reader.organisation_id))
    if reader.team_ids:
        held.append(f"{alias}team_id IN ({', '.join(['%s'] * len(reader.team_ids))})")
        values.extend(stored(team) for team in reader.team_ids)
    return f"({' OR '.join(held)})", values


def _shared(reader: Reader, person: str) -> tuple[str, list[Any]]:
    """`rules.may_open`'s judgement about sharing, as SQL for lists; a test holds the two together."""
    current = (
        f"SELECT 1 FROM access_sharingdecision d WHERE d.person_id = {person} AND d.ended_at IS NULL AND d.scope = "
    )
    here = f"{current}'organisation' AND d.organisation_id = %s AND d.outcome"
    whole = f"{current}'whole_record' AND d.outcome"
    otherwise = f"NOT EXISTS ({whole} <> 'agreed')"
    if settings.CONFIG.sharing_policy == "explicit_opt_in":
        otherwise = f"EXISTS ({whole} = 'agreed')"
    organisation = stored(reader.organisation_id)
    return (
        f"NOT EXISTS ({here} <> 'agreed') AND (EXISTS ({here} = 'agreed') OR {otherwise})",
        [organisation, organisation],
    )


def people_of(reader: Reader, among: QuerySet[Any] | None = None) -> QuerySet[Person]:
    """Everybody this reader has a standing relationship with: the base of every list. No emergency openings.

    `among` is a query of ids: each tie is then looked for among those few only, as when somebody is searched for.
    """
    if not reader.abilities & OPENS_RECORDS:
        return Person.objects.none()
    now = stored(timezone.now())
    held, holders = _held_by(reader, alias="g.")
    shared, deciders = _shared(reader, "g.person_id")
    # each tie: which column names the person, the statement, its values
    arms: list[tuple[str, str, list[Any]]] = [
        (
            "g.person_id",
            f"SELECT g.person_id FROM access_grant g WHERE {_NOW.format('g.')}"
            f" AND g.kind NOT IN ('proxy', 'carer') AND {held} AND {shared}",
            [now, now, *holders, *deciders],
        ),
        (
            "p.id",
            "SELECT g.person_id FROM access_grant g JOIN people_person p ON p.id = g.person_id"
            f" WHERE {_NOW.format('g.')} AND g.kind IN ('proxy', 'carer') AND g.account_id = %s AND p.died_on IS NULL",
            [now, now, stored(reader.account_id)],
        ),
    ]
    if reader.organisation_id:
        own = "SELECT p.id FROM people_person p WHERE p.practice_id = %s"
        arms.append(("p.id", own, [stored(reader.organisation_id)]))
    if reader.person_id:
        arms.append(
            (
                "p.id",
                "SELECT p.id FROM people_person p WHERE p.id = %s AND p.died_on IS NULL",
                [stored(reader.person_id)],
            )
        )
    if reader.role in ANSWERS_FOR_AN_AREA:
        shared, deciders = _shared(reader, "p.id")
        on_duty = (
            "SELECT p.id FROM people_person p WHERE p.practice_id IN ("
            "WITH RECURSIVE below(id) AS ("
            f"SELECT d.area_id FROM access_duty d WHERE {_NOW.format('d.')}"
            " AND (d.membership_id = %s OR d.organisation_id = %s)"
            " UNION SELECT o.id FROM organisations_organisation o JOIN below b ON o.part_of_id = b.id"
            f") SELECT id FROM below) AND {shared}"
        )
        arms.append(
            ("p.id", on_duty, [now, now, stored(reader.membership_id), stored(reader.organisation_id), *deciders])
        )
    if among is not None:
        few, narrowing = among.query.sql_with_params()
        arms = [(who, f"{arm} AND {who} IN ({few})", [*values, *narrowing]) for who, arm, values in arms]
    statement = " UNION ".join(arm for _, arm, _ in arms)
    values = [value for _, _, several in arms for value in several]
    return Person.objects.filter(pk__in=RawSQL(statement, values), merged_into=None)


def of_their_people(reader: Reader, person: str = "person") -> Q:
    """Rows whose `person` is one of this reader's people: as `people_of`, for lists shorter than the practice's own.

    The practice is asked of the row's person first, so that nobody's whole list is put together for fifty rows.
    """
    theirs = Q(Exists(people_of(reader).filter(pk=OuterRef(f"{person}_id"))))
    if not reader.organisation_id or not reader.abilities & OPENS_RECORDS:
        return theirs
    return Q(**{f"{person}__practice_id": reader.organisation_id, f"{person}__merged_into": None}) | theirs


def ties(reader: Reader, person: Person) -> tuple[set[Relation], list[Decision]]:
    """What ties this reader to this person now, and what the person has decided, in one statement."""
    if not reader.abilities & OPENS_RECORDS:
        return set(), []
    if reader.organisation_id and person.practice_id == reader.organisation_id:
        return {Relation.OWN_PRACTICE}, []
    now, who = stored(timezone.now()), stored(person.id)
    held, holders = _held_by(reader)
    arms = [
        "SELECT 'decision', scope, outcome, organisation_id, item, not_even_in_emergency FROM access_sharingdecision"
        " WHERE person_id = %s AND ended_at IS NULL",
        f"SELECT 'tie', kind, '', NULL, '', FALSE FROM access_grant WHERE person_id = %s AND {_NOW.format('')}"
        f" AND {held}",
        "SELECT 'tie', 'emergency', '', NULL, '', FALSE FROM access_breakglass"
        " WHERE person_id = %s AND account_id = %s AND until_at > %s",
    ]
    values = [who, who, now, now, *holders, who, stored(reader.account_id), now]
    if reader.may("see_urgent"):
        arms.append(
            "SELECT 'tie', 'shown', '', NULL, '', FALSE FROM access_codeuse"
            " WHERE person_id = %s AND account_id = %s AND until_at > %s"
        )
        values += [who, stored(reader.account_id), now]
    if reader.role in ANSWERS_FOR_AN_AREA:
        arms.append(
            f"SELECT 'tie', 'on_duty', '', NULL, '', FALSE FROM access_duty WHERE {_NOW.format('')}"
            " AND (membership_id = %s OR organisation_id = %s) AND area_id IN ("
            "WITH RECURSIVE above(id, part_of_id) AS ("
            "SELECT id, part_of_id FROM organisations_organisation WHERE id = %s"
            " UNION SELECT o.id, o.part_of_id FROM organisations_organisation o JOIN above a ON o.id = a.part_of_id"
            ") SELECT id FROM above)"
        )
        values += [now, now, stored(reader.membership_id), stored(reader.organisation_id), stored(person.practice_id)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(arms), values)
        rows = cursor.fetchall()
    relations = {Relation(kind) for what, kind, *_ in rows if what == "tie"}
    if reader.person_id == person.id:
        relations.add(Relation.SELF)
    decisions = [
        Decision(
            outcome=outcome,
            scope=scope,
            organisation_id=loaded_id(organisation_id),
            item=item,
            not_even_in_emergency=bool(never),
        )
        for what, scope, outcome, organisation_id, item, never in rows
        if what == "decision"
    ]
    return relations, decisions
