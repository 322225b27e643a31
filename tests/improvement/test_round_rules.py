"""What figures propose, what an answer must be, what another edition takes over, and what changed between two rounds."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ambit.improvement import registry
from ambit.improvement.rules import evidence, rounds
from ambit.improvement.rules.editions import Wording, as_plain, digest, from_plain
from ambit.improvement.rules.evidence import (
    HIDDEN,
    MET,
    NO_FIGURE,
    NOT_KNOWN,
    NOT_MET,
    ONE_GROUP,
    TOO_FEW,
    EvidenceRule,
    Measured,
    answer,
    propose,
)
from ambit.improvement.rules.frameworks import Node
from ambit.improvement.rules.rounds import Average, Said, average, change, mapping, spread

SHARE = evidence.Test(id="share", indicator="i", at_least=50, least_counted=10)
FAIR = evidence.Test(id="fair", indicator="i", breakdown="sex", apart_at_most=10, least_counted=10)


def measured(value=60.0, of=100.0, **more):
    return Measured(value=value, denominator=of, **more)


@pytest.mark.parametrize(
    ("test", "figure", "result", "why"),
    [
        (SHARE, measured(50), MET, ""),
        (SHARE, measured(49.9), NOT_MET, ""),
        (SHARE, measured(90, of=9), NOT_KNOWN, TOO_FEW),
        (SHARE, measured(90, of=10), MET, ""),
        (SHARE, measured(None, hides="both"), NOT_KNOWN, HIDDEN),
        (SHARE, measured(None), NOT_KNOWN, NO_FIGURE),
        (SHARE, None, NOT_KNOWN, NO_FIGURE),
        (replace(SHARE, at_least=None, at_most=50), measured(50), MET, ""),
        (replace(SHARE, at_least=None, at_most=50), measured(50.1), NOT_MET, ""),
        (replace(SHARE, at_most=70), measured(71), NOT_MET, ""),
        (FAIR, measured(groups={"sex": [(60, 50), (70, 50)]}), MET, ""),
        (FAIR, measured(groups={"sex": [(60, 50), (70.1, 50)]}), NOT_MET, ""),
        (FAIR, measured(groups={"sex": [(60, 50), (90, 9)]}), NOT_KNOWN, ONE_GROUP),
        (FAIR, measured(groups={"sex": [(60, 50), (None, None)]}), NOT_KNOWN, ONE_GROUP),
        (FAIR, measured(), NOT_KNOWN, ONE_GROUP),
    ],
)
def test_one_test_of_a_figure(test, figure, result, why):
    made = answer(test, figure)
    assert (made.result, made.why) == (result, why)


RULE = EvidenceRule(node="n", version=2, tests=(SHARE, FAIR), proposes=(("high", 2), ("low", 1)))


@pytest.mark.parametrize(
    ("figure", "level", "words"),
    [
        (measured(60, groups={"sex": [(55, 50), (60, 50)]}), "high", "2 of 2 tests are met. This level needs all."),
        (measured(60, groups={"sex": [(10, 50), (60, 50)]}), "low", "1 of 2 tests are met. This level needs 1."),
        (measured(60), "low", "1 could not be judged; met, it would propose a higher level."),
        (measured(10, groups={"sex": [(10, 50), (60, 50)]}), "", "0 of 2 tests are met."),
        (measured(None, hides="numerator"), "", "None of the figures can be judged."),
    ],
)
def test_what_is_proposed_and_why(figure, level, words):
    made = propose(RULE, {"i": figure})
    assert made.level == level
    assert words in made.why
    assert made.rule == "n, version 2"


@given(
    some.floats(0, 100),
    some.integers(0, 200),
    some.lists(some.tuples(some.floats(0, 100), some.integers(0, 99)), max_size=4),
)
def test_a_proposal_never_needs_more_than_is_met(value, of, groups):
    made = propose(RULE, {"i": measured(value, of=of, groups={"sex": groups})})
    needed = dict(RULE.proposes)
    assert not made.level or made.met >= needed[made.level]
    assert all(made.met < needs for level, needs in RULE.proposes if not made.level or needs > needed[made.level])


def wording(*nodes: Node) -> Wording:
    shipped = registry.frameworks()["scotland-ia-advice"]
    return Wording(replace(shipped, nodes=nodes), registry.scales())


def node(name, title="t", **more):
    return Node(id=name, parent="", type="s", title=title, assessable=True, **more)


OLD = wording(node("a"), node("b"), node("c"), node("d"), node("lost"))
NEW = wording(
    node("a"), node("b", "another"), node("e", replaces=("c", "d")), node("f"), node("old", retired_in="2"),
    node("g", scale="maturity-0-4"),
)  # fmt: skip


def test_what_another_edition_takes_over():
    made = {one.node: (one.kind, one.sources) for one in mapping(OLD, NEW, "")}
    assert made == {
        "a": ("same", ("a",)), "b": ("reworded", ("b",)), "e": ("replaced", ("c", "d")), "f": ("new", ()),
        "g": ("new", ()), "lost": ("retired", ()),
    }  # fmt: skip


def test_the_same_words_on_another_scale_are_looked_at():
    (made,) = mapping(wording(node("a")), wording(node("a", scale="maturity-0-4")), "")
    assert made.kind == "reworded"


def test_no_answer_comes_from_nowhere_and_none_is_lost():
    made = mapping(OLD, NEW, "")
    sources = {name for one in made for name in one.sources}
    assert sources | {one.node for one in made if one.kind == "retired"} == {"a", "b", "c", "d", "lost"}


@pytest.mark.parametrize("framework", sorted(registry.frameworks()))
def test_an_edition_is_read_as_it_was_kept(framework):
    told = registry.frameworks()[framework]
    plain = as_plain(told, registry.scales())
    again = from_plain(plain)
    assert digest(as_plain(again.framework, again.scales)) == digest(plain)
    assert [one.id for one in again.statements("")] == [one.id for _, one in told.walk() if one.assessable]


@pytest.mark.parametrize(
    ("answers", "made"),
    [
        ([], Average(None, 0, 0, 0)),
        ([(4, False), (2, False), (None, False), (None, True)], Average(3.0, 2, 1, 1)),
        ([(None, True)], Average(None, 0, 1, 0)),
        ([(0, False)], Average(0.0, 1, 0, 0)),
    ],
)
def test_the_one_formula(answers, made):
    assert average(answers) == made


@pytest.mark.parametrize(
    ("before", "now", "made"),
    [
        (None, None, "same"), (None, ("a", 1), "only_here"), (("a", 1), None, "only_there"), (("a", 1), ("a", 1), "same"),
        (("a", 1), ("b", 2), "up"), (("b", 2), ("a", 1), "down"), (("na", None), ("a", 1), "other"),
    ],
)  # fmt: skip
def test_what_changed(before, now, made):
    assert change(before, now) == made


def test_how_far_assessors_differ():
    assert [spread(one) for one in ([], [None], [3], [1, None, 4])] == [0, 0, 0, 3]


def test_who_decides_against_the_evidence_says_why():
    told = wording(node("a"))
    one = told.framework.nodes[0]
    said = Said(level="met")
    asked = rounds.problems_of(said, node=one, wording=told, proposed="partly_met", moderated=True)
    assert "The evidence proposes “Partly met”" in asked["position"]
    for fine in (
        replace(said, position="Because."),
        replace(said, level="partly_met"),
        Said(not_applicable=True, why_not_applicable="x"),
    ):
        assert rounds.problems_of(fine, node=one, wording=told, proposed="partly_met", moderated=True) == {}
    assert rounds.problems_of(said, node=one, wording=told, proposed="partly_met") == {}
