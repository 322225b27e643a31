"""Deaths of a practice with what case-finding, the register and the plan had known: the three put side by side."""

from dataclasses import dataclass

from ambit.access.queries import Reader, people_of
from ambit.careplan import queries as careplan
from ambit.casefinding import deaths
from ambit.casefinding.deaths import DeathReview, DeathRow


@dataclass(frozen=True, slots=True)
class DeathLine:
    row: DeathRow
    has_plan: bool | None  # None for a reader who may not see plans


def deaths_by_finding(reader: Reader) -> tuple[DeathLine, ...]:
    """Everybody of the practice who died in the last year: found before or not, on the register or not, with a plan or not."""
    return _with_plans(reader, deaths.deaths(reader))


def death_by_finding(reader: Reader, source: str, key: str) -> tuple[DeathReview, DeathLine]:
    """One of these deaths, with what each search said of the day before."""
    review = deaths.death(reader, source, key)
    (line,) = _with_plans(reader, (review.row,))
    return review, line


def _with_plans(reader: Reader, rows: tuple[DeathRow, ...]) -> tuple[DeathLine, ...]:
    if not reader.may("see_plan"):
        return tuple(DeathLine(row, None) for row in rows)
    known = {row.person_id for row in rows if row.person_id}
    written = careplan.written_about(reader, people_of(reader).filter(pk__in=known)) if known else set()
    return tuple(DeathLine(row, row.person_id in written) for row in rows)
