"""What a report says, whatever paper it is on: the rows of a round, gap analysis or plan in words, with how many stand how."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.http import Http404
from django.utils import timezone

from ambit.access.queries import Reader
from ambit.improvement.models import Milestone, PlanAction, SignedCopy
from ambit.improvement.queries.workbook_subjects import (
    ANALYSIS,
    PLAN,
    Headed,
    Standing,
    Subject,
    headed,
    standing,
    subject,
)
from ambit.improvement.rules import plans
from ambit.improvement.rules.answer_columns import ANSWERS
from ambit.improvement.rules.due import as_words
from ambit.improvement.rules.plan_columns import DELIVERIES, NAMES
from ambit.improvement.rules.sheets import Choice, Column, shown

RATED: Final = {ANSWERS: "level", plans.GAP: "rating", plans.ACTION: "delivery", plans.MILESTONE: "delivery"}
"""The cell by which the rows of a table are counted and coloured."""
DELIVERY: Final = Column(key="delivery", title="Delivery", kind="choice", choices=DELIVERIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row in words by the key of its column; `colour` is that of its rating, `due_until` the last day it can mean."""

    id: str
    revision: int
    words: Mapping[str, str]
    stored: Mapping[str, str]
    colour: str = ""
    due_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of a report; `counts` says how many rows stand how, in the order of the scale."""

    key: str
    name: str
    columns: tuple[Column, ...]
    entries: tuple[Entry, ...]
    counts: tuple[tuple[Choice, int], ...]

    def filled(self, *keys: str) -> tuple[Column, ...]:
        """These columns, as far as any row says something there."""
        return tuple(
            column
            for column in self.columns
            if column.key in keys and any(row.words.get(column.key) for row in self.entries)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One signature: which version, when, by whom, with which words."""

    number: int
    signed_at: datetime
    signed_by: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything a document says of a round, gap analysis or plan."""

    kind: str
    title: str
    organisation: str
    aim: str
    asks: str
    about: str
    tables: tuple[Table, ...]
    versions: tuple[Version, ...]
    made_at: datetime
    made_by: str


def report(reader: Reader, kind: str, of_id: UUID) -> Report:
    """What is agreed, for who may read it: a round that is not signed is read by who leads it."""
    one = subject(reader, kind, of_id)
    if one.opened is not None and one.is_open and not one.is_lead:
        raise Http404("There is no report before the round is signed.")
    now = standing(one, agreed=True)
    heads = headed(one, now, agreed=True)
    plan = one.table.table if one.kind == PLAN and one.table else None
    return Report(
        kind=kind,
        title=one.title,
        organisation=one.organisation,
        aim=plan.aim if plan else "",
        asks=plan.asks if plan else "",
        about=_about(one),
        tables=tuple(_table(one, sheet, heads, now) for sheet in one.sheets),
        versions=_versions(one),
        made_at=timezone.now(),
        made_by=reader.name,
    )


def _about(one: Subject) -> str:
    if one.opened is not None:
        return one.opened.wording.framework.title
    assert one.table is not None
    table = one.table.table
    return str(table.population) if one.kind == ANALYSIS else f"{as_words(table.from_on)} to {as_words(table.until_on)}"


def _table(one: Subject, sheet: str, heads: Headed, now: Standing) -> Table:
    rated = RATED[sheet]
    columns = heads.columns[sheet]
    if sheet == ANSWERS:
        columns = (Column(key="statement", title="Statement", width=46), *columns)
    if sheet == plans.MILESTONE:
        columns = (*columns, DELIVERY)
    dated = _dates(one, sheet)
    held = _held_up(sheet, now.cells[sheet], dated)
    entries = []
    counts: Counter[Choice] = Counter()
    for row, stored in now.cells[sheet].items():
        told = dict(stored) | ({"statement": heads.titles[row]} if sheet == ANSWERS else {})
        told |= _delivery(sheet, stored, dated.get(row), is_held_up=row in held)
        column = next(column for column in columns if column.key == rated)
        choice = next((choice for choice in heads.choices(column, row) if choice.id == told.get(rated, "")), None)
        if choice:
            counts[choice] += 1
        entries.append(
            Entry(
                id=row,
                revision=now.revisions[sheet][row],
                words={
                    column.key: shown(column, told.get(column.key, ""), heads.choices(column, row))
                    for column in columns
                },
                stored=told,
                colour=choice.colour if choice else "",
                due_until=dated[row][0] if row in dated else None,
            )
        )
    scale = dict.fromkeys(
        choice for row in now.cells[sheet] for choice in heads.choices(next(c for c in columns if c.key == rated), row)
    )
    name = "Self-assessment" if sheet == ANSWERS else NAMES[sheet]
    return Table(
        key=sheet,
        name=name,
        columns=columns,
        entries=tuple(entries),
        counts=tuple((choice, counts[choice]) for choice in scale if counts[choice]),
    )


def _dates(one: Subject, sheet: str) -> dict[str, tuple[date | None, date | None]]:
    """The last days that a row is due and expected, by its id: of actions and milestones."""
    model: Any = {plans.ACTION: PlanAction, plans.MILESTONE: Milestone}.get(sheet)
    if model is None:
        return {}
    rows = model.objects.filter(plan=one.id, removed_at=None).values_list("pk", "due_until", "forecast_until")
    return {str(pk): (due, forecast) for pk, due, forecast in rows}


def _held_up(
    sheet: str, cells: Mapping[str, Mapping[str, str]], dated: Mapping[str, tuple[date | None, date | None]]
) -> frozenset[str]:
    """Milestones that wait for one that is late, as on the plan's page."""
    if sheet != plans.MILESTONE:
        return frozenset()
    steps = {
        row: plans.Step(
            reached=bool(told["reached_on"]), due_until=due, forecast_until=forecast, waits_for=told["waits_for"]
        )
        for row, told in cells.items()
        for due, forecast in [dated.get(row, (None, None))]
    }
    return plans.held_up(steps, on=timezone.localdate())


def _delivery(
    sheet: str,
    stored: Mapping[str, str],
    dates: tuple[date | None, date | None] | None,
    *,
    is_held_up: bool,
) -> dict[str, str]:
    """How an action or milestone is going, by its dates where nobody said otherwise."""
    due, forecast = dates or (None, None)
    today = timezone.localdate()
    if sheet == plans.ACTION:
        said = plans.said_of(sheet, stored)
        return {"delivery": plans.delivery_of(said, due_until=due, forecast_until=forecast, on=today).value}
    if sheet == plans.MILESTONE:
        reached = bool(stored["reached_on"])
        value = plans.milestone_delivery(
            reached=reached, due_until=due, forecast_until=forecast, on=today, is_held_up=is_held_up
        )
        return {"delivery": value}
    return {}


def _versions(one: Subject) -> tuple[Version, ...]:
    """The version-control table: every signature, the newest first."""
    if one.opened is not None:
        round_ = one.opened.round
        if one.is_open:
            return ()
        signed = round_.sign_off
        return (Version(number=1, signed_at=signed.signed_at, signed_by=signed.signed_by, words=signed.words),)
    rows = SignedCopy.objects.filter(**one.of()).order_by("-number")
    return tuple(
        Version(number=number, signed_at=at, signed_by=by, words=words)
        for number, at, by, words in rows.values_list("number", "signed_at", "signed_by", "words")
    )
