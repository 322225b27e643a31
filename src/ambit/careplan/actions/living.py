"""What holds for every act on a plan."""

from ambit.access.queries import Person
from ambit.careplan.rules import ANTENATAL, Section
from ambit.design.refusals import Refused


def refuse_after_death(person: Person) -> None:
    """Refuse to change the plan of somebody who has died; it is kept as it was."""
    if person.died_on is not None:
        raise Refused(f"This person died on {person.died_on:%-d %B %Y}. Their plan is kept and no longer changed.")


def refuse_after_birth(person: Person, section: Section) -> None:
    """Refuse to change what was planned for the time before birth once the child is born; it is kept and shown as past."""
    if section.ages.kind == ANTENATAL and person.birth_precision != "unborn":
        raise Refused("The child is born. What was planned before birth is kept, and no longer changed.")
