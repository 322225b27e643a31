"""What `ambit check` reads and refuses: hazards, documents, forbidden things."""

import subprocess

import pytest

from ambit.site import checks, manual
from ambit.site.config import Config

PAGE = """# Hazards

## H1 Wrong person

- **Cause:** Two people
  with one name.
- **Control:** The banner
  on every page.
- **Tests:** `tests/a.py::test_one`,
  `tests/a.py::TestTwo::test_three[case]`
- **What remains:** Something.

## H9 Lost

- **Cause:** Power cut.
"""


def test_a_hazard_is_read_with_control_and_tests():
    first, second = checks.read_hazards(PAGE)
    assert (first.id, first.control) == ("H1", "The banner\n  on every page.")
    assert first.tests == ("tests/a.py::test_one", "tests/a.py::TestTwo::test_three[case]")
    assert (second.id, second.control, second.tests) == ("H9", "", ())


def test_a_hazard_without_control_or_with_a_test_that_is_gone_is_named(tmp_path):
    (tmp_path / "docs/safety").mkdir(parents=True)
    (tmp_path / "tests").mkdir()
    (tmp_path / checks.HAZARDS).write_text(PAGE)
    (tmp_path / "tests/a.py").write_text("class TestTwo:\n    def test_three(self): ...\n")
    problems = checks.hazards_name_tests(tmp_path)
    assert [problem.split(":")[0] for problem in problems] == [
        "H9 names no control",
        "H9 names no test",
        "H1 names tests/a.py",
    ]


SITE = """import pytest
class TestTwo:
    @pytest.mark.parametrize("case", ["a", "b"])
    def test_three(self, case):
        {three}
def test_one():
    {one}
"""


@pytest.mark.parametrize(
    ("one", "three", "problems"),
    [
        ("pass", "pass", []),
        ("assert False", "pass", ["1 failed"]),
        ("pytest.skip('no PostgreSQL')", "pass", []),
        ("pass", "pytest.skip('no Pango')", ["H2 has no passing test on this machine"]),
        ("pass", "case == 'a' or pytest.skip('no Pango')", []),
    ],
)
def test_a_hazard_without_a_passing_test_is_named(tmp_path, one, three, problems):
    (tmp_path / "docs/safety").mkdir(parents=True)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_a.py").write_text(SITE.format(one=one, three=three))
    (tmp_path / checks.HAZARDS).write_text(
        "## H1 One\n\n- **Control:** A.\n- **Tests:** `tests/test_a.py::test_one`, `tests/test_a.py::TestTwo::test_three[a]`\n\n"
        "## H2 Two\n\n- **Control:** B.\n- **Tests:** `tests/test_a.py::TestTwo::test_three`\n"
    )
    report = tmp_path / "hazards.xml"
    found = checks.hazards_are_controlled(tmp_path, report=report)
    assert len(found) == len(problems)
    assert all(words in said for words, said in zip(problems, found, strict=True))
    assert ("tests/test_a.py::test_one" in checks.passed_tests(report.read_text())) == (one == "pass")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("uv.lock", "version = 1"),
        (".python-version", "3.13"),
        ("src/ambit/design/static/design/vendor/nhsuk.js", "x"),
        ("src/a.min.js", "x"),
        ("package-lock.json", "https://registry." + "npmjs.org/x"),
        ("README.md", "see /" + "work/shared"),
        (".ci/run", "pip install --" + "index-url x"),
    ],
)
def test_forbidden_things_are_named(tmp_path, name, words):
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(words)
    subprocess.run("git init -q && git add -fA", shell=True, cwd=tmp_path, check=True)
    assert [problem.startswith(name) for problem in checks.nothing_forbidden(tmp_path)] == [True]


def test_every_setting_is_described_and_printed():
    page = manual.settings_page()
    for name, field in Config.model_fields.items():
        assert field.description, f"{name} has no description."
        assert f"`AMBIT_{name.upper()}`" in page
