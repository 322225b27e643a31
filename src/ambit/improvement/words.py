"""Figures and tests of evidence in words, of a live statement and of a signed one alike."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ambit.improvement.queries import FigureShown
from ambit.improvement.rules.evidence import HIDDEN, MET, NO_FIGURE, NOT_MET, ONE_GROUP, TOO_FEW, Result, Test
from ambit.measures.pages import words
from ambit.measures.queries import Shown
from ambit.measures.rules.indicators import GAP, Formula, Indicator
from ambit.measures.rules.periods import Month


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureWords:
    """An indicator beside a statement: its figure, what it counts, how it was a year before."""

    indicator: str
    name: str
    question: str
    value: str
    counted: str
    before: str
    month: str


def figure(one: FigureShown) -> FigureWords:
    """A figure that is live, or as it was signed: the words are made of the numbers kept with it."""
    told = _indicator(one)
    if one.shown is None:
        value = _("no figure yet") if one.is_collected else _("not collected yet")
        return FigureWords(
            indicator=one.indicator, name=one.name, question=one.question, value=value, counted="", before="", month=""
        )
    return FigureWords(
        indicator=one.indicator,
        name=one.name,
        question=one.question,
        value=words.value(told, one.shown.value, hides=one.shown.hides),
        counted=words.counts(told, one.shown),
        before=_before(told, one.shown, one.before),
        month=words.month(Month.read(one.month)),
    )


def _indicator(one: FigureShown) -> Indicator:
    """As much of an indicator as its words need; a pack may have changed since a round was signed."""
    formula = Formula(table="", value=one.value_kind) if one.value_kind else None
    return Indicator(
        id=one.indicator, name=one.name, question=one.question, numerator="", denominator="", calculation="", unit="",
        direction=one.direction, breakdowns=(), source="", serves=(), chart="", formula=formula,
    )  # fmt: skip


def _before(told: Indicator, now: Shown, before: Shown | None) -> str:
    """“Better: was 44 in 100 a year ago”. Whether it is more than chance, the indicator's own page says."""
    if before is None or before.value is None or now.value is None:
        return _("not known")
    was = words.value(told, before.value)
    if was == words.value(told, now.value):
        return _("as a year ago")
    up = now.value > before.value
    if told.direction not in ("higher", "lower"):
        return _("was %(was)s a year ago") % {"was": was}
    better = up == (told.direction == "higher")
    return (_("better: was %(was)s a year ago") if better else _("worse: was %(was)s a year ago")) % {"was": was}


@dataclass(frozen=True, slots=True, kw_only=True)
class TestWords:
    """A test of a rule: which indicator, what is asked for, what was found, and the verdict."""

    indicator: str
    name: str
    asked: str
    found: str
    verdict: str
    result: str


def result(one: Result, names: dict[str, FigureShown]) -> TestWords:
    """One test with its answer."""
    told = names.get(one.test.indicator)
    indicator = _indicator(told) if told else None
    found = ""
    if one.found is not None and indicator is not None:
        found = (
            _("%(points)s points apart") % {"points": f"{one.found:.0f}"}
            if one.test.breakdown
            else words.value(indicator, one.found)
        )
    return TestWords(
        indicator=one.test.indicator,
        name=told.name if told else one.test.indicator,
        asked=asked(one.test, indicator),
        found=found or _why(one.why),
        verdict={"met": _("Met"), "not_met": _("Not met")}.get(one.result, _("Not known")),
        result={MET: "yes", NOT_MET: "no"}.get(one.result, "caution"),
    )


def asked(test: Test, indicator: Indicator | None) -> str:
    """“at least 90 in 100”, “groups by deprivation at most 10 points apart”."""
    if test.breakdown:
        return _("groups by %(breakdown)s at most %(points)s points apart") % {
            "breakdown": test.breakdown.replace("_", " "),
            "points": f"{test.apart_at_most:g}",
        }
    if indicator is None:
        return ""
    parts = []
    if test.at_least is not None:
        parts.append(_("at least %(value)s") % {"value": _limit(indicator, test.at_least)})
    if test.at_most is not None:
        parts.append(_("at most %(value)s") % {"value": _limit(indicator, test.at_most)})
    return ", ".join(parts)


def _limit(indicator: Indicator, number: float) -> str:
    if indicator.formula and indicator.formula.value == GAP:
        return _("%(points)s points") % {"points": f"{number:g}"}
    return words.value(indicator, number)


def _why(why: str) -> str:
    return {
        TOO_FEW: _("too few people"),
        HIDDEN: _("hidden: the number is small"),
        NO_FIGURE: _("no figure yet"),
        ONE_GROUP: _("no two groups large enough"),
    }.get(why, why)
