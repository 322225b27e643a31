"""Twelve test rules as packs, as a site would write them. Their thresholds are for measuring, not clinical advice."""

import re
from pathlib import Path
from typing import Any

import duckdb

from ambit.packs.library import Library
from ambit.packs.rules import Pack
from ambit.population.codelists.rules import CodeList
from ambit.population.search.criteria import SearchPack, lists_of

SYSTEM = "http://example.org/bench"
DEFICITS, CHRONIC = 36, 20

HEADER = """id: {id}
version: "1"
title: "{id}"
source: made up, to measure
licence: MIT
reviewer: ""
review_date: ""
criteria:
{criteria}
tiers:
  - {{name: found, says: Found, when: found}}
"""


def _ever(lists: str) -> str:
    return f'recorded: {{codes: {lists}, within: ever, absence: "false"}}'


def _deficits(at_least: int) -> str:
    names = ", ".join(f"efi-{n:02d}" for n in range(1, DEFICITS + 1))
    return f'recorded: {{codes: [{names}], within: ever, at_least: {at_least}, of: lists, absence: "false"}}'


def _chronic(at_least: int) -> str:
    names = ", ".join(f"chr-{n:02d}" for n in range(1, CHRONIC + 1))
    return f'recorded: {{codes: [{names}], within: ever, at_least: {at_least}, of: lists, absence: "false"}}'


def _unplanned(months: int) -> str:
    return f"encounters: {{count: [{{class: [IMP], method: [emergency]}}], at_least: 2, of: records, within: {months} months}}"


def _infections(days: int) -> str:
    return f'recorded: {{codes: infection, within: 12 months, at_least: {days}, of: days, absence: "false"}}'


CARE_HOME = 'after: {codes: carehome, than: ownhome, within: ever, absence: "false", same_day: false}'
WEIGHT_LOSS = 'change: {codes: weight, unit: "1", falls_by: more than 10%, within: 184 days, from_latest: true, latest_within: 183 days}'
LOW_ALBUMIN = 'latest: {codes: albumin, unit: "1", below: 30, within: 12 months, ties: lowest}'

# in each, the criterion “found” says who is found; the made-up values have no units, hence UCUM's “1”
RULES: dict[str, dict[str, str]] = {
    "r01": {"old": "age: {at_least: 75}", "deficits": _deficits(13), "found": "all: [old, deficits]"},
    "r02": {"found": _unplanned(6)},
    "r03": {
        "copd": _ever("copd"),
        "oxygen": 'recorded: {codes: oxygen, within: 24 months, absence: "false"}',
        "found": "all: [copd, oxygen]",
    },
    "r04": {"found": 'latest: {codes: egfr, unit: "1", below: 15, within: ever, ties: lowest}'},
    "r05": {"found": WEIGHT_LOSS},
    "r06": {"found": 'after: {codes: cancer, than: remission, within: ever, absence: "false", same_day: false}'},
    "r07": {
        "old": "age: {at_least: 65}",
        "dementia": _ever("dementia"),
        "infections": _infections(2),
        "found": "all: [old, dementia, infections]",
    },
    "r08": {
        "failure": _ever("hf"),
        "peptide": 'latest: {codes: bnp, unit: "1", above: 2000, within: ever, ties: lowest}',
        "admitted": _unplanned(12),
        "found": "all: [failure, {any: [peptide, admitted]}]",
    },
    "r09": {"home": CARE_HOME, "deficits": _deficits(9), "found": "all: [home, deficits]"},
    "r10": {
        "adult": "age: {at_least: 18}",
        "chronic": _chronic(6),
        "albumin": LOW_ALBUMIN,
        "found": "all: [adult, chronic, albumin]",
    },
    "r11": {
        "admitted": _unplanned(6),
        "deficits": _deficits(9),
        "home": CARE_HOME,
        "lighter": WEIGHT_LOSS,
        "albumin": LOW_ALBUMIN,
        "infected": _infections(1),
        "found": "at_least: {k: 3, of: [admitted, deficits, home, lighter, albumin, infected]}",
    },
}
RULES["r12"] = {
    "any-rule": "any: [" + ", ".join(f"{{found_by: {{pack: {name}}}}}" for name in RULES) + "]",
    "palliative": _ever("palliative"),
    "found": "all: [any-rule, {not: palliative}]",
}


def write(folder: Path, data: Path) -> Library:
    """The twelve packs and the made-up code lists as a folder of packs, read as any other."""
    for name, criteria in RULES.items():
        told = "".join(f"  {one}:\n    says: {one}\n    {asked}\n" for one, asked in criteria.items())
        _write(folder / "casefinding" / name / "pack.yaml", HEADER.format(id=name, criteria=told.rstrip()))
    con = duckdb.connect()
    rows: dict[str, list[str]] = {}
    for name, code in con.execute(f"SELECT list, code FROM '{data}/codelist.parquet' ORDER BY ALL").fetchall():
        rows.setdefault(name.replace("_", "-"), []).append(str(code))
    con.close()
    for name, codes in rows.items():
        about = re.sub(r"criteria:.*", "", HEADER, flags=re.DOTALL).format(id=name)
        _write(folder / "codelists" / name / "pack.yaml", about)
        lines = ["system,code,term,polarity", *(f"{SYSTEM},{code},{name},has" for code in dict.fromkeys(codes))]
        _write(folder / "codelists" / name / "codes.csv", "\n".join(lines) + "\n")
    return Library({"bench": folder})


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def read(folder: Path, data: Path) -> tuple[list[SearchPack], dict[str, CodeList]]:
    library = write(folder, data)
    packs = [_content(library.get("casefinding", name)) for name in RULES]
    names = {name for pack in packs for name in lists_of(pack)}
    return packs, {name: _content(library.get("codelists", name)) for name in sorted(names)}


def _content(pack: Pack | None) -> Any:
    if pack is None or pack.content is None:
        raise ValueError([str(problem) for problem in pack.problems] if pack else "missing")
    return pack.content
