"""Taking a published code list into this site's own packs: OpenCodelists' CSV, or Ambit's own columns."""

import csv
import io
import shutil
from dataclasses import dataclass
from pathlib import Path

from ambit.design.refusals import Refused
from ambit.population.codelists.rules import POLARITIES, SNOMED, SYSTEMS, Code, CodeList, is_snomed_id

NAMES = {system: name for name, system in SYSTEMS.items()}
# how publishers head the column of the code and that of its words (OpenCodelists; NHS England's reference sets)
CODE_COLUMNS = ("code", "id", "snomedcode", "snomed_code", "conceptid", "concept_id", "dmd_id", "referencedcomponentid")
TERM_COLUMNS = ("term", "name", "description", "preferred term", "preferred_term", "conceptdescription")
MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class About:
    """What the pack says of itself."""

    id: str
    version: str
    title: str
    source: str
    licence: str
    replaces: bool  # stands in the place of the list of this id that Ambit ships


def read_published(text: str, *, system: str, polarity: str) -> tuple[Code, ...]:
    """Every code of the file; all that is wrong is told at once and then nothing is taken in."""
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    columns = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
    code_column = next((columns[name] for name in CODE_COLUMNS if name in columns), None)
    term_column = next((columns[name] for name in TERM_COLUMNS if name in columns), None)
    if code_column is None:
        raise Refused(f"No column holds the code: the first line must name one of {', '.join(CODE_COLUMNS)}.")
    problems: list[str] = []
    found: dict[tuple[str, str], Code] = {}
    for row in rows:
        code = (row.get(code_column) or "").strip()
        term = (row.get(term_column) or "").strip() if term_column else ""
        told = (row.get(columns.get("system", "")) or system).strip() if "system" in columns else system
        sense = (row.get(columns.get("polarity", "")) or polarity).strip() if "polarity" in columns else polarity
        address = SYSTEMS.get(told.lower(), told)
        line = f"line {rows.line_num}: "
        if not code:
            problems.append(line + "the code is empty.")
        elif address not in NAMES and "://" not in address:
            problems.append(line + f"the code system “{told}” is not known; write one of {', '.join(SYSTEMS)}.")
        elif address == SNOMED and not is_snomed_id(code):
            problems.append(line + f"{code} is not a SNOMED CT identifier. Was the file opened in a spreadsheet?")
        elif sense not in POLARITIES:
            problems.append(line + f"the sense “{sense}” is not known; write one of {', '.join(POLARITIES)}.")
        else:
            found.setdefault((address, code), Code(address, code, term or code, sense))
    if problems:
        more = f" And {len(problems) - MOST_TOLD} more." if len(problems) > MOST_TOLD else ""
        raise Refused("Nothing was imported. " + " ".join(problems[:MOST_TOLD]) + more)
    if not found:
        raise Refused("The file holds no codes.")
    return tuple(found[key] for key in sorted(found))


def difference(before: CodeList | None, after: tuple[Code, ...]) -> tuple[list[str], list[str]]:
    """Codes that are in `after` only, and in `before` only; a code in another sense counts as both."""
    old = {(c.system, c.code, c.polarity) for c in before.codes} if before else set()
    new = {(c.system, c.code, c.polarity) for c in after}
    return sorted(c[1] for c in new - old), sorted(c[1] for c in old - new)


def write_pack(folder: Path, about: About, codes: tuple[Code, ...]) -> None:
    """The pack's folder, there whole or not at all; an example of each sense keeps it checkable."""
    made = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    with (made / "codes.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["system", "code", "term", "polarity"])
        writer.writerows((NAMES.get(c.system, c.system), c.code, c.term, c.polarity) for c in codes)
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
    before = folder.with_name(f".{folder.name}.before")
    shutil.rmtree(before, ignore_errors=True)
    if folder.exists():
        folder.rename(before)
    made.rename(folder)
    shutil.rmtree(before, ignore_errors=True)


def _quoted(text: str) -> str:
    return '"' + " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"') + '"'
