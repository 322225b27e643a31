"""Each page gives its template every name that it uses, also those inside an `{% if %}` that no test has walked."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.template import engines
from jinja2 import Environment, meta, nodes

from ambit.design.page import LAYOUT_NAMES
from ambit.site.config import CHECKOUT

SOURCE = CHECKOUT / "src" / "ambit"
# what Django's Jinja backend gives to every template
DJANGO_NAMES = {"request", "csrf_input", "csrf_token"}


@dataclass(frozen=True)
class Call:
    """One `page(request, "…", …)`: where, which template, which names it gives; None where they are computed."""

    where: str
    template: str
    given: frozenset[str] | None


def calls_in(path: Path) -> Iterator[Call]:
    for node in ast.walk(ast.parse(path.read_text())):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "page"):
            continue
        if len(node.args) < 2 or not isinstance(node.args[1], ast.Constant):
            continue
        names = [keyword.arg for keyword in node.keywords]
        given = None if None in names else frozenset(name for name in names if name and name != "status")
        yield Call(f"{path.name}:{node.lineno}", node.args[1].value, given)


def names_made(tree: nodes.Template) -> set[str]:
    """Names that a template makes itself: what it imports, sets or counts through, and its own macros."""
    made = {name.name for name in tree.find_all(nodes.Name) if name.ctx in {"store", "param"}}
    made |= {macro.name for macro in tree.find_all(nodes.Macro)}
    made |= {node.target for node in tree.find_all(nodes.Import)}
    for node in tree.find_all(nodes.FromImport):
        made |= {name if isinstance(name, str) else name[1] for name in node.names}
    return made


def names_used(environment: Environment, template: str) -> set[str]:
    """Names that a template and those it includes take from its page; `x is defined` makes x optional."""
    source = environment.loader.get_source(environment, template)[0]
    tree = environment.parse(source)
    optional = {
        test.node.name
        for test in tree.find_all(nodes.Test)
        if test.name == "defined" and isinstance(test.node, nodes.Name)
    }
    used = meta.find_undeclared_variables(tree) - optional - names_made(tree)
    for include in tree.find_all(nodes.Include):
        if isinstance(include.template, nodes.Const):
            used |= names_used(environment, include.template.value)
    return used - set(environment.globals) - DJANGO_NAMES - LAYOUT_NAMES


CALLS = [call for path in sorted(SOURCE.glob("*/pages/**/*.py")) for call in calls_in(path)]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call.template} {call.where}")
def test_a_page_gives_what_its_template_uses(call):
    used = names_used(engines["jinja2"].env, call.template)
    if call.given is not None:
        assert used - call.given == set()


def test_a_misspelt_name_inside_an_if_is_caught(tmp_path):
    from jinja2 import DictLoader

    environment = Environment(
        loader=DictLoader(
            {
                "plan.jinja": "{% if plan.rusus and rusus %}{{ rusus }}{% endif %}{% include 'part.jinja' %}",
                "part.jinja": "{{ person }}{% if note is defined %}{{ note }}{% endif %}",
            }
        ),
        autoescape=True,
    )
    assert names_used(environment, "plan.jinja") == {"plan", "rusus", "person"}
    view = tmp_path / "views.py"
    view.write_text("def view(request):\n    return page(request, 'plan.jinja', status=409, plan=1, person=2)\n")
    assert list(calls_in(view)) == [Call("views.py:2", "plan.jinja", frozenset({"plan", "person"}))]
