"""What people ask about the population store."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from ambit.audit.rules import Reader
from ambit.packs.library import Library
from ambit.packs.queries import site_library
from ambit.population.intake.merge import Terms
from ambit.population.searchable import Searchable
from ambit.population.store import Store


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One feed: how many people, how fresh, and for each code list the share of its people with any code of it."""

    name: str
    people: int
    newest: date | None
    taken_at: str
    basis: str  # by which right it is sent; "" when nobody has said
    objected: int  # people of the last intake who object, and were not taken in
    restricted: int  # rows of the last intake that the law restricts, and were not kept
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


def searchable() -> Searchable:
    """The store as a search sees it: with the rows that this site's code lists know."""
    return Searchable(store(), mapped_codes())


def mapped_codes(library: Library | None = None) -> set[tuple[str, str]]:
    """Every code that some code list knows."""
    return {
        (code.system, code.code)
        for pack in (library or site_library()).of_kind("codelists")
        if pack.ok
        for code in pack.content.codes
    }


RESTRICTED = "restricted-"  # a code list so named holds codes that the law keeps from being passed on
OBJECTS, WITHDRAWS = "type-1-opt-out", "type-1-opt-out-withdrawn"


def terms(*, full: bool = False, basis: str = "") -> Terms:
    """On which terms everything is taken in here: objections and restricted codes by this site's code lists."""
    lists = {pack.id: pack.content for pack in site_library().of_kind("codelists") if pack.ok}

    def codes(name: str) -> frozenset[tuple[str, str]]:
        return frozenset(lists[name].members("has")) if name in lists else frozenset()

    return Terms(
        full=full,
        basis=basis,
        objects=codes(OBJECTS),
        withdraws=codes(WITHDRAWS),
        restricted={code: name for name in lists if name.startswith(RESTRICTED) for code in codes(name)},
    )


def status(reader: Reader) -> PopulationStatus:
    """What the store holds; a list whose codes never arrive from a source shows as 0."""
    reader.must("import_population")
    lists = [p for p in site_library().of_kind("codelists") if p.ok and not p.id.startswith(RESTRICTED)]
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
        taken = {
            name: told
            for name, *told in con.execute("SELECT name, taken_at, basis, objected, restricted FROM sources").fetchall()
        }
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
                taken_at=taken[name][0],
                basis=taken[name][1],
                objected=taken[name][2],
                restricted=taken[name][3],
                completeness={pack.id: round(covered.get((name, pack.id), 0) / size, 4) for pack in lists},
            )
            for name, size, newest in sources
        ),
    )
