"""What holds for every act on a plan."""

from ambit.access.queries import Person
from ambit.design.refusals import Refused


def refuse_after_death(person: Person) -> None:
    """Refuse to change the plan of somebody who has died; it is kept as it was."""
    if person.died_on is not None:
        raise Refused(f"This person died on {person.died_on:%-d %B %Y}. Their plan is kept and no longer changed.")
