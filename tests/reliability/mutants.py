"""Mutation testing of the safety core: small faults are put into rules one at a time, and the tests of rules must see each.

    python -m tests.reliability.mutants            # every rule, a line for each survivor, and the share that was killed
    python -m tests.reliability.mutants capacity   # one module

Rules are plain Python, so their tests run here without Django, each faulty rule in a process of its own that is forked from
this one. Words that people read are not changed: they are a matter of taste, and pages test them.
"""

import ast
import importlib
import itertools
import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

import django
import hypothesis
import pytest

from tests import environment  # noqa: F401  (settings of tests, for the rules whose tests ask Django for names)

# what is made faulty, and the tests that must see it
LAW = (
    "tests.careplan.test_law",
    "tests.careplan.test_law_who_decides",
    "tests.careplan.test_documents",
    "tests.careplan.test_conflicts",
    "tests.careplan.test_cpr",
)
CONSENT = ("tests.access.test_rules", "tests.access.test_consent_rules")
CORE: dict[str, tuple[str, ...]] = {
    **{
        f"ambit.careplan.rules.{name}": LAW
        for name in (
            "advance_decision", "attorneys", "best_interests", "capacity", "checks", "conflicts", "cpr", "directives",
            "document", "documents", "emergency", "treatments",
        )
    },
    # last: these need Django, which is set up once for all their faults
    "ambit.access.rules": CONSENT,
    "ambit.access.keeping_back": CONSENT,
}  # fmt: skip
WITH_DJANGO = ("ambit.access.rules", "ambit.access.keeping_back")
# a test that never ends is a fault that was seen
SECONDS = 60
EXAMPLES = 40

_SWAPS: dict[type, tuple[type, ...]] = {
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,), ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,), ast.And: (ast.Or,), ast.Or: (ast.And,), ast.Add: (ast.Sub,), ast.Sub: (ast.Add,),
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One fault: in which module and line, and what was done there."""

    module: str
    line: int
    done: str
    source: str


def mutants(module: str) -> Iterator[Mutant]:
    """Every small fault of a module, each in a copy of it."""
    spec = find_spec(module)
    assert spec
    assert spec.origin
    source = Path(spec.origin).read_text()
    count = sum(1 for _ in _places(ast.parse(source)))
    for number in range(count):
        tree = ast.parse(source)
        line, done, act = next(itertools.islice(_places(tree), number, None))
        act()
        yield Mutant(module, line, done, ast.unparse(ast.fix_missing_locations(tree)))


def _places(tree: ast.AST) -> Iterator[tuple[int, str, Callable[[], None]]]:
    """What can be made faulty in a tree, in order; each with the act that does it."""
    decorators = {
        id(part) for node in ast.walk(tree) for one in getattr(node, "decorator_list", ()) for part in ast.walk(one)
    }
    for node in ast.walk(tree):
        if id(node) not in decorators:  # how a dataclass is made is no judgement
            yield from _of_node(node)


def _of_node(node: ast.AST) -> Iterator[tuple[int, str, Callable[[], None]]]:
    if isinstance(node, ast.Compare):
        for at, operator in enumerate(node.ops):
            for other in _SWAPS.get(type(operator), ()):
                yield node.lineno, f"{type(operator).__name__} to {other.__name__}", _put(node.ops, at, other())
    elif isinstance(node, ast.BoolOp):
        for other in _SWAPS[type(node.op)]:
            yield node.lineno, f"{type(node.op).__name__} to {other.__name__}", _set(node, "op", other())
        for at in range(len(node.values)):
            yield node.lineno, f"part {at + 1} left out", _set(node, "values", node.values[:at] + node.values[at + 1 :])
    elif isinstance(node, ast.BinOp) and type(node.op) in _SWAPS and not _is_text(node):
        for other in _SWAPS[type(node.op)]:
            yield node.lineno, f"{type(node.op).__name__} to {other.__name__}", _set(node, "op", other())
    elif isinstance(node, ast.If | ast.IfExp):
        yield node.lineno, "condition turned round", _set(node, "test", ast.UnaryOp(ast.Not(), node.test))
    elif isinstance(node, ast.comprehension):
        for at in range(len(node.ifs)):
            yield node.target.lineno, "filter left out", _set(node, "ifs", node.ifs[:at] + node.ifs[at + 1 :])
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool | int):
        other = not node.value if isinstance(node.value, bool) else node.value + 1
        yield node.lineno, f"{node.value} to {other}", _set(node, "value", other)
    elif isinstance(node, ast.Return) and not (node.value is None or getattr(node.value, "value", ...) is None):
        yield node.lineno, "nothing given back", _set(node, "value", ast.Constant(None))


def _is_text(node: ast.BinOp) -> bool:
    return any(isinstance(part, ast.JoinedStr) or (isinstance(part, ast.Constant) and isinstance(part.value, str))
               for part in ast.walk(node))  # fmt: skip


def _put(items: list[Any], at: int, value: Any) -> Callable[[], None]:
    return lambda: items.__setitem__(at, value)


def _set(node: Any, name: str, value: Any) -> Callable[[], None]:
    return lambda: setattr(node, name, value)


class _Faulty(MetaPathFinder, Loader):
    """Gives the faulty copy of one module to whoever imports it."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        return spec_from_loader(name, self) if name == self.mutant.module else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.mutant.source, self.mutant.module, "exec"), module.__dict__)


def run(tests: tuple[str, ...]) -> None:
    """Run the tests of these modules that need nothing but rules; raises what the first of them raises."""
    later = []
    for name in tests:
        module = importlib.import_module(name)
        for test in [value for key, value in vars(module).items() if key.startswith("test_") and callable(value)]:
            marks = {mark.name: mark for mark in getattr(test, "pytestmark", [])}
            if "long" in marks:
                continue
            if hasattr(test, "hypothesis"):
                later.append(test)
                continue
            for arguments in _cases(test):
                test(**arguments)
    for test in later:
        # few examples, the same each time, and none made smaller: that it fails is all that is asked
        test._hypothesis_internal_use_settings = hypothesis.settings(
            max_examples=EXAMPLES,
            database=None,
            derandomize=True,
            deadline=None,
            phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
        )
        test()


def _cases(test: Any) -> Iterator[dict[str, Any]]:
    """The arguments of each case of a table."""
    tables = []
    for mark in getattr(test, "pytestmark", []):
        if mark.name != "parametrize":
            continue
        names, rows = mark.args[:2]
        names = [part.strip() for part in names.split(",")] if isinstance(names, str) else list(names)
        values = [row.values if isinstance(row, type(pytest.param())) else row for row in rows]
        tables.append([dict(zip(names, row if len(names) > 1 else (row,), strict=True)) for row in values])
    for several in itertools.product(*tables):
        yield {name: value for one in several for name, value in one.items()}


def is_seen(mutant: Mutant) -> bool:
    """Whether the tests see this fault; tried in a process of its own."""
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(1, 2)
        sys.meta_path.insert(0, _Faulty(mutant))
        try:
            if mutant.module in WITH_DJANGO:  # they were loaded, without a fault, when Django was set up
                for name in WITH_DJANGO:
                    sys.modules.pop(name, None)
                for name in WITH_DJANGO:
                    importlib.import_module(name)
            run(CORE[mutant.module])
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] != 0


def main(only: list[str]) -> int:
    """Try every fault; say what survived, and how many were seen in each module."""
    seen = tried = 0
    for module in [name for name in CORE if not only or name.rsplit(".", 1)[1] in only or name in only]:
        if module in WITH_DJANGO:
            django.setup()
        spec = find_spec(module)
        assert spec
        assert spec.origin
        if is_seen(Mutant(module, 0, "nothing", Path(spec.origin).read_text())):
            print(f"{module}: its tests fail without any fault")
            return 1
        here = [(mutant, is_seen(mutant)) for mutant in mutants(module)]
        for mutant, killed in here:
            if not killed:
                print(f"survived  {module}:{mutant.line}  {mutant.done}")
        killed_here = sum(killed for _, killed in here)
        print(f"{module}: {killed_here} of {len(here)} seen")
        seen, tried = seen + killed_here, tried + len(here)
    print(f"{seen} of {tried} faults were seen ({seen / max(tried, 1):.1%})")
    return 0 if seen >= 0.9 * tried else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
