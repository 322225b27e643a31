"""A whole site of its own for measurements and races: people in it, its processes, and browsers signed in.

Run as a module it fills a new site; the settings of that site are the environment it is run in.
"""

import http.client
import json
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from itertools import cycle
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from ambit.site.rehearsal_place import fill_place

TICKS = os.sysconf("SC_CLK_TCK")
PRACTICE = "Z90001"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site answered: status, where it sends us, and the page."""

    status: int
    location: str
    body: str


@dataclass(slots=True)
class Browser:
    """A browser without a window: one kept-alive connection, its cookies, and Django's token against forgery."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, fields: Mapping[str, Any] | None = None) -> Answer:
        status, headers, page = self.exchange(method, path, fields)
        return Answer(status, headers.get("Location", ""), page.decode())

    def exchange(
        self, method: str, path: str, fields: Mapping[str, Any] | None = None
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Ask for something that may be no text, such as a PDF."""
        if self.connection is not None and self._was_hung_up():
            self.close()
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            self.connection.connect()
            self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if fields is not None:
            token = self.cookies.get("csrftoken", "")
            body = urlencode({"csrfmiddlewaretoken": token, **fields}, doseq=True)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        page = response.read()
        for line in response.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return response.status, response.headers, page

    def _was_hung_up(self) -> bool:
        """Whether the server has closed this connection meanwhile, as it does after half a minute without a question."""
        assert self.connection is not None
        return self.connection.sock is None or bool(select.select([self.connection.sock], [], [], 0)[0])

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, fields: Mapping[str, Any]) -> Answer:
        return self.ask("POST", path, fields)

    def sign_in(self, email: str, password: str) -> None:
        self.get("/account/login/")
        answer = self.post("/account/login/", {"login": email, "password": password})
        if answer.status != 302:
            raise RuntimeError(f"{email} could not sign in: status {answer.status}.")


class _Fields(HTMLParser):
    """The fields of a page's forms with the values they hold."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        name = given.get("name")
        if tag == "input" and name:
            if given.get("type") in {"radio", "checkbox"} and "checked" not in given:
                return
            self.found[name] = given.get("value") or ""
        elif tag in {"textarea", "select"} and name:
            self.found.setdefault(name, "")
            self.select = name
        elif tag == "option" and "selected" in given:
            self.found[self.select] = given.get("value") or ""


def fields_of(page: str) -> dict[str, str]:
    """What a page's form would send if nobody changed anything, without the token that a browser adds itself."""
    reader = _Fields()
    reader.feed(page)
    reader.found.pop("csrfmiddlewaretoken", None)
    return reader.found


def read_on(port: int, email: str, password: str, paths: Sequence[str], begun: Event, done: Event) -> None:
    """Sign in and open these pages one after another without a pause, until it is enough; for a process of its own."""
    browser = Browser(port)
    browser.sign_in(email, password)
    for path in cycle(paths):
        answer = browser.get(path)
        if answer.status != 200:
            raise RuntimeError(f"{path} was answered with {answer.status}.")
        begun.set()
        if done.is_set():
            return


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A site that runs: where it answers, who can sign in, and who is in it."""

    port: int
    process: subprocess.Popen[bytes]
    environment: dict[str, str]
    emails: tuple[str, ...]
    home_emails: tuple[str, ...]
    place: dict[str, Any]
    password: str
    practice: str
    people: tuple[str, ...]
    family_names: tuple[str, ...]

    def browser(self, number: int = 0, *, who: str = "practice") -> Browser:
        """Somebody of the practice signed in, of the care `home`, or a `lead` of the place: each number is somebody else."""
        emails = {"practice": self.emails, "home": self.home_emails, "lead": self.place.get("lead_emails", ())}
        browser = Browser(self.port)
        browser.sign_in(emails[who][number], self.password)
        return browser


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def rehearsal(
    *,
    database_url: str = "",
    people: int = 0,
    tasks: int = 0,
    register_of: int = 0,
    versions: int = 0,
    improving: bool = False,
    staff: int = 16,
    workers: int = 2,
) -> Iterator[Rehearsal]:
    """Fill a new site and serve it, as `ambit serve` does, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="ambit-rehearsal-") as home:
        password = secrets.token_urlsafe(16)
        environment = {
            **os.environ,
            "AMBIT_HOME": home,
            "AMBIT_DATABASE_URL": database_url,
            "AMBIT_DEPLOYMENT": "demonstration",
            "AMBIT_LOG_LEVEL": "ERROR",
            "AMBIT_REHEARSAL": json.dumps(
                {
                    "people": people,
                    "tasks": tasks,
                    "register_of": register_of,
                    "versions": versions,
                    "improving": improving,
                    "staff": staff,
                    "password": password,
                }
            ),
            "DJANGO_SETTINGS_MODULE": "ambit.site.settings",
        }
        filled = subprocess.run(
            [sys.executable, "-m", "ambit.site.rehearsal"],
            env=environment,
            stdout=subprocess.PIPE,
            check=True,
        )
        known = json.loads(filled.stdout)
        port = free_port()
        process = subprocess.Popen(
            [sys.executable, "-m", "ambit.site.main", "serve", "--port", str(port), "--workers", str(workers)],
            env=environment,
            stdin=subprocess.DEVNULL,
        )
        try:
            _wait_until_it_answers(process, port)
            yield Rehearsal(
                port=port,
                process=process,
                environment=environment,
                password=password,
                emails=tuple(known["emails"]),
                home_emails=tuple(known["home_emails"]),
                place=known["place"],
                practice=known["practice"],
                people=tuple(known["people"]),
                family_names=tuple(known["family_names"]),
            )
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The site ended with status {process.returncode} while starting.")
        browser = Browser(port)
        try:
            if browser.get("/health/live").status == 200:
                return
        except OSError:
            pass
        finally:
            browser.close()
        time.sleep(0.1)
    raise RuntimeError("The site did not answer within two minutes.")


def processor_seconds(root: int) -> float:
    """Processor time of a process and everything below it, also of children that have ended."""
    children: dict[int, list[int]] = {}
    spent: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # the name, in brackets, may hold blanks and brackets itself
            words = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(int(words[1]), []).append(int(folder.name))
        spent[int(folder.name)] = sum(int(word) for word in words[11:15])
    total, waiting = 0, [root]
    while waiting:
        process = waiting.pop()
        total += spent.get(process, 0)
        waiting += children.get(process, [])
    return total / TICKS


def processes_below(root: int) -> dict[int, str]:
    """The direct children of a process and their command lines."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == root:
                found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def _fill(
    *, people: int, tasks: int, register_of: int, versions: int, improving: bool, staff: int, password: str
) -> dict[str, Any]:
    """One practice with its GPs, its list, and what its people have to do; its commonest names come first.

    With `register_of` everybody is on the register, and that many of them are the practice's: the others are a hundred
    practices' in like parts, as in the register of a whole system. Those of the practice live in one care home and have a whole plan, with so many `versions` of every section. With `improving`
    its place has a self-assessment, a gap analysis and figures.
    """
    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.utils import timezone

    from ambit.access.actions import give_grant
    from ambit.access.models import Account
    from ambit.access.queries import operator, reader_named
    from ambit.coordination.actions import raise_task
    from ambit.coordination.queries import Owner
    from ambit.demonstration.rules import invent
    from ambit.organisations.models import Membership, Organisation, Staff
    from ambit.people import actions as people_actions
    from ambit.people.rules import Identity
    from ambit.register.models import RegisterEntry, StageGiven

    call_command("migrate", verbosity=0, interactive=False)
    today = timezone.localdate()
    with transaction.atomic():
        practice = Organisation.objects.create(code=PRACTICE, name="Brackenhill Surgery", kind="practice")
        elsewhere = [
            Organisation.objects.create(code=f"Z91{number:03}", name=f"Farther Surgery {number}", kind="practice")
            for number in range(100 if register_of else 0)
        ]
        home = Organisation.objects.create(code="Z90003", name="Ferry View", kind="care_home")
        emails = [f"gp{number}@ambit.example" for number in range(staff)]
        hashed = make_password(password)
        home_emails = [f"senior{number}@ambit.example" for number in range(staff)]
        for works_at, role, several in ((practice, "gp", emails), (home, "care_home_senior", home_emails)):
            for number, email in enumerate(several):
                somebody = Staff.objects.create(name=f"Alex Rehearsal {number}", email=email)
                Membership.objects.create(staff=somebody, organisation=works_at, role=role, from_on=date(2020, 1, 1))
                Account.objects.create(email=email, staff=somebody, name=somebody.name, password=hashed)
        by = operator()
        admitted = people_actions.admit_many(
            by=by,
            admissions=[
                Identity(
                    title=somebody.title,
                    given_names=somebody.given_names,
                    family_name=somebody.family_name,
                    born_on=somebody.born_on,
                    sex=somebody.sex,
                    nhs_number=somebody.nhs_number,
                    practice_id=(elsewhere[number % 100] if elsewhere and number >= register_of else practice).id,
                )
                for number, somebody in enumerate(
                    somebody for somebody in invent(people, on=today) if somebody.nhs_number
                )
            ],
        )
        for number in range(tasks):
            raise_task(
                by=by,
                what="Ring about the review",
                owner=Owner(name=practice.name, organisation_id=practice.id),
                person_id=admitted[number].id,
                due_on=today + timedelta(days=number - 10),
            )
        entries = RegisterEntry.objects.bulk_create(
            RegisterEntry(
                person_id=person.id,
                basis=RegisterEntry.Basis.ADULT,
                stage="months",
                found_by=RegisterEntry.FoundBy.IMPORTED,
                joined_on=today - timedelta(days=number % 300),
                review_due_on=today + timedelta(days=number % 90 - 10),
            )
            for number, person in enumerate(admitted if register_of else ())
        )
        StageGiven.objects.bulk_create(
            StageGiven(
                entry=entry, number=1, stage=entry.stage, given_on=entry.joined_on, by_name=by.name, by_role=by.role
            )
            for entry in entries
        )
        for person in admitted[: register_of if versions else 0]:
            give_grant(by=by, person_id=person.id, kind="residence", organisation_id=home.id)
            _write_plan(reader_named(emails[0]), person, versions, today)
        place = (
            fill_place(practice=practice, emails=emails, staff=staff, hashed=hashed, today=today) if improving else {}
        )
    if connection.vendor == "postgresql":
        # what autovacuum does within a minute of a load: until then every plan is a guess, and its work is counted as a page's
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return {
        "emails": emails,
        "home_emails": home_emails,
        "place": place,
        "people": [str(person.id) for person in admitted[: register_of or None]],
        "practice": str(practice.id),
        "family_names": [name for name, _ in Counter(person.family_name for person in admitted).most_common()],
    }


def _write_plan(by: Any, person: Any, versions: int, today: date) -> None:
    """A decision about CPR, and every section so many times over, in the words of the demonstration."""
    from django.utils import timezone

    from ambit.careplan import actions as careplan
    from ambit.careplan import registry
    from ambit.careplan.models import SectionVersion
    from ambit.demonstration.caring import dated
    from ambit.demonstration.plans import SECTIONS
    from ambit.design.rules import age_on

    is_child = age_on(person.born_on, today) < 18
    form = careplan.CPRForm(
        reading="do_not_attempt",
        made_on=today,
        reason="It would not work.",
        talked="parents" if is_child else "person",
        decided_by=by.name,
        decided_by_role="GP",
        review_on=today + timedelta(days=90),
    )
    careplan.make_cpr_decision(by=by, person=person, form=form, replaces=(), on=today, key=uuid4())
    pack = registry.pack()
    said = {section: parts for saved in SECTIONS.values() for _who, _days_ago, section, parts in saved}
    SectionVersion.objects.bulk_create(
        SectionVersion(
            person=person,
            section=section.id,
            number=number,
            base=number - 1,
            content={f"{section.id}.{part}": dated(value, today) for part, value in said[section.id].items()},
            pack=f"{pack.id} {pack.version}",
            author_account_id=by.account_id,
            author_name=by.name,
            author_role=by.role,
            author_organisation=by.organisation_name,
            saved_at=timezone.now() - timedelta(days=versions - number),
        )
        for section in registry.plan().sections()
        if section.id in said
        for number in range(1, versions + 1)
    )


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(_fill(**json.loads(os.environ["AMBIT_REHEARSAL"]))))  # noqa: T201  (read by the parent)
