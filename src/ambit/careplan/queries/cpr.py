"""CPR forms, as they are recorded."""

from datetime import date
from uuid import UUID

from ambit.access.queries import Reader, must_see
from ambit.careplan.models import CPRDecision
from ambit.careplan.queries.legal import NOTHING, legal_of
from ambit.careplan.rules import cpr


def cpr_forms(reader: Reader, person_id: UUID) -> tuple[cpr.Recorded, ...]:
    """Every CPR form ever recorded for somebody the reader has opened, ended ones too, the newest made first."""
    reader.must("see_plan")
    forms = legal_of([person_id]).get(person_id, NOTHING).cpr_forms
    if forms:
        must_see(reader, person_id, "cpr", title="CPR decision")
    return tuple(sorted(forms, key=lambda form: (form.made_on or date.min, form.recorded_at), reverse=True))


def was_talked_about_with_person(decision_id: UUID) -> bool:
    """Whether a CPR form records a conversation with the person themselves."""
    return CPRDecision.objects.filter(pk=decision_id, talked="person").exists()
