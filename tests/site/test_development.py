"""`ambit test`: which tests run on which database, and what comes back."""

from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from ambit.site import development


@pytest.fixture
def runs(monkeypatch):
    """What would be run: pytest's arguments and the database; the tests themselves are not."""
    seen = []

    def pretend(arguments, *, database_url, AMBIT_TEST_BUT_PASSED=""):
        seen.append((arguments, database_url, *filter(None, [AMBIT_TEST_BUT_PASSED])))
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


def test_what_passed_in_a_check_is_left_out_on_sqlite_alone(runs, tmp_path):
    report = tmp_path / "hazards.xml"
    report.write_text("<testsuite/>")
    assert CliRunner().invoke(development.test, ["--postgres", "--but-passed", str(report)]).exit_code == 0
    assert [left_out for _, _, *left_out in runs] == [[str(report)], []]


def test_a_report_that_is_not_there_is_said(runs, tmp_path):
    answer = CliRunner().invoke(development.test, ["--but-passed", str(tmp_path / "none.xml")])
    assert answer.exit_code == 2
    assert "does not exist" in answer.output
    assert runs == []


def test_what_fails_on_sqlite_is_not_hidden_by_postgresql(runs, monkeypatch):
    monkeypatch.setattr(development, "pytest", lambda arguments, *, database_url, **_: runs.append(database_url) or 1)
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
