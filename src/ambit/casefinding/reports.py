"""What people ask about validation reports: which there are, and one as its reader may see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404

from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.casefinding import may_tell
from ambit.casefinding.groups import BREAKDOWNS
from ambit.casefinding.how_right import MILESTONES, Share, Table
from ambit.casefinding.models import Validation
from ambit.casefinding.validation import ALL_TOGETHER

MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One line of the list of reports."""

    id: UUID
    packs: str
    on_days: tuple[date, ...]
    horizon: int
    practice: str
    state: str
    in_words: str
    asked_by: str
    asked_at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group's counts and shares; what is hidden is None."""

    group: str
    name: str
    people: int | None
    died: int | None
    found: int | None
    shares: Mapping[str, Share | None]


@dataclass(frozen=True, slots=True)
class TierRow:
    tier: str
    says: str
    died: Share | None


@dataclass(frozen=True, slots=True)
class Lead:
    """How long before death a pack would first have found those who died; what is hidden is None."""

    deaths: int | None
    ever: Share | None
    at_least: Mapping[int, Share | None]
    quantiles: Mapping[str, Mapping[str, float | None]] | None  # quarter, median, three_quarters: days, lower, upper


@dataclass(frozen=True, slots=True)
class PackOnDay:
    """Everything of one pack on one day."""

    pack: str
    title: str
    on: date
    until: date
    whole: GroupRow
    cells: Mapping[str, int | None]
    breakdowns: tuple[tuple[str, tuple[GroupRow, ...]], ...]
    tiers: tuple[TierRow, ...]
    in_order: bool | None
    capacity: tuple[tuple[int, int], ...]  # reviewed, died; empty where it would tell too much
    lead: Lead
    left_out: Mapping[str, int | None]


@dataclass(frozen=True)
class Report:
    """A report as its reader may see it; `hides` says that small numbers are hidden from this reader."""

    id: UUID
    practice: str
    horizon: int
    asked_by: str
    asked_at: datetime
    finished_at: datetime | None
    packs: tuple[Mapping[str, Any], ...]
    hides: bool
    parts: tuple[PackOnDay, ...]
    lead_since: date
    lead_until: date
    figures: Mapping[str, Any]  # as counted; for files of whoever may see them all

    @property
    def unreviewed(self) -> tuple[str, ...]:
        return tuple(f"{pack['title']} {pack['version']}" for pack in self.packs if not pack["reviewed"])


def reports(reader: Reader) -> tuple[ReportRow, ...]:
    """The reports that were asked for, the last first."""
    reader.must("see_search_figures")
    return tuple(
        ReportRow(
            one.id, ", ".join(pack["title"] for pack in one.packs), tuple(map(date.fromisoformat, one.on_days)), one.horizon,
            one.practice.name if one.practice else "", one.state, one.get_state_display(), one.asked_by, one.asked_at,
            one.words,
        )
        for one in Validation.objects.select_related("practice").order_by("-asked_at")[:MOST_LISTED]
    )  # fmt: skip


def report(reader: Reader, report_id: UUID, *, unhidden: bool = False) -> Report:
    """One report. Small numbers are hidden from everybody but the practice whose people alone it counts.

    `unhidden` is for who runs the machine that holds every record of the place; it is audited.
    """
    reader.must("see_search_figures")
    if unhidden:
        reader.must("operate")
    found = (
        Validation.objects.select_related("practice", "kept").filter(pk=report_id, state=Validation.State.DONE).first()
    )
    if found is None:
        raise Http404("No such report, or it is not done yet.")
    audit.record(
        by=reader, what="read a validation report", details={"validation": str(found.id), "unhidden": unhidden}
    )
    figures = found.kept.figures
    hides = not unhidden and (found.practice_id is None or found.practice_id != reader.organisation_id)
    return Report(
        id=found.id,
        practice=found.practice.name if found.practice else "",
        horizon=found.horizon,
        asked_by=found.asked_by,
        asked_at=found.asked_at,
        finished_at=found.finished_at,
        packs=tuple(figures["packs"]),
        hides=hides,
        parts=parts_of(figures, hides=hides),
        lead_since=date.fromisoformat(figures["lead_time"]["since"]),
        lead_until=date.fromisoformat(figures["lead_time"]["until"]),
        figures=figures,
    )


def parts_of(figures: Mapping[str, Any], *, hides: bool) -> tuple[PackOnDay, ...]:
    """Every pack on every day, hidden where it must be."""
    titles = {pack["id"]: pack["title"] for pack in figures["packs"]} | {ALL_TOGETHER: "Any of these packs"}
    leads = {one["pack"]: _lead(one, hides=hides) for one in figures["lead_time"]["results"]}
    parts = []
    for day in figures["days"]:
        parts += [
            _part(day, result, titles[result["pack"]], leads[result["pack"]], hides=hides) for result in day["results"]
        ]
    return tuple(parts)


NOTHING_HIDDEN: Mapping[str, Any] = {"everything": False, "groups": {}, "people": {}, "tiers": []}


def _part(day: Mapping[str, Any], result: Mapping[str, Any], title: str, lead: Lead, *, hides: bool) -> PackOnDay:
    shut = result["hidden"] if hides else NOTHING_HIDDEN
    is_shut = bool(shut["everything"])
    points = [(point["reviewed"], point["died"]) for point in result["capacity"]]
    if hides:
        points = [] if is_shut else may_tell.coarser(points)
    return PackOnDay(
        pack=result["pack"],
        title=title,
        on=date.fromisoformat(day["on"]),
        until=date.fromisoformat(day["until"]),
        whole=_row("", "Everybody", result["cells"], is_shut=is_shut),
        cells={name: None if is_shut else result["cells"][name] for name in may_tell.CELLS},
        breakdowns=tuple(
            (
                BREAKDOWNS[breakdown][0],
                tuple(
                    _row(
                        group, BREAKDOWNS[breakdown][1][group], cells,
                        is_shut=is_shut or group in shut["groups"].get(breakdown, ()),
                        hides_people=group in shut["people"].get(breakdown, ()),
                    )
                    for group, cells in groups.items()
                ),
            )
            for breakdown, groups in result["groups"].items()
        ),
        tiers=tuple(
            TierRow(
                tier["tier"], tier["says"],
                None if is_shut or tier["tier"] in shut["tiers"] else Share(tier["count"], tier["of"]),
            )
            for tier in result.get("tiers", ())
        ),
        in_order=result.get("in_order"),
        capacity=tuple(points),
        lead=lead,
        left_out={
            name: None if hides and may_tell.is_small(count) else count for name, count in day["left_out"].items()
        },
    )  # fmt: skip


def _row(
    group: str, name: str, cells: Mapping[str, int], *, is_shut: bool = False, hides_people: bool = False
) -> GroupRow:
    table = Table(**cells)
    return GroupRow(
        group,
        name,
        None if hides_people else table.people,
        None if is_shut else table.died,
        None if is_shut else table.found,
        {one: None if is_shut else share for one, share in table.shares.items()},
    )


def _lead(one: Mapping[str, Any], *, hides: bool) -> Lead:
    at_least = {days: Share(told["count"], told["of"]) for days in MILESTONES for told in [one["at_least"][str(days)]]}
    ever = Share(one["ever"]["count"], one["ever"]["of"])
    tells_ever, tells = True, dict.fromkeys(at_least, True)
    if hides:
        tells_ever, tells = may_tell.lead_may_be_told(
            one["deaths"], ever.count, {days: share.count for days, share in at_least.items()}
        )
    return Lead(
        one["deaths"] if not (hides and may_tell.is_small(one["deaths"])) else None,
        ever if tells_ever else None,
        {days: share if tells[days] else None for days, share in at_least.items()},
        {name: one[name] for name in ("quarter", "median", "three_quarters")}
        if one["median"] and (not hides or ever.count > may_tell.HIDDEN_UP_TO)
        else None,
    )
