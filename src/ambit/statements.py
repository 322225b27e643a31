"""Statements for pages that are opened all day: how values go in and come back, and how a query is put together once.

For the ORM to put a statement together costs a page more than for the database to answer it.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from itertools import count
from typing import Any, NamedTuple
from uuid import UUID, SafeUUID

import msgspec
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
    return Condition(f"{column} IN ({', '.join(['%s'] * len(ids))})", stored_ids(ids))


# one word for all of them: a list would be written id by id at each place that it goes to; hidden as `unseen` hides values
_ANY_OF = "= ANY((SELECT CAST(%s AS uuid[]))::uuid[])"


def _array(ids: Sequence[UUID]) -> str:
    return f"{{{','.join([one.hex for one in ids])}}}"


def unseen(sql: str) -> str:
    """The same condition with its values hidden from PostgreSQL's planner, so that one plan serves whoever asks.

    It would find a better one for some and therefore plan for each, which costs more than to run a long statement about
    few rows. Not for values that decide which index is right.
    """
    return sql.replace("%s", "(SELECT %s)") if connection.vendor == "postgresql" else sql


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


def stored_ids(ids: Sequence[UUID]) -> list[Any]:
    """`stored` of many ids."""
    return list(ids) if connection.features.has_native_uuid_field else [one.hex for one in ids]


def loaded_id(value: Any) -> UUID | None:
    return value if value is None or isinstance(value, UUID) else _id(value)


def _id(words: str) -> UUID:
    """What `UUID` makes of words that are one, as a database's are, without asking what else they may be."""
    made = object.__new__(UUID)
    object.__setattr__(made, "int", int(words.replace("-", ""), 16))
    object.__setattr__(made, "is_safe", SafeUUID.unknown)
    return made


def _read_id(value: Any) -> UUID | None:
    return None if value is None else _id(value)


def loaded_day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


type Read = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Made:
    """A statement, its values with the places that ids go to, and how its rows are read.

    On PostgreSQL its only values are ids, each named once wherever it stands.
    """

    sql: str
    values: tuple[Any, ...]
    places: tuple[tuple[int, int], ...]
    kinds: tuple[str, ...]
    converters: dict[int, tuple[Read, ...]]
    read: Read

    def filled(self, given: Sequence[Any]) -> list[Any]:
        """The statement's values with these ids in their places."""
        values = list(self.values)
        for place, number in self.places:
            values[place] = given[number]
        return values

    def rows(self, found: Sequence[Sequence[Any]], *, after: int = 0, as_text: bool = False) -> list[Any]:
        """What the database answered, but for the columns before `after`, as the query's own rows."""
        columns = list(zip(*found, strict=True))[after : after + len(self.kinds)]
        for place, kind in enumerate(self.kinds if as_text and found else ()):
            if (read := _READ[kind]) is not str:
                columns[place] = tuple([None if value is None else read(value) for value in columns[place]])
        for place, several in self.converters.items() if found else ():
            for convert in several:
                columns[place] = tuple([convert(value) for value in columns[place]])
        rows = list(zip(*columns, strict=True))
        return rows if self.read is tuple else [self.read(row) for row in rows]


class Prepared[Row]:
    """A query whose statement the ORM puts together once; after that only ids are filled in.

    `ask` makes the query from ids and lists of ids, of instances or of `values_list`. Nothing else may differ from one
    time to the next: no clock, no setting, no reader. On PostgreSQL a list goes in as `among` says.
    """

    def __init__(self, ask: Callable[..., QuerySet[Any, Row]]) -> None:
        self._ask = ask
        self._made: dict[tuple[Any, ...], _Made] = {}

    def __call__(self, *ids: Ids) -> list[Row]:
        if any(not isinstance(one, UUID) and not len(one) for one in ids):
            return []  # an empty list of ids names nobody
        made = self.made(*ids)
        with connection.cursor() as cursor:
            cursor.execute(made.sql, _named(ids, range(len(ids))) if _names_ids() else made.filled(_each(ids)))
            found = cursor.fetchall()
        return made.rows(found)

    def made(self, *ids: Ids) -> _Made:
        """The statement for so many ids; no list may be empty."""
        lengths = tuple(0 if isinstance(one, UUID) else 1 if _names_ids() else len(one) for one in ids)
        shape = (connection.vendor, *lengths)
        made = self._made.get(shape)
        if made is None:
            made = self._make(lengths)
            if sum(lengths) <= KEPT_UP_TO:
                self._made[shape] = made
        return made

    def _make(self, lengths: tuple[int, ...]) -> _Made:
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
        if _names_ids():
            sql, values, places = _with_names(sql, values, dict(places), lengths), (), ()
        columns = [column[0] for column in compiler.select[: compiler.col_count]]
        return _Made(
            sql=sql,
            values=tuple(values),
            places=places,
            kinds=tuple(map(_kind_of, columns)),
            converters=_converters(compiler, columns),
            read=_instances(compiler) if query._fields is None else tuple,  # type: ignore[attr-defined]
        )


class Together:
    """Several prepared queries, of different slices, asked in one statement: a page waits once for all of them.

    Each is given one id, or one list of ids that is not empty, and answers with its own rows, in no order.
    """

    def __init__(self, *queries: Prepared[Any]) -> None:
        self._queries = queries
        self._written: dict[tuple[Any, ...], str] = {}

    def __call__(self, *ids: Ids) -> list[list[Any]]:
        several = [query.made(one) for query, one in zip(self._queries, ids, strict=True)]
        numbers = [next(number for number, same in enumerate(ids) if same is one) for one in ids]
        shape = (*numbers, *[made.sql for made in several])
        if shape not in self._written:
            self._written[shape] = _together(several, numbers)
        values = (
            _named(ids, {*numbers})
            if _names_ids()
            else [value for made, one in zip(several, ids, strict=True) for value in made.filled(_each((one,)))]
        )
        with connection.cursor() as cursor:
            cursor.execute(self._written[shape], values)
            rows = cursor.fetchall()
        answers: list[list[Any]] = [[] for _ in several]
        for row in rows:
            answers[row[0]].append(row)
        as_text = connection.vendor == "postgresql"
        return [made.rows(found, after=1, as_text=as_text) for made, found in zip(several, answers, strict=True)]


def _together(several: Sequence[_Made], numbers: Sequence[int]) -> str:
    """One statement of several: each row begins with the number of the query that it answers, and ends with blanks.

    `numbers` say by which name each query's ids go, on PostgreSQL. A column holds what different queries say. PostgreSQL asks
    for one type, so there all are text; SQLite names the type of the first, by which its driver would read them all, unless it
    is a sum.
    """
    as_column = "CAST({} AS text)" if connection.vendor == "postgresql" else "+{}"
    width = max(len(made.kinds) for made in several)
    named, arms = [], []
    for number, (made, ids) in enumerate(zip(several, numbers, strict=True)):
        columns = [f"c{place}" for place in range(len(made.kinds))]
        named.append(f"q{number}({', '.join(columns)}) AS ({made.sql.replace(_NAME.format(0), _NAME.format(ids))})")
        blanks = ["NULL"] * (width - len(columns))
        told = ", ".join(as_column.format(one) for one in columns + blanks)
        arms.append(f"SELECT {number}, {told} FROM q{number}")  # noqa: S608  (numbers and names of this function)
    return f"WITH {', '.join(named)} {' UNION ALL '.join(arms)}"


# how ids go in ------------------------------------------------------------------------------------

_NAME = "%(ids{})s"


def _names_ids() -> bool:
    """PostgreSQL reads ids once, wherever they stand; SQLite's driver is slower with names than with places."""
    return connection.vendor == "postgresql"


def _named(ids: Sequence[Ids], numbers: Iterable[int]) -> dict[str, Any]:
    return {f"ids{number}": one if isinstance(one := ids[number], UUID) else _array(one) for number in numbers}


def _each(ids: Sequence[Ids]) -> list[Any]:
    every = [one for each in ids for one in ((each,) if isinstance(each, UUID) else each)]
    return stored_ids(every)


_PLACE = re.compile(r"%%|IN \(%s\)|%s")


def _with_names(sql: str, values: Sequence[Any], number_of: dict[int, int], lengths: Sequence[int]) -> str:
    """A statement in which ids stand by their names, lists of one id have become arrays of any length, and other values are
    written out: they are the same each time. `number_of` says of each place with ids which they are.

    Ids are hidden from the planner as by `unseen`.
    """
    places = count()

    def written(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%%"
        place = next(places)
        number = number_of.get(place)
        if number is None:
            literal = connection.ops.compose_sql("%s", [values[place]])  # type: ignore[attr-defined]  # PostgreSQL's
            return found[0].replace("%s", literal.replace("%", "%%"))
        name = _NAME.format(number)
        if not lengths[number]:
            return found[0].replace("%s", f"(SELECT {name})")
        if found[0] == "%s":
            raise ValueError(f"A list of ids is asked for by something else than IN: {sql}")
        return _ANY_OF.replace("%s", name)

    return _PLACE.sub(written, sql)


# how answers come back ----------------------------------------------------------------------------

_WHOLE = ("Integer", "BigInteger", "SmallInteger", "PositiveInteger", "PositiveSmallInteger", "Auto", "BigAuto")
_WORDS = ("JSON", "Char", "Text", "Slug")  # JSON is for the ORM's own converter
_READ: dict[str, Callable[[str], Any]] = {
    "UUIDField": _id,
    "DateField": date.fromisoformat,
    "DateTimeField": datetime.fromisoformat,
    "BooleanField": "true".__eq__,
    **{f"{kind}Field": int for kind in _WHOLE},
    **{f"{kind}Field": str for kind in _WORDS},
}


def _kind_of(expression: Any) -> str:
    """Which kind of field a column is; of a reference, that of the id it holds."""
    field = expression.output_field
    while getattr(field, "target_field", None) is not None:
        field = field.target_field
    return str(field.get_internal_type())


def _converters(compiler: Any, columns: Sequence[Any]) -> dict[int, tuple[Read, ...]]:
    """How the ORM reads columns; what a list of people has hundreds of times, at a fraction of the cost."""
    found: dict[int, tuple[list[Callable[..., Any]], Any]] = compiler.get_converters(columns)
    quick = {"JSONField": _read_json, "UUIDField": _read_id, "DateTimeField": _read_moment}
    return {
        place: (quick[kind],)
        if (kind := _kind_of(expression)) in quick
        else tuple(partial(_converted, convert, expression) for convert in several)
        for place, (several, expression) in found.items()
    }


def _converted(convert: Callable[..., Any], expression: Any, value: Any) -> Any:
    return convert(value, expression, connections[connection.alias])


def _read_json(value: str | None) -> Any:
    return None if value is None else msgspec.json.decode(value)


def _read_moment(value: datetime | str | None) -> datetime | None:
    """SQLite keeps moments in universal time and does not say so."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


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
