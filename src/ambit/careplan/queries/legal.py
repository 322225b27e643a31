"""Everything with legal force of several people in one statement: documents of every kind, CPR forms, and judgements of dying.

The pages that open at night have five statements for everything; so the tables of all kinds are read as one, each row as JSON,
and turned into what the rules read by msgspec. The statement is written from the models, so that a new column is never left out.
"""

# ruff: noqa: S608  (the statement is put together from names in models; every value is a parameter)

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from django.db import connection, models
from django.utils import timezone

from ambit.careplan.models import TABLES, CPRDecision, CPREnding, Directive, DirectiveEnding, DirectiveView, Recognition
from ambit.careplan.queries.authors import ROLES
from ambit.careplan.rules import cpr, dying
from ambit.careplan.rules.directives import KINDS, Directives
from ambit.careplan.rules.document import Document, View
from ambit.statements import among, stored_ids

_CPR: Final = "cpr"
_DYING: Final = "dying"


@dataclass(frozen=True, slots=True)
class Legal:
    """What one person has with legal force: documents of every kind, every CPR form, ended ones too, and each judgement of dying."""

    directives: Directives
    cpr_forms: tuple[cpr.Recorded, ...]
    judgements: tuple[dying.Recognised, ...] = ()


NOTHING: Final = Legal(Directives(), ())


def as_it_stood(legal: Legal, at: datetime) -> Legal:
    """The same as it was at a moment: what was recorded until then, and not yet ended."""
    documents = tuple(
        replace(one, **_NOT_ENDED, ended_by="", ended_reason="") if one.ended_at and one.ended_at > at else one
        for one in legal.directives.documents
        if one.recorded_at <= at
    )
    return Legal(
        Directives(tuple(replace(one, views=tuple(v for v in one.views if v.at <= at)) for one in documents)),
        tuple(
            replace(form, **_NOT_ENDED, ended_on=None) if form.ended_at and form.ended_at > at else form
            for form in legal.cpr_forms
            if form.recorded_at <= at
        ),
        tuple(one for one in legal.judgements if one.recorded_at <= at),
    )


_NOT_ENDED: Final[Mapping[str, Any]] = {"ended": "", "ended_at": None}


def legal_of(person_ids: Sequence[UUID]) -> dict[UUID, Legal]:
    """Documents and CPR forms of people who have been opened, or whom the reader may see: one statement for all."""
    if not person_ids:
        return {}
    of_them, ids = among("{}.person_id", person_ids)
    with connection.cursor() as cursor:
        cursor.execute(_statement(connection.vendor, of_them), [*ids, *ids, *ids])
        rows = cursor.fetchall()
    found: dict[Any, _Found] = {}
    for whose, kind, said, own, views in rows:
        theirs = found.get(whose)
        if theirs is None:
            theirs = found[whose] = _Found([], [], [])
        if kind == _CPR:
            theirs.forms.append(_cpr_form(said))
        elif kind == _DYING:
            theirs.judgements.append(msgspec.json.decode(said, type=dying.Recognised, strict=False))
        else:
            theirs.documents.append(_document(kind, said, own, views))
    return {
        person_id: _legal(found[whose]) if whose in found else NOTHING
        for whose, person_id in zip(stored_ids(person_ids), person_ids, strict=True)
    }


class _Found(NamedTuple):
    """What the rows of one person say."""

    documents: list[Document]
    forms: list[cpr.Recorded]
    judgements: list[dying.Recognised]


def _legal(found: _Found) -> Legal:
    judgements = dying.in_order(found.judgements) if found.judgements else ()
    return Legal(Directives(tuple(found.documents)), tuple(found.forms), judgements)


def _document(kind: str, said: str, own: str, views: str | None) -> Document:
    values: dict[str, Any] = msgspec.json.decode(said)
    values |= msgspec.json.decode(own)
    several = msgspec.json.decode(views, type=list[View], strict=False) if views else []
    values["views"] = tuple(
        replace(view, role=ROLES.get(view.role, view.role)) for view in sorted(several, key=lambda view: view.at)
    )
    values["recorded_by_role"] = ROLES.get(values["recorded_by_role"], values["recorded_by_role"])
    found: Document = msgspec.convert(values, type=KINDS[kind].document, strict=False)
    return found


_FORM: Final = msgspec.json.Decoder(cpr.Recorded, strict=False)


def _cpr_form(said: str) -> cpr.Recorded:
    form: cpr.Recorded = _FORM.decode(said)
    object.__setattr__(
        form, "recorded_by_role", ROLES.get(form.recorded_by_role, form.recorded_by_role)
    )  # still ours alone
    return replace(form, ended_on=timezone.localdate(form.ended_at)) if form.ended_at else form


# --- the statement ---


@lru_cache(maxsize=64)
def _statement(vendor: str, of_them: str) -> str:
    """One row for each document, each CPR form and each judgement of dying: whose, which kind, what all say, what its kind says, other views."""
    written = _Json(vendor)
    common = written.columns(Directive, "d", leave={"person", "kind"})
    common |= {"born_on": "p.born_on"}
    common |= _ending(written, DirectiveEnding, "e")
    own = " ".join(
        f"WHEN '{kind}' THEN (SELECT {written.object(written.columns(table, 'o', leave={'directive'}))}"
        f" FROM {table._meta.db_table} o WHERE o.directive_id = d.id)"
        for kind, table in TABLES.items()
    )
    view = written.object(written.columns(DirectiveView, "v", leave={"id", "directive"}))
    judged = written.object(written.columns(Recognition, "r", leave={"person"}))
    form = (
        written.columns(CPRDecision, "c", leave={"person"})
        | {"born_on": "q.born_on"}
        | _ending(written, CPREnding, "f", by=False)
    )
    return (
        f"SELECT d.person_id, d.kind, {written.object(common)}, CASE d.kind {own} END,"
        f" (SELECT {written.array(view)} FROM careplan_directiveview v WHERE v.directive_id = d.id)"
        " FROM careplan_directive d JOIN people_person p ON p.id = d.person_id"
        f" LEFT JOIN careplan_directiveending e ON e.directive_id = d.id WHERE {of_them.format('d')}"
        f" UNION ALL SELECT c.person_id, '{_CPR}', {written.object(form)}, NULL, NULL FROM careplan_cprdecision c"
        " JOIN people_person q ON q.id = c.person_id"
        f" LEFT JOIN careplan_cprending f ON f.decision_id = c.id WHERE {of_them.format('c')}"
        f" UNION ALL SELECT r.person_id, '{_DYING}', {judged}, NULL, NULL FROM careplan_recognition r"
        f" WHERE {of_them.format('r')}"
    )


def _ending(written: "_Json", table: type[models.Model], alias: str, *, by: bool = True) -> dict[str, str]:
    columns = written.columns(table, alias)
    said = {"ended": f"COALESCE({alias}.how, '')", "ended_at": columns["ended_at"]}
    if by:
        said |= {
            "ended_by": f"COALESCE({alias}.ended_by, '')",
            "ended_reason": f"COALESCE({alias}.reason, '')",
        }
    return said


@dataclass(frozen=True, slots=True)
class _Json:
    """How a database writes columns as JSON, in the form that msgspec reads: days, moments with their zone, lists."""

    vendor: str

    def columns(self, table: type[models.Model], alias: str, *, leave: Iterable[str] = ()) -> dict[str, str]:
        left = set(leave)
        fields: Iterable[Any] = table._meta.concrete_fields
        return {f.name: self._value(f, f"{alias}.{f.column}") for f in fields if f.name not in left}

    def _value(self, column: Any, name: str) -> str:
        if self.vendor == "postgresql":
            return name
        if isinstance(column, models.JSONField):
            return f"json({name})"
        return f"{name} || 'Z'" if isinstance(column, models.DateTimeField) else name

    def object(self, columns: Mapping[str, str]) -> str:
        pairs = ", ".join(f"'{name}', {value}" for name, value in columns.items())
        return f"json_build_object({pairs})::text" if self.vendor == "postgresql" else f"json_object({pairs})"

    def array(self, each: str) -> str:
        if self.vendor == "postgresql":
            return f"json_agg(({each})::json)::text"
        return f"json_group_array(json({each}))"
