"""Making the demonstration place, storey by storey, through the slices' own actions."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from ambit.access import actions as access
from ambit.access.queries import Person, Reader, operator, people_of, reader_named
from ambit.careplan import actions as careplan
from ambit.careplan import registry
from ambit.careplan.rules import Section
from ambit.casefinding import actions as casefinding
from ambit.casefinding.queries import candidate, candidates
from ambit.coordination import actions as coordination
from ambit.demonstration import cast, plans
from ambit.demonstration.clock import clock_at
from ambit.demonstration.histories import write_bundles
from ambit.demonstration.models import Storey
from ambit.demonstration.rules import LIFE_LIMITING, Invented, age_on, invent
from ambit.design.terminal import Terminal
from ambit.organisations import csv_import
from ambit.organisations.models import Membership, Organisation, Staff
from ambit.people import actions as people
from ambit.people.rules import Admission, Details, Home, Identity
from ambit.population import actions as population
from ambit.register import actions as register


class NotADemonstration(Exception):
    """The fictional place is never made in a live deployment."""


def make_place(terminal: Terminal, people: int = 3000) -> dict[str, bool]:
    """Make what does not stand yet; says for each storey whether it was made now."""
    if not settings.DEMONSTRATION:
        raise NotADemonstration(
            "This is a live deployment: fictional people are never put among real ones. "
            "Set AMBIT_DEPLOYMENT=demonstration and point AMBIT_HOME to an empty folder."
        )
    today = timezone.localdate()
    invented = _invented(people, today)
    storeys: Sequence[tuple[str, str, Callable[[], None]]] = (
        ("organisations", "organisations, teams and staff", lambda: _organisations(today)),
        ("people", f"{people} people", lambda: _people(invented, today)),
        ("plans", "the plans of some of them", lambda: _plans(today)),
        ("records", "coded records of some of them", lambda: _records(invented, today)),
        ("candidates", "a search for people in their last year of life", lambda: _candidates(today)),
    )
    made = {}
    for name, words, build in storeys:
        made[name] = _once(name, build)
        if made[name]:
            terminal.say(f"Made {words}.")
    return made


def _invented(count: int, today: date) -> list[Invented]:
    """The cast and as many more as it takes; a number of people smaller than the cast is the cast alone."""
    told = [
        Invented(
            title=title,
            given_names=given,
            family_name=family,
            preferred_name=preferred,
            born_on=born,
            sex=sex,
            nhs_number=number,
            practice=practice,
            conditions=cast.CONDITIONS.get(number, ()),
            admissions=tuple(today - timedelta(days=days) for days in cast.ADMITTED.get(number, ())),
            **cast.home_of(number, practice),
        )
        for title, given, family, preferred, born, sex, number, practice in cast.EVERYBODY
    ]
    unborn = Invented(
        title="",
        given_names="Baby of Nadia",
        family_name="Karim",
        born_on=today + timedelta(days=70),
        birth_precision="unborn",
        sex="",
        practice="Z90003",
        no_number_reason="unborn",
    )
    return [*told, unborn, *invent(max(count - len(told) - 1, 0), on=today)]


def _once(name: str, build: Callable[[], None]) -> bool:
    """Build one storey in one transaction, unless it stands; two makers at once do not both build it."""
    if Storey.objects.filter(pk=name).exists():
        return False
    try:
        with transaction.atomic():
            Storey.objects.create(name=name)
            build()
    except IntegrityError:
        if Storey.objects.filter(pk=name).exists():
            return False
        raise
    return True


def _csv(heading: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(heading)
    writer.writerows(rows)
    return written.getvalue().encode()


def _organisations(today: date) -> None:
    """The address book, an account for everybody in it, and who is on duty for whom."""
    by = operator()
    began = today - timedelta(days=900)
    team = {name: (cast.TEAM_OF.get(name, "")) for _, name, _, _ in (*cast.STAFF, *cast.MORE_STAFF)}
    csv_import.import_csv(
        by=by,
        files={
            "organisations.csv": _csv(
                ("code", "name", "kind", "part_of", "telephone", "postcode"),
                [
                    (code, name, kind, part_of or "", *cast.CONTACT.get(code, ("", "")))
                    for code, name, kind, part_of in (*cast.ORGANISATIONS, *cast.MORE_ORGANISATIONS)
                ],
            ),
            "teams.csv": _csv(("organisation", "name", "telephone", "hours"), cast.TEAMS),
            "staff.csv": _csv(
                ("email", "title", "name", "organisation", "team", "role", "from_on"),
                [
                    (cast.email_of(name), title, name, code, team[name], role, began)
                    for title, name, role, code in (*cast.STAFF, *cast.MORE_STAFF)
                ],
            ),
        },
    )
    for staff in Staff.objects.order_by("email"):
        access.make_account(by=by, email=staff.email, staff=staff, password=cast.PASSWORD)
    for name, area in cast.ON_DUTY:
        access.put_on_duty(
            by=by,
            area=Organisation.objects.get(code=area),
            membership=Membership.objects.get(staff__email=cast.email_of(name)),
        )


def _admission(somebody: Invented, practices: dict[str, UUID]) -> Admission:
    return Admission(
        identity=Identity(
            title=somebody.title,
            given_names=somebody.given_names,
            family_name=somebody.family_name,
            preferred_name=somebody.preferred_name,
            born_on=somebody.born_on,
            birth_precision=somebody.birth_precision,
            sex=somebody.sex,
            nhs_number=somebody.nhs_number,
            no_number_reason=somebody.no_number_reason,
            practice_id=practices[somebody.practice],
        ),
        details=Details(
            ethnicity=somebody.ethnicity,
            language=somebody.language,
            needs_interpreter=somebody.interpreter,
            telephone=somebody.telephone,
        ),
        home=Home(lines="\n".join(somebody.address), postcode=somebody.postcode, lsoa=somebody.lsoa)
        if somebody.address
        else None,
    )


def _people(invented: Sequence[Invented], today: date) -> None:
    """Everybody, with their homes; those who matter to some; those who died."""
    by = operator()
    practices = dict(Organisation.objects.filter(kind="practice").values_list("code", "id"))
    admitted = people.admit_many(by=by, admissions=[_admission(somebody, practices) for somebody in invented])
    for somebody, person in zip(invented, admitted, strict=True):
        for said in cast.MATTER.get(somebody.nhs_number, ()):
            people.add_important_person(by=by, person_id=person.id, seen=person.version, **said)
            person.refresh_from_db(fields=["version"])
        if somebody.died_on:
            people.record_death(
                by=by,
                person_id=person.id,
                seen=person.version,
                died_on=somebody.died_on,
                place=_place_of_death(somebody),
                was_expected=bool(somebody.conditions),
            )


def _place_of_death(somebody: Invented) -> str:
    """About 44 in 100 die in hospital, 28 at home, 21 in a care home, 5 in a hospice (England, rounded)."""
    dice = Random(somebody.nhs_number)  # noqa: S311  (the same place each time)
    return dice.choices(["10", "21", "40", "30", "50"], weights=[44, 28, 21, 5, 2])[0]


def _who(name: str) -> Reader:
    return reader_named(cast.email_of(name))


def _of(by: Reader, family_name: str, given_names: str) -> Person:
    return people_of(by).get(family_name=family_name, given_names=given_names)


def _moment(today: date, days_ago: int) -> datetime:
    """Twelve minutes past four in the afternoon, so many days ago."""
    day = today - timedelta(days=days_ago)
    return datetime.combine(day, time(16, 12), tzinfo=timezone.get_current_timezone())


def _plans(today: date) -> None:
    """The register, coordinators, plans, CPR decisions and objections of the cast, each on the day it was made."""
    gp, coordinator = _who("Amina Rahman"), Membership.objects.get(staff__email=cast.email_of("Bea Lindqvist"))
    nurses = Membership.objects.get(staff__email=cast.email_of("Ruth Tannahill"))
    for family, given, stage, days_ago, told in plans.REGISTER:
        person = _of(gp, family, given)
        with clock_at(_moment(today, days_ago)):
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
        person_id=_of(gp, "Thorne", "Isla Rose").id,
        kind="care_team",
        team_id=Membership.objects.get(staff__email=cast.email_of("Sofia Quayle")).team_id,
    )
    for (family, given), saved in plans.SECTIONS.items():
        person = _of(gp, family, given)
        versions: dict[str, int] = {}
        for name, days_ago, section, said in sorted(saved, key=lambda one: -one[1]):
            with clock_at(_moment(today, days_ago)):
                careplan.save_section(
                    by=_who(name),
                    person=person,
                    section=_section(section),
                    base=versions.get(section, 0),
                    content={f"{section}.{part}": _dated(value, today) for part, value in said.items()},
                    on=today - timedelta(days=days_ago),
                )
            versions[section] = versions.get(section, 0) + 1
    for row in plans.CPR:
        _cpr(row, today)
    died = _of(gp, "Pym", "Harold")
    people.record_death(
        by=gp, person_id=died.id, seen=died.version, died_on=today - timedelta(days=3), place="21", was_expected=True
    )
    access.record_objection(
        by=_who("Marta Nowicka"),
        person_id=_of(_who("Marta Nowicka"), "Castlereagh", "Enid").id,
        basis="person",
        informed_on=today - timedelta(days=40),
        note="Does not want anybody but the practice to see her record.",
    )


def _section(section_id: str) -> Section:
    section = registry.section(section_id)
    if section is None:
        raise LookupError(f"The plan of this site has no section “{section_id}”; demonstration/plans.py names it.")
    return section


def _dated(value: Any, today: date) -> Any:
    return (today + timedelta(days=value)).isoformat() if isinstance(value, int) else value


def _cpr(row: tuple, today: date) -> None:
    family, given, name, where, reading, days_ago, review, reason = row
    by = _who(name)
    person, on = _of(by, family, given), today - timedelta(days=days_ago)
    form = careplan.CPRForm(
        reading=reading,
        made_on=on,
        reason=reason,
        talked="parents" if age_on(person.born_on or today, today) < 18 else "person",
        decided_by=by.name if where == "here" and reading != "not_decided" else "",
        decided_by_role="GP" if by.role == "gp" else "Consultant",
        review_on=today + timedelta(days=review) if review else None,
        paper_at="Yellow folder, hall table",
    )
    with clock_at(_moment(today, days_ago)):
        if where == "paper":
            careplan.transcribe_cpr_form(by=by, person=person, form=form, signature_seen=False, on=on, key=uuid4())
        else:
            careplan.make_cpr_decision(by=by, person=person, form=form, replaces=(), on=on, key=uuid4())


def _records(invented: Sequence[Invented], today: date) -> None:
    """What practices coded about those who are ill and about every eighth of the others, taken in like any extract."""
    coded = [
        somebody
        for place, somebody in enumerate(invented)
        if somebody.nhs_number and (LIFE_LIMITING & set(somebody.conditions) or place % 8 == 0)
    ]
    with TemporaryDirectory(prefix="ambit-demonstration-") as folder:
        files = write_bundles(coded, Path(folder), on=today)
        population.take_in(by=operator(), paths=files, source="thornmere-practices")


def _candidates(today: date) -> None:
    """Find people by every pack that may run here; two are accepted by their GP already."""
    by = operator()
    casefinding.run_search(by=by, run=casefinding.ask_for_run(by=by, on=today))
    for name in ("Owen Shah", "Ifan Prosser"):
        gp = _who(name)
        waiting = candidates(gp).waiting
        if waiting:
            found = candidate(gp, waiting[0].id)
            casefinding.accept_candidate(
                by=gp,
                candidate_id=found.id,
                seen=found.version,
                surprise="no",
                stage="months",
                reason="Fewer good days since the last admission.",
                told=True,
                on=today,
            )
