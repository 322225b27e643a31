"""Taking a published code list into this site's own packs, as OpenCodelists, NHS England, FHIR servers and HDR UK publish them."""

import csv
import io
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ambit.design.refusals import Refused
from ambit.population.codelists.reading import thousandths
from ambit.population.codelists.rules import POLARITIES, SNOMED, SYSTEMS, Code, CodeList, is_snomed_id

NAMES = {system: name for name, system in SYSTEMS.items()}
# how publishers head the columns (OpenCodelists; NHS England's clusters and reference sets; HDR UK's phenotypes; RF2)
CODE_COLUMNS = (
    "code", "id", "snomedcode", "snomed_code", "conceptid", "concept_id", "dmd_id", "icd10_code", "referencedcomponentid",
)  # fmt: skip
TERM_COLUMNS = (
    "term", "name", "description", "preferred term", "preferred_term", "conceptdescription", "snomed_code_description",
    "icd_description",
)  # fmt: skip
SYSTEM_COLUMNS = ("system", "coding_system", "code_type")
SET_COLUMNS = ("refsetid", "pcd_refset_id", "cluster_id")
# how HDR UK's phenotypes name a code system
SYSTEM_NAMES = {
    "snomed ct codes": "snomed", "snomed ct": "snomed", "icd10 codes": "icd10", "icd-10": "icd10", "read codes v2": "read2",
    "read codes v3": "ctv3", "dm+d codes": "dmd",
}  # fmt: skip
MOST_TOLD = 20
VERSIONS = ".versions"  # beside a site's lists: the codes of those that others have taken the place of


@dataclass(frozen=True, slots=True)
class About:
    """What the pack says of itself."""

    id: str
    version: str
    title: str
    source: str
    licence: str
    replaces: bool  # stands in the place of the list of this id that Ambit ships


@dataclass(frozen=True, slots=True)
class Published:
    """One code as a publisher writes it, and where it stands in the file."""

    where: str
    code: str
    term: str
    system: str
    polarity: str
    points: str | None


def read_published(text: str, *, system: str, polarity: str, refset: str = "") -> tuple[Code, ...]:
    """Every code of the file; all that is wrong is told at once and then nothing is taken in."""
    told = text.removeprefix("\ufeff")
    rows = _value_set(told, polarity) if told.lstrip().startswith("{") else _table(told, system, polarity, refset)
    problems: list[str] = []
    found: dict[tuple[str, str], Code] = {}
    for row in rows:
        named = SYSTEM_NAMES.get(row.system.lower(), row.system.lower())
        address = SYSTEMS.get(named, row.system)
        points = thousandths(row.points) if row.points is not None else None
        code = Code(address, row.code, row.term or row.code, row.polarity, points)
        other = found.get((address, row.code))
        if not row.code:
            problems.append(f"{row.where}: the code is empty.")
        elif address not in NAMES and "://" not in address:
            known = ", ".join(SYSTEMS)
            problems.append(f"{row.where}: the code system “{row.system}” is not known; write one of {known}.")
        elif address == SNOMED and not is_snomed_id(row.code):
            problems.append(
                f"{row.where}: {row.code} is not a SNOMED CT identifier. Was the file opened in a spreadsheet?"
            )
        elif row.polarity not in POLARITIES:
            known = ", ".join(POLARITIES)
            problems.append(f"{row.where}: the sense “{row.polarity}” is not known; write one of {known}.")
        elif row.points is not None and points is None:
            problems.append(f"{row.where}: the points “{row.points}” are not a number with at most three decimals.")
        elif other and (other.polarity, other.points) != (code.polarity, code.points):
            problems.append(
                f"{row.where}: {row.code} stands in the file before, in another sense or with other points."
            )
        else:
            found.setdefault((address, row.code), code)
    if problems:
        more = f" And {len(problems) - MOST_TOLD} more." if len(problems) > MOST_TOLD else ""
        raise Refused("Nothing was imported. " + " ".join(problems[:MOST_TOLD]) + more)
    if not found:
        raise Refused("The file holds no codes.")
    return tuple(found[key] for key in sorted(found))


def _table(text: str, system: str, polarity: str, refset: str) -> Iterator[Published]:
    """A table with commas, or with tabs as NHS England and SNOMED International publish reference sets."""
    tabs = "\t" in text.partition("\n")[0]
    lines = io.StringIO(text, newline="")
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if tabs else csv.DictReader(lines)
    columns = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
    # RF2 names each line of a reference set "id": the code is the component it refers to
    codes = CODE_COLUMNS[::-1] if "referencedcomponentid" in columns else CODE_COLUMNS
    code_column = _first(columns, codes)
    if not code_column:
        raise Refused(f"No column holds the code: the first line must name one of {', '.join(CODE_COLUMNS)}.")
    term_column, system_column = _first(columns, TERM_COLUMNS), _first(columns, SYSTEM_COLUMNS)
    set_columns = [columns[name] for name in SET_COLUMNS if name in columns]
    sets: set[str] = set()

    def cell(row: Mapping[str, str], column: str) -> str:
        return (row.get(column) or "").strip()

    for row in rows:
        if "active" in columns and cell(row, columns["active"]) == "0":
            continue
        here = [cell(row, column) for column in set_columns]
        if refset and refset not in here:
            continue
        sets |= set(here[:1])
        if not refset and len(sets) > 1:
            one, other = sorted(sets)[:2]
            raise Refused(f"The file holds several sets, as {one} and {other}. Name one with --refset.")
        yield Published(
            f"line {rows.line_num}", cell(row, code_column), cell(row, term_column), cell(row, system_column) or system,
            cell(row, columns.get("polarity", "")) or polarity,
            cell(row, columns["points"]) if "points" in columns else None,
        )  # fmt: skip


def _first(columns: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((columns[name] for name in names if name in columns), "")


def _value_set(text: str, polarity: str) -> Iterator[Published]:
    """A FHIR ValueSet as a terminology server expands it, or one that lists its codes itself."""
    try:
        told = json.loads(text)
    except json.JSONDecodeError as error:
        raise Refused(f"The file is not JSON: {error.msg} (line {error.lineno}). Is it cut short?") from error
    if told.get("resourceType") != "ValueSet":
        raise Refused(f"The file is a {told.get('resourceType') or 'JSON object'}, not a FHIR ValueSet.")
    expansion = told.get("expansion")
    if expansion is not None:
        total = expansion.get("total")
        contained = list(_contained(expansion.get("contains", ())))
        if total is not None and total > len(contained):
            raise Refused(
                f"The expansion holds {len(contained)} of {total} codes. Ask the server for all of them (without “count”)."
            )
        several = [(one, one.get("system", "")) for one in contained if not one.get("abstract")]
    else:
        included = told.get("compose", {}).get("include", ())
        if any("filter" in one or "valueSet" in one for one in included):
            raise Refused(
                "This ValueSet says how its codes are found, not which they are. Expand it with $expand first."
            )
        several = [(one, include.get("system", "")) for include in included for one in include.get("concept", ())]
    for number, (one, system) in enumerate(several, 1):
        yield Published(f"code {number}", one.get("code", ""), one.get("display", ""), system, polarity, None)


def _contained(several: Any) -> Iterator[dict[str, Any]]:
    for one in several:
        yield one
        yield from _contained(one.get("contains", ()))


def difference(before: CodeList | None, after: tuple[Code, ...]) -> tuple[list[str], list[str]]:
    """Codes that are in `after` only, and in `before` only; a code in another sense, or with other points, counts as both."""
    old = {(c.system, c.code, c.polarity, c.points) for c in before.codes} if before else set()
    new = {(c.system, c.code, c.polarity, c.points) for c in after}
    return sorted(c[1] for c in new - old), sorted(c[1] for c in old - new)


def write_pack(folder: Path, about: About, codes: tuple[Code, ...], *, before: str = "") -> None:
    """The pack's folder, there whole or not at all; an example of each sense keeps it checkable.

    The codes of the version `before` are kept aside, so that the two can be compared.
    """
    made = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    weighed = any(c.points is not None for c in codes)
    with (made / "codes.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["system", "code", "term", "polarity", *(["points"] if weighed else [])])
        for c in codes:
            points = [f"{(c.points or 0) / 1000:g}"] if weighed else []
            writer.writerow([NAMES.get(c.system, c.system), c.code, c.term, c.polarity, *points])
    lines = {
        "id": about.id, "version": about.version, "title": about.title, "source": about.source, "licence": about.licence,
        "reviewer": "", "review_date": "",
    }  # fmt: skip
    if about.replaces:
        lines["replaces"] = about.id
    (made / "pack.yaml").write_text("".join(f"{key}: {_quoted(value)}\n" for key, value in lines.items()), "utf-8")
    firsts = {c.polarity: c.code for c in reversed(codes)}
    (made / "examples.yaml").write_text(
        "".join(f"- {{code: {_quoted(code)}, expect: {sense}}}\n" for sense, code in sorted(firsts.items())), "utf-8"
    )
    old = folder.with_name(f".{folder.name}.before")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        kept = folder.parent / VERSIONS / f"{about.id}@{before}.csv"
        kept.parent.mkdir(exist_ok=True)
        shutil.copyfile(folder / "codes.csv", kept)
        folder.rename(old)
    made.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _quoted(text: str) -> str:
    return '"' + " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"') + '"'
