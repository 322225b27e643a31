"""What ties a reader to people, as statements that run on every database: for lists, and for one person at the door."""

# ruff: noqa: S608, S611  (these statements are put together from their own text; every value is a parameter)

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from ambit.access.rules import ANSWERS_FOR_AN_AREA, NOT_STAFF, OPENS_RECORDS, Decision, Relation, eighteen_years_before
from ambit.audit.rules import Reader
from ambit.people.models import Person
from ambit.statements import Condition, loaded_id, stored

_NOW = "{0}from_at <= %s AND ({0}until_at IS NULL OR {0}until_at > %s)"


# a parent's leave stands while their parental responsibility does: not ended, restricted or disputed, the child under 18
_PARENTAL = (
    "({0}parental_id IS NULL OR EXISTS (SELECT 1 FROM people_parentalresponsibility r"
    " JOIN people_person c ON c.id = r.person_id"
    " WHERE r.id = {0}parental_id AND r.restriction = '' AND NOT r.is_disputed"
    " AND (r.until_on IS NULL OR r.until_on >= %s) AND (c.born_on IS NULL OR c.born_on > %s)))"
)


def _parental_days() -> list[Any]:
    """Today, and the birthday of whoever turns 18 today."""
    today = timezone.localdate()
    return [stored(today), stored(eighteen_years_before(today))]


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
    current = f"SELECT 1 FROM access_sharingdecision d WHERE d.person_id = {person} AND d.ended_at IS NULL AND"
    here = "{0}.scope = 'organisation' AND {0}.organisation_id = %s"
    whole = "d.scope = 'whole_record'"
    organisation = stored(reader.organisation_id)
    if settings.CONFIG.sharing_policy == "explicit_opt_in":
        refused = f"NOT EXISTS ({current} d.outcome <> 'agreed' AND {here.format('d')})"
        agreed = f"EXISTS ({current} d.outcome = 'agreed' AND ({here.format('d')} OR {whole}))"
        return f"{refused} AND {agreed}", [organisation, organisation]
    # what was agreed for this organisation goes before what was refused to everybody
    agreed = (
        "EXISTS (SELECT 1 FROM access_sharingdecision a WHERE a.person_id = d.person_id AND a.ended_at IS NULL"
        f" AND {here.format('a')} AND a.outcome = 'agreed')"
    )
    refused = f"{current} d.outcome <> 'agreed' AND ({here.format('d')} OR {whole} AND NOT {agreed})"
    return f"NOT EXISTS ({refused})", [organisation, organisation]


_OF_GRANTS = "SELECT g.person_id FROM access_grant g"
_OF_PEOPLE = "SELECT p.id FROM people_person p"


@dataclass(frozen=True, slots=True)
class _Tie:
    """One way in which people are a reader's: where their ids stand, and on which condition, with its values."""

    ids: str
    condition: str
    values: list[Any]

    @property
    def is_grant(self) -> bool:
        return self.ids.startswith(_OF_GRANTS)


def _standing(reader: Reader) -> list[_Tie]:
    """Every standing tie of this reader; no emergency openings. None for a role that opens no records."""
    if not reader.abilities & OPENS_RECORDS:
        return []
    now, organisation = stored(timezone.now()), stored(reader.organisation_id)
    found = []
    # what stands in the person's own row comes first: it is cheaper to ask
    if reader.organisation_id:
        found.append(_Tie(_OF_PEOPLE, "p.practice_id = %s", [organisation]))
    if reader.person_id:
        found.append(_Tie(_OF_PEOPLE, "p.id = %s AND p.died_on IS NULL", [stored(reader.person_id)]))
    if reader.role in ANSWERS_FOR_AN_AREA:
        shared, deciders = _shared(reader, "p.id")
        on_duty = (
            "p.practice_id IN ("
            "WITH RECURSIVE below(id) AS ("
            f"SELECT d.area_id FROM access_duty d WHERE {_NOW.format('d.')}"
            " AND (d.membership_id = %s OR d.organisation_id = %s)"
            " UNION SELECT o.id FROM organisations_organisation o JOIN below b ON o.part_of_id = b.id"
            f") SELECT id FROM below) AND {shared}"
        )
        values = [now, now, stored(reader.membership_id), organisation, *deciders]
        found.append(_Tie(_OF_PEOPLE, on_duty, values))
    if reader.role in NOT_STAFF:  # by what the person or the law gave this account, and by nothing else
        living = f"{_NOW.format('g.')} AND g.kind IN ('proxy', 'carer') AND g.account_id = %s AND p.died_on IS NULL"
        living += f" AND {_PARENTAL.format('g.')}"
        joined = f"{_OF_GRANTS} JOIN people_person p ON p.id = g.person_id"
        found.append(_Tie(joined, living, [now, now, stored(reader.account_id), *_parental_days()]))
        return found
    held, holders = _held_by(reader, alias="g.")
    shared, deciders = _shared(reader, "g.person_id")
    granted = f"{_NOW.format('g.')} AND g.kind NOT IN ('proxy', 'carer') AND {held} AND {shared}"
    found.append(_Tie(_OF_GRANTS, granted, [now, now, *holders, *deciders]))
    return found


def _listed(found: list[_Tie]) -> tuple[str, list[Any]]:
    """Everybody whom these ties name, as a statement that gives their ids."""
    statement = " UNION ".join(f"{tie.ids} WHERE {tie.condition}" for tie in found)
    return statement, [value for tie in found for value in tie.values]


def people_of(reader: Reader) -> QuerySet[Person]:
    """Everybody this reader has a standing relationship with: the base of every list. No emergency openings."""
    found = _standing(reader)
    if not found:
        return Person.objects.none()
    return Person.objects.filter(pk__in=RawSQL(*_listed(found)), merged_into=None)


def theirs(reader: Reader, *, among_few: bool = True) -> Condition:
    """`people_of` as a condition on `people_person p`, for statements that are written out.

    Asked of each person where the statement itself names a few; otherwise everybody of the reader's is listed first.
    """
    found = _standing(reader)
    if not found:
        return Condition("1 = 0", [])
    if not among_few:
        listed, values = _listed(found)
        return Condition(f"p.merged_into_id IS NULL AND p.id IN ({listed})", values)
    either = " OR ".join(
        f"EXISTS ({_OF_GRANTS} WHERE g.person_id = p.id AND {tie.condition})" if tie.is_grant else f"({tie.condition})"
        for tie in found
    )
    return Condition(f"p.merged_into_id IS NULL AND ({either})", [value for tie in found for value in tie.values])


def theirs_by_tie(reader: Reader) -> list[Condition]:
    """`theirs`, one condition for each tie, so that a long table can be narrowed by each; for parts of a UNION."""
    return [
        Condition(
            "p.merged_into_id IS NULL AND "
            + (f"p.id IN ({tie.ids} WHERE {tie.condition})" if tie.is_grant else tie.condition),
            tie.values,
        )
        for tie in _standing(reader)
    ] or [Condition("1 = 0", [])]


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
    granted, days = "kind NOT IN ('proxy', 'carer')", []
    if reader.role in NOT_STAFF:
        granted, days = f"kind IN ('proxy', 'carer') AND {_PARENTAL.format('access_grant.')}", _parental_days()
    arms = [
        "SELECT 'decision', scope, outcome, organisation_id, item, not_even_in_emergency FROM access_sharingdecision"
        " WHERE person_id = %s AND ended_at IS NULL AND scope <> 'item'",
        f"SELECT 'tie', kind, '', NULL, '', FALSE FROM access_grant WHERE person_id = %s AND {_NOW.format('')}"
        f" AND {held} AND {granted}",
        "SELECT 'tie', 'emergency', '', NULL, '', FALSE FROM access_breakglass"
        " WHERE person_id = %s AND account_id = %s AND until_at > %s",
    ]
    values = [who, who, now, now, *holders, *days, who, stored(reader.account_id), now]
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
