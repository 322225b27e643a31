"""What `ambit check` looks at. Each check is given the checkout and gives back its problems, in words; none is a pass."""

import ast
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from ambit.site import manual
from ambit.site.scratch_postgres import NoPostgres, scratch_postgres

HAZARDS = Path("docs/safety/hazards.md")


class Skipped(Exception):
    """A check that this machine cannot do; says why."""


def _run(root: Path, program: str, *arguments: str, **environment: str) -> list[str]:
    """Nothing when a program of the virtual environment is content; else what it said."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name(program)), *arguments],
        cwd=root,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return [] if done.returncode == 0 else [done.stdout.strip() or f"{program} ended with {done.returncode}"]


def formatted(root: Path) -> list[str]:
    return _run(root, "ruff", "format", "--check", "--output-format=concise", "--quiet", "src", "tests")


def linted(root: Path) -> list[str]:
    return _run(root, "ruff", "check", "--quiet", "--output-format=concise", "src", "tests")


def typed(root: Path) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="ambit-check-") as home:
        return _run(root, "mypy", "--no-error-summary", "src/ambit", AMBIT_HOME=home)


def contracts(root: Path) -> list[str]:
    """The floors and rooms of the house (`[tool.importlinter]`)."""
    return _run(root, "lint-imports", "--no-logo")


def templates(root: Path) -> list[str]:
    if not any((root / "src").rglob("*.jinja")):
        raise Skipped("There are no templates.")
    return _run(root, "djlint", "src/ambit", "--lint", "--quiet")


def _no_missing_migration(root: Path, database_url: str) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="ambit-check-") as home:
        site = {
            "AMBIT_HOME": home,
            "AMBIT_DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "ambit.site.settings",
        }
        return _run(root, "django-admin", "migrate", "--verbosity=0", **site) or _run(
            root, "django-admin", "makemigrations", "--check", "--dry-run", **site
        )


def migrations_on_sqlite(root: Path) -> list[str]:
    """An empty SQLite database takes every migration, and no model has changed since."""
    return _no_missing_migration(root, "")


def migrations_on_postgresql(root: Path) -> list[str]:
    try:
        with scratch_postgres() as url:
            return _no_missing_migration(root, url)
    except NoPostgres as missing:
        raise Skipped(str(missing)) from missing


def packs(root: Path) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="ambit-check-") as home:
        return _run(root, "ambit", "packs", "check", AMBIT_HOME=home)


@dataclass(frozen=True, slots=True)
class Hazard:
    """One hazard of docs/safety: what could harm somebody, what is done against it, and the tests that show it."""

    id: str
    control: str
    tests: tuple[str, ...]


def read_hazards(page: str) -> list[Hazard]:
    """The hazards of the page: a heading `## H1 …` and the lines Control and Tests below it."""
    found = []
    for part in re.split(r"^## ", page, flags=re.MULTILINE)[1:]:
        id = part.split()[0]
        if not re.fullmatch(r"H\d+", id):
            continue
        lines = dict(re.findall(r"^- \*\*(\w[\w ]*):\*\* ((?:.|\n  )+)", part, flags=re.MULTILINE))
        tests = tuple(re.findall(r"`(tests/[^`]+)`", lines.get("Tests", "")))
        found.append(Hazard(id, lines.get("Control", "").strip(), tests))
    return found


def _exists(root: Path, test: str) -> bool:
    file, _, name = test.partition("::")
    path = root / file
    if not path.is_file() or not name:
        return False
    wanted = name.split("[")[0].split("::")
    body: list[ast.stmt] = ast.parse(path.read_text()).body
    for word in wanted:
        node = next((n for n in body if isinstance(n, (ast.FunctionDef, ast.ClassDef)) and n.name == word), None)
        if node is None:
            return False
        body = node.body
    return True


def hazards_name_tests(root: Path) -> list[str]:
    """Every hazard names its control, and tests that exist."""
    hazards = read_hazards((root / HAZARDS).read_text())
    problems = [f"{h.id} names no control: write a line “- **Control:** …” below it." for h in hazards if not h.control]
    problems += [
        f"{h.id} names no test: write a line “- **Tests:** `tests/…::test_…`”." for h in hazards if not h.tests
    ]
    for hazard in hazards:
        problems += [
            f"{hazard.id} names {test}, which does not exist." for test in hazard.tests if not _exists(root, test)
        ]
    return problems if hazards else [f"{HAZARDS} names no hazard."]


def hazards_are_controlled(root: Path, *, report: Path | None = None) -> list[str]:
    """The tests that the hazards name pass; a hazard of which every test was passed over on this machine is not controlled.

    What pytest says of each test is kept in `report`, where one is given.
    """
    hazards = read_hazards((root / HAZARDS).read_text())
    tests = sorted({test for hazard in hazards for test in hazard.tests})
    with tempfile.TemporaryDirectory(prefix="ambit-check-") as home:
        report = report or Path(home, "tests.xml")
        # few kills, since this is for every change; how many a release has had is in the long tests
        failed = _run(
            root, "pytest", f"--junitxml={report}", "-o", "junit_family=xunit1",
            # processes that share a handful of tests take longer to start than the tests
            "-n", str(min(os.cpu_count() or 1, len(tests) // 10)), "--dist", "worksteal", *tests,
            AMBIT_HOME=home, AMBIT_DATABASE_URL="", AMBIT_TEST_KILLS="3", PYTHONHASHSEED="0",
        )  # fmt: skip
        passed = passed_tests(report.read_text()) if report.is_file() else frozenset()
    return failed or [
        f"{hazard.id} has no passing test on this machine: each was passed over."
        for hazard in hazards
        if not passed & set(hazard.tests)
    ]


def passed_tests(report: str) -> frozenset[str]:
    """The tests of pytest's report of which some case passed and none did not, as hazards name them, with and without their case."""
    found: dict[str, list[bool]] = {}
    for attributes, inside in re.findall(r"<testcase ([^>]*?)(/>|>.*?</testcase>)", report, flags=re.DOTALL):
        said = {name: unescape(value) for name, value in re.findall(r'(\w+)="([^"]*)"', attributes)}
        classes = said["classname"].split(".")[len(said["file"].split("/")) :]
        name = "::".join([said["file"], *classes, said["name"]])
        if "<skipped" not in inside:
            for one in {name, name.partition("[")[0]}:
                found.setdefault(one, []).append("<failure" not in inside and "<error" not in inside)
    return frozenset(name for name, cases in found.items() if all(cases))


def documents(root: Path) -> list[str]:
    """The pages of settings and commands say what the code says."""
    return [
        f"{page} is not what the code says now: run “./ambit manual”."
        for page, words in manual.pages().items()
        if not (root / page).is_file() or (root / page).read_text() != words
    ]


FORBIDDEN_FILES = re.compile(
    r"(^|/)(uv\.lock|\.python-version|node_modules/.*|\.env|.*\.sqlite3|.*\.min\.(js|css)|.*static/[^/]+/(vendor|built)/.*)$"
)
# addresses of package registries, and paths that only one machine has
FORBIDDEN_WORDS = re.compile(
    r"registry\.npmjs\.(org|com)|pypi\.(org|python\.org)/simple|files\.pythonhosted\.org"
    r"|--(extra-)?index-url|(?<![\w.<])/(work|root|tmp)/\w|/home/\w+/"
)


def _tracked(root: Path) -> Iterator[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=False)
    if listed.returncode:
        raise Skipped("This is not a git checkout, so nothing is tracked.")
    yield from filter(None, listed.stdout.split("\0"))


def nothing_forbidden(root: Path) -> list[str]:
    """No lock files with addresses, no third-party front-end files, no registries, no paths of one machine."""
    problems = []
    for name in _tracked(root):
        if FORBIDDEN_FILES.search(name):
            problems.append(f"{name} may not be in the repository: remove it with “git rm --cached”.")
            continue
        try:
            words = (root / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        problems += [
            f"{name}:{number}: “{found.group()}” may not be in the repository."
            for number, line in enumerate(words.splitlines(), 1)
            if (found := FORBIDDEN_WORDS.search(line)) and not line.startswith("#!")
        ]
    return problems


ALL: dict[str, Callable[[Path], list[str]]] = {
    "format": formatted,
    "lint": linted,
    "types": typed,
    "contracts": contracts,
    "templates": templates,
    "migrations on SQLite": migrations_on_sqlite,
    "migrations on PostgreSQL": migrations_on_postgresql,
    "packs": packs,
    "hazards name their tests": hazards_name_tests,
    "hazards are controlled": hazards_are_controlled,
    "documented settings and commands": documents,
    "nothing forbidden is tracked": nothing_forbidden,
}
SLOW = {typed, migrations_on_postgresql, hazards_are_controlled}
