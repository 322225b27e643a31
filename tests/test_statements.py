"""Statements that are put together once answer as the ORM does, on both databases."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import F

from ambit.audit.actions import record
from ambit.audit.models import AuditLine
from ambit.organisations.models import Organisation
from ambit.people.models import Person, PersonVersion
from ambit.statements import Prepared, Together, _with_names, among, loaded_day, loaded_id, stored, unseen

pytestmark = pytest.mark.django_db

one = Prepared(lambda person_id: Person.objects.filter(pk=person_id).annotate(list_of=F("practice__name")))
several = Prepared(
    lambda ids: Person.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "born_on", "created_at")
)
last = Prepared(lambda person_id: PersonVersion.objects.filter(person=person_id).order_by("-number")[:1])


def test_instances_are_those_of_the_orm(person):
    joan, arthur = person("Ashworth"), person("Longworth")
    for asked in (joan, arthur):
        (found,) = one(asked.pk)
        assert found == asked
        assert all(
            getattr(found, field.attname) == getattr(Person.objects.get(pk=asked.pk), field.attname)
            for field in Person._meta.concrete_fields
        )
        assert found.list_of == Organisation.objects.get(pk=asked.practice_id).name
        assert last(asked.pk)[0].data == PersonVersion.objects.filter(person=asked).latest("number").data
    assert one(uuid4()) == []


def test_rows_are_those_of_the_orm_however_many_ids_are_asked_for(person):
    ids = [person(name).pk for name in ("Ashworth", "Longworth")]
    for asked in (ids, ids[:1], [*ids, uuid4()], ids[1:]):
        wanted = Person.objects.filter(pk__in=asked).order_by("pk").values_list("pk", "born_on", "created_at")
        assert several(asked) == list(wanted)
    assert several([]) == []


def test_a_statement_is_put_together_once_and_kept(person):
    asked = []

    def ask(ids):
        asked.append(len(ids))
        return Person.objects.filter(pk__in=ids).values_list("pk")

    query = Prepared(ask)
    for ids in ([uuid4()], [uuid4()], [uuid4(), uuid4()], [uuid4()]):
        query(ids)
    assert asked == ([1] if connection.vendor == "postgresql" else [1, 2])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite takes ids by their places")
def test_ids_stand_by_their_names_and_other_values_are_written_out():
    sql = "SELECT '100%%' FROM t WHERE a IN (%s) AND b IN (%s) AND c = %s AND d IN (%s)"
    values, of = [None, "it's 5%", None, None], {0: 0, 2: 1, 3: 0}
    named = _with_names(sql, values, of, [1, 0])
    array = "= ANY((SELECT CAST(%(ids0)s AS uuid[]))::uuid[])"
    assert (
        named == f"SELECT '100%%' FROM t WHERE a {array} AND b IN ('it''s 5%%') AND c = (SELECT %(ids1)s) AND d {array}"
    )
    with pytest.raises(ValueError, match="something else than IN"):
        _with_names(sql, values, {2: 0}, [1])


def test_one_of_several_ids_is_found_on_both_databases(person):
    joan, arthur = person("Ashworth"), person("Longworth")
    condition, values = among("id", [joan.pk, uuid4()])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM people_person WHERE {condition}", values)
        assert {loaded_id(row[0]) for row in cursor.fetchall()} == {joan.pk}
    condition, values = among("id", [joan.pk, arthur.pk])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM people_person WHERE {condition}", values)
        assert len(cursor.fetchall()) == 2


@pytest.mark.parametrize("value", [UUID(int=7), date(2026, 2, 28), None, 3, "words"])
def test_values_come_back_as_they_went_in(value):
    with connection.cursor() as cursor:
        kind = {UUID: "uuid", date: "date", int: "integer"}.get(type(value), "text")
        cursor.execute(
            f"SELECT CAST(%s AS {kind})" if connection.vendor == "postgresql" else "SELECT %s", [stored(value)]
        )
        (found,) = cursor.fetchone()
    assert {UUID: loaded_id, date: loaded_day}.get(type(value), lambda same: same)(found) == value


def test_a_line_of_the_audit_trail_is_what_the_orm_reads(reader, monkeypatch):
    at, about = datetime(2026, 11, 25, 3, 4, 5, 678901, tzinfo=UTC), uuid4()
    monkeypatch.setattr("ambit.audit.actions.timezone.now", lambda: at)
    by = reader("Amina Rahman")
    record(by=by, what="opened a record", about=about, details={"why": "“quoted” % 'words'", "count": 3})
    line = AuditLine.objects.get(about=about)
    assert (line.at, line.name, line.account_id, line.spool_id) == (at, by.name, by.account_id, None)
    assert line.details == {"why": "“quoted” % 'words'", "count": 3}


def test_queries_asked_together_answer_as_each_does_alone(person):
    """Columns of one place are of different types: a day, an id, words, JSON, nothing."""
    joan, arthur = person("Ashworth"), person("Longworth")
    days = Prepared(lambda ids: Person.objects.filter(pk__in=ids).order_by("pk").values_list("died_on", "version"))
    asked = [(one, joan.pk), (days, [joan.pk, arthur.pk]), (last, arthur.pk), (several, [joan.pk]), (one, uuid4())]
    together = Together(*(query for query, _ in asked))
    for _ in range(2):
        found = together(*(ids for _, ids in asked))
        alone = [query(ids) for query, ids in asked]
        assert [sorted(map(str, rows)) for rows in found] == [sorted(map(str, rows)) for rows in alone]
        assert found[1] == alone[1] == [(None, 1)] * 2
        assert vars(found[0][0]).keys() == vars(alone[0][0]).keys()
        for name in ("born_on", "created_at", "practice_id", "version", "list_of"):
            assert getattr(found[0][0], name) == getattr(alone[0][0], name)
        assert found[2][0].data == alone[2][0].data
        assert found[3] == alone[3]


def test_queries_asked_together_are_one_statement(person, django_assert_num_queries):
    together, joan = Together(one, several), person("Ashworth").pk
    with django_assert_num_queries(1):
        together(joan, [uuid4()])


def test_hidden_values_change_no_answer(person):
    joan = person("Ashworth")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM people_person WHERE {unseen('id = %s')}", [stored(joan.pk)])
        assert [loaded_id(row[0]) for row in cursor.fetchall()] == [joan.pk]
