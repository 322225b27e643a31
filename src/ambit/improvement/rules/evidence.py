"""What live figures propose for a statement, and why. A person decides; a proposal never sets a rating.

A rule asks tests of figures and says how many must be met for each level. A figure that is hidden, missing or made of too
few people answers no test: it is neither met nor not met, and the proposal says so. Plain Python, no Django, no clock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

MET, NOT_MET, NOT_KNOWN = "met", "not_met", "not_known"
RESULTS: Final = (MET, NOT_MET, NOT_KNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A figure as it may be shown here, with the groups of each breakdown that a test may compare."""

    value: float | None
    denominator: float | None
    hides: str = ""
    groups: Mapping[str, Sequence[tuple[float | None, float | None]]] | None = None
    """For each breakdown, each group's value and denominator; a hidden group's are None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One thing asked of an indicator: a value within limits, or groups no further apart than so many points."""

    id: str
    indicator: str
    at_least: float | None = None
    at_most: float | None = None
    least_counted: int = 0
    breakdown: str = ""
    apart_at_most: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRule:
    """What is asked of a statement's figures; `proposes` names each level with how many tests it needs, the highest first."""

    node: str
    version: int
    tests: tuple[Test, ...]
    proposes: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One test with its answer: what was found, and why nothing could be said when it is not known."""

    test: Test
    result: str
    found: float | None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A level that the figures propose; "" when they propose none, and `why` says the reason in either case."""

    level: str
    results: tuple[Result, ...]
    why: str
    rule: str

    @property
    def met(self) -> int:
        return sum(one.result == MET for one in self.results)


TOO_FEW: Final = "too few people for a judgement"
HIDDEN: Final = "hidden, because the number is small"
NO_FIGURE: Final = "no figure yet"
ONE_GROUP: Final = "fewer than two groups are large enough to compare"


def answer(test: Test, figure: Measured | None) -> Result:
    """One test of one figure. The limits themselves count as met."""
    if figure is None or (figure.value is None and not figure.hides):
        return Result(test=test, result=NOT_KNOWN, found=None, why=NO_FIGURE)
    if figure.hides:
        return Result(test=test, result=NOT_KNOWN, found=None, why=HIDDEN)
    if figure.denominator is not None and figure.denominator < test.least_counted:
        return Result(test=test, result=NOT_KNOWN, found=figure.value, why=TOO_FEW)
    if test.breakdown:
        return _apart(test, figure)
    assert figure.value is not None
    met = (test.at_least is None or figure.value >= test.at_least) and (
        test.at_most is None or figure.value <= test.at_most
    )
    return Result(test=test, result=MET if met else NOT_MET, found=figure.value)


def _apart(test: Test, figure: Measured) -> Result:
    """Whether the highest and the lowest group that are large enough lie close to each other."""
    groups = (figure.groups or {}).get(test.breakdown, ())
    values = [value for value, of in groups if value is not None and of is not None and of >= test.least_counted]
    if len(values) < 2:
        return Result(test=test, result=NOT_KNOWN, found=None, why=ONE_GROUP)
    apart = max(values) - min(values)
    limit = test.apart_at_most
    return Result(test=test, result=MET if limit is not None and apart <= limit else NOT_MET, found=apart)


def propose(rule: EvidenceRule, figures: Mapping[str, Measured]) -> Proposal:
    """The highest level whose tests are met; what is not known speaks for no level, and none is proposed when all are unknown."""
    results = tuple(answer(test, figures.get(test.indicator)) for test in rule.tests)
    met = sum(one.result == MET for one in results)
    unknown = sum(one.result == NOT_KNOWN for one in results)
    name = f"{rule.node}, version {rule.version}"
    if unknown == len(results):
        return Proposal(level="", results=results, why="None of the figures can be judged.", rule=name)
    level, needs = next(((level, needs) for level, needs in rule.proposes if met >= needs), ("", 0))
    why = f"{met} of {len(results)} tests are met."
    if level:
        why += f" This level needs {'all' if needs == len(results) else needs}."
    higher = [wanted for _, wanted in rule.proposes if met < wanted <= met + unknown]
    if higher:
        why += f" {unknown} could not be judged; met, {'it' if unknown == 1 else 'they'} would propose a higher level."
    return Proposal(level=level, results=results, why=why, rule=name)
