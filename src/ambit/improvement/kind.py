"""How packs of the kinds `scales`, `frameworks` and `crosswalks` are read, and how their examples run."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, cast

from ambit.improvement.rules.frameworks import (
    STRENGTHS,
    Candidate,
    Crosswalk,
    Framework,
    Level,
    Mapped,
    Node,
    Scale,
    neighbours,
    roots,
)
from ambit.measures import queries as measures
from ambit.packs.kinds import Coverage, Draft, Kind
from ambit.packs.library import Library
from ambit.packs.reading import NotUnderstood, Place, meant
from ambit.packs.rules import Pack

Scales = Mapping[str, Scale]
INDICATORS: Final = "indicators"
_LEVEL = ("id", "value", "label", "word", "symbol", "colour", "description")


def _texts(place: Place, what: str) -> tuple[str, ...]:
    return tuple(place.each(lambda one: one.text(what=what), what=what))


# --- scales ---


def read_scales(draft: Draft) -> Scales:
    """Rating scales, each level with a word, a symbol and a colour that the pack names."""
    colours = set(
        draft.entries["colours"].each(
            lambda p: p.only({"token", "hex", "text"}, required=("token", "hex", "text"))["token"].text(),
            what="colours",
        )
    )
    found: dict[str, Scale] = {}

    def scale(place: Place) -> None:
        lines = place.only(
            {"id", "kind", "title", "note", "levels", "not_scored", "auto_rules"},
            required=("id", "kind", "title", "levels"),
        )
        scale_id = lines["id"].text(what="id")
        if scale_id in found:
            lines["id"].refuse(f"“{scale_id}” is used twice. Give this scale another id.")
        levels = tuple(lines["levels"].each(lambda p: _level(p, colours), what="levels"))
        for name in ("id", "word", "symbol"):
            said = [getattr(level, name) for level in levels]
            if len(set(said)) != len(said):
                lines["levels"].note(f"Two levels of “{scale_id}” have the same {name}. Give each its own.")
        found[scale_id] = Scale(
            scale_id,
            lines["kind"].text(),
            lines["title"].text(),
            levels,
            lines["note"].text() if "note" in lines else "",
        )

    draft.entries["scales"].each(scale, what="scales")
    return found


def _level(place: Place, colours: Iterable[str]) -> Level:
    lines = place.only({*_LEVEL, "rag", "months"}, required=_LEVEL, what="a level")
    value = lines["value"].text(empty=True)
    return Level(
        id=lines["id"].text(what="id"),
        value=lines["value"].whole() if value and value != "null" else None,
        label=lines["label"].text(what="label"),
        word=lines["word"].text(what="word"),
        symbol=lines["symbol"].text(what="symbol"),
        colour=lines["colour"].one_of(colours, what="colour"),
        description=lines["description"].text(what="description"),
        rag=lines["rag"].text() if "rag" in lines else "",
    )


def run_scale_examples(found: Pack, place: Place, library: Library) -> int:
    """Each example names a level of a scale, with its value and label."""
    scales, ran = cast(Scales, found.content), 0
    for case in place.items(what="examples"):
        lines = case.only({"scale", "level", "expect"}, required=("scale", "level", "expect"), what="an example")
        scale = scales[lines["scale"].one_of(scales, what="scale")]
        level = {one.id: one for one in scale.levels}[
            lines["level"].one_of([one.id for one in scale.levels], what="level")
        ]
        wanted = lines["expect"].only({"value", "label"}, required=("value", "label"))
        made = {"value": "none" if level.value is None else str(level.value), "label": level.label}
        for name, words in made.items():
            if wanted[name].text() != words:
                wanted[name].note(f"The {name} is “{words}”.")
        ran += 1
    return ran


SCALES = Kind(
    name="scales",
    title="set of rating scales",
    read=read_scales,
    keys=frozenset({"colours", "scales"}),
    needs=frozenset({"colours", "scales"}),
    run_examples=run_scale_examples,
)


# --- frameworks ---

_HEADER = ("short", "edition", "status", "document", "jurisdiction", "population", "kind", "scale", "audiences", "wording",
           "nodes")  # fmt: skip
# what only some documents have; kept as it stands, for pages and workbooks
_ALSO = ("definitions", "notes", "columns", "tiers", "audience_groups", "local_content", "role_profile_template",
         "training_needs_cycle", "returns", "formulas", "lever_template", "assessments")  # fmt: skip
_NODE = {"id", "parent", "type", "title", "text", "ref", "assessable", "audiences", "evidence", "indicators", "links", "scale",
         "source", "note", "retired_in", "replaces"}  # fmt: skip
_NODE_ALSO = {"good", "how", "measures", "parts", "consider", "items", "facts", "covers", "i_statement", "evidence_base",
              "product", "target", "year", "quarter", "status", "tiers"}  # fmt: skip


def read_framework(draft: Draft) -> Framework:
    """One framework; a missing parent, an id used twice, an unknown indicator or scale is told with its line."""
    lines = draft.entries
    known_scales = {
        name for pack in draft.library.of_kind(SCALES.name) if pack.ok for name in cast(Scales, pack.content)
    }
    known_indicators = {
        name for pack in draft.library.of_kind(INDICATORS) if pack.ok for name in pack.content.indicators
    }
    short = lines["short"].text(what="short")
    seen: dict[str, Place] = {}
    nodes: list[Node] = []
    for place in lines["nodes"].items(what="nodes"):
        with suppress(NotUnderstood):
            nodes.append(_node(place, short, seen, known_scales, known_indicators))
    for node in nodes:
        if node.parent and node.parent not in seen:
            seen[node.id].note(
                f"The parent “{node.parent}” of “{node.id}” is not in this framework. {meant(node.parent, seen)}".strip()
            )
        for old in node.replaces:
            if old in seen and not next(one for one in nodes if one.id == old).retired_in:
                seen[node.id].note(f"“{node.id}” replaces “{old}”, which is not retired. Add “retired_in: …” to it.")
    # a parent that is missing was told already
    if not draft.problems:
        for lost in sorted({node.id for node in nodes} - roots(nodes)):
            seen[lost].note(f"“{lost}” stands under itself. Give one of those above it another parent.")
    document = lines["document"].only(
        {"title", "publisher", "year", "kind"}, required=("title", "publisher", "year", "kind")
    )
    return Framework(
        id=draft.id,
        short=short,
        title=lines["title"].text(what="title"),
        edition=lines["edition"].text(what="edition"),
        status=lines["status"].text(what="status"),
        document={name: place.text(empty=True) for name, place in document.items()},
        jurisdiction=lines["jurisdiction"].text(what="jurisdiction"),
        population=lines["population"].text(what="population"),
        kind=lines["kind"].text(what="kind"),
        scale=lines["scale"].one_of(known_scales, what="scale"),
        audiences=_texts(lines["audiences"], "audiences"),
        wording=lines["wording"].text(what="wording"),
        nodes=tuple(nodes),
        more={name: lines[name].plain() for name in _ALSO if name in lines},
    )


def _node(place: Place, short: str, seen: dict[str, Place], scales: Iterable[str], indicators: Iterable[str]) -> Node:
    lines = place.only(
        _NODE | _NODE_ALSO, required=("id", "parent", "type", "title", "assessable", "source"), what="a node"
    )
    node_id = lines["id"].text(what="id")
    if node_id in seen:
        lines["id"].refuse(
            f"The id “{node_id}” stands in line {seen[node_id].line} already. An id is never used again."
        )
    seen[node_id] = lines["id"]
    if not node_id.startswith(f"{short}."):
        lines["id"].note(f"The id “{node_id}” must begin with “{short}.”.")

    def text(name: str) -> str:
        return lines[name].text(what=name, empty=True) if name in lines else ""

    def texts(name: str) -> tuple[str, ...]:
        return _texts(lines[name], name) if name in lines else ()

    parent = text("parent")
    return Node(
        id=node_id,
        parent="" if parent == "null" else parent,
        type=lines["type"].text(what="type"),
        title=lines["title"].text(what="title"),
        text=text("text"),
        ref=text("ref"),
        assessable=lines["assessable"].flag(what="assessable"),
        audiences=texts("audiences"),
        evidence=texts("evidence"),
        indicators=tuple(lines["indicators"].each(lambda p: p.one_of(indicators, what="indicators")))
        if "indicators" in lines
        else (),
        links=texts("links"),
        scale=lines["scale"].one_of(scales, what="scale") if "scale" in lines else "",
        where=lines["source"]
        .only({"where", "note", "checked"}, required=("where",), what="source")["where"]
        .text(what="where"),
        note=text("note"),
        retired_in=text("retired_in"),
        replaces=texts("replaces"),
        more={name: lines[name].plain() for name in _NODE_ALSO if name in lines},
    )


def run_framework_examples(found: Pack, place: Place, library: Library) -> int:
    """Each example counts nodes, or says under which node one stands; links to other frameworks are looked up here."""
    told, ran = cast(Framework, found.content), 0
    everywhere = {node.id for pack in library.of_kind(KIND.name) if pack.ok for node in pack.content.nodes}
    for node in told.nodes:
        for link in node.links:
            if link not in everywhere:
                place.note(f"“{node.id}” links to “{link}”, which no framework has. {meant(link, everywhere)}".strip())
    for case in place.items(what="examples"):
        lines = case.only({"node", "expect"}, required=("expect",), what="an example")
        if "node" in lines:
            node = told.by_id[lines["node"].one_of(told.by_id, what="node")]
            made = {"under": node.parent or "nothing", "assessable": "yes" if node.assessable else "no"}
        else:
            made = {
                "nodes": str(len(told.nodes)),
                "assessable": str(len(told.statements)),
                "with_indicators": str(sum(bool(node.indicators) for node in told.statements)),
            }
        for name, wanted in lines["expect"].entries(what="expect").items():
            if made.get(name) != wanted.text():
                wanted.note(
                    f"The framework says {made.get(name, 'nothing of it')}; the example expects {wanted.text()}."
                )
        ran += 1
    return ran


def coverage(packs: Sequence[Pack]) -> Coverage:
    """How many nodes can be reached and rated, and how many statements have figures here now."""
    live = measures.computed_in_site()
    rows: list[tuple[str, ...]] = []
    frameworks = []
    cited: set[str] = set()
    for pack in packs:
        told = cast(Framework | None, pack.content)
        if told is None:
            frameworks.append({"id": pack.id, "title": pack.title, "ok": False})
            rows.append((pack.title or pack.id, "has problems", "", "", ""))
            continue
        cited |= {name for node in told.nodes for name in node.indicators}
        statements = told.statements
        one = {
            "id": pack.id,
            "title": pack.title,
            "ok": True,
            "nodes": len(told.nodes),
            "reachable": len(roots(told.nodes)),
            "assessable": len(statements),
            "with_indicators": sum(bool(node.indicators) for node in statements),
            "with_live_evidence": sum(bool(live & set(node.indicators)) for node in statements),
        }
        frameworks.append(one)
        rows.append(
            (pack.title, *(str(one[name]) for name in ("nodes", "assessable", "with_indicators", "with_live_evidence")))
        )
    sums = {
        name: sum(int(str(one.get(name, 0))) for one in frameworks)
        for name in ("nodes", "reachable", "assessable", "with_indicators", "with_live_evidence")
    }
    idle = sorted(set(measures.indicators()) - cited - {i.id for i in measures.indicators().values() if i.serves})
    return Coverage(
        answer={
            "frameworks": frameworks,
            "statements": sums["assessable"],
            "with_live_evidence": sums["with_live_evidence"],
            "indicators_serving_nothing": idle,
            "nodes": sums["nodes"],
            "reachable": sums["reachable"],
            "with_indicators": sums["with_indicators"],
        },
        headings=("Framework", "Nodes", "Statements", "Name indicators", "Have live figures here"),
        rows=tuple(rows),
        words=(
            f"{sums['nodes']} nodes, {sums['assessable']} statements to rate; {sums['with_indicators']} name indicators, "
            f"{sums['with_live_evidence']} have live figures here."
        ),
    )


BLANK = """\
# A framework: its header, then its nodes in the order of the document. An id never changes its meaning.

id: {id}
version: "1.0"
title: What it is called
source: Who published it, and when
licence: Under which licence this wording may be used
reviewer: ""
review_date: ""

short: {short}
edition: draft
status: draft
document: {{title: The title of the document, publisher: Who published it, year: null, kind: local framework}}
jurisdiction: England
population: all ages
kind: local framework
scale: maturity-0-4
audiences: [place, commissioner, provider]
wording: paraphrase
nodes:
  - id: {short}.one
    parent: null
    type: group
    title: The first part
    assessable: false
    source: {{where: Page 1}}

  - id: {short}.one.s1
    parent: {short}.one
    type: statement
    title: What is true when this is met
    text: The full sense of the statement.
    assessable: true
    audiences: [place]
    evidence: [What would show it]
    indicators: []
    links: []
    source: {{where: Page 1}}
"""
BLANK_EXAMPLES = """\
- expect: {{nodes: 2, assessable: 1, with_indicators: 0}}
- {{node: {short}.one.s1, expect: {{under: {short}.one, assessable: yes}}}}
"""


def blank(pack_id: str) -> dict[str, str]:
    """The files of a framework with one statement, right as they stand."""
    words = {"id": pack_id, "short": pack_id.split("-")[0]}
    return {"pack.yaml": BLANK.format_map(words), "examples.yaml": BLANK_EXAMPLES.format_map(words)}


KIND = Kind(
    name="frameworks",
    title="framework",
    read=read_framework,
    keys=frozenset({*_HEADER, *_ALSO}),
    needs=frozenset(_HEADER),
    run_examples=run_framework_examples,
    coverage=coverage,
    blank=blank,
)


# --- crosswalks ---


def read_crosswalk(draft: Draft) -> Crosswalk:
    """Mappings between nodes that some framework has, and the frameworks that a site may want."""
    lines = draft.entries
    everywhere = {node.id for pack in draft.library.of_kind(KIND.name) if pack.ok for node in pack.content.nodes}

    def known(place: Place) -> str:
        return place.one_of(everywhere, what="node")

    def mapped(place: Place) -> Mapped:
        told = place.only({"from", "to", "strength"}, required=("from", "to", "strength"), what="a mapping")
        return Mapped(
            known(told["from"]),
            tuple(told["to"].each(known, what="to")),
            told["strength"].one_of(STRENGTHS, what="strength"),
        )

    def candidate(place: Place) -> Candidate:
        needed = ("id", "title", "region", "checked")
        told = place.only({*needed, "known", "to_do", "licence"}, required=needed, what="a candidate")
        return Candidate(**{name: one.text(what=name) for name, one in told.items()})

    return Crosswalk(
        hub=lines["hub"].one_of(draft.library.names(KIND.name), what="hub"),
        maps=tuple(lines["maps"].each(mapped, what="maps")),
        candidates=tuple(lines["candidates"].each(candidate, what="candidates")) if "candidates" in lines else (),
    )


def crosswalk_uses(content: Any) -> Iterable[tuple[str, str]]:
    return [(KIND.name, cast(Crosswalk, content).hub)]


def run_crosswalk_examples(found: Pack, place: Place, library: Library) -> int:
    """Each example follows the crosswalk from a node, forwards or back."""
    told, ran = cast(Crosswalk, found.content), 0
    for case in place.items(what="examples"):
        lines = case.only({"node", "expect"}, required=("node", "expect"), what="an example")
        around = neighbours(lines["node"].text(), [told], {})
        wanted = lines["expect"].only({"speaks_to", "spoken_to_by", "strength"})
        for name, is_back in (("speaks_to", False), ("spoken_to_by", True)):
            made = {one.node for one in around if one.is_back == is_back}
            if name in wanted and set(_texts(wanted[name], name)) != made:
                wanted[name].note(f"The crosswalk says {sorted(made) or 'nothing'}.")
        if "strength" in wanted and {one.strength for one in around} != {wanted["strength"].text()}:
            wanted["strength"].note(f"The crosswalk says {sorted({one.strength for one in around})}.")
        ran += 1
    return ran


CROSSWALKS = Kind(
    name="crosswalks",
    title="crosswalk between frameworks",
    read=read_crosswalk,
    keys=frozenset({"hub", "strengths", "maps", "candidates"}),
    needs=frozenset({"hub", "maps"}),
    run_examples=run_crosswalk_examples,
    uses=crosswalk_uses,
)
