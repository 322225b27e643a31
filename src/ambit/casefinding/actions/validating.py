"""Validation reports: asked for, counted, and kept once."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.casefinding import search, validation
from ambit.casefinding.models import Validation, ValidationFigures
from ambit.design.refusals import Refused


@transaction.atomic
def ask_for_validation(
    *,
    by: Reader,
    pack_ids: Sequence[str],
    on: Sequence[date],
    horizon: int,
    today: date,
    practice_id: UUID | None = None,
) -> Validation:
    """Note that a validation report is wanted; refuses at the field what cannot be answered."""
    by.must("run_case_finding")
    problems = validation.problems(validation.Wanted(tuple(pack_ids), tuple(on), horizon), today=today)
    if problems:
        raise Refused(problems)
    packs = search.packs_to_run(pack_ids)
    asked = Validation.objects.create(
        packs=[{"id": pack.id, "title": pack.title, "version": pack.version} for pack in packs],
        on_days=[day.isoformat() for day in sorted(set(on))],
        horizon=horizon,
        practice_id=practice_id,
        asked_at=timezone.now(),
        asked_by=by.name,
    )
    audit.record(by=by, what="asked for a validation report", details={"validation": str(asked.id)})
    return asked


def make_validation(
    *, by: Reader, asked: Validation, today: date, advance: Callable[[], None] = lambda: None
) -> Validation:
    """Count a validation report and keep its figures, once.

    Not one transaction: the counting reads for a while, and only the figures are then kept in one.
    """
    by.must("run_case_finding")
    wanted = validation.Wanted(
        tuple(pack["id"] for pack in asked.packs),
        tuple(date.fromisoformat(day) for day in asked.on_days),
        asked.horizon,
        asked.practice.code if asked.practice else "",
    )
    try:
        figures = validation.report(wanted, today=today, advance=advance)
    except Refused as refused:
        return _end_validation(by, asked, Validation.State.FAILED, words=str(refused))
    except Exception:
        _end_validation(
            by, asked, Validation.State.FAILED, words="The counting stopped unexpectedly. The log says why; ask again."
        )
        raise
    return _end_validation(by, asked, Validation.State.DONE, figures=figures)


@transaction.atomic
def _end_validation(
    by: Reader, asked: Validation, state: str, *, words: str = "", figures: dict[str, Any] | None = None
) -> Validation:
    asked.state, asked.words, asked.finished_at = state, words, timezone.now()
    asked.save(update_fields=["state", "words", "finished_at"])
    if figures is not None:
        ValidationFigures.objects.create(validation=asked, figures=figures)
    audit.record(by=by, what="made a validation report", details={"validation": str(asked.id), "state": str(state)})
    return asked
