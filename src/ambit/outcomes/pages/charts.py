"""The charts of one person's outcomes: phases, items over time, totals over time. Narrow enough for a telephone."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ambit.design.charts import BLUE, INK, INK_2, NAVY, PALE, Drawn, draw
from ambit.outcomes import registry
from ambit.outcomes.pages import words
from ambit.outcomes.queries import Assessment, Line
from ambit.outcomes.rules.phases import DECEASED, Period

COLUMNS = 6  # assessments side by side; the table of figures has all of them
SHADES = ["#ffffff", PALE, "#a9c3da", "#4f7cab", NAVY]


def phase_columns() -> list[dict[str, Any]]:
    return [
        {"words": _("Phase")},
        {"words": _("Began")},
        {"words": _("Ended")},
        {"words": _("Days"), "numeric": True},
    ]


def phase_figures(phases: Sequence[Period], on: date) -> list[tuple[object, ...]]:
    """The phases, the latest first."""
    return [
        (
            registry.phase_name(p.phase),
            words.day(p.began_on),
            "" if p.phase == DECEASED else words.day(p.ended_on) if p.ended_on else _("Not ended"),
            "" if p.phase == DECEASED else p.days(on),
        )
        for p in reversed(phases)
    ]


def ribbon(phases: Sequence[Period], on: date, csv_url: str) -> Drawn:
    """The phases of illness along the days, each on the line of its name."""
    lived = [p for p in phases if p.phase != DECEASED]
    shown = [
        {
            "phase": registry.phase_name(p.phase),
            "from": p.began_on.isoformat(),
            "to": max(p.ended_on or on, p.began_on + timedelta(days=1)).isoformat(),
        }
        for p in lived
    ]
    order = [level.words for level in registry.phases().values() if not level.ends]
    axis = {"format": "%-d %b", "tickCount": 4, "title": None, "grid": False, "labelOverlap": True}
    specification = {
        "data": {"values": shown},
        "width": 230,
        "height": 104,
        "mark": {"type": "bar", "color": NAVY, "height": 14},
        "encoding": {
            "x": {"field": "from", "type": "temporal", "scale": {"type": "utc"}, "axis": axis},
            "x2": {"field": "to"},
            "y": {"field": "phase", "type": "nominal", "scale": {"domain": order}, "title": None},
        },
    }
    return draw(
        specification,
        finding=words.phases_finding(phases, on),
        measured=_("Phase of illness, by day. One at a time; a change ends the phase before."),
        description=_("Bars along the days for %(count)s phases.") % {"count": len(lived)},
        columns=phase_columns(),
        rows=phase_figures(phases, on),
        csv_url=csv_url,
    )


def figure_columns(line: Line) -> list[dict[str, Any]]:
    named = [{"words": item.topic, "numeric": True} for item in line.instrument.items]
    return [{"words": _("Assessed")}, {"words": _("Answered by")}, {"words": _("Total"), "numeric": True}, *named]


def figures(line: Line) -> list[tuple[object, ...]]:
    """Every assessment with its total and answers, the latest first; what is missing says so."""
    return [
        (
            one.assessed_on.isoformat(),
            one.answered_by,
            _("none") if one.total is None else one.total,
            *(one.answers.get(item.id, _("missing")) for item in line.instrument.items),
        )
        for one in reversed(line.assessments)
    ]


def _column(place: int, one: Assessment) -> str:
    """Two assessments on one day stay two columns."""
    return f"{place:02} {date_format(one.assessed_on, 'j M')}"


def items(line: Line, csv_url: str) -> Drawn:
    """Each item's answers side by side, the latest on the right; the number in each square is the answer."""
    instrument = line.instrument
    last = line.assessments[-COLUMNS:]
    high = max(item.high for item in instrument.items)
    squares = [
        {
            "item": item.topic,
            "on": _column(place, one),
            "value": one.answers.get(item.id),
            "says": str(one.answers.get(item.id, "–")),
            "dark": one.answers.get(item.id, 0) > high * 0.6,
        }
        for place, one in enumerate(last)
        for item in instrument.items
    ]
    x = {
        "field": "on",
        "type": "ordinal",
        "axis": {
            "orient": "top",
            "title": None,
            "labelExpr": "slice(datum.label, 3)",
            "labelAngle": -90,
            "ticks": False,
        },
    }
    y = {"field": "item", "type": "nominal", "sort": [item.topic for item in instrument.items], "title": None,
         "axis": {"labelLimit": 165, "ticks": False}}  # fmt: skip
    steps = [round(high * share) for share in (0, 0.25, 0.5, 0.75, 1)]
    specification = {
        "data": {"values": squares},
        "width": 26 * len(last),
        "height": 24 * len(instrument.items),
        "encoding": {"x": x, "y": y},
        "layer": [
            {
                "mark": {"type": "rect", "invalid": None, "stroke": "#aeb7bd", "strokeWidth": 1},
                "encoding": {
                    "color": {
                        "field": "value",
                        "type": "quantitative",
                        "legend": None,
                        "scale": {"domain": steps, "range": SHADES},
                    }
                },
            },
            {
                "mark": {"type": "text", "fontSize": 13},
                "encoding": {
                    "text": {"field": "says"},
                    "color": {"condition": {"test": "datum.dark", "value": "#ffffff"}, "value": INK},
                },
            },
        ],
    }
    direction = _("darker is more") if instrument.lower_is_better is False else _("darker is worse")
    legend = _("The number in each square is the answer, from 0 to %(high)s; %(direction)s; – is missing.")
    return draw(
        specification,
        finding=words.items_finding(line),
        measured=_("%(title)s, the last %(count)s of %(all)s assessments.")
        % {"title": instrument.title, "count": len(last), "all": len(line.assessments)},
        description=_("A grid of %(items)s items by %(count)s assessments.")
        % {"items": len(instrument.items), "count": len(last)},
        columns=figure_columns(line),
        rows=figures(line),
        legend=legend % {"high": high, "direction": direction},
        csv_url=csv_url,
    )


def totals(line: Line, csv_url: str) -> Drawn:
    """The total along the days; an assessment without one leaves no point, and is said to be missing."""
    instrument = line.instrument
    known = [one for one in line.assessments if one.total is not None]
    changed = [True, *(one.total != before.total for before, one in pairwise(known))]
    points = [
        {"on": one.assessed_on.isoformat(), "total": one.total, "says": str(one.total) if is_new else ""}
        for one, is_new in zip(known, changed, strict=False)
    ]
    axis = {"format": "%-d %b %y", "tickCount": 3, "title": None, "grid": False, "labelOverlap": True}
    specification = {
        "data": {"values": points},
        "width": 260,
        "height": 190,
        "encoding": {
            "x": {"field": "on", "type": "temporal", "scale": {"type": "utc", "padding": 12}, "axis": axis},
            "y": {
                "field": "total",
                "type": "quantitative",
                "scale": {"domain": [0, instrument.highest]},
                "axis": {"title": None, "tickCount": 5},
            },
        },
        "layer": [
            {"mark": {"type": "line", "color": INK_2, "strokeWidth": 1}},
            {
                "mark": {
                    "type": "point",
                    "filled": True,
                    "fill": "#ffffff",
                    "stroke": BLUE,
                    "strokeWidth": 2,
                    "size": 60,
                    "opacity": 1,
                }
            },
            {"mark": {"type": "text", "dy": -13, "fontSize": 13}, "encoding": {"text": {"field": "says"}}},
        ],
    }
    better = _("Lower is better.") if instrument.lower_is_better else _("Higher is better.")
    lacking = len(line.assessments) - len(known)
    return draw(
        specification,
        finding=words.total_finding(line),
        measured=_("%(title)s, total from 0 to %(highest)s. %(better)s %(known)s of %(all)s assessments have a total.")
        % {
            "title": instrument.title,
            "highest": instrument.highest,
            "better": better,
            "known": len(known),
            "all": len(line.assessments),
        },
        description=_("Points for %(count)s totals along the days.") % {"count": len(known)},
        legend=_("Assessments with something missing have no total and no point.") if lacking else "",
        columns=figure_columns(line)[:3],
        rows=[row[:3] for row in figures(line)],
        csv_url=csv_url,
    )
