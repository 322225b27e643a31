"""What holds for every act on a plan."""

from datetime import date

from ambit.access.queries import Person
from ambit.careplan import registry
from ambit.careplan.models import SectionVersion
from ambit.careplan.rules import ANTENATAL, CHILD, Section
from ambit.careplan.rules.transition import GROWN_UP_AT, age_at
from ambit.design.refusals import Refused


def refuse_after_death(person: Person) -> None:
    """Refuse to change the plan of somebody who has died; it is kept as it was."""
    if person.died_on is not None:
        raise Refused(f"This person died on {person.died_on:%-d %B %Y}. Their plan is kept and no longer changed.")


def refuse_after_birth(person: Person, section: Section) -> None:
    """Refuse to change what was planned for the time before birth once the child is born; it is kept and shown as past."""
    if section.ages.kind == ANTENATAL and person.birth_precision != "unborn":
        raise Refused("The child is born. What was planned before birth is kept, and no longer changed.")


def refuse_childs_part(person: Person, section: Section, *, on: date) -> None:
    """Refuse to begin a child's part of the plan for an adult; whoever has a plan made as a child goes on with it."""
    if section.ages.kind != CHILD or person.born_on is None or person.birth_precision == "unborn":
        return
    age = age_at(person.born_on, on)
    childs = [one.id for one in registry.plan().sections() if one.ages.kind == CHILD]
    if age >= GROWN_UP_AT and not SectionVersion.objects.filter(person=person, section__in=childs).exists():
        raise Refused(
            f"“{section.title}” is for children and young people, and this person is {age}. Check that it is the right person; "
            "what an adult wishes is written under “What matters to me” and “Wishes for care”."
        )
