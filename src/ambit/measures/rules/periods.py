"""Months, which is what figures are about. Plain Python, no Django, no clock."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Month:
    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @classmethod
    def read(cls, words: str) -> "Month":
        """A month as `2026-10`."""
        found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", words)
        if not found or int(found.group(1)) < 1900:
            raise ValueError(f"“{words}” is not a month. Write year-month, as 2026-10.")
        return cls(int(found.group(1)), int(found.group(2)))

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        return self.after(1).first - timedelta(days=1)

    def after(self, months: int) -> "Month":
        number = self.year * 12 + self.month - 1 + months
        return Month(number // 12, number % 12 + 1)

    def until(self, last: "Month") -> Iterator["Month"]:
        """This month and those after it, the last among them."""
        month = self
        while month <= last:
            yield month
            month = month.after(1)

    def has_ended(self, on: date) -> bool:
        return self.last < on

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def months_before(day: date, months: int) -> date:
    """The day of the month so many months earlier; the last day of a month that has no such day."""
    month = Month.of(day).after(-months)
    return date(month.year, month.month, min(day.day, month.last.day))
