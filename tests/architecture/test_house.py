"""What the house style promises of the tree: names, rooms, pages that never write, rules without a clock."""

import ast
from pathlib import Path

import pytest

from ambit.site import checks
from ambit.site.config import CHECKOUT

SOURCE = CHECKOUT / "src" / "ambit"
SLICES = sorted(path.parent for path in SOURCE.glob("*/__init__.py"))
WRITES = {
    "save", "create", "delete", "update", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "acreate", "asave", "adelete", "aupdate",
}  # fmt: skip
CLOCKS = {"now", "today", "utcnow", "localdate", "localtime", "time"}


def calls(path: Path) -> list[tuple[int, str, str]]:
    """Every call of a method in a file: line, what it is called on, its name."""
    return [
        (node.lineno, ast.unparse(node.func.value), node.func.attr)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]


def writing(path: Path) -> list[str]:
    """Calls that write to the database; an action (`actions.create(by=…)`) is how pages do it."""
    return [
        f"{path.name}:{line}: {on}.{name}()"
        for line, on, name in calls(path)
        if name in WRITES and not on.endswith("actions") and on not in {"people", "audit"}
    ]


@pytest.mark.parametrize("path", sorted(SOURCE.glob("*/pages/**/*.py")), ids=lambda p: str(p.relative_to(SOURCE)))
def test_pages_never_write(path):
    assert writing(path) == []


def test_a_planted_write_in_a_page_is_caught(tmp_path):
    page = tmp_path / "views.py"
    page.write_text("def view(request):\n    request.person.save()\n    actions.update(by=request.reader)\n")
    assert writing(page) == ["views.py:2: request.person.save()"]


RULES = sorted([*SOURCE.glob("*/rules.py"), *SOURCE.glob("*/rules/*.py")])


@pytest.mark.parametrize("path", RULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_rules_have_no_clock(path):
    assert [f"line {line}: {on}.{name}()" for line, on, name in calls(path) if name in CLOCKS] == []


def test_nothing_is_called_utils():
    shunned = {"utils", "core", "common", "helpers", "services", "misc", "lib"}
    assert [
        str(p.relative_to(SOURCE)) for p in SOURCE.rglob("*.py") if {p.stem, *p.parts[len(SOURCE.parts) :]} & shunned
    ] == []


@pytest.mark.parametrize("folder", SLICES, ids=lambda folder: folder.name)
def test_every_slice_says_what_it_is_for(folder):
    assert (folder / "README.md").is_file(), f"Write {folder.name}/README.md: what it is for, whose words, ten lines."


def test_every_slice_has_a_folder_of_tests():
    assert [folder.name for folder in SLICES if not (CHECKOUT / "tests" / folder.name / "__init__.py").is_file()] == []


def test_files_stay_readable():
    """A file longer than about 500 lines becomes a folder of the same name."""
    lengths = {str(path.relative_to(SOURCE)): len(path.read_text().splitlines()) for path in SOURCE.rglob("*.py")}
    assert {name: length for name, length in lengths.items() if length > 520} == {}


def test_actions_take_by_first_and_by_keyword():
    """What people do in a transaction is keyword-only, and begins with who does it."""
    found = [
        f"{path.relative_to(SOURCE)}: {node.name}"
        for path in sorted([*SOURCE.glob("*/actions.py"), *SOURCE.glob("*/actions/*.py")])
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and any("atomic" in ast.unparse(decorator) for decorator in node.decorator_list)
        and (node.args.args or not node.args.kwonlyargs or node.args.kwonlyargs[0].arg != "by")
    ]
    assert found == []


@pytest.mark.parametrize(
    "check",
    [
        checks.documents,
        checks.packs,
        checks.hazards_name_tests,
        checks.nothing_forbidden,
    ],
    ids=lambda check: check.__name__,
)
def test_what_ambit_check_promises(check):
    try:
        assert check(CHECKOUT) == []
    except checks.Skipped as why:
        pytest.skip(str(why))
