"""What people ask about the population store."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from ambit.audit.rules import Reader
from ambit.packs.library import Library
from ambit.packs.queries import site_library
from ambit.population.store import Store


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One feed: how many people, how fresh, and for each code list the share of its people with any code of it."""

    name: str
    people: int
    newest: date | None
    taken_at: str
    completeness: dict[str, float]


@dataclass(frozen=True, slots=True)
class PopulationStatus:
    people: int
    events: int
    encounters: int
    deaths: int
    newest_event: date | None
    quarantined: int
    sources: tuple[SourceStatus, ...]


def store() -> Store:
    """This site's population store."""
    return Store(Path(settings.HOME) / "population")


def mapped_codes(library: Library | None = None) -> set[tuple[str, str]]:
    """Every code that some code list knows."""
    return {
        (code.system, code.code)
        for pack in (library or site_library()).of_kind("codelists")
        if pack.ok
        for code in pack.content.codes
    }


def status(reader: Reader) -> PopulationStatus:
    """What the store holds; a list whose codes never arrive from a source shows as 0."""
    reader.must("import_population")
    lists = [pack for pack in site_library().of_kind("codelists") if pack.ok]
    with store().open() as (con, _):
        con.execute("CREATE TEMP TABLE listed (list VARCHAR, system VARCHAR, value VARCHAR)")
        rows = [(pack.id, code.system, code.code) for pack in lists for code in pack.content.codes]
        if rows:
            con.executemany("INSERT INTO listed VALUES (?, ?, ?)", rows)
        totals = con.execute(
            """SELECT (SELECT count(*) FROM people), (SELECT count(*) FROM events), (SELECT count(*) FROM encounters),
            (SELECT count(*) FROM people WHERE dead), (SELECT max(day) FROM events), (SELECT count(*) FROM quarantine)"""
        ).fetchone()
        assert totals is not None
        covered = {
            (source, name): n
            for source, name, n in con.execute(
                """SELECT p.source, l.list, count(DISTINCT e.person) FROM events e JOIN codes c USING (code)
                JOIN listed l ON l.system = c.system AND l.value = c.value JOIN people p USING (person)
                WHERE e.usable GROUP BY ALL"""
            ).fetchall()
        }
        taken = dict(con.execute("SELECT name, taken_at FROM sources").fetchall())
        sources = con.execute(
            """SELECT source, count(DISTINCT p.person), max(e.day) FROM people p LEFT JOIN events e USING (person)
            GROUP BY source ORDER BY source"""
        ).fetchall()
    people, events, encounters, deaths, newest_event, quarantined = totals
    return PopulationStatus(
        people=people,
        events=events,
        encounters=encounters,
        deaths=deaths,
        newest_event=newest_event,
        quarantined=quarantined,
        sources=tuple(
            SourceStatus(
                name=name,
                people=size,
                newest=newest,
                taken_at=taken.get(name, ""),
                completeness={pack.id: round(covered.get((name, pack.id), 0) / size, 4) for pack in lists},
            )
            for name, size, newest in sources
        ),
    )
