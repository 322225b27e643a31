"""Pages of frameworks: all of them, one as a tree, and one statement."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from ambit.design.page import page
from ambit.design.routes import needs
from ambit.improvement import queries, words
from ambit.improvement.rules.frameworks import Node

# what only some documents print of a node, in the order in which it is read
_ALSO = ("i_statement", "good", "how", "measures", "target", "parts", "consider", "items", "covers", "facts", "evidence_base",
         "product", "year", "quarter", "status")  # fmt: skip


@needs("see_frameworks")
def frameworks(request: Any) -> HttpResponse:
    """Every framework that this place may measure itself against."""
    return page(request, "improvement/frameworks.jinja", found=queries.frameworks(request.reader))


@needs("see_frameworks")
def framework(request: Any, framework_id: str) -> HttpResponse:
    """One framework as it is printed."""
    found = queries.framework_page(request.reader, framework_id)
    if found is None:
        raise Http404("There is no such framework.")
    return page(request, "improvement/framework.jinja", found=found, one=found.framework)


@needs("see_frameworks")
def framework_node(request: Any, framework_id: str, node_id: str) -> HttpResponse:
    """One part of a framework, with live figures and what speaks to it."""
    found = queries.node_page(request.reader, framework_id, node_id)
    if found is None:
        raise Http404("This framework has no such part.")
    return page(
        request,
        "improvement/framework_node.jinja",
        found=found,
        one=found.framework,
        node=found.node,
        printed=_printed(found.node),
        figures=[words.figure(one) for one in found.figures],
        strengths={
            "full": _("fully"),
            "partial": _("in part"),
            "related": _("related"),
            "": _("named by the framework"),
        },
    )


def _printed(node: Node) -> list[tuple[str, list[str]]]:
    """What else the document prints, each as a heading with lines."""
    headings = {
        "i_statement": _("In the person’s words"), "good": _("What good looks like"), "how": _("How to get there"),
        "measures": _("How success is measured"), "target": _("Target"), "parts": _("Parts"), "consider": _("To consider"),
        "items": _("Items"), "covers": _("Covers"), "facts": _("Facts in the document"), "evidence_base": _("Evidence"),
        "product": _("What is made"), "year": _("Year"), "quarter": _("Quarter"), "status": _("Status in the document"),
    }  # fmt: skip
    found = []
    for name in _ALSO:
        said = node.more.get(name)
        if said in (None, "", [], "null", "false"):
            continue
        found.append((headings[name], [_line(one) for one in (said if isinstance(said, list) else [said])]))
    return found


def _line(said: Any) -> str:
    if isinstance(said, dict):
        return str(said.get("fact") or said.get("text") or said.get("title") or ", ".join(map(str, said.values())))
    if said == "unknown":
        return _("Not known: the document gives it by colour or shading alone")
    if said == "true":
        return _("Yes")
    return str(said)
