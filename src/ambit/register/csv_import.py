"""An existing register or EPaCCS list from a CSV file, all or nothing (`docs/running/register-csv.md`)."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction

from ambit.access.queries import Person, Reader, people_of
from ambit.audit import actions as audit
from ambit.design.refusals import Refused
from ambit.organisations.csv_import import CannotImport, Columns, Problem, Row, read
from ambit.organisations.models import Organisation
from ambit.organisations.rules import tidy_code
from ambit.people.actions import admit
from ambit.people.rules import Identity
from ambit.register import rules
from ambit.register.actions import add_to_register
from ambit.register.models import RegisterEntry

COLUMNS: Columns = (
    ("nhs_number", "family_name", "given_names", "born_on"),
    ("practice", "stage", "joined_on", "review_due_on", "told", "source", "reason"),
)
ADDED, ALREADY = "added", "already"
# what begins with one of these is a formula to a spreadsheet, and no name, number or day
FORMULAS = ("=", "@")
OUTCOMES = {ADDED: "Joins the register", ALREADY: "On the register already, left as it is"}


@dataclass(frozen=True, slots=True)
class Taken:
    """What becomes of one line of the file."""

    line: int
    name: str
    nhs_number: str
    stage: str
    joined_on: date
    outcome: str

    @property
    def in_words(self) -> str:
        return OUTCOMES[self.outcome]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of every line; `stored` is False for a preview."""

    rows: tuple[Taken, ...]
    stored: bool

    @property
    def added(self) -> int:
        return sum(row.outcome == ADDED for row in self.rows)

    @property
    def already(self) -> int:
        return sum(row.outcome == ALREADY for row in self.rows)

    @property
    def in_words(self) -> str:
        """What happened, or would, in one sentence: on the page as on the command line."""
        would = "joined" if self.stored else "would join"
        return f"{self.added} {would} the register. On it already, left as they are: {self.already}"

    def as_dict(self) -> dict[str, Any]:
        rows = [asdict(row) | {"joined_on": row.joined_on.isoformat()} for row in self.rows]
        return {"stored": self.stored, "added": self.added, "already": self.already, "rows": rows}


def nothing_stored(problems: int) -> str:
    """What is said of a file that cannot be taken in: on the page as on the command line."""
    return f"Nothing was stored: {problems} to put right"


@transaction.atomic
def import_register(*, by: Reader, file: str, content: bytes, on: date, preview: bool = False) -> Imported:
    """Put everybody in the file on the register; every problem is told by its line, and then nothing is stored.

    Nothing that is in Ambit already is changed: somebody on the register stays as they are. `preview` tells the same
    and stores nothing.
    """
    by.must("add_to_register")
    by.must("admit_people")
    rows, problems = read(file, content, COLUMNS)
    lines: dict[str, int] = {}
    taken: list[Taken] = []
    with transaction.atomic():
        for row in rows:
            number = "".join(row.cells["nhs_number"].split())
            if first := lines.get(number):
                problems.append(
                    Problem(file, row.line, number, f"This number is on line {first} too. Keep one line.", "nhs_number")
                )
                continue
            lines[number] = row.line
            try:
                with transaction.atomic():
                    taken.append(_taken(by, row, on=on))
            except Refused as refused:
                for column, several in refused.problems.items():
                    where = column.removesuffix("_id")
                    value = row.cells.get(where, "") or row.cells["nhs_number"]
                    problems += [
                        Problem(file, row.line, value, words, where if where in row.cells else "") for words in several
                    ]
        if problems:
            raise CannotImport(sorted(problems, key=lambda problem: problem.line))
        if preview:
            transaction.set_rollback(True)
    done = Imported(tuple(taken), stored=not preview)
    what = "looked at a register before bringing it in" if preview else "brought in a register"
    audit.record(by=by, what=what, details={"file": file, "added": done.added, "already": done.already})
    return done


def _taken(by: Reader, row: Row, *, on: date) -> Taken:
    cells = row.cells
    stage = rules.stage_named(cells.get("stage", ""))
    told = rules.yes_or_no(cells.get("told", ""))
    problems: dict[str, str | list[str]] = {}
    days: dict[str, date | None] = {}
    for column in ("born_on", "joined_on", "review_due_on"):
        try:
            days[column] = row.day(column)
        except Refused as refused:
            problems |= refused.problems
    joined_on = days.get("joined_on") or on
    if stage is None:
        problems["stage"] = f"Write one of {', '.join(rules.STAGE_NAMES)}, or leave it empty."
    if told is None:
        problems["told"] = "Write yes or no: does the person know?"
    if joined_on > on:
        problems["joined_on"] = f"Write a day not after today, {on.isoformat()}."
    if days.get("born_on") is None and "born_on" not in problems:
        problems["born_on"] = "Write the date of birth, like 1943-03-14."
    formulas = [name for name, value in cells.items() if value.startswith(FORMULAS)]
    problems |= dict.fromkeys(formulas, "This is a formula. Write the value itself.")
    if problems or stage is None or told is None:
        raise Refused(problems)
    person = _person(by, row)
    known = RegisterEntry.objects.filter(person=person, joined_on__gte=joined_on).exists()
    known = known or RegisterEntry.objects.filter(person=person, left_on=None).exists()
    if not known:
        source = f"From {cells['source']}." if cells.get("source") else "From an imported register."
        add_to_register(
            by=by,
            person=person,
            on=joined_on,
            found_by=rules.IMPORTED,
            stage=stage,
            reason=f"{source} {cells.get('reason', '')}".strip(),
            told=told,
            review_due_on=days["review_due_on"],
        )
    name = f"{person.family_name.upper()}, {person.given_names}"
    outcome = ALREADY if known else ADDED
    return Taken(row.line, name, cells["nhs_number"], rules.STAGES[stage], joined_on, outcome)


def _person(by: Reader, row: Row) -> Person:
    """The person with this number, name and birth date, admitted when nobody has the number; never another's record."""
    practice = None
    if code := tidy_code(row.cells.get("practice", "")):
        practice = Organisation.objects.filter(code=code, kind=Organisation.Kind.PRACTICE).first()
        if practice is None:
            raise Refused({"practice": "No practice here has this code. Correct it, or leave it empty."})
    person = admit(
        by=by,
        identity=Identity(
            family_name=row.cells["family_name"],
            given_names=row.cells["given_names"],
            born_on=row.day("born_on"),
            nhs_number=row.cells["nhs_number"],
            practice_id=practice.id if practice else None,
        ),
    )
    if by.organisation_id and not people_of(by).filter(pk=person.pk).exists():
        raise Refused("Somebody here has this number and nothing ties you to them. Ask their practice to add them.")
    return person
