"""The lines of Bulk NDJSON of which every part is known: whom, what, when, how and how much are remembered by their bytes.

Nearly every line says of a person told of before, in a code told of before, something that happened on a day of other lines too. Such a
line is put together from what is remembered; whatever is in any way out of the ordinary is handed on to who reads any resource
(`resources.py`). No rule is told here: what is remembered was worked out by `fhir.py`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from operator import attrgetter
from typing import Any, Union

import msgspec
from msgspec import Raw, Struct
from msgspec.json import Decoder

from ambit.population.intake.fhir import (
    NOTHING,
    Document,
    SetAside,
    Value,
    codings_of,
    days_said,
    key_of,
    measured,
    of_kind,
    other_value,
    possible_day,
    sort_of,
    status_of,
    stay_of,
)
from ambit.population.intake.resources import NOT_FITTING
from ambit.population.intake.rows import Batch
from ambit.population.intake.shapes import (
    KEPT,
    OTHER_SHAPES,
    TYPE,
    Coded,
    Component,
    Concept,
    Encounter,
    Observation,
    Quantity,
    Reference,
)
from ambit.population.rules import LONGEST_ID, NotADay

SEVERAL = 50_000  # different ones remembered of each part
LINES_BETWEEN = 250  # until it is asked again whether the batch is full

# shapes -------------------------------------------------------------------------------------------

NULL = Raw(b"null")
AS_BYTES = {"value_quantity": None, "value_codeable_concept": None} | dict.fromkeys(("subject", "code"), NULL)
SORT = ("class_", "type", "priority", "extension", "hospitalization")  # of an encounter


def _in_bytes(shape: type[Struct], as_bytes: dict[str, Raw | None], component: Any = None, **how: Any) -> Any:
    """The same shape, but for what is remembered by its bytes."""
    fields = []
    for one in msgspec.structs.fields(shape):
        kind = Raw if one.name in as_bytes else list[component] | None if one.name == "component" else one.type
        default = msgspec.field(default=as_bytes.get(one.name), name=one.encode_name)
        fields.append((one.name, kind, default))
    return msgspec.defstruct(shape.__name__, fields, gc=False, **how)


_TAGGED = {"tag": True, "tag_field": TYPE}
_COMPONENT = _in_bytes(Component, AS_BYTES)
_SHAPES = {shape: _in_bytes(shape, AS_BYTES, _COMPONENT, **_TAGGED) for shape in KEPT}
_ENCOUNTER = _in_bytes(Encounter, dict.fromkeys(("subject", *SORT), NULL), **_TAGGED)
_READ = Decoder(Union[_ENCOUNTER, *_SHAPES.values(), *OTHER_SHAPES])
_NOT_KEPT = {shape: ("read", shape.__name__) for shape in OTHER_SHAPES}
_REFERENCE, _CONCEPT, _QUANTITY = Decoder(Reference), Decoder(Concept), Decoder(Quantity)
_SORT = Decoder(Encounter)
_sort_told = attrgetter(*SORT)


# what is remembered -------------------------------------------------------------------------------

Parts = Iterable[tuple[list[tuple[int, str]], Value]]  # of each: number and display of its codes, and what it says
ODD = (SetAside, NotADay, KeyError, *NOT_FITTING)  # for whoever reads any resource to look at


class Remembered(dict[Any, Any]):
    """What each means, worked out once; forgotten, all of it, when it becomes too much."""

    def __init__(self, work_out: Callable[[Any], Any]) -> None:
        super().__init__()
        self.work_out = work_out

    def __missing__(self, given: Any) -> Any:
        if len(self) >= SEVERAL:
            self.clear()
        meant = self[given] = self.work_out(given)
        return meant


STATUSES = ("status", "do_not_perform", "clinical_status", "verification_status")


def _states_of(shape: type[Coded], first: tuple[str, ...], every: tuple[str, ...], today: date) -> Remembered:
    """By days and statuses as told: the day, as it was written, when it ended, the status, and whether a search may use it.

    Of several days the first that is there counts: when it is, the others are not told (and nothing, before all of them, when not).
    """

    def work_out(told: tuple[Any, ...]) -> tuple[date | None, str, date | None, str, bool]:
        names, said = (first, told) if told[0] else (every, told[1:])
        resource = shape(**dict(zip(names, said, strict=True)))
        day, _, at = days_said(resource, shape.when)
        ended = days_said(resource, shape.until)[1] if shape.until else None
        return possible_day(day, today), at, ended, *status_of(resource)

    return Remembered(work_out)


def _stays(today: date) -> Remembered:
    """By period and status as told: first and last day, how the first was written, the status, and whether a search may use it."""

    def work_out(told: tuple[Any, ...]) -> tuple[date | None, date | None, str, str, bool]:
        day, until, at, status, usable = stay_of(Encounter(period=told[-2], status=told[-1]))
        return possible_day(day, today), until, at, status, usable

    return Remembered(work_out)


class Known:
    """What a file has told so far, and how many lines were put together from it."""

    def __init__(self, document: Document, batch: Batch) -> None:
        self.document, self.batch = document, batch
        self.line = self.taken = 0
        self.counted: dict[tuple[str, str], int] = defaultdict(int)
        self.whom = Remembered(lambda told: key_of(_REFERENCE.decode(told), document))
        self.what = Remembered(self._numbers)
        self.measured = Remembered(lambda told: measured(_QUANTITY.decode(told)))
        self.said = Remembered(lambda told: other_value(Observation(value_codeable_concept=_CONCEPT.decode(told))))
        self.sorts = Remembered(self._sort_of)
        # by shape: as what it is counted, its name, what its rows say, how its record numbers begin, its first day and statuses, all its days and
        # statuses, and what those mean
        stay, stays = attrgetter("period", "status"), _stays(document.today)
        self.kinds: dict[type, tuple[Any, ...]] = {
            _ENCOUNTER: (("read", "Encounter"), "Encounter", self._sort, of_kind("Encounter").copy, stay, stay, stays)
        }
        for shape, in_bytes in _SHAPES.items():
            beside = tuple(n for n in (*shape.until, *STATUSES) if n in in_bytes.__struct_fields__)
            assert (
                "period" not in shape.when[0] or len(shape.when) == 1
            )  # one without a beginning and an end says no day
            first, every = (shape.when[0], *beside), (*shape.when, *beside)
            parts_of = self._observation if shape is Observation else self._event
            self.kinds[in_bytes] = (
                ("read", shape.__name__), shape.__name__, parts_of, of_kind(shape.__name__).copy, attrgetter(*first), attrgetter(*every),
                _states_of(shape, first, every, document.today),
            )  # fmt: skip

    def others(self, lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
        """Take the lines of which all is known; give the others, with their number, each in its turn, for somebody else to take."""
        batch, file, people = self.batch, self.document.file, self.document.people
        kinds, counted, whom, read, add = self.kinds, self.counted, self.whom, _READ.decode, batch.more_events.extend
        try:
            for self.line, raw in enumerate(lines, 1):
                try:
                    resource = read(raw)
                    counts_as = _NOT_KEPT.get(type(resource))
                    if counts_as is None:
                        counts_as, kind, parts_of, begun, first, every, states = kinds[type(resource)]
                        identity = resource.id
                        if not identity or len(identity) > LONGEST_ID or people:
                            raise KeyError
                        key, told = whom[bytes(resource.subject)], first(resource)
                        state = states[told if told[0] else (None, *every(resource))]
                        several = parts_of(resource)  # from here on nothing is odd
                        digest, seq, part = begun(), batch.seq + 1, 0
                        digest.update(identity.encode())
                        record = int.from_bytes(digest.digest(), "big", signed=True)
                        if kind == "Encounter":
                            batch.encounters.append((key, identity, record, *several, *state, file, 0, seq))
                        else:
                            day, at, ended, status, usable = state
                            for numbers, value in several:
                                for number, display in numbers:
                                    add(
                                        (
                                            key, kind, identity, part, record, number, display, day, at, ended, *value,
                                            status, usable, file, 0, seq,
                                        )
                                    )  # fmt: skip
                                    part += 1
                    batch.seq += 1
                    self.taken += 1
                    counted[counts_as] += 1
                except ODD:
                    yield self.line, raw
                    self._between_lines()
                if self.line % LINES_BETWEEN == 0:
                    self._between_lines()
        finally:
            self._count()

    def _sort(self, encounter: Any) -> tuple[str, str, int, str]:
        return self.sorts[tuple([bytes(one) for one in _sort_told(encounter)])]

    def _event(self, resource: Any) -> Parts:
        """Of a kind that has no values."""
        return ((self.what[bytes(resource.code)], NOTHING),)

    def _observation(self, resource: Any) -> Parts:
        """With its value, and of each of its parts, such as the two pressures of blood, the code and the value."""
        parts, converted = [], []
        for told in (resource, *resource.component) if resource.component else (resource,):
            quantity, concept = told.value_quantity, told.value_codeable_concept
            if quantity is None:
                value = other_value(told) if concept is None else self.said[bytes(concept)]
            elif concept is None:
                value, changed = self.measured[bytes(quantity)]
                if changed:
                    converted.append(changed)
            else:
                raise KeyError
            parts.append((self.what[bytes(told.code)], value))
        for changed in converted:
            self.counted["converted", changed] += 1
        return parts

    def _between_lines(self) -> None:
        self._count()
        self.batch.between_lines()

    def _count(self) -> None:
        for (what, name), number in self.counted.items():
            self.batch.count(self.document.file, what, name, number)
        self.counted.clear()

    # what is remembered is worked out -----------------------------------------------------------------

    def _sort_of(self, told: tuple[bytes, ...]) -> tuple[str, str, int, str]:
        """Class, how somebody came in, number and display of its type."""
        several = b",".join(b'"%s":%s' % (name.rstrip("_").encode(), one) for name, one in zip(SORT, told, strict=True))
        sort, method, system, code, display = sort_of(_SORT.decode(b'{"resourceType":"Encounter",%s}' % several))
        return sort, method, self._number_of(system, code), display

    def _numbers(self, told: bytes) -> list[tuple[int, str]]:
        """Of each coding its number and display."""
        codings = codings_of(_CONCEPT.decode(told))
        if not codings:
            raise KeyError
        return [(self._number_of(system, code), display) for system, code, display in codings]

    def _number_of(self, system: str, code: str) -> int:
        """The number of a code that was met before; nothing of what the law restricts is remembered."""
        if self.batch.category(system, code) is not None:
            raise KeyError
        return self.batch.codes.known[system, code]
