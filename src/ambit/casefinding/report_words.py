"""A validation report in sentences and tables; every finding is put together from the figures it stands over."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ambit.casefinding.how_right import MILESTONES, Share
from ambit.casefinding.reports import GroupRow, PackOnDay, Report
from ambit.casefinding.run_figures import LaterRow, RateRow
from ambit.design.environment import day

# comparators for lead time: other people's deaths, elsewhere, at another time
STOW = (
    (
        365,
        0.171,
        "End of life recognised by the practice 12 months or more before death: 17.1% of 13,149 people who died at 75 or over",
    ),
)
STOW_SOURCE = "Stow 2020, British Journal of General Practice 70:e643 (PMC7643820)"

MEASURES = ("sensitivity", "specificity", "ppv", "npv")


def names() -> dict[str, str]:
    return {
        "sensitivity": _("Sensitivity"),
        "specificity": _("Specificity"),
        "ppv": _("Positive predictive value"),
        "npv": _("Negative predictive value"),
    }


def meanings() -> dict[str, str]:
    return {
        "sensitivity": _("of those who died in time, the share who had been found"),
        "specificity": _("of those who lived, the share who had not been found"),
        "ppv": _("of those found, the share who died in time"),
        "npv": _("of those not found, the share who lived"),
    }


def hidden() -> str:
    return _("hidden")


def number(count: int | None) -> str:
    return hidden() if count is None else f"{count:,}"


def percent(value: float, *, fine: bool = False) -> str:
    """To one decimal where whole percents would say 0 or 100 of what is neither."""
    points = value * 100
    if fine or (0 < points < 1) or (99 < points < 100):
        return f"{points:.1f}%"
    return f"{points:.0f}%"


def share(one: Share | None) -> str:
    """As in "30%"; words where nobody could be counted, or where it is hidden."""
    if one is None:
        return hidden()
    return _("nobody to count") if one.value is None else percent(one.value)


def of_how_many(one: Share | None) -> str:
    return (
        ""
        if one is None or one.value is None
        else _("%(count)s of %(of)s") % {"count": f"{one.count:,}", "of": f"{one.of:,}"}
    )


def interval(one: Share | None) -> str:
    if one is None or one.interval is None:
        return ""
    return _("%(lower)s to %(upper)s") % {"lower": percent(one.interval.lower), "upper": percent(one.interval.upper)}


def horizon(days: int) -> str:
    return {365: _("a year"), 182: _("six months")}.get(days) or _("%(days)s days") % {"days": days}


def finding(part: PackOnDay, days: int) -> str:
    """The heading of a report: how many of those who died had been found."""
    one = part.whole.shares["sensitivity"]
    if one is None:
        return _("How many of those who died had been found is hidden: the numbers are small")
    if one.value is None:
        return _("Nobody died in the %(time)s after %(day)s") % {"time": horizon(days), "day": day(part.on)}
    told = {"count": one.count, "of": one.of, "time": horizon(days), "share": percent(one.value)}
    return (
        ngettext(
            "Found before: %(count)s of the %(of)s person who died within %(time)s (%(share)s)",
            "Found before: %(count)s of the %(of)s people who died within %(time)s (%(share)s)",
            one.of,
        )
        % told
    )


def measure_rows(part: PackOnDay) -> list[tuple[str, ...]]:
    return [
        (
            f"{names()[name]}: {meanings()[name]}",
            share(part.whole.shares[name]),
            interval(part.whole.shares[name]),
            of_how_many(part.whole.shares[name]),
        )
        for name in MEASURES
    ]


def measure_columns() -> list[dict[str, Any]]:
    return [
        {"words": _("Figure")},
        {"words": _("Value"), "numeric": True},
        {"words": _("95% interval"), "numeric": True},
        {"words": _("Counted"), "numeric": True},
    ]


def four_columns() -> list[dict[str, Any]]:
    return [
        {"words": _("On the day")},
        {"words": _("Died in time"), "numeric": True},
        {"words": _("Lived"), "numeric": True},
    ]


def four_rows(part: PackOnDay) -> list[tuple[str, ...]]:
    cells = part.cells
    return [
        (_("Found"), number(cells["tp"]), number(cells["fp"])),
        (_("Not found"), number(cells["fn"]), number(cells["tn"])),
    ]


def group_columns() -> list[dict[str, Any]]:
    return [
        {"words": _("Group")},
        {"words": _("People"), "numeric": True},
        {"words": _("Found"), "numeric": True},
        {"words": _("Died"), "numeric": True},
        {"words": _("Sensitivity"), "numeric": True},
        {"words": _("Specificity"), "numeric": True},
        {"words": _("PPV"), "numeric": True},
        {"words": _("NPV"), "numeric": True},
    ]


def _with_interval(one: Share | None) -> str:
    between = interval(one)
    return f"{share(one)} ({between})" if between else share(one)


def group_rows(rows: Sequence[GroupRow]) -> list[tuple[str, ...]]:
    return [
        (
            row.name, number(row.people), number(row.found), number(row.died),
            *(_with_interval(row.shares[name]) for name in MEASURES),
        )
        for row in rows
    ]  # fmt: skip


def tier_columns() -> list[dict[str, Any]]:
    return [
        {"words": _("Finding")},
        {"words": _("Died in time"), "numeric": True},
        {"words": _("95% interval"), "numeric": True},
        {"words": _("Counted"), "numeric": True},
    ]


def tier_rows(part: PackOnDay) -> list[tuple[str, ...]]:
    return [(tier.says, share(tier.died), interval(tier.died), of_how_many(tier.died)) for tier in part.tiers]


def tier_finding(part: PackOnDay) -> str:
    if part.in_order is None or any(tier.died is None for tier in part.tiers):
        return _("Deaths by how strongly people were found")
    if part.in_order:
        return _("The stronger the finding, the more people died")
    return _("A stronger finding did not always go with more deaths")


def lead_columns() -> list[dict[str, Any]]:
    return [
        {"words": _("First found")},
        {"words": _("Share of deaths"), "numeric": True},
        {"words": _("95% interval"), "numeric": True},
        {"words": _("Counted"), "numeric": True},
    ]


def lead_names() -> dict[int, str]:
    return {
        365: _("12 months or more before death"),
        182: _("6 months or more before"),
        90: _("3 months or more before"),
        0: _("At any time before, up to two years"),
    }


def lead_shares(part: PackOnDay) -> list[tuple[str, Share | None]]:
    return [(lead_names()[days], part.lead.at_least[days]) for days in sorted(MILESTONES, reverse=True)] + [
        (lead_names()[0], part.lead.ever)
    ]


def lead_rows(part: PackOnDay) -> list[tuple[str, ...]]:
    return [(name, share(one), interval(one), of_how_many(one)) for name, one in lead_shares(part)]


def lead_words(part: PackOnDay) -> str:
    """The middle and the quartiles of the time, of those ever found."""
    if part.lead.quantiles is None:
        return _("How long before death people were found is not shown: too few were found.")
    quarter, median, three = (part.lead.quantiles[name] for name in ("quarter", "median", "three_quarters"))
    words = _("Of those ever found, half were first found %(median)s days or more before death (middle half: %(quarter)s to %(three)s days).") % {
        "median": f"{median['days']:.0f}", "quarter": f"{quarter['days']:.0f}", "three": f"{three['days']:.0f}",
    }  # fmt: skip
    if median["lower"] is not None:
        words += " " + _("95%% interval of the middle by order statistics: %(lower)s to %(upper)s days.") % {
            "lower": f"{median['lower']:.0f}", "upper": f"{median['upper']:.0f}",
        }  # fmt: skip
    return words


def lead_finding(part: PackOnDay) -> str:
    one = part.lead.at_least[365]
    if one is None or one.value is None:
        return _("How long before death people would first have been found")
    return _("%(share)s of those who died would first have been found 12 months or more before") % {
        "share": percent(one.value)
    }


def left_out(part: PackOnDay) -> list[dict[str, Any]]:
    says = {
        "dead_without_a_day": _("Died on a day that is not recorded"),
        "left": _("Registered no more, and alive: when they left is not known"),
        "not_seen_to_the_end": _("Alive when their records were last taken in, before the end"),
        "died_twice": _("Dead already by one source, registered by another"),
    }
    return [{"key": words, "value": number(part.left_out[name])} for name, words in says.items()]


def comparators(report: Report, pack: str) -> list[tuple[str, str]]:
    """What was published elsewhere of a pack, with its source; then what any search may be compared with."""
    found = [
        (one["says"], one["source"])
        for each in report.packs
        if pack in (each["id"], "any")
        for one in each["published"]
    ]
    return found + [(says, STOW_SOURCE) for _days, _value, says in STOW]


def rate_columns() -> list[dict[str, Any]]:
    return [
        {"words": _("Group")},
        {"words": _("People"), "numeric": True},
        {"words": _("Found"), "numeric": True},
        {"words": _("Rate"), "numeric": True},
        {"words": _("95% interval"), "numeric": True},
        {"words": _("Times the rate of everybody"), "numeric": True},
    ]


def _fine(value: float) -> str:
    return percent(value, fine=value < 0.1)


def rate_rows(rows: Sequence[RateRow]) -> list[tuple[str, ...]]:
    """Rates of searches are small, so to one decimal."""
    found: list[tuple[str, ...]] = []
    for row in rows:
        one = row.found
        if one is None or one.value is None or one.interval is None:
            found.append((row.name, number(row.people), hidden() if one is None else "0", "", "", ""))
            continue
        times = row.ratio
        found.append(
            (
                row.name,
                number(row.people),
                number(one.count),
                _fine(one.value),
                _("%(lower)s to %(upper)s") % {"lower": _fine(one.interval.lower), "upper": _fine(one.interval.upper)},
                f"{times[0]:.2f} ({times[1].lower:.2f}–{times[1].upper:.2f})" if times else "",
            )
        )
    return found


def later_columns() -> list[dict[str, Any]]:
    return [
        {"words": _("Search of")},
        {"words": _("Counted")},
        {"words": _("Put before a clinician"), "numeric": True},
        {"words": _("Died"), "numeric": True},
        {"words": _("Added to the register"), "numeric": True},
        {"words": _("Not now"), "numeric": True},
        {"words": _("Not right"), "numeric": True},
    ]


def later_rows(rows: Sequence[LaterRow]) -> list[tuple[str, ...]]:
    return [
        (
            day(row.on), _(row.kind), number(row.kept),
            *(f"{of_how_many(one)} {_with_interval(one)}".strip() for one in row.shares.values()),
        )
        for row in rows
    ]  # fmt: skip
