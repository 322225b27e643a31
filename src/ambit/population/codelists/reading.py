"""The kind of pack “codelists”: pack.yaml and codes.csv (system, code, term, polarity)."""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from ambit.packs.kinds import Draft, Kind, Section
from ambit.packs.library import Library
from ambit.packs.reading import NotUnderstood, Place, Problem, listed, meant
from ambit.packs.rules import Pack
from ambit.population.codelists.rules import POLARITIES, SNOMED, SYSTEMS, Code, CodeList, is_snomed_id

COLUMNS = ["system", "code", "term", "polarity"]
WEIGHED = [*COLUMNS, "points"]
MOST_SHOWN = 500  # codes on a list's page


def read(draft: Draft) -> CodeList:
    """The list's codes, its parent's first; each row is checked, and a code may stand only once."""
    label = draft.label.replace("pack.yaml", "codes.csv")
    codes: dict[tuple[str, str], Code] = {}
    if draft.parent is not None:
        codes |= {(code.system, code.code): code for code in draft.parent.content.codes}

    def wrong(line: int, words: str) -> None:
        draft.problems.append(Problem(label, line, words))

    try:
        text = (draft.folder / "codes.csv").read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        wrong(1, f"The file is missing. Make it, with the columns {','.join(COLUMNS)}.")
        raise NotUnderstood(label) from None
    except UnicodeDecodeError as error:
        wrong(1, f"The file is not UTF-8 text (byte {error.start}). Save it as UTF-8.")
        raise NotUnderstood(label) from None
    rows = csv.DictReader(io.StringIO(text, newline=""))
    if rows.fieldnames not in (COLUMNS, WEIGHED):
        wrong(1, f"The first line must be “{','.join(COLUMNS)}”; it is “{','.join(rows.fieldnames or [])}”.")
        raise NotUnderstood(label)
    own: dict[tuple[str, str], int] = {}
    for row in rows:
        line = rows.line_num
        if None in row or None in row.values():
            wrong(line, f"This line does not have the four columns {listed(COLUMNS)}. Quote a term that holds a comma.")
            continue
        name, code, term, polarity = (row[column].strip() for column in COLUMNS)
        points = thousandths(row.get("points", "0"))
        system = SYSTEMS.get(name, name)
        if name not in SYSTEMS and "://" not in name and not name.startswith("urn:"):
            wrong(line, f"The system “{name}” is not known. {meant(name, SYSTEMS)} A full address may stand instead.")
        elif not code:
            wrong(line, "The code is empty.")
        elif system == SNOMED and not is_snomed_id(code):
            wrong(
                line,
                f"{code} is not a SNOMED CT identifier: its check digit is wrong. Look for a mistyped or cut digit.",
            )
        elif not term:
            wrong(line, f"The term of {code} is empty. Write what the code says.")
        elif polarity not in POLARITIES:
            wrong(line, f"The polarity “{polarity}” is not known. {meant(polarity, POLARITIES)}")
        elif points is None:
            wrong(line, f"The points of {code} must be a number with at most three decimals, as 2.4.")
        elif (system, code) in own:
            wrong(line, f"{code} stands already on line {own[system, code]}. Keep one.")
        else:
            own[system, code] = line
            codes[system, code] = Code(system, code, term, polarity, points if "points" in row else None)
    if not codes:
        wrong(1, "The list holds no codes.")
    awaits = draft.entries["awaits"].text(what="awaits") if "awaits" in draft.entries else ""
    return CodeList(draft.id, draft.entries["title"].text(), tuple(codes.values()), awaits)


def thousandths(written: str) -> int | None:
    try:
        number = Decimal(written.strip()) * 1000
    except InvalidOperation:
        return None
    return int(number) if number.is_finite() and number == int(number) and 0 <= number < 10_000_000 else None


def run_examples(pack: Pack, place: Place, library: Library) -> int:
    """Each example names a code and whether the list says “has” for it."""
    members = {code.code: code.polarity for code in pack.content.codes}
    ran = 0
    for example in place.items(what="examples"):
        entries = example.only((), required=("code", "expect"), what="an example")
        code = entries["code"].text(what="code")
        expected = entries["expect"].one_of((*POLARITIES, "absent"), what="expect")
        found = members.get(code, "absent")
        ran += 1
        if found != expected:
            example.note(f"For {code} the list says “{found}”, the example expects “{expected}”.")
    return ran


SENSES = {
    "has": "they have it", "offered": "it was offered", "declined": "they declined it", "discussed": "it was discussed",
    "reviewed": "it was reviewed",
}  # fmt: skip


def sections(pack: Pack, library: Library) -> Iterable[Section]:
    """Its codes with the sense of each, and which packs ask for it."""
    told: CodeList = pack.content
    names = {address: name for name, address in SYSTEMS.items()}
    weighed = any(code.points is not None for code in told.codes)
    rows = [
        (
            code.term, code.code, names.get(code.system, code.system), SENSES[code.polarity],
            *([f"{(code.points or 0) / 1000:g}"] if weighed else []),
        )
        for code in sorted(told.codes, key=lambda code: (code.polarity != "has", code.polarity, code.term.lower()))[:MOST_SHOWN]
    ]  # fmt: skip
    lead = told.awaits or f"{len(told.codes)} codes."
    if len(told.codes) > len(rows):
        lead += f" The first {len(rows)} are shown; `ambit codelists diff` and the file of the list have all."
    headings = ("Says", "Code", "System", "Means", *(("Points",) if weighed else ()))
    yield Section("Codes", lead, headings, tuple(rows))
    asking = [
        (one.title or one.id,)
        for one in library
        if one.kind != "codelists" and ("codelists", pack.id) in one.uses
    ]  # fmt: skip
    if asking:
        yield Section(
            "Who asks for it",
            "A sign-off of these counts only while this list stays as it is.",
            ("Pack",),
            tuple(asking),
        )


KIND = Kind(
    name="codelists",
    title="code list",
    keys=frozenset({"awaits"}),
    read=read,
    run_examples=run_examples,
    shows=sections,
    awaits=lambda content: content.awaits,
)
