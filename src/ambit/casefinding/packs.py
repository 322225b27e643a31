"""The kind of pack “casefinding”: criteria and tiers, and worked cases on both sides of every boundary."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ambit.packs.kinds import Kind
from ambit.packs.library import Library
from ambit.packs.reading import NotUnderstood, Place
from ambit.packs.rules import Pack
from ambit.population.codelists.reading import thousandths
from ambit.population.codelists.rules import IN_ANY_SENSE, CodeList, counts_as
from ambit.population.rules import in_millionths
from ambit.population.search.criteria import NotInRecords, SearchPack, leaves, lists_of, packs_of
from ambit.population.search.interpret import EncounterRow, EventRow, Record, interpret
from ambit.population.search.reading import read

NOBODY = "none"


@dataclass(frozen=True, slots=True)
class Case:
    """A worked case: somebody's record, the day, and what the pack must answer."""

    person: str
    on: date
    record: Record
    tier: str
    expected: dict[str, bool | None]


def uses(pack: SearchPack) -> Iterable[tuple[str, str]]:
    return [("codelists", name) for name in lists_of(pack)] + [("casefinding", name) for name in packs_of(pack)]


def lists_for(packs: Iterable[SearchPack], library: Library) -> dict[str, CodeList]:
    """The code lists these packs use."""
    names = {name for pack in packs for name in lists_of(pack)}
    return {name: found.content for name in sorted(names) if (found := library.get("codelists", name))}


def criteria_in_words(library: Library, ids: Iterable[str]) -> dict[tuple[str, str], str]:
    """What each criterion of these packs says, by pack and criterion."""
    packs = (pack for one in ids if (pack := library.get("casefinding", one)))
    return {(pack.id, named.id): named.says for pack in packs for named in pack.content.criteria}


def never_coded(pack: SearchPack) -> dict[str, tuple[str, ...]]:
    """What no coded record can say, and why, by what the criterion that asks it says; what other packs ask is theirs to name."""
    if packs_of(pack):
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for named in pack.criteria:
        why = tuple(leaf.why for leaf in leaves(named.criterion) if isinstance(leaf, NotInRecords))
        if why:
            found[named.says] = why
    return found


def never_coded_of(library: Library, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The same of several packs."""
    packs = (pack for one in ids if (pack := library.get("casefinding", one)) and pack.ok)
    return {says: why for pack in packs for says, why in never_coded(pack.content).items()}


def cases(pack: Pack, place: Place, library: Library) -> Iterable[tuple[Place, Case]]:
    lists = lists_for([pack.content], library)
    for item in place.items(what="examples"):
        try:
            yield item, read_case(item, pack.content, lists)
        except NotUnderstood:
            continue


def read_case(place: Place, pack: SearchPack, lists: dict[str, CodeList]) -> Case:
    entries = place.only(("born", "events", "encounters"), required=("person", "on", "expect"), what="an example")
    events = entries["events"].each(lambda item: _event(item, lists), what="events") if "events" in entries else []
    met = entries["encounters"].each(_encounter, what="encounters") if "encounters" in entries else []
    born = entries["born"].day(what="born") if "born" in entries else None
    record = Record(
        born, born, min((e.day for e in events if e.day), default=None), min((e.day for e in met if e.day), default=None),
        tuple(events), tuple(met),
    )  # fmt: skip
    expect = entries["expect"].only(("true", "false", "unknown"), required=("tier",), what="expect")
    expected: dict[str, bool | None] = {}
    ids = [named.id for named in pack.criteria]
    for word, value in (("true", True), ("false", False), ("unknown", None)):
        if word in expect:
            for one in expect[word].items(what=word):
                expected[one.one_of(ids, what="the criterion")] = value
    tier = expect["tier"].one_of([NOBODY, *(tier.name for tier in pack.tiers)], what="tier")
    return Case(entries["person"].text(what="person"), entries["on"].day(what="on"), record, tier, expected)


def _event(place: Place, lists: dict[str, CodeList]) -> EventRow:
    if place.only(
        ("list", "medicine", "on", "value", "unit", "ended", "polarity", "points", "code"), what="an event"
    ).keys() >= {"medicine"}:
        told = place.only((), required=("medicine", "on"), what="a medicine")
        name = told["medicine"].text(what="medicine")
        return EventRow(
            frozenset(), place.line, "MedicationRequest/example", "", "", name, told["on"].day(what="on"), None, None,
            "", "", "", True,
        )  # fmt: skip
    entries = place.only(
        ("value", "unit", "ended", "polarity", "points", "code"), required=("list", "on"), what="an event"
    )
    name = entries["list"].one_of(lists, what="the code list")
    polarity = entries["polarity"].text() if "polarity" in entries else "has"
    points = thousandths(entries["points"].text(what="points")) if "points" in entries else None
    wanted = entries["code"].text(what="code") if "code" in entries else ""
    having = (
        c for c in lists[name].codes
        if c.polarity == polarity and points in (None, c.points) and wanted in ("", c.code)
    )  # fmt: skip
    code = next(having, None)
    if code is None:
        place.refuse(f"The code list “{name}” has no such code that says “{polarity}”.")
    on = {
        (one, sense)
        for one, several in lists.items()
        for sense in (polarity, IN_ANY_SENSE)
        if not counts_as(code.system, code.code).isdisjoint(several.members(sense))
    }
    value = in_millionths(entries["value"].number(what="value")) if "value" in entries else None
    if value is not None and "unit" not in entries:
        place.refuse("A value needs its unit: add “unit: kg”.")
    unit = entries["unit"].text(what="unit") if "unit" in entries else ""
    return EventRow(
        frozenset(on), place.line, "Example/event", code.system, code.code, code.term, entries["on"].day(what="on"),
        entries["ended"].day(what="ended") if "ended" in entries else None, value, unit,
        entries["value"].text() if "value" in entries else "", unit, True,
    )  # fmt: skip


def _encounter(place: Place) -> EncounterRow:
    entries = place.only(("method",), required=("class", "on"), what="an encounter")
    return EncounterRow(
        place.line, "Example/encounter", "", "", "", entries["on"].day(what="on"), entries["class"].text(what="class"),
        entries["method"].text() if "method" in entries else "unknown", True,
    )  # fmt: skip


def run_examples(pack: Pack, place: Place, library: Library) -> int:
    """Run the worked cases through the interpreter; note each answer that differs."""
    ran = 0
    for item, case in cases(pack, place, library):
        ran += 1
        answered = interpret(pack.content, case.record, case.on)
        if (answered.tier or NOBODY) != case.tier:
            item.note(f"{case.person}: the pack finds “{answered.tier or NOBODY}”, the example expects “{case.tier}”.")
        for name, value in case.expected.items():
            if answered.criteria[name].value is not value:
                item.note(
                    f"{case.person}: “{name}” is {_said(answered.criteria[name].value)}, "
                    f"the example expects {_said(value)}."
                )
    return ran


def _said(value: bool | None) -> str:
    return {True: "true", False: "false", None: "unknown"}[value]


def blank(pack_id: str) -> dict[str, str]:
    """A pack of two criteria and one tier, with both sides of each boundary."""
    return {
        "pack.yaml": f"""# docs/running/case-finding-packs.md says everything that a pack may ask.
id: {pack_id}
version: "1.0"
title: "{pack_id.replace("-", " ").capitalize()}"
source: Whose rule this is, and where it was published.
licence: On which terms its words and lists may be used.
reviewer: ""
review_date: ""
about: What it is for, what it cannot know, and which numbers are your own.
nightly: false

criteria:
  heart-failure:
    says: Heart failure
    recorded: {{codes: heart-failure, within: ever, absence: "false"}}
  admitted-twice:
    says: Two unplanned hospital stays in six months
    encounters:
      count: [{{class: [IMP, ACUTE, NONAC], method: emergency}}]
      possibly: [{{class: [IMP, ACUTE, NONAC], method: unknown}}]
      at_least: 2
      of: days
      within: 6 months
  wishes:
    says: Asks for comfort rather than cure
    not_in_records: what somebody wishes is in words, not in codes

tiers:
  - name: review
    says: Heart failure and two unplanned hospital stays in six months
    when: {{all: [heart-failure, admitted-twice]}}
""",
        "examples.yaml": """# The window of six months to 3 November 2026 opens on 3 May.
- person: heart failure, and two emergency stays, the first on the first day that counts
  on: 2026-11-03
  born: 1942-05-09
  events:
    - {list: heart-failure, on: 2015-01-01}
  encounters:
    - {class: IMP, method: emergency, on: 2026-05-04}
    - {class: IMP, method: emergency, on: 2026-11-03}
  expect: {tier: review, true: [heart-failure, admitted-twice], unknown: [wishes]}
- person: the first stay a day too early
  on: 2026-11-03
  born: 1942-05-09
  events:
    - {list: heart-failure, on: 2015-01-01}
  encounters:
    - {class: IMP, method: emergency, on: 2026-05-03}
    - {class: IMP, method: emergency, on: 2026-11-03}
  expect: {tier: none, false: [admitted-twice]}
- person: two stays of which the record does not say how they began
  on: 2026-11-03
  born: 1942-05-09
  events:
    - {list: heart-failure, on: 2015-01-01}
  encounters:
    - {class: IMP, on: 2026-06-01}
    - {class: IMP, on: 2026-07-01}
  expect: {tier: none, unknown: [admitted-twice]}
- person: two emergency stays, and heart failure only dated after the day
  on: 2026-11-03
  born: 1942-05-09
  events:
    - {list: heart-failure, on: 2027-01-01}
  encounters:
    - {class: IMP, method: emergency, on: 2026-06-01}
    - {class: IMP, method: emergency, on: 2026-07-01}
  expect: {tier: none, unknown: [heart-failure]}
""",
    }


KIND = Kind(
    name="casefinding",
    title="case-finding pack",
    keys=frozenset({"about", "nightly", "criteria", "tiers", "published"}),
    needs=frozenset({"criteria"}),
    read=read,
    run_examples=run_examples,
    uses=uses,
    blank=blank,
)
