"""Statements for pages that are opened all day: how values go in and come back, and how a query is put together once.

For the ORM to put a statement together costs a page more than for the database to answer it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, connections
from django.db.models import QuerySet

type Ids = UUID | Sequence[UUID]

KEPT_UP_TO = 500
"""Ids in a statement that is kept; for more, putting it together is the least of the work."""


class Condition(NamedTuple):
    """A condition as SQL, with its values."""

    sql: str
    values: list[Any]


def begins(column: str, word: str) -> Condition:
    """Text that begins with a word, written so that each database can use its index."""
    # the operators of `text_pattern_ops`: an index serves them in every locale, also in a prepared statement
    # and the words are hidden from its planner: that finds the index for any word, but would plan anew for each
    at_least, less, word_ = ("~>=~", "~<~", "(SELECT %s)") if connection.vendor == "postgresql" else (">=", "<", "%s")
    return Condition(f"({column} {at_least} {word_} AND {column} {less} {word_})", [word, word + "\U0010ffff"])


def among(column: str, ids: Sequence[UUID]) -> Condition:
    """One of several ids. On PostgreSQL they go in as one array, so that the statement is the same however many there are."""
    if connection.vendor == "postgresql":
        return Condition(f"{column} {_ANY_OF}", [_array(ids)])
    return Condition(f"{column} IN ({', '.join(['%s'] * len(ids))})", [stored(one) for one in ids])


# one word for all of them: a list would be written id by id at each place that it goes to
_ANY_OF = "= ANY(CAST(%s AS uuid[]))"


def _array(ids: Sequence[UUID]) -> str:
    return f"{{{','.join([one.hex for one in ids])}}}"


def stored(value: Any) -> Any:
    """A value as this database keeps it, for statements that are written out."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, dict):
        return connection.ops.adapt_json_value(value, None)
    return value


def loaded_id(value: Any) -> UUID | None:
    return value if value is None or isinstance(value, UUID) else UUID(value)


def loaded_day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class _Made:
    """A statement, its values with the places that ids go to, and how its rows are read."""

    sql: str
    values: tuple[Any, ...]
    places: tuple[tuple[int, int], ...]
    converters: dict[int, tuple[list[Callable[..., Any]], Any]]
    read: Callable[[Any], Any]


class Prepared[Row]:
    """A query whose statement the ORM puts together once; after that only ids are filled in.

    `ask` makes the query from ids and lists of ids, of instances or of `values_list`. Nothing else may differ from one
    time to the next: no clock, no setting, no reader. On PostgreSQL a list goes in as `among` says.
    """

    def __init__(self, ask: Callable[..., QuerySet[Any, Row]]) -> None:
        self._ask = ask
        self._made: dict[tuple[Any, ...], _Made] = {}

    def __call__(self, *ids: Ids) -> list[Row]:
        lengths = tuple(0 if isinstance(one, UUID) else len(one) or -1 for one in ids)
        if -1 in lengths:
            return []  # an empty list of ids names nobody
        as_arrays = connection.vendor == "postgresql"
        if as_arrays:
            lengths = tuple(min(length, 1) for length in lengths)
        shape = (connection.vendor, *lengths)
        made = self._made.get(shape)
        if made is None:
            made = self._make(lengths, as_arrays=as_arrays)
            if sum(lengths) <= KEPT_UP_TO:
                self._made[shape] = made
        given: list[Any]
        if as_arrays:
            given = [one if isinstance(one, UUID) else _array(one) for one in ids]
        else:
            given = [one for each in ids for one in ((each,) if isinstance(each, UUID) else each)]
        if not connection.features.has_native_uuid_field:
            given = [one.hex for one in given]
        values = list(made.values)
        for place, number in made.places:
            values[place] = given[number]
        with connection.cursor() as cursor:
            cursor.execute(made.sql, values)
            rows = [list(row) for row in cursor.fetchall()]
        here = connections[connection.alias]
        for place, (several, expression) in made.converters.items():
            for convert in several:
                for row in rows:
                    row[place] = convert(row[place], expression, here)
        return [made.read(row) for row in rows]

    def _make(self, lengths: tuple[int, ...], *, as_arrays: bool) -> _Made:
        numbers = count()
        stand_ins = [
            [UUID(int=next(numbers)) for _ in range(length)] if length else UUID(int=next(numbers))
            for length in lengths
        ]
        query = self._ask(*stand_ins)
        compiler = query.query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        number_of = {stored(UUID(int=number)): number for number in range(next(numbers))}
        places = tuple(
            (place, number_of[value])
            for place, value in enumerate(values)
            if isinstance(value, str | UUID) and value in number_of
        )
        if as_arrays:
            sql = _with_arrays(sql, {place for place, number in places if lengths[number]})
        return _Made(
            sql=sql,
            values=tuple(values),
            places=places,
            converters=compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]]),
            read=_instances(compiler) if query._fields is None else tuple,  # type: ignore[attr-defined]
        )


_PLACE = re.compile(r"%%|IN \(%s\)|%s")


def _with_arrays(sql: str, places: set[int]) -> str:
    """A statement in which lists of one id, at these places, have become arrays of any length."""
    numbers, left = count(), set(places)

    def written(found: re.Match[str]) -> str:
        if found[0] == "%%" or (place := next(numbers)) not in left or found[0] == "%s":
            return found[0]
        left.discard(place)
        return _ANY_OF

    made = _PLACE.sub(written, sql)
    if left:
        raise ValueError(f"A list of ids is asked for by something else than IN: {sql}")
    return made


def _instances(compiler: Any) -> Callable[[Sequence[Any]], Any]:
    """How a row becomes an instance, as the ORM does it, with what was annotated."""
    model, fields = compiler.klass_info["model"], compiler.klass_info["select_fields"]
    first, after = fields[0], fields[-1] + 1
    names = [column[0].target.attname for column in compiler.select[first:after]]
    annotated = tuple((compiler.annotation_col_map or {}).items())

    def read(row: Sequence[Any]) -> Any:
        made = model.from_db(connection.alias, names, row[first:after])
        for name, place in annotated:
            setattr(made, name, row[place])
        return made

    return read
