"""A validation report: what packs would have found on a day that lies back, against who died afterwards, on a site's own records."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from ambit.casefinding import how_right, may_tell
from ambit.casefinding.groups import asked
from ambit.casefinding.how_right import Calibration, LeadTime, Result, Share, Table
from ambit.casefinding.packs import lists_for
from ambit.casefinding.search import packs_to_run
from ambit.design.refusals import Refused
from ambit.packs.queries import site_library
from ambit.packs.rules import Pack
from ambit.people import facts as people
from ambit.population.followed import Cohort
from ambit.population.following import follow, looked_back
from ambit.population.search.criteria import SearchPack

ALL_TOGETHER = "any"
LONGEST, SHORTEST = 730, 30  # days that people are followed
MOST_DAYS = 12  # index dates in one report


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a report is asked for."""

    packs: tuple[str, ...]
    on: tuple[date, ...]
    horizon: int = 365
    practice: str = ""


def problems(wanted: Wanted, *, today: date) -> dict[str, str]:
    """What is wrong with what was asked, field by field."""
    found: dict[str, str] = {}
    if not wanted.packs:
        found["pack"] = "Choose at least one pack."
    if not wanted.on:
        found["on"] = "Write the day to look back to."
    elif len(wanted.on) > MOST_DAYS:
        found["on"] = f"One report takes at most {MOST_DAYS} days; this names {len(wanted.on)}."
    if not SHORTEST <= wanted.horizon <= LONGEST:
        found["horizon"] = f"Follow people for {SHORTEST} to {LONGEST} days; this says {wanted.horizon}."
    elif late := [day for day in wanted.on if day + timedelta(days=wanted.horizon) > today]:
        latest = today - timedelta(days=wanted.horizon)
        found["on"] = (
            f"{wanted.horizon} days after {late[-1]:%-d %B %Y} have not passed. Choose a day up to {latest:%-d %B %Y}, "
            "or follow people for fewer days."
        )
    return found


def report(wanted: Wanted, *, today: date, advance: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """The figures of a report, as plain data that can be kept and written out; refuses in words what cannot be answered."""
    wrong = problems(wanted, today=today)
    if wrong:
        raise Refused(wrong)
    packs = packs_to_run(wanted.packs)
    contents: list[SearchPack] = [pack.content for pack in packs]
    lists = lists_for(contents, site_library())
    known = asked(known_of_care())
    on_days = []
    for on in sorted(set(wanted.on)):
        cohort = follow(contents, lists, on, wanted.horizon, known, practice=wanted.practice)
        on_days.append(_of_a_day(cohort, packs))
        advance()
    first, last = min(wanted.on), max(wanted.on) + timedelta(days=wanted.horizon)
    lead = looked_back(contents, lists, first + timedelta(days=1), last, practice=wanted.practice)
    advance()
    return {
        "packs": [
            {
                "id": pack.id, "version": pack.version, "sha256": pack.sha256, "title": pack.title,
                "reviewed": pack.reviewed,
                "published": [{"says": one.says, "source": one.source} for one in pack.content.published],
            }
            for pack in packs
        ],
        "horizon": wanted.horizon,
        "practice": wanted.practice,
        "days": on_days,
        "lead_time": {
            "since": (first + timedelta(days=1)).isoformat(),
            "until": last.isoformat(),
            "results": [_lead(name, how_right.lead_time(lead, place)) for name, place in _each(packs)],
        },
    }  # fmt: skip


def known_of_care() -> dict[str, tuple[str, str]]:
    """What the record of care knows by NHS number: ethnic group, and the fifth of deprivation of the home's small area."""
    fifths: dict[str, str] = {}
    for pack in site_library().of_kind("areas"):
        if pack.ok:
            fifths |= pack.content
    return {one.nhs_number: (one.ethnicity, fifths.get(one.area, "")) for one in people.people() if one.nhs_number}


def _each(packs: Sequence[Pack]) -> list[tuple[str, int | None]]:
    """Each pack with its place; and all together, where there is more than one."""
    each: list[tuple[str, int | None]] = [(pack.id, place) for place, pack in enumerate(packs)]
    return [*each, (ALL_TOGETHER, None)] if len(packs) > 1 else each


def _of_a_day(cohort: Cohort, packs: Sequence[Pack]) -> dict[str, Any]:
    people_followed = sum(row.people for row in cohort.rows)
    if not people_followed:
        seen = f"{cohort.seen_until:%-d %B %Y}" if cohort.seen_until else "never"
        raise Refused(
            {
                "on": f"Nobody can be followed from {cohort.on:%-d %B %Y} to {cohort.until:%-d %B %Y}: the coded records reach "
                f"to {seen}. Take in newer extracts, choose an earlier day, or follow people for fewer days."
            }
        )
    results: list[dict[str, Any]] = []
    for name, place in _each(packs):
        told = _result(name, how_right.counted(cohort.rows, place))
        if place is not None:
            tiers = [tier.name for tier in packs[place].content.tiers]
            calibration = how_right.calibrated(cohort.rows, place, tiers)
            says = {tier.name: tier.says for tier in packs[place].content.tiers}
            told["tiers"] = [_tier(one, says) for one in calibration]
            told["in_order"] = how_right.is_in_order(calibration)
        results.append(told | {"hidden": may_tell.hidden_of(told, results if place is None else ())})
    return {
        "on": cohort.on.isoformat(),
        "until": cohort.until.isoformat(),
        "people": people_followed,
        "died": sum(row.people for row in cohort.rows if row.days is not None),
        "left_out": asdict(cohort.left_out),
        "results": results,
    }


def _result(name: str, result: Result) -> dict[str, Any]:
    return {
        "pack": name,
        "cells": asdict(result.whole),
        "shares": shares(result.whole),
        "groups": {
            breakdown: {group: asdict(table) for group, table in groups.items()}
            for breakdown, groups in result.groups.items()
        },
        "capacity": [{"reviewed": reviewed, "died": died} for reviewed, died in result.capacity],
    }


def shares(table: Table) -> dict[str, Any]:
    return {name: share(one) for name, one in table.shares.items()}


def share(one: Share) -> dict[str, Any]:
    interval = one.interval
    return {
        "count": one.count,
        "of": one.of,
        "value": None if one.value is None else round(one.value, 6),
        "lower": round(interval.lower, 6) if interval else None,
        "upper": round(interval.upper, 6) if interval else None,
    }


def _tier(one: Calibration, says: Mapping[str, str]) -> dict[str, Any]:
    return {"tier": one.tier, "says": says.get(one.tier, "Not found")} | share(one.died)


def _lead(name: str, one: LeadTime) -> dict[str, Any]:
    def at(where: float) -> dict[str, Any] | None:
        told = one.quantile(where)
        if told is None:
            return None
        value, interval = told
        return {
            "days": value,
            "lower": interval.lower if interval else None,
            "upper": interval.upper if interval else None,
        }

    return {
        "pack": name,
        "deaths": one.deaths,
        "ever": share(one.ever),
        "at_least": {str(days): share(one.at_least(days)) for days in how_right.MILESTONES},
        "quarter": at(0.25),
        "median": at(0.5),
        "three_quarters": at(0.75),
    }
