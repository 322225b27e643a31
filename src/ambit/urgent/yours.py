"""What a role has to see to for the person on the urgent page: the practice that keeps the plan, the hospital that treats."""

from collections.abc import Callable, Sequence
from datetime import date

from ambit.access.queries import Person, Reader
from ambit.careplan import queries as careplan
from ambit.coordination import queries as coordination
from ambit.people.rules.dates import long_date
from ambit.register import queries as register
from ambit.urgent.rules import Box, Row


def yours(reader: Reader, person: Person, plan: careplan.CurrentPlan, *, on: date) -> Box:
    """The box for this reader's role, about somebody they have opened."""
    return YOURS[reader.role](reader, person, plan, on)


def _practice(reader: Reader, person: Person, plan: careplan.CurrentPlan, on: date) -> Box:
    """For a GP: the register and its review, who coordinates, what is to settle, what was asked, what is to do."""
    entry = register.entry_of(reader, person.id)
    asked = careplan.proposals(reader, person.id, only_open=True)
    tasks = coordination.open_tasks_about(reader, person.id, on=on)
    due = "review overdue since" if entry and entry.review_due_on < on else "review by"
    rows = [
        Row(
            label="Register",
            words=f"{entry.stage_in_words}; {due} {long_date(entry.review_due_on)}."
            if entry
            else "Not on the register.",
        ),
        Row(label="Coordinator", words=_coordinator(reader, person)),
        Row(label="To settle", words=_to_settle(person, plan, on)),
        Row(label="Asked for", words=f"{len(asked)}: {asked[0].words}" if asked else "No change was asked for."),
        Row(label="Tasks", words=f"{len(tasks)} open, the first: {tasks[0].what}." if tasks else "None open."),
    ]
    return Box(key="yours", heading="For the practice", rows=tuple(rows))


def _hospital(reader: Reader, person: Person, plan: careplan.CurrentPlan, on: date) -> Box:
    """For who treats them in hospital: who knows them, what nobody has asked yet, and who hears of it before they go home."""
    practice = person.practice
    knows = (
        ", ".join(part for part in (practice.name, practice.telephone) if part) if practice else "No practice recorded."
    )
    rows = [
        Row(label="Who knows them", words=f"{knows}."),
        Row(label="Coordinator", words=_coordinator(reader, person)),
        Row(label="Not settled yet", words=_to_settle(person, plan, on)),
        Row(
            label="Before they leave",
            words="Tell the coordinator and the practice what was decided, which medicines changed, and record it in the plan.",
        ),
    ]
    return Box(key="yours", heading="For the hospital", rows=tuple(rows))


def _coordinator(reader: Reader, person: Person) -> str:
    named = coordination.coordinator_of(reader, person.id)
    if named is None:
        return "Nobody is named."
    return ", ".join(part for part in (named.name, named.organisation, named.telephone) if part) + "."


def _to_settle(person: Person, plan: careplan.CurrentPlan, on: date) -> str:
    life = careplan.life_of(person, on=on, has_childs_plan=careplan.has_childs_plan(plan))
    found = careplan.overview_of(plan, on=on, life=life).to_settle
    return settled_words([(one.about, one.words) for one in found])


YOURS: dict[str, Callable[[Reader, Person, careplan.CurrentPlan, date], Box]] = {
    "gp": _practice,
    "hospital_clinician": _hospital,
}


def settled_words(several: Sequence[tuple[str, str]], *, at_most: int = 3) -> str:
    """What is to settle, in one line: the first of it by name, and how much more there is."""
    if not several:
        return "Nothing."
    told = "; ".join(f"{about}: {words}" for about, words in several[:at_most])
    more = len(several) - at_most
    return f"{len(several)}. {told}{f'; and {more} more' if more > 0 else ''}."
