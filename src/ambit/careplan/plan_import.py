"""Plans kept elsewhere (an EPaCCS before this one) from a CSV or JSON file, all or nothing (`docs/running/plans-import.md`)."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from ambit.access.queries import Person, Reader, people_of
from ambit.audit import actions as audit
from ambit.audit.rules import NotAllowed
from ambit.careplan import queries, registry, rules
from ambit.careplan.actions import CPRForm, bring_in_section, record_directive, transcribe_cpr_form
from ambit.careplan.models import CPRDecision, Directive
from ambit.design.refusals import Refused
from ambit.organisations.csv_import import CannotImport, Columns, Problem, read
from ambit.packs.reading import meant

COLUMNS: Columns = (
    ("nhs_number", "born_on", "section", "item", "value"),
    ("row", "written_by", "role", "organisation", "written_on"),
)
FORMULAS: Final = ("=", "@")
NAMESPACE: Final = UUID("5a2b4c1e-6d0f-4b5e-9a47-2c1d9e7f3b60")
"""What names a form that comes from elsewhere, so that the same one is one however often it is brought in."""
ADDED, ALREADY, LEFT = "added", "already", "left"
OUTCOMES: Final = {
    ADDED: "Brought in",
    ALREADY: "Here already, the same",
    LEFT: "Written here already: left as it is, and not brought in",
}
_FORMS: Final = {
    "cpr": frozenset(CPRForm.__dataclass_fields__) | {"signature_seen"},
    "advance_decision": frozenset(
        {"made_on", "form", "treatments", "other_treatments", "circumstances", "in_writing", "signed", "at_risk", "witnessed",
         "witness", "paper_at", "seen"}
    ),
}  # fmt: skip


@dataclass(slots=True)
class Part:
    """One section of one person as the file gives it: its items, whose words they are, and where in the file it stands."""

    line: int
    nhs_number: str
    born_on: str
    section: str
    written_by: str = ""
    role: str = ""
    organisation: str = ""
    written_on: str = ""
    items: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """What becomes of one section."""

    line: int
    name: str
    nhs_number: str
    section: str
    written_by: str
    outcome: str

    @property
    def in_words(self) -> str:
        return OUTCOMES[self.outcome]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of every section; `stored` is False for a preview."""

    rows: tuple[Taken, ...]
    stored: bool

    def count(self, outcome: str) -> int:
        return sum(row.outcome == outcome for row in self.rows)

    @property
    def added(self) -> int:
        return self.count(ADDED)

    @property
    def in_words(self) -> str:
        """What happened, or would, in one sentence: on the page as on the command line."""
        were = "were" if self.stored else "would be"
        return (
            f"{self.added} parts of plans {were} brought in. Here already: {self.count(ALREADY)}. "
            f"Left as they are here: {self.count(LEFT)}"
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "stored": self.stored,
            "added": self.added,
            "already": self.count(ALREADY),
            "left": self.count(LEFT),
            "rows": [asdict(row) for row in self.rows],
        }


def nothing_stored(problems: int) -> str:
    """What is said of a file that cannot be taken in: on the page as on the command line."""
    return f"Nothing was stored: {problems} to put right"


@transaction.atomic
def import_plans(*, by: Reader, file: str, content: bytes, source: str, on: date, preview: bool = False) -> Imported:
    """Bring in the plans of a file; every problem is told by its place, and then nothing is stored.

    Words keep their author and day, and say which system they come from. A section that is written here already is left as
    it is. CPR forms and advance decisions come in as reported. `preview` tells the same and stores nothing.
    """
    by.must("edit_plan")
    if not source.strip():
        raise Refused({"source": "Write which system the plans come from."})
    parts, problems = _json_parts(file, content) if file.lower().endswith(".json") else _csv_parts(file, content)
    taken: list[Taken] = []
    with transaction.atomic():
        for part in parts:
            try:
                with transaction.atomic():
                    taken.append(_taken(by, part, source=f"{source.strip()} ({file})", on=on))
            except (Refused, NotAllowed) as refused:
                told = refused.problems if isinstance(refused, Refused) else {"section": [str(refused)]}
                problems += [
                    Problem(file, part.line, str(part.items.get(column, getattr(part, column, "")))[:60], words, column)
                    for column, several in told.items()
                    for words in several
                ]
        if problems:
            raise CannotImport(sorted(problems, key=lambda problem: problem.line))
        if preview:
            transaction.set_rollback(True)
    done = Imported(tuple(taken), stored=not preview)
    what = "looked at plans before bringing them in" if preview else "brought in plans"
    audit.record(by=by, what=what, details={"file": file, "source": source, "added": done.added})
    return done


# ---- reading ----


def _csv_parts(file: str, content: bytes) -> tuple[list[Part], list[Problem]]:
    """One line an item (a part of a row has `section.item/part` and the number of its row); lines of one section are one part."""
    rows, problems = read(file, content, COLUMNS)
    parts: dict[tuple[str, str, str], Part] = {}
    for row in rows:
        cells = row.cells
        formulas = [name for name, value in cells.items() if value.startswith(FORMULAS)]
        problems += [
            Problem(file, row.line, cells[name], "This is a formula. Write the value itself.", name)
            for name in formulas
        ]
        # a line with another date of birth is another person's until somebody has looked (hazard H11)
        key = ("".join(cells["nhs_number"].split()), cells["born_on"], cells["section"])
        told: dict[str, Any] = {
            name: cells.get(name, "") for name in ("written_by", "role", "organisation", "written_on")
        }
        part = parts.setdefault(key, Part(row.line, key[0], cells["born_on"], cells["section"], **told))
        item, _, piece = cells["item"].partition("/")
        if not piece:
            given = cells["value"]
            part.items[item] = [*_listed(part.items[item]), given] if item in part.items else given
            continue
        number = cells.get("row", "")
        if not number.isdecimal() or not 1 <= int(number) <= 50:
            problems.append(Problem(file, row.line, number, "Write the number of the row, from 1.", "row"))
            continue
        several = part.items.setdefault(item, [])
        several += [{} for _ in range(int(number) - len(several))]
        several[int(number) - 1][piece] = cells["value"]
    return list(parts.values()), problems


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _json_parts(file: str, content: bytes) -> tuple[list[Part], list[Problem]]:
    """`{"plans": [{"nhs_number", "born_on", "sections": [{"section", "written_by", …, "items": {…}}]}]}`."""
    try:
        said = json.loads(content)
        plans = said["plans"]
        found = [
            Part(
                line=number,
                nhs_number="".join(str(plan["nhs_number"]).split()),
                born_on=str(plan["born_on"]),
                section=str(section["section"]),
                written_by=str(section.get("written_by", "")),
                role=str(section.get("role", "")),
                organisation=str(section.get("organisation", "")),
                written_on=str(section.get("written_on", "")),
                items=dict(section["items"]),
            )
            for number, plan in enumerate(plans, start=1)
            for section in plan["sections"]
        ]
    except (ValueError, KeyError, TypeError, UnicodeDecodeError) as error:
        words = "This is not the layout of plans: see docs/running/plans-import.md."
        return [], [Problem(file, 1, f"{type(error).__name__}: {error}"[:60], words)]
    return found, []


# ---- one section ----


def _taken(by: Reader, part: Part, *, source: str, on: date) -> Taken:
    person = _person(by, part)
    written_on = _day(part.written_on, "written_on")
    if not part.written_by.strip():
        raise Refused({"written_by": "Write whose words these are."})
    if written_on and written_on > on:
        raise Refused({"written_on": f"Write a day not after today, {on.isoformat()}."})
    section = registry.section(part.section)
    if section is None or (section.decision and section.decision not in _FORMS):
        known = [s.id for s in registry.plan().sections() if not s.decision or s.decision in _FORMS]
        raise Refused({"section": f"The plan has no such section. {meant(part.section, known)}".strip()})
    if section.decision:
        outcome = _form(by, person, part, section.decision, source=source, on=on)
    else:
        outcome = _section(by, person, part, section, written_on=written_on, source=source, on=on)
    name = f"{person.family_name.upper()}, {person.given_names}"
    return Taken(part.line, name, part.nhs_number, section.title, part.written_by, outcome)


def _person(by: Reader, part: Part) -> Person:
    """Somebody here with this number and birth date, whom the reader may see; nobody is admitted by a plan."""
    born_on = _day(part.born_on, "born_on")
    here = Person.objects.all() if by.account_id is None else people_of(by)
    person = here.filter(numbers__value=part.nhs_number, numbers__is_current=True, merged_into=None).first()
    if person is None:
        raise Refused({"nhs_number": "Nobody of your people has this number. Admit them, or correct it."})
    if person.born_on != born_on:
        raise Refused({"born_on": "The record has another date of birth. Check that it is the same person."})
    return person


def _section(
    by: Reader, person: Person, part: Part, section: rules.Section, *, written_on: date | None, source: str, on: date
) -> str:
    given = {name: _typed(section, name, value) for name, value in part.items.items()}
    # judged on the day it was written: a day that was to come then may have passed
    checked = rules.check(section, given, on=written_on or on)
    problems = {name: words for name, words in checked.problems.items() if _was_given(name, given)}
    if problems:
        raise Refused(problems)
    if not checked.content:
        raise Refused({"value": "Nothing is written in this section."})
    last = queries.versions_of(person.id, section.id)
    if any(fact.content == checked.content for fact in last):
        return ALREADY
    if last:
        return LEFT
    bring_in_section(
        by=by,
        person=person,
        section=section,
        content=checked.content,
        written_by=part.written_by.strip(),
        role=part.role.strip(),
        organisation=part.organisation.strip(),
        written_at=timezone.make_aware(datetime.combine(written_on, time(12))) if written_on else None,
        source=source,
    )
    return ADDED


def _typed(section: rules.Section, name: str, value: Any) -> Any:
    """An answer as the rules read it: several answers are a list also when the file gave one."""
    item = next((one for one in section.items if one.id == name), None)
    if item is None:
        raise Refused(
            {name: f"“{name}” is not part of {section.title}. {meant(name, [i.id for i in section.items])}".strip()}
        )
    return _listed(value) if item.type in (rules.CHOICES, rules.ROWS) else value


def _was_given(path: str, given: Mapping[str, Any]) -> bool:
    """Whether a problem is about something the file says; what it leaves out is left out, never refused."""
    item, _, rest = path.partition("__")
    if not rest:
        return given.get(item) not in (None, "", [])
    number, _, piece = rest.partition("__")
    rows = given.get(item) or []
    return int(number) < len(rows) and rows[int(number)].get(piece) not in (None, "")


def _form(by: Reader, person: Person, part: Part, kind: str, *, source: str, on: date) -> str:
    """A CPR form or an advance decision as reported: what it lacks is said where it is shown."""
    said = {name.removeprefix(f"{kind}."): value for name, value in part.items.items()}
    foreign = sorted(said.keys() - _FORMS[kind])
    if foreign:
        raise Refused({f"{kind}.{name}": f"Known are {', '.join(sorted(_FORMS[kind]))}." for name in foreign})
    days = {name: _day(str(said.pop(name)), f"{kind}.{name}") for name in ("made_on", "review_on") if name in said}
    key = uuid5(
        NAMESPACE, json.dumps([str(person.id), kind, said, {n: str(d) for n, d in days.items()}], sort_keys=True)
    )
    if kind == "cpr":
        if CPRDecision.objects.filter(pk=key).exists():
            return ALREADY
        seen = said.pop("signature_seen", "no") in ("yes", True)
        form = CPRForm(**({"reading": "", "made_on": None} | said | days))  # type: ignore[arg-type]
        transcribe_cpr_form(by=by, person=person, form=form, signature_seen=seen, on=on, key=key)
        return ADDED
    if Directive.objects.filter(pk=key).exists():
        return ALREADY
    document: dict[str, Any] = {
        "made_on": None,
        "seen": "reported",
        "form": "refusal",
        "jurisdiction": "EW",
        "note": f"From {source}, {part.written_by}",
    }
    document |= {name: value for name, value in said.items() if name != "treatments"} | days
    document["treatments"] = tuple(_split(said.get("treatments", ())))
    record_directive(by=by, person=person, kind=kind, source="transcribed", said=document, on=on, key=key)
    return ADDED


def _split(value: Any) -> Iterable[str]:
    return [one.strip() for one in value.split(",") if one.strip()] if isinstance(value, str) else value


def _day(text: str, column: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused({column: "Write the day as year-month-day, like 2026-04-01."}) from None
