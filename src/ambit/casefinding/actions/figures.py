"""Figures of each run: whom it found by group, and later what became of them. Taken once, and never changed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.casefinding import may_tell, rules
from ambit.casefinding.groups import BREAKDOWNS, asked, groups_of
from ambit.casefinding.models import Candidate, CandidateGroups, Run, RunFigures
from ambit.casefinding.validation import known_of_care
from ambit.organisations.models import Organisation
from ambit.population.followed import NOT_FOUND, Followed
from ambit.population.following import deaths_of, described

LATER = {RunFigures.Kind.SIX_MONTHS: 182, RunFigures.Kind.TWELVE_MONTHS: 365}
BATCH = 500
WHOLE = ""

type Cells = dict[str, dict[str, list[int]]]
"""By breakdown and group, counts; the breakdown "" with the group "" is everybody."""


def take_figures(*, by: Reader, run: Run, found: Collection[tuple[str, str]]) -> None:
    """Count whom a run found, of everybody it searched, by group: of the whole place and of each practice; people, found."""
    by.must("run_case_finding")
    rows, ones = described(found, run.on, asked(known_of_care()))
    practices = dict(Organisation.objects.filter(kind=Organisation.Kind.PRACTICE).values_list("code", "id"))
    with transaction.atomic():
        _keep(run, RunFigures.Kind.FOUND, None, _found_of(rows))
        for code in sorted({row.practice for row in rows} & practices.keys()):
            own = _found_of(row for row in rows if row.practice == code)
            _keep(run, RunFigures.Kind.FOUND, practices[code], own)
        kept = Candidate.objects.filter(run=run).values_list("id", "source", "person_key")
        CandidateGroups.objects.bulk_create(
            [
                CandidateGroups(candidate_id=candidate, groups=groups_of(ones[source, key]))
                for candidate, source, key in kept
                if (source, key) in ones
            ],
            batch_size=BATCH,
        )
        audit.record(by=by, what="took the figures of a run", details={"run": str(run.id)})


def take_later_figures(*, by: Reader, on: date) -> int:
    """Of runs six or twelve months ago, what has become of those they put before a clinician; answers how many were taken.

    Counted are candidates that a run kept, each in the run that found them so: kept, died within that time, added to the register,
    not now, not right. Somebody found again for other reasons counts in each of those runs.
    """
    by.must("run_case_finding")
    taken = 0
    for kind, days in LATER.items():
        due = (
            Run.objects.filter(
                state=Run.State.DONE, on__lte=on - timedelta(days=days), figures__kind=RunFigures.Kind.FOUND
            )
            .exclude(pk__in=RunFigures.objects.filter(kind=kind).values("run"))
            .distinct()
        )
        for run in due:
            _take_later(by, run, kind, days)
            taken += 1
    return taken


@transaction.atomic
def _take_later(by: Reader, run: Run, kind: str, days: int) -> None:
    last = run.on + timedelta(days=days)
    rows = list(
        Candidate.objects.filter(run=run).values_list(
            "id", "source", "person_key", "practice_id", "state", "answered_on", "of_groups__groups"
        )
    )
    died = deaths_of({(source, key) for _, source, key, *_ in rows})
    whole: list[tuple[Mapping[str, str], list[int]]] = []
    practices: dict[UUID, list[tuple[Mapping[str, str], list[int]]]] = defaultdict(list)
    for _id, source, key, practice, state, answered_on, groups in rows:
        death = died.get((source, key))
        answered = answered_on is not None and answered_on <= last
        counts = [
            1,
            int(death is not None and run.on < death <= last),
            *(int(answered and state == one) for one in (rules.ACCEPTED, rules.NOT_NOW, rules.NO)),
        ]
        whole.append((groups or {}, counts))
        practices[practice].append((groups or {}, counts))
    _keep(run, kind, None, _summed(whole))
    for practice_id, own in practices.items():
        _keep(run, kind, practice_id, _summed(own))
    audit.record(by=by, what="took the later figures of a run", details={"run": str(run.id), "kind": str(kind)})


def _found_of(rows: Iterable[Followed]) -> Cells:
    return _summed((groups_of(row), [row.people, row.people if row.found[0] != NOT_FOUND else 0]) for row in rows)


def _summed(rows: Iterable[tuple[Mapping[str, str], list[int]]]) -> Cells:
    sums: dict[tuple[str, str], list[int]] = {}
    for groups, counts in rows:
        for cell in [(WHOLE, WHOLE), *groups.items()]:
            sums[cell] = [a + b for a, b in zip(sums.get(cell, [0] * len(counts)), counts, strict=True)]
    cells: Cells = {WHOLE: {WHOLE: sums.get((WHOLE, WHOLE), [0, 0])}}
    for breakdown, (_title, names) in BREAKDOWNS.items():
        cells[breakdown] = {name: sums[breakdown, name] for name in names if (breakdown, name) in sums}
    return cells


def _keep(run: Run, kind: str, practice_id: UUID | None, cells: Cells) -> None:
    def with_others(counts: list[int]) -> list[int]:
        """Also those who were not counted: 18 of 20 tells of two."""
        return [*counts, *(counts[0] - one for one in counts[1:])]

    hidden: dict[str, Any] = {
        breakdown: may_tell.hidden_rows({name: with_others(counts) for name, counts in groups.items()})
        for breakdown, groups in cells.items()
    }
    RunFigures.objects.create(
        run=run, practice_id=practice_id, kind=kind, cells=cells, hidden=hidden, taken_at=timezone.now()
    )
