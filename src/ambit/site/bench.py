"""`ambit bench`: what an operation costs, measured on sites and stores of its own. Figures depend on the machine."""

import functools
import os
import platform
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import click
from django.urls import reverse

from ambit.demonstration.rules import nhs_numbers
from ambit.design.terminal import Terminal, speaks_json
from ambit.site.bench_population import casefinding, intake
from ambit.site.development import tidy_when_told_to_stop
from ambit.site.rehearsal import Browser, Rehearsal, fields_of, processes_below, processor_seconds, rehearsal
from ambit.site.scratch_postgres import NoPostgres, scratch_postgres

# milliseconds of processor time for one operation, server and database together
RECORD_TARGETS = {"create_person": 10.0, "open_person": 5.0, "name_search": 4.0, "worklist": 8.0}
PAGE_TARGETS = {"urgent_page": 8.0, "caseload": 10.0, "plan_page": 8.0, "section_history": 10.0, "residents": 10.0}
# of lists of a hundred statements, of six charts
IMPROVEMENT_TARGETS = {
    "gap_table": 15.0,
    "statements": 15.0,
    "moderation": 15.0,
    "statement_page": 15.0,
    "answer_statement": 15.0,
    "six_charts": 100.0,
}
# who opens a page: staff of the practice, of the care home (who do not look after a whole list), or who leads the place
OPENED_BY = {
    **dict.fromkeys(("residents", "urgent_page", "opened_at_home"), "home"),
    **dict.fromkeys(("gap_table", "moderation", "six_charts"), "lead"),
}
# what a page costs before it is one: session and reader; for a record also the door and the line of the audit trail.
# Measured by requests that end there, and taken from the pages that begin so.
BEFORE = {
    "urgent_page": "opened_at_home",
    "caseload": "signed_in",
    "plan_page": "opened",
    "section_history": "opened",
    "residents": "signed_in",
    **dict.fromkeys(IMPROVEMENT_TARGETS, "signed_in"),
}
# people of one practice on the register, and of one care home; everybody else on it is elsewhere
CASELOAD = 50
# of every section of their plans
VERSIONS = 40
CLIENTS = (1, 8)


@click.group()
def bench() -> None:
    """Measure: figures for a person to read, never a gate."""


def _sizes(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of both benches."""
    for option in (
        click.option("--sqlite-only", is_flag=True, help="Leave PostgreSQL out."),
        click.option(
            "--operations",
            default=400,
            show_default=True,
            type=click.IntRange(8),
            help="Operations to average over.",
        ),
        click.option(
            "--people",
            default=10_000,
            show_default=True,
            type=click.IntRange(100),
            help="People of the site.",
        ),
    ):
        command = option(command)
    return command


@bench.command()
@_sizes
@speaks_json
def record(terminal: Terminal, people: int, operations: int, sqlite_only: bool) -> None:
    """Create, open, search and list over HTTP: processor time (server and database) and operations a second.

    Runs on SQLite and on a scratch PostgreSQL that waits for the disk, at one client and at eight.
    """
    _on_both(terminal, "The record", RECORD_TARGETS, _operations, people, operations, sqlite_only)


@bench.command()
@_sizes
@speaks_json
def pages(terminal: Terminal, people: int, operations: int, sqlite_only: bool) -> None:
    """The urgent page, a caseload of fifty, a plan, one section's history and the fifty of a care home over HTTP.

    As `bench record`. Everybody is on the register, and every section of the fifty has forty versions. "Its own" leaves
    out what a request costs that only signs in and, for a record, opens it with its audit line.
    """
    _on_both(
        terminal,
        "Pages",
        PAGE_TARGETS,
        _pages,
        people,
        operations,
        sqlite_only,
        register_of=CASELOAD,
        versions=VERSIONS,
    )


@bench.command()
@_sizes
@speaks_json
def improvement(terminal: Terminal, people: int, operations: int, sqlite_only: bool) -> None:
    """A gap table of a hundred rows, 96 statements to answer and to agree on, one statement read and answered, and six charts.

    As `bench pages`. Each of eight assessors answers statement after statement; the charts have been drawn before.
    """
    _on_both(
        terminal, "Improvement", IMPROVEMENT_TARGETS, _improvement, people, operations, sqlite_only, improving=True
    )


def _on_both(
    terminal: Terminal,
    title: str,
    targets: dict[str, float],
    operations_of: Callable[[Rehearsal], dict[str, Callable[[Browser], None]]],
    people: int,
    operations: int,
    sqlite_only: bool,
    **site: Any,
) -> None:
    if not processes_below(os.getppid()):
        raise click.ClickException(
            "This bench reads the processor time of its own processes from /proc, which is not here. "
            "Run it on Linux; in a container, with /proc mounted."
        )
    tidy_when_told_to_stop()
    figures: dict[str, Any] = {"people": people, "operations": operations}

    def measure(database: str, url: str) -> None:
        figures.update(_measured(database, url, operations, terminal, operations_of, people=people, **site))

    measure("sqlite", "")
    if not sqlite_only:
        try:
            with scratch_postgres(durable=True) as url:
                measure("postgresql", url)
        except NoPostgres as missing:
            terminal.say(str(missing))
    _take_off(figures)
    rows = [
        (
            f"{name.replace('_', ' ')}, {database}, {clients} client{'s' * (clients > 1)}",
            f"{figures[f'{database}_{name}_{clients}_cpu_ms']:.2f}",
            f"{figures.get(f'{database}_{name}_{clients}_own_cpu_ms', figures[f'{database}_{name}_{clients}_cpu_ms']):.2f}",
            f"{target:.0f}",
            f"{figures[f'{database}_{name}_{clients}_per_s']:.0f}",
        )
        for database in ("sqlite", "postgresql")
        for name, target in targets.items()
        for clients in CLIENTS
        if f"{database}_{name}_{clients}_cpu_ms" in figures
    ]
    yardsticks = " and ".join(
        f"{ms:.1f} ms ({name.split('_')[0]})" for name, ms in figures.items() if "yardstick" in name
    )
    terminal.say(f"Python {platform.python_version()} of {sys.base_prefix}; a fixed loop takes it {yardsticks}.")
    columns = ("Operation", "CPU ms", "its own", "at most", "a second")
    terminal.answer(figures, tables=[terminal.table(f"{title}, {people:,} people", columns, rows)])


def _take_off(figures: dict[str, Any]) -> None:
    """What a page costs by itself, beside what the whole request does."""
    for database in ("sqlite", "postgresql"):
        for name, before in BEFORE.items():
            for clients in CLIENTS:
                whole = figures.get(f"{database}_{name}_{clients}_cpu_ms")
                less = figures.get(f"{database}_{before}_{clients}_cpu_ms")
                if whole is not None and less is not None:
                    figures[f"{database}_{name}_{clients}_own_cpu_ms"] = round(whole - less, 2)


def _measured(
    database: str,
    url: str,
    operations: int,
    terminal: Terminal,
    operations_of: Callable[[Rehearsal], dict[str, Callable[[Browser], None]]],
    **about: Any,
) -> dict[str, float]:
    """`about` says what the site holds, in the words of `rehearsal`."""
    terminal.say(f"{database}: admitting {about['people']:,} people…")
    figures: dict[str, float] = {}
    began = time.monotonic()
    figures[f"{database}_yardstick_ms"] = _yardstick()
    with rehearsal(database_url=url, tasks=50, staff=max(CLIENTS), **about) as site:
        figures[f"{database}_fill_s"] = round(time.monotonic() - began, 1)
        postmaster = _postmaster(url)
        # nobody signs in again for the next operation: a site refuses an address that signs in too often
        signed_in = functools.cache(lambda who: [site.browser(n, who=who) for n in range(max(CLIENTS))])
        for name, operation in operations_of(site).items():
            browsers = signed_in(OPENED_BY.get(name, "practice"))
            for browser in _afresh(browsers):
                operation(browser)
            for clients in CLIENTS:
                _afresh(browsers)
                spent, seconds = _measure(site, postmaster, operation, browsers[:clients], operations)
                figures[f"{database}_{name}_{clients}_cpu_ms"] = round(1000 * spent / operations, 2)
                figures[f"{database}_{name}_{clients}_per_s"] = round(operations / seconds, 1)
                terminal.say(
                    f"{database}: {name}, {clients} clients: {1000 * spent / operations:.2f} ms,"
                    f" {operations / seconds:.0f} a second"
                )
    return figures


def _yardstick() -> float:
    """Processor milliseconds of a fixed piece of Python, the least of some runs: machines and builds of Python differ,
    and one machine differs from hour to hour, so figures are compared by what this says of each run."""

    def once() -> float:
        began, total = time.process_time(), 0
        for number in range(200_000):
            total += number * number % 7
        return time.process_time() - began

    return round(1000 * min(once() for _ in range(20)), 1)


def _afresh(browsers: list[Browser]) -> list[Browser]:
    """With new connections: one that waited for its turn may have been hung up on."""
    for browser in browsers:
        browser.close()
    return browsers


def _postmaster(url: str) -> int | None:
    """The process of the scratch cluster that an address names."""
    if not url:
        return None
    folder = Path(url.partition("host=")[2])
    return int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])


def _web_server(site: Rehearsal) -> int:
    return next(pid for pid, words in processes_below(site.process.pid).items() if "granian" in words)


def _measure(
    site: Rehearsal,
    postmaster: int | None,
    operation: Callable[[Browser], None],
    browsers: list[Browser],
    operations: int,
) -> tuple[float, float]:
    """Processor seconds and seconds of `operations` operations shared among some browsers."""
    roots = [_web_server(site), *([postmaster] if postmaster else [])]
    problems: list[BaseException] = []

    def work(browser: Browser, times: int) -> None:
        try:
            for _ in range(times):
                operation(browser)
        except BaseException as problem:  # a thread's own exception would be lost
            problems.append(problem)

    share, over = divmod(operations, len(browsers))
    threads = [
        threading.Thread(target=work, args=(browser, share + (number < over)))
        for number, browser in enumerate(browsers)
    ]
    before, began = sum(map(processor_seconds, roots)), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if problems:
        raise problems[0]
    return sum(map(processor_seconds, roots)) - before, seconds


def _in_turn(values: tuple[str, ...]) -> Callable[[], str]:
    """The next value at each call, from any thread."""
    lock, turn = threading.Lock(), 0

    def following() -> str:
        nonlocal turn
        with lock:
            turn += 1
            return values[turn * 7919 % len(values)]

    return following


def _operations(site: Rehearsal) -> dict[str, Callable[[Browser], None]]:
    # a search for one of the commonest names fills its page of twenty
    person, family_name = _in_turn(site.people), _in_turn(site.family_names[:20])
    fresh, lock = new_people(site.practice), threading.Lock()
    admit, find, tasks = reverse("admit"), reverse("find_person"), reverse("tasks")
    form = fields_of(site.browser().get(admit).body)

    def create_person(browser: Browser) -> None:
        with lock:
            somebody = next(fresh)
        answer = browser.post(admit, form | somebody)
        if answer.status != 302:
            raise RuntimeError(f"Creating a person was answered with {answer.status}.")

    return {
        "create_person": create_person,
        "open_person": lambda browser: _read(reverse("person", args=[person()]), browser),
        "name_search": lambda browser: _read(f"{find}?{urlencode({'search': family_name()})}", browser),
        "worklist": lambda browser: _read(tasks, browser),
    }


def _pages(site: Rehearsal) -> dict[str, Callable[[Browser], None]]:
    person = _in_turn(site.people)
    # an address that only a form is sent to: the record is opened, and then there is nothing to show
    form = functools.partial(reverse, "confirm_section")
    return {
        "signed_in": lambda browser: _read("/health/live", browser),
        "opened": lambda browser: _read(form(args=[person(), "what_matters"]), browser, status=405),
        "opened_at_home": lambda browser: _read(form(args=[person(), "what_matters"]), browser, status=405),
        "urgent_page": lambda browser: _read(reverse("now", args=[person()]), browser),
        "caseload": lambda browser: _read(reverse("caseload"), browser),
        "plan_page": lambda browser: _read(reverse("plan", args=[person()]), browser),
        "section_history": lambda browser: _read(reverse("section_history", args=[person(), "what_matters"]), browser),
        "residents": lambda browser: _read(reverse("residents"), browser),
    }


def _improvement(site: Rehearsal) -> dict[str, Callable[[Browser], None]]:
    place = site.place
    statement = _in_turn(tuple(place["statements"]))
    turns: dict[int, Iterator[tuple[str, int]]] = defaultdict(lambda: _each_again(place["statements"]))

    def answer_statement(browser: Browser) -> None:
        node, seen = next(turns[id(browser)])
        fields = {"level": place["level"], "position": f"So it was, the {seen + 1}th time.", "confidence": "high"}
        answer = browser.post(reverse("answer_statement", args=[place["round"], node]), fields | {"seen": seen})
        if answer.status != 302:
            raise RuntimeError(f"Answering a statement was answered with {answer.status}.")

    return {
        "signed_in": lambda browser: _read("/health/live", browser),
        "gap_table": lambda browser: _read(reverse("gap_analysis", args=[place["analysis"]]), browser),
        "statements": lambda browser: _read(reverse("answering", args=[place["round"]]), browser),
        "moderation": lambda browser: _read(reverse("moderation", args=[place["round"]]), browser),
        "statement_page": lambda browser: _read(
            reverse("answer_statement", args=[place["round"], statement()]), browser
        ),
        "answer_statement": answer_statement,
        "six_charts": lambda browser: _read(reverse("measures"), browser),
    }


def _each_again(names: list[str]) -> Iterator[tuple[str, int]]:
    """Every name with 0, then every name with 1, and so on without end."""
    return ((name, turn) for turn in count() for name in names)


def _read(path: str, browser: Browser, *, status: int = 200) -> None:
    answer = browser.get(path)
    if answer.status != status:
        raise RuntimeError(f"{path} was answered with {answer.status}.")


def new_people(practice: str) -> Iterator[dict[str, str]]:
    """What is typed about people who are nobody's namesakes, each with a number of the test range."""
    for place, number in enumerate(nhs_numbers(999_700_000)):
        yield {
            "family_name": _letters(2 * place).capitalize(),
            "given_names": _letters(2 * place + 1).capitalize(),
            "nhs_number": number,
            "born_on-day": str(1 + place % 28),
            "born_on-month": str(1 + place % 12),
            "born_on-year": str(1930 + place % 60),
            "sex": "female",
            "practice_id": practice,
            "person_id": str(uuid4()),
        }


def _letters(count: int) -> str:
    """Ten letters that are nothing like those of another count, so that nobody looks like anybody."""
    digest = sha256(str(count).encode()).digest()
    return "".join(chr(ord("a") + byte % 26) for byte in digest[:10])


bench.add_command(casefinding)
bench.add_command(intake)
