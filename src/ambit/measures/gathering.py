"""Puts together what the slices publish, as it stood at the end of a month: the rows that indicators count."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils import timezone

from ambit.access import facts as access
from ambit.audit import facts as audit
from ambit.careplan import facts as careplan
from ambit.casefinding import facts as casefinding
from ambit.coordination import facts as coordination
from ambit.measures.rules.columns import (
    ETHNIC_GROUPS,
    PLACES_OF_DEATH,
    age_band,
    age_on,
    months_since,
    standard_age,
)
from ambit.measures.rules.indicators import MANY, Row
from ambit.measures.rules.periods import Month, months_before
from ambit.organisations.facts import OrganisationFact
from ambit.organisations.facts import organisations as all_organisations
from ambit.people.facts import PersonFact
from ambit.people.facts import people as everybody
from ambit.population import facts as population
from ambit.register import facts as register

Rows = Mapping[str, Sequence[Row]]
Conditions = Sequence[tuple[str, Sequence[str]]]

OWN_ROLES = ("person", "proxy", "carer")
URGENT_ROLES = ("urgent_clinician", "advice_line_nurse")
PROVIDERS = ("practice", "community", "hospital", "hospice", "care_home", "ambulance", "out_of_hours", "council")
NAMED_PLACES = ("own_home", "other_home", "care_home", "hospice", "hospital", "community_hospital", "other")
# what a save of the plan answers about; talking about a plan is not yet one
NOT_A_PLAN = "talks"
OPENED_WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class Facts:
    """Everything that is published, read once, from which any month is put together."""

    people: dict[UUID, PersonFact]
    by_number: dict[str, PersonFact]
    organisations: dict[UUID, OrganisationFact]
    times: list[register.TimeOnRegister]
    saves: dict[UUID, list[careplan.Saved]]
    forms: dict[UUID, list[careplan.Form]]
    deaths: list[careplan.DeathFact]
    agreements: dict[UUID, list[access.Agreement]]
    ties: dict[UUID, list[access.Tie]]
    can_do: list[access.CanDo]
    coordinated: dict[UUID, list[coordination.Coordinated]]
    opened: dict[UUID, list[audit.Opened]]
    searches: list[casefinding.Searched]
    suggestions: list[casefinding.Suggestion]
    conditions: dict[str, dict[str, date]]
    emergencies: list[population.Contact]
    condition_groups: Conditions
    areas: Mapping[str, str]

    @cached_property
    def by_code(self) -> dict[str, OrganisationFact]:
        return {one.code: one for one in self.organisations.values()}

    def where(self, practice_id: UUID | None) -> dict[str, str | None]:
        """A practice, its place and its system, by their codes."""
        practice = self.organisations.get(practice_id) if practice_id else None
        return {
            "practice": practice.code if practice else None,
            "place": self.over(practice, "place"),
            "system": self.over(practice, "system"),
        }

    def over(self, one: OrganisationFact | None, kind: str) -> str | None:
        """The place or system that an organisation is part of, at whatever distance."""
        while one is not None:
            one = self.organisations.get(one.part_of) if one.part_of else None
            if one is not None and one.kind == kind:
                return one.code
        return None


def _by_person(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return found


def read_facts(condition_groups: Conditions, areas: Mapping[str, str], *, since: date) -> Facts:
    """Ask every slice for its facts; `since` is how far back openings of records are asked for."""
    known = {one.id: one for one in everybody()}
    by_number = {one.nhs_number: one for one in known.values() if one.nhs_number}
    times = register.times_on_register()
    registered = {time.person_id for time in times}
    numbers = {known[one].nhs_number for one in registered if one in known and known[one].nhs_number}
    suggestions = casefinding.suggestions()
    suggested = {one.nhs_number for one in suggestions if one.nhs_number}
    died = {one.nhs_number for one in known.values() if one.died_on and one.nhs_number}
    return Facts(
        people=known,
        by_number=by_number,
        organisations={one.id: one for one in all_organisations()},
        times=times,
        saves=_by_person(careplan.saves()),
        forms=_by_person(careplan.forms()),
        deaths=careplan.deaths(),
        agreements=_by_person(access.agreements()),
        ties=_by_person(access.ties()),
        can_do=access.what_organisations_can_do(),
        coordinated=_by_person(coordination.coordinated()),
        opened=_by_person(audit.opened((*OWN_ROLES, *URGENT_ROLES), since=_begins(since))),
        searches=casefinding.searches(),
        suggestions=suggestions,
        conditions=population.conditions_of(numbers | suggested | died, condition_groups),
        emergencies=population.emergencies(numbers),
        condition_groups=condition_groups,
        areas=areas,
    )


def rows_of(facts: Facts, month: Month) -> Rows:
    """Every table as it stood at the end of the month."""
    on_register = _on_register(facts, month.last)
    return {
        "on_register": [_registered_row(facts, month, time) for time in on_register.values()],
        "deaths": [_death_row(facts, one) for one in facts.deaths if month.first <= one.died_on <= month.last],
        "suggestions": [_suggestion_row(facts, month, one) for one in facts.suggestions if one.found_on <= month.last],
        "registered": _population_rows(facts, month, on_register),
        "year": _year_rows(facts, month),
        "emergencies": _emergency_rows(facts, month),
        "organisations": _organisation_rows(facts, month.last),
    }


# --- moments and days ---


def _begins(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


def _ends(day: date) -> datetime:
    return _begins(day + timedelta(days=1))


def _stands(from_at: datetime, until_at: datetime | None, at: datetime) -> bool:
    return from_at < at and (until_at is None or until_at >= at)


# --- who somebody is ---


def _who(
    facts: Facts, *, person: PersonFact | None, number: str, practice_id: UUID | None, born_on: date | None,
    sex: str, on: date,
) -> dict[str, Any]:  # fmt: skip
    age = age_on(born_on, on) if born_on and born_on <= on else None
    return {
        **facts.where(practice_id),
        "person": person.id if person else None,
        "age": age,
        "age_band": age_band(age),
        "sex": sex or None,
        "ethnicity": ETHNIC_GROUPS.get(person.ethnicity) if person else None,
        "deprivation": facts.areas.get(person.area) if person else None,
        "condition_group": _main_condition(facts, number, on),
        "inclusion_group": "in_a_group" if person and person.inclusion_groups else None,
    }


def _who_is(facts: Facts, person_id: UUID, practice_id: UUID | None, on: date) -> dict[str, Any]:
    person = facts.people.get(person_id)
    return _who(
        facts,
        person=person,
        number=person.nhs_number if person else "",
        practice_id=practice_id,
        born_on=person.born_on if person and person.is_born else None,
        sex=person.sex if person else "",
        on=on,
    )


def _main_condition(facts: Facts, number: str, on: date) -> str | None:
    """The first group of the pack's order that is coded by this day; "none" for a coded record without one."""
    coded = facts.conditions.get(number)
    if not number or coded is None:
        return None
    return next((name for name, _ in facts.condition_groups if coded.get(name, date.max) <= on), "none_coded")


# --- the register ---


def _on_register(facts: Facts, on: date) -> dict[UUID, register.TimeOnRegister]:
    """Whoever was on it at the end of this day, and alive."""
    found: dict[UUID, register.TimeOnRegister] = {}
    for one in facts.times:
        person = facts.people.get(one.person_id)
        is_dead = person is None or (person.died_on is not None and person.died_on <= on)
        if one.joined_on <= on and (one.left_on is None or one.left_on > on) and not is_dead:
            found[one.person_id] = one
    return found


def _registered_row(facts: Facts, month: Month, one: register.TimeOnRegister) -> Row:
    on, at = month.last, _ends(month.last)
    person_id = one.person_id
    person = facts.people[person_id]
    saved = [save for save in facts.saves.get(person_id, ()) if save.at < at]
    answers = _answers(saved)
    talks = answers.get("talks.answer", ("not_asked",))[0]
    forms = [form for form in facts.forms.get(person_id, ()) if _stands(form.from_at, form.until_at, at)]
    plan = [save.at for save in saved if save.section != NOT_A_PLAN] + [form.from_at for form in forms]
    own = [one for one in facts.opened.get(person_id, ()) if one.role in OWN_ROLES]
    coded = facts.conditions.get(person.nhs_number) if person.nhs_number else None
    return _who_is(facts, person_id, one.practice_id, on) | {
        "basis": one.basis,
        "has_cancer": None if coded is None else coded.get("cancer", date.max) <= on,
        "offered": talks not in ("not_asked", ""),
        "accepted": talks == "accepted",
        "has_plan": bool(plan),
        "plan_age_in_months": months_since(timezone.localdate(max(plan)), on=on) if plan else None,
        "opened_by_person": any(_begins(month.first) <= one.at < at for one in own),
        "has_respect": any(form.kind == "emergency" for form in forms),
        "places_recorded": all(
            answers.get(f"place_of_care.{which}", ("not_asked",))[0] != "not_asked"
            for which in ("care_first", "death_first")
        ),
        "has_coordinator": any(_stands(c.from_at, c.until_at, at) for c in facts.coordinated.get(person_id, ())),
        "details_recorded": person.details_recorded,
        "has_health_budget": "health_budget" in answers.get("care_package.funding", ()),
        "is_shared": _is_shared(facts, person_id, one.practice_id, at),
        "agreed_to_share": any(_stands(a.from_at, a.until_at, at) for a in facts.agreements.get(person_id, ())),
    }


def _answers(saved: Sequence[careplan.Saved]) -> dict[str, tuple[str, ...]]:
    """The answers of the last save of each section: what a later save leaves out is no longer said."""
    last = {save.section: save.answers for save in saved}
    return {item: value for answers in last.values() for item, value in answers.items()}


def _is_shared(facts: Facts, person_id: UUID, practice_id: UUID | None, at: datetime) -> bool:
    """Somebody outside the practice has a tie to the record."""
    return any(
        tie.organisation_id != practice_id and _stands(tie.from_at, tie.until_at, at)
        for tie in facts.ties.get(person_id, ())
    )


# --- deaths ---


def _death_row(facts: Facts, one: careplan.DeathFact) -> Row:
    person = facts.people.get(one.person_id)
    outcome = one.outcome or one.proposed
    stated = one.preferred in NAMED_PLACES
    met = None if outcome == "cannot_tell" else outcome in ("met", "met_second")
    saved = [s for s in facts.saves.get(one.person_id, ()) if timezone.localdate(s.at) <= one.died_on]
    return _who_is(facts, one.person_id, one.practice_id, one.died_on) | {
        "was_expected": person.death_was_expected if person else None,
        "on_register_before": one.joined_on is not None and one.joined_on < one.died_on,
        "days_on_register": one.days_on_register,
        "place_of_death": PLACES_OF_DEATH.get(one.place),
        "at_home_or_care_home": PLACES_OF_DEATH.get(one.place) in ("home", "care_home"),
        "preference_stated": stated,
        "preference_met": met if stated else None,
        "reason_recorded": bool(one.variance),
        "medicines_at_hand": _answers(saved).get("medicines_at_home.box") == ("yes",),
    }


# --- suggestions ---


def _suggestion_row(facts: Facts, month: Month, one: casefinding.Suggestion) -> Row:
    person = facts.by_number.get(one.nhs_number) if one.nhs_number else None
    due_on = one.found_on + timedelta(days=28)
    answered = one.answered_on if one.answered_on and one.answered_on <= month.last else None
    who = _who(
        facts, person=person, number=one.nhs_number, practice_id=one.practice_id, born_on=one.born_on, sex=one.sex,
        on=month.last,
    )  # fmt: skip
    return who | {
        "answer_is_due": month.first <= due_on <= month.last,
        "answered_after_days": (answered - one.found_on).days if answered else None,
        "is_superseded": one.is_superseded and answered is None,
    }


# --- the population ---


def _mark(facts: Facts, person: PersonFact, *, on_register: bool) -> str:
    """What the care record adds to a number that the coded records hold."""
    ethnicity = ETHNIC_GROUPS.get(person.ethnicity) or ""
    return "|".join(("yes" if on_register else "", ethnicity, facts.areas.get(person.area) or ""))


def _counted_row(facts: Facts, one: population.Counted) -> dict[str, Any]:
    on_register, ethnicity, fifth = (one.mark or "||").split("|")
    practice = facts.by_code.get(one.practice)
    return {
        **facts.where(practice.id if practice else None),
        "practice": one.practice,
        "age": one.age,
        "age_band": age_band(one.age),
        "standard_age": standard_age(one.age),
        "sex": one.sex or None,
        "ethnicity": ethnicity or None,
        "deprivation": fifth or None,
        "condition_group": one.condition or "none_coded",
        "has_condition": bool(one.condition),
        "on_register": bool(on_register),
        MANY: one.people,
    }


def _population_rows(facts: Facts, month: Month, on_register: Mapping[UUID, object]) -> list[Row]:
    marks = {
        number: _mark(facts, person, on_register=person.id in on_register) for number, person in facts.by_number.items()
    }
    here = [one for one in facts.searches if month.first <= one.on <= month.last]
    everywhere = any(one.practice_id is None for one in here)
    searched = {facts.where(one.practice_id)["practice"] for one in here if one.practice_id}
    return [
        _counted_row(facts, one) | {"was_screened": everywhere or one.practice in searched}
        for one in population.registered(month.last, facts.condition_groups, marks)
    ]


def _year_rows(facts: Facts, month: Month) -> list[Row]:
    """The people at the middle of the twelve months, and everybody who died in them."""
    since, middle = month.after(-11).first, months_before(month.last, 6)
    marks = {number: _mark(facts, person, on_register=False) for number, person in facts.by_number.items()}
    there = population.registered(middle, facts.condition_groups, marks)
    died = population.deaths(since, month.last, facts.condition_groups, marks)
    return [_counted_row(facts, one) | {"was_there": True, "died": False} for one in there] + [
        _counted_row(facts, one) | {"was_there": False, "died": True} for one in died
    ]


def _emergency_rows(facts: Facts, month: Month) -> list[Row]:
    found: list[Row] = []
    times = _by_person(facts.times)
    for contact in facts.emergencies:
        person = facts.by_number.get(contact.nhs_number)
        if person is None or not month.first <= contact.day <= month.last:
            continue
        then = [
            one for one in times.get(person.id, ())
            if one.joined_on <= contact.day and (one.left_on is None or one.left_on >= contact.day)
        ]  # fmt: skip
        if not then:
            continue
        row = _who_is(facts, person.id, then[-1].practice_id, contact.day)
        found.append(
            row
            | {
                "is_shared": _is_shared(facts, person.id, then[-1].practice_id, _ends(contact.day)),
                "was_opened": any(
                    one.role in URGENT_ROLES and _near(one.at, contact) for one in facts.opened.get(person.id, ())
                ),
            }
        )
    return found


def _near(at: datetime, contact: population.Contact) -> bool:
    """Within an hour of the contact; on its day, where the source gives no more than that."""
    began = _moment(contact.written)
    return timezone.localdate(at) == contact.day if began is None else abs(at - began) <= OPENED_WITHIN


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


# --- organisations ---


def _organisation_rows(facts: Facts, on: date) -> list[Row]:
    able: dict[UUID, set[str]] = defaultdict(set)
    for one in facts.can_do:
        if one.from_on <= on and (one.until_on is None or one.until_on > on):
            able[one.organisation_id] |= {name for name in ("sees_flag", "sets_flag") if getattr(one, name)}
    return [
        {
            "place": facts.over(one, "place"),
            "system": facts.over(one, "system"),
            "organisation": one.code,
            "kind": one.kind,
            "is_provider": one.kind in PROVIDERS,
            "sees_and_sets_flag": able[one.id] == {"sees_flag", "sets_flag"},
        }
        for one in facts.organisations.values()
        if (one.opened_on is None or one.opened_on <= on) and (one.closed_on is None or one.closed_on > on)
    ]


def areas_of(facts: Facts) -> dict[str, Callable[[Row], bool]]:
    """The systems and places for which figures are made, each with the rows that belong to it."""
    found: dict[str, Callable[[Row], bool]] = {}
    for one in facts.organisations.values():
        if one.kind == "place":
            found[one.code] = _in({one.code}, "")
        elif one.kind == "system":
            places = {o.code for o in facts.organisations.values() if o.kind == "place" and o.part_of == one.id}
            found[one.code] = _in(places, one.code)
    return found


def _in(places: set[str], system: str) -> Callable[[Row], bool]:
    return lambda row: row.get("place") in places or (bool(system) and row.get("system") == system)


def places_of(facts: Facts) -> dict[str, str]:
    """Each place with the system that it is part of, by their codes."""
    found = {one.code: facts.over(one, "system") for one in facts.organisations.values() if one.kind == "place"}
    return {place: system for place, system in found.items() if system}
