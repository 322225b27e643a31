"""`ambit test`: which tests run on which database, and what comes back."""

from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from ambit.site import development


@pytest.fixture
def runs(monkeypatch):
    """What would be run: pytest's arguments and the database; the tests themselves are not."""
    seen = []

    def pretend(arguments, *, database_url):
        seen.append((arguments, database_url))
        return 0

    @contextmanager
    def cluster():
        yield "postgresql://scratch"

    monkeypatch.setattr(development, "pytest", pretend)
    monkeypatch.setattr(development, "scratch_postgres", cluster)
    monkeypatch.setattr(development.shutil, "which", lambda name: name)
    monkeypatch.setattr(development, "tidy_when_told_to_stop", lambda: None)
    monkeypatch.delenv("AMBIT_DATABASE_URL", raising=False)
    monkeypatch.setattr(development.os, "cpu_count", lambda: 1)
    return seen


@pytest.mark.parametrize(
    ("options", "marks"),
    [
        ([], ["-m", "not browser and not long"]),
        (["--browser"], ["-m", "not long"]),
        (["--long"], ["-m", "not browser"]),
        (["--long", "--browser"], []),
    ],
)
def test_options_choose_the_marks(runs, options, marks):
    assert CliRunner().invoke(development.test, [*options, "tests/people", "-k", "twins"]).exit_code == 0
    assert runs == [([*marks, "tests/people", "-k", "twins"], "")]


def test_postgres_runs_sqlite_first_and_then_a_cluster(runs):
    assert CliRunner().invoke(development.test, ["--postgres"]).exit_code == 0
    assert [database for _, database in runs] == ["", "postgresql://scratch"]
    assert ["--reuse-db" in arguments for arguments, _ in runs] == [False, True]


def test_postgres_takes_the_database_it_is_given(runs, monkeypatch):
    monkeypatch.setenv("AMBIT_DATABASE_URL", "postgresql://elsewhere")
    CliRunner().invoke(development.test, ["--postgres"])
    assert [database for _, database in runs] == ["", "postgresql://elsewhere"]
    assert not any("--reuse-db" in arguments for arguments, _ in runs)


def test_what_fails_on_sqlite_is_not_hidden_by_postgresql(runs, monkeypatch):
    monkeypatch.setattr(development, "pytest", lambda arguments, *, database_url: runs.append(database_url) or 1)
    assert CliRunner().invoke(development.test, ["--postgres"]).exit_code == 1
    assert runs == [""]


def test_without_chromium_it_says_what_to_install(runs, monkeypatch):
    monkeypatch.setattr(development.shutil, "which", lambda name: None)
    result = CliRunner().invoke(development.test, ["--browser"])
    assert result.exit_code == 1
    assert "apt-get install chromium" in result.output
    assert runs == []


@pytest.mark.parametrize(
    ("cores", "options", "beside"),
    [
        (2, [], ["-n", "2", "--dist", "worksteal"]),
        (1, [], []),
        (None, [], []),
        (2, ["--long"], []),  # what races and kills is given the whole machine
        (2, ["-n0", "tests/people"], []),
        (2, ["--pdb"], []),
    ],
)
def test_as_many_tests_at_once_as_there_are_cores(runs, monkeypatch, cores, options, beside):
    monkeypatch.setattr(development.os, "cpu_count", lambda: cores)
    CliRunner().invoke(development.test, options)
    assert [word for word in runs[0][0] if word in ("-n", "2", "--dist", "worksteal")] == beside
