"""Runs case-finding packs over the population store and hands on who was found, with reasons."""

from collections.abc import Mapping, Sequence
from datetime import date
from time import perf_counter
from typing import Literal

from django.db import transaction

from ambit.audit import actions as audit
from ambit.audit.rules import Reader
from ambit.casefinding import last_run
from ambit.casefinding.found import (
    AnsweredCriterion,
    Evidence,
    Explained,
    Found,
    PackUsed,
    Reason,
    Search,
    SourceIdentity,
)
from ambit.casefinding.last_run import FoundNumber, LastRun, Texts
from ambit.casefinding.packs import lists_for
from ambit.design.refusals import Refused
from ambit.packs.library import Library, check_examples
from ambit.packs.queries import permission, site_library
from ambit.packs.reading import meant
from ambit.packs.rules import Pack
from ambit.population.queries import searchable, store
from ambit.population.search.again import whom_to_search_again
from ambit.population.search.criteria import SearchPack
from ambit.population.search.duckdb_sql import in_sql
from ambit.population.search.explain import Explainer
from ambit.population.search.interpret import EventRow, Row
from ambit.population.search.plan_words import plan_in_words
from ambit.population.search.run import FoundPerson, practices_of, search, searched_by_practice
from ambit.population.search.words import in_words


def packs_to_run(ids: Sequence[str]) -> list[Pack]:
    """These packs, when each is here, is right, and may run here."""
    library = site_library()
    names = library.names("casefinding")
    found: list[Pack] = []
    for pack_id in dict.fromkeys(ids):
        pack = library.get("casefinding", pack_id)
        if pack is None:
            raise Refused({"pack": f"There is no case-finding pack “{pack_id}”. {meant(pack_id, names)}".strip()})
        may = permission(pack)
        if not may.allowed:
            raise Refused({"pack": may.why})
        if not keeps_its_examples(pack, library):
            raise Refused(
                {"pack": f"{pack.id} does not answer its own examples. Run `ambit packs check` to see which."}
            )
        found.append(pack)
    if not found:
        raise Refused({"pack": f"Name a pack. {meant('', names)}".strip()})
    return found


def keeps_its_examples(pack: Pack, library: Library) -> bool:
    """Of a pack made elsewhere, that its worked cases come out as it says; Ambit's own are checked before they are shipped."""
    return pack.origin == "shipped" or check_examples(pack, library)[1] == []


def packs_that_may_run() -> list[str]:
    """The case-finding packs that are right, may run here, and look for people whom a clinician should think of."""
    library = site_library()
    return [
        pack.id
        for pack in library.of_kind("casefinding")
        if permission(pack).allowed and pack.content.nightly and keeps_its_examples(pack, library)
    ]


def packs_that_may_be_asked() -> list[tuple[str, str]]:
    """Every case-finding pack that is right, may run here, and waits for no list: its id and title."""
    library = site_library()
    return [(pack.id, pack.title) for pack in library.of_kind("casefinding") if permission(pack).allowed]


def run(
    *,
    by: Reader,
    pack_ids: Sequence[str],
    on: date,
    practice: str = "",
    explain_plan: bool = False,
    use: Literal["direct-care", "planning"] = "direct-care",
    from_last: bool = False,
) -> Search:
    """Find people by these packs on this day; of one practice when its code is given. Audited; nobody is registered.

    `from_last`, over everybody: searched are only those who may be answered otherwise than by the last such run; what is found is the
    same as if everybody had been. Planning is beyond direct care: people with a national data opt-out are left out, and how many is audited.
    """
    by.must("run_case_finding")
    began = perf_counter()
    packs = packs_to_run(pack_ids)
    library = site_library()
    contents: list[SearchPack] = [pack.content for pack in packs]
    lists = lists_for(contents, library)
    titles = {name: told.title for name, told in lists.items()}
    texts = {
        (pack.id, named.id): f"{named.says}: {in_words(named.criterion, lists=titles, says=_says(pack), on=on)}"
        for pack in packs
        for named in pack.content.criteria
    }
    question = last_run.asked(packs, lists)
    with searchable().open() as (con, snapshot):
        by_practice = searched_by_practice(con, on, practice=practice, beyond_care=use == "planning")
        if practice and not by_practice:
            must_be_a_practice(practice, practices_of(con))
        opted_out = 0
        if use == "planning":
            (opted_out,) = con.execute("SELECT count(*) FROM people WHERE national_opt_out").fetchall()[0]
        last = last_run.read(store().folder, question, on=on) if from_last else None
        again = None
        if last is not None:
            again = whom_to_search_again(con, store().data, snapshot, last.read, contents, then=last.on, on=on)
        ran = search(con, contents, lists, on, practice=practice, beyond_care=use == "planning", among=again)
    by_id = {pack.id: pack for pack in packs}
    numbered = [FoundNumber(one.person, _found(one, by_id[one.pack], texts)) for one in ran.found]
    if last is not None and again is not None:
        numbered += last.stay_found(again, texts)
    numbered.sort(key=lambda one: (one.person, one.found.pack_id))
    if from_last:
        last_run.keep(store().folder, LastRun(question, on, snapshot.number, snapshot.files, tuple(numbered)))
    flagged = tuple(one.found for one in numbered)
    searched = sum(by_practice.values())
    with transaction.atomic():
        audit.record(
            by=by,
            what="searched the population store",
            details={
                "packs": {pack.id: pack.version for pack in packs},
                "on": on.isoformat(),
                "practice": practice,
                "use": use,
                "left_out_by_opt_out": opted_out,
                "searched": searched,
                "looked_at_anew": ran.searched,
                "flagged": len({one.person for one in numbered}),
            },
        )
    return Search(
        on=on,
        packs=tuple(PackUsed(p.id, p.version, p.sha256, p.title, p.reviewed) for p in packs),
        searched=searched,
        flagged=flagged,
        seconds=round(perf_counter() - began, 3),
        snapshot=str(snapshot.number),
        plan=f"{plan_in_words(ran.plan)}\n\n{in_sql(ran.plan)}" if explain_plan else "",
        by_practice=by_practice,
    )


def must_be_a_practice(code: str, known: Sequence[str]) -> None:
    """A mistyped code is refused: "nobody was found" would be believed."""
    if code not in known:
        here = f"Those here are {listed(known)}." if known else "No practice is named there."
        raise Refused({"practice": f"Nobody in the coded records is of a practice “{code}”. {here}"})


def listed(codes: Sequence[str], *, most: int = 12) -> str:
    more = f" and {len(codes) - most} more" if len(codes) > most else ""
    return f"{', '.join(codes[:most])}{more}"


def explain(
    *, by: Reader, pack_ids: Sequence[str], on: date, source: str, person_key: str
) -> tuple[str, tuple[Explained, ...]]:
    """Why these packs find this person of the store on this day, or why not: every criterion, true, false or unknown.

    Audited as every look at somebody's coded record is. Whoever is dead on the day, or no longer registered, is not searched; the
    criteria are answered all the same. Without a `source` it is the only one that calls somebody so; the answer begins with it.
    """
    by.must("run_case_finding")
    packs = packs_to_run(pack_ids)
    library = site_library()
    contents: list[SearchPack] = [pack.content for pack in packs]
    lists = lists_for(contents, library)
    titles = {name: told.title for name, told in lists.items()}
    with Explainer(searchable(), contents, lists) as explainer:
        known = explainer.people_called(person_key)
        source = source or (next(iter(known)) if len(known) == 1 else "")
        with transaction.atomic():
            audit.record(
                by=by,
                what="looked up why a person of the population store is found or not",
                details={
                    "packs": {p.id: p.version for p in packs},
                    "on": on.isoformat(),
                    "source": source,
                    "person": person_key,
                },
            )
        answered = explainer.explain(_one_called(person_key, source, known), on)
    if answered is None:
        raise Refused({"person": f"“{person_key}” of “{source}” has just left the population store."})
    return source, tuple(
        Explained(
            pack.id,
            answered[pack.id].tier,
            tuple(
                AnsweredCriterion(
                    named.id,
                    f"{named.says}: {in_words(named.criterion, lists=titles, says=_says(pack), on=on)}",
                    answered[pack.id].criteria[named.id].value,
                    tuple(_evidence(row) for row in answered[pack.id].criteria[named.id].rows),
                )
                for named in pack.content.criteria
            ),
        )
        for pack in packs
    )


def _one_called(key: str, source: str, known: Mapping[str, int]) -> int:
    if source and source not in known:
        others = f" {listed(sorted(known))} calls somebody so." if known else ""
        raise Refused({"person": f"The population store holds nobody whom “{source}” calls “{key}”.{others}"})
    if not known:
        raise Refused({"person": f"The population store holds nobody whom any source calls “{key}”."})
    if not source:
        raise Refused({"source": f"Several sources call somebody “{key}”: {listed(sorted(known))}. Say which."})
    return known[source]


def _says(pack: Pack) -> dict[str, str]:
    return {named.id: named.says for named in pack.content.criteria}


def _found(one: FoundPerson, pack: Pack, texts: Texts) -> Found:
    content: SearchPack = pack.content
    who = one.identity
    reasons = []
    for named in content.criteria:
        answer = one.answered.criteria[named.id]
        if named.reason and answer.value:
            evidence = tuple(_evidence(row) for row in answer.rows)
            reasons.append(Reason(pack.id, named.id, texts[pack.id, named.id], evidence))
    return Found(
        source=who["source"],
        person_key=who["key"],
        identity=SourceIdentity(
            who["family_name"], who["given_names"], who["title"],
            who["born_on"] if who["born_on"] == who["born_until"] else None, who["sex"], who["nhs_number"],
            who["practice"], who["address"], who["postcode"],
        ),
        pack_id=pack.id,
        pack_version=pack.version,
        pack_sha256=pack.sha256,
        tier=one.tier,
        reasons=tuple(reasons),
        unknown=tuple(n.id for n in content.criteria if n.reason and one.answered.criteria[n.id].value is None),
    )  # fmt: skip


def _evidence(row: Row) -> Evidence:
    assert row.day is not None
    if isinstance(row, EventRow):
        return Evidence(row.system, row.code, row.display, row.day, row.original, row.original_unit, row.source)
    return Evidence(row.system, row.code, row.display, row.day, "", "", row.source)
