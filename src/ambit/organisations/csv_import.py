"""The address book of a place from CSV files, all or nothing (`docs/running/organisations-csv.md`)."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from ambit.audit import actions as audit
from ambit.audit.rules import Reader
from ambit.design.refusals import Refused
from ambit.organisations import actions
from ambit.organisations.models import Membership, Organisation, Staff, Team
from ambit.organisations.rules import tidy_code, tidy_postcode

# which must be there, which may be there
type Columns = tuple[tuple[str, ...], tuple[str, ...]]

COLUMNS: dict[str, Columns] = {
    "organisations.csv": (
        ("code", "name", "kind"),
        ("part_of", "telephone", "address", "postcode", "opened_on", "closed_on"),
    ),
    "teams.csv": (("organisation", "name"), ("telephone", "hours")),
    "staff.csv": (
        ("email", "name", "organisation", "role", "from_on"),
        ("title", "telephone", "registration", "team", "until_on"),
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing in a file that cannot be taken in: where it is, what stands there, what to do."""

    file: str
    line: int
    value: str
    what_to_do: str
    column: str = ""


class CannotImport(Refused):
    """The files hold problems; nothing was stored."""

    def __init__(self, found: list[Problem]) -> None:
        self.found = found
        super().__init__(
            {"": [f"{p.file}, line {p.line}: {f'{p.value}: ' if p.value else ''}{p.what_to_do}" for p in found]}
        )


@dataclass(slots=True)
class Imported:
    """How many rows of each file were new, changed, or the same as before."""

    new: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)

    def count(self, file: str, outcome: str) -> None:
        counts: dict[str, int] = getattr(self, outcome)
        counts[file] = counts.get(file, 0) + 1

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file."""

    file: str
    line: int
    cells: Mapping[str, str]

    def day(self, column: str) -> date | None:
        text = self.cells.get(column, "")
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            raise Refused({column: "Write the day as year-month-day, like 2026-04-01."}) from None


SAVE_AS = "Save the file as CSV in UTF-8 (a spreadsheet calls it “CSV UTF-8”)."
# what files of other kinds begin with
NO_CSV = (
    (b"PK\x03\x04", f"This is a workbook, or an archive. {SAVE_AS}"),
    (b"\xd0\xcf\x11\xe0", f"This is an old workbook. {SAVE_AS}"),
    (b"%PDF", f"This is a PDF. Take the list from where it was made. {SAVE_AS}"),
    (b"\xff\xfe", f"This is written in UTF-16. {SAVE_AS}"),
    (b"\xfe\xff", f"This is written in UTF-16. {SAVE_AS}"),
)


def _no_csv(content: bytes) -> str:
    """What to do about a file that is no table with commas at all; "" where it may be one."""
    if not content.strip():
        return "The file is empty. Choose the file with the list in it."
    for begins, words in NO_CSV:
        if content.startswith(begins):
            return words
    heading = content.splitlines()[0]
    for mark, called in ((b";", "semicolons"), (b"\t", "tabs")):
        if mark in heading and b"," not in heading:
            return f"Between the columns are {called}. Save the file with commas."
    return ""


def read(file: str, content: bytes, columns: Columns) -> tuple[list[Row], list[Problem]]:
    """The rows of one CSV file, and what is wrong with the file itself."""
    must, may = columns
    if wrong := _no_csv(content):
        return [], [Problem(file, 1, "", wrong)]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        begins = content.rfind(b"\n", 0, error.start) + 1
        stands_there = content[begins:].splitlines()[0].decode("cp1252", "replace")[:60]
        return [], [
            Problem(file, line, stands_there, f"{SAVE_AS} The letters of this line are written in another way.")
        ]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    problems: list[Problem] = []
    try:
        heading = [cell.strip().lower() for cell in next(reader, [])]
        for name in must:
            if name not in heading:
                problems.append(Problem(file, 1, ",".join(heading), f"Add the column {name}."))
        for name in heading:
            if name not in must + may:
                problems.append(
                    Problem(file, 1, name, f"Remove or rename this column; known are {', '.join(must + may)}.")
                )
            if heading.count(name) > 1:
                problems.append(Problem(file, 1, name, "Keep one column of this name."))
        for cells in reader:
            line = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(heading):
                what_to_do = f"The line has {len(cells)} cells, the heading {len(heading)}. Make them equal."
                problems.append(Problem(file, line, ",".join(cells)[:60], what_to_do))
            else:
                rows.append(Row(file, line, dict(zip(heading, (cell.strip() for cell in cells), strict=True))))
    except csv.Error as error:
        problems.append(Problem(file, reader.line_num, str(error), "Mend the quotation marks on this line."))
    return (rows if not problems else []), problems


@transaction.atomic
def import_csv(*, by: Reader, files: Mapping[str, bytes]) -> Imported:
    """Take in organisations, then teams, then staff; every problem is told, nothing is half-saved.

    Rows and columns that are not in the files stay as they are: closing and ending are acts of their own.
    """
    by.must("edit_organisations")
    done = Imported()
    problems: list[Problem] = []
    for file, take in (("organisations.csv", _organisation), ("teams.csv", _team), ("staff.csv", _staff)):
        if file not in files:
            continue
        rows, wrong = read(file, files[file], COLUMNS[file])
        problems += wrong
        for row in _parents_first(rows) if file == "organisations.csv" else rows:
            problems += _tried(take, row, by, done)
    if problems:
        raise CannotImport(sorted(problems, key=lambda p: (list(COLUMNS).index(p.file), p.line)))
    audit.record(by=by, what="imported organisations", details=done.as_dict())
    return done


def _tried(take: Callable[[Reader, Row], str], row: Row, by: Reader, done: Imported) -> Iterator[Problem]:
    try:
        with transaction.atomic():
            done.count(row.file, take(by, row))
    except Refused as refused:
        for column, several in refused.problems.items():
            for words in several:
                yield Problem(row.file, row.line, row.cells.get(column, "") or column or "this line", words)


def _parents_first(rows: list[Row]) -> list[Row]:
    """The same rows, each after the one it is part of; rows of a ring keep their order and are refused."""
    waiting, ordered = list(rows), []
    codes = {tidy_code(row.cells["code"]) for row in rows}
    placed: set[str] = set()
    while waiting:
        ready = [
            row for row in waiting if (above := tidy_code(row.cells.get("part_of", ""))) not in codes or above in placed
        ] or waiting
        ordered += ready
        placed |= {tidy_code(row.cells["code"]) for row in ready}
        waiting = [row for row in waiting if row not in ready]
    return ordered


def _organisation(by: Reader, row: Row) -> str:
    cells = row.cells
    said: dict[str, Any] = _said(row, "name", "kind", "telephone", "address")
    if "part_of" in cells:
        said["part_of"] = tidy_code(cells["part_of"])
    if "postcode" in cells:
        said["postcode"] = tidy_postcode(cells["postcode"])
    if "opened_on" in cells:
        said["opened_on"] = row.day("opened_on")
    closed_on = row.day("closed_on")
    known = Organisation.objects.select_related("part_of").filter(code=tidy_code(cells["code"])).first()
    if known is None:
        actions.open_organisation(by=by, code=cells["code"], closed_on=closed_on, **said)
        return "new"
    now = {name: getattr(known, name) for name in ("name", "kind", "telephone", "address", "postcode", "opened_on")}
    now["part_of"] = known.part_of.code if known.part_of else ""
    outcome = "unchanged"
    if now | said != now:
        actions.edit_organisation(by=by, organisation_id=known.pk, **(now | said))
        outcome = "changed"
    if closed_on and closed_on != known.closed_on:
        actions.close_organisation(by=by, organisation_id=known.pk, on=closed_on)
        outcome = "changed"
    return outcome


def _said(row: Row, *columns: str) -> dict[str, str]:
    return {name: row.cells[name] for name in columns if name in row.cells}


def _known_organisation(row: Row) -> Organisation:
    code = tidy_code(row.cells["organisation"])
    organisation = Organisation.objects.filter(code=code).first()
    if organisation is None:
        raise Refused({"organisation": "No organisation has this code. Add it to organisations.csv, or correct it."})
    return organisation


def _team(by: Reader, row: Row) -> str:
    organisation = _known_organisation(row)
    said = _said(row, "telephone", "hours")
    known = Team.objects.filter(organisation=organisation, name=row.cells["name"]).first()
    if known is None:
        actions.add_team(by=by, organisation_id=organisation.pk, name=row.cells["name"], **said)
        return "new"
    now = {"telephone": known.telephone, "hours": known.hours}
    if now | said == now:
        return "unchanged"
    actions.edit_team(by=by, team_id=known.pk, **(now | said))
    return "changed"


def _staff(by: Reader, row: Row) -> str:
    organisation = _known_organisation(row)
    team = None
    if name := row.cells.get("team", ""):
        team = Team.objects.filter(organisation=organisation, name=name).first()
        if team is None:
            raise Refused({"team": f"{organisation.name} has no team of this name. Add it to teams.csv."})
    from_on, until_on = row.day("from_on"), row.day("until_on")
    if from_on is None:
        raise Refused({"from_on": "Write the first day of the role, like 2026-04-01."})
    said = _said(row, "name", "title", "telephone", "registration")
    outcome = "unchanged"
    staff = Staff.objects.filter(email=row.cells["email"].lower()).first()
    if staff is None:
        staff = actions.add_staff(by=by, email=row.cells["email"], **said)
        outcome = "new"
    else:
        now = {name: getattr(staff, name) for name in ("name", "title", "telephone", "registration")}
        if now | said != now:
            actions.edit_staff(by=by, staff_id=staff.pk, **(now | said))
            outcome = "changed"
    role = row.cells["role"]
    held = Membership.objects.filter(
        staff=staff, organisation=organisation, team=team, role=role, from_on=from_on
    ).first()
    if held is None:
        actions.give_membership(
            by=by,
            staff_id=staff.pk,
            organisation_id=organisation.pk,
            team_id=team.pk if team else None,
            role=role,
            from_on=from_on,
            until_on=until_on,
        )
        return "new"
    if until_on and held.until_on is None:
        actions.end_membership(by=by, membership_id=held.pk, on=until_on)
        return "changed"
    return outcome
