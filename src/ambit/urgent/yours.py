"""What a role has to see to for the person on the urgent page: the practice that keeps the plan, the hospital that treats."""

from collections.abc import Callable, Sequence
from datetime import date

from ambit.access.queries import Person, Reader
from ambit.careplan import queries as careplan
from ambit.coordination import queries as coordination
from ambit.people.rules.dates import long_date
from ambit.register import queries as register
from ambit.urgent.beside import Beside
from ambit.urgent.rules import Box, Row


def yours(reader: Reader, person: Person, plan: careplan.CurrentPlan, beside: Beside, *, on: date) -> Box:
    """The box for this reader's role, about somebody they have opened."""
    return YOURS[reader.role](reader, person, plan, beside, on)


def _practice(reader: Reader, person: Person, plan: careplan.CurrentPlan, beside: Beside, on: date) -> Box:
    """For a GP: the register and its review, who coordinates, what is to settle, what was asked, what is to do."""
    entry = register.entry_of(reader, person.id, rows=beside.entry)
    asked = careplan.open_proposals(reader, person.id, rows=beside.proposals)
    seen_to = coordination.seen_to_of(reader, person.id, rows=beside.seen_to)
    tasks = seen_to.tasks
    due = "review overdue since" if entry and entry.review_due_on < on else "review by"
    rows = [
        Row(
            label="Register",
            words=f"{entry.stage_in_words}; {due} {long_date(entry.review_due_on)}."
            if entry
            else "Not on the register.",
        ),
        Row(label="Coordinator", words=_coordinator(seen_to)),
        Row(label="To settle", words=_to_settle(person, plan, on)),
        Row(label="Asked for", words=f"{len(asked)}: {asked[0].words}" if asked else "No change was asked for."),
        Row(label="Tasks", words=f"{len(tasks)} open, the first: {tasks[0][0]}." if tasks else "None open."),
    ]
    return Box(key="yours", heading="For the practice", rows=tuple(rows))


def _hospital(reader: Reader, person: Person, plan: careplan.CurrentPlan, beside: Beside, on: date) -> Box:
    """For who treats them in hospital: who knows them, what nobody has asked yet, and who hears of it before they go home."""
    seen_to = coordination.seen_to_of(reader, person.id, rows=beside.seen_to)
    practice = person.practice
    knows = (
        ", ".join(part for part in (practice.name, practice.telephone) if part) if practice else "No practice recorded."
    )
    rows = [
        Row(label="Who knows them", words=f"{knows}."),
        Row(label="Coordinator", words=_coordinator(seen_to)),
        Row(label="Not settled yet", words=_to_settle(person, plan, on)),
        Row(
            label="Before they leave",
            words="Tell the coordinator and the practice what was decided, which medicines changed, and record it in the plan.",
        ),
    ]
    return Box(key="yours", heading="For the hospital", rows=tuple(rows))


def _coordinator(seen_to: coordination.SeenTo) -> str:
    return f"{seen_to.coordinator}." if seen_to.coordinator else "Nobody is named."


def _to_settle(person: Person, plan: careplan.CurrentPlan, on: date) -> str:
    life = careplan.life_of(person, on=on, has_childs_plan=careplan.has_childs_plan(plan))
    found = careplan.overview_of(plan, on=on, life=life).to_settle
    return settled_words([(one.about, one.words) for one in found])


YOURS: dict[str, Callable[[Reader, Person, careplan.CurrentPlan, Beside, date], Box]] = {
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
