"""Rows that are put together of parts: what many rows say alike is held once, and a row holds only its number."""

import sys
from array import array
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

Columns = Sequence[tuple[str, pa.DataType]]


def table(columns: Columns, rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    """A table of these rows."""
    values: list[Any] = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    return pa.table({name: pa.array(told, kind) for (name, kind), told in zip(columns, values, strict=True)})


class Part:
    """What some columns say together. A number stands for the same until all of it is forgotten."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.forget()

    def forget(self) -> None:
        self._new: list[tuple[Any, ...]] = []
        self._held = table(self.columns, ())

    def __len__(self) -> int:
        return int(self._held.num_rows) + len(self._new)

    def number(self, *told: Any) -> int:
        """A number for this, which was not held before."""
        self._new.append(told)
        return len(self) - 1

    def of(self, numbers: Sequence[int]) -> pa.Table:
        """What these numbers stand for, a row for each."""
        if self._new:
            self._held = pa.concat_tables([self._held, table(self.columns, self._new)]).combine_chunks()
            self._new = []
        return self._held.take(_as_they_are(array("i", numbers)))


class Together:
    """Rows of one table: of each the number in every part, then what it alone says."""

    def __init__(self, columns: Columns, parts: Sequence[Part], own: Sequence[str]) -> None:
        self.columns, self.parts, self.own = dict(columns), parts, own
        self.width = len(parts) + len(own)
        self.values: list[Any] = []  # of one row after those of another

    def __len__(self) -> int:
        return len(self.values) // self.width

    def table(self) -> pa.Table:
        """All columns of these rows. Their records' numbers are given as bytes; on which line they stand is not told."""
        several = [self.values[number :: self.width] for number in range(self.width)]
        told: dict[str, Any] = {"line": pa.repeat(pa.scalar(0, pa.int64()), len(self))}
        for part, numbers in zip(self.parts, several, strict=False):
            of = part.of(numbers)
            told |= zip(of.column_names, of.columns, strict=True)
        for name, values in zip(self.own, several[len(self.parts) :], strict=True):
            told[name] = _record_numbers(values) if name == "record" else pa.array(values, self.columns[name])
        return pa.table({name: told[name] for name in self.columns})


def _record_numbers(digests: Sequence[bytes]) -> pa.Array:
    """As `record_number` gives them: eight bytes each, the first the most significant."""
    numbers = array("q", b"".join(digests))
    if sys.byteorder == "little":
        numbers.byteswap()
    return _as_they_are(numbers)


def _as_they_are(numbers: "array[int]") -> pa.Array:
    """Without looking at each again, which would take as long as all the rest."""
    kind = {"i": pa.int32(), "q": pa.int64()}[numbers.typecode]
    return pa.Array.from_buffers(kind, len(numbers), [None, pa.py_buffer(numbers)])
