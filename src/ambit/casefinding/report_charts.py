"""The charts of a validation report, each with its finding, its figures and CSV."""

from typing import Any

from django.utils.translation import gettext as _

from ambit.casefinding import report_words as words
from ambit.casefinding.how_right import Share, found_among
from ambit.casefinding.reports import PackOnDay
from ambit.design.charts import BLUE, INK, INK_2, NAVY, ORANGE, PALE, Drawn, draw
from ambit.design.environment import day

WIDTH = 300
LABEL = "substring(datum.label, indexof(datum.label, ' ') + 1)"  # a number before each name keeps equal names apart


def charts(part: PackOnDay, horizon: int, *, csv_url: str = "", method_url: str = "") -> list[Drawn]:
    """Those of a pack on a day that have anything to show."""
    addresses = {"csv_url": csv_url, "method_url": method_url}
    drawn = [
        by_group(part, "sensitivity", horizon, **addresses), capacity(part, **addresses), by_tier(part, horizon, **addresses),
        lead(part, **addresses),
    ]  # fmt: skip
    return [one for one in drawn if one is not None]


def by_group(part: PackOnDay, measure: str, horizon: int, *, csv_url: str, method_url: str) -> Drawn | None:
    """The share found of those who died, group by group, with the line of everybody; only groups that may be shown."""
    whole = part.whole.shares[measure]
    told: list[tuple[str, Share | None]] = [
        (row.name, row.shares[measure])
        for _name, rows in part.breakdowns
        for row in rows
        if row.died is None or row.died
    ]
    seen = [(name, one) for name, one in told if one is not None and one.value is not None]
    if whole is None or whole.value is None or len(seen) < 2:
        return None
    order = [f"{number} {name}" for number, (name, _one) in enumerate(seen)]
    values = [
        {"group": label, "value": one.value * 100, "lower": one.interval.lower * 100, "upper": one.interval.upper * 100}
        for label, (_name, one) in zip(order, seen, strict=True)
        if one.value is not None and one.interval is not None
    ]
    y = {
        "field": "group", "type": "nominal", "sort": None, "title": None, "scale": {"domain": order},
        "axis": {"labelLimit": 250, "ticks": False, "labelExpr": LABEL},
    }  # fmt: skip
    x = {"type": "quantitative", "title": None, "scale": {"domain": [0, 100]}, "axis": {"tickCount": 4, "format": "d"}}
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "rule", "color": INK_2}, "encoding": {"y": y, "x": {"field": "lower", **x}, "x2": {"field": "upper"}}},
        {"mark": {"type": "point", "filled": True, "size": 60, "color": NAVY, "opacity": 1}, "encoding": {"y": y, "x": {"field": "value", **x}}},
        {"data": {"values": [{"at": whole.value * 100}]}, "mark": {"type": "rule", "color": BLUE, "strokeDash": [4, 3]},
         "encoding": {"x": {"field": "at", **x}}},
    ]  # fmt: skip
    hidden = len(told) - len(seen)
    return draw(
        {"data": {"values": values}, "width": 190, "height": {"step": 20}, "layer": layers},
        finding=_group_finding(whole, seen),
        measured=_("Of those who died within %(time)s of %(day)s, percent found before; groups with a death. Lines are 95%% intervals, dashed: everybody.")
        % {"time": words.horizon(horizon), "day": day(part.on)},
        description=_("One mark for each of %(count)s groups, from 0 to 100%%.") % {"count": len(seen)},
        columns=[{"words": _("Group")}, *words.measure_columns()[1:]],
        rows=[(name, words.share(one), words.interval(one), words.of_how_many(one)) for name, one in told],
        legend=_("%(count)s groups are hidden: their numbers are small.") % {"count": hidden} if hidden else "",
        csv_url=csv_url,
        method_url=method_url,
    )  # fmt: skip


def _group_finding(whole: Share, seen: list[tuple[str, Share]]) -> str:
    """True of what is plotted: which groups' intervals lie wholly under the figure of everybody."""
    under = [
        name for name, one in seen if one.interval and whole.value is not None and one.interval.upper < whole.value
    ]
    if not under:
        return _("No group was clearly found less often than everybody together")
    return _("Found less often than everybody together: %(groups)s") % {"groups": "; ".join(under)}


def capacity(part: PackOnDay, *, csv_url: str, method_url: str) -> Drawn | None:
    """If so many are reviewed, the strongest findings first, how many of those who died are among them."""
    points = list(part.capacity)
    died = part.whole.died
    if len(points) < 2 or points[-1][0] == 0 or not died:
        return None
    everybody = part.whole.people
    values = [{"reviewed": reviewed, "died": found} for reviewed, found in points]
    chance = (
        [{"reviewed": 0, "died": 0.0}, {"reviewed": points[-1][0], "died": points[-1][0] * died / everybody}]
        if everybody
        else []
    )
    x = {
        "field": "reviewed",
        "type": "quantitative",
        "title": _("People reviewed"),
        "axis": {"tickCount": 5, "grid": False},
    }
    y = {"field": "died", "type": "quantitative", "title": None, "axis": {"tickCount": 4}}
    half = max(round(points[-1][0] / 2), 1)
    return draw(
        {
            "width": WIDTH, "height": 170,
            "layer": [
                {"data": {"values": chance}, "mark": {"type": "line", "color": INK_2, "strokeDash": [4, 3], "strokeWidth": 1}, "encoding": {"x": x, "y": y}},
                {"data": {"values": values}, "mark": {"type": "line", "color": BLUE, "point": {"color": BLUE, "filled": True, "size": 45}}, "encoding": {"x": x, "y": y}},
            ],
        },
        finding=_("Reviewing all %(reviewed)s people found reaches %(found)s of %(died)s who died; the first %(half)s reach about %(among)s")
        % {
            "reviewed": f"{points[-1][0]:,}", "found": f"{points[-1][1]:,}", "died": f"{died:,}", "half": f"{half:,}",
            "among": f"{found_among(points, half):.0f}",
        },
        measured=_("People who died in time among those reviewed, the strongest findings first. Dashed: anybody, in no order."),
        description=_("A rising line of %(count)s points.") % {"count": len(points)},
        columns=[
            {"words": _("Reviewed")}, {"words": _("Of those who died in time"), "numeric": True},
            {"words": _("Share of deaths"), "numeric": True},
        ],
        rows=[(f"{reviewed:,}", f"{found:,}", words.percent(found / died)) for reviewed, found in points],
        csv_url=csv_url,
        method_url=method_url,
    )  # fmt: skip


def by_tier(part: PackOnDay, horizon: int, *, csv_url: str, method_url: str) -> Drawn | None:
    told = [(tier.says, tier.died) for tier in part.tiers]
    if not told or not any(one is not None and one.value is not None for _name, one in told):
        return None
    return _bars(
        told,
        finding=words.tier_finding(part),
        measured=_("Percent who died within %(time)s, by how strongly people were found. Lines are 95%% intervals.")
        % {"time": words.horizon(horizon)},
        columns=words.tier_columns(),
        rows=words.tier_rows(part),
        csv_url=csv_url,
        method_url=method_url,
    )


def lead(part: PackOnDay, *, csv_url: str, method_url: str) -> Drawn | None:
    told = words.lead_shares(part)
    if not any(one is not None and one.value is not None for _name, one in told):
        return None
    return _bars(
        told,
        finding=words.lead_finding(part),
        measured=_("Percent of those who died, had the search run every 30 days. Diamond: published elsewhere, of other people."),
        columns=words.lead_columns(),
        rows=[*words.lead_rows(part), *((f"{says}. {words.STOW_SOURCE}", f"{value * 100:.1f}%", "", "") for _d, value, says in words.STOW)],
        marks=[{"group": f"{list(words.lead_names()).index(days)} {words.lead_names()[days]}", "value": value * 100} for days, value, _s in words.STOW],
        csv_url=csv_url,
        method_url=method_url,
    )  # fmt: skip


def _bars(
    told: list[tuple[str, Share | None]],
    *,
    finding: str,
    measured: str,
    columns: list[dict[str, Any]],
    rows: list[tuple[str, ...]],
    csv_url: str,
    method_url: str,
    marks: list[dict[str, Any]] | None = None,
) -> Drawn:
    order = [f"{number} {name}" for number, (name, _one) in enumerate(told)]
    values = [
        {
            "group": label,
            "value": one.value * 100 if one and one.value is not None else None,
            "lower": one.interval.lower * 100 if one and one.interval else None,
            "upper": one.interval.upper * 100 if one and one.interval else None,
            "says": words.hidden() if one is None else "" if one.value is not None else _("nobody"),
        }
        for label, (_name, one) in zip(order, told, strict=True)
    ]
    y = {
        "field": "group", "type": "nominal", "sort": None, "title": None, "scale": {"domain": order},
        "axis": {"labelLimit": 215, "ticks": False, "labelExpr": LABEL},
    }  # fmt: skip
    at = {"type": "quantitative", "title": None}
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "bar", "color": PALE, "stroke": NAVY, "strokeWidth": 1, "height": 13},
         "encoding": {"y": y, "x": {"field": "value", **at, "scale": {"domainMin": 0}, "axis": {"tickCount": 4}}}},
        {"mark": {"type": "rule", "color": INK, "strokeWidth": 1.5}, "encoding": {"y": y, "x": {"field": "lower", **at}, "x2": {"field": "upper"}}},
        {"transform": [{"filter": "datum.says != ''"}], "mark": {"type": "text", "align": "left", "dx": 4, "color": INK_2},
         "encoding": {"y": y, "x": {"datum": 0, "type": "quantitative"}, "text": {"field": "says"}}},
    ]  # fmt: skip
    if marks:
        layers.append(
            {"data": {"values": marks}, "mark": {"type": "point", "shape": "diamond", "filled": True, "size": 90, "color": ORANGE, "opacity": 1},
             "encoding": {"y": y, "x": {"field": "value", **at}}}
        )  # fmt: skip
    return draw(
        {"data": {"values": values}, "width": 170, "height": {"step": 26}, "layer": layers},
        finding=finding,
        measured=measured,
        description=_("Bars for %(count)s findings.") % {"count": len(told)},
        columns=columns,
        rows=rows,
        csv_url=csv_url,
        method_url=method_url,
    )
