"""After a death: how it was verified, and what closing the record still asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Max
from django.utils.timezone import localdate

from ambit.access.queries import Person, Reader, kept_back_from
from ambit.access.rules import SILENT, NotShown
from ambit.careplan import registry
from ambit.careplan.models import Closure, SectionVersion, Verification
from ambit.careplan.queries.authors import ROLES
from ambit.careplan.rules import closing, dying
from ambit.people.rules import age_on
from ambit.people.rules.values import DEATH_PLACES, RETRACTED_DEATH

GROWN_UP_AT = 18
PLACE = "place_of_care"


@dataclass(frozen=True, slots=True)
class Verified:
    """A death as it was verified."""

    row: Verification

    @property
    def waited(self) -> str:
        return dying.waited(self.row.asked_at, self.row.verified_at)

    @property
    def signs(self) -> tuple[str, ...]:
        return tuple(words for sign, words in dying.SIGNS.items() if sign in self.row.signs)

    @property
    def not_looked_for(self) -> tuple[str, ...]:
        """Signs that nobody ticked; none where the changes could not be mistaken."""
        if "unmistakable" in self.row.signs:
            return ()
        return tuple(w for sign, w in dying.SIGNS.items() if sign not in self.row.signs and sign != "unmistakable")

    @property
    def recorded(self) -> str:
        row = self.row
        return ", ".join(
            part
            for part in (row.recorded_by, ROLES.get(row.recorded_by_role, ""), row.recorded_by_organisation)
            if part
        )


@dataclass(frozen=True, slots=True)
class Closing:
    """What is known of a death when its record is closed, and what is still asked."""

    person_id: UUID
    died_on: date
    place: str
    is_child: bool
    preference: closing.Preference
    preference_written_on: date | None
    proposal: closing.Proposal
    verified: Verified | None
    closure: Closure | None
    earlier: tuple[Closure, ...]

    @property
    def place_in_words(self) -> str:
        return DEATH_PLACES.get(self.place, "")

    @property
    def preferred_words(self) -> str:
        """Where they wanted to die, in the plan's own words: first, then second choice; empty where nothing was written."""
        section = registry.section("place_of_care")
        if section is None or not self.preference.first:
            return ""
        first = section.item("place_of_care.death_first").words(self.preference.first)
        second = section.item("place_of_care.death_second").words(self.preference.second)
        return f"{first}; then {second[:1].lower()}{second[1:]}" if second else first

    @property
    def missing(self) -> tuple[str, ...]:
        return closing.still_missing(
            place=self.place,
            is_verified=self.verified is not None,
            outcome=self.closure.outcome if self.closure else "",
            answers=self.closure.answers if self.closure else {},
            is_child=self.is_child,
        )

    @property
    def is_whole(self) -> bool:
        return not self.missing

    @property
    def asked(self) -> int:
        return closing.how_many_asked(is_child=self.is_child)

    @property
    def answered(self) -> int:
        return self.asked - len(self.missing)


def verified(reader: Reader, person: Person) -> Verified | None:
    """How the death of somebody the reader has opened was verified, as last recorded; none of a death that was retracted.

    Nothing, too, when it is kept back from this reader: the page says so from the plan, and a death is verified all the same.
    """
    if not reader.may("see_plan"):
        reader.must("verify_death")
    since = _retracted([person.id]).get(person.id)
    found = _verified([person.id], {person.id: since}).get(person.id)
    if found and dying.PART in kept_back_from(reader, [person.id])[person.id]:
        return None
    return found


def closing_of(reader: Reader, person: Person) -> Closing:
    """What closing the record of somebody who died asks, and what was answered."""
    reader.must("see_plan")
    found = closings_of(reader, [person]).get(person.id)
    if found is None:
        closed = kept_back_from(reader, [person.id]).get(person.id, {})
        title, part = ("Where they wanted to be", PLACE) if PLACE in closed else (dying.PART_TITLE, dying.PART)
        raise NotShown(title, closed.get(part, SILENT))
    return found


def closings_of(reader: Reader, people: Sequence[Person]) -> dict[UUID, Closing]:
    """The same of many who died and whom the reader may see: six statements, however many they are.

    Left out is whoever keeps back from this reader where they wanted to be, or how they died: everything here would follow
    from it.
    """
    reader.must("see_plan")
    kept_back = kept_back_from(reader, [person.id for person in people])
    people = [person for person in people if not {PLACE, dying.PART} & kept_back.get(person.id, {}).keys()]
    ids = [person.id for person in people]
    since = _retracted(ids)
    deaths = {
        row["person_id"]: row
        for row in Person.objects.filter(pk__in=ids, deaths__ended_at=None, deaths__isnull=False).values(
            "deaths__place", "deaths__was_usual_residence", person_id=F("id")
        )
    }
    preferences = _preferences(people)
    was_verified = _verified(ids, since)
    closures: dict[UUID, list[Closure]] = {}
    for closure in Closure.objects.filter(person_id__in=ids).order_by("-closed_at"):
        closures.setdefault(closure.person_id, []).append(closure)
    found = {}
    for person in people:
        if person.died_on is None:
            continue
        death: Mapping[str, Any] = deaths.get(person.id, {})
        preference, written_on = preferences.get(person.id, (closing.Preference(), None))
        own = closures.get(person.id, [])
        retracted_at = since.get(person.id)
        standing = next((one for one in own if retracted_at is None or one.closed_at > retracted_at), None)
        place = death.get("deaths__place", "")
        found[person.id] = Closing(
            person_id=person.id,
            died_on=person.died_on,
            place=place,
            is_child=person.born_on is not None and age_on(person.born_on, person.died_on) < GROWN_UP_AT,
            preference=preference,
            preference_written_on=written_on,
            proposal=closing.propose(
                preference, place=place, was_usual_residence=death.get("deaths__was_usual_residence")
            ),
            verified=was_verified.get(person.id),
            closure=standing,
            earlier=tuple(one for one in own if one is not standing),
        )
    return found


def _retracted(ids: Sequence[UUID]) -> dict[UUID, datetime | None]:
    """When a death of each of these was last retracted; what was recorded before is of that other death."""
    rows = Person.objects.filter(pk__in=ids, versions__what=RETRACTED_DEATH).annotate(at=Max("versions__at"))
    return dict(rows.values_list("pk", "at"))


def _verified(ids: Sequence[UUID], since: Mapping[UUID, datetime | None]) -> dict[UUID, Verified]:
    found: dict[UUID, Verified] = {}
    for row in Verification.objects.filter(person_id__in=ids).order_by("recorded_at"):
        retracted_at = since.get(row.person_id)
        if retracted_at is None or row.recorded_at > retracted_at:
            found[row.person_id] = Verified(row)
    return found


def _preferences(people: Sequence[Person]) -> dict[UUID, tuple[closing.Preference, date]]:
    """Where each wanted to die, as their plan said on the day they died: what was written later is not looked at."""
    died = {person.id: person.died_on for person in people}
    found: dict[UUID, tuple[closing.Preference, date]] = {}
    rows = SectionVersion.objects.filter(person_id__in=died, section=PLACE).order_by("number")
    for person_id, content, saved_at in rows.values_list("person_id", "content", "saved_at"):
        written_on = localdate(saved_at)
        died_on = died[person_id]
        if died_on is not None and written_on <= died_on:
            said = closing.Preference(
                content.get("place_of_care.death_first", ""), content.get("place_of_care.death_second", "")
            )
            found[person_id] = (said, written_on)
    return found
