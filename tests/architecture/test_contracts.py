"""The import contracts catch what they are there to catch: one violation of each is planted and seen."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from ambit.site.config import CHECKOUT

CONTRACTS = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]

# contract: the file in which an import is planted, and the import
VIOLATIONS = {
    "floors": ("people/rules.py", "from ambit.urgent import pages"),
    "rooms": ("people/models.py", "from ambit.people import actions"),
    "one-door": ("urgent/pages/urls.py", "from ambit.people.models import Person"),
    "pages-through-rooms": ("people/pages/urls.py", "from ambit.people.models import Person"),
    "rules-are-plain": ("people/rules.py", "from django.utils import timezone"),
    "population-store": ("register/__init__.py", "import duckdb"),
    "workbooks": ("register/__init__.py", "import openpyxl"),
    "facts": ("measures/gathering.py", "from ambit.register.models import RegisterEntry"),
}


@pytest.fixture(scope="module")
def lint_with():
    """Look at a copy of the house with one line more in one file; gives back whether it is content, and its words."""

    def lint(folder: Path, contract: str, file: str = "", line: str = "") -> tuple[bool, str]:
        copy = folder / "src" / "ambit"
        ignored = shutil.ignore_patterns("static", "jinja2", "locale", "__pycache__")
        shutil.copytree(CHECKOUT / "src" / "ambit", copy, ignore=ignored)
        shutil.copy(CHECKOUT / "pyproject.toml", folder)
        if file:
            with (copy / file).open("a") as source:
                source.write(f"\n{line}\n")
        done = subprocess.run(
            [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache", "--contract", contract],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(folder / "src")},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode == 0, done.stdout + done.stderr

    return lint


def test_each_contract_has_a_planted_violation():
    assert {contract["id"] for contract in CONTRACTS} == set(VIOLATIONS)


@pytest.mark.parametrize("contract", sorted(VIOLATIONS))
def test_contract_is_kept_and_a_planted_violation_is_caught(contract, lint_with, tmp_path):
    kept, words = lint_with(tmp_path / "as-it-is", contract)
    assert kept, words
    file, line = VIOLATIONS[contract]
    kept, words = lint_with(tmp_path / "planted", contract, file, line)
    assert not kept
    assert "BROKEN" in words
    assert line.split()[1].removeprefix("ambit.").split(".")[0] in words


def test_every_slice_is_named_by_the_contracts_that_list_slices():
    slices = {f"ambit.{path.parent.name}" for path in (CHECKOUT / "src/ambit").glob("*/__init__.py")}
    by_id = {contract["id"]: contract for contract in CONTRACTS}
    assert slices - set(by_id["rooms"]["containers"]) == {"ambit.site"}
    assert slices - set(by_id["population-store"]["source_modules"]) == {"ambit.population"}
    names = ("access", "audit", "design", "events", "figures", "files", "organisations", "packs", "people")
    ground = {f"ambit.{name}" for name in names}
    assert slices - set(by_id["one-door"]["source_modules"]) == ground | {"ambit.population"}
