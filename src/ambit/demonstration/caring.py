"""What was done for the people of the register, each thing on its own day, by the slices' own actions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from ambit.access import actions as access
from ambit.access.queries import Person, Reader, current_numbers, people_of, reader_named
from ambit.careplan import actions as careplan
from ambit.coordination import actions as coordination
from ambit.demonstration import cast, plans
from ambit.demonstration.care import Care, care_of
from ambit.demonstration.clock import clock_at, moment
from ambit.demonstration.courses import course_of
from ambit.demonstration.measuring import assess, measure_the_cast
from ambit.demonstration.planning_ahead import ahead_of, close_record, opened_by_crews, plan_ahead, section_named
from ambit.demonstration.rules import Invented, age_on, place_of_death
from ambit.organisations.models import Membership
from ambit.people import actions as people
from ambit.register import actions as register


def who(name: str) -> Reader:
    return reader_named(cast.email_of(name))


def membership(name: str) -> Membership:
    """Where somebody of the cast works."""
    return Membership.objects.get(staff__email=cast.email_of(name))


def one_of(by: Reader, family_name: str, given_names: str) -> Person:
    return people_of(by).get(family_name=family_name, given_names=given_names)


def plans_of_the_cast(today: date) -> None:
    """The register, coordinators, plans, CPR decisions and objections of the cast, each on the day it was made."""
    gp, coordinator = who("Amina Rahman"), membership("Bea Lindqvist")
    nurses = membership("Ruth Tannahill")
    for family, given, stage, days_ago, told in plans.REGISTER:
        person = one_of(gp, family, given)
        with clock_at(moment(today, days_ago)):
            register.add_to_register(
                by=gp,
                person=person,
                on=today - timedelta(days=days_ago),
                found_by="referral",
                stage=stage,
                told=told,
                reason="Known to the practice; agreed at the palliative care meeting.",
            )
            access.give_grant(by=gp, person_id=person.id, kind="care_team", team_id=nurses.team_id)
            if family not in ("Thorne", "Pym"):  # two still wait for a coordinator
                coordination.name_coordinator(by=gp, person_id=person.id, membership_id=coordinator.id, seen=None)
    access.give_grant(
        by=gp,
        person_id=one_of(gp, "Thorne", "Isla Rose").id,
        kind="care_team",
        team_id=membership("Sofia Quayle").team_id,
    )
    save_them(plans.SECTIONS, gp, today)
    for row in plans.CPR:
        _cpr(row, today)
    for (family, given), happened in plans.MEDICINES.items():
        for name, days_ago, medicine, kind, many, what_for in happened:
            with clock_at(moment(today, days_ago)):
                _medicine(one_of(gp, family, given), who(name), medicine, kind, many, what_for)
    measure_the_cast(today)
    died_on = today - timedelta(days=3)
    _dies(one_of(gp, "Pym", "Harold"), by=gp, died_on=died_on, place="21")
    access.record_objection(
        by=who("Marta Nowicka"),
        person_id=one_of(who("Marta Nowicka"), "Castlereagh", "Enid").id,
        basis="person",
        informed_on=today - timedelta(days=40),
        note="Does not want anybody but the practice to see her record.",
    )


def save_them(written: Mapping[tuple[str, str], Sequence[plans.Saved]], finder: Reader, today: date) -> None:
    """What is written in the plans of some, each section on its day by its author; `finder` is who may open them all."""
    for (family, given), saved in written.items():
        person = one_of(finder, family, given)
        versions: dict[str, int] = {}
        for name, days_ago, section, said in sorted(saved, key=lambda one: -one[1]):
            with clock_at(moment(today, days_ago)):
                careplan.save_section(
                    by=who(name),
                    person=person,
                    section=section_named(section),
                    base=versions.get(section, 0),
                    content={f"{section}.{part}": dated(value, today) for part, value in said.items()},
                    on=today - timedelta(days=days_ago),
                )
            versions[section] = versions.get(section, 0) + 1


def _medicine(person: Person, by: Reader, medicine: str, kind: str, many: int, what_for: str) -> None:
    form = careplan.MovementForm(
        medicine=medicine, unit="ampoules", kind=kind, quantity=many, happened_at=timezone.now(), what_for=what_for
    )
    careplan.record_movement(by=by, person=person, form=form, key=uuid4())


def dated(value: Any, today: date) -> Any:
    """Days counted from today as days, also in rows."""
    if isinstance(value, list):
        return [
            {part: dated(one, today) for part, one in row.items()} if isinstance(row, dict) else row for row in value
        ]
    return (today + timedelta(days=value)).isoformat() if isinstance(value, int) else value


def _cpr(row: tuple, today: date) -> None:
    family, given, name, where, reading, days_ago, review, reason = row
    by = who(name)
    person = one_of(by, family, given)
    is_child = age_on(person.born_on or today, today) < 18
    _record_cpr(
        person, by, reading=reading, days_ago=days_ago, review=review, reason=reason, on_paper=where == "paper",
        today=today, is_child=is_child,
    )  # fmt: skip


def _record_cpr(
    person: Person,
    by: Reader,
    *,
    reading: str,
    days_ago: int,
    review: int | None,
    reason: str,
    on_paper: bool,
    today: date,
    is_child: bool,
) -> None:
    on = today - timedelta(days=days_ago)
    form = careplan.CPRForm(
        reading=reading,
        made_on=on,
        reason=reason if reading != "not_decided" else "",
        talked="parents" if is_child else "person",
        decided_by=by.name if not on_paper and reading != "not_decided" else "",
        decided_by_role="GP" if by.role == "gp" else "Consultant",
        review_on=today + timedelta(days=review) if review else None,
        paper_at="Yellow folder, hall table",
    )
    with clock_at(moment(today, days_ago)):
        if on_paper:
            careplan.transcribe_cpr_form(by=by, person=person, form=form, signature_seen=False, on=on, key=uuid4())
        else:
            careplan.make_cpr_decision(by=by, person=person, form=form, replaces=(), on=on, key=uuid4())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Practice:
    """Who looks after a practice's people, and may be named to coordinate."""

    gp: Reader
    nurse: Reader
    coordinators: dict[str, Membership]
    hospice: Membership
    social_care: Membership | None
    crew: Reader


def keep_register(ill: Sequence[Invented], today: date, advance: Callable[[], None]) -> None:
    """Everybody on the register besides the cast: joined, reviewed, planned for, coordinated; some left, some died."""
    practices = _practices()
    known = current_numbers().filter(value__in=[somebody.nhs_number for somebody in ill]).select_related("person")
    persons = {number.value: number.person for number in known}
    for somebody in ill:
        _look_after(somebody, persons[somebody.nhs_number], practices[somebody.practice], today)
        advance()


def _practices() -> dict[str, _Practice]:
    memberships = {m.staff.email: m for m in Membership.objects.select_related("staff")}
    hub = {True: "Bea Lindqvist", False: "Marian Peake"}
    return {
        code: _Practice(
            gp=who(gp),
            nurse=who(nurse),
            hospice=memberships[cast.email_of("Sofia Quayle")],
            social_care=memberships[cast.email_of("Tom Fenwick")] if code in cast.SOCIAL_CARE_OF else None,
            crew=who("Sam Okafor"),
            coordinators={
                "gp": memberships[cast.email_of(gp)],
                "nurse": memberships[cast.email_of(nurse)],
                "hub": memberships[cast.email_of(hub[code in ("Z90001", "Z90002", "Z90004")])],
            },
        )
        for code, (gp, nurse) in cast.LOOKED_AFTER_BY.items()
    }


def _look_after(somebody: Invented, person: Person, practice: _Practice, today: date) -> None:
    is_child = age_on(somebody.born_on, today) < 18
    died = (today - somebody.died_on).days if somebody.died_on else None
    care = care_of(somebody, died=died, is_child=is_child)
    gp = practice.gp
    with clock_at(moment(today, care.joined)):
        entry = register.add_to_register(
            by=gp,
            person=person,
            on=today - timedelta(days=care.joined),
            found_by=care.found_by,
            stage=care.stage,
            told=care.told,
            reason="Agreed at the palliative care meeting.",
        )
        if care.nurses:
            team = practice.coordinators["nurse"].team_id
            access.give_grant(by=gp, person_id=person.id, kind="care_team", team_id=team)
        if care.hospice:
            access.give_grant(by=gp, person_id=person.id, kind="care_team", team_id=practice.hospice.team_id)
        if practice.social_care and not is_child and care.needs_arranging:
            access.give_grant(by=gp, person_id=person.id, kind="care_team", team_id=practice.social_care.team_id)
        if care.coordinator:
            named = practice.coordinators[care.coordinator]
            coordination.name_coordinator(by=gp, person_id=person.id, membership_id=named.id, seen=None)
        if care.close:
            people.add_important_person(
                by=gp,
                person_id=person.id,
                seen=person.version,
                name=care.close.name,
                relation=care.close.relation,
                roles=["next_of_kin", "emergency"],
                telephone=care.close.telephone,
                rank=1,
                may_share=True,
            )
            person.refresh_from_db(fields=["version"])
    _write_plan(care, person, practice, today, is_child=is_child)
    ahead = ahead_of(somebody, care, died=died, is_child=is_child)
    plan_ahead(person, care, ahead, writer=practice.nurse if care.nurses and not is_child else gp, gp=gp, today=today)
    opened_by_crews(person, somebody, care, crew=practice.crew, today=today)
    if care.nurses and not is_child:
        visits = course_of(somebody, joined=care.joined, stage=care.stage, died=died)
        assess(person, by=practice.nurse, visits=visits, today=today)
    if care.reviewed is not None:
        reviewed_on = today - timedelta(days=care.reviewed)
        with clock_at(moment(today, care.reviewed)):
            entry = register.change_stage(
                by=gp, person_id=person.id, seen=entry.version, stage=care.stage, on=reviewed_on, reason=care.review
            )
    if somebody.died_on:
        _dies(person, by=gp, died_on=somebody.died_on, place=place_of_death(somebody), entry_seen=entry.version)
        close_record(person, ahead, gp=gp, died_on=somebody.died_on, today=today)
    elif care.left is not None:
        left_on = today - timedelta(days=care.left)
        with clock_at(moment(today, care.left)):
            register.leave(by=gp, person_id=person.id, seen=entry.version, reason="improved", on=left_on)


def _write_plan(care: Care, person: Person, practice: _Practice, today: date, *, is_child: bool) -> None:
    for written in care.sections:
        on = today - timedelta(days=written.days_ago)
        with clock_at(moment(today, written.days_ago)):
            careplan.save_section(
                by=practice.nurse if written.by_nurse else practice.gp,
                person=person,
                section=section_named(written.section),
                base=0,
                content={f"{written.section}.{part}": dated(value, today) for part, value in written.says.items()},
                on=on,
            )
    for form in care.cpr:
        _record_cpr(
            person, practice.nurse if form.on_paper else practice.gp, reading=form.reading, days_ago=form.days_ago,
            review=form.review_in, reason=form.reason, on_paper=form.on_paper, today=today, is_child=is_child,
        )  # fmt: skip


def _dies(person: Person, *, by: Reader, died_on: date, place: str, entry_seen: int = 1) -> None:
    """Somebody on the register dies; it is recorded the day after, and their time on the register ends."""
    with clock_at(moment(died_on, -1)):
        people.record_death(
            by=by, person_id=person.id, seen=person.version, died_on=died_on, place=place, was_expected=True
        )
        register.leave(by=by, person_id=person.id, seen=entry_seen, reason="died", on=died_on)


def emergency_openings(today: date) -> None:
    """Records opened in an emergency by somebody off duty: two wait for the privacy officer, one has been reviewed."""
    paramedic = who("Dev Chauhan")
    for days_ago, (gp, family, given), reason, words in plans.EMERGENCIES:
        with clock_at(moment(today, days_ago)):
            person = one_of(who(gp), family, given)
            opened = access.break_glass(by=paramedic, person_id=person.id, reason=reason, words=words)
    with clock_at(moment(today, 1)):
        access.review_break_glass(
            by=who("Priya Venn"), opening_id=opened.id, outcome="proper", note="Rang the crew: as they wrote it."
        )
