"""What becomes of two plans when two records turn out to be of one person."""

from typing import Any
from uuid import UUID

from ambit.careplan.models import SectionDraft, SectionVersion
from ambit.people.moving import Change

# higher than any number a section will reach; keeps numbers apart while they are dealt out anew
AWAY = 1_000_000


def join_versions(kept_id: UUID, other_id: UUID) -> list[Change]:
    """Put the versions of both plans into one history of each section by when they were saved; the newest is current.

    What was current in the other of the two stays beside it as something to settle, unless it says the same: nothing that
    somebody may rely on tonight is hidden by a merge. Numbers are dealt out in two steps, since no two versions of a section
    may ever share one.
    """
    rows: dict[str, list[Any]] = {}
    for version in SectionVersion.objects.filter(person_id__in=(kept_id, other_id)).order_by("saved_at", "number"):
        rows.setdefault(version.section, []).append(version)
    away: list[Change] = []
    back: list[Change] = []
    for several in rows.values():
        if all(version.person_id == kept_id for version in several):
            continue
        beside = _left_beside(several)
        for number, version in enumerate(several, start=1):
            was = {"number": version.number, "base": version.base, "beside": version.beside}
            between = {"number": AWAY + number, "base": AWAY + number - 1, "beside": None}
            becomes = {"number": number, "base": number - 1, "beside": len(several) if version.pk in beside else None}
            to = {"person_id": str(kept_id)}
            pks = [str(version.pk)]
            away.append(
                Change("careplan.SectionVersion", pks, {"person_id": str(version.person_id)} | was, to | between)
            )
            back.append(Change("careplan.SectionVersion", pks, to | between, to | becomes))
    return away + back


def _left_beside(several: list[Any]) -> set[UUID]:
    """Versions of one section that were current until now, or unsettled, and say something else than the newest."""
    current = {version.person_id: version for version in several}  # the last saved of each record
    newest = several[-1]
    left = {v for v in current.values() if v.content != newest.content}
    left |= {v for v in several if v.beside is not None and v.beside == current[v.person_id].number}
    return {version.pk for version in left}


def move_drafts(kept_id: UUID, other_id: UUID) -> list[Change]:
    """A draft moves unless its writer has one of the same section on the kept record; then it stays where it was."""
    taken = set(SectionDraft.objects.filter(person_id=kept_id).values_list("section", "account_id"))
    drafts = SectionDraft.objects.filter(person_id=other_id)
    pks = [d.pk for d in drafts if (d.section, d.account_id) not in taken]
    change = Change("careplan.SectionDraft", pks, {"person_id": str(other_id)}, {"person_id": str(kept_id)})
    return [change] if pks else []
