"""What engines say differently; everything else of the plan is the same SQL everywhere."""

from collections.abc import Callable
from dataclasses import dataclass

from ambit.population.search.criteria import Window


@dataclass(frozen=True)
class Dialect:
    wide: str  # a whole number that holds the product of two measurements
    text: str  # the type of text
    days_since: Callable[[str, str], str]  # whole days from the first day to the second
    before: Callable[[str, Window], str]  # the day on which a window that ends on this day opens


DUCKDB = Dialect(
    wide="HUGEINT",
    text="VARCHAR",
    days_since=lambda first, then: f"date_diff('day', {first}, {then})",
    before=lambda column, window: f"({column} - INTERVAL {window.length} {window.unit.upper()})::DATE",
)
SPARK = Dialect(
    wide="DECIMAL(38, 0)",
    text="STRING",
    days_since=lambda first, then: f"datediff({then}, {first})",
    before=lambda column, window: (
        f"date_sub({column}, {window.length})" if window.unit == "days" else f"add_months({column}, -{window.length})"
    ),
)
