"""A validation report as files: rows for CSV, and plain data for programs; hidden where the page hides."""

from typing import Any

from django.utils.translation import gettext as _

from ambit.casefinding.how_right import MILESTONES, Share
from ambit.casefinding.reports import GroupRow, PackOnDay, Report

SHARES = ("found", "died", "sensitivity", "specificity", "ppv", "npv")


def columns() -> list[dict[str, Any]]:
    return [
        {"words": words}
        for words in (
            _("Pack"), _("On"), _("Until"), _("Breakdown"), _("Group"), _("Figure"), _("Value"), _("Lower 95%"), _("Upper 95%"),
            _("Counted"), _("Of"), _("Hidden"),
        )
    ]  # fmt: skip


def rows(report: Report) -> list[tuple[object, ...]]:
    """Every figure a line."""
    found: list[tuple[object, ...]] = []
    for part in report.parts:
        before = (part.pack, part.on.isoformat(), part.until.isoformat())
        for breakdown, groups in [("", (part.whole,)), *part.breakdowns]:
            for row in groups:
                found += [(*before, breakdown, row.name, name, *_numbers(row.shares[name])) for name in SHARES]
        for tier in part.tiers:
            found.append((*before, _("Finding"), tier.says, "died", *_numbers(tier.died)))
        for reviewed, died in part.capacity:
            found.append((*before, _("Review, strongest first"), reviewed, "died", "", "", "", died, reviewed, ""))
        for days in MILESTONES:
            found.append(
                (*before, _("Lead time"), days, "found so many days before death", *_numbers(part.lead.at_least[days]))
            )
        found.append((*before, _("Lead time"), "", "ever found", *_numbers(part.lead.ever)))
    return found


def _numbers(one: Share | None) -> tuple[object, ...]:
    if one is None:
        return ("", "", "", "", "", _("hidden"))
    interval = one.interval
    return (
        "" if one.value is None else round(one.value, 6),
        "" if interval is None else round(interval.lower, 6),
        "" if interval is None else round(interval.upper, 6),
        one.count,
        one.of,
        "",
    )


def plain(report: Report) -> dict[str, Any]:
    """The report as plain data; what is hidden is null."""
    return {
        "id": str(report.id),
        "practice": report.practice,
        "horizon": report.horizon,
        "hides_small_numbers": report.hides,
        "packs": [
            {name: pack[name] for name in ("id", "version", "sha256", "title", "reviewed", "published")}
            for pack in report.packs
        ],
        "lead_time_of_deaths": {"since": report.lead_since.isoformat(), "until": report.lead_until.isoformat()},
        "results": [_part(part) for part in report.parts],
    }


def _part(part: PackOnDay) -> dict[str, Any]:
    return {
        "pack": part.pack,
        "on": part.on.isoformat(),
        "until": part.until.isoformat(),
        "cells": dict(part.cells),
        **_row(part.whole),
        "groups": {name: [{"group": row.name, **_row(row)} for row in groups] for name, groups in part.breakdowns},
        "tiers": [{"tier": tier.tier, "says": tier.says, "died": _share(tier.died)} for tier in part.tiers],
        "in_order": part.in_order,
        "capacity": [{"reviewed": reviewed, "died": died} for reviewed, died in part.capacity],
        "lead_time": {
            "deaths": part.lead.deaths,
            "ever": _share(part.lead.ever),
            "at_least": {str(days): _share(one) for days, one in part.lead.at_least.items()},
            **(part.lead.quantiles or dict.fromkeys(("quarter", "median", "three_quarters"))),
        },
        "left_out": dict(part.left_out),
    }


def _row(row: GroupRow) -> dict[str, Any]:
    return {"people": row.people, **{name: _share(row.shares[name]) for name in SHARES}}


def _share(one: Share | None) -> dict[str, Any] | None:
    if one is None:
        return None
    value, lower, upper, count, of, _ = _numbers(one)
    return {"value": value or (0.0 if value == 0 else None), "lower": lower if lower != "" else None,
            "upper": upper if upper != "" else None, "count": count, "of": of}  # fmt: skip
