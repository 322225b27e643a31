"""Who of a practice has died, as the practice's own extract says; asked by the practice itself."""

from dataclasses import dataclass
from datetime import date

from ambit.population.here import searchable


@dataclass(frozen=True, slots=True)
class DeathInRecords:
    """One death as a source has it; `died_on` is None where the source gives no day."""

    person: int  # their number in the store, in its present state
    source: str
    key: str
    family_name: str
    given_names: str
    born_on: date | None
    nhs_number: str
    died_on: date | None


def deaths_in_records(practice: str, since: date, until: date) -> list[DeathInRecords]:
    """Everybody of a practice who died from one day to another, both counted, or on a day not recorded; the latest first."""
    return _read(
        "practice = $practice AND dead AND (died_on IS NULL OR died_on BETWEEN $since AND $until)",
        {"practice": practice, "since": since, "until": until},
    )


def death_in_records(practice: str, source: str, key: str) -> DeathInRecords | None:
    """The death of one person of this practice; None where the practice has nobody so called who died."""
    found = _read(
        "practice = $practice AND dead AND source = $source AND key = $key",
        {"practice": practice, "source": source, "key": key},
    )
    return found[0] if found else None


def _read(where: str, given: dict[str, object]) -> list[DeathInRecords]:
    with searchable().open() as (con, _):
        rows = con.execute(
            f"""SELECT person, source, key, coalesce(family_name, ''), coalesce(given_names, ''), born_on, coalesce(nhs_number, ''), died_on
            FROM people WHERE {where} ORDER BY died_on DESC NULLS FIRST, family_name, given_names, source, key""",
            given,
        ).fetchall()
    return [DeathInRecords(*row) for row in rows]
