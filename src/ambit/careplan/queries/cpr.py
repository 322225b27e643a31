"""CPR forms, as they are recorded."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from ambit.access.queries import Reader
from ambit.careplan.models import CPRDecision
from ambit.careplan.queries.authors import ROLES
from ambit.careplan.rules import cpr


def cpr_forms(reader: Reader, person_id: UUID) -> tuple[cpr.Recorded, ...]:
    """Every CPR form ever recorded for somebody the reader has opened, ended ones too, the newest made first."""
    reader.must("see_plan")
    return tuple(
        sorted(cpr_forms_of(person_id), key=lambda form: (form.made_on or date.min, form.recorded_at), reverse=True)
    )


def cpr_forms_of(person_id: UUID) -> list[cpr.Recorded]:
    """Every form recorded for a person, in no order; for actions, which have opened the person already."""
    return [recorded(row) for row in CPRDecision.objects.filter(person_id=person_id).annotate(**ENDING)]


ENDING: dict[str, Any] = {"how": F("ending__how"), "ended_at": F("ending__ended_at")}
"""What a query of forms adds, so that `recorded` knows whether each still counts."""


def recorded(row: Any) -> cpr.Recorded:
    """A stored form, annotated with `ENDING`, as the rules read it."""
    return cpr.Recorded(
        id=row.id,
        reading=row.reading,
        source=row.source,
        made_on=row.made_on,
        recorded_at=row.recorded_at,
        reason=row.reason,
        talked=row.talked,
        why_not_talked=row.why_not_talked,
        decided_by=row.decided_by,
        decided_by_role=row.decided_by_role,
        review_on=row.review_on,
        paper_at=row.paper_at,
        signature_seen=row.signature_seen,
        recorded_by=row.recorded_by,
        recorded_by_role=ROLES.get(row.recorded_by_role, row.recorded_by_role),
        recorded_by_organisation=row.recorded_by_organisation,
        ended=row.how or "",
        ended_at=row.ended_at,
        ended_on=timezone.localdate(row.ended_at) if row.ended_at else None,
    )
