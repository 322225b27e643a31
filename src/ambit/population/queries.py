"""What people ask about the population store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from ambit.audit.rules import Reader
from ambit.packs.queries import site_library
from ambit.packs.rules import Pack
from ambit.population.codelists.rules import SYSTEMS, known_as
from ambit.population.here import mapped_codes, searchable, store
from ambit.population.intake.merge import Terms
from ambit.population.rules import seems_silent

__all__ = [
    "Coded", "CodedRecord", "PopulationStatus", "PracticeStatus", "SourceStatus", "Unmapped", "UnmappedCode", "coded_records",
    "keys_of", "list_titles", "mapped_codes", "results_known", "searchable", "status", "store", "system_names", "terms",
    "unmapped_codes",
]  # fmt: skip


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

    @property
    def taken_on(self) -> date:
        return datetime.fromisoformat(self.taken_at).date()


@dataclass(frozen=True, slots=True)
class PracticeStatus:
    """One practice of a source: how many people, how fresh, how complete, and the lists whose codes it seems never to send."""

    source: str
    code: str  # "" for people of whom the source names no practice
    people: int
    newest: date | None
    completeness: dict[str, float]
    silent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnmappedCode:
    system: str
    code: str
    display: str
    rows: int
    people: int


@dataclass(frozen=True, slots=True)
class Unmapped:
    """How many codes of the store are on a list and on none, and the most frequent of those."""

    known: int
    unknown: int
    codes: tuple[UnmappedCode, ...]


@dataclass(frozen=True, slots=True)
class PopulationStatus:
    people: int
    events: int
    encounters: int
    deaths: int
    newest_event: date | None
    quarantined: int
    sources: tuple[SourceStatus, ...]
    practices: tuple[PracticeStatus, ...]


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
    """What the store holds; a list whose codes never arrive from a source shows as 0, and from a practice as silent."""
    reader.must("import_population")
    lists = [p for p in site_library().of_kind("codelists") if p.ok and not p.id.startswith(RESTRICTED)]
    names = [pack.id for pack in lists]
    with store().open() as (con, _):
        totals = con.execute(
            """SELECT (SELECT count(*) FROM people), (SELECT count(*) FROM events), (SELECT count(*) FROM encounters),
            (SELECT count(*) FROM people WHERE dead), (SELECT max(day) FROM events), (SELECT count(*) FROM quarantine)"""
        ).fetchone()
        assert totals is not None
        taken = {
            name: told
            for name, *told in con.execute("SELECT name, taken_at, basis, objected, restricted FROM sources").fetchall()
        }
        practices = con.execute(
            """SELECT source, practice, count(*), max(newest) FROM people LEFT JOIN
            (SELECT person, max(day) AS newest FROM events GROUP BY person) USING (person) GROUP BY ALL ORDER BY ALL"""
        ).fetchall()
    have = _with_a_code_of(lists)
    people, events, encounters, deaths, newest_event, quarantined = totals
    several: dict[str, list[tuple[str, int, date | None]]] = {}
    for name, code, size, newest in practices:
        several.setdefault(name, []).append((code, size, newest))
    everywhere = (
        {one: sum(n for (_, _, told), n in have.items() if told == one) / people for one in names} if people else {}
    )

    def share(source: str, codes: set[str], one: str, size: int) -> float:
        return round(sum(have.get((source, code, one), 0) for code in codes) / size, 4)

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
                people=sum(size for _, size, _ in told),
                newest=max((newest for _, _, newest in told if newest), default=None),
                taken_at=taken[name][0],
                basis=taken[name][1],
                objected=taken[name][2],
                restricted=taken[name][3],
                completeness={
                    one: share(name, {code for code, _, _ in told}, one, sum(size for _, size, _ in told)) for one in names
                },
            )
            for name, told in sorted(several.items())
        ),
        practices=tuple(
            PracticeStatus(
                name, code, size, newest, {one: share(name, {code}, one, size) for one in names},
                tuple(one for one in names if seems_silent(size, have.get((name, code, one), 0), everywhere[one])),
            )
            for name, told in sorted(several.items())
            for code, size, newest in told
        ),
    )  # fmt: skip


def list_titles() -> dict[str, str]:
    """What each code list here is called, by its id."""
    return {pack.id: pack.title for pack in site_library().of_kind("codelists") if pack.ok}


def system_names() -> dict[str, str]:
    """The short names of code systems, by address."""
    return {address: name for name, address in SYSTEMS.items()}


def results_known() -> dict[str, str]:
    """The results of other searches and scores that code lists here know, by code, with what each says."""
    return {
        code.code: code.term
        for pack in site_library().of_kind("codelists")
        if pack.ok and not pack.awaits
        for code in pack.content.codes
        if code.system == SYSTEMS["ambit"]
    }


def keys_of(numbers: set[str], *, practice: str = "") -> dict[str, list[tuple[str, str]]]:
    """Where people of these NHS numbers are: the sources that sent them, with each source's key; of one practice when it is named."""
    found: dict[str, list[tuple[str, str]]] = {}
    with store().open() as (con, _):
        con.register("asked", pa.table({"nhs_number": pa.array(sorted(numbers), pa.string())}))
        for number, source, key in con.execute(
            "SELECT nhs_number, source, key FROM people SEMI JOIN asked USING (nhs_number)"
            " WHERE $practice IN ('', practice) ORDER BY ALL",
            {"practice": practice},
        ).fetchall():
            found.setdefault(number, []).append((source, key))
        con.unregister("asked")
    return found


def unmapped_codes(reader: Reader, *, most: int) -> Unmapped:
    """Codes of the store that no code list knows, by how many rows have them."""
    reader.must("import_population")
    lists = mapped_codes()
    with store().open() as (con, _):
        columns = [pa.array(told, pa.string()) for told in (zip(*lists, strict=True) if lists else ((), ()))]
        con.register("listed", pa.table(dict(zip(("system", "value"), columns, strict=True))))
        con.execute(
            f"CREATE TEMP TABLE known AS SELECT DISTINCT code FROM {known_as()} SEMI JOIN listed USING (system, value)"
        )
        con.unregister("listed")
        rows = con.execute(
            """SELECT c.system, c.value, c.display, count(*), count(DISTINCT e.person) FROM events e JOIN codes c USING (code)
            ANTI JOIN known USING (code) GROUP BY ALL ORDER BY 4 DESC, 1, 2 LIMIT ?""",
            [most],
        ).fetchall()
        counted = con.execute(
            """SELECT count(*) FILTER (WHERE known.code IS NOT NULL), count(*)
            FROM (SELECT DISTINCT code FROM events WHERE code IS NOT NULL) told LEFT JOIN known USING (code)"""
        ).fetchone()
    known, every = counted or (0, 0)
    return Unmapped(known, every - known, tuple(UnmappedCode(*row) for row in rows))


def _with_a_code_of(lists: list[Pack]) -> dict[tuple[str, str, str], int]:
    """By source, practice and list: how many people have any code of it."""
    with searchable().open() as (con, _):
        rows = [(pack.id, *code.key) for pack in lists for code in pack.content.codes]
        columns = [pa.array(told, pa.string()) for told in (zip(*rows, strict=True) if rows else ((), (), ()))]
        con.register("listed", pa.table(dict(zip(("list", "system", "value"), columns, strict=True))))
        counted = con.execute(
            f"""SELECT p.source, p.practice, l.list, count(DISTINCT e.person) FROM events e JOIN {known_as()} c USING (code)
            JOIN listed l ON l.system = c.system AND l.value = c.value JOIN people p USING (person) GROUP BY ALL"""
        ).fetchall()
        con.unregister("listed")
    return {(source, practice, name): n for source, practice, name, n in counted}


@dataclass(frozen=True, slots=True)
class Coded:
    """One thing that a source says of somebody: of which kind, in its own words, and its days."""

    kind: str
    text: str
    day: date | None
    ended: date | None


@dataclass(frozen=True, slots=True)
class CodedRecord:
    """What one source holds about one person, and the day it was last taken in."""

    source: str
    taken_on: date
    rows: tuple[Coded, ...]


def coded_records(
    reader: Reader, *, nhs_number: str, born_on: date, practice: str, kinds: Sequence[str]
) -> tuple[CodedRecord, ...]:
    """What the sources of this practice hold of these kinds about one person, the newest first.

    Number and birth date must both be the person's (H11); rows that their source marks as wrong are left out. Only the file
    of the person's range is read. Whoever asks has opened the person, and says in the trail that they looked.
    """
    reader.must("edit_plan")
    found = []
    with store().open() as (con, snapshot):
        people = con.execute(
            "SELECT person, source, taken_at FROM people JOIN sources ON sources.name = people.source"
            " WHERE nhs_number = ? AND born_on = ? AND born_until = ? AND practice = ? AND active ORDER BY source",
            [nhs_number, born_on, born_on, practice],
        ).fetchall()
        for person, source, taken_at in people:
            rows = snapshot.rows_of(
                "events", store().data, columns="person, type, code, text, day, ended, usable, part", person=person
            )
            told = con.execute(
                "SELECT type, CASE WHEN text <> '' THEN text ELSE codes.display END AS words, day, ended"
                f" FROM ({rows}) AS event LEFT JOIN codes ON codes.code = event.code"
                f" WHERE person = ? AND usable AND part = 0 AND type IN ({', '.join('?' * len(kinds))})"
                " ORDER BY day DESC NULLS LAST, words",
                [person, *kinds],
            ).fetchall()
            coded = tuple(Coded(*row) for row in told if row[1])
            found.append(CodedRecord(source, datetime.fromisoformat(taken_at).date(), coded))
    return tuple(found)
