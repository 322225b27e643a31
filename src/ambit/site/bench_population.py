"""`ambit bench casefinding` and `intake`: what searching a population costs, and taking its records in."""

import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click

from ambit.design.terminal import Terminal, speaks_json
from ambit.packs.queries import site_library
from ambit.population.bench import extracts
from ambit.population.bench.casefinding import TABLES, measure
from ambit.site.config import CHECKOUT
from ambit.site.rehearsal import read_on, rehearsal


@click.command()
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with patients, events, admissions and codelist as Parquet.",
)
@click.option("--people", default=100_000, show_default=True, type=click.IntRange(1), help="The first so many people.")
@click.option("--turns", default=3, show_default=True, type=click.IntRange(1), help="How often each plan is run.")
@speaks_json
def casefinding(terminal: Terminal, data: Path | None, people: int, turns: int) -> None:
    """Twelve made-up rules as packs in one search, against SQL written by hand; the frailty index; one person explained.

    Processor seconds, memory, and whether everybody found is the same. Without --data, the folder case_finding/<people> under
    AMBIT_TEST_DATA.
    """
    folder = data or outside_data() / "case_finding" / str(people)
    missing = [f"{name}.parquet" for name in TABLES if not (folder / f"{name}.parquet").is_file()]
    if missing:
        raise click.ClickException(
            f"{folder} holds no {missing[0]}: name the folder of a made-up population with --data."
        )
    pack = site_library().get("casefinding", "efi-1")
    if pack is None or not pack.ok:
        raise click.ClickException("The pack efi-1 is not right; `ambit packs check` says why.")
    figures = measure(folder, pack.content, people=people, turns=turns, say=terminal.say, beside=a_site_that_is_read)
    rows = [(name.replace("_", " "), str(value)) for name, value in figures.items() if name != "cohorts"]
    terminal.answer(figures, tables=[terminal.table("Case-finding", ("Figure", "Value"), rows)])


READ = ("/caseload/", "/case-finding/", "/register/")
LISTED = 50


@contextmanager
def a_site_that_is_read() -> Iterator[None]:
    """While the block runs, a site of its own is served, and somebody signed in opens its lists one after another without a pause."""
    context = multiprocessing.get_context("spawn")
    with rehearsal(people=4 * LISTED, register_of=LISTED, versions=1) as site:
        begun, done = context.Event(), context.Event()
        reader = context.Process(target=read_on, args=(site.port, site.emails[0], site.password, READ, begun, done))
        reader.start()
        try:
            begun.wait(60)
            yield
        finally:
            done.set()
            reader.join()
            if reader.exitcode:
                raise click.ClickException("The site was not read: a page was answered with an error.")


def outside_data() -> Path:
    """Where large outside data is."""
    return Path(os.environ.get("AMBIT_TEST_DATA", CHECKOUT.parent / "shared" / "data"))


@click.command()
@click.option("--data", type=click.Path(exists=True, path_type=Path), help="Folder of FHIR R4 bundles.")
@click.option(
    "--rows",
    default=1_000_000,
    show_default=True,
    type=click.IntRange(1),
    help="Coded events of a made-up CSV extract.",
)
@click.option(
    "--copies",
    default=3,
    show_default=True,
    type=click.IntRange(1),
    help="How often the bundles go into the Bulk NDJSON.",
)
@click.option(
    "--turns", default=3, show_default=True, type=click.IntRange(1), help="How often each but the CSV is read."
)
@speaks_json
def intake(terminal: Terminal, data: Path | None, rows: int, copies: int, turns: int) -> None:
    """Read bundles into a store of its own, the same as Bulk NDJSON, and one long CSV extract; against three loops over orjson.

    The first loop only parses and looks, the second does the job the usual way: checks, rows, Parquet; the third does
    all of it, with the same rules and into a store, but parses each line before it is checked. People and resources a second,
    processor seconds, and the most memory. Against the first two an intake counts without what one of a single
    person costs (the start of a process, the site's packs and lists, a published snapshot); against the third it runs again in the
    loop's own process. Intake and loops take turns, and of each the least counts: a machine's speed swings.
    """
    folder = data or outside_data() / "synthea-r4"
    if not folder.is_dir():
        raise click.ClickException(f"No bundles at {folder}: name their folder with --data.")
    with ExitStack() as stack:

        def scratch() -> str:
            return stack.enter_context(tempfile.TemporaryDirectory(prefix="ambit-bench-"))

        environment = {**os.environ, "AMBIT_HOME": scratch(), "AMBIT_DATABASE_URL": ""}
        one = Path(scratch())
        (one / "one.json").write_text('{"resourceType": "Patient", "id": "one"}')
        bulk = Path(scratch())
        extracts.write_bulk(folder, bulk, copies)
        several: list[dict[str, Any]] = []
        for _ in range(turns):
            told = {"of_one_cpu_s": _intake("fhir", one, environment, terminal, "one")["one_cpu_s"]}
            for name, of in {"first": folder, "bulk": bulk}.items():
                environment["AMBIT_HOME"] = scratch()
                told |= _intake("fhir", of, environment, terminal, name)
                if name == "first":
                    told |= _intake("fhir", of, environment, terminal, "second")
                told |= _loops(of, one, Path(scratch()), name)
            environment["AMBIT_HOME"] = scratch()
            several.append(told)
        figures = {name: _least(name, [each[name] for each in several]) for name in several[0]}
        figures |= _compared("first", figures) | _compared("bulk", figures)
        made = Path(scratch())
        size = extracts.write_extract(made, rows)
        figures |= _intake("csv", made, environment, terminal, "csv")
    figures["csv_megabytes"] = round(size / 1e6, 1)
    rows_told = [(name.replace("_", " "), f"{value:,}") for name, value in figures.items()]
    terminal.answer(figures, tables=[terminal.table("Intake", ("Figure", "Value"), rows_told)])


def _least(name: str, told: list[Any]) -> Any:
    """Of times the least and of speeds the highest; all else is the same in each turn, but for memory, of which the most counts."""
    return min(told) if name.endswith(("_cpu_s", "_seconds")) else max(told)


def _loops(folder: Path, one: Path, into: Path, turn: str) -> dict[str, float]:
    """The three loops over what an intake reads."""
    extracts.same_rules_loop(one, into / "of one")  # which loads what the others use
    measured = extracts.loop(folder) | extracts.keeping_loop(folder, into)
    measured |= extracts.same_rules_loop(folder, into / "store") | extracts.intake_beside(folder, into / "beside")
    return {f"{turn}_{name}": value for name, value in measured.items()}


def _compared(turn: str, figures: dict[str, Any]) -> dict[str, float]:
    """How much the intake reads in a processor second, that of each loop being 1."""
    spent = dict.fromkeys(("loop", "keeping_loop"), figures[f"{turn}_cpu_s"] - figures["of_one_cpu_s"])
    spent["same_rules_loop"] = figures[f"{turn}_beside_cpu_s"]
    return {
        f"{turn}_throughput_vs_{loop}": round(figures[f"{turn}_{loop}_cpu_s"] / own, 2) for loop, own in spent.items()
    }


def _intake(layout: str, folder: Path, environment: dict[str, str], terminal: Terminal, turn: str) -> dict[str, float]:
    ambit = [sys.executable, "-m", "ambit.site.main"]
    subprocess.run([*ambit, "migrate", "--json"], env=environment, stdout=subprocess.DEVNULL, check=True)
    terminal.say(f"Reading {folder.name}, {turn} time…")
    began = time.perf_counter()
    process = subprocess.Popen(
        [*ambit, "intake", layout, str(folder), "--json"], env=environment, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    result = json.loads(process.stdout.read())
    # what this one process used, which `subprocess` does not tell
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds, spent = time.perf_counter() - began, used.ru_utime + used.ru_stime
    read = sum(result["resources"].values())
    return {
        f"{turn}_people": result["people"],
        f"{turn}_resources": read,
        f"{turn}_new": sum(result["new"].values()),
        f"{turn}_seconds": round(seconds, 2),
        f"{turn}_cpu_s": round(spent, 2),
        f"{turn}_resources_per_s": round(read / seconds),
        f"{turn}_peak_mb": used.ru_maxrss // 1024,
    }
