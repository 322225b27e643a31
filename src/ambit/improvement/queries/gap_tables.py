"""Gap analyses as they are read: the table with its filters, one row, what changed since it was signed, and tables beside each other."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import Http404

from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.improvement.models import GapAnalysis, PlanAction, RowVersion, SignedCopy
from ambit.improvement.queries.plans import OpenedTable, RowShown, analyses_of, content_of, open_analysis, rows_in
from ambit.improvement.queries.scope import chain_of
from ambit.improvement.rules import plans as rules
from ambit.improvement.rules.due import is_overdue

NOBODY = "nobody"
"""The filter for rows that nobody owns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRow:
    """A signed version, without its rows."""

    id: UUID
    number: int
    signed_at: datetime
    signed_by: str
    role: str
    words: str
    is_shared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisRow:
    """A gap analysis on a list: how its gaps are rated, and how many wait for a decision."""

    id: UUID
    title: str
    population: str
    organisation: str
    is_lead: bool
    ratings: Mapping[str, int]
    proposed: int
    signed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """A signed copy that another place of the system shares."""

    id: UUID
    title: str
    organisation: str
    number: int
    signed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GapLine:
    """A row with what it was at the last signature, and whether its last day is past."""

    row: RowShown
    was: str
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GapTable:
    """A gap analysis: the rows chosen by the filters, counts over all rows, and the last signed version."""

    opened: OpenedTable
    lines: tuple[GapLine, ...]
    proposed: tuple[RowShown, ...]
    ratings: Mapping[str, int]
    foundations: Mapping[str, int]
    owners: Mapping[str, int]
    late: int
    total: int
    signed: tuple[SignedRow, ...]

    @property
    def is_grouped(self) -> bool:
        """Whether several rows stand under one foundation, so that it is said once above them."""
        return any(count > 1 for count in self.foundations.values())


def gap_analyses(reader: Reader) -> tuple[tuple[AnalysisRow, ...], tuple[Shared, ...]]:
    """Every gap analysis that the reader may see, and the signed copies that other places of the system share."""
    of = Q(rows__removed_at=None)
    counts = {
        name: Count("rows", filter=of & Q(rows__rating=name, rows__is_proposed=False), distinct=True)
        for name in rules.RATINGS
    }
    found = analyses_of(reader).annotate(
        waiting=Count("rows", filter=of & Q(rows__is_proposed=True), distinct=True),
        versions=Count("signed", distinct=True),
        **counts,
    )
    lead = reader.organisation_id if reader.may("lead_rounds") else None
    rows = tuple(
        AnalysisRow(
            id=one.pk,
            title=one.title,
            population=one.population,
            organisation=one.organisation.name,
            is_lead=one.organisation_id == lead,
            ratings={name: getattr(one, name) for name in rules.RATINGS},
            proposed=one.waiting,
            signed=one.versions,
        )
        for one in found
    )
    seen = {row.id for row in rows}
    return rows, tuple(one for one, analysis in _shared(reader) if analysis not in seen)


def _shared(reader: Reader) -> list[tuple[Shared, UUID]]:
    """The newest shared version of each analysis of the reader's system."""
    chain = chain_of(reader.organisation_id)
    if not chain:
        return []
    system = chain[-1]
    near = Q(analysis__organisation__part_of=system) | Q(analysis__organisation=system)
    several = SignedCopy.objects.filter(near, is_shared=True).order_by("-number")
    found: dict[UUID, Shared] = {}
    for pk, analysis, title, organisation, number, at in several.values_list(
        "id", "analysis_id", "analysis__title", "analysis__organisation__name", "number", "signed_at"
    ):
        found.setdefault(analysis, Shared(id=pk, title=title, organisation=organisation, number=number, signed_at=at))
    return [(one, analysis) for analysis, one in found.items()]


def gap_table(
    reader: Reader,
    analysis_id: UUID,
    *,
    on: date,
    foundation: str = "",
    rating: str = "",
    owner: str = "",
    late: bool = False,
) -> GapTable:
    """The table with its filters, which add up. Audited."""
    opened = open_analysis(reader, analysis_id)
    audit.record(by=reader, what="read a gap analysis", details={"analysis": str(analysis_id)})
    every = rows_in(rules.GAP, Q(analysis=analysis_id))
    signed = signed_versions(analysis=analysis_id)
    was = _ratings_signed(signed[0].id) if signed else {}
    rows = [row for row in every if not row.is_proposed]
    lines = [
        GapLine(
            row=row,
            was=old if (old := was.get(str(row.id), "")) != row.said.rating else "",
            is_late=row.said.rating != "green" and is_overdue(row.due_until, on=on),
        )
        for row in rows
    ]
    chosen = [
        line
        for line in lines
        if (not foundation or line.row.said.foundation == foundation)
        and (not rating or line.row.said.rating == rating)
        and (not owner or line.row.said.owner == ("" if owner == NOBODY else owner))
        and (not late or line.is_late)
    ]
    return GapTable(
        opened=opened,
        lines=tuple(chosen),
        proposed=tuple(row for row in every if row.is_proposed or row.proposal),
        ratings=Counter(row.said.rating for row in rows),
        foundations=Counter(row.said.foundation for row in rows),
        owners=Counter(row.said.owner for row in rows),
        late=sum(line.is_late for line in lines),
        total=len(rows),
        signed=signed,
    )


def signed_versions(**of: UUID) -> tuple[SignedRow, ...]:
    """The signed versions of one table, the newest first, without their rows."""
    columns = ("id", "number", "signed_at", "signed_by", "signed_by_role", "words", "is_shared")
    found = SignedCopy.objects.filter(**of).order_by("-number").values_list(*columns)
    return tuple(
        SignedRow(id=pk, number=number, signed_at=at, signed_by=by, role=role, words=words, is_shared=shared)
        for pk, number, at, by, role, words, shared in found
    )


def _ratings_signed(copy_id: UUID) -> dict[str, str]:
    content = SignedCopy.objects.values_list("content", flat=True).get(pk=copy_id)
    return {name: row["rating"] for name, row in content["rows"][rules.GAP].items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One revision of a row: who saved it, when, how, and which cells it changed."""

    revision: int
    saved_at: datetime
    saved_by: str
    how: str
    changed: tuple[str, ...]
    rating: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GapPage:
    """One row of a gap analysis: what it says, the actions that close it, what was said before."""

    opened: OpenedTable
    row: RowShown
    actions: tuple[tuple[PlanAction, rules.Delivery], ...]
    versions: tuple[VersionRow, ...]
    by_rule: str
    """What the rule says of its rating, where that is not what people said; "" where they agree."""


def gap_page(reader: Reader, analysis_id: UUID, gap_id: UUID, *, on: date) -> GapPage:
    """One row with the actions of plans that close it, and its history. Audited."""
    opened = open_analysis(reader, analysis_id)
    found = rows_in(rules.GAP, Q(analysis=analysis_id, pk=gap_id))
    if not found:
        raise Http404("There is no such row, or it was taken out.")
    audit.record(by=reader, what="read a gap", details={"analysis": str(analysis_id), "row": str(gap_id)})
    row = found[0]
    rows = PlanAction.objects.filter(gap=gap_id, removed_at=None).select_related("plan").order_by("number")
    actions = tuple((one, delivery_of_action(one, on=on)) for one in rows)
    rule = rules.rating_by_rule((told.value for _, told in actions), has_words=bool(row.said.action))
    differs = row.said.rating in ("red", "amber") and row.said.rating != rule
    return GapPage(
        opened=opened, row=row, actions=actions, versions=versions_of(gap_id), by_rule=rule if differs else ""
    )


def delivery_of_action(one: PlanAction, *, on: date) -> rules.Delivery:
    """The delivery rating of a stored action."""
    return rules.delivery_of(one, due_until=one.due_until, forecast_until=one.forecast_until, on=on)


def versions_of(row_id: UUID) -> tuple[VersionRow, ...]:
    """Every revision of a row, the newest first, with the cells that each changed."""
    found: list[VersionRow] = []
    before: Mapping[str, Any] = {}
    rows = RowVersion.objects.filter(row=row_id).order_by("revision")
    for revision, said, how, at, by in rows.values_list("revision", "said", "how", "saved_at", "saved_by"):
        changed = tuple(name for name, value in said.items() if before and value != before.get(name))
        found.append(
            VersionRow(
                revision=revision, saved_at=at, saved_by=by, how=how, changed=changed, rating=said.get("rating", "")
            )
        )
        before = said
    return tuple(reversed(found))


def said_before(row_id: UUID, revision: int) -> Mapping[str, Any] | None:
    """What a row said at a revision: what both sides of a stale save began from."""
    return RowVersion.objects.filter(row=row_id, revision=revision).values_list("said", flat=True).first()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesSince:
    """What is different in a table since it was last signed."""

    opened: OpenedTable
    signed: SignedRow | None
    changes: tuple[rules.Change, ...]


def changes_since(reader: Reader, analysis_id: UUID) -> ChangesSince:
    """Rows that are new, were taken out, or say something else than the last signed version. Audited."""
    opened = open_analysis(reader, analysis_id)
    audit.record(by=reader, what="read what changed in a gap analysis", details={"analysis": str(analysis_id)})
    signed = signed_versions(analysis=analysis_id)
    if not signed:
        return ChangesSince(opened=opened, signed=None, changes=())
    before = SignedCopy.objects.values_list("content", flat=True).get(pk=signed[0].id)["rows"][rules.GAP]
    now = content_of(opened.table)["rows"][rules.GAP]
    names = {*rules.columns(rules.GAP)}
    told = rules.changes(
        *({key: {n: v for n, v in row.items() if n in names} for key, row in side.items()} for side in (before, now))
    )
    return ChangesSince(opened=opened, signed=signed[0], changes=told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One table of a comparison: whose, which version, and as of when."""

    title: str
    organisation: str
    version: str
    rows: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class GapsCompared:
    """Tables beside each other: a line for each row that any of them has, with what each says of it."""

    sides: tuple[Side, ...]
    lines: tuple[tuple[str, str, tuple[Mapping[str, Any] | None, ...]], ...]

    @property
    def ratings(self) -> list[list[str]]:
        """What is said of each row that more than one of them has."""
        said = ([cell["rating"] for cell in cells if cell] for _, _, cells in self.lines)
        return [several for several in said if len(several) > 1]

    @property
    def different(self) -> int:
        """Of the rows that more than one has, those that are not rated alike."""
        return sum(len(set(several)) > 1 for several in self.ratings)


def compare_gaps(reader: Reader, names: Sequence[str]) -> GapsCompared | None:
    """Gap analyses of one's own as they stand, or signed copies, beside each other; None for fewer than two. Audited.

    Rows are matched by the statement they are about, else by their foundation and its meaning.
    """
    try:
        wanted = list(dict.fromkeys(UUID(one) for one in names))[:4]
    except ValueError:
        raise Http404("There is no such gap analysis.") from None
    if len(wanted) < 2:
        reader.must("see_rounds")
        return None
    sides = tuple(_side(reader, one) for one in wanted)
    audit.record(by=reader, what="compared gap analyses", details={"tables": [str(one) for one in wanted]})
    keys = dict.fromkeys(key for side in sides for key in side.rows)
    lines = []
    for key in keys:
        cells = tuple(side.rows.get(key) for side in sides)
        one = next(cell for cell in cells if cell)
        lines.append((one["foundation"], one["meaning"], cells))
    return GapsCompared(sides=sides, lines=tuple(lines))


def _side(reader: Reader, name: UUID) -> Side:
    analysis = analyses_of(reader).filter(pk=name).first()
    if analysis is not None:
        return _as_side(analysis, "", content_of(analysis))
    near = analyses_of(reader).values("pk")
    may = Q(analysis__in=near) | Q(pk__in=[one.id for one, _ in _shared(reader)])
    copy = SignedCopy.objects.filter(may, pk=name).select_related("analysis__organisation").first()
    if copy is None or copy.analysis is None:
        raise Http404("There is no such gap analysis.")
    return _as_side(copy.analysis, str(copy.number), copy.content)


def _as_side(analysis: GapAnalysis, version: str, content: Mapping[str, Any]) -> Side:
    rows = {
        row["node"] or f"{row['foundation']}|{row['meaning']}".lower(): row
        for row in content["rows"][rules.GAP].values()
    }
    return Side(title=analysis.title, organisation=analysis.organisation.name, version=version, rows=rows)
