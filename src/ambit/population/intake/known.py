"""The lines of Bulk NDJSON of which every part is known: whom, what, when, how and how much are remembered by their bytes.

Nearly every line says of a person told of before, in a code told of before, something that happened on a day of other lines too. Such a
line is put together from what is remembered; whatever is in any way out of the ordinary is handed on to who reads any resource
(`resources.py`). No rule is told here: what is remembered was worked out by `fhir.py`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, Union

import msgspec
from msgspec import Raw, Struct
from msgspec.json import Decoder

from ambit.population.intake.fhir import (
    NOTHING,
    Document,
    SetAside,
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
from ambit.population.intake.parts import Part
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
    Period,
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
_REFERENCE, _CONCEPT, _QUANTITY = Decoder(Reference), Decoder(Concept), Decoder(Quantity)
_SORT = Decoder(Encounter)
_sort_told = attrgetter(*SORT)


# what is remembered -------------------------------------------------------------------------------

Parts = Iterable[tuple[list[int], int]]  # of each: its codings, and what it says
ODD = (SetAside, NotADay, KeyError, *NOT_FITTING)  # for whoever reads any resource to look at


class Meanings(dict[Any, Any]):
    """What each means, worked out once."""

    def __init__(self, work_out: Callable[[Any], Any]) -> None:
        super().__init__()
        self.work_out = work_out

    def __missing__(self, given: Any) -> Any:
        meant = self[given] = self.work_out(given)
        return meant


STATUSES = ("status", "do_not_perform", "clinical_status", "verification_status")


def _states_of(
    shape: type[Coded], first: tuple[str, ...], every: tuple[str, ...], file: Document, state: Part
) -> Meanings:
    """By days and statuses as told: the day, as it was written, when it ended, the status, and whether a search may use it.

    Of several days the first that is there counts: when it is, the others are not told (and nothing, before all of them, when not).
    """

    def work_out(told: tuple[Any, ...]) -> int:
        names, said = (first, told) if told[0] else (every, told[1:])
        resource = shape(**dict(zip(names, said, strict=True)))
        day, _, at = days_said(resource, shape.when)
        ended = days_said(resource, shape.until)[1] if shape.until else None
        status, usable = status_of(resource)
        return state.number(shape.__name__, possible_day(day, file.today), at, ended, status, usable, file.file)

    return Meanings(work_out)


class Known:
    """What a file has told so far, and how many lines were put together from it. Every part stands for its number in the batch."""

    def __init__(self, document: Document, batch: Batch) -> None:
        self.document, self.batch, self.parts = document, batch, batch.remembered
        self.line = self.taken = 0
        self.shapes: dict[type, int] = defaultdict(int)  # how many of each were taken
        self.converted: dict[str, int] = defaultdict(int)
        self.whom = Meanings(lambda told: self.parts.whom.number(key_of(_REFERENCE.decode(told), document)))
        self.what = Meanings(self._numbers)
        self.values = Meanings(lambda value: self.parts.value.number(*value))
        self.measured = Meanings(self._measured)
        self.said = Meanings(
            lambda told: self.values[other_value(Observation(value_codeable_concept=_CONCEPT.decode(told)))]
        )
        self.sorts, self.stays = Meanings(self._sort_of), Meanings(self._stay_of)
        # by shape: what its rows say, how its record numbers begin, its first day and statuses, all its days and statuses, and what those mean
        stay = attrgetter("period", "status")
        self.kinds: dict[type, tuple[Any, ...]] = {
            _ENCOUNTER: (self._sort, of_kind("Encounter").copy, stay, stay, self.stays)
        }
        states = []
        for shape, in_bytes in _SHAPES.items():
            beside = tuple(n for n in (*shape.until, *STATUSES) if n in in_bytes.__struct_fields__)
            assert (
                "period" not in shape.when[0] or len(shape.when) == 1
            )  # one without a beginning and an end says no day
            first, every = (shape.when[0], *beside), (*shape.when, *beside)
            parts_of = self._observation if shape is Observation else self._event
            states.append(_states_of(shape, first, every, document, self.parts.state))
            self.kinds[in_bytes] = (
                parts_of, of_kind(shape.__name__).copy, attrgetter(*first), attrgetter(*every), states[-1],
            )  # fmt: skip
        self.numbered: dict[Part, Sequence[Meanings]] = {
            self.parts.whom: [self.whom], self.parts.coding: [self.what], self.parts.state: states, self.parts.stay: [self.stays],
            self.parts.value: [self.values, self.measured, self.said], self.parts.sort: [self.sorts],
        }  # fmt: skip
        self._forget()

    def others(self, lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
        """Take the lines of which all is known; give the others, with their number, each in its turn, for somebody else to take."""
        batch, people, kinds, shapes, whom, read = (
            self.batch, self.document.people, self.kinds, self.shapes, self.whom, _READ.decode,
        )  # fmt: skip
        add_event, add_encounter = self.parts.events.values.extend, self.parts.encounters.values.extend
        line, seq = 0, batch.seq
        try:
            for line, raw in enumerate(lines, 1):
                seq += 1
                try:
                    resource = read(raw)
                    shape = type(resource)
                    if shape in kinds:
                        parts_of, begun, first, every, states = kinds[shape]
                        identity = resource.id
                        if not identity or len(identity) > LONGEST_ID or people:
                            raise KeyError
                        key, told = whom[bytes(resource.subject)], first(resource)
                        state = states[told if told[0] else (None, *every(resource))]
                        several = parts_of(resource)  # from here on nothing is odd
                        digest, part = begun(), 0
                        digest.update(identity.encode())
                        record = digest.digest()
                        if shape is _ENCOUNTER:
                            add_encounter((key, state, several, identity, record, seq))
                        else:
                            for codings, value in several:
                                for coding in codings:
                                    add_event((key, state, coding, value, identity, record, part, seq))
                                    part += 1
                    shapes[shape] += 1
                except ODD:
                    batch.seq = seq - 1
                    self._count()
                    yield line, raw
                    self._between_lines()
                    seq = batch.seq
                if line % LINES_BETWEEN == 0:
                    batch.seq = seq
                    self._between_lines()
                    seq = batch.seq
        finally:
            self.line, batch.seq = line, max(seq, batch.seq)
            self._count()

    def _sort(self, encounter: Any) -> int:
        told: int = self.sorts[tuple([bytes(one) for one in _sort_told(encounter)])]
        return told

    def _event(self, resource: Any) -> Parts:
        """Of a kind that has no values."""
        return ((self.what[bytes(resource.code)], self.values[NOTHING]),)

    def _observation(self, resource: Any) -> Parts:
        """With its value, and of each of its parts, such as the two pressures of blood, the code and the value."""
        quantity = resource.value_quantity
        if quantity and not resource.component and resource.value_codeable_concept is None:  # as nearly all are
            value, changed = self.measured[bytes(quantity)]
            what = self.what[bytes(resource.code)]
            if changed:
                self.converted[changed] += 1
            return ((what, value),)
        parts, converted = [], []
        for told in (resource, *resource.component) if resource.component else (resource,):
            quantity, concept = told.value_quantity, told.value_codeable_concept
            if quantity is None:
                value = self.values[other_value(told)] if concept is None else self.said[bytes(concept)]
            elif concept is None:
                value, changed = self.measured[bytes(quantity)]
                if changed:
                    converted.append(changed)
            else:
                raise KeyError
            parts.append((self.what[bytes(told.code)], value))
        for changed in converted:
            self.converted[changed] += 1
        return parts

    def _between_lines(self) -> None:
        self._count()
        self.batch.between_lines()
        self._forget()

    def _count(self) -> None:
        file = self.document.file
        for shape, number in self.shapes.items():
            self.batch.count(file, "read", shape.__name__, number)
            self.taken += number
        for changed, number in self.converted.items():
            self.batch.count(file, "converted", changed, number)
        self.shapes.clear()
        self.converted.clear()

    def _forget(self) -> None:
        """Forget what has become too much, once no row that waits to be written has its number."""
        too_much = [part for part in self.numbered if len(part) > SEVERAL]
        if too_much and self.parts:
            self.batch.put_away(self.batch)
        for part in too_much:
            part.forget()
            for meanings in self.numbered[part]:
                meanings.clear()

    # what is remembered is worked out -----------------------------------------------------------------

    def _measured(self, told: bytes) -> tuple[int, str]:
        value, changed = measured(_QUANTITY.decode(told))
        return self.values[value], changed

    def _stay_of(self, told: tuple[Period | None, str | None]) -> int:
        """By period and status as told: first and last day, how the first was written, the status, and whether a search may use it."""
        day, until, *others = stay_of(Encounter(period=told[-2], status=told[-1]))
        return self.parts.stay.number(possible_day(day, self.document.today), until, *others, self.document.file)

    def _sort_of(self, told: tuple[bytes, ...]) -> int:
        """Class, how somebody came in, number and display of its type."""
        several = b",".join(b'"%s":%s' % (name.rstrip("_").encode(), one) for name, one in zip(SORT, told, strict=True))
        sort, method, system, code, display = sort_of(_SORT.decode(b'{"resourceType":"Encounter",%s}' % several))
        return self.parts.sort.number(sort, method, self._number_of(system, code), display)

    def _numbers(self, told: bytes) -> list[int]:
        """Of each coding its number and display."""
        codings = codings_of(_CONCEPT.decode(told))
        if not codings:
            raise KeyError
        known = [(self._number_of(system, code), display) for system, code, display in codings]
        return [self.parts.coding.number(*coding) for coding in known]

    def _number_of(self, system: str, code: str) -> int:
        """The number of a code that was met before; nothing of what the law restricts is remembered."""
        if self.batch.category(system, code) is not None:
            raise KeyError
        return self.batch.codes.known[system, code]
