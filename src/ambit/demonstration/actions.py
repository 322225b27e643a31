"""Making the demonstration place, storey by storey, through the slices' own actions."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.test.utils import override_settings
from django.utils import timezone

from ambit.access import actions as access
from ambit.access.queries import operator
from ambit.demonstration import assessing, caring, cast, children, directives, improving, own_pages, papers, reviewing
from ambit.demonstration.clock import moment
from ambit.demonstration.histories import write_bundles
from ambit.demonstration.models import Storey
from ambit.demonstration.referring import referrals
from ambit.demonstration.rules import Invented, invent, invent_ill, place_of_death
from ambit.demonstration.sharing import share
from ambit.design.terminal import Terminal
from ambit.events.delivery import deliver_due
from ambit.measures import actions as measures
from ambit.measures.rules.periods import Month
from ambit.organisations import csv_import
from ambit.organisations.models import Membership, Organisation, Staff
from ambit.people import actions as people
from ambit.people.rules import Admission, Details, Home, Identity
from ambit.population import actions as population

Advance = Callable[..., None]
MONTHS = 16  # for which figures are taken, the last that ended among them


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
    ill, others = _invented(people, today)
    everybody = [*others, *ill]
    storeys: Sequence[tuple[str, str, int | None, Callable[[Advance], None]]] = (
        ("organisations", "organisations, teams and staff", None, lambda advance: _organisations(today)),
        ("people", f"{len(everybody)} people", None, lambda advance: _people(everybody, len(others), today)),
        ("plans", "the plans that are told one by one", None, lambda advance: caring.plans_of_the_cast(today)),
        ("register", f"{len(ill)} more on the register", len(ill), lambda a: caring.keep_register(ill, today, a)),
        ("records", "their coded records", None, lambda advance: _records(everybody, today)),
        (
            "candidates",
            "a search for people in their last year of life",
            None,
            lambda advance: reviewing.candidates_of(today),
        ),
        ("documents", "documents with legal force", None, lambda advance: directives.record_them(today)),
        ("own_pages", "who signs in to their own pages", None, lambda advance: own_pages.open_them(today)),
        ("sharing", "who lives in a home, and what is shared with whom", None, lambda advance: share(today)),
        (
            "children",
            "a child before birth, and one who moves to adult care",
            None,
            lambda a: children.plan_for_them(today),
        ),
        ("papers", "signed forms as files, and a plan kept elsewhere before", None, lambda a: papers.keep_them(today)),
        ("tuesday", "what this week brought", None, lambda advance: _tuesday(today)),
        ("measures", "the figures of past months", MONTHS, lambda advance: _figures(today, advance)),
        ("rounds", "a self-assessment of last year, and one under way", None, lambda a: _rounds(today)),
    )
    made = {}
    # nobody is there to be written to
    with override_settings(MAILERS={"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}):
        for name, words, total, build in storeys:
            made[name] = _once(name, partial(_with_progress, terminal, words, total, build))
            if made[name]:
                terminal.say(f"Made {words}.")
    return made


def _with_progress(terminal: Terminal, words: str, total: int | None, build: Callable[[Advance], None]) -> None:
    with terminal.progress(f"Making {words}", total=total) as advance:
        build(advance)


def _invented(count: int, today: date) -> tuple[list[Invented], list[Invented]]:
    """Those on the register, about one in eleven; and the others, the cast first. Few people are the cast and hardly more."""
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
    more = max(count - len(told) - 1, 0)
    ill = invent_ill(more * 31 // 300, on=today)
    return ill, [*told, unborn, *invent(more - len(ill), on=today)]


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
            from_at=moment(today, 900),
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


def _people(invented: Sequence[Invented], die_here: int, today: date) -> None:
    """Everybody, with their homes; those who matter to some; of the first `die_here` of them, those who died."""
    by = operator()
    practices = dict(Organisation.objects.filter(kind="practice").values_list("code", "id"))
    admitted = people.admit_many(by=by, admissions=[_admission(somebody, practices) for somebody in invented])
    for place, (somebody, person) in enumerate(zip(invented, admitted, strict=True)):
        for said in cast.MATTER.get(somebody.nhs_number, ()):
            people.add_important_person(by=by, person_id=person.id, seen=person.version, **said)
            person.refresh_from_db(fields=["version"])
        if somebody.died_on and place < die_here:
            people.record_death(
                by=by,
                person_id=person.id,
                seen=person.version,
                died_on=somebody.died_on,
                place=place_of_death(somebody),
                was_expected=bool(somebody.conditions),
            )


def _records(invented: Sequence[Invented], today: date) -> None:
    """What practices coded about everybody with an NHS number, taken in like any extract."""
    coded = [somebody for somebody in invented if somebody.nhs_number]
    with TemporaryDirectory(prefix="ambit-demonstration-") as folder:
        files = write_bundles(coded, Path(folder), on=today)
        population.take_in(by=operator(), paths=files, source="thornmere-practices")


def _tuesday(today: date) -> None:
    """Emergency openings, referrals, and the tasks that all of it raised."""
    caring.emergency_openings(today)
    referrals(today)
    while deliver_due():
        pass


def _rounds(today: date) -> None:
    """Self-assessments, gap analyses and plans, and what was announced by them."""
    assessing.assess(today)
    improving.improve(today)
    while deliver_due():
        pass


def _figures(today: date, advance: Advance) -> None:
    """Snapshots of the months that have ended, computed from what stands here by now."""
    last = Month.of(today).after(-1)
    months = list(last.after(1 - MONTHS).until(last))
    measures.take_snapshots(by=operator(), months=months, on=today, advance=advance)
