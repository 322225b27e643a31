"""Figures in words. A finding is true of the numbers beside it because it is made of them."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ambit.measures.queries import Line, Shown
from ambit.measures.rules.indicators import COUNT, GAP, MEAN, MEDIAN, RATE, STANDARDISED, Indicator
from ambit.measures.rules.periods import Month
from ambit.measures.rules.xmr import Change, Signal


def month(one: Month) -> str:
    return date_format(one.first, "F Y")


def hidden() -> str:
    return _("hidden")


def _kind(indicator: Indicator) -> str:
    return indicator.formula.value if indicator.formula else ""


def value(indicator: Indicator, number: float | None, *, hides: str = "") -> str:
    """A value with what it is of: "62 in 100", "84 days"."""
    if hides:
        return hidden()
    if number is None:
        return _("nobody to count")
    kind = _kind(indicator)
    if kind == MEDIAN:
        return _("%(days)s days") % {"days": f"{number:.0f}"}
    if kind == COUNT:
        return f"{number:,.0f}"
    if kind == GAP:
        return _("%(points)s points") % {"points": f"{number:.0f}"}
    if kind in (RATE, STANDARDISED):
        return _("%(rate)s in 1,000") % {"rate": f"{number:.1f}"}
    if kind == MEAN:
        return f"{number:.1f}"
    return _("%(share)s in 100") % {"share": f"{number:.1f}" if number < 10 else f"{number:.0f}"}


def counts(indicator: Indicator, figure: Shown) -> str:
    """What a value is made of: "61 of 98"."""
    kind = _kind(indicator)
    if kind == GAP:
        if figure.hides or figure.value is None:
            return hidden() if figure.hides else _("no two groups large enough")
        high, low = f"{figure.numerator:.0f}", f"{figure.denominator:.0f}"
        return _("%(high)s and %(low)s in 100") % {"high": high, "low": low}
    above = hidden() if figure.numerator is None else f"{figure.numerator:,.0f}"
    if kind == COUNT:
        return above
    below = hidden() if figure.denominator is None else f"{figure.denominator:,.0f}"
    if figure.numerator is None and figure.denominator is None:
        return hidden()
    if kind in (MEDIAN, MEAN):
        return _("of %(people)s people") % {"people": below}
    return _("%(some)s of %(all)s") % {"some": above, "all": below}


def interval(figure: Shown) -> str:
    if figure.lower is None or figure.upper is None:
        return "" if not figure.hides else hidden()
    return _("%(lower)s to %(upper)s") % {"lower": f"{figure.lower:.1f}", "upper": f"{figure.upper:.1f}"}


def better(indicator: Indicator) -> str:
    return {"higher": _("Higher is better."), "lower": _("Lower is better.")}.get(
        indicator.direction, _("Neither way is better by itself.")
    )


def signal(one: Signal) -> str:
    return {
        Signal.OUTSIDE: _("outside the limits"),
        Signal.TREND: _("7 or more months rising or falling"),
        Signal.NEAR_LIMIT: _("2 of 3 months close to a limit"),
        Signal.SHIFT: _("7 or more months on one side of the average"),
    }[one]


def standing(line: Line) -> str:
    """Whether the last month says that something may have changed."""
    if line.newest is None or line.newest.value is None:
        return ""
    if line.chart.limits is None:
        return _("limits need 12 months with figures")
    last = line.chart.points[-1]
    if last.signal is None:
        return _("inside its usual range")
    what = signal(last.signal)
    if last.change is Change.IMPROVEMENT:
        return _("a signal to look into, better: %(what)s") % {"what": what}
    if last.change is Change.CONCERN:
        return _("a signal to look into, worse: %(what)s") % {"what": what}
    return _("a signal to look into: %(what)s") % {"what": what}


def finding(line: Line) -> str:
    """The heading of an indicator's chart."""
    name = line.indicator.name
    if line.newest is None:
        return _("%(name)s: no figure for %(month)s") % {"name": name, "month": month(line.months[-1])}
    said = value(line.indicator, line.newest.value, hides=line.newest.hides)
    where = standing(line) if line.chart.limits else ""
    return f"{name}: {said}, {where}" if where else f"{name}: {said}"


def by_practice(line: Line) -> str:
    """The heading of the bars: how many practices lie wholly below or above all of them together."""
    whole = line.newest.value if line.newest else None
    shown = [one for one in line.practices if one.value is not None]
    if not shown:
        return _("No practice has figures that may be shown here")
    if whole is None:
        return _("%(many)s of %(all)s practices can be shown") % {"many": len(shown), "all": len(line.practices)}
    below = [one.name for one in shown if one.upper is not None and one.upper < whole]
    above = [one.name for one in shown if one.lower is not None and one.lower > whole]
    if not below and not above:
        return _("No practice differs from all together by more than chance")
    parts = []
    if below:
        parts.append(_("%(names)s below all together") % {"names": _listed(below)})
    if above:
        parts.append(_("%(names)s above all together") % {"names": _listed(above)})
    return ", ".join(parts)


def _listed(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 2 else _("%(many)s practices") % {"many": len(names)}


def complete(figure: Shown) -> str:
    """How many of those who should be counted could be."""
    if figure.completeness is None:
        return ""
    return _("%(share)s in 100 known") % {"share": f"{100 * figure.completeness:.0f}"}
