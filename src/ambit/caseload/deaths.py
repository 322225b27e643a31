"""Deaths whose records are still to be closed, and what closing one shows: plan, verification, and what death stopped."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ambit.access.queries import Person, Reader, people_of
from ambit.careplan import queries as careplan
from ambit.coordination import queries as coordination
from ambit.register import queries as register


@dataclass(frozen=True, slots=True)
class DeathRow:
    """One death on the list: how much of its closing is answered, and what is not."""

    person_id: UUID
    family_name: str
    given_names: str
    born_on: date | None
    practice: str
    closing: careplan.Closing


@dataclass(frozen=True, slots=True)
class Deaths:
    """Everybody who died while on the register or with a plan; `to_close` are those whose closing lacks something."""

    to_close: tuple[DeathRow, ...]
    closed: tuple[DeathRow, ...]

    @property
    def total(self) -> int:
        return len(self.to_close) + len(self.closed)


def deaths(reader: Reader) -> Deaths:
    """The reader's people who died, the latest first: those still to be closed, and those whose records are whole."""
    reader.must("see_caseload")
    reader.must("see_plan")
    mine = people_of(reader).filter(died_on__isnull=False)
    known = register.ever_on_register(reader, mine) | careplan.written_about(reader, mine)
    people = list(Person.objects.filter(pk__in=known).select_related("practice").order_by("-died_on", "name_key", "id"))
    closings = careplan.closings_of(reader, people)
    rows = [
        DeathRow(
            person_id=person.id,
            family_name=person.family_name,
            given_names=person.given_names,
            born_on=person.born_on,
            practice=person.practice.name if person.practice else "",
            closing=closings[person.id],
        )
        for person in people
        if person.id in closings
    ]
    return Deaths(
        to_close=tuple(row for row in rows if not row.closing.is_whole),
        closed=tuple(row for row in rows if row.closing.is_whole),
    )


@dataclass(frozen=True, slots=True)
class ClosingPage:
    """One death with everything that its closing shows."""

    closing: careplan.Closing
    tasks: tuple[coordination.TaskRow, ...]
    proposals: tuple[careplan.ProposalRow, ...]
    days_on_register: int | None


def closing_page(reader: Reader, person: Person) -> ClosingPage:
    """What closing the record of somebody the reader has opened asks, and what their death stopped."""
    reader.must("see_plan")
    died_on = person.died_on
    joined_on = register.first_joined(reader, person.id)
    return ClosingPage(
        closing=careplan.closing_of(reader, person),
        tasks=coordination.tasks_stopped(reader, person.id) if reader.may("see_tasks") else (),
        proposals=careplan.proposals(reader, person.id, only_open=True),
        days_on_register=(died_on - joined_on).days if joined_on and died_on and joined_on <= died_on else None,
    )
