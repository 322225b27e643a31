"""What becomes of two plans when two records turn out to be of one person."""

from typing import Any
from uuid import UUID

from ambit.careplan.models import SectionDraft, SectionVersion
from ambit.people.moving import Change

# higher than any number a section will reach; keeps numbers apart while they are dealt out anew
AWAY = 1_000_000


def join_versions(kept_id: UUID, other_id: UUID) -> list[Change]:
    """Put the versions of both plans into one history of each section by when they were saved; the newest is current.

    Numbers are dealt out in two steps, since no two versions of a section may ever share one.
    """
    rows: dict[str, list[Any]] = {}
    for version in SectionVersion.objects.filter(person_id__in=(kept_id, other_id)).order_by("saved_at", "number"):
        rows.setdefault(version.section, []).append(version)
    away: list[Change] = []
    back: list[Change] = []
    for several in rows.values():
        if all(version.person_id == kept_id for version in several):
            continue
        for number, version in enumerate(several, start=1):
            was = {"person_id": str(version.person_id), "number": version.number, "base": version.base}
            between = {"person_id": str(kept_id), "number": AWAY + number, "base": AWAY + number - 1}
            becomes = {"person_id": str(kept_id), "number": number, "base": number - 1}
            away.append(Change("careplan.SectionVersion", [str(version.pk)], was, between))
            back.append(Change("careplan.SectionVersion", [str(version.pk)], between, becomes))
    return away + back


def move_drafts(kept_id: UUID, other_id: UUID) -> list[Change]:
    """A draft moves unless its writer has one of the same section on the kept record; then it stays where it was."""
    taken = set(SectionDraft.objects.filter(person_id=kept_id).values_list("section", "account_id"))
    drafts = SectionDraft.objects.filter(person_id=other_id)
    pks = [d.pk for d in drafts if (d.section, d.account_id) not in taken]
    change = Change("careplan.SectionDraft", pks, {"person_id": str(other_id)}, {"person_id": str(kept_id)})
    return [change] if pks else []
