"""How packs of the kind `evidence-rules` are read: what is asked of a statement's figures, and which level they then propose."""

from collections.abc import Iterable, Mapping
from typing import Final, cast

from ambit.improvement.kind import INDICATORS, KIND, SCALES
from ambit.improvement.rules.evidence import EvidenceRule, Measured, Test, propose
from ambit.improvement.rules.frameworks import Framework, Node, Scale
from ambit.packs.kinds import Draft, Kind
from ambit.packs.library import Library
from ambit.packs.reading import Place
from ambit.packs.rules import Pack

Rules = Mapping[str, EvidenceRule]
_TEST: Final = {"id", "indicator", "at_least", "at_most", "least_counted", "breakdown", "apart_at_most"}


def read_rules(draft: Draft) -> Rules:
    """One rule for a statement; a level, statement or indicator that nothing has is told with its line."""
    nodes = _nodes(draft.library)
    scales: dict[str, Scale] = {}
    for pack in draft.library.of_kind(SCALES.name):
        scales |= pack.content if pack.ok else {}
    known = {
        name: one.breakdowns
        for pack in draft.library.of_kind(INDICATORS)
        if pack.ok
        for name, one in pack.content.indicators.items()
    }
    found: dict[str, EvidenceRule] = {}

    def rule(place: Place) -> None:
        lines = place.only({"node", "version", "tests", "proposes"}, required=("node", "version", "tests", "proposes"))
        name = lines["node"].one_of(nodes, what="node")
        framework, node = nodes[name]
        if name in found:
            lines["node"].refuse(f"“{name}” has a rule already. Put its tests into one.")
        if not node.assessable:
            lines["node"].refuse(f"“{name}” is not rated, so nothing can be proposed for it.")
        tests = tuple(lines["tests"].each(lambda p: _test(p, known), what="tests"))
        if len({one.id for one in tests}) != len(tests):
            lines["tests"].note("Two tests have the same id. Give each its own.")
        levels = [level.id for level in scales[node.scale or framework.scale].levels if level.value is not None]
        proposes = tuple(lines["proposes"].each(lambda p: _level(p, levels, len(tests)), what="proposes"))
        needs = [number for _, number in proposes]
        if needs != sorted(needs, reverse=True) or len(set(needs)) != len(needs):
            lines["proposes"].note("Name the highest level first; each needs fewer tests than the one before.")
        found[name] = EvidenceRule(
            node=name, version=lines["version"].whole(what="version", at_least=1), tests=tests, proposes=proposes
        )

    draft.entries["rules"].each(rule, what="rules")
    return found


def _nodes(library: Library) -> dict[str, tuple[Framework, Node]]:
    packs = [pack for pack in library.of_kind(KIND.name) if pack.ok]
    return {node.id: (pack.content, node) for pack in packs for node in pack.content.nodes}


def _test(place: Place, known: Mapping[str, tuple[str, ...]]) -> Test:
    lines = place.only(_TEST, required=("id", "indicator"), what="a test")
    indicator = lines["indicator"].one_of(known, what="indicator")
    numbers = {
        name: float(lines[name].number(what=name)) for name in ("at_least", "at_most", "apart_at_most") if name in lines
    }
    if ("breakdown" in lines) != ("apart_at_most" in numbers):
        place.refuse("A test of groups names both “breakdown” and “apart_at_most”.")
    if not numbers:
        place.refuse("Write what is asked for: “at_least”, “at_most”, or “breakdown” with “apart_at_most”.")
    return Test(
        id=lines["id"].text(what="id"),
        indicator=indicator,
        breakdown=lines["breakdown"].one_of(known[indicator], what="breakdown") if "breakdown" in lines else "",
        least_counted=lines["least_counted"].whole(what="least_counted") if "least_counted" in lines else 0,
        **numbers,
    )


def _level(place: Place, levels: Iterable[str], tests: int) -> tuple[str, int]:
    lines = place.only({"level", "needs"}, required=("level", "needs"), what="a level")
    needs = lines["needs"].whole(what="needs", at_least=1)
    if needs > tests:
        lines["needs"].note(f"There are {tests} tests; no more can be needed.")
    return lines["level"].one_of(levels, what="level"), needs


def run_rule_examples(found: Pack, place: Place, library: Library) -> int:
    """Each example gives figures, and the level they propose ("none" for none)."""
    rules, ran = cast(Rules, found.content), 0
    for case in place.items(what="examples"):
        lines = case.only({"node", "figures", "expect"}, required=("node", "figures", "expect"), what="an example")
        figures = {name: _measured(told) for name, told in lines["figures"].entries(what="figures").items()}
        made = propose(rules[lines["node"].one_of(rules, what="node")], figures)
        wanted = lines["expect"].only({"level", "met"}, required=("level",))
        if wanted["level"].text() != (made.level or "none"):
            wanted["level"].note(f"The rule proposes {made.level or 'none'}.")
        if "met" in wanted and wanted["met"].whole() != made.met:
            wanted["met"].note(f"{made.met} tests are met.")
        ran += 1
    return ran


def _measured(place: Place) -> Measured:
    lines = place.only({"value", "of", "hidden", "groups"}, what="a figure")
    groups = {
        breakdown: tuple(
            (float(value.number()), float(of.number())) for value, of in (row.items() for row in rows.items())
        )
        for breakdown, rows in (lines["groups"].entries().items() if "groups" in lines else ())
    }
    return Measured(
        value=float(lines["value"].number()) if "value" in lines else None,
        denominator=float(lines["of"].number()) if "of" in lines else None,
        hides="both" if "hidden" in lines and lines["hidden"].flag() else "",
        groups=groups,
    )


RULES = Kind(
    name="evidence-rules",
    title="set of evidence rules",
    read=read_rules,
    keys=frozenset({"rules"}),
    needs=frozenset({"rules"}),
    run_examples=run_rule_examples,
)
