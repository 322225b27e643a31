"""Every command acts as a named reader, and says in the audit trail that it ran."""

import pytest
from click import Context
from click.testing import CliRunner
from django.db import OperationalError

from ambit.access.queries import operator
from ambit.audit import queries
from ambit.audit.models import AuditLine
from ambit.packs.commands import packs
from ambit.site.main import _of_the_home, main


def run(*words):
    return CliRunner().invoke(main, words, env={"COLUMNS": "100"})


@pytest.mark.django_db
def test_a_command_is_audited_in_the_name_of_its_reader(place, settings, tmp_path):
    settings.HOME = tmp_path
    assert run("audit", "verify", "--json").exit_code == 0
    assert run("audit", "verify", "--as", "otto.lamb@ambit.example").exit_code == 0
    lines = AuditLine.objects.filter(what="ran command audit verify").order_by("id")
    assert [(line.name, line.role, line.through) for line in lines] == [
        ("operator", "operator", "command line"),
        ("Otto Lamb", "auditor", "command line"),
    ]


def test_a_command_by_itself_is_not_the_command_line_and_touches_no_database():
    """What `ambit` has loaded once is the same object for whoever calls it from Python, with a reader of their own."""
    main.get_command(Context(main), "packs")
    assert CliRunner().invoke(packs, ["coverage", "careplans", "--json"], obj=operator()).exit_code == 0


@pytest.mark.django_db
def test_a_refusal_is_said_in_words_and_audited(place):
    done = run("audit", "verify", "--as", "amina.rahman@ambit.example")
    assert done.exit_code == 1
    assert "may not read audit" in done.output
    assert "Traceback" not in done.output
    assert AuditLine.objects.filter(what="ran command audit verify", name="Dr Amina Rahman").exists()


@pytest.mark.django_db
def test_nobody_of_that_name(place):
    done = run("audit", "verify", "--as", "nobody@ambit.example")
    assert done.exit_code == 1
    assert "Nobody signs in as nobody@ambit.example" in done.output


@pytest.mark.django_db
def test_a_database_that_is_away_is_said_in_words(monkeypatch):
    def away(reader):
        raise OperationalError("connection refused")

    monkeypatch.setattr(queries, "verify", away)
    done = run("audit", "verify")
    assert done.exit_code == 1
    assert "The database cannot be reached" in done.output


def test_wrong_use_is_2():
    assert run("audit", "verify", "--nonsense").exit_code == 2
    assert run("nonsense").exit_code == 2


@pytest.mark.parametrize(
    ("stop", "words", "expected"),
    [
        (KeyboardInterrupt(), ("audit", "verify"), "Nothing half-done was kept."),
        (RuntimeError("Query interrupted"), ("audit", "verify"), "Nothing half-done was kept."),
        (RuntimeError("Query interrupted"), ("intake", "csv", "."), "it goes on where it was"),
    ],
)
@pytest.mark.django_db
def test_a_stop_by_the_keyboard_is_said_in_words(monkeypatch, stop, words, expected):
    from ambit.population import commands

    def stopped(*_args, **_told):
        raise stop

    monkeypatch.setattr(queries, "verify", stopped)
    monkeypatch.setattr(commands.actions, "take_in", stopped)
    done = run(*words)
    assert done.exit_code == 1
    assert f"Stopped before the end. {'Give' if 'goes on' in expected else ''}" in done.output
    assert expected in done.output


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (PermissionError(13, "Permission denied", "{home}/ambit.sqlite3"), True),
        (FileNotFoundError(2, "No such file or directory", "{home}"), True),
        (FileNotFoundError(2, "No such file or directory", "{home}/exports/a.csv"), False),
        (PermissionError(13, "Permission denied", "/elsewhere/a.csv"), False),
        (OSError("without a file"), False),
    ],
)
def test_a_folder_of_the_site_that_cannot_be_used_is_named(monkeypatch, tmp_path, problem, told):
    monkeypatch.setenv("AMBIT_HOME", str(tmp_path / "site"))
    if problem.filename:
        problem.filename = problem.filename.replace("{home}", str(tmp_path / "site"))
    words = _of_the_home(problem)
    assert bool(words) == told
    assert not told or (str(tmp_path / "site") in words and "AMBIT_HOME" in words)


def test_a_bench_without_proc_says_what_it_needs(monkeypatch):
    from ambit.site import bench

    monkeypatch.setattr(bench, "processes_below", lambda _root: {})
    done = CliRunner().invoke(bench.pages, ["--sqlite-only"])
    assert (done.exit_code, "from /proc, which is not here. Run it on Linux" in done.output) == (1, True)
