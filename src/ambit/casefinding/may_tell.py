"""What a report of case-finding may tell outside the organisation that owns its figures (hazard H21). Plain Python.

A group's four counts are shown together or not at all. A group is hidden when one of them is 1 to 7. Then the hidden groups of a breakdown are
never one alone, and what they have together, which follows from the totals, is nobody or more than seven of each count; so the next smallest group is
hidden too until that holds. Of a pack whose own four counts are small, nothing is shown. Settled once, when the figures are counted.
"""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, Final

from ambit.figures.rules.disclosure import HIDDEN_UP_TO, Sum, hidden, is_small

CELLS: Final = ("tp", "fp", "fn", "tn")


def hidden_rows(rows: Mapping[str, Sequence[int]]) -> list[str]:
    """Which rows of a table whose totals are shown have to be hidden, each row as a whole."""
    shut = {name for name, counts in rows.items() if any(map(is_small, counts))}
    while shut:
        together = [sum(rows[name][place] for name in shut) for place in range(len(next(iter(rows.values()))))]
        many = sum(any(rows[name]) for name in shut)
        if many > 1 and not any(map(is_small, together)):
            break
        left = [name for name, counts in rows.items() if name not in shut and any(counts)]
        if not left:
            return sorted(rows)
        shut.add(min(left, key=lambda name: (sum(rows[name]), name)))
    return sorted(shut)


def hidden_of(result: Mapping[str, Any], beside: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """What of a pack's figures may not be shown: all of it, or these groups of these breakdowns, or these findings.

    Of all packs together, `beside` are the packs shown with it: what is left when one is taken away may not be small either.
    """

    def counts(cells: Mapping[str, int], others: Sequence[Mapping[str, int]]) -> list[int]:
        return [cells[name] for name in CELLS] + [
            abs(cells[name] - other[name]) for other in others for name in ("tp", "fp")
        ]

    groups = {
        breakdown: {
            group: counts(cells, [other["groups"][breakdown][group] for other in beside])
            for group, cells in told.items()
        }
        for breakdown, told in result["groups"].items()
    }
    tiers = {
        tier["tier"]: [tier["count"], tier["of"] - tier["count"]] for tier in result.get("tiers", ()) if tier["tier"]
    }
    return {
        "everything": any(map(is_small, counts(result["cells"], [other["cells"] for other in beside]))),
        "groups": {breakdown: hidden_rows(rows) for breakdown, rows in groups.items()},
        "people": {
            breakdown: hidden_rows({group: [sum(cells[name] for name in CELLS)] for group, cells in told.items()})
            for breakdown, told in result["groups"].items()
        },
        "tiers": hidden_rows(tiers),
    }


def coarser(points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """A curve of review whose every step holds more than seven who died and more than seven who lived; the rest joins the last."""
    kept = [points[0]]
    for reviewed, died in points[1:]:
        before, died_before = kept[-1]
        some, many = died - died_before, (reviewed - before) - (died - died_before)
        if some > HIDDEN_UP_TO and many > HIDDEN_UP_TO:
            kept.append((reviewed, died))
    if kept[-1] != points[-1]:
        if len(kept) > 1:
            kept[-1] = points[-1]
        else:
            return []
    return kept


def lead_may_be_told(deaths: int, ever: int, at_least: Mapping[int, int]) -> tuple[bool, dict[int, bool]]:
    """Whether the share ever found may be shown, and each share found so many days before: no step between them is small."""
    days = sorted(at_least, reverse=True)
    steps = [at_least[days[0]], *(at_least[b] - at_least[a] for a, b in itertools.pairwise(days)),
             ever - at_least[days[-1]], deaths - ever]  # fmt: skip
    cells = {("lead", "step", str(place)): float(step) for place, step in enumerate(steps)}
    total = ("lead", "", "")
    shut = hidden({**cells, total: deaths}, [Sum(total, tuple(cells))])
    is_open = [cell not in shut for cell in cells]
    # every share says of how many, its interval too: where that is hidden, none is shown
    may = total not in shut and not is_small(deaths)
    tells = {day: may and all(is_open[: place + 1]) for place, day in enumerate(days)}
    return may and not is_small(ever) and is_open[-1], tells
