"""What holds for every template of every slice."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template import engines
from jinja2 import meta, nodes

from ambit.design.page import LAYOUT_NAMES

SOURCE = Path(__file__).resolve().parents[2] / "src" / "ambit"
TEMPLATES = {
    str(path.relative_to(path.parents[len(path.relative_to(SOURCE).parts) - 3])): path
    for path in sorted(SOURCE.glob("*/jinja2/**/*.jinja"))
}
# Django gives these to every page that answers a request; `form` and `banner` are known to the layout
ALWAYS = LAYOUT_NAMES | {"request", "csrf_input", "csrf_token", "form", "banner"}


def environment():
    return engines["jinja2"].env


def undeclared(name: str, replaced: frozenset[str] = frozenset()) -> set[str]:
    """Names a template needs from its page, with what it extends (less the blocks it replaces) and includes."""
    tree = environment().parse(TEMPLATES[name].read_text())
    blocks = list(tree.find_all(nodes.Block))
    for block in blocks:
        if block.name in replaced:
            block.body = []
    own = {one.name for one in tree.find_all(nodes.Name) if one.ctx == "store"}
    for node in tree.body:
        if isinstance(node, nodes.FromImport):
            own |= {one[1] if isinstance(one, tuple) else one for one in node.names}
        elif isinstance(node, nodes.Import):
            own.add(node.target)
        elif isinstance(node, nodes.Macro):
            own.add(node.name)
    needed = meta.find_undeclared_variables(tree) - own
    for parent in tree.find_all(nodes.Extends):
        needed |= undeclared(parent.template.value, replaced | {block.name for block in blocks}) - own
    for included in tree.find_all(nodes.Include):
        needed |= undeclared(included.template.value) - own
    return needed - environment().globals.keys()


def page_calls() -> Iterator[tuple[str, Path, int, set[str]]]:
    """Each `page(request, "slice/x.jinja", name=…)` in the source: template, where, names given."""
    for path in sorted(SOURCE.glob("*/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "page"):
                continue
            names = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if names and names[0].endswith(".jinja"):
                spread = any(keyword.arg is None for keyword in node.keywords)
                given = {keyword.arg for keyword in node.keywords if keyword.arg} | ({"*"} if spread else set())
                yield names[0], path.relative_to(SOURCE), node.lineno, given


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_has_anything_inline_that_the_content_security_policy_blocks(name):
    text = TEMPLATES[name].read_text()
    assert not re.search(r"\sstyle\s*=", text), f"{name}: move the style into a class."
    assert not re.search(r"<style\b|<script(?![^>]*\s(src=|type=\"application/json\"))", text), (
        f"{name}: move it into a file."
    )
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), f"{name}: pages work without scripts."


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_chooses_a_rating_colour(name):
    if name.startswith("design/"):
        return
    assert not re.search(r"a-tag--|nhsuk-tag--|a-stage__block--", TEMPLATES[name].read_text()), (
        f"{name}: colour comes from a value in design.rules; use the macros tag, gap, delivery, stage or status."
    )


@pytest.mark.parametrize("call", list(page_calls()), ids=lambda call: f"{call[1]}:{call[2]}")
def test_each_page_gives_what_its_template_prints(call):
    name, path, line, given = call
    assert name in TEMPLATES, f"{path}:{line} names {name}, which does not exist."
    missing = undeclared(name) - ALWAYS - given
    if "*" in given:
        return
    assert not missing, f"{path}:{line} does not give {name}: {', '.join(sorted(missing))}."


def test_every_class_of_ours_that_a_template_uses_has_a_style():
    styles = "".join(path.read_text() for path in SOURCE.glob("*/static/**/*.css") if path.parent.name != "vendor")
    known = set(re.findall(r"\.(a-[a-z0-9_-]+)", styles))
    used = {
        (name, token)
        for name, path in TEMPLATES.items()
        for written in re.findall(r'class="([^"]*)"', path.read_text())
        for token in re.sub(r"\S*\{[{%].*?[}%]\}\S*", " ", written).split()
        if token.startswith("a-")
    }
    # only marks the pages of staff apart from those of the person
    known.add("a-staff")
    assert sorted((name, token) for name, token in used if token not in known) == []


def test_every_template_compiles():
    for name, path in TEMPLATES.items():
        assert environment().compile(path.read_text(), name), name


def test_words_we_do_not_use():
    avoided = re.compile(
        r"\b(click here|please|invalid|oops|are you sure|N/A|TBC|passed away|service user)\b", re.IGNORECASE
    )
    found = [f"{name}: {hit}" for name, path in TEMPLATES.items() for hit in avoided.findall(path.read_text())]
    assert found == []
