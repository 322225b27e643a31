"""How complete a plan is against each standard: what is recorded, what is missing, and where it is written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ambit.access.queries import Person, Reader, details_of
from ambit.access.queries import sharing_decisions as decisions_about_sharing
from ambit.careplan import registry, rules
from ambit.careplan.elsewhere import HELD
from ambit.careplan.queries.plan import CurrentPlan, has_childs_plan, life_of
from ambit.careplan.rules.items import GROWN_UP_AT
from ambit.register.queries import entry_of

THERE, MISSING, KEPT_BACK, NOT_HELD, NOT_TOLD = "there", "missing", "kept_back", "not_held", "not_told"
_SAYS_NOTHING: tuple[Any, ...] = (None, "", [], (), {}, "not_known", False)
_OF_PERSON = {
    "people.family_name": ("family_name",),
    "people.given_names": ("given_names",),
    "people.preferred_name": ("preferred_name",),
    "people.born_on": ("born_on",),
    "people.sex": ("sex",),
    "people.practice": ("practice_id",),
    "people.died_on": ("died_on",),
    "people.pronouns": ("details", "pronouns"),
    "people.gender_identity": ("details", "gender_identity"),
    "people.telephone": ("details", "telephone"),
    "people.needs_interpreter": ("details", "needs_interpreter"),
    "people.language": ("details", "language"),
    "people.communication_needs": ("details", "communication_needs"),
    "people.communication_notes": ("details", "communication_notes"),
    "people.nhs_number": ("numbers",),
    "people.number_status": ("numbers",),
    "people.address": ("addresses",),
    "people.important_people": ("important_people",),
    "people.parental_responsibility": ("parental_responsibilities",),
    "people.place_of_death": ("deaths",),
}
_OF_A_DEATH = ("people.died_on", "people.place_of_death")
_OF_A_CHILD = ("emergency.child_involvement", "emergency.parents_involved")
# asked only where another answer of the same document makes it a question
_FOLLOWS = {"emergency.in_what_way": ("has_capacity", "no"), "emergency.why_not_involved": ("involvement", "D")}
# a sex that is "not recorded" says nothing; that nobody needs an interpreter says something
_NO_ANSWER = {"people.sex": ("not_recorded",), "people.needs_interpreter": ()}


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a standard: whether it is recorded, and the page on which it is written."""

    asked: rules.Asked
    state: str
    section: rules.Section | None = None
    page: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """How many items of one status are recorded, of how many that Ambit holds."""

    status: str
    there: int
    of: int

    @property
    def words(self) -> str:
        return rules.STATUS_WORDS[self.status]


@dataclass(frozen=True, slots=True)
class Completeness:
    """One standard: what of it is recorded for this person, by status, and each of its items."""

    id: str
    title: str
    shares: tuple[Share, ...]
    lines: tuple[Line, ...]
    known_in_part: bool = False

    @property
    def missing(self) -> tuple[Line, ...]:
        """What is missing and mandatory or required, the mandatory first."""
        needed = (rules.MANDATORY, rules.REQUIRED)
        lacking = [line for line in self.lines if line.state == MISSING and line.asked.status in needed]
        return tuple(sorted(lacking, key=lambda line: line.asked.status != rules.MANDATORY))


def completeness(reader: Reader, person: Person, plan: CurrentPlan, *, on: date) -> tuple[Completeness, ...]:
    """The plan of somebody the reader has opened, against each standard that is for their age."""
    reader.must("see_plan")
    life = life_of(person, on=on, has_childs_plan=has_childs_plan(plan))
    look = _Looking(reader, person, plan, life)
    return tuple(
        _standard(name, standard, look)
        for name, standard in registry.standards().items()
        if rules.Ages(standard.ages).include(life) or (standard.ages == rules.CHILD and life.unborn)
    )


def _standard(name: str, standard: rules.Standard, look: "_Looking") -> Completeness:
    lines = tuple(look.line(asked) for asked in standard.items if look.is_asked(asked))
    held = [line for line in lines if line.state in (THERE, MISSING)]
    shares = tuple(
        Share(status, sum(line.state == THERE for line in several), len(several))
        for status in rules.STATUSES
        if (several := [line for line in held if line.asked.status == status])
    )
    return Completeness(name, standard.title, shares, lines, standard.known_in_part)


class _Looking:
    """Looks for what a standard asks, in the plan first and then where else it may be; each place is asked once."""

    def __init__(self, reader: Reader, person: Person, plan: CurrentPlan, life: rules.Life) -> None:
        self.reader, self.person, self.plan, self.life = reader, person, plan, life
        self.said = details_of(person)
        self.found: dict[str, bool | None] = {}
        self.sections = {section.id: section for section in registry.plan().sections()}

    def is_asked(self, asked: rules.Asked) -> bool:
        """Not asked of this person: what is for another age, of a death where there is none, and what follows from another answer."""
        told = (*asked.items, *asked.elsewhere)
        if told and all(self._is_beside_the_point(held) for held in told):
            return False
        sections = list(self._sections(asked))
        return not sections or any(section.ages.include(self.life) for section in sections)

    def _is_beside_the_point(self, held: str) -> bool:
        if held in _OF_A_DEATH:
            return self.person.died_on is None
        if held in _OF_A_CHILD:
            return self.life.age is not None and self.life.age >= GROWN_UP_AT
        if held in _FOLLOWS:
            field, answer = _FOLLOWS[held]
            kind = held.partition(".")[0]
            return all(getattr(one, field) != answer for one in self.plan.directives.of_kind(kind))
        return False

    def line(self, asked: rules.Asked) -> Line:
        sections = list(self._sections(asked))
        first = sections[0] if sections else None
        page = next((HELD[name].page for name in asked.elsewhere if name in HELD), "")
        if not page and asked.elsewhere:
            page = {"access": "sharing", "register": "register_entry"}.get(
                asked.elsewhere[0].partition(".")[0], "person"
            )
        return Line(asked, self._state(asked, sections), first, page)

    def _state(self, asked: rules.Asked, sections: list[rules.Section]) -> str:
        if not asked.implemented:
            return NOT_HELD
        told = [self._in_plan(held) for held in asked.items] + [self._elsewhere(name) for name in asked.elsewhere]
        if any(told):
            return THERE
        if any(section.id in self.plan.kept_back for section in sections):
            return KEPT_BACK
        return NOT_TOLD if told and all(one is None for one in told) else MISSING

    def _sections(self, asked: rules.Asked) -> Iterator[rules.Section]:
        for held in asked.items:
            name = held.partition(".")[0]
            if name in self.sections:
                yield self.sections[name]

    def _in_plan(self, held: str) -> bool:
        item, _, part = held.partition("/")
        section, _, field = item.partition(".")
        decision = self.sections[section].decision
        if decision == "cpr":
            form = self.plan.cpr.newest
            return form is not None and getattr(form, field) not in _SAYS_NOTHING
        if decision:
            return any(getattr(one, field) not in _SAYS_NOTHING for one in self.plan.directives.of_kind(decision))
        value = self.plan.says(section).get(item)
        if part:
            return any(row.get(part) for row in value or ())
        return value not in (None, "", [])

    def _elsewhere(self, name: str) -> bool | None:
        if name not in self.found:
            self.found[name] = self._ask(name)
        return self.found[name]

    def _ask(self, name: str) -> bool | None:
        """Whether another slice has it; None when none of those that run here can tell."""
        if name in _OF_PERSON:
            value: Any = self.said
            for key in _OF_PERSON[name]:
                value = value.get(key) if isinstance(value, Mapping) else None
            return value not in (None, "", [], *_NO_ANSWER.get(name, ()))
        if name == "people.created_at":
            return True
        if name in ("careplan.saved_at", "careplan.saved_by"):
            return bool(self.plan.sections)
        if name == "register.entry":
            return entry_of(self.reader, self.person.id) is not None if self.reader.may("see_register") else None
        if name == "access.sharing":
            return (
                bool(decisions_about_sharing(self.reader, self.person)) if self.reader.may("record_sharing") else None
            )
        return bool(HELD[name].is_there(self.reader, self.person)) if name in HELD else None
