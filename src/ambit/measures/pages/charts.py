"""Control charts and bars with intervals, narrow enough for a telephone; each with its finding, figures and CSV."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ambit.design.charts import BLUE, INK, INK_2, NAVY, ORANGE, PALE, WASH, Drawn, draw
from ambit.measures.pages import words
from ambit.measures.queries import Line
from ambit.measures.rules.indicators import SHARE
from ambit.measures.rules.xmr import Change, Point, Signal

WIDTH = 300
SHAPES = {"usual": "circle", "run": "square", "outside": "diamond", "concern": "triangle-down"}
COLOURS = {"usual": INK_2, "run": BLUE, "outside": BLUE, "concern": ORANGE}


def figure_columns() -> list[dict[str, Any]]:
    return [
        {"words": _("Month")},
        {"words": _("Value"), "numeric": True},
        {"words": _("Counted"), "numeric": True},
        {"words": _("95% interval"), "numeric": True},
        {"words": _("Signal")},
    ]


def figure_rows(line: Line) -> list[tuple[object, ...]]:
    """Every month, the last first."""
    rows: list[tuple[object, ...]] = []
    for month, figure, point in zip(line.months, line.figures, line.chart.points, strict=True):
        if figure is None:
            rows.append((words.month(month), _("no figure"), "", "", ""))
            continue
        rows.append(
            (
                words.month(month),
                words.value(line.indicator, figure.value, hides=figure.hides),
                words.counts(line.indicator, figure),
                words.interval(figure),
                words.signal(point.signal) if point.signal else "",
            )
        )
    return rows[::-1]


def _kind(point: Point) -> str:
    if point.signal is None:
        return "usual"
    if point.change is Change.CONCERN:
        return "concern"
    return "outside" if point.signal is Signal.OUTSIDE else "run"


def over_time(line: Line, *, csv_url: str, method_url: str) -> Drawn:
    """The values by month with the average and limits of the baseline; what is hidden leaves a gap."""
    limits = line.chart.limits
    values = [
        {"month": month.first.isoformat(), "value": round(point.value, 3), "kind": _kind(point)}
        for month, point in zip(line.months, line.chart.points, strict=True)
        if point.value is not None
    ]
    x: dict[str, Any] = {
        "field": "month",
        "type": "temporal",
        "scale": {"type": "utc"},
        "axis": {"title": None, "format": "%b %y", "grid": False, "tickCount": 4, "labelOverlap": True},
    }
    scale = {"domain": [0, 100], "nice": False} if _is_wide_share(line) else {"zero": False}
    y = {"field": "value", "type": "quantitative", "title": None, "scale": scale, "axis": {"tickCount": 4}}
    kinds = list(SHAPES)
    layers: list[dict[str, Any]] = []
    if limits:
        ends = {"values": [{"low": _within(limits.lower, line), "high": _within(limits.upper, line)}]}
        layers.append(
            {"data": ends, "mark": {"type": "rect", "color": WASH},
             "encoding": {"y": {"field": "low", "type": "quantitative"}, "y2": {"field": "high"}}}
        )  # fmt: skip
        lines = [(limits.mean, []), (_within(limits.lower, line), [4, 3]), (_within(limits.upper, line), [4, 3])]
        for at, dash in lines:
            layers.append(
                {"data": {"values": [{"at": round(at, 3)}]}, "mark": {"type": "rule", "color": INK_2, "strokeDash": dash},
                 "encoding": {"y": {"field": "at", "type": "quantitative"}}}
            )  # fmt: skip
    layers.append({"mark": {"type": "line", "color": INK_2, "strokeWidth": 1}, "encoding": {"x": x, "y": y}})
    layers.append(
        {
            "mark": {"type": "point", "filled": True, "size": 55, "opacity": 1},
            "encoding": {
                "x": x,
                "y": y,
                "shape": {
                    "field": "kind", "type": "nominal", "legend": None,
                    "scale": {"domain": kinds, "range": [SHAPES[kind] for kind in kinds]},
                },
                "color": {
                    "field": "kind", "type": "nominal", "legend": None,
                    "scale": {"domain": kinds, "range": [COLOURS[kind] for kind in kinds]},
                },
            },
        }
    )  # fmt: skip
    return draw(
        {"data": {"values": values}, "width": WIDTH, "height": 130, "layer": layers},
        finding=words.finding(line),
        measured=_measured(line),
        description=_("%(months)s months; %(known)s have a value that may be shown.")
        % {"months": len(line.months), "known": len(values)},
        columns=figure_columns(),
        rows=figure_rows(line),
        legend=_legend(line),
        csv_url=csv_url,
        method_url=method_url,
    )


def _is_wide_share(line: Line) -> bool:
    """A share that reaches into the middle is shown on the whole scale, so that small moves look small."""
    formula = line.indicator.formula
    known = [figure.value for figure in line.figures if figure and figure.value is not None]
    return bool(formula and formula.value == SHARE and known and max(known) > 30)


def _within(value: float, line: Line) -> float:
    """A limit that no share can reach is drawn at the end of the scale."""
    formula = line.indicator.formula
    if formula and formula.value == SHARE:
        return min(max(value, 0.0), 100.0)
    return max(value, 0.0)


def _measured(line: Line) -> str:
    figure = line.newest
    made = words.counts(line.indicator, figure) if figure else ""
    last = _("%(month)s: %(made)s.") % {"month": words.month(line.months[-1]), "made": made} if made else ""
    return " ".join(
        part for part in (f"{line.indicator.question} {last}".strip(), words.better(line.indicator)) if part
    )


def _legend(line: Line) -> str:
    used = {_kind(point) for point in line.chart.points if point.value is not None}
    marks = {
        "usual": _("○ usual"),
        "run": _("■ a run"),
        "outside": _("◆ outside the limits"),
        "concern": _("▼ worse than usual"),
    }
    said = [marks[kind] for kind in SHAPES if kind in used] if line.chart.limits else []
    if line.chart.limits:
        said.append(_("Limits from the first 12 months with figures."))
    hidden = sum(bool(figure and figure.hides) for figure in line.figures)
    if hidden:
        said.append(_("%(months)s months are hidden, so that nobody can be recognised.") % {"months": hidden})
    return "  ".join(said)


def practice_columns() -> list[dict[str, Any]]:
    return [
        {"words": _("Practice")},
        {"words": _("Value"), "numeric": True},
        {"words": _("Counted"), "numeric": True},
        {"words": _("95% interval"), "numeric": True},
    ]


def by_practice(line: Line, *, csv_url: str, method_url: str) -> Drawn:
    """Bars with intervals, the line of all together across them; who is hidden stands without a bar and says so."""
    rows = sorted(
        line.practices, key=lambda one: (one.value is None, one.value if one.value is not None else 0, one.name)
    )
    values = [
        {
            "practice": one.name,
            "value": one.value,
            "lower": one.lower,
            "upper": one.upper,
            "says": "" if one.value is not None else words.hidden() if one.hides else words.value(line.indicator, None),
        }
        for one in rows
    ]
    y = {
        "field": "practice",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"labelLimit": 190, "ticks": False},
    }
    at = {"type": "quantitative", "title": None}
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "bar", "color": PALE, "stroke": NAVY, "strokeWidth": 1, "height": 13},
         "encoding": {"y": y, "x": {"field": "value", **at, "axis": {"tickCount": 4}}}},
        {"mark": {"type": "rule", "color": INK, "strokeWidth": 1.5},
         "encoding": {"y": y, "x": {"field": "lower", **at}, "x2": {"field": "upper"}}},
        {"transform": [{"filter": "datum.says != ''"}], "mark": {"type": "text", "align": "left", "dx": 4, "color": INK_2},
         "encoding": {"y": y, "x": {"datum": 0, "type": "quantitative"}, "text": {"field": "says"}}},
    ]  # fmt: skip
    whole = line.newest.value if line.newest else None
    if whole is not None:
        layers.append(
            {"data": {"values": [{"at": whole}]}, "mark": {"type": "rule", "color": NAVY, "strokeDash": [4, 3]},
             "encoding": {"x": {"field": "at", **at}}}
        )  # fmt: skip
    return draw(
        {"data": {"values": values}, "width": 170, "height": {"step": 24}, "layer": layers},
        finding=words.by_practice(line),
        measured=_("By practice, %(month)s. Lines are 95%% intervals; dashed: all together. Not a ranking.")
        % {"month": date_format(line.months[-1].first, "F Y")},
        description=_("Bars for %(count)s practices.") % {"count": len(rows)},
        columns=practice_columns(),
        rows=[
            (
                one.name + (f" ({_('yours')})" if one.is_own else ""),
                words.value(line.indicator, one.value, hides=one.hides),
                words.counts(line.indicator, one),
                words.interval(one),
            )
            for one in rows
        ],
        csv_url=csv_url,
        method_url=method_url,
    )
