"""For those who work on Ambit: `ambit test` and `ambit check`."""

import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from ambit.design.terminal import Terminal, speaks_json
from ambit.site import checks
from ambit.site import manual as manual_pages
from ambit.site.config import CHECKOUT
from ambit.site.scratch_postgres import NoPostgres, scratch_postgres

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def in_checkout() -> None:
    if not (CHECKOUT / "tests").is_dir():
        raise click.ClickException("This command works in a checkout of Ambit, which an installed wheel is not.")


def tidy_when_told_to_stop() -> None:
    """Let `finally` run when somebody stops us, so that no cluster or server stays behind."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def beside_each_other(arguments: list[str]) -> list[str]:
    """As many tests at once as there are cores, each with a database of its own; unless the arguments say how many."""
    told = any(word.startswith(("-n", "--dist", "--pdb", "-p")) for word in arguments)
    cores = os.cpu_count() or 1
    return [] if told or cores == 1 else ["-n", str(cores), "--dist", "worksteal"]


def pytest(arguments: list[str], *, database_url: str, **environment: str) -> int:
    """Run the tests on one database, in a process of their own; pytest's closing line comes last."""
    # processes that share the tests must find them in one order, also where a test's cases come from a set
    environment = {**os.environ, **environment, "AMBIT_DATABASE_URL": database_url, "PYTHONHASHSEED": "0"}
    tests = subprocess.Popen([sys.executable, "-m", "pytest", *arguments], cwd=CHECKOUT, env=environment)
    try:
        return tests.wait()
    except BaseException:
        tests.terminate()
        tests.wait()
        raise


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--browser", is_flag=True, help="Also the tests that need Chromium.")
@click.option(
    "--postgres", is_flag=True, help="Then again on PostgreSQL: AMBIT_DATABASE_URL, or a cluster made for it."
)
@click.option("--long", "long_ones", is_flag=True, help="Also the long tests: kills, clusters, LibreOffice.")
@click.option(
    "--but-passed",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Leave out, on SQLite, what passed in this report of “ambit check --report”.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[PYTEST ARGUMENTS]...")
def test(browser: bool, postgres: bool, long_ones: bool, but_passed: Path | None, arguments: tuple[str, ...]) -> None:
    """Run the tests on SQLite; docs/running/tests.md says what runs where."""
    in_checkout()
    if browser and not any(shutil.which(name) for name in BROWSERS):
        raise click.ClickException("No Chromium found: install it (on Debian: apt-get install chromium).")
    tidy_when_told_to_stop()
    left_out = [f"not {mark}" for mark, wanted in (("browser", browser), ("long", long_ones)) if not wanted]
    chosen = [*(["-m", " and ".join(left_out)] if left_out else []), *arguments]
    # what races and kills is given the whole machine
    if not long_ones:
        chosen = [*beside_each_other(chosen), *chosen]
    status = pytest(chosen, database_url="", AMBIT_TEST_BUT_PASSED=str(but_passed.resolve()) if but_passed else "")
    if status or not postgres:
        sys.exit(status)
    given = os.environ.get("AMBIT_DATABASE_URL", "")
    try:
        with nullcontext(given) if given else scratch_postgres() as url:
            click.echo("Again on PostgreSQL:", err=True)
            # a scratch cluster goes away whole: nothing need drop a database that a browser may still be reading
            status = pytest(chosen if given else ["--reuse-db", *chosen], database_url=url)
    except NoPostgres as missing:
        raise click.ClickException(str(missing)) from missing
    sys.exit(status)


@click.command()
@click.option("--fast", is_flag=True, help="Leave out what takes long: types, PostgreSQL, running the hazards' tests.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep here what the hazards' tests said (JUnit XML), for “ambit test --but-passed”.",
)
@speaks_json
def check(terminal: Terminal, fast: bool, report: Path | None) -> None:
    """Run every check that CI runs: format, lint, types, contracts, migrations, packs, hazards, documents."""
    in_checkout()
    tidy_when_told_to_stop()

    def look(name: str) -> dict[str, Any]:
        terminal.say(f"{name}…")
        run, began = checks.ALL[name], time.monotonic()
        try:
            if report and run is checks.hazards_are_controlled:
                problems = checks.hazards_are_controlled(CHECKOUT, report=report.resolve())
            else:
                problems = run(CHECKOUT)
            outcome = "failed" if problems else "passed"
        except checks.Skipped as why:
            problems, outcome = [str(why)], "skipped"
        except Exception as broken:  # one broken check must not hide what the others find
            problems, outcome = [f"The check itself broke: {broken!r}"], "failed"
        return {
            "check": name,
            "outcome": outcome,
            "problems": problems,
            "seconds": round(time.monotonic() - began, 1),
        }

    wanted = [name for name, run in checks.ALL.items() if not (fast and run in checks.SLOW)]
    # each waits for a program of its own, and the longest begins first; the hazards' tests use every core themselves
    alone = [name for name in wanted if checks.ALL[name] is checks.hazards_are_controlled]
    beside = sorted(
        set(wanted) - set(alone), key=lambda name: (checks.ALL[name] not in checks.SLOW, wanted.index(name))
    )
    with ThreadPoolExecutor(os.cpu_count()) as several:
        done = [*several.map(look, beside), *map(look, alone)]
    results = sorted(done, key=lambda result: wanted.index(result["check"]))
    for result in results:
        for problem in result["problems"]:
            click.echo(f"\n{result['check']}: {problem}", err=True)
    terminal.answer(
        {"ok": all(r["outcome"] != "failed" for r in results), "checks": results},
        tables=[
            terminal.table(
                "",
                ("Check", "Outcome", "Seconds"),
                [(r["check"], r["outcome"], f"{r['seconds']:.0f}") for r in results],
            )
        ],
    )
    if any(r["outcome"] == "failed" for r in results):
        sys.exit(1)


@click.command()
def manual() -> None:
    """Write the pages of settings, commands and case-finding packs from what they describe."""
    in_checkout()
    for page, words in manual_pages.pages().items():
        (CHECKOUT / page).parent.mkdir(exist_ok=True)
        (CHECKOUT / page).write_text(words)
        click.echo(page)
